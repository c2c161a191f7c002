# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from collections import namedtuple

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

    @api.model
    def _recover(self, provider, events):
        """Take in the events that Stripe could not deliver, and return them.

        :param list[dict] events: what Stripe says it made for this account
        """
        ids = [event["id"] for event in events]
        domain = [("provider_id", "=", provider.id), ("event_id", "in", ids)]
        known = set(self.search(domain).mapped("event_id"))
        missed = [event for event in events if event["id"] not in known]
        rows = self.create(
            [self._prepare_recovered_vals(provider, event) for event in missed]
        )
        for bucket in set(rows.mapped("bucket")):
            self._trigger_job(bucket)
        return missed

    def _prepare_recovered_vals(self, provider, event):
        object_id = event["data"]["object"]["id"]
        return {
            "provider_id": provider.id,
            "company_id": provider.company_id.id,
            "event_id": event["id"],
            "event_type": event["type"],
            "object_id": object_id,
            "bucket": self._get_bucket(object_id),
            "date_next": fields.Datetime.now(),
        }

    def _insert_event(self, endpoint, event_id, event_type, object_id):
        self._insert_once(
            {
                "provider_id": endpoint.provider_id,
                "company_id": endpoint.company_id,
                "event_id": event_id,
                "event_type": event_type,
                "object_id": object_id,
            },
            ["provider_id", "event_id"],
        )
