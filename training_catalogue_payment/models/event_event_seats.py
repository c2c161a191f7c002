# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class EventEvent(models.Model):
    """The seats of a session: taken, prepaid, held, left (A15)."""

    _inherit = "event.event"

    seat_counter_ids = fields.One2many(
        "training.seat.counter", "event_id", groups="event.group_event_user"
    )
    has_seat_limit = fields.Boolean(
        compute="_compute_training_seats_left", compute_sudo=True
    )
    training_seats_left = fields.Integer(
        string="Seats left", compute="_compute_training_seats_left", compute_sudo=True
    )

    @api.depends("registration_ids.prepaid_state")
    def _compute_seats(self):
        """Prepaid prospects count in the seats (A15)."""
        super()._compute_seats()
        sessions = self.filtered("is_training_session")
        if not sessions:
            return
        registrations_sudo = self.env["event.registration"].sudo()
        pending = dict(
            registrations_sudo._read_group(
                Domain("event_id", "in", sessions.ids)
                & registrations_sudo._get_prepaid_domain(),
                ["event_id"],
                ["__count"],
            )
        )
        for event in sessions:
            count = pending.get(event._origin, 0)
            event.seats_reserved += count
            event.seats_taken += count
            if event.seats_max:
                event.seats_available -= count

    @api.depends("seat_counter_ids.reserved", "seat_counter_ids.maximum")
    def _compute_training_seats_left(self):
        # One query for ids and values, where the one2many takes two (bars P1).
        counters = self.env["training.seat.counter"].search_fetch(
            Domain("event_id", "in", self._origin.ids),
            ["event_id", "maximum", "reserved"],
        )
        by_event = counters.grouped("event_id")
        for event in self:
            limits = [
                counter.maximum - counter.reserved
                for counter in by_event.get(event._origin, ())
                if counter.maximum
            ]
            event.has_seat_limit = bool(limits)
            event.training_seats_left = max(min(limits), 0) if limits else 0

    @staticmethod
    def _free_seats_sql(model, alias, _query):
        model.env["training.seat.counter"].flush_model(["maximum", "reserved"])
        return SQL(
            """NOT EXISTS (
                SELECT 1 FROM training_seat_counter counter
                WHERE counter.event_id = %s AND counter.maximum > 0
                AND counter.reserved >= counter.maximum)""",
            SQL.identifier(alias, "id"),
        )

    def _has_free_seats(self, seats):
        self.ensure_one()
        event_sudo = self.sudo()
        return not event_sudo.has_seat_limit or event_sudo.training_seats_left >= seats
