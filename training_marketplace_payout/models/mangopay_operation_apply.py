# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

from ..services.mangopay_errors import GatewayError
from .mangopay_operation import WARNING
from .mangopay_operation_send import OPEN, UNLINKED

SUBJECT = "mangopay.subject.mixin"
# What is kept of an object: no name, no address, no bank account.
KEPT = (
    *("Id", "Status", "ResultCode", "ResultMessage", "CreationDate", "ExecutionDate"),
    *("RedirectURL", "PendingUserAction", "HostedUrl", "DebitedFunds", "CreditedFunds"),
    *("AuthorId", "CreditedWalletId", "DebitedWalletId", "InitialTransactionId"),
    *("Fees", "KYCLevel", "UserStatus", "RefusedReasonType", "RefusedReasonMessage"),
    *("WireReference", "BankAccount", "ModeApplied", "FallbackReason"),
    "RecipientVerificationOfPayee",
)


class MangopayOperation(models.Model):
    """What Mangopay said of an operation, written down; its state never goes back."""

    _inherit = "mangopay.operation"

    def _apply_answer(self, answer, state):
        """Write down and commit what Mangopay said."""
        self.lock_for_update()
        if self.state in OPEN:
            if not isinstance(answer, GatewayError):
                self._apply_object(answer)
            elif state == "pending":
                # It exists: that looking at it failed says nothing.
                self._postpone(answer)
            else:
                self._apply_error(answer)
        self.env["ir.cron"]._commit_progress()

    def _apply_error(self, error):
        """Tell what can be sent again, what must be asked for and what failed."""
        if error.code == "no_trace":
            self._write_error(error, state="unknown", date_next=False)
            self._call_for_a_person()
        elif error.unknown:
            self._postpone(error, state="unknown")
        elif error.retryable:
            # Nothing was done by this call, but an earlier one may have been.
            self._postpone(
                error, state="draft" if self.state == "sending" else "unknown"
            )
        else:
            if error.payload:
                self.provider_reference = error.payload["Id"]
                self.answer = self._summarize(error.payload)
            self._write_error(error, state="failed", date_next=fields.Datetime.now())

    def _postpone(self, error, **values):
        """Try again later: when the limits allow it, and less and less often."""
        delay = self._get_delay()
        if error.retry_after:
            delay = max(delay, timedelta(seconds=error.retry_after))
        if self.state == "pending":
            delay = timedelta(minutes=self._get_spec().poll)
        self._write_error(error, date_next=fields.Datetime.now() + delay, **values)
        self._trigger_sender(self.date_next)

    def _write_error(self, error, **values):
        self.write(
            {
                "error_code": error.code,
                "error_message": error.message[:500],
                "error_reference": error.error_id,
                **values,
            }
        )

    def _apply_object(self, payload):
        """Bring a locked operation to the present state of its object, never back.

        :param dict payload: the object as Mangopay gives it, asked for by us
        """
        self.ensure_one()
        if self.state not in OPEN:
            self._apply_later_object(payload)
            return
        # What a bank transfer brings may differ from what was announced.
        funds = payload.get("DeclaredDebitedFunds") or payload.get("DebitedFunds")
        asked = {"Currency": self.currency_id.name, "Amount": self.amount_minor}
        if self.amount_minor and funds and funds != asked:
            error = GatewayError("amount", self.env._("Mangopay has another amount."))
            self._write_error(error, state="unknown", date_next=False)
            self._call_for_a_person()
            return
        state = self._get_spec().state_of(payload)
        if self.state == "unknown" or self.error_code == UNLINKED:
            self.activity_unlink([WARNING])
        is_new = not self.provider_reference
        delay = timedelta(minutes=self._get_spec().poll if state == "pending" else 0)
        self.write(
            {
                "state": state,
                "provider_reference": payload["Id"],
                "answer": self._summarize(payload),
                "date_next": fields.Datetime.now() + delay,
                "error_code": state == "failed" and payload.get("ResultCode"),
                "error_message": state == "failed" and self._explain(payload),
                "error_reference": False,
            }
        )
        if state == "succeeded":
            self.arguments = False
        if is_new:
            self._on_made()
        self._trigger_sender(self.date_next)

    def _apply_later_object(self, payload):
        """Treat what is said of an operation that had ended: its state stays."""
        self.answer = self._summarize(payload)
        self._on_changed(payload)
        if self.state == "failed" and self._get_spec().state_of(payload) == "succeeded":
            # Declared by a person: somebody has to look again, at once.
            self.error_message = self.env._("Mangopay did it after all.")
            self._call_for_a_person()

    def _summarize(self, payload):
        return {name: payload[name] for name in KEPT if payload.get(name) is not None}

    def _explain(self, payload):
        """Say why Mangopay did not do it, in its own words."""
        return (
            payload.get("ResultMessage")
            or payload.get("RefusedReasonMessage")
            or payload.get("RefusedReasonType")
            or payload.get("Status")
        )

    def _call_for_a_person(self):
        """Give what nobody can resolve but a person to an accounting manager."""
        managers = self.env.ref("account.group_account_manager").sudo().all_user_ids
        manager = managers.filtered(lambda user: self.company_id in user.company_ids)
        self.activity_schedule(
            WARNING,
            summary=self.env._("Look at Mangopay, then decide"),
            note=self.error_message,
            user_id=(manager[:1] or self.env.user).id,
        )

    def _on_made(self):
        """Called once, when the object's id is known: the subject is told."""
        self._tell_subject("_on_mangopay_made")

    def _on_succeeded(self):
        """Called once, in the transaction that marks it followed up."""
        self._tell_subject("_on_mangopay_succeeded")

    def _on_failed(self):
        """Called once, when Mangopay definitely did not do it."""
        self._tell_subject("_on_mangopay_failed")

    def _on_changed(self, payload):
        """Called when an ended operation's object was looked at again."""
        self._tell_subject("_on_mangopay_changed", payload)

    def _tell_subject(self, hook, *values):
        """Call one of the hooks of `mangopay.subject.mixin`, if the subject has them.

        What is asked for a record that is gone, or of another model, is only kept.
        """
        subject_sudo = self.sudo()._get_subject()
        if subject_sudo and isinstance(subject_sudo, self.pool[SUBJECT]):
            getattr(subject_sudo, hook)(self.sudo(), *values)
