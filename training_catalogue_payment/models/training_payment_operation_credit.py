# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..utils import to_note


class TrainingPaymentOperation(models.Model):
    """Refunds whose subject is a credit note: one for each part of it (A23)."""

    _inherit = "training.payment.operation"

    def _get_credit_note(self):
        """Return the credit note this refund pays, empty for the others."""
        self.ensure_one()
        moves = self.env["account.move"]
        if self.res_model != moves._name:
            return moves
        return moves.browse(self.res_id).exists()

    @api.model
    def _request_part(self, transaction, amount, reason, credit_note):
        """Write down a refund of a part of a credit note; the caller has counted what
        is left of it, under the order's guard.

        :return: the operation
        :raise ValidationError: when less than that is left to refund of the payment
        """
        transaction_sudo = transaction.sudo()
        amount_minor = transaction_sudo._to_stripe_amount(amount)
        transaction_sudo._check_refundable(amount_minor)
        ordinal = len(self._search_attempts("refund", credit_note)) + 1
        return self._create_refund(
            transaction_sudo, credit_note, amount_minor, reason, ordinal
        )

    def _open_new_attempt(self):
        """Ask again for what failed, unless it was given back otherwise meanwhile."""
        credit_note = self._get_credit_note()
        if credit_note and self.state == "failed":
            order = credit_note.training_order_id
            return order._refund_training(credit_note, self.amount)
        return super()._open_new_attempt()

    def _on_succeeded(self):
        """Match the outgoing payment with the credit note it pays.

        In the transaction that marks the operation as followed up: dying in between
        leaves both to be done again.
        """
        result = super()._on_succeeded()
        credit_note = self._get_credit_note()
        if credit_note:
            credit_note._match_training_refund(self.refund_transaction_id.payment_id)
        return result

    def _on_failed(self):
        """Tell who can do something about it, on the credit note that stays owed."""
        credit_note = self._get_credit_note()
        if not credit_note:
            return super()._on_failed()
        credit_note.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("A refund failed"),
            note=to_note(
                self.env._(
                    "%(amount)s was not given back: %(reason)s Try again from the "
                    "refunds by Stripe, or refund it otherwise with « Enter a payment "
                    "».",
                    amount=self.currency_id.format(self.amount),
                    reason=self.error_message or "",
                )
            ),
            user_id=credit_note._get_training_accountant().id,
        )
        return None
