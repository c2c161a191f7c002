# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.training_catalogue_payment.models.res_config_settings_accounts import (
    company_field,
)

BOOKKEEPERS = "account.group_account_manager,base.group_system"


class ResConfigSettings(models.TransientModel):
    """The accounts of the marketplace, chosen by the accountant (D9)."""

    _inherit = "res.config.settings"

    marketplace_wallet_account_id = company_field(
        fields.Many2one, "marketplace_wallet_account_id"
    )
    marketplace_seller_account_id = company_field(
        fields.Many2one, "marketplace_seller_account_id"
    )
    marketplace_hold_account_id = company_field(
        fields.Many2one, "marketplace_hold_account_id"
    )
    marketplace_fees_account_id = company_field(
        fields.Many2one, "marketplace_fees_account_id"
    )
    marketplace_debit_account_id = company_field(
        fields.Many2one, "marketplace_debit_account_id"
    )
    marketplace_repudiation_account_id = company_field(
        fields.Many2one, "marketplace_repudiation_account_id"
    )
    marketplace_income_account_id = company_field(
        fields.Many2one, "marketplace_income_account_id"
    )
    marketplace_journal_id = company_field(fields.Many2one, "marketplace_journal_id")
    marketplace_commission_journal_id = company_field(
        fields.Many2one, "marketplace_commission_journal_id"
    )
    marketplace_transfer_days = company_field(
        fields.Integer, "marketplace_transfer_days"
    )
    marketplace_waiting_count = fields.Integer(
        compute="_compute_marketplace_waiting_count"
    )

    marketplace_missing_accounts = fields.Char(
        compute="_compute_marketplace_missing_accounts"
    )

    @api.depends("company_id")
    def _compute_marketplace_missing_accounts(self):
        for settings in self:
            company_sudo = settings.company_id.sudo()
            missing = company_sudo._get_missing_marketplace_accounts()
            is_linked = self.env["mangopay.account"].sudo()._get_of(company_sudo)
            settings.marketplace_missing_accounts = is_linked and ", ".join(missing)

    def _compute_marketplace_waiting_count(self):
        entries_sudo = self.env["marketplace.entry"].sudo()
        for settings in self:
            settings.marketplace_waiting_count = entries_sudo.search_count(
                [
                    ("company_id", "=", settings.company_id.id),
                    ("state", "=", "blocked"),
                ]
            )

    def action_marketplace_accounts(self):
        """Find the accounts of a French chart by code, create those it lacks, and
        have both journals.

        Another chart's accounts are chosen by a person: only the journals are made.
        """
        if not self.env.user.has_groups(BOOKKEEPERS):
            raise AccessError(self.env._("Only accounting managers may do this."))
        company = self.company_id
        company.sudo()._ensure_marketplace_accounts()
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        if company.chart_template == "fr":
            return reload
        message = self.env._(
            "%(company)s does not use the French chart of accounts: choose each "
            "account by hand.",
            company=company.name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "warning", "next": reload},
        }
