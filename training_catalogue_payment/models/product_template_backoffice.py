# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    has_training_payment = fields.Boolean(
        string="Can be sold with online payment",
        compute="_compute_has_training_payment",
        compute_sudo=True,
        help="« Sell with online payment » shows once an account is linked.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_has_training_payment(self):
        for template in self:
            company = template.company_id or self.env.company
            template.has_training_payment = (
                company.finance_plus and company._has_training_payment()
            )

    def action_view_training_sessions(self):
        """Open the sessions of this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.event_event_action_sessions"
        )
        action["domain"] = [("programme_id", "=", self.id)]
        action["context"] = {
            "default_programme_id": self.id,
            "default_name": self.name,
        }
        return action


class ResCompany(models.Model):
    _inherit = "res.company"

    def _has_training_payment(self):
        """Hook: is there a payment account at all, ready or not (A5)?"""
        self.ensure_one()
        return bool(self.sudo().training_stripe_provider_id)
