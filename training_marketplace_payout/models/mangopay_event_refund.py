# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MangopayEvent(models.Model):
    """A refund that nobody asked for here: made in Mangopay's own dashboard (A23)."""

    _inherit = "mangopay.event"

    def _apply_other(self):
        """Override to record it on the payment that it gives back, once."""
        if super()._apply_other():
            return True
        if not self.event_type.startswith("PAYIN_REFUND_"):
            return False
        refund = self._fetch("payin_refund")
        source_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("provider_reference", "=", refund.get("InitialTransactionId")),
                    ("mangopay_wallet_id.account_id", "=", self.account_id.id),
                    ("operation", "!=", "refund"),
                ],
                limit=1,
            )
        )
        if not source_sudo or not refund.get("InitialTransactionId"):
            return False
        if refund.get("Status") == "SUCCEEDED":
            source_sudo._record_mangopay_refund(refund)
        return True
