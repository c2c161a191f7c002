# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketplaceInvoiceLine(models.Model):
    """A line of a seller's invoice: a copy of what is frozen, to count and to credit.

    Its taxes are kept for Odoo's engine to compute a partial credit note; what is
    printed is the frozen content of the invoice.
    """

    _name = "marketplace.invoice.line"
    _description = "Line of a Seller's Invoice"
    _order = "invoice_id, id"

    invoice_id = fields.Many2one(
        "marketplace.invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    origin_line_id = fields.Many2one(
        "marketplace.invoice.line", readonly=True, ondelete="restrict"
    )
    name = fields.Text(string="Description", required=True, readonly=True)
    session_id = fields.Many2one("event.event", readonly=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="invoice_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="invoice_id.currency_id", store=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    tax_ids = fields.Many2many("account.tax", readonly=True, string="Taxes")
    tax_category = fields.Char(readonly=True)
    tax_rate = fields.Float(string="Tax (%)", readonly=True, aggregator=None)
    amount_untaxed = fields.Monetary(string="Before tax", readonly=True)
    amount_tax = fields.Monetary(string="Tax", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse, for everyone.

        :raise UserError: always
        """
        raise UserError(self.env._("An invoice that was issued is never changed."))

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: lines come with their invoice.

        :raise UserError: always
        """
        raise UserError(self.env._("An invoice that was issued is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An invoice that was issued is never changed."))
