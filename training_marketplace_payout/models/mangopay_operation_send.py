# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import UTC, timedelta

from odoo import api, fields, models

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    COLLISIONS,
    POISONS,
)
from odoo.addons.training_catalogue_payment.models.training_outbox_mixin import (
    BATCH,
    KEY_LIFE,
    SENDER_LIFE,
)

from ..services.mangopay_errors import GatewayError, ScaRequiredError
from ..services.mangopay_kinds import create, find_trace

_logger = logging.getLogger(__name__)

# After these the others of the account would fare no better.
PAUSES = ("rate_limit", "connection", "authentication")
OPEN = ("draft", "sending", "unknown", "pending")
UNLINKED = "unlinked"


class MangopayOperation(models.Model):
    """The sender and the sweeper: nothing is unsaved or locked while Mangopay works.

    If the process dies: before `_claim` commits, nothing was sent; between that and
    the commit of the answer, the row says `sending` and is asked about five minutes
    later; between the answer and its consequences, they are made by the next run.
    """

    _inherit = "mangopay.operation"

    @api.model
    def _cron_send_operations(self):
        """Send what is to be sent, resolve what is unknown, finish what ended."""
        domain = [("date_next", "<=", fields.Datetime.now())]
        operations = self.search(domain, order="date_next, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        gateways = {}
        for one in operations:
            # A commit empties the cache: alone, or each would read all of them again.
            operation = one.with_prefetch()
            account = operation.account_id
            if account not in gateways:
                gateways[account] = account._try_gateway()
            if not operation._send(gateways[account]):
                # Over the limit, or no way to Mangopay: its others wait as well.
                gateways[account] = None
            if not progress(1):
                break

    def _send_now(self):
        """Send at once an operation that an earlier request committed.

        For a page whose visitor waits for the answer. This transaction is committed
        before the call and after it: it must hold nothing else.
        """
        self.ensure_one()
        self._send(self.account_id._try_gateway())

    def _send_for_visitor(self):
        """Send at once, or ask at once what became of it, while somebody waits.

        What another request is sending is left to it. Commits, as `_send_now`.
        """
        self.ensure_one()
        if self.state in ("draft", "unknown", "pending"):
            self.date_next = fields.Datetime.now()
            self._send_now()
        self.env.invalidate_all()

    def _send(self, gateway):
        """Do the next step of one operation; a failure does not stop the others.

        :return: whether other operations of the account may be sent now
        """
        operation = self.with_company(self.company_id)
        state = False
        try:
            state = operation._claim(bool(gateway))
            if state in OPEN:
                answer = operation._call(gateway, state)
                operation._apply_answer(answer, state)
                operation._follow_up()
                return not self._is_pause(answer)
            if state:
                operation._follow_up()
        except COLLISIONS as error:
            self.env.cr.rollback()
            _logger.info("Operation %s is taken again later: %s", self.id, error)
            self._come_back(bool(state))
        except POISONS as error:
            self.env.cr.rollback()
            _logger.exception("Operation %s could not be finished", self.id)
            self.error_message = str(error)[:500]
        return True

    def _claim(self, may_call=True):
        """Write and commit that a call is about to be made.

        :return: the state before; False when the row is not due or not free
        """
        operation = self.try_lock_for_update()
        now = fields.Datetime.now()
        if not operation.date_next or operation.date_next > now:
            return False
        state = operation.state
        if state in OPEN and not may_call:
            operation._wait_for_a_way(now)
            self.env["ir.cron"]._commit_progress()
            return False
        values = {
            "attempts": operation.attempts + 1,
            "date_next": now + max(operation._get_delay(), SENDER_LIFE),
        }
        if state == "draft":
            # Whatever was tried before did nothing: the life of the key begins now.
            values.update(state="sending", date_sent=now, date_last_sent=now)
        elif state in ("sending", "unknown"):
            values["state"] = "unknown"
            if now < operation.date_sent + KEY_LIFE:
                values["date_last_sent"] = now
        operation.write(values)
        # A sender that is killed, or meets somebody, has its row taken again then.
        self._trigger_sender(values["date_next"])
        self.env["ir.cron"]._commit_progress()
        return state

    def _wait_for_a_way(self, now):
        """Nothing can be asked of Mangopay for now; of an account that was unlinked,
        not before somebody links it again: a person is told, once."""
        self.date_next = now + SENDER_LIFE
        if not self.account_id.active:
            is_known = self.error_code == UNLINKED
            message = self.env._(
                "The account at Mangopay is no longer linked. Once it is linked again, "
                "this goes on by itself."
            )
            later = now + timedelta(hours=1)
            self._write_error(GatewayError(UNLINKED, message), date_next=later)
            if not is_known:
                self._call_for_a_person()
        self._trigger_sender(self.date_next)

    def _is_pause(self, answer):
        return isinstance(answer, GatewayError) and (
            answer.code in PAUSES or answer.status == 503
        )

    def _call(self, gateway, state):
        """Send the operation, or ask what became of it. No lock is held.

        :return: the object at Mangopay, or the error that says what is known of it
        """
        try:
            if state == "draft":
                return self._make(gateway)
            if state == "pending":
                return getattr(gateway, self._get_spec().view)(self.provider_reference)
            return self._ask(gateway)
        except GatewayError as error:
            return error

    def _make(self, gateway):
        funds = {}
        if self.amount_minor:
            funds = {"amount": self.amount_minor, "currency": self.currency_id.name}
        return create(
            gateway, self.kind, self.arguments or {}, funds, self.idempotency_key
        )

    def _ask(self, gateway):
        """Look for what a lost call may have made: by its key, by events, by its Tag.

        Nothing found may be sent again under the same key, while Mangopay knows it.

        :raise GatewayError: unknown when Mangopay does not say or it is too late to
            send again, definite when what was sent is known to be refused
        """
        found = gateway.outcome(self.idempotency_key) or self._find_trace(gateway)
        if found:
            return found
        if fields.Datetime.now() < self.date_sent + KEY_LIFE:
            return self._make(gateway)
        raise GatewayError(
            "no_trace",
            self.env._("Mangopay shows no trace of it. Look there, then decide."),
            unknown=True,
        )

    def _find_trace(self, gateway):
        """Return what a lost call has made, None when Mangopay shows nothing."""
        since, until = (
            int(date.replace(tzinfo=UTC).timestamp())
            for date in (self.date_sent, self.date_last_sent)
        )
        arguments, key = self.arguments or {}, self.idempotency_key
        try:
            return find_trace(gateway, self.kind, arguments, key, since, until)
        except ScaRequiredError:
            # A seller's wallets are shown to the seller alone (guides/sca/wallets):
            # the key decides while Mangopay knows it, then a person.
            return None
        except GatewayError as error:
            # That asking failed says nothing about the deed.
            error.unknown, error.retryable = True, False
            raise

    def _follow_up(self):
        """Do what follows the end of an operation, once; the job insists."""
        if self.state in OPEN or self.is_followed_up:
            return
        self.lock_for_update()
        self.write({"is_followed_up": True, "date_next": False})
        if self.state == "succeeded":
            self._on_succeeded()
        else:
            self._on_failed()
        self.env["ir.cron"]._commit_progress()
