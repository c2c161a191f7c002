# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models

from ..services.stripe_gateway import GatewayError
from .training_inbox_mixin import COLLISIONS, POISONS
from .training_outbox_mixin import BATCH, KEY_LIFE, SENDER_LIFE

_logger = logging.getLogger(__name__)

PENDING_DELAY = timedelta(hours=12)
STATES = {
    "succeeded": "succeeded",
    "pending": "pending",
    "requires_action": "pending",
    "failed": "failed",
    "canceled": "failed",
}


class TrainingPaymentOperation(models.Model):
    """The sender: no lock is held, and nothing is unsaved, while the provider works."""

    _inherit = "training.payment.operation"

    @api.model
    def _cron_send_operations(self):
        """Send what is to be sent, resolve what is unknown, finish what succeeded."""
        domain = [("date_next", "<=", fields.Datetime.now())]
        operations = self.search(domain, order="date_next, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for one in operations:
            # A commit empties the cache: alone, or each would read all of them again.
            operation = one.with_prefetch()
            operation.with_company(operation.company_id)._send()
            if not progress(1):
                break

    def _send(self):
        """Do the next step of one operation; a failure does not stop the others."""
        state = False
        try:
            state = self._claim()
            if state == "succeeded":
                self._follow_up()
            elif state:
                self._apply_answer(self._call(is_new=state == "draft"))
                self._follow_up()
        except COLLISIONS as error:
            self.env.cr.rollback()
            _logger.info("Operation %s is taken again later: %s", self.id, error)
            self._come_back(bool(state))
        except POISONS as error:
            self.env.cr.rollback()
            _logger.exception("Operation %s could not be finished", self.id)
            self.error_message = str(error)[:500]

    def _claim(self):
        """Write and commit that a call is about to be made.

        :return: the state before; False when the row is not due or not free
        """
        operation = self.try_lock_for_update()
        if not operation.date_next or operation.date_next > fields.Datetime.now():
            return False
        state = operation.state
        now = fields.Datetime.now()
        values = {"date_next": now + max(operation._get_delay(), SENDER_LIFE)}
        if state == "draft":
            # Whatever was tried before did nothing: the life of the key begins now.
            values.update(state="sending", date_sent=now)
        operation.write({**values, "attempts": operation.attempts + 1})
        # A sender that is killed, or meets somebody, has its row taken again then.
        self._trigger_sender(values["date_next"])
        self.env["ir.cron"]._commit_progress()
        return state

    def _call(self, is_new):
        """Hook: ask what became of the operation, or send it.

        :return: the refund at Stripe, or the error that says what is known of it
        """
        gateway = self.provider_id.sudo()._get_stripe_gateway()
        try:
            found = None if is_new else self._ask(gateway)
            return found or gateway.refund(
                self.transaction_id.provider_reference,
                self.amount_minor,
                self.currency_id.name,
                self.idempotency_key,
                {
                    "training_operation": self.idempotency_key,
                    "training_reference": self.transaction_id.reference,
                },
            )
        except GatewayError as error:
            return error

    def _ask(self, gateway):
        """Look for the refund at Stripe; nothing found may be sent again, for a day.

        :raise GatewayError: unknown when Stripe does not say, definite when it is too
            late to send the same key again
        """
        try:
            refunds = gateway.refunds(self.transaction_id.provider_reference)
        except GatewayError as error:
            # That asking failed says nothing about the deed.
            error.unknown = True
            raise
        for refund in refunds:
            metadata = refund.get("metadata") or {}
            if metadata.get("training_operation") == self.idempotency_key:
                return refund
        if self.date_sent + KEY_LIFE < fields.Datetime.now():
            raise GatewayError(
                "not_found", self.env._("Stripe has no trace of this refund.")
            )
        return None

    def _apply_answer(self, answer):
        """Write down and commit what the provider said."""
        self.lock_for_update()
        if self.state not in ("succeeded", "failed"):
            if isinstance(answer, GatewayError):
                self._apply_error(answer)
            else:
                self._apply_refund(answer)
        self.env["ir.cron"]._commit_progress()

    def _apply_error(self, error):
        """Tell what can be sent again, what must be asked for and what failed."""
        delay = self._get_delay()
        values = {"error_code": error.code, "error_message": error.message[:500]}
        if error.unknown:
            values.update(state="unknown", date_next=fields.Datetime.now() + delay)
        elif error.retryable:
            # Nothing was done by this call, but an earlier one may have been.
            state = "draft" if self.state == "sending" else self.state
            values.update(state=state, date_next=fields.Datetime.now() + delay)
        else:
            values.update(state="failed", date_next=False)
        self.write(values)
        if self.date_next:
            self._trigger_sender(self.date_next)
        else:
            self.refund_transaction_id._set_error(error.message)
            self._on_failed()
            self.provider_id.sudo()._set_training_error(error.message)

    def _apply_refund(self, refund):
        """Bring the operation and its transaction to the state of Stripe's refund."""
        self.ensure_one()
        state = STATES.get(refund["status"], "pending")
        was_failed = self.state == "failed"
        if not self.refund_transaction_id and state != "failed":
            source = self.transaction_id.sudo()
            self.refund_transaction_id = source._create_refund_from_stripe(refund)
        next_call = {"succeeded": timedelta(), "pending": PENDING_DELAY}.get(state)
        self.write(
            {
                "state": state,
                "provider_reference": refund["id"],
                "date_next": next_call is not None
                and not (state == "succeeded" and self.is_followed_up)
                and fields.Datetime.now() + next_call,
                "error_code": state == "failed" and refund.get("failure_reason"),
                "error_message": state == "failed"
                and self.env._("The refund failed at Stripe."),
            }
        )
        if self.refund_transaction_id:
            self.refund_transaction_id._process("stripe", {"refund": refund})
        if state == "succeeded" and not self.is_followed_up:
            self._trigger_sender()
        if state == "failed" and not was_failed:
            self._on_failed()

    def _follow_up(self):
        """Make the entries of a success, once; retried by the job until it works."""
        if self.state != "succeeded" or self.is_followed_up:
            return
        self.lock_for_update()
        if not self.refund_transaction_id.is_post_processed:
            self.refund_transaction_id._post_process()
        self.write({"is_followed_up": True, "date_next": False, "error_message": False})
        self._on_succeeded()
        self.env["ir.cron"]._commit_progress()
