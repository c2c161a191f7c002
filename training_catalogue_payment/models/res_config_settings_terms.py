# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """« My organisation > Options »: the terms of sale in force (A12)."""

    _inherit = "res.config.settings"

    training_terms_id = fields.Many2one(
        "training.terms",
        string="Terms in force",
        compute="_compute_training_terms_id",
    )

    @api.depends("company_id")
    def _compute_training_terms_id(self):
        for settings in self:
            terms = self.env["training.terms"]
            settings.training_terms_id = terms._find_last(settings.company_id)

    def action_training_terms_edit(self):
        """Open the next version, which starts from the one in force."""
        self.ensure_one()
        return {
            **self._get_training_terms_action(),
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_training_terms_history(self):
        """Open all the versions of the company's terms."""
        self.ensure_one()
        return self._get_training_terms_action()

    def _get_training_terms_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.training_terms_action"
        )
        return {
            **action,
            "domain": [("company_id", "=", self.company_id.id)],
            "context": {"default_company_id": self.company_id.id},
        }
