# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether the company can take payments for its marketplace's sellers."""

    _inherit = "res.company"

    mangopay_account_ids = fields.One2many(
        "mangopay.account", "company_id", groups="base.group_system"
    )
    is_mangopay_ready = fields.Boolean(
        string="Mangopay is ready",
        compute="_compute_is_mangopay_ready",
        compute_sudo=True,
        store=True,
    )

    @api.depends(
        "mangopay_account_ids.active",
        "mangopay_account_ids.fault",
        "mangopay_account_ids.hook_state",
    )
    def _compute_is_mangopay_ready(self):
        for company in self:
            company.is_mangopay_ready = any(
                account.is_ready for account in company.mangopay_account_ids
            )

    def _has_training_payment(self):
        """Override of the catalogue: an account at Mangopay sells as well."""
        accounts_sudo = self.sudo().mangopay_account_ids
        return super()._has_training_payment() or bool(accounts_sudo)
