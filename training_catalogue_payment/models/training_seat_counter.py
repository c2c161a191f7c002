# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

MAX_ACQUIRE_TRIES = 100
TOO_LATE = (SerializationFailure, DeadlockDetected)
PRECOMMIT_KEY = "training_catalogue_payment.seats"


class TrainingSeatCounter(models.Model):
    """How many seats of a session, or of one of its tickets, are gone.

    ``reserved`` = registrations that occupy a seat (registered, attended, prepaid
    prospect) + seats held for buyers who are paying. Under REPEATABLE READ a row
    lock followed by a count does not protect (bars R1), so the row itself is the
    guard and there are only two ways to change it:

    * a buyer takes seats by a guarded ``UPDATE`` in a short cursor of its own,
      retried at once when another buyer was faster (`_acquire`);
    * every other writer of registrations marks the session, and the counter is
      set to the recounted number just before commit (`_settle`). If anybody changed
      the row in between, PostgreSQL refuses and Odoo replays the request. Turning a
      hold into a registration leaves the sum alone, so paying buyers never meet here.
    """

    _name = "training.seat.counter"
    _description = "Training Seat Counter"
    _log_access = False

    event_id = fields.Many2one(
        "event.event", required=True, ondelete="cascade", index=True
    )
    event_ticket_id = fields.Many2one(
        "event.event.ticket",
        ondelete="cascade",
        help="Empty: the whole session; set: one ticket with a limit of its own.",
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True)
    reserved = fields.Integer(default=0, required=True)
    maximum = fields.Integer(default=0, required=True, help="0 = no limit.")
    hold_ids = fields.One2many("training.seat.hold", "counter_id")

    _event_ticket_uniq = models.UniqueIndex("(event_id, COALESCE(event_ticket_id, 0))")

    # Buyers: guarded updates in their own short cursor

    @api.private
    def _acquire(self, event, ticket, order_id, quantity, expires_at):
        """Hold `quantity` seats for an order until `expires_at`.

        Committed at once, in a cursor of its own: it does not wait for, nor fall
        with, the request of the buyer. Calling again replaces the order's hold.

        :return: whether the seats are held
        :rtype: bool
        """
        for _attempt in range(MAX_ACQUIRE_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    counters = self.with_env(self.env(cr=cr)).sudo()
                    return counters._try_acquire(
                        event.id, ticket.id, order_id, quantity, expires_at
                    )
            except TOO_LATE:
                continue  # another buyer was faster: look again at once
        return False

    def _try_acquire(self, event_id, ticket_id, order_id, quantity, expires_at):
        """One attempt of `_acquire`, in the current cursor. All or nothing."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            self._drop_hold(order_id)
            if not self._acquire_guarded(event_id, ticket_id, quantity):
                self._drop_expired_holds(event_id)
                if not self._acquire_guarded(event_id, ticket_id, quantity):
                    savepoint.rollback()
                    return False
            self._insert_hold(event_id, ticket_id, order_id, quantity, expires_at)
        return True

    def _acquire_guarded(self, event_id, ticket_id, quantity):
        """Take seats on the session's counter and on the ticket's, if it has one.

        :return: whether all of them had room; if not, none is changed
        """
        self.env.cr.execute(
            SQL(
                """UPDATE training_seat_counter
                   SET reserved = reserved + %(quantity)s
                   WHERE event_id = %(event_id)s
                   AND COALESCE(event_ticket_id, %(ticket_id)s) = %(ticket_id)s
                   AND NOT EXISTS (
                       SELECT 1 FROM training_seat_counter short
                       WHERE short.event_id = %(event_id)s
                       AND COALESCE(short.event_ticket_id, %(ticket_id)s)
                           = %(ticket_id)s
                       AND short.maximum > 0
                       AND short.reserved + %(quantity)s > short.maximum)""",
                quantity=quantity,
                event_id=event_id,
                ticket_id=ticket_id,
            ),
            log_exceptions=False,  # being too late is no error, see _acquire
        )
        return self.env.cr.rowcount > 0

    def _insert_hold(self, event_id, ticket_id, order_id, quantity, expires_at):
        self.env.cr.execute(
            SQL(
                """INSERT INTO training_seat_hold
                       (counter_id, event_ticket_id, order_ref, quantity, expires_at)
                   SELECT id, %s, %s, %s, %s FROM training_seat_counter
                   WHERE event_id = %s AND event_ticket_id IS NULL""",
                ticket_id,
                order_id,
                quantity,
                expires_at,
                event_id,
            )
        )

    def _drop_hold(self, order_id):
        """Release what this order holds, on the session and its ticket."""
        self._drop_holds(SQL("order_ref = %s", order_id))

    def _drop_expired_holds(self, event_id):
        self._drop_holds(
            SQL(
                """expires_at < %s AND counter_id IN (
                    SELECT id FROM training_seat_counter WHERE event_id = %s)""",
                fields.Datetime.now(),
                event_id,
            )
        )

    def _drop_holds(self, condition):
        """Delete the holds that match and give their seats back, in one statement."""
        self.env.cr.execute(
            SQL(
                """WITH gone AS (
                    DELETE FROM training_seat_hold WHERE %s
                    RETURNING counter_id, event_ticket_id, quantity
                ), freed AS (
                    SELECT counter.id, sum(gone.quantity) AS quantity
                    FROM gone
                    JOIN training_seat_counter own ON own.id = gone.counter_id
                    JOIN training_seat_counter counter
                        ON counter.event_id = own.event_id
                        AND COALESCE(counter.event_ticket_id, gone.event_ticket_id)
                            = gone.event_ticket_id
                    GROUP BY counter.id
                )
                UPDATE training_seat_counter counter
                SET reserved = counter.reserved - freed.quantity
                FROM freed WHERE freed.id = counter.id""",
                condition,
            ),
            log_exceptions=False,
        )

    # Everybody else: recount just before commit

    @api.model
    def _mark(self, events):
        """Have the counters of these sessions recounted before the commit."""
        if not events:
            return
        precommit = self.env.cr.precommit
        marked = precommit.data.get(PRECOMMIT_KEY)
        if marked is None:
            marked = precommit.data[PRECOMMIT_KEY] = set()
            precommit.add(self.sudo()._settle_marked)
        marked.update(events.ids)

    def _settle_marked(self):
        event_ids = self.env.cr.precommit.data.pop(PRECOMMIT_KEY, set())
        self._settle(sorted(event_ids))

    def _settle(self, event_ids):
        """Set the counters to what registrations and holds say.

        :raise UserError: when more seats would be taken than there are
        """
        if not event_ids:
            return
        self.env.flush_all()
        of_events = SQL("c.event_id = ANY(%s)", list(event_ids))
        self.env.cr.execute(self._recount_sql(of_events))
        changes = self.env.cr.fetchall()
        self._forget_cached_seats()
        for counter_id, before, after, maximum in changes:
            if maximum and after > maximum and after > before:
                event = self.browse(counter_id).event_id
                raise UserError(
                    self.env._(
                        "There are not enough seats left in %(session)s.",
                        session=event.display_name,
                    )
                )

    def _forget_cached_seats(self):
        """Have the numbers that SQL changed read again."""
        self.invalidate_model(["reserved"], flush=False)
        self.env["event.event"].invalidate_model(
            ["has_seat_limit", "is_sellable_online", "training_seats_left"],
            flush=False,
        )

    def _recount_sql(self, condition):
        """One UPDATE that touches only the counters that are wrong.

        :param SQL condition: which counters, ``c``, are recounted
        """
        return SQL(
            """UPDATE training_seat_counter counter SET reserved = actual.seats
               FROM (
                   SELECT c.id, c.reserved AS before,
                     (SELECT count(*) FROM event_registration r
                      WHERE r.event_id = c.event_id AND r.active
                      AND (c.event_ticket_id IS NULL
                           OR r.event_ticket_id = c.event_ticket_id)
                      AND (r.state IN ('open', 'done')
                           OR (r.state = 'draft'
                               AND r.prepaid_state IN ('held', 'pending'))))
                   + (SELECT COALESCE(sum(h.quantity), 0) FROM training_seat_hold h
                      JOIN training_seat_counter own ON own.id = h.counter_id
                      WHERE own.event_id = c.event_id
                      AND COALESCE(c.event_ticket_id, h.event_ticket_id)
                          = h.event_ticket_id) AS seats
                   FROM training_seat_counter c WHERE %s
               ) actual
               WHERE actual.id = counter.id AND actual.seats <> counter.reserved
               RETURNING counter.id, actual.before,
                         counter.reserved, counter.maximum""",
            condition,
        )

    @api.model
    def _cron_recount(self):
        """Compare every counter of a session to come with the registrations (D3)."""
        counters = self.search([("event_id.date_end", ">=", fields.Datetime.now())])
        # A limit set on a ticket when nothing followed it: guarded from now on.
        self._ensure_for(counters.event_id)
        to_come = SQL("c.event_id = ANY(%s)", counters.event_id.ids)
        self.env.cr.execute(self._recount_sql(to_come))
        for counter_id, before, after, _maximum in self.env.cr.fetchall():
            _logger.warning(
                "Seat counter %(id)s said %(before)s, recounted %(after)s",
                {"id": counter_id, "before": before, "after": after},
            )
        self._forget_cached_seats()
