# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A23, R14: a cancelled session lists who paid; nothing happens silently."""

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .test_cancel_money import CancelCommon


@tagged("post_install", "-at_install")
class TestSessionCancelled(CancelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls._create_role("plan", "event.group_event_user")
        cls.manager = cls._create_role(
            "boss", "event.group_event_manager", "account.group_account_invoice"
        )
        cls.session.user_id = cls.planner

    def listed(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def test_cancelling_lists_who_paid(self):
        """A23, R14: the button opens the list, the banner counts, one is told."""
        order = self.purchase()
        order.training_registration_ids[0].action_validate_prepaid()
        event = self.session.with_user(self.planner)
        self.assertEqual(event.training_to_treat_count, 0)
        action = event.action_cancel_training_session()
        self.assertEqual(self.listed(action), order.training_registration_ids)
        self.assertEqual(event.training_to_treat_count, 2)
        activity = self.session.activity_ids
        self.assertEqual(activity.summary, "Paid enrolments to move or refund")
        self.assertEqual(activity.user_id, self.planner)
        self.assertEqual(order.state, "sale")
        event.kanban_state = "cancel"
        self.assertEqual(len(self.session.activity_ids), 1)
        desk = self._create_role("desk", "event.group_event_registration_desk")
        with self.assertRaises(AccessError):
            self.session.with_user(desk).action_cancel_training_session()

    def test_archiving_waits(self):
        """A23, R14: archiving is refused, with the way, until everybody is treated."""
        order = self.purchase()
        event = self.session.with_user(self.manager)
        with self.assertRaises(RedirectWarning) as refused:
            event.action_archive()
        self.assertEqual(
            self.listed(refused.exception.args[1]), order.training_registration_ids
        )
        with self.assertRaises(RedirectWarning):
            event.write({"active": False})
        loaded = event.load([".id", "active"], [[str(event.id), "0"]])
        self.assertFalse(loaded["ids"])
        self.assertTrue(event.active)
        order._cancel_training(order.training_registration_ids, 1200.0, "Cancelled")
        event.action_archive()
        self.assertFalse(event.active)

    def test_archiving_what_is_over(self):
        """A16: a session that took place is archived with its validated learners."""
        order = self.purchase()
        order.training_registration_ids.action_validate_prepaid()
        self.session.write(
            {"date_begin": "2026-01-05 08:00", "date_end": "2026-01-05 16:00"}
        )
        self.session.action_archive()
        self.assertFalse(self.session.active)

    def test_treated_together(self):
        """A23, R14: all at once by the job, one mail each; the list is then empty."""
        orders = [self.purchase(learners=2) for _number in range(3)]
        event = self.session.with_user(self.manager)
        chosen = self.listed(event.action_cancel_training_session())
        self.assertEqual(len(chosen), 6)
        action = chosen.with_user(self.manager).action_open_training_cancel()
        wizard = self.env["training.cancel"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.reason = "The session does not take place"
        wizard.action_cancel()
        self.run_jobs("training_catalogue_payment.ir_cron_apply_cancellations")
        self.run_sender()
        for order in orders:
            self.assert_settled(order, 1200.0, 1200.0)
        rows = self.env["training.cancellation"].search([("session_id", "=", event.id)])
        mails = self.env["mail.mail"].search(
            [("model", "=", rows._name), ("res_id", "in", rows.ids)]
        )
        self.assertEqual(len(mails), 3)
        self.env.invalidate_all()
        self.assertEqual(event.training_to_treat_count, 0)
        event.action_archive()
