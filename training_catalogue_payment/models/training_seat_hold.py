# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .training_seat_counter import TOO_LATE

MAX_RELEASE_TRIES = 20


class TrainingSeatHold(models.Model):
    """Seats kept for a buyer who is paying, until a time.

    Written by `training.seat.counter`, in cursors that see committed data only: the
    order is a plain number, because a foreign key would wait for the lock that the
    paying request holds on its order.
    """

    _name = "training.seat.hold"
    _description = "Training Seat Hold"
    _log_access = False

    counter_id = fields.Many2one(
        "training.seat.counter", required=True, ondelete="cascade", index=True
    )
    event_id = fields.Many2one(related="counter_id.event_id")
    event_ticket_id = fields.Many2one(
        "event.event.ticket", required=True, ondelete="cascade"
    )
    order_ref = fields.Integer(string="Order", required=True)
    quantity = fields.Integer(required=True)
    expires_at = fields.Datetime(required=True, index=True)

    _order_uniq = models.UniqueIndex("(order_ref, event_ticket_id)")
    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "A hold keeps at least one seat."
    )

    @api.model
    def _consume(self, order):
        """Turn the hold of a paid order into its registrations.

        The counter is left alone: the registrations become prepaid in the same
        transaction, so that the sum does not change.

        :return: the number of seats that were held
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM training_seat_hold
                   WHERE order_ref = %s RETURNING quantity""",
                order.id,
            )
        )
        self.env["training.seat.counter"]._mark(order.training_session_id)
        return sum(quantity for (quantity,) in self.env.cr.fetchall())

    @api.model
    def _held_by(self, order, as_of=None):
        """Return the seats that this order holds and whose time is not over."""
        self.env.cr.execute(
            SQL(
                """SELECT COALESCE(sum(quantity), 0) FROM training_seat_hold
                   WHERE order_ref = %s
                   AND expires_at >= %s""",
                order.id,
                as_of or fields.Datetime.now(),
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _cron_release_expired(self):
        """Give back the seats of buyers who did not pay in time."""
        expired = SQL("expires_at < %s", fields.Datetime.now())
        for _attempt in range(MAX_RELEASE_TRIES):
            try:
                self.env["training.seat.counter"].sudo()._drop_holds(expired)
            except TOO_LATE:
                # A buyer took or paid for a seat at this moment: look again.
                self.env.cr.rollback()
            else:
                return
