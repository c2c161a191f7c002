# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.website_event.controllers.main import WebsiteEventController


class TrainingEventController(WebsiteEventController):
    """Odoo's own event pages do not register for a training session.

    Whoever posts there would choose the buyer, the price's ticket or the number of
    seats without the checks of the purchase page (A9, R4, R5).
    """

    @route()
    def event_register(self, event, **post):
        """Show the programme, where its sessions are bought."""
        programme = request.website._find_programme(event.sudo().programme_id.id)
        if programme and not request.env.user._is_internal():
            return request.redirect(f"{programme.website_url}#training_sessions")
        return super().event_register(event, **post)

    @route()
    def registration_tickets(self, event, slot_id):
        """Refuse to choose tickets of a training session."""
        self._refuse_training_session(event)
        return super().registration_tickets(event, slot_id)

    @route()
    def registration_new(self, event, **post):
        """Refuse to fill in learners of a training session."""
        self._refuse_training_session(event)
        return super().registration_new(event, **post)

    @route()
    def registration_confirm(self, event, **post):
        """Refuse to register for a training session."""
        self._refuse_training_session(event)
        return super().registration_confirm(event, **post)

    def _refuse_training_session(self, event):
        if event.sudo().is_training_session:
            raise UserError(
                request.env._(
                    "Enrolments in this training session are made on the page of its "
                    "programme, in the online catalogue."
                )
            )
