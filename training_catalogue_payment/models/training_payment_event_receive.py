# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from collections import namedtuple

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .payment_provider import WEBHOOK_EVENTS

_ID = re.compile(r"[A-Za-z0-9_.\-]{1,200}")

Endpoint = namedtuple("Endpoint", "provider_id company_id secret")


class TrainingPaymentEvent(models.Model):
    """How an event enters the inbox: fast, once, and without a conflict."""

    _inherit = "training.payment.event"

    @api.model
    def _find_endpoint(self, token):
        """Return whose address this is, without loading a record: this must be fast."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, company_id, stripe_webhook_secret
                  FROM payment_provider
                 WHERE training_webhook_token = %s
                """,
                token.replace("\x00", ""),
            )
        )
        return Endpoint(*rows[0]) if rows else None

    @api.model
    def _receive(self, endpoint, body):
        """Write an authenticated event down, once, and wake the job.

        :return: whether the body is an event at all
        """
        try:
            event = json.loads(body)
            values = event["id"], event["type"], event["data"]["object"]["id"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return False
        if not all(isinstance(one, str) and _ID.fullmatch(one) for one in values):
            return False
        if values[1] in WEBHOOK_EVENTS:
            self._insert_event(endpoint, *values)
        return True

    def _insert_event(self, endpoint, event_id, event_type, object_id):
        """Insert the event and the trigger of its job, in one statement.

        Not through ``create`` and ``_trigger``: fifty repetitions at once must neither
        raise nor make requests start again, and Stripe is answered at once (P5).
        """
        values = {
            "provider_id": endpoint.provider_id,
            "company_id": endpoint.company_id,
            "event_id": event_id,
            "event_type": event_type,
            "object_id": object_id,
            **self._prepare_received_vals(object_id),
        }
        job = self._get_job(values["bucket"])
        query = SQL(
            """
            WITH event AS (
                INSERT INTO training_payment_event (%(columns)s) VALUES %(values)s
                ON CONFLICT (provider_id, event_id) DO NOTHING
                RETURNING create_uid, create_date
            )
            INSERT INTO ir_cron_trigger
                   (cron_id, call_at, create_uid, create_date, write_uid, write_date)
            SELECT %(cron)s, create_date, create_uid, create_date, create_uid,
                   create_date
              FROM event
            """,
            columns=SQL(", ").join(map(SQL.identifier, values)),
            values=tuple(values.values()),
            cron=self.env["ir.model.data"]._xmlid_to_res_id(job),
        )
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except SerializationFailure:
            # The same event was committed since this transaction began: a duplicate.
            self.env.cr.rollback()
            return
        if self.env.cr.rowcount:
            self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)

    def _prepare_received_vals(self, object_id):
        """Return what `create` would give an event that has just arrived."""
        now, uid = fields.Datetime.now(), self.env.uid
        return {
            "bucket": self._get_bucket(object_id),
            "state": "received",
            "attempts": 0,
            "date_next": now,
            "create_uid": uid,
            "create_date": now,
            "write_uid": uid,
            "write_date": now,
        }
