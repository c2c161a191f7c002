# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import zlib
from datetime import timedelta

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BUCKETS = 16
BATCH = 200
ROUNDS = 3
KEEP_DAYS = 90
# Minutes before the next try; after the last one a person decides.
PATIENCE = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440)
# Two jobs met on the same rows, or wrote the same one: it is simply taken again. What
# Odoo does for a request (service/model.py, `retrying`) a job has to do itself.
COLLISIONS = (psycopg2.OperationalError, LockError, ConcurrencyError)
# What a broken event or a broken record can do; one must not stop the others.
POISONS = (
    UserError,
    psycopg2.Error,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


# Each inbox has the field itself: the names of its values are then its own addon's.
STATES = [
    ("received", "Received"),
    ("done", "Done"),
    ("parked", "Parked"),
    ("failed", "Failed"),
]


class UnknownObject(Exception):
    """The event is about something that is not here, or not here yet."""


class TrainingInboxMixin(models.AbstractModel):
    """An inbox of a payment provider's events (D8).

    An event is a hint that something changed. It is written down before it is
    answered, once, and a job then asks the provider for the present state: order,
    delay, repetition and content of the events do not matter.

    A model of this kind has the field ``state`` (`STATES`). It says what an event
    leads to (`_apply`), which job takes a bucket (`_get_job`), and which errors mean
    that the provider did not answer.
    """

    _name = "training.inbox.mixin"
    _description = "Inbox of events"
    _order = "id desc"

    #: Exceptions after which the event is put aside, beside `UnknownObject`.
    _silences = ()

    company_id = fields.Many2one("res.company", readonly=True)
    event_type = fields.Char(string="Type", required=True, readonly=True)
    object_id = fields.Char(required=True, readonly=True)
    bucket = fields.Integer(
        readonly=True,
        help="Events of one object share a bucket, so one job takes them.",
    )
    attempts = fields.Integer(readonly=True)
    date_next = fields.Datetime(string="Next try", readonly=True)
    error = fields.Char(readonly=True)

    _due_index = models.Index(
        "(bucket, date_next) WHERE state IN ('received', 'parked')"
    )

    def _apply(self):
        """Bring what the event is about to the provider's present state.

        :raise UnknownObject: when nothing here corresponds to it, for now
        """
        raise NotImplementedError

    @api.model
    def _get_job(self, bucket):
        """Return the external id of the job that takes the events of a bucket."""
        raise NotImplementedError

    def action_retry(self):
        """Try again now, at a person's request."""
        if not self.env.user.has_groups(
            "account.group_account_manager,base.group_system"
        ):
            raise AccessError(self.env._("Only accounting managers may do this."))
        self.check_access("read")
        events_sudo = self.sudo().filtered(lambda event: event.state != "done")
        events_sudo.write(
            {"state": "received", "attempts": 0, "date_next": fields.Datetime.now()}
        )
        for event_sudo in events_sudo:
            event_sudo._trigger_job(event_sudo.bucket)

    @api.model
    def _get_bucket(self, object_id):
        return zlib.crc32(object_id.encode()) % BUCKETS

    @api.model
    def _trigger_job(self, bucket, at=None):
        self.env["ir.cron"]._plan_job(self._get_job(bucket), at)

    @api.model
    def _domain_due(self, first_bucket, last_bucket):
        return [
            ("state", "in", ("received", "parked")),
            ("bucket", ">=", first_bucket),
            ("bucket", "<=", last_bucket),
            ("date_next", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _cron_process_events(self, first_bucket=0, last_bucket=BUCKETS - 1):
        """Treat the events of some buckets, one commit or more each.

        Several jobs share a backlog by buckets; within a bucket rows are locked, so a
        job started by hand beside the planned one does no harm.
        """
        domain = self._domain_due(first_bucket, last_bucket)
        events = self.search(domain, order="attempts, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for event in events:
            # A commit empties the cache: alone, or each would read all of them again.
            event.with_prefetch()._process_event()
            if not progress(1):
                break

    def _process_event(self):
        """Treat one event; whatever happens, the next one can be treated."""
        event = self._claim()
        for _round in range(ROUNDS if event else 0):
            try:
                event.with_company(event.company_id)._apply()
                event.write({"state": "done", "date_next": False, "error": False})
                self.env["ir.cron"]._commit_progress()
            except COLLISIONS as error:
                self.env.cr.rollback()
                _logger.info("Event %s is taken again: %s", event.id, error)
                continue
            except (UnknownObject, *self._silences) as error:
                self.env.cr.rollback()
                event._set_parked(
                    str(error), is_unknown=isinstance(error, UnknownObject)
                )
            except POISONS as error:
                self.env.cr.rollback()
                _logger.exception("Event %s could not be treated", event.id)
                event._set_parked(str(error))
            return
        if event:
            event._trigger_job(event.bucket, event.date_next)

    def _claim(self):
        """Take a due event: its attempt is committed before it is made.

        An event that kills the process thus waits for its turn instead of coming
        first for ever.
        """
        domain = self._domain_due(0, BUCKETS - 1)
        try:
            event = self.try_lock_for_update().filtered_domain(domain)
            if event:
                event._set_waiting()
                self.env["ir.cron"]._commit_progress()
        except COLLISIONS:
            self.env.cr.rollback()
            return self.browse()
        return event

    def _set_waiting(self):
        """Count an attempt, and plan the next one in case this one ends badly."""
        self.ensure_one()
        minutes = PATIENCE[min(self.attempts, len(PATIENCE) - 1)]
        self.write(
            {
                "attempts": self.attempts + 1,
                "date_next": fields.Datetime.now() + timedelta(minutes=minutes),
            }
        )

    def _set_parked(self, message, is_unknown=False):
        """Put the event aside until its next try.

        What stays unknown is not a failure: the account may serve other systems.
        """
        is_over = self.attempts >= len(PATIENCE)
        self.write(
            {
                "state": "failed" if is_over and not is_unknown else "parked",
                "date_next": not is_over and self.date_next,
                "error": message[:500],
            }
        )
        if not is_over:
            self._trigger_job(self.bucket, self.date_next)

    def _insert_once(self, values, unique):
        """Insert an event and the trigger of its job, in one statement, unless known.

        Not through ``create`` and ``_trigger``: fifty repetitions at once must neither
        raise nor make requests start again, and the provider is answered at once (P5).

        :param dict values: of the columns that say what the event is
        :param list unique: the columns that make two events the same
        """
        values = {**values, **self._prepare_received_vals(values["object_id"])}
        job = self._get_job(values["bucket"])
        query = SQL(
            """
            WITH event AS (
                INSERT INTO %(table)s (%(columns)s) VALUES %(values)s
                ON CONFLICT (%(unique)s) DO NOTHING
                RETURNING create_uid, create_date
            )
            INSERT INTO ir_cron_trigger
                   (cron_id, call_at, create_uid, create_date, write_uid, write_date)
            SELECT %(cron)s, create_date, create_uid, create_date, create_uid,
                   create_date
              FROM event
            """,
            table=SQL.identifier(self._table),
            columns=SQL(", ").join(map(SQL.identifier, values)),
            values=tuple(values.values()),
            unique=SQL(", ").join(map(SQL.identifier, unique)),
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

    @api.autovacuum
    def _gc_events(self):
        if self._abstract:
            return
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        domain = [("date_next", "=", False), ("create_date", "<", limit)]
        self.search(domain, limit=10_000).unlink()
