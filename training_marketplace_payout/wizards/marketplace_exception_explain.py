# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MarketplaceExceptionExplain(models.TransientModel):
    """An accountant writes why a difference is no mistake."""

    _name = "marketplace.exception.explain"
    _description = "Explain a Difference"

    exception_ids = fields.Many2many(
        "marketplace.exception", string="Differences", required=True, readonly=True
    )
    explanation = fields.Text(required=True)

    def default_get(self, fields):
        """Explain the differences that are open or selected."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "marketplace.exception":
            values["exception_ids"] = self.env.context.get("active_ids")
        return values

    def action_confirm(self):
        """Write the explanation down."""
        self.ensure_one()
        self.exception_ids._explain(self.explanation)
        return {"type": "ir.actions.act_window_close"}
