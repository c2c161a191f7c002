# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..utils import refuse_protected, refuse_protected_new

PROTECTED = {"prepaid_state"}
#: who treats prepaid prospects
TREATING_GROUPS = "event.group_event_user,sales_team.group_sale_salesman"
# Moving a paid learner from its order would part it from its money.
ORDER_FIELDS = {"sale_order_id", "sale_order_line_id"}


class EventRegistration(models.Model):
    """A learner. Paid online, it is a prepaid prospect until staff validate it.

    A prospect is a registration in state ``draft`` whose order is sold, with
    `prepaid_state` = ``pending`` (decision D3): it receives no mail of the session
    and triggers no rule of a confirmed attendee, but it occupies a seat.
    """

    _inherit = "event.registration"

    prepaid_state = fields.Selection(
        selection=[
            ("held", "Paid, waiting"),
            ("pending", "Prepaid"),
            ("validated", "Validated"),
            ("cancelled", "Cancelled"),
        ],
        copy=False,
        readonly=True,
        index="btree_not_null",
        tracking=True,
    )
    learner_to_complete = fields.Boolean(
        compute="_compute_learner_to_complete",
        help="The buyer has not given this learner's name and e-mail yet.",
    )
    training_mail_hold = fields.Selection(
        selection=[
            ("unwanted", "Staff chose not to send them"),
            ("waiting", "Waiting for the learner's name and e-mail"),
        ],
        string="Session mails held",
        copy=False,
        readonly=True,
    )

    @api.depends("name", "email")
    def _compute_learner_to_complete(self):
        for registration in self:
            registration.learner_to_complete = not (
                registration.name and registration.email
            )

    @api.depends("prepaid_state")
    def _compute_registration_status(self):
        super()._compute_registration_status()
        for registration in self:
            is_prospect = registration.prepaid_state in ("held", "pending")
            if is_prospect and registration.state == "open":
                registration.state = "draft"

    def _compute_name(self):
        super(EventRegistration, self._keep_unnamed())._compute_name()

    def _compute_email(self):
        super(EventRegistration, self._keep_unnamed())._compute_email()

    def _compute_phone(self):
        super(EventRegistration, self._keep_unnamed())._compute_phone()

    def _keep_unnamed(self):
        """Return the registrations that may take the name of who booked.

        A learner bought online and « to be completed later » stays unnamed: the
        buyer is seldom the learner (A11).
        """
        return self.filtered(
            lambda registration: (
                not (
                    registration.sale_order_id
                    and registration.sale_order_id.training_buyer_kind
                )
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        registrations = super().create(vals_list)
        registrations._mark_seats()
        return registrations

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        if self.filtered("prepaid_state"):
            refuse_protected(self, vals, ORDER_FIELDS)
        moves_seats = {"state", "active", "event_id", "event_ticket_id"} & vals.keys()
        if moves_seats or "prepaid_state" in vals:
            self._mark_seats()
        result = super().write(vals)
        if moves_seats:
            self._mark_seats()
        if vals.get("state") == "cancel":
            self._follow_cancellation()
        if {"name", "email"} & vals.keys():
            self._send_awaited_mails()
        return result

    def _compute_field_value(self, field):
        if field.name == "state":
            self._mark_seats()
        return super()._compute_field_value(field)

    def unlink(self):
        self._mark_seats()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepaid(self):
        if self.filtered(lambda registration: registration.prepaid_state):
            raise UserError(
                self.env._(
                    "This learner was paid for: deleting would lose the trace of the "
                    "money. Cancel the enrolment instead."
                )
            )

    def _mark_seats(self):
        """Have the seats of the sessions concerned recounted before the commit."""
        sessions = self.filtered("event_id.is_training_session").event_id
        self.env["training.seat.counter"]._mark(sessions)

    def _get_prepaid_domain(self):
        """Return the domain of who paid and occupies a seat without being registered:
        the prospects that wait for validation, and what is held (D17)."""
        is_paid = Domain("prepaid_state", "in", ("held", "pending"))
        return is_paid & Domain("state", "=", "draft")

    def action_confirm(self):
        """Confirming a prospect from Odoo's own buttons validates it."""
        pending = self.filtered(lambda reg: reg.prepaid_state == "pending")
        if pending:
            pending.action_validate_prepaid()
        rest = self - pending
        return super(EventRegistration, rest).action_confirm() if rest else None

    def action_validate_prepaid(self, send_mails=True):
        """Turn prospects into registered learners (A20).

        :param bool send_mails: send the session's own mails; those of an unnamed
            learner leave once it is completed
        :raise AccessError: for who is neither event user nor salesperson
        """
        self._check_may_treat_prepaid()
        self._complete_accepted_moves()
        pending_sudo = self.sudo().filtered(lambda reg: reg.prepaid_state == "pending")
        if not send_mails:
            pending_sudo.training_mail_hold = "unwanted"
        else:
            pending_sudo.filtered("learner_to_complete").training_mail_hold = "waiting"
        pending_sudo.write({"prepaid_state": "validated", "state": "open"})
        pending_sudo._prepaid_state_changed()

    def _check_may_treat_prepaid(self):
        if not self.env.su and not self.env.user.has_groups(TREATING_GROUPS):
            raise AccessError(
                self.env._("Only event users and salespeople treat prepaid prospects.")
            )
        self.check_access("write")

    def _cancel_prepaid(self):
        """Cancel paid enrolments: seats are freed, the money is untouched (A23)."""
        self._give_up_moves()
        self._free_prepaid_seats()

    def _free_prepaid_seats(self):
        """Cancel enrolments and nothing else: no document is made that could fail."""
        self.filtered(lambda reg: reg.state != "cancel").write({"state": "cancel"})

    def _follow_cancellation(self):
        alive = ("held", "pending", "validated")
        paid = self.filtered(lambda reg: reg.prepaid_state in alive)
        if paid:
            paid.sudo().write({"prepaid_state": "cancelled"})
            paid._prepaid_state_changed()

    def _prepaid_state_changed(self):
        """Hook: called after the prepaid state of these registrations changed."""

    def _update_mail_schedulers(self):
        """The mails of a learner who was paid for, or asked for, are sent by the cron.

        Sent at once they would commit half of the validation, and a PDF that fails
        would show an error for an enrolment that is done.
        """
        ours = self.filtered(lambda one: one.prepaid_state or one.training_request_id)
        super(EventRegistration, self - ours)._update_mail_schedulers()
        if ours.filtered(lambda registration: registration.state == "open"):
            self.env.ref("event.event_mail_scheduler").sudo()._trigger()
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _send_awaited_mails(self):
        """Send the session's mails to learners who were completed after validation."""
        awaited_sudo = self.sudo().filtered(
            lambda reg: (
                reg.training_mail_hold == "waiting" and not reg.learner_to_complete
            )
        )
        if awaited_sudo:
            awaited_sudo.training_mail_hold = False
            awaited_sudo._update_mail_schedulers()
