# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Domain

from ..utils import to_note


class EventEvent(models.Model):
    """A cancelled session owes its prepaid learners another one, or their money (R14).

    Cancelling lists them, archiving waits until they are treated: nothing happens to
    paid enrolments behind anybody's back.
    """

    _inherit = "event.event"

    training_to_treat_count = fields.Integer(
        string="Paid enrolments to move or refund",
        compute="_compute_training_to_treat_count",
        compute_sudo=True,
        help="Of a session that is cancelled or archived.",
    )

    @api.depends("kanban_state", "active", "registration_ids.prepaid_state")
    def _compute_training_to_treat_count(self):
        stopped = self.filtered(
            lambda event: event.kanban_state == "cancel" or not event.active
        )
        counts = dict(
            self.env["event.registration"]._read_group(
                stopped._get_untreated_domain(), ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.training_to_treat_count = counts.get(event._origin, 0)

    def _get_untreated_domain(self):
        """Paid enrolments that a session which does not take place must not keep.

        Validated learners of a session that is over have attended it.
        """
        waiting = Domain("prepaid_state", "in", ("held", "pending"))
        enrolled = Domain("prepaid_state", "=", "validated")
        to_come = Domain("event_id.date_end", ">", fields.Datetime.now())
        here = Domain("event_id", "in", self.ids)
        return here & (waiting | (enrolled & to_come))

    def write(self, vals):
        if vals.get("active") is False:
            self._check_paid_are_treated()
        cancelled = self.browse()
        if vals.get("kanban_state") == "cancel":
            cancelled = self.filtered(lambda event: event.kanban_state != "cancel")
        result = super().write(vals)
        cancelled._tell_paid_are_to_treat()
        return result

    def _check_paid_are_treated(self):
        """:raise RedirectWarning: when archiving would hide paid enrolments"""
        count = (
            self.env["event.registration"]
            .sudo()
            .search_count(self._get_untreated_domain())
        )
        if count:
            raise RedirectWarning(
                self.env._(
                    "%(count)s paid enrolments of this session are neither moved to "
                    "another session nor cancelled and refunded: do that first.",
                    count=count,
                ),
                self._get_action_to_treat(),
                self.env._("See the paid enrolments"),
            )

    def _tell_paid_are_to_treat(self):
        """Leave one activity to who follows each cancelled session."""
        for event in self.filtered("training_to_treat_count"):
            event.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Paid enrolments to move or refund"),
                note=to_note(
                    self.env._(
                        "The session is cancelled: %(count)s learners have paid. Move "
                        "them to another session, or cancel and refund them.",
                        count=event.training_to_treat_count,
                    )
                ),
                user_id=event._get_training_responsible().id or self.env.uid,
            )

    def action_cancel_training_session(self):
        """Cancel the session and list who has paid for it."""
        self.ensure_one()
        if not self.env.user.has_group("event.group_event_user"):
            raise AccessError(self.env._("Only event users cancel sessions."))
        self.check_access("write")
        self.kanban_state = "cancel"
        if self.training_to_treat_count:
            return self._get_action_to_treat()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_view_prepaid_to_treat(self):
        """List the paid enrolments to move or refund."""
        self.check_access("read")
        return self._get_action_to_treat()

    def _get_action_to_treat(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.event_registration_action_to_treat"
        )
        action["domain"] = list(self._get_untreated_domain())
        return action
