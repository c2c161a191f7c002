# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MangopayWallet(models.Model):
    """A seller's wallet that has just been made receives what waited for it."""

    _inherit = "mangopay.wallet"

    def _on_mangopay_made(self, operation):
        result = super()._on_mangopay_made(operation)
        if operation.kind == "wallet" and self.user_id.category == "OWNER":
            sales = self.env["marketplace.sale"]
            sales._retry_transfers(self.partner_id, self.account_id)
        return result


class MangopayUser(models.Model):
    """A seller that has just been verified receives what waited for it (002951)."""

    _inherit = "mangopay.user"

    def _apply_mangopay_user(self, payload):
        before = self.kyc_level
        result = super()._apply_mangopay_user(payload)
        is_verified = before != "REGULAR" and self.kyc_level == "REGULAR"
        if is_verified and self.category == "OWNER":
            sales = self.env["marketplace.sale"]
            sales._retry_transfers(self.partner_id, self.account_id)
        return result


class MarketplaceSale(models.Model):
    _inherit = "marketplace.sale"

    def _on_mangopay_succeeded(self, operation):
        """Override: a payout that waited for the last transfer goes on."""
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "transfer":
            self._wake_payout()
        return result

    def _wake_payout(self):
        lines = self.env["marketplace.payout.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("seller_id", "=", self.seller_id.id),
                ("run_id.state", "=", "running"),
                ("state", "=", "waiting"),
            ]
        )
        domain = [
            ("seller_id", "=", self.seller_id.id),
            ("transfer_state", "=", "asked"),
        ]
        if lines and not self.search_count(domain, limit=1):
            lines.date_next = fields.Datetime.now()
            lines.run_id._trigger_job()
