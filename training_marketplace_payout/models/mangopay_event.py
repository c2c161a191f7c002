# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import re
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.training_catalogue_payment.models.training_inbox_mixin import (
    BUCKETS,
    STATES,
    UnknownObject,
)

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_kinds import EVENT_TYPES, KINDS, find_kinds

_logger = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_.\-]{1,128}")
_DATE = re.compile(r"\d{1,12}")


class MangopayEvent(models.Model):
    """Inbox of Mangopay's notifications (D8).

    They are not signed: only what Mangopay answers when it is asked counts, and a
    forged one changes nothing.
    """

    _name = "mangopay.event"
    _description = "Notification received from Mangopay"
    _inherit = ["training.inbox.mixin"]
    _rec_name = "event_type"

    _silences = (GatewayError,)

    account_id = fields.Many2one(
        "mangopay.account", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Char(
        string="Date (Unix)", required=True, readonly=True, help="As Mangopay gave it."
    )
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="received"
    )
    operation_id = fields.Many2one(
        "mangopay.operation", readonly=True, index="btree_not_null"
    )

    _event_unique = models.UniqueIndex("(account_id, event_type, object_id, date)")
    _last_event_index = models.Index("(account_id, create_date)")

    @api.model
    def _get_job(self, bucket):
        half = "first" if bucket < BUCKETS // 2 else "second"
        return f"training_marketplace_payout.ir_cron_process_mangopay_events_{half}"

    # How an event enters: fast, once

    @api.model
    def _find_account(self, token):
        """Return whose address this is, (id, company's id), without loading records."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, company_id FROM mangopay_account
                 WHERE hook_token = %s AND active
                """,
                token.replace("\x00", ""),
            )
        )
        return rows[0] if rows else None

    @api.model
    def _receive(self, account, event_type, object_id, date):
        """Write a notification down, once, and wake the job.

        :param account: what `_find_account` found
        :return: whether these are the values of a notification at all
        """
        if event_type not in EVENT_TYPES:
            # Nothing here follows it; Mangopay must not take it for a failure.
            return bool(re.fullmatch(r"[A-Z_]{3,80}", event_type or ""))
        if not _ID.fullmatch(object_id or "") or not _DATE.fullmatch(date or ""):
            return False
        account_id, company_id = account
        self._insert_once(
            {
                "account_id": account_id,
                "company_id": company_id,
                "event_type": event_type,
                "object_id": object_id,
                "date": date,
            },
            ["account_id", "event_type", "object_id", "date"],
        )
        return True

    # What it leads to

    def _apply(self):
        """Bring what the event is about to Mangopay's present state.

        :raise UnknownObject: when nothing here corresponds to it, for now
        :raise GatewayError: when Mangopay does not say
        """
        self.ensure_one()
        operation = self._find_operation()
        if operation:
            operation.lock_for_update()
            self.operation_id = operation
            operation._apply_object(self._fetch(operation.kind))
            self.env["ir.cron"]._commit_progress()
            operation._follow_up()
        elif not self._apply_other():
            raise UnknownObject(f"nothing here is {self.object_id}")

    def _fetch(self, kind):
        gateway = self.account_id._get_gateway()
        return getattr(gateway, KINDS[kind].view)(self.object_id)

    def _find_operation(self):
        """Return the operation of the object: by its id, else by the object's Tag.

        The notification may come before the answer, or instead of it.
        """
        kinds = find_kinds(self.event_type)
        operations = self.env["mangopay.operation"].sudo()
        domain = [("account_id", "=", self.account_id.id), ("kind", "in", kinds)]
        found = operations.search(
            [*domain, ("provider_reference", "=", self.object_id)], limit=1
        )
        if found or not kinds:
            return found
        waiting = [("state", "in", ("sending", "unknown"))]
        if not operations.search_count(domain + waiting, limit=1):
            return operations
        tag = self._fetch(kinds[0]).get("Tag")
        return operations.search(
            [*domain, ("idempotency_key", "=", tag or "")], limit=1
        )

    def _apply_other(self):
        """Hook: treat what no operation of ours made: disputes, returns.

        A user is made by an operation, but lives its own life after it.

        :return: whether the object is known here
        """
        if not self.event_type.startswith(("USER_", "SCA_ENROLLMENT_")):
            return False
        user_sudo = self.env["mangopay.user"].sudo()
        domain = [
            ("account_id", "=", self.account_id.id),
            ("mangopay_id", "=", self.object_id),
        ]
        found = user_sudo.search(domain).try_lock_for_update()
        found._refresh()
        return bool(found)

    # What was missed

    @api.model
    def _recover_missed(self, account, since):
        """Take in what Mangopay announced while nobody listened (45 days at most).

        :param datetime since: naive UTC
        :raise GatewayError: when Mangopay does not say
        """
        gateway = account._get_gateway()
        after = int((since - timedelta(minutes=5)).replace(tzinfo=UTC).timestamp())
        for event_type in EVENT_TYPES:
            for event in self._list_announced(gateway, event_type, after):
                self._receive(
                    (account.id, account.company_id.id),
                    event_type,
                    event["ResourceId"],
                    str(event["Date"]),
                )

    def _list_announced(self, gateway, event_type, after):
        """Return the events of a type; none of a type that Mangopay does not have."""
        try:
            return list(gateway.events(event_type, after=after))
        except GatewayError as error:
            if not error.is_definite:
                raise
            _logger.info("Events %s: %s", event_type, error.message)
            return []
