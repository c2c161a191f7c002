# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""« Validate the enrolment », from the three places where it is offered."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TrainingCommon


@tagged("standard", "post_install", "-at_install")
class TestValidationWizard(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_user = cls._create_role("val_event_user", "event.group_event_user")
        cls.salesman = cls._create_role(
            "val_salesman", "sales_team.group_sale_salesman_all_leads"
        )
        cls.mail_template = cls.env.ref("event.event_subscription")

    def _open(self, action, user):
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def _run_mail_cron(self):
        schedulers = self.session.event_mail_ids.filtered(
            lambda mail: mail.interval_type == "after_sub"
        )
        self.assertTrue(schedulers, "a session mails its new learners")
        schedulers.execute()

    def _get_learner_mails(self, registration):
        return self.env["event.mail.registration"].search(
            [("registration_id", "=", registration.id), ("mail_sent", "=", True)]
        )

    def test_from_the_session_learners(self):
        """A20: an event user edits and validates from the session's learners."""
        order = self._purchase()
        registrations = order.training_registration_ids.with_user(self.event_user)
        wizard = self._open(
            registrations.action_open_prepaid_validation(), self.event_user
        )
        self.assertEqual(len(wizard.line_ids), 2)
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            line.name = "Anne Durand"
            line.email = "anne@durand.example.com"
        edited = wizard.line_ids[0].registration_id
        wizard.action_validate()
        self.assertEqual(edited.name, "Anne Durand")
        self.assertEqual(edited.email, "anne@durand.example.com")
        self.assertEqual(set(registrations.mapped("prepaid_state")), {"validated"})
        self.assertEqual(set(registrations.mapped("state")), {"open"})

    def test_from_the_whole_session(self):
        """A16, A20: « Validate all » in the session's section."""
        self._purchase(), self._purchase(learners=1)
        session = self.session.with_user(self.event_user)
        self.assertEqual(session.prepaid_pending_count, 3)
        wizard = self._open(session.action_validate_prepaid(), self.event_user)
        self.assertEqual(len(wizard.line_ids), 3)
        wizard.action_validate()
        session.invalidate_recordset()
        self.assertEqual(session.prepaid_pending_count, 0)

    def test_from_the_request(self):
        """A20: from the registration requests, by an event user."""
        request = self._purchase().training_request_id.with_user(self.event_user)
        wizard = self._open(request.action_validate(), self.event_user)
        wizard.action_validate()
        self.assertEqual(request.state, "accepted")

    def test_from_the_opportunity(self):
        """A20: from the opportunity, by a salesperson."""
        lead = self._purchase().opportunity_id.with_user(self.salesman)
        wizard = self._open(lead.action_validate_prepaid(), self.salesman)
        wizard.action_validate()
        self.assertEqual(lead.prepaid_status, "validated")

    def test_some_of_the_learners(self):
        """A20: a removed line is not validated."""
        order = self._purchase()
        wizard = self._open(
            order.training_registration_ids.action_open_prepaid_validation(),
            self.env.user,
        )
        wizard.line_ids[1:].unlink()
        wizard.action_validate()
        self.assertEqual(
            sorted(order.training_registration_ids.mapped("prepaid_state")),
            ["pending", "validated"],
        )
        self.assertEqual(order.opportunity_id.prepaid_status, "prepaid")

    def test_mails_leave_when_ticked(self):
        """A20: the box is ticked, learners receive the session's own mails."""
        order = self._purchase()
        registrations = order.training_registration_ids
        wizard = self._open(
            registrations.action_open_prepaid_validation(), self.env.user
        )
        self.assertTrue(wizard.send_mails)
        self._run_mail_cron()
        self.assertFalse(self._get_learner_mails(registrations[0]))
        wizard.action_validate()
        self._run_mail_cron()
        for registration in registrations:
            self.assertEqual(len(self._get_learner_mails(registration)), 1)

    def test_no_mail_when_unticked(self):
        """A20: unticked, nothing is sent, not even by the hourly job."""
        order = self._purchase()
        registrations = order.training_registration_ids
        wizard = self._open(
            registrations.action_open_prepaid_validation(), self.env.user
        )
        wizard.send_mails = False
        wizard.action_validate()
        self._run_mail_cron()
        self._run_mail_cron()
        self.assertEqual(set(registrations.mapped("state")), {"open"})
        for registration in registrations:
            self.assertFalse(self._get_learner_mails(registration))

    def test_unnamed_learner_is_mailed_once_completed(self):
        """A20: an unnamed learner may be validated, its mails leave later."""
        order = self._purchase(learners=[{}])
        registration = order.training_registration_ids
        self.assertTrue(registration.learner_to_complete)
        wizard = self._open(
            registration.action_open_prepaid_validation(), self.env.user
        )
        self.assertEqual(wizard.to_complete_count, 1)
        wizard.action_validate()
        self.assertEqual(registration.state, "open")
        self._run_mail_cron()
        self.assertFalse(self._get_learner_mails(registration))
        registration.write({"name": "Anne", "email": "anne@durand.example.com"})
        self._run_mail_cron()
        self.assertEqual(len(self._get_learner_mails(registration)), 1)

    def test_nobody_left_is_said(self):
        """A20: a second validation says that nobody waits any more."""
        order = self._purchase(learners=1)
        order.training_registration_ids.action_validate_prepaid()
        with self.assertRaises(UserError):
            order.training_registration_ids.action_open_prepaid_validation()

    def test_no_line_is_refused(self):
        """A20: an emptied list validates nobody and closes nothing."""
        order = self._purchase(learners=1)
        wizard = self._open(order.training_request_id.action_validate(), self.env.user)
        wizard.line_ids.unlink()
        with self.assertRaises(UserError):
            wizard.action_validate()
        self.assertEqual(order.training_registration_ids.prepaid_state, "pending")

    def test_other_roles_are_refused(self):
        """A20: the registration desk and accountants do not validate."""
        order = self._purchase(learners=1)
        for login, group in (
            ("val_desk", "event.group_event_registration_desk"),
            ("val_accountant", "account.group_account_invoice"),
        ):
            user = self._create_role(login, group)
            registrations = order.training_registration_ids.with_user(user)
            with (
                self.subTest(group=group),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                registrations.action_open_prepaid_validation()

    def test_cancel_from_the_session(self):
        """A23: cancelling from the session's section frees the seat."""
        order = self._purchase(learners=1)
        registration = order.training_registration_ids.with_user(self.event_user)
        registration.action_cancel_prepaid()
        self.assertEqual(registration.prepaid_state, "cancelled")
        self.assertEqual(order.opportunity_id.prepaid_status, "cancelled")
