# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class TrainingPaymentEvent(models.Model):
    """Events that the accountant lives by: payouts and disputes (A30)."""

    _inherit = "training.payment.event"

    def _apply(self):
        """Ask Stripe what the event is about, as for every other event."""
        family, _dot, rest = self.event_type.partition(".")
        if family == "payout":
            self._apply_payout()
        elif rest.startswith("dispute."):
            self._apply_dispute()
        else:
            super()._apply()

    def _apply_payout(self):
        """Read the balance again: whatever became of the payout, it shows there."""
        self.env.ref(
            "training_catalogue_payment.ir_cron_read_balances"
        ).sudo()._trigger()

    def _apply_dispute(self):
        disputes = self.env["training.dispute"].sudo()
        provider_sudo = self.provider_id.sudo()
        dispute = disputes._apply_stripe(
            provider_sudo, self._get_gateway().dispute(self.object_id)
        )
        self.transaction_id = dispute.transaction_id
        self._apply_payout()
