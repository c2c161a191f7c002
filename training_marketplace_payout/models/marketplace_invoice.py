# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: What may still change once a document is issued: how it was received and sent.
#: Everything else is frozen, for everybody.
MUTABLE = {
    "accepted_at",
    "buyer_mail_date",
    "contest_reason",
    "contested_at",
    "contested_by_id",
    "exported_at",
    "message_main_attachment_id",
    "pdf_attachment_id",
    "pdf_hash",
    "resolution",
    "resolved_at",
    "seller_mail_date",
    "seller_reference",
    "send_attempts",
    "send_error",
    "send_state",
    "state",
    "xml_attachment_id",
    "xml_hash",
}


class MarketplaceInvoice(models.Model):
    """An invoice or credit note of a seller, issued by the operator under its mandate.

    It belongs to the seller's books: it is no entry of the operator, and never in its
    turnover or VAT (D11). It exists issued only: number, content and seal are written
    in one transaction and never change (CGI art. 289 I-2; ann. II art. 242 nonies A).
    Nobody has the right to write it: the product's own methods do, as the superuser.
    """

    _name = "marketplace.invoice"
    _description = "Invoice of a Seller"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_issued desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
    kind = fields.Selection(
        selection=[("invoice", "Invoice"), ("credit_note", "Credit note")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("issued", "Issued"),
            ("contested", "Contested"),
            ("corrected", "Corrected"),
            ("accepted", "Invoice accepted"),
        ],
        required=True,
        readonly=True,
        default="issued",
        index=True,
        tracking=True,
        help="Accepted by the seller when the delay of its mandate ends.",
    )
    date_issued = fields.Date(string="Date", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Operator",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    contract_id = fields.Many2one(
        "marketplace.seller", required=True, readonly=True, ondelete="restrict"
    )
    mandate_id = fields.Many2one(
        "marketplace.mandate", required=True, readonly=True, ondelete="restrict"
    )
    seller_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    buyer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sale_id = fields.Many2one(
        "marketplace.sale",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    refund_id = fields.Many2one(
        "marketplace.refund", readonly=True, ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "marketplace.invoice",
        string="Takes back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The invoice that this credit note takes back, in part or whole.",
    )
    replaced_id = fields.Many2one(
        "marketplace.invoice",
        string="Replaces",
        readonly=True,
        ondelete="restrict",
        help="The invoice that was contested, and that this one corrects.",
    )
    credit_ids = fields.One2many("marketplace.invoice", "origin_id", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_untaxed = fields.Monetary(string="Before tax", readonly=True)
    amount_tax = fields.Monetary(string="Tax", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    amount_signed = fields.Monetary(
        string="Total, credit notes deducted",
        compute="_compute_amount_signed",
        store=True,
    )
    vat_case = fields.Selection(
        selection=[
            ("exempt", "Exempt (art. 261-4-4° a)"),
            ("franchise", "Franchise (art. 293 B)"),
            ("taxable", "Taxable"),
            ("reverse_charge", "Reverse charge"),
            ("non_eu", "Outside the EU"),
        ],
        string="VAT",
        required=True,
        readonly=True,
    )
    transmission = fields.Selection(
        selection=[
            ("none_needed", "Nothing to transmit"),
            ("to_transmit", "To transmit by the approved platform"),
            ("e_reporting", "To report (e-reporting)"),
        ],
        required=True,
        readonly=True,
        index=True,
        help="What the reform of e-invoicing wants of it (CGI art. 289 bis and 290). "
        "Sending a mail does not transmit an invoice.",
    )
    exported_at = fields.Datetime(
        string="Exported on",
        readonly=True,
        help="When its file was taken out for the seller's approved platform.",
    )
    line_ids = fields.One2many("marketplace.invoice.line", "invoice_id", readonly=True)

    # The seal

    series_id = fields.Many2one(
        "marketplace.invoice.series",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    rank = fields.Integer(required=True, readonly=True, aggregator=None)
    snapshot = fields.Text(
        string="Frozen content",
        required=True,
        readonly=True,
        help="Parties, lines, taxes and mentions as they were, in canonical JSON.",
    )
    seal = fields.Char(string="Fingerprint", required=True, readonly=True)
    previous_seal = fields.Char(string="Fingerprint before", readonly=True)
    seller_logo = fields.Binary(attachment=True, readonly=True)

    _sale_unique = models.UniqueIndex(
        "(sale_id) WHERE kind = 'invoice' AND replaced_id IS NULL",
        "This sale is invoiced already.",
    )
    _refund_unique = models.UniqueIndex("(refund_id) WHERE refund_id IS NOT NULL")
    _replaced_unique = models.UniqueIndex("(replaced_id) WHERE replaced_id IS NOT NULL")
    _correction_unique = models.UniqueIndex(
        "(origin_id) WHERE kind = 'credit_note' AND refund_id IS NULL"
    )
    _rank_unique = models.UniqueIndex("(series_id, rank)")
    _name_unique = models.UniqueIndex(
        "(seller_id, name)",
        "The seller has an invoice of this number: change the prefix in the settings.",
    )

    @api.depends("kind", "amount_total")
    def _compute_amount_signed(self):
        for invoice in self:
            sign = -1 if invoice.kind == "credit_note" else 1
            invoice.amount_signed = sign * invoice.amount_total

    def write(self, vals):
        """Refuse to touch what was issued, whoever asks.

        :raise UserError: for anything but how it was received and sent
        """
        if self and self._get_frozen(vals):
            raise UserError(
                self.env._(
                    "An invoice that was issued is never changed: a credit note takes "
                    "it back."
                )
            )
        return super().write(vals)

    def _get_frozen(self, vals):
        """Return the fields of this model, among these, that never change."""
        return {
            name
            for name in vals.keys() - MUTABLE
            if self._fields[name].store
            and self._fields[name]._modules == ("training_marketplace_payout",)
        }

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: an invoice is issued for a sale.

        :raise UserError: always
        """
        raise UserError(self.env._("An invoice of a seller cannot be copied."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Invoices of sellers are kept for ten years."))
