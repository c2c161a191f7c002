# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

ACCESS_BATCH = 100
ALIVE = ("open", "done")


class EventRegistration(models.Model):
    """A validated learner of a session of e-learning follows its course (B3, B16).

    Access is given from the first to the last day of the session, to the contact that
    has the learner's address, and taken back when the enrolment is cancelled, unless
    another enrolment gives it too. What was learned is kept.
    """

    _inherit = "event.registration"

    course_partner_id = fields.Many2one(
        "res.partner",
        string="Follows the course as",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    course_channel_id = fields.Many2one(
        "slide.channel",
        string="Course followed",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    has_course_otherwise = fields.Boolean(
        string="Followed the course before",
        copy=False,
        readonly=True,
        help="The learner had access already, and keeps it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations._sync_course_access()
        return registrations

    def write(self, vals):
        result = super().write(vals)
        if {"state", "active", "event_id", "email", "name"} & vals.keys():
            self._sync_course_access()
        return result

    def _compute_field_value(self, field):
        super()._compute_field_value(field)
        if field.name == "state":
            self.filtered("id")._sync_course_access()

    def _sync_course_access(self):
        """Give or take back access, as these learners' sessions and states say now."""
        now = fields.Datetime.now()
        for learner_sudo in self.sudo():
            session = learner_sudo.event_id
            if not (session.slide_channel_id or learner_sudo.course_partner_id):
                continue
            if learner_sudo._may_follow_course(now):
                learner_sudo._give_course_access()
            elif learner_sudo.course_partner_id:
                learner_sudo._take_course_access()

    def _may_follow_course(self, now):
        self.ensure_one()
        session = self.event_id
        return bool(
            session.slide_channel_id
            and self.state in ALIVE
            and self.active
            and self.name
            and email_normalize(self.email or "")
            and session.date_begin <= now < session.date_end
        )

    def _give_course_access(self):
        self.ensure_one()
        partner = self._find_course_partner()
        channel = self.event_id.slide_channel_id
        if (self.course_partner_id, self.course_channel_id) == (partner, channel):
            return
        if self.course_partner_id:
            self._take_course_access()
        others = self._find_course_access(partner, channel)
        given = channel._action_add_members(partner)
        had_it = not given and all(others.mapped("has_course_otherwise"))
        self.write(
            {
                "course_partner_id": partner.id,
                "course_channel_id": channel.id,
                "has_course_otherwise": had_it,
            }
        )

    def _take_course_access(self):
        """Withdraw from the course that was followed, unless another enrolment of the
        same person gives it, or who had it before."""
        self.ensure_one()
        partner, channel = self.course_partner_id, self.course_channel_id
        had_it = self.has_course_otherwise
        self.write(
            {
                "course_partner_id": False,
                "course_channel_id": False,
                "has_course_otherwise": False,
            }
        )
        if channel and not had_it and not self._find_course_access(partner, channel):
            channel._remove_membership(partner.ids)

    def _find_course_access(self, partner, channel):
        """Return the enrolments through which a person follows a course."""
        return self.search(
            Domain("course_partner_id", "=", partner.id)
            & Domain("course_channel_id", "=", channel.id)
        )

    def _find_course_partner(self):
        """Return the contact of a learner: who logs in with this address, else a known
        contact that has it, else a new one."""
        self.ensure_one()
        email = email_normalize(self.email)
        partners = self.env["res.partner"].sudo()
        user = (
            self.env["res.users"].sudo().search([("login", "=ilike", email)], limit=1)
        )
        company = self.event_id.company_id
        domain = Domain("email_normalized", "=", email) & Domain(
            "company_id", "in", (False, company.id)
        )
        known = user.partner_id or partners.search(domain, order="id", limit=1)
        return known or partners.create({"name": self.name, "email": email})

    @api.model
    def _cron_course_access(self):
        """Give access to sessions that begin, take it back from those that are over."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        begun = Domain(
            "event_id",
            "any",
            Domain("slide_channel_id", "!=", False)
            & Domain("date_begin", "<=", now)
            & Domain("date_end", ">", now),
        )
        to_give = (
            begun
            & Domain("state", "in", ALIVE)
            & Domain("course_partner_id", "=", False)
            & Domain("name", "!=", False)
            & Domain("email", "ilike", "@")
        )
        to_take = Domain("course_partner_id", "!=", False) & Domain(
            "event_id.date_end", "<=", now
        )
        domain = to_give | to_take
        last_id = 0
        while learners := self.search(
            domain & Domain("id", ">", last_id), limit=ACCESS_BATCH, order="id"
        ):
            last_id = learners[-1].id
            learners._sync_course_access()
            if not cron._commit_progress(len(learners)):
                break
