# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import operator as py_operator

from odoo import api, fields, models

COMPARISONS = {
    ">": py_operator.gt,
    ">=": py_operator.ge,
    "<": py_operator.lt,
    "<=": py_operator.le,
}


class EventEvent(models.Model):
    """The session's prepaid prospects (A16, A17)."""

    _inherit = "event.event"

    prepaid_registration_ids = fields.One2many(
        "event.registration",
        "event_id",
        string="Prepaid prospects",
        domain=[("prepaid_state", "=", "pending")],
        groups="event.group_event_registration_desk",
    )
    prepaid_pending_count = fields.Integer(
        string="Prepaid waiting",
        compute="_compute_prepaid_pending_count",
        search="_search_prepaid_pending_count",
        help="Learners paid online who wait for their enrolment to be validated.",
    )

    @api.depends("registration_ids.prepaid_state", "registration_ids.active")
    def _compute_prepaid_pending_count(self):
        counts = dict(self._read_prepaid_counts([("event_id", "in", self.ids)]))
        for event in self:
            event.prepaid_pending_count = counts.get(event._origin, 0)

    def _search_prepaid_pending_count(self, operator, value):
        """Few sessions have somebody waiting: count those, keep the matching ones."""
        counts = {event.id: count for event, count in self._read_prepaid_counts([])}
        if operator == "in":
            found = {event_id for event_id, count in counts.items() if count in value}
            matches_zero = 0 in value
        elif operator in COMPARISONS:
            compare = COMPARISONS[operator]
            found = {e_id for e_id, count in counts.items() if compare(count, value)}
            matches_zero = compare(0, value)
        else:
            return NotImplemented
        if matches_zero:
            return [("id", "not in", list(counts.keys() - found))]
        return [("id", "in", list(found))]

    def _read_prepaid_counts(self, domain):
        """Return (session, number of prospects waiting) for sessions that have some."""
        return (
            self.env["event.registration"]
            .sudo()
            ._read_group(
                [("prepaid_state", "=", "pending"), *domain], ["event_id"], ["__count"]
            )
        )

    def action_view_prepaid_registrations(self):
        """Open the session's prepaid prospects."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.event_registration_action_prepaid"
        )
        action["domain"] = [
            ("event_id", "=", self.id),
            ("prepaid_state", "=", "pending"),
        ]
        action["context"] = {"default_event_id": self.id}
        return action

    def action_validate_prepaid(self):
        """Open all the session's prospects to complete and validate (A20)."""
        self.ensure_one()
        return self.prepaid_registration_ids.action_open_prepaid_validation()

    def action_view_training_requests(self):
        """Open the requests about this session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_catalogue_payment.training_request_action"
        )
        action["domain"] = [("session_id", "=", self.id)]
        action["context"] = {"default_session_id": self.id}
        return action
