# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MangopayEvent(models.Model):
    """What is announced of disputes: the dispute is looked at, whatever it says."""

    _inherit = "mangopay.event"

    def _apply_other(self):
        """Override to follow disputes, and what moves for them (B19)."""
        for family, look in (
            ("DISPUTE_", self._look_at_dispute),
            ("PAYIN_REPUDIATION_", self._look_at_repudiation),
            ("PAYOUT_REFUND_", self._look_at_given_back),
            ("TRANSFER_SETTLEMENT_", self._look_at_settlement),
        ):
            if self.event_type.startswith(family) and look():
                return True
        return super()._apply_other()

    def _look_at_dispute(self):
        disputes = self.env["marketplace.dispute"]
        return bool(disputes._look_at(self.account_id, self.object_id))

    def _look_at_repudiation(self):
        repudiation = self.account_id._get_gateway().repudiation(self.object_id)
        disputes = self.env["marketplace.dispute"]
        payin_id = repudiation.get("InitialTransactionId")
        return bool(payin_id and disputes._look_at_payin(self.account_id, payin_id))

    def _look_at_given_back(self):
        """A bank gives a repudiation back, as it does a payout: by a refund."""
        refund = self.account_id._get_gateway().refund(self.object_id)
        dispute = self._find_dispute(refund.get("InitialTransactionId"))
        if dispute:
            dispute._look_at(self.account_id, dispute.reference)
        return bool(dispute)

    def _look_at_settlement(self):
        """A settlement that nobody asked for here: made in Mangopay's dashboard."""
        settlement = self.account_id._get_gateway().settlement(self.object_id)
        dispute = self._find_dispute(settlement.get("RepudiationId"))
        if dispute and settlement.get("Status") == "SUCCEEDED":
            dispute.lock_for_update()
            dispute._record_settlement(settlement)
        return bool(dispute)

    def _find_dispute(self, repudiation_id):
        if not repudiation_id:
            return self.env["marketplace.dispute"]
        return (
            self.env["marketplace.dispute"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.account_id.id),
                    ("repudiation_reference", "=", repudiation_id),
                ],
                limit=1,
            )
        )
