# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class TrainingValidation(models.TransientModel):
    """« Validate the enrolment »: complete the learners, then register them (A20).

    Opened from the session's learners, from a request or from the opportunity. Only
    what the person may edit on a learner is editable here.
    """

    _name = "training.validation"
    _description = "Validate Enrolments"

    line_ids = fields.One2many(
        "training.validation.line", "wizard_id", string="Learners to enrol"
    )
    send_mails = fields.Boolean(
        string="Send the session's mails",
        default=True,
        help="The mails planned on the session for a new enrolment. Those of a learner "
        "without name or e-mail leave once it is completed.",
    )
    session_ids = fields.Many2many("event.event", readonly=True)
    request_id = fields.Many2one("training.request", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    to_complete_count = fields.Integer(compute="_compute_to_complete_count")

    @api.depends("line_ids.name", "line_ids.email")
    def _compute_to_complete_count(self):
        for wizard in self:
            wizard.to_complete_count = len(
                wizard.line_ids.filtered(lambda line: not (line.name and line.email))
            )

    @api.model
    def _open_for(self, registrations, request=None, lead=None):
        """Return the action that opens the wizard on the prospects to validate.

        :param event.registration registrations: those that do not wait are left out
        :param training.request request: an unpaid request gets as many blank lines as
            it has learners
        :raise UserError: when there is nobody to validate
        """
        pending = registrations.filtered(lambda reg: reg.prepaid_state == "pending")
        is_new = bool(request) and not request.is_prepaid
        if not pending and not is_new:
            raise UserError(self.env._("Nobody waits for validation here any more."))
        lines = (
            self._prepare_request_lines(request)
            if is_new
            else [
                {
                    "registration_id": registration.id,
                    "name": registration.name,
                    "email": registration.email,
                    "phone": registration.phone,
                }
                for registration in pending.sorted("id")
            ]
        )
        session = request.session_id if is_new else pending.event_id[:1]
        wizard = self.create(
            {
                "line_ids": [Command.create(line) for line in lines],
                "session_ids": (session | pending.event_id).ids,
                "request_id": request.id if request else False,
                "lead_id": lead.id if lead else False,
            }
        )
        return wizard._get_action()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Validate the enrolment"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _prepare_request_lines(self, request):
        """One line per learner asked for; the author is proposed when alone."""
        lines = [{} for _index in range(request.learner_count)]
        if request.learner_count == 1 and not request.company_name:
            lines[0] = {
                "name": request.contact_name,
                "email": request.email,
                "phone": request.phone,
            }
        return lines

    def action_validate(self):
        """Save what was completed, then enrol.

        Enrolling comes last: the session's mails commit the transaction, so that
        nothing after them could still be undone.
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Keep at least one learner."))
        if self.request_id and not self.request_id.is_prepaid:
            return self._enrol_request()
        registrations = self.line_ids.registration_id
        registrations.check_access("write")
        for line in self.line_ids:
            line._save_learner()
        registrations.action_validate_prepaid(send_mails=self.send_mails)
        return {"type": "ir.actions.act_window_close"}

    def _enrol_request(self):
        """Accept an unpaid request: its learners become registered."""
        request = self.request_id
        request._check_staff()
        if request.state == "accepted":
            raise UserError(self.env._("This request is already accepted."))
        # Rights were checked; the learners come below.
        request.sudo()._set_state("accepted")
        values = [line._prepare_registration_vals() for line in self.line_ids]
        registrations = (
            self.env["event.registration"]
            .with_context(event_lead_rule_skip=True)
            .create([dict(vals, state="draft") for vals in values])
        )
        request.sudo().lead_id.registration_ids |= registrations
        registrations._enrol(send_mails=self.send_mails)
        return {"type": "ir.actions.act_window_close"}


class TrainingValidationLine(models.TransientModel):
    """A learner in the validation list."""

    _name = "training.validation.line"
    _description = "Learner to Enrol"

    wizard_id = fields.Many2one(
        "training.validation", required=True, ondelete="cascade"
    )
    registration_id = fields.Many2one(
        "event.registration", readonly=True, ondelete="cascade"
    )
    name = fields.Char()
    email = fields.Char()
    phone = fields.Char()

    def _save_learner(self):
        """Write on the learner what was changed, and nothing else."""
        self.ensure_one()
        values = {
            field_name: self[field_name]
            for field_name in ("name", "email", "phone")
            if (self[field_name] or False)
            != (self.registration_id[field_name] or False)
        }
        if values:
            self.registration_id.write(values)

    def _prepare_registration_vals(self):
        self.ensure_one()
        request = self.wizard_id.request_id
        session = request.session_id
        return {
            "event_id": session.id,
            "event_ticket_id": session.sudo().training_ticket_id.id,
            "training_request_id": request.id,
            "partner_id": request.partner_id.id,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "company_name": request.company_name,
        }
