# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..services.mangopay_outcomes import find_refund_slot


class MangopayOperation(models.Model):
    """Refunds of one transaction and of the same amount leave one a day (005407).

    Mangopay takes the second of two within 24 hours for a repetition. So they are
    queued, in the order in which they were decided, instead of being refused.
    """

    _inherit = "mangopay.operation"

    def _get_initial(self):
        """Return the id at Mangopay of what this refund gives back."""
        self.ensure_one()
        arguments = self.sudo().arguments or {}
        return (
            (self.answer or {}).get("InitialTransactionId")
            or arguments.get("transfer_id")
            or arguments.get("payin_id")
        )

    def _queue_refund(self, others, delay=None):
        """Send a refund that was just written down when Mangopay takes it.

        :param others: refunds of the same transaction, this one maybe among them
        :param timedelta delay: not before
        """
        self.ensure_one()
        if self.state != "draft" or self.attempts:
            return
        now = fields.Datetime.now()
        equals = (others - self).filtered(
            lambda one: (
                one.state != "failed"
                and one.amount_minor == self.amount_minor
                and (one.attempts or one.id < self.id)
            )
        )
        # The queue keeps its order: who was there first, not who was refused last.
        before = equals.filtered(lambda one: one.attempts or one.res_id < self.res_id)
        slot = find_refund_slot(
            now, [one.date_last_sent or one.date_next or now for one in before]
        )
        if delay:
            slot = max(slot or now, now + delay)
        if slot:
            self.date_next = slot
            self._trigger_sender(slot)

    def _withdraw(self, reason):
        """Have what was not sent yet never be sent.

        Each row is locked and looked at again: what a sender has claimed meanwhile
        cannot be locked, or this transaction is replayed and finds it sent.
        """
        for operation in self:
            operation.lock_for_update()
            if operation.state == "draft":
                operation.write(
                    {
                        "state": "failed",
                        "is_followed_up": True,
                        "date_next": False,
                        "error_code": "withdrawn",
                        "error_message": reason,
                    }
                )


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _get_refund_operations(self, kind):
        """Return what was asked of Mangopay for these refunds (superuser).

        :param str kind: payin_refund or transfer_refund
        """
        return (
            self.env["mangopay.operation"]
            .sudo()
            .search(
                [
                    ("kind", "=", kind),
                    ("res_model", "=", "payment.transaction"),
                    ("res_id", "in", self.ids),
                ]
            )
        )
