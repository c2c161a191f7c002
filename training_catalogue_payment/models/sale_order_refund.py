# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import isfinite

from odoo import models
from odoo.exceptions import UserError

from ..utils import to_note


class SaleOrder(models.Model):
    """How what a credit note owes goes back to the cards that paid (A23)."""

    _inherit = "sale.order"

    def _refund_training(self, credit_note, amount=None):
        """Ask the payment provider to give back what a credit note owes.

        What is under way counts as given back: asked again, the same operations
        answer, never more money. Nothing is sent before the commit (D7); when the
        money moved, the outgoing payment is matched with the credit note.

        :param account.move credit_note: a numbered one of this order
        :param float amount: what it still owes by default
        :return: the live `training.payment.operation` of the credit note: one for
            each online payment that gives a part back
        :raise UserError: beyond what is owed, paid or refundable by the provider, or
            for what is no amount
        """
        self.ensure_one()
        if amount is not None and not isfinite(amount):
            raise UserError(self.env._("Enter an amount."))
        self._raise_money_version()
        under_way = credit_note._get_refunds_under_way()
        owed = credit_note._get_training_owed()
        if amount is None and self.currency_id.is_zero(owed):
            return credit_note._get_refund_operations().filtered(
                lambda operation: operation.state != "failed"
            )
        amount = owed if amount is None else amount
        parts = credit_note._split_training_refund(amount)
        limit = min(owed, self._get_training_left_to_refund())
        if not parts or self.currency_id.compare_amounts(amount, limit) > 0:
            raise UserError(self._get_not_refundable_message(amount))
        operations = under_way
        for transaction, part in parts:
            operations |= operations._request_part(
                transaction, part, credit_note.ref, credit_note
            )
        return operations

    def _get_not_refundable_message(self, amount):
        return self.env._(
            "%(amount)s cannot be refunded by Stripe for %(order)s: use « Enter a "
            "payment » in the session's finances.",
            amount=self.currency_id.format(amount),
            order=self.name,
        )

    def _get_refundable_shares(self):
        """Return what each online payment may give back to this order (minor units).

        A payment may have paid another order too: its part is left to that one.

        :rtype: dict[payment.transaction, int]
        """
        self.ensure_one()
        documents = self._get_training_documents()
        asked = documents._get_refund_operations().filtered(
            lambda operation: operation.state != "failed"
        )
        shares = {}
        for tx in self._get_training_transactions():
            if not tx._is_training_stripe():
                continue
            partials = documents.line_ids.matched_credit_ids.filtered(
                lambda one, tx=tx: one.credit_move_id.move_id == tx.payment_id.move_id
            )
            paid = tx._to_stripe_amount(sum(partials.mapped("debit_amount_currency")))
            given = asked.filtered(lambda one, tx=tx: one.transaction_id == tx)
            own = paid - sum(given.mapped("amount_minor"))
            shares[tx] = min(own, tx._get_refundable_minor())
        return shares

    def _refund_or_ask(self, credit_note):
        """Refund by the provider if it can, for who may; else ask the accountant."""
        amount = credit_note._get_training_owed()
        if self._may_refund_by_itself() and credit_note._split_training_refund(amount):
            self._refund_training(credit_note)
        else:
            self._ask_for_refund(credit_note)

    def _may_refund_by_itself(self):
        """Whether what is too much goes back at once.

        Who sets prices or moves learners must not make money leave by it: without the
        right to invoice, an accountant is asked. Jobs may: what they finish was
        allowed to who asked for it, or is the buyer's right.
        """
        user = self.env.user
        return user._is_superuser() or user.has_group("account.group_account_invoice")

    def _ask_for_refund(self, credit_note):
        """Leave an activity: this credit note is to be refunded by a person."""
        credit_note.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Refund to do"),
            note=to_note(
                self.env._(
                    "%(amount)s is to be given back to %(buyer)s: « Enter a payment » "
                    "in the finances of the session.",
                    amount=self.currency_id.format(credit_note.amount_residual),
                    buyer=self.partner_id.display_name,
                )
            ),
            user_id=credit_note._get_training_accountant().id,
        )
