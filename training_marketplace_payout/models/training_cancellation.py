# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class TrainingCancellation(models.Model):
    _inherit = "training.cancellation"

    refund_way = fields.Selection(
        selection_add=[("stripe", "Refund now to the card that paid")]
    )

    def _ask_for_credit(self, order):
        """Override of the catalogue: what goes back by Mangopay is kept for the buyer
        until an accountant sends it: it is not the seller's meanwhile (B19)."""
        if not order.marketplace_seller_id:
            return super()._ask_for_credit(order)
        left = order._get_training_left_to_refund()
        given = order.currency_id.round(min(self.amount - self.indemnity, left))
        if order.currency_id.compare_amounts(given, 0.0) > 0:
            order._ask_for_marketplace_refund(given, self.reason)
        return None

    def _get_refund_sentence(self):
        """Override of the catalogue: a refund asked of Mangopay has no credit note."""
        payment_sudo = self.sudo().order_id.training_paid_tx_id
        is_asked = (
            self.amount_refunded
            and self.has_credit
            and self.order_id.marketplace_seller_id
            and self.refund_way == "stripe"
            and payment_sudo._get_live_refunds()
        )
        if not is_asked:
            return super()._get_refund_sentence()
        return self.env._(
            "%(amount)s is being refunded to the card you paid with; your bank shows "
            "it within five to ten days.",
            amount=self.currency_id.format(self.amount_refunded),
        )
