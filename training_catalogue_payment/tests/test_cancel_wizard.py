# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A23: « Cancel and refund », as each role meets it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .stripe_common import ADDON
from .test_cancel_money import CancelCommon


@tagged("post_install", "-at_install")
class TestCancelWizard(CancelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_role(
            "bill", "event.group_event_user", "account.group_account_invoice"
        )
        cls.planner = cls._create_role("plan", "event.group_event_user")
        cls.seller = cls._create_role(
            "sell", "sales_team.group_sale_salesman_all_leads"
        )

    def open_wizard(self, user, records):
        action = records.with_user(user).action_open_training_cancel()
        self.assertEqual(action["res_model"], "training.cancel")
        return self.env["training.cancel"].with_user(user).browse(action["res_id"])

    def test_whole_by_an_accountant(self):
        """A23: one action: seats, credit note, refund, prospect, one mail."""
        order = self.purchase()
        wizard = self.open_wizard(self.accountant, order.training_registration_ids)
        with Form(wizard) as form:
            self.assertEqual((form.amount_paid, form.amount), (1200.0, 1200.0))
            form.reason = "The trainer is ill"
            self.assertIn("draft, paid", form.summary)
        wizard.action_cancel()
        self.run_sender()
        self.assert_settled(order, 1200.0, 1200.0)
        self.assertEqual(order.opportunity_id.prepaid_status, "cancelled")
        row = self.env["training.cancellation"].search([("order_id", "=", order.id)])
        self.assertEqual((row.state, row.amount_refunded), ("done", 1200.0))
        mail = self.env["mail.mail"].search([("res_id", "=", row.id)])
        mail = mail.filtered(lambda one: one.model == row._name)
        self.assertEqual(mail.recipient_ids, order.partner_id)
        self.assertIn("The trainer is ill", mail.body_html)
        credit = row.credit_note_ids
        self.assertEqual(credit.ref, "The trainer is ill")

    def test_some_with_an_indemnity(self):
        """A23: one learner stays; part of the price of the other is kept."""
        order = self.purchase()
        stay, gone = order.training_registration_ids
        wizard = self.open_wizard(self.accountant, gone)
        with Form(wizard) as form:
            self.assertEqual(form.amount, 600.0)
            form.indemnity_kind = "percent"
            form.indemnity_value = 25
            self.assertIn("150,00", form.summary)
            self.assertIn("450,00", form.summary)
            form.reason = "Late"
        wizard.action_cancel()
        self.run_sender()
        self.assertEqual([one["amount"] for one in self.refunds()], [45000])
        self.assert_settled(order, 1200.0, 450.0)
        self.assertEqual(stay.prepaid_state, "pending")
        self.assertEqual(gone.prepaid_state, "cancelled")

    def test_ways_of_giving_back(self):
        """A23: not now leaves an activity; otherwise records the outgoing payment."""
        bank = self.company_data["default_journal_bank"]
        for way in ("later", "other"):
            with self.subTest(way):
                order = self.purchase()
                wizard = self.open_wizard(
                    self.accountant, order.training_registration_ids
                )
                wizard.write({"reason": "Cancelled", "refund_way": way})
                if way == "other":
                    with self.assertRaises(UserError):
                        wizard.action_cancel()
                    wizard.journal_id = bank
                wizard.action_cancel()
                self.run_sender()
                self.assertEqual(self.refunds(), [])
                credit = order._get_training_documents()[-1]
                owed = 1200.0 if way == "later" else 0.0
                self.assertEqual(credit.amount_residual, owed)
                summaries = credit.activity_ids.mapped("summary")
                self.assertEqual("Refund to do" in summaries, way == "later")

    def test_who_may_not_invoice_moves_no_money(self):
        """A23: planners and salespeople cancel; the accountant finds what is left."""
        for user, records in (
            (self.planner, lambda order: order.training_registration_ids),
            (self.seller, lambda order: order.opportunity_id),
            (self.planner, lambda order: order.training_request_id),
        ):
            with self.subTest(user.login):
                order = self.purchase()
                wizard = self.open_wizard(user, records(order))
                self.assertFalse(wizard.may_move_money)
                with Form(wizard) as form:
                    form.reason = "Asked by phone"
                wizard.action_cancel()
                states = order.training_registration_ids.mapped("prepaid_state")
                self.assertEqual(set(states), {"cancelled"})
                invoice = order.invoice_ids
                self.assertEqual((len(invoice), invoice.state), (1, "draft"))
                self.assertIn("Refund to do", invoice.activity_ids.mapped("summary"))
                user_id = invoice.activity_ids.user_id
                self.assertTrue(user_id.has_group("account.group_account_invoice"))
                self.run_sender()
                self.assertEqual(self.refunds(), [])

    def test_nobody_opens_it_by_himself(self):
        """A23: by RPC, a wizard is neither made nor turned to other enrolments."""
        order, other = self.purchase(), self.purchase()
        with self.assertRaises(AccessError):
            self.env["training.cancel"].with_user(self.accountant).create({})
        wizard = self.open_wizard(self.planner, order.training_registration_ids)
        with self.assertRaises(AccessError):
            wizard.write({"order_ids": [(6, 0, other.ids)]})
        with self.assertRaises(AccessError):
            wizard.line_ids[0].write(
                {"registration_id": other.training_registration_ids[0].id}
            )
        with self.assertRaises(AccessError):
            wizard.with_user(self.seller).action_cancel()
        portal = self._create_role("outside", "base.group_portal")
        with self.assertRaises(AccessError):
            order.training_registration_ids.with_user(
                portal
            ).action_open_training_cancel()

    def test_refusals(self):
        """A23: too much, too much kept, no reason, nobody, cancelled meanwhile."""
        order = self.purchase()
        learners = order.training_registration_ids
        wizard = self.open_wizard(self.accountant, learners)
        with self.assertRaises(UserError):
            wizard.action_cancel()
        wizard.reason = "Reason"
        for vals in (
            {"amount": 1200.01},
            {"amount": 100.0, "indemnity_kind": "amount", "indemnity_value": 200.0},
            {"amount": 100.0, "indemnity_kind": "percent", "indemnity_value": -1},
        ):
            wizard.write(vals)
            with self.subTest(vals), self.assertRaises(UserError):
                wizard.action_cancel()
        second = self.open_wizard(self.accountant, learners)
        second.reason = "Second clerk"
        wizard.write({"amount": 1200.0, "indemnity_kind": "none"})
        wizard.action_cancel()
        with self.assertRaises(UserError):
            second.action_cancel()
        with self.assertRaises(UserError):
            self.open_wizard(self.accountant, learners)
        self.assertEqual(len(order._get_training_documents()), 2)

    def test_together(self):
        """A23: many orders are left to a job: each whole, one failing alone."""
        orders = [self.purchase(learners=1) for _number in range(3)]
        learners = self.env["event.registration"].union(
            *(order.training_registration_ids for order in orders)
        )
        wizard = self.open_wizard(self.accountant, learners)
        self.assertTrue(wizard.is_together)
        wizard.write({"reason": "The session is cancelled"})
        wizard.action_cancel()
        self.assertEqual(set(learners.mapped("prepaid_state")), {"pending"})
        orders[1].training_registration_ids._cancel_prepaid()
        rows = self.env["training.cancellation"].search([], limit=3)
        with self.assertLogs(f"{ADDON}.models.training_cancellation", "WARNING"):
            self.run_jobs("training_catalogue_payment.ir_cron_apply_cancellations")
        states = {row.order_id: row.state for row in rows}
        self.assertEqual(
            [states[order] for order in orders], ["done", "failed", "done"]
        )
        self.assert_told(self.session, "A cancellation failed")
        self.run_sender()
        for order in (orders[0], orders[2]):
            self.assert_settled(order, 600.0, 600.0)
        self.run_jobs("training_catalogue_payment.ir_cron_apply_cancellations")
        self.assertEqual(len(orders[0]._get_training_documents()), 2)

    def test_who_tries_again(self):
        """A23: who may cancel may have a failed one tried again, as it was asked for;
        nobody else, and nobody in another company."""
        order = self.purchase(learners=1)
        row = self.env["training.cancellation"].create(
            {
                "order_id": order.id,
                "session_id": self.session.id,
                "registration_ids": [(6, 0, order.training_registration_ids.ids)],
                "reason": "Ill",
                "is_whole_price": True,
            }
        )
        outside = self._create_role("outside", "base.group_portal")
        stranger = self._create_role("stranger", "event.group_event_manager")
        company = self._create_company(name="Institut Voisin")
        stranger.write({"company_ids": company.ids, "company_id": company.id})
        for user, is_allowed in (
            (outside, False),
            (stranger, False),
            (self.planner, True),
            (self.seller, True),
            (self.accountant, True),
        ):
            row.write({"state": "failed", "attempts": 5})
            with self.subTest(user.login):
                if is_allowed:
                    row.with_user(user).action_retry()
                else:
                    with self.assertRaises(AccessError):
                        row.with_user(user).action_retry()
                state = ("todo", 0) if is_allowed else ("failed", 5)
                self.assertEqual((row.state, row.attempts), state)
        with self.assertRaises(AccessError):
            row.with_user(self.planner).write({"amount": 9000.0})
        self.run_jobs("training_catalogue_payment.ir_cron_apply_cancellations")
        self.assertEqual((row.state, row.credit_note_ids.amount_total), ("done", 600))
