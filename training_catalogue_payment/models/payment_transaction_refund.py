# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment import utils as payment_utils

from ..utils import to_note


class PaymentTransaction(models.Model):
    """Refunds, whoever asked for them, and what becomes of them later (A23, R12)."""

    _inherit = "payment.transaction"

    def action_refund(self, amount_to_refund=None):
        """Say at once what cannot be refunded: stock would leave a failed refund.

        :raise ValidationError: with what is left to refund
        """
        payment_utils.check_rights_on_recordset(self)
        for tx_sudo in self.sudo().filtered(lambda tx: tx._is_training_stripe()):
            amount = tx_sudo.amount if amount_to_refund is None else amount_to_refund
            if not math.isfinite(amount):
                raise ValidationError(self.env._("Enter an amount to refund."))
            tx_sudo._check_refundable(tx_sudo._to_stripe_amount(amount))
        return super().action_refund(amount_to_refund=amount_to_refund)

    @api.model
    def _find_by_intent(self, provider, intent_id):
        """Return the payment that a refund or a dispute is of, maybe none.

        What was charged without an intent is not ours. Looked for all the same, nothing
        would be equal to nothing: to whatever payment a buyer gave up.
        """
        if not intent_id:
            return self.browse()
        return self.search(
            [
                ("provider_id", "=", provider.id),
                ("provider_reference", "=", intent_id),
            ],
            limit=1,
        )

    def _record_stripe_refund(self, refund):
        """Record a refund of this payment that was made in Stripe itself, once.

        The event and a clerk may come with the same refund at the same moment: the
        second one is replayed and finds the first one's transaction.

        :param dict refund: the refund as Stripe describes it
        :return: its transaction, brought to Stripe's state
        """
        self.ensure_one()
        self._raise_refund_version()
        refund_tx = self.child_transaction_ids.filtered(
            lambda tx: tx.provider_reference == refund["id"]
        )[:1]
        if not refund_tx:
            refund_tx = self._create_refund_from_stripe(refund)
        refund_tx._process("stripe", {"refund": refund})
        return refund_tx

    def _post_process(self):
        """Match a refund that nobody asked for here, or tell that it lacks a note."""
        super()._post_process()
        for tx in self:
            if tx.state == "done" and tx._is_unasked_training_refund():
                tx._settle_unasked_refund()

    def _is_unasked_training_refund(self):
        """Tell a refund made elsewhere from those of a credit note or of a refusal."""
        self.ensure_one()
        source = self.source_transaction_id
        if self.operation != "refund" or not self.payment_id:
            return False
        if not source._pays_training() or source.training_refusal:
            return False
        return not self._is_asked_for_credit_note()

    def _is_asked_for_credit_note(self):
        """Whether this refund is one that a credit note was made for."""
        self.ensure_one()
        return bool(
            self.env["training.payment.operation"].search_count(
                [
                    ("refund_transaction_id", "=", self.id),
                    ("res_model", "=", "account.move"),
                ]
            )
        )

    def _settle_unasked_refund(self):
        """Match it with the credit note that waits for this amount, if there is one."""
        self.ensure_one()
        payment = self.payment_id
        if payment._get_training_unmatched_lines():
            for credit_note in self._get_open_credit_notes():
                if not credit_note.currency_id.compare_amounts(
                    credit_note.amount_residual, payment.amount
                ):
                    credit_note._match_training_refund(payment)
                    return
            self._ask_for_credit_note()

    def _get_open_credit_notes(self):
        """Return what this refund may pay: owed, and not being refunded already."""
        orders = self.source_transaction_id._get_training_orders()
        credits = self.env["account.move"].search(
            [
                ("training_order_id", "in", orders.ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            order="id",
        )
        return credits.filtered(lambda move: not move._get_refunds_under_way())

    def _get_training_orders(self):
        """Return the orders whose documents this payment pays, or was made for if it
        pays none: a complement's is no payment of the order itself."""
        lines = self.payment_id.move_id.line_ids
        matched = lines.matched_debit_ids.debit_move_id.move_id.training_order_id
        orders = matched | self.sale_order_ids.filtered("training_session_id")
        return orders or self.invoice_ids.training_order_id

    def _ask_for_credit_note(self):
        """Leave an activity to the accountant, on the invoice it gives back."""
        orders = self.source_transaction_id._get_training_orders()
        invoices = self.env["account.move"].union(
            *(order._get_training_documents() for order in orders)
        )
        invoice = invoices.filtered(lambda move: move.move_type == "out_invoice")[:1]
        (invoice or orders[:1]).activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Refund without credit note"),
            note=to_note(
                self.env._(
                    "%(amount)s was refunded in Stripe (%(reference)s): generate its "
                    "credit note in the finances of the session.",
                    amount=self.currency_id.format(-self.amount),
                    reference=self.provider_reference or "",
                )
            ),
            user_id=invoice._get_training_accountant().id if invoice else self.env.uid,
        )

    def _set_error(self, state_message, extra_allowed_states=()):
        """Undo the outgoing payment of a refund that the bank returned.

        Stripe says « failed » days after « succeeded »: the money is back in the
        account, so the credit note is owed again.
        """
        done = self.filtered(lambda tx: tx.state == "done")
        changed = super()._set_error(state_message, extra_allowed_states)
        for tx in changed & done:
            source = tx.source_transaction_id
            if tx.operation == "refund" and source._pays_training():
                tx.payment_id._reverse_training_refund(state_message)
        return changed


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _get_training_unmatched_lines(self):
        """Return the customer's lines of these payments that settle nothing yet."""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )

    def _reverse_training_refund(self, reason):
        """Write the opposite entry today; what was written stays, dated as it was."""
        for payment in self.filtered("move_id"):
            payment.move_id.line_ids.remove_move_reconcile()
            payment.move_id._reverse_moves(
                [{"date": fields.Date.context_today(payment), "ref": reason}],
                cancel=True,
            )
            payment.action_reject()

    def action_open_training_payment(self):
        """Open one of the payments listed in a session."""
        self.ensure_one()
        return self._get_records_action()

    def action_open_training_credit(self):
        """Open « Generate the credit note » of a refund made in Stripe itself."""
        self.ensure_one()
        return self.env["training.credit"]._open_for_refund(self)
