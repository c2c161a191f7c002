# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The list of requests, with and without payment."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TrainingCommon


@tagged("standard", "post_install", "-at_install")
class TestTrainingRequest(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Request = cls.env["training.request"]
        cls.event_user = cls._create_role("req_event_user", "event.group_event_user")

    def _form(self, **values):
        return {
            "kind": "enrolment",
            "session_id": self.session.id,
            "contact_name": "Marie Leroy",
            "email": "marie@leroy.example.com",
            "company_name": "Leroy SAS",
            "learner_count": 2,
            "message": "We pay by transfer <b>after</b> the session.",
            **values,
        }

    def _get_mails_to(self, address):
        return self.env["mail.mail"].search([("email_to", "ilike", address)])

    def test_purchase_is_listed_once_and_ticked(self):
        """A19: a purchase is in the list, column « Prepaid » ticked, once."""
        order = self._purchase()
        order._follow_up_purchase()
        request = self.Request.search([("order_id", "=", order.id)])
        self.assertEqual(len(request), 1)
        self.assertTrue(request.is_prepaid)
        self.assertEqual(request.kind, "purchase")
        self.assertEqual(request.state, "new")
        self.assertEqual(request.registration_ids, order.training_registration_ids)
        self.assertEqual(request.lead_id, order.opportunity_id)
        self.assertEqual(request.learner_count, 2)

    def test_list_shows_prepaid_in_green(self):
        """A19: prepaid rows are green and the column is ticked."""
        arch = self.Request.get_view(view_type="list")["arch"]
        self.assertIn('decoration-success="is_prepaid"', arch)
        self.assertIn('name="is_prepaid"', arch)

    def test_state_follows_the_prospect(self):
        """A19, A20: validated is accepted; lost and cancelled ones stay listed."""
        accepted, lost, cancelled = (self._purchase(learners=1) for _i in range(3))
        accepted.training_registration_ids.action_validate_prepaid()
        lost.opportunity_id.action_set_lost()
        cancelled.opportunity_id.action_cancel_prepaid_status()
        self.assertEqual(accepted.training_request_id.state, "accepted")
        self.assertEqual(lost.training_request_id.state, "cancelled")
        self.assertEqual(lost.training_request_id.prepaid_status, "lost")
        self.assertEqual(cancelled.training_request_id.prepaid_status, "cancelled")
        listed = self.Request.search(
            self.env.ref("training_catalogue_payment.training_request_action").domain
            or []
        )
        for order in (accepted, lost, cancelled):
            self.assertIn(order.training_request_id, listed)

    def test_website_request_makes_opportunity_and_mails(self):
        """A8, A19: an unpaid request has its own opportunity; author and organisation
        each get one mail."""
        public = self.website.user_id
        request = self.Request.with_user(public)._create_from_website(self._form())
        request = request.with_user(self.env.user)
        self.assertEqual(request.state, "new")
        self.assertFalse(request.is_prepaid)
        self.assertFalse(request.partner_id)
        self.assertEqual(request.company_id, self.company)
        self.assertEqual(request.programme_id, self.programme)
        self.assertEqual(request.lead_id.email_from, "marie@leroy.example.com")
        self.assertFalse(request.lead_id.user_id)
        self.assertNotIn("<b>", request.lead_id.description)
        self.assertEqual(len(self._get_mails_to("marie@leroy.example.com")), 1)
        notified = request._get_organisation_email()
        self.assertTrue(notified)
        self.assertEqual(len(self._get_mails_to(notified)), 1)

    def test_website_information_request(self):
        """A8: a question about a programme without a session."""
        request = self.Request._create_from_website(
            self._form(
                kind="information", session_id=False, programme_id=self.programme.id
            )
        )
        self.assertEqual(request.kind, "information")
        self.assertFalse(request.session_id)
        request.action_mark_answered()
        self.assertEqual(request.state, "accepted")

    def test_website_request_refuses_bad_input(self):
        """A19: what the page does not offer is refused, and nothing is created."""
        hidden = self._create_programme(is_published=False)
        bad_forms = [
            {"kind": "purchase"},
            {"kind": "enrolment'--"},
            {"contact_name": "  "},
            {"email": "nobody"},
            {"email": "a@b.example.com\nBcc: x@y.example.com, z@z.example.com"},
            {"learner_count": 0},
            {"learner_count": -1},
            {"learner_count": 10000},
            {"learner_count": "two"},
            {"message": "x" * 4001},
            {"session_id": False, "programme_id": hidden.id},
            {"session_id": 999999, "programme_id": 0},
            {"session_id": "1 OR 1=1", "programme_id": 0},
        ]
        count = self.Request.search_count([])
        for values in bad_forms:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.Request._create_from_website(self._form(**values))
        self.assertEqual(self.Request.search_count([]), count)

    def test_website_request_ignores_other_fields(self):
        """A19: a posted state, order or partner changes nothing."""
        order = self._purchase()
        request = self.Request._create_from_website(
            self._form(
                state="accepted",
                order_id=order.id,
                partner_id=self.buyer.id,
                user_id=self.event_user.id,
                is_prepaid=True,
            )
        )
        self.assertEqual(request.state, "new")
        self.assertFalse(request.order_id)
        self.assertFalse(request.is_prepaid)
        self.assertNotEqual(request.partner_id, self.buyer)

    def test_website_request_changes_no_contact(self):
        """A19: what a logged-in person types never changes its contact."""
        portal = self._create_role("req_portal", "base.group_portal")
        portal.partner_id.write({"email": "own@example.com", "phone": "+33 1 00 00"})
        request = self.Request.with_user(portal)._create_from_website(
            self._form(email="typed@example.com", phone="+33 6 99 99 99 99")
        )
        self.assertEqual(request.partner_id, portal.partner_id)
        self.assertEqual(portal.partner_id.email, "own@example.com")
        self.assertEqual(portal.partner_id.phone, "+33 1 00 00")
        self.assertEqual(request.sudo().email, "typed@example.com")

    def test_website_request_needs_finance_plus(self):
        """A1: with Finance + off the catalogue takes no request."""
        self.company.finance_plus = False
        with self.assertRaises(ValidationError):
            self.Request._create_from_website(self._form())

    def test_nobody_is_accepted_without_being_enrolled(self):
        """A19: « accepted » is what the validation says, not a call from outside."""
        request = self.Request._create_from_website(self._form())
        own = request.with_user(self.event_user)
        with self.assertRaises(UserError):
            own.write({"state": "accepted"})
        with self.assertRaises(UserError):
            own.create({"name": "Asked", "state": "accepted"})
        asked = own.create({"name": "Asked", "kind": "information"})
        asked.write({"state": "accepted"})
        self.assertEqual(asked.state, "accepted")

    def test_accepting_creates_the_learners(self):
        """A19: accepting an unpaid enrolment request registers its learners."""
        request = self.Request._create_from_website(self._form())
        wizard = self._open_wizard(request.with_user(self.event_user))
        self.assertEqual(len(wizard.line_ids), 2)
        wizard.line_ids[0].write({"name": "Anne", "email": "anne@leroy.example.com"})
        wizard.action_validate()
        learners = request.registration_ids
        self.assertEqual(len(learners), 2)
        self.assertEqual(set(learners.mapped("state")), {"open"})
        self.assertEqual(learners.event_id, self.session)
        self.assertFalse(any(learners.mapped("prepaid_state")))
        self.assertEqual(request.state, "accepted")
        named = learners.filtered(lambda learner: learner.name == "Anne")
        self.assertEqual(named.email, "anne@leroy.example.com")
        self.assertFalse(named.training_mail_hold)
        self.assertEqual((learners - named).training_mail_hold, "waiting")
        with self.assertRaises(UserError):
            wizard.action_validate()
        self.assertEqual(len(request.registration_ids), 2)

    def test_accepting_needs_a_session(self):
        """A19: a request about a programme gets its session first."""
        request = self.Request._create_from_website(
            self._form(session_id=False, programme_id=self.programme.id)
        )
        with self.assertRaises(UserError):
            request.action_validate()

    def test_refusal_tells_the_author_why(self):
        """A19: a refusal has a reason, which its author reads in a mail."""
        request = self.Request._create_from_website(self._form())
        action = request.with_user(self.event_user).action_refuse()
        form = Form(
            self.env["training.request.refusal"]
            .with_user(self.event_user)
            .with_context(**action["context"])
        )
        form.reason = "The session is full."
        form.save().action_refuse()
        self.assertEqual(request.state, "refused")
        mails = self._get_mails_to("marie@leroy.example.com")
        self.assertEqual(len(mails), 2)
        self.assertIn("The session is full.", "".join(mails.mapped("body_html")))
        request.action_reopen()
        self.assertEqual(request.state, "new")

    def test_paid_request_is_not_refused_nor_deleted(self):
        """A23, A24: a purchase is cancelled, not refused, reopened or deleted."""
        request = self._purchase().training_request_id
        for method in ("action_refuse", "action_cancel", "action_reopen", "unlink"):
            with self.subTest(method=method), self.assertRaisesRegex(UserError, "paid"):
                getattr(request, method)()

    def test_only_staff_treats_requests(self):
        """A19: accountants read the list and treat nothing."""
        accountant = self._create_role("req_acc", "account.group_account_invoice")
        request = self.Request._create_from_website(self._form())
        self.assertTrue(request.with_user(accountant).read(["name", "is_prepaid"]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            request.with_user(accountant).action_validate()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            request.with_user(accountant).action_cancel()

    def _open_wizard(self, request):
        action = request.action_validate()
        return (
            self.env[action["res_model"]]
            .with_user(request.env.user)
            .browse(action["res_id"])
        )
