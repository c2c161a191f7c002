# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class TrainingSeatCounter(models.Model):
    """Which limits the counters guard: the session's, and its managed ticket's.

    A session sells online by its managed ticket alone (decision D5). Stock guards the
    others; a full « Invited » ticket is no reason to stop the sale.
    """

    _inherit = "training.seat.counter"

    @api.model
    def _ensure_for(self, events):
        """Create the missing counters of these sessions, and copy their limits."""
        events_sudo = events.sudo()
        existing = {
            (c.event_id, c.event_ticket_id) for c in events_sudo.seat_counter_ids
        }
        no_ticket = self.env["event.event.ticket"]
        wanted = [(event, no_ticket) for event in events_sudo] + [
            (ticket.event_id, ticket)
            for ticket in events_sudo.training_ticket_id
            if ticket.seats_max
        ]
        counters = self.sudo().create(
            [
                {"event_id": event.id, "event_ticket_id": ticket.id}
                for event, ticket in wanted
                if (event, ticket) not in existing
            ]
        )
        events_sudo.seat_counter_ids._sync_maximum()
        counters.filtered("event_ticket_id")._start_from_taken()
        self._mark(counters.event_id)

    def _sync_maximum(self):
        """Copy the limit of the session or of the ticket. Lowering it below what is
        taken is allowed: nobody loses a seat, no more is sold."""
        for counter_sudo in self.sudo():
            ticket, event = counter_sudo.event_ticket_id, counter_sudo.event_id
            if ticket:
                maximum = ticket.seats_max
            else:
                maximum = event.seats_max if event.seats_limited else 0
            if counter_sudo.maximum != maximum:
                counter_sudo.maximum = maximum

    def _start_from_taken(self):
        """Start the counters of limited tickets from what is taken and held already.

        Left at zero, the count before the commit would take all of it for new, and
        refuse a limit that is below it.

        The session's own counter is written as well: a buyer who takes a seat at this
        moment sees nothing of the new counter, and would pass its limit. Of the two,
        PostgreSQL lets one be done and has the other look again.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE training_seat_counter SET maximum = maximum
                   WHERE event_ticket_id IS NULL AND event_id = ANY(%s)""",
                self.event_id.ids,
            )
        )
        self.env.cr.execute(self._recount_sql(SQL("c.id = ANY(%s)", self.ids)))
        self._forget_cached_seats()
