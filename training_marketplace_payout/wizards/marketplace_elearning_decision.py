# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MarketplaceElearningDecision(models.TransientModel):
    """Deciding that a seller's e-learning may be sold, and why (B3)."""

    _name = "marketplace.elearning.decision"
    _description = "Decision on Paid E-learning"

    programme_id = fields.Many2one("product.template", required=True, readonly=True)
    is_allowed = fields.Boolean(string="Allow", readonly=True)
    ground = fields.Text(
        required=True,
        help="Why the seller, and not the operator, supplies this e-learning: who "
        "hosts it, tutors it, sets its terms. Kept with your name and the date.",
    )

    def action_confirm(self):
        """Take the decision."""
        self.ensure_one()
        self.programme_id._decide_elearning(self.is_allowed, self.ground)
        return {"type": "ir.actions.act_window_close"}
