# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketplaceRefund(models.Model):
    """Money of a sale that went back to its buyer: one row for one refund done.

    As for sales, nobody has the right to write them.
    """

    _name = "marketplace.refund"
    _description = "Refund of a Marketplace Sale"
    _order = "id desc"
    _rec_name = "tx_id"

    sale_id = fields.Many2one(
        "marketplace.sale",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    tx_id = fields.Many2one(
        "payment.transaction",
        string="Refund",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    refund_reference = fields.Char(
        related="tx_id.provider_reference", string="Refund at Mangopay"
    )
    order_id = fields.Many2one(related="sale_id.order_id", store=True)
    seller_id = fields.Many2one(related="sale_id.seller_id", store=True, index=True)
    buyer_id = fields.Many2one(related="sale_id.buyer_id", store=True)
    company_id = fields.Many2one(related="sale_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="sale_id.currency_id", store=True)
    amount = fields.Monetary(string="Refunded", required=True, readonly=True)
    commission = fields.Monetary(
        readonly=True, help="The part of the sale's commission that goes with it."
    )
    date = fields.Datetime(string="Refunded on", required=True, readonly=True)
    is_held = fields.Boolean(
        string="Before the sale",
        readonly=True,
        help="The purchase was held: the seller had sold nothing yet.",
    )

    _tx_unique = models.UniqueIndex("(tx_id)")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Refunds of the marketplace are kept."))

    # What follows a refund; each may be called again after a crash

    def _issue_credit_note(self):
        """Hook: issue the seller's credit note of this refund, once (D11)."""
