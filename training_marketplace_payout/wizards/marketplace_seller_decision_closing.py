# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MarketplaceSellerDecision(models.TransientModel):
    """What is left when a contract ends is said before it ends (B19)."""

    _inherit = "marketplace.seller.decision"

    money_left = fields.Char(compute="_compute_money_left")

    @api.depends("seller_id", "decision")
    def _compute_money_left(self):
        for decision in self:
            contract_sudo = decision.seller_id.sudo()
            is_told = decision.decision == "close" and contract_sudo.has_money_left
            decision.money_left = is_told and contract_sudo._describe_money_left()
