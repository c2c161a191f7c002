# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class PaymentTransaction(models.Model):
    """The complement of a move that was given up while its buyer was paying (A22)."""

    _inherit = "payment.transaction"

    def _post_process(self):
        """Give back what was paid for a complement that is credited already.

        The refund is an intent row of the outbox, unique for the payment: processing
        the payment again asks for nothing more.
        """
        super()._post_process()
        for tx in self:
            if tx.state == "done" and tx.operation not in ("refund", "validation"):
                for record in tx._get_abandoned_moves():
                    tx._refund_abandoned_complement(record)

    def _get_abandoned_moves(self):
        """Return the moves given up that this payment was the complement of."""
        if not self.invoice_ids.filtered("training_order_id"):
            return self.env["training.move"]
        return self.env["training.move"].search(
            [
                ("complement_id", "in", self.invoice_ids.ids),
                ("state", "=", "abandoned"),
            ]
        )

    def _refund_abandoned_complement(self, record):
        if self.payment_id.is_reconciled:
            return
        self.env["training.payment.operation"].sudo()._request_refund(
            self,
            self.amount,
            self.env._("Complement paid after the assignment was given up"),
        )
        record._ask_staff(
            self.env._("Complement given back to the buyer"),
            self.env._(
                "It was paid after the assignment to %(session)s was given up.",
                session=record.session_id.display_name,
            ),
        )

    def _match_refund_of_refusal(self):
        """Match the refund of such a complement with its payment too."""
        result = super()._match_refund_of_refusal()
        source = self.source_transaction_id
        if source._get_abandoned_moves():
            source._match_with_refund(self)
        return result
