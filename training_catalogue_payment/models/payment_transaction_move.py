# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class PaymentTransaction(models.Model):
    """The complement of a move, paid once more than it is due (A22, bars R2, R11).

    Its link may be opened by two people, and is still open in a page when the move is
    given up: the provider takes the money all the same.
    """

    _inherit = "payment.transaction"

    def _post_process(self):
        """Give back what a payment of a complement paid too much."""
        super()._post_process()
        for tx in self:
            if tx.state == "done" and tx._pays_complement():
                tx._refund_rest_of_complement()

    def _pays_complement(self):
        """Whether this is a payment made by the link of a complement, no refund."""
        self.ensure_one()
        return (
            self.operation not in ("refund", "validation")
            and not self.training_session_id
            and bool(self._get_complement_moves())
        )

    def _get_complement_moves(self):
        """Return the moves, newest first, that this payment is the complement of."""
        invoices = self.sudo().invoice_ids.filtered("training_order_id")
        if not invoices:
            return self.env["training.move"]
        return self.env["training.move"].search([("complement_id", "in", invoices.ids)])

    def _refund_rest_of_complement(self):
        """Ask for the refund of what no document is matched with, once: asked before,
        it is a person who tries again what failed.

        No more than is left to give back: Stripe may have been asked in its dashboard,
        and a refusal here would keep the payment from being followed up for ever.
        """
        operations = self.env["training.payment.operation"].sudo()
        lines = self.payment_id._get_training_unmatched_lines()
        rest = self._to_stripe_amount(
            abs(sum(lines.mapped("amount_residual_currency")))
        )
        rest = min(rest, self._get_refundable_minor())
        if rest <= 0 or operations._search_attempts("refund", self):
            return
        amount = self._from_stripe_amount(rest)
        record = self._get_complement_moves()[:1]
        if record.state == "abandoned":
            reason = self.env._("Complement paid after the assignment was given up")
        else:
            reason = self.env._("Complement paid more than once")
        operations._request_refund(self, amount, reason)
        record._ask_staff(
            self.env._("Complement given back to the buyer"),
            self.env._(
                "%(amount)s is given back for the assignment to %(session)s: "
                "%(reason)s.",
                amount=self.currency_id.format(amount),
                session=record.session_id.display_name,
                reason=reason,
            ),
        )

    def _match_refund_of_refusal(self):
        """Match the refund of such a payment with it too; that of a credit note is
        matched with the note."""
        result = super()._match_refund_of_refusal()
        source = self.source_transaction_id
        if source._pays_complement() and not self._is_asked_for_credit_note():
            source._match_with_refund(self)
        return result
