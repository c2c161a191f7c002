# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

COVERED = "INCLUDE (id, currency_id, amount_total, amount_refunded)"


class MarketplaceSale(models.Model):
    """What a buyer paid for a seller's course: one row for one paid order.

    Invoices, thresholds, commissions, transfers and payouts count these rows. Nobody
    has the right to write them: the product's own methods do, as the superuser.
    """

    _name = "marketplace.sale"
    _description = "Marketplace Sale"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict"
    )
    tx_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    payin_reference = fields.Char(
        related="tx_id.provider_reference", string="Payment at Mangopay"
    )
    seller_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        "marketplace.seller", readonly=True, index=True, ondelete="restrict"
    )
    buyer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    buyer_email = fields.Char(readonly=True)
    programme_id = fields.Many2one(
        "product.template", readonly=True, index=True, ondelete="restrict"
    )
    session_id = fields.Many2one(
        "event.event", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_total = fields.Monetary(string="Paid", readonly=True)
    amount_untaxed = fields.Monetary(string="Paid, before tax", readonly=True)
    amount_tax = fields.Monetary(string="Tax of the seller", readonly=True)
    paid_at = fields.Datetime(string="Paid on", required=True, readonly=True)
    confirmed_at = fields.Datetime(
        string="Sold on",
        readonly=True,
        help="The date of the sale: when it was paid, or released if it was held.",
    )
    state = fields.Selection(
        selection=[
            ("held", "Held"),
            ("confirmed", "Confirmed"),
            ("abandoned", "Abandoned"),
        ],
        required=True,
        readonly=True,
        default="confirmed",
        index=True,
    )
    was_held = fields.Boolean(
        readonly=True, help="It waited for the buyer's documents before it was sold."
    )
    rate = fields.Float(
        string="Commission rate (%)",
        digits=(5, 2),
        readonly=True,
        help="As it was when the buyer paid.",
    )
    commission = fields.Monetary(
        readonly=True, help="Before tax: the rate on the amount before tax."
    )
    refund_ids = fields.One2many("marketplace.refund", "sale_id", readonly=True)
    amount_refunded = fields.Monetary(string="Refunded", readonly=True)
    transfer_state = fields.Selection(
        selection=[
            ("none", "Nothing to transfer"),
            ("waiting", "To transfer"),
            ("asked", "Asked of Mangopay"),
            ("done", "Transferred"),
            ("failed", "Refused by Mangopay"),
        ],
        string="Transfer to the seller",
        required=True,
        readonly=True,
        default="none",
    )
    money_version = fields.Integer(
        readonly=True, help="Raised by whoever decides on the money of the sale."
    )

    _order_unique = models.UniqueIndex("(order_id)")
    # What a buyer has bought is summed from these alone, without the table (P7).
    _buyer_index = models.Index(
        f"(company_id, buyer_id, confirmed_at) {COVERED} WHERE state = 'confirmed'"
    )
    _email_index = models.Index(
        f"(company_id, buyer_email, confirmed_at) {COVERED} WHERE state = 'confirmed'"
    )
    _held_index = models.Index(f"(company_id, buyer_id) {COVERED} WHERE state = 'held'")
    _held_email_index = models.Index(
        f"(company_id, buyer_email) {COVERED} WHERE state = 'held'"
    )
    _seller_index = models.Index("(company_id, seller_id, confirmed_at)")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Sales of the marketplace are kept."))

    # What follows a payment; each may be called again after a crash

    def _issue_invoice(self):
        """Hook: issue the seller's invoice of this sale, once (D11)."""

    def action_open_order(self):
        """Open the order of the sale."""
        self.ensure_one()
        return self.order_id._get_records_action()
