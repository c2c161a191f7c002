# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MangopayAccount(models.Model):
    """The payment provider that buyers see follows the account (D17)."""

    _inherit = "mangopay.account"

    def _offer_payment(self):
        """Have the company offer payment by Mangopay, in the account's mode."""
        self.ensure_one()
        self.company_id.sudo()._ensure_marketplace_accounts()
        provider_sudo = self.env["payment.provider"]._ensure_mangopay(self.company_id)
        provider_sudo._follow_mangopay_account(self)

    def _withdraw_payment(self):
        """Have the company offer it no more; what was paid can still be refunded."""
        self.ensure_one()
        provider_sudo = self.env["payment.provider"]._get_mangopay_of(self.company_id)
        if provider_sudo:
            provider_sudo._follow_mangopay_account(self.browse())
