# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    def write(self, vals):
        """Guard the limit of a managed ticket as soon as it has one (A15): it is made
        without, and staff set it in the « Tickets » tab."""
        result = super().write(vals)
        if "seats_max" in vals:
            sessions = self.event_id.filtered(
                lambda event: event.training_ticket_id in self
            )
            self.env["training.seat.counter"]._ensure_for(sessions)
        return result

    @api.depends(
        "event_id.training_ticket_id",
        "event_id.session_price",
        "event_id.programme_id.list_price",
    )
    def _compute_price(self):
        """The managed ticket of a session carries its price (decision D5): checkout
        recomputes the cart from the ticket, so the price must live there."""
        managed = self.filtered(
            lambda ticket: ticket == ticket.event_id.training_ticket_id
        )
        for ticket in managed:
            ticket.price = ticket.event_id.training_price
        super(EventEventTicket, self - managed)._compute_price()

    @api.depends("registration_ids.prepaid_state")
    def _compute_seats(self):
        """Prepaid prospects count in the seats (A15)."""
        super()._compute_seats()
        tickets = self.filtered("event_id.is_training_session")
        if not tickets:
            return
        registrations_sudo = self.env["event.registration"].sudo()
        pending = dict(
            registrations_sudo._read_group(
                Domain("event_ticket_id", "in", tickets.ids)
                & registrations_sudo._get_prepaid_domain(),
                ["event_ticket_id"],
                ["__count"],
            )
        )
        for ticket in tickets:
            count = pending.get(ticket._origin, 0)
            ticket.seats_reserved += count
            ticket.seats_taken += count
            if ticket.seats_max:
                ticket.seats_available -= count
