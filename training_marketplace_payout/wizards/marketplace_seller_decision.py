# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MarketplaceSellerDecision(models.TransientModel):
    """A decision against a seller has a reason, which the seller is told."""

    _name = "marketplace.seller.decision"
    _description = "Decision on a Seller"

    seller_id = fields.Many2one("marketplace.seller", required=True, readonly=True)
    decision = fields.Selection(
        selection=[
            ("refuse", "Refuse the application"),
            ("suspend", "Suspend the seller"),
            ("close", "Close the contract"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True, help="The seller reads it.")

    def action_confirm(self):
        """Take the decision."""
        self.ensure_one()
        self.seller_id._check_manager()
        self.seller_id._decide(self.decision, self.reason)
        return {"type": "ir.actions.act_window_close"}
