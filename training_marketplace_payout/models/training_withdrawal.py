# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class TrainingWithdrawal(models.Model):
    """A withdrawal from a seller's course is refunded by Mangopay (B24)."""

    _inherit = "training.withdrawal"

    @api.depends(
        "order_id.marketplace_sale_ids.dispute_ids.result",
        "order_id.marketplace_sale_ids.tx_id.child_transaction_ids.state",
    )
    def _compute_state(self):
        return super()._compute_state()

    def _is_given_back(self):
        """Override of the catalogue: a seller's sale has no credit note here, its
        refunds say it.

        A refund that is queued, left for later or waiting for the seller's money is
        not back yet, nor is one that Mangopay refused: the buyer reads « refunded »
        when no more than what they owe was kept.
        """
        order_sudo = self.sudo().order_id
        if not order_sudo.marketplace_seller_id:
            return super()._is_given_back()
        refunds = order_sudo.marketplace_sale_id.tx_id._get_live_refunds()
        coming = -sum(refunds.filtered(lambda tx: tx.state != "done").mapped("amount"))
        kept = order_sudo._get_training_left_to_refund() + coming
        return self.currency_id.compare_amounts(kept, self.amount_kept) <= 0
