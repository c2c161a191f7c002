# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from functools import partial

from psycopg2.errors import SerializationFailure

from odoo import models
from odoo.tools import SQL

GUARD_OFF = "training_payment_sandbox.seat_guard_off"
#: Long enough for buyers of the same instant to have taken their view of the table.
PAUSE = 1.0


class TrainingSeatCounter(models.Model):
    """The control of the tests of the last seat: the same shop without its guard.

    With the parameter ``training_payment_sandbox.seat_guard_off`` seats are taken by
    what many would write: lock the session, count, insert. Under REPEATABLE READ all
    buyers count what they saw before they waited for the lock, so that the tests must
    see a seat sold twice. If they do not, they prove nothing of the guarded counter.
    """

    _inherit = "training.seat.counter"

    def _acquire_guarded(self, event_id, ticket_id, quantity):
        """Override of `training_catalogue_payment` to lock and count instead."""
        if not self.env["ir.config_parameter"].sudo().get_param(GUARD_OFF):
            return super()._acquire_guarded(event_id, ticket_id, quantity)
        time.sleep(PAUSE)
        self.env.cr.execute(
            SQL("SELECT 1 FROM event_event WHERE id = %s FOR NO KEY UPDATE", event_id)
        )
        if not self._has_room_as_counted(event_id, quantity):
            return False
        # The number itself stays right: it is the look before that is too old.
        self.env.cr.postcommit.add(partial(self._add_reserved, event_id, quantity))
        return True

    def _has_room_as_counted(self, event_id, quantity):
        """Count the seats that are gone as this transaction sees them."""
        self.env.cr.execute(
            SQL(
                """SELECT seats_max - %(quantity)s
                     - (SELECT count(*) FROM event_registration
                        WHERE event_id = %(event_id)s AND prepaid_state = 'pending')
                     - (SELECT COALESCE(sum(hold.quantity), 0)
                        FROM training_seat_hold hold
                        JOIN training_seat_counter own ON own.id = hold.counter_id
                        WHERE own.event_id = %(event_id)s)
                   FROM event_event WHERE id = %(event_id)s""",
                event_id=event_id,
                quantity=quantity,
            )
        )
        return self.env.cr.fetchone()[0] >= 0

    def _add_reserved(self, event_id, quantity):
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(
                        SQL(
                            """UPDATE training_seat_counter
                               SET reserved = reserved + %s WHERE event_id = %s""",
                            quantity,
                            event_id,
                        )
                    )
                    return
            except SerializationFailure:
                continue
