# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.training_catalogue_payment.services.form import parse_text

from .training_request import OPEN_STATES

MAX_REASON_LENGTH = 2000
#: What the dashboard's tabs show, by kind of request.
TABS = {"requests": "information", "enrolments": "enrolment", "sales": "purchase"}


class TrainingRequest(models.Model):
    """What a seller's team does with a request, from its dashboard (B5–B7).

    Called with sudo by the pages, which have checked that the person is of the team.
    """

    _inherit = "training.request"

    # The dashboard

    @api.model
    def _get_dashboard_domain(self, seller, tab):
        """Return what a seller sees under one tab of its dashboard."""
        return Domain("marketplace_seller_id", "=", seller.id) & Domain(
            "kind", "=", TABS[tab]
        )

    @api.model
    def _get_dashboard_filters(self, tab):
        """Return the filters of a tab: name → (label, domain)."""
        _ = self.env._
        current = Domain("state", "in", OPEN_STATES)
        if tab == "sales":
            # A sale is treated once its learners are validated and nobody waits.
            current |= Domain("channel_waiting_since", "!=", False)
        return {
            "open": (_("In progress"), current),
            "closed": (_("Closed"), ~current),
            "all": (_("All"), Domain.TRUE),
        }

    @api.model
    def _get_dashboard_search(self, text):
        """Return the domain of what is typed in the search box."""
        text = parse_text(text)[:100]
        if not text:
            return Domain.TRUE
        fields_searched = ("name", "contact_name", "email", "company_name", "message")
        return Domain.OR([(name, "ilike", text)] for name in fields_searched)

    def _get_channel_status(self):
        """Return where a request stands, as both sides read it, and its colour."""
        self.ensure_one()
        _ = self.env._
        if self.kind == "purchase":
            words = {
                "new": (_("Paid, to treat"), "warning"),
                "accepted": (_("Learners validated"), "success"),
            }
        elif self.kind == "enrolment":
            words = {
                "accepted": (_("Accepted"), "success"),
                "refused": (_("Refused"), "danger"),
                "cancelled": (_("Closed"), "secondary"),
            }
        else:
            words = dict.fromkeys(
                ("accepted", "refused", "cancelled"), (_("Closed"), "secondary")
            )
        default = {
            "new": (_("New"), "warning"),
            "progress": (_("In progress"), "info"),
            "accepted": (_("Accepted"), "success"),
            "refused": (_("Refused"), "danger"),
            "cancelled": (_("Cancelled"), "secondary"),
        }
        return words.get(self.state) or default[self.state]

    # Actions

    def _get_channel_actions(self):
        """Return what the team may do now; the page shows these buttons and the
        server accepts nothing else.

        :rtype: set[str]
        """
        self.ensure_one()
        if self.kind == "purchase":
            return set()  # a purchase follows its learners and its money
        if self.state not in OPEN_STATES:
            # Who was enrolled stays enrolled: this is undone at the session.
            is_enrolled = self.kind == "enrolment" and self.state == "accepted"
            return set() if is_enrolled else {"reopen"}
        return {"close", "accept", "refuse"} if self.kind == "enrolment" else {"close"}

    def _check_channel_action(self, action):
        """:raise UserError: when somebody else has treated the request meanwhile"""
        if action not in self._get_channel_actions():
            raise UserError(
                self.env._("This request was treated meanwhile: look at it again.")
            )

    def _get_acceptable_sessions_sudo(self):
        """Return the sessions where this visitor may be enrolled, the next one first:
        those of the course that are not over, cancelled or in-company."""
        self.ensure_one()
        programme_sudo = self.sudo().programme_id
        if not programme_sudo:
            return self.env["event.event"].sudo()
        domain = (
            Domain("programme_id", "=", programme_sudo.id)
            & Domain("date_end", ">", fields.Datetime.now())
            & Domain("kanban_state", "!=", "cancel")
            & Domain("session_kind", "!=", "intra")
        )
        return self.env["event.event"].sudo().search(domain, order="date_begin, id")

    def _accept_on_channel(self, session_id, learners, author):
        """Accept an enrolment request: its learners are registered in a session (B6).

        :param list[dict] learners: name and e-mail of each
        :raise UserError: when the session is not one of the course's, or is full
        """
        self.ensure_one()
        self._check_channel_action("accept")
        sessions = self._get_acceptable_sessions_sudo()
        session = sessions.filtered(lambda one: one.id == session_id)
        if not session:
            raise UserError(self.env._("Choose one of the sessions."))
        if not learners:
            raise UserError(self.env._("Enter at least one learner."))
        if not session._has_free_seats(len(learners)):
            raise UserError(
                self.env._(
                    "There are not enough seats in this session: %(count)s left.",
                    count=session.training_seats_left,
                )
            )
        self.write({"state": "accepted", "session_id": session.id})
        registrations = self._register_learners(session, learners)
        self._end_silence()
        visitor = self._in_visitor_language()
        session_read = session.with_env(visitor.env)
        self._post_on_channel(
            visitor.env._(
                "Your enrolment is accepted: %(session)s, %(dates)s.",
                session=session_read.name,
                dates=session_read._get_catalogue_dates(),
            ),
            [],
            author,
        )
        registrations._enrol()
        return registrations

    def _in_visitor_language(self):
        """Return the request in the language of who asked: what is written to them is
        not in that of who answers."""
        language = self.sudo().partner_id.lang or self.env.lang
        return self.with_context(lang=language)

    def _register_learners(self, session, learners):
        registrations = (
            self.env["event.registration"]
            .with_context(event_lead_rule_skip=True)
            .create(
                [self._prepare_enrolment_vals(session, learner) for learner in learners]
            )
        )
        self.lead_id.registration_ids |= registrations
        return registrations

    def _prepare_enrolment_vals(self, session, learner):
        return {
            "event_id": session.id,
            "event_ticket_id": session.training_ticket_id.id,
            "training_request_id": self.id,
            "partner_id": self.partner_id.id,
            "company_name": self.company_name,
            "state": "draft",
            **learner,
        }

    def _refuse_on_channel(self, reason, author):
        """Refuse an enrolment, with the reason that the visitor reads (B6)."""
        self.ensure_one()
        self._check_channel_action("refuse")
        reason = parse_text(reason)
        if not reason:
            raise UserError(self.env._("Say why: the visitor reads it."))
        if len(reason) > MAX_REASON_LENGTH:
            raise UserError(
                self.env._(
                    "Shorten the reason: %(limit)s characters at most.",
                    limit=MAX_REASON_LENGTH,
                )
            )
        self.write({"state": "refused", "refusal_reason": reason})
        self._end_silence()
        self._post_on_channel(
            self._in_visitor_language().env._(
                "Your enrolment is refused: %(reason)s", reason=reason
            ),
            [],
            author,
        )

    def _close_on_channel(self):
        """Close a request that needs nothing more."""
        self.ensure_one()
        self._check_channel_action("close")
        self.state = "accepted" if self.kind == "information" else "cancelled"
        self._end_silence()

    def _reopen_on_channel(self):
        """Take a closed request up again."""
        self.ensure_one()
        self._check_channel_action("reopen")
        self.write({"state": "progress", "refusal_reason": False})

    def _end_silence(self):
        self.write({"channel_waiting_since": False, "channel_reminder_date": False})
