# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

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

    def _compute_seats(self):
        """Prepaid prospects count in the seats (A15)."""
        super()._compute_seats()
        pending = dict(
            self.env["event.registration"]
            .sudo()
            ._read_group(
                [("event_ticket_id", "in", self.ids), *self._get_prepaid_domain()],
                ["event_ticket_id"],
                ["__count"],
            )
            if any(self.event_id.mapped("is_training_session"))
            else []
        )
        for ticket in self:
            count = pending.get(ticket._origin, 0)
            ticket.seats_reserved += count
            ticket.seats_taken += count
            if ticket.seats_max:
                ticket.seats_available -= count

    def _get_prepaid_domain(self):
        return [
            ("prepaid_state", "=", "pending"),
            ("state", "=", "draft"),
            ("active", "=", True),
        ]
