# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import models


class MangopayEvent(models.Model):
    """A bank transfer that nobody announced: a second one under the same reference."""

    _inherit = "mangopay.event"

    def _apply_other(self):
        """Override to book it with the first one, once (B19)."""
        if super()._apply_other():
            return True
        if not self.event_type.startswith("PAYIN_NORMAL_"):
            return False
        payin = self._fetch("payin")
        if payin.get("PaymentType") != "BANK_WIRE" or not payin.get("WireReference"):
            return False
        topup_sudo = (
            self.env["marketplace.topup"]
            .sudo()
            .search(
                [
                    ("wire_reference", "=", payin["WireReference"]),
                    ("company_id", "=", self.company_id.id),
                ],
                limit=1,
            )
        )
        wallet = topup_sudo and topup_sudo.sale_id._get_seller_wallet()
        if not topup_sudo or payin.get("CreditedWalletId") != wallet.mangopay_id:
            return False
        if payin.get("Status") == "SUCCEEDED":
            moment = payin.get("ExecutionDate")
            topup_sudo._receive(
                payin,
                moment and datetime.fromtimestamp(moment, UTC).replace(tzinfo=None),
            )
        return True
