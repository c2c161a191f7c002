# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..services.move import BEING_MADE, Refusal
from ..services.sellability import Reason


class EventEvent(models.Model):
    """A session as the target of a move, or as where learners leave (A22)."""

    _inherit = "event.event"

    training_leaving_text = fields.Char(
        string="Being assigned elsewhere",
        compute="_compute_training_leaving_text",
        compute_sudo=True,
    )

    @api.depends_context("lang")
    def _compute_training_leaving_text(self):
        """Say who is about to leave: a job is making their documents (P6)."""
        leaving = self.env["training.move"]._read_group(
            [("source_session_id", "in", self.ids), ("state", "in", BEING_MADE)],
            ["source_session_id"],
            ["learner_count:sum"],
        )
        counts = {event.id: count for event, count in leaving}
        for event in self:
            count = counts.get(event._origin.id)
            event.training_leaving_text = count and self.env._(
                "%(count)s learner(s) of this session are being assigned to another "
                "one: their documents are being made.",
                count=count,
            )

    @api.depends("date_begin", "date_end")
    @api.depends_context("lang", "training_with_dates")
    def _compute_display_name(self):
        """Say the dates too, where one of several sessions is chosen."""
        super()._compute_display_name()
        if self.env.context.get("training_with_dates"):
            for event in self.filtered("is_training_session"):
                event.display_name = (
                    f"{event.display_name} – {event._get_catalogue_dates()}"
                )

    def action_move_prepaid(self):
        """Open « Assign to another session » on the session's paid learners."""
        self.ensure_one()
        learners = self.env["event.registration"].search(
            [
                ("event_id", "=", self.id),
                ("prepaid_state", "in", ("pending", "validated")),
            ]
        )
        return learners.action_move_prepaid()

    def _get_move_refusal_words(self, order, learners):
        """Return the sentence of each refusal, in the current language."""
        _ = self.env._
        return {
            Refusal.NOBODY: _("Choose at least one learner who is still enrolled."),
            Refusal.SAME_SESSION: _("These learners are already in this session."),
            Refusal.OTHER_COMPANY: _(
                "%(session)s belongs to another company than the purchase.",
                session=self.display_name,
            ),
            Refusal.NOT_A_SESSION: _("Choose a session of a training programme."),
            Refusal.UNDER_WAY: _(
                "Another assignment of %(order)s, with a complement, is not done yet: "
                "abandon that one first.",
                order=order.name,
            ),
            Refusal.CANCELLED: _(
                "%(session)s is cancelled.", session=self.display_name
            ),
            Refusal.FULL: _(
                "%(session)s has %(left)s seats left for %(count)s learners.",
                session=self.display_name,
                left=self.training_seats_left,
                count=learners,
            ),
            Refusal.COMPANIES_ONLY: _(
                "%(session)s is professional training, which is sold to companies "
                "only: an individual cannot be assigned to it.",
                session=self.display_name,
            ),
        }

    def _get_move_warning_messages(self, reasons):
        """Return what staff should know, with other words where money is concerned."""
        words = self._get_reason_words(self.programme_id[:1])
        words[Reason.NO_PRICE] = self.env._(
            "The session has no price: the learners keep what they paid."
        )
        words[Reason.STARTED] = self.env._(
            "The session has already started or is over."
        )
        return [words[reason] for reason in reasons]

    def _raise_seats_for(self, learners):
        """Make room for more learners, at an event user's request.

        :raise AccessError: for who does not plan sessions
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group("event.group_event_user")):
            raise AccessError(self.env._("Only event users raise the seats."))
        for counter_sudo in self.sudo().seat_counter_ids:
            needed = counter_sudo.reserved + learners
            if counter_sudo.maximum and counter_sudo.maximum < needed:
                (counter_sudo.event_ticket_id or counter_sudo.event_id).write(
                    {"seats_max": needed}
                )
        self.sudo().seat_counter_ids._sync_maximum()
