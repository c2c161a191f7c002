# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A23, A25: cancelling by hand, as the source document says, and its follow-up."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, mute_logger, tagged

from .test_cancel_money import CancelCommon

ADDON = "training_catalogue_payment"
TRANSACTIONS = "odoo.addons.payment.models.payment_transaction"


@tagged("post_install", "-at_install")
class TestSessionFinance(CancelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_role("bill", "account.group_account_invoice")
        cls.bank = cls.company_data["default_journal_bank"]

    def setUp(self):
        super().setUp()
        self.order = self.purchase()
        self.view = self.session.with_user(self.accountant)

    def totals(self):
        self.env.flush_all()
        self.env.invalidate_all()
        view = self.view
        return (
            view.amount_training_invoiced,
            view.amount_training_credited,
            view.amount_training_paid,
            view.amount_training_refunded,
            view.amount_training_balance,
        )

    def browse(self, action):
        model = self.env[action["res_model"]].with_user(self.accountant)
        return model.browse(action["res_id"])

    def cancel_by_hand(self, status="cancelled"):
        self.order.training_registration_ids.action_validate_prepaid()
        self.order.opportunity_id.prepaid_status = status

    def credit(self, amount=None):
        """Walk « Generate the credit note » on the invoice; return the note."""
        invoice = self.order.invoice_ids[:1].with_user(self.accountant)
        wizard = self.browse(invoice.action_open_training_credit())
        with Form(wizard) as form:
            form.reason = "Cancelled by the buyer"
            if amount:
                form.amount = amount
        wizard.action_credit()
        return self.order._get_training_documents()[-1]

    def enter(self, move=None):
        if move:
            return self.browse(
                move.with_user(self.accountant).action_open_training_payment()
            )
        return self.browse(self.view.action_enter_training_payment())

    def test_by_hand_through_stripe(self):
        """A23, A25: validate, « Cancelled », credit the draft, negative payment."""
        self.assertEqual(self.totals(), (0, 0, 1200.0, 0, 0))
        self.assertEqual(self.view.amount_training_to_number, 1200.0)
        self.assertEqual(len(self.view.training_document_ids), 1)
        self.cancel_by_hand()
        self.totals()
        self.assertFalse(self.view.training_document_ids)
        others = self.view.training_other_document_ids
        self.assertEqual((others.state, others.payment_state), ("draft", "paid"))
        self.assertEqual(
            self.view.training_other_payment_ids,
            self.order.training_paid_tx_id.payment_id,
        )
        credit = self.credit()
        self.assertEqual(self.order.invoice_ids[0].state, "posted")
        self.assertEqual(self.totals(), (1200.0, 1200.0, 1200.0, 0, -1200.0))
        wizard = self.enter()
        self.assertEqual((wizard.move_id, wizard.amount), (credit, -1200.0))
        with Form(wizard) as form:
            self.assertEqual(form.way, "stripe")
        wizard.action_enter()
        self.run_sender()
        self.assertEqual(self.totals(), (1200.0, 1200.0, 1200.0, 1200.0, 0))
        self.assertEqual(len(self.view.training_other_document_ids), 2)
        self.assertEqual(len(self.view.training_other_payment_ids), 2)
        self.assert_settled(self.order, 1200.0, 1200.0)
        self.assertEqual(self.balances(self.order), {})

    def test_by_hand_otherwise(self):
        """A23: « Lost », then given back by transfer: journal, outgoing, matched."""
        self.cancel_by_hand("lost")
        credit = self.credit()
        wizard = self.enter(credit)
        with Form(wizard) as form:
            form.way = "other"
            form.journal_id = self.bank
        wizard.action_enter()
        self.run_sender()
        self.assertEqual(self.refunds(), [])
        self.assertEqual(self.totals(), (1200.0, 1200.0, 1200.0, 1200.0, 0))
        self.assertEqual(self.balances(self.order), {})

    def test_by_hand_already_in_stripe(self):
        """A23: a refund made in the dashboard is chosen; its event doubles nothing."""
        self.cancel_by_hand()
        credit = self.credit()
        self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "120000"}
        )
        wizard = self.enter(credit)
        wizard.way = "stripe_done"
        with self.assertRaises(UserError):
            wizard.action_enter()
        wizard.action_list_refunds()
        self.assertEqual(wizard.refund_id.reference, self.refunds()[0]["id"])
        wizard.action_enter()
        self.assert_settled(self.order, 1200.0, 1200.0)
        self.receive("refund.created", self.refunds()[0]["id"])
        with mute_logger(TRANSACTIONS):
            self.run_events()
        children = self.order.training_paid_tx_id.child_transaction_ids
        self.assertEqual(len(children), 1)
        self.assertEqual(self.totals(), (1200.0, 1200.0, 1200.0, 1200.0, 0))
        self.assertEqual(self.balances(self.order), {})

    def test_refund_of_another_purchase(self):
        """A23: a refund listed for one purchase settles no credit note of another,
        whatever the caller sends."""
        credit = self.credit()
        self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "120000"}
        )
        listed = self.enter(credit)
        listed.action_list_refunds()
        self.order = self.purchase()
        other = self.credit()
        wizard = self.enter(other)
        listed.write({"move_id": other.id, "amount": -1200.0})
        for record in (listed, wizard):
            record.write({"way": "stripe_done", "refund_id": listed.refund_id.id})
            with self.assertRaises(UserError):
                record.action_enter()
        self.assertEqual(other.amount_residual, 1200.0)

    def test_dashboard_refund_finds_its_credit_note(self):
        """A23, R12: credited here, refunded in the dashboard: matched by itself."""
        self.cancel_by_hand()
        self.credit()
        refund = self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "120000"}
        )
        self.receive("refund.created", refund["id"])
        self.run_events()
        self.assert_settled(self.order, 1200.0, 1200.0)
        self.assertFalse(self.view.training_unmatched_refund_ids)

    def test_dashboard_refund_without_credit_note(self):
        """A23: it shows in the session's finances; a button makes the credit note."""
        refund = self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "60000"}
        )
        self.receive("refund.created", refund["id"])
        self.run_events()
        invoice = self.order.invoice_ids
        self.assert_told(invoice, "Refund without credit note")
        payment = self.view.training_unmatched_refund_ids
        self.assertEqual((payment.amount, payment.payment_type), (600.0, "outbound"))
        self.assertEqual(self.order._get_training_left_to_refund(), 600.0)
        wizard = self.browse(
            payment.with_user(self.accountant).action_open_training_credit()
        )
        self.assertEqual(wizard.amount, 600.0)
        wizard.reason = "One learner less"
        wizard.action_credit()
        self.totals()
        self.assertFalse(self.view.training_unmatched_refund_ids)
        self.assert_settled(self.order, 1200.0, 600.0)
        credit = self.order._credit_training(600.0, "Rest")
        self.order._refund_training(credit)
        self.run_sender()
        self.assert_settled(self.order, 1200.0, 1200.0)

    @mute_logger(TRANSACTIONS)
    def test_what_was_given_back_is_not_given_twice(self):
        """A23, R12: a part was refunded in the dashboard, without a credit note: who
        cancels the purchase afterwards gives back the rest alone."""
        refund = self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "50000"}
        )
        self.receive("refund.created", refund["id"])
        self.run_events()
        learners = self.order.training_registration_ids
        credit = self.order._cancel_training(learners, 1200.0, "All of it")
        self.assertEqual(credit.amount_residual, 700.0)
        self.run_sender()
        self.assertEqual(
            [one["amount"] for one in self.refunds()], [50000, 70000], "as Stripe says"
        )
        self.assert_settled(self.order, 1200.0, 1200.0)
        self.assertEqual(self.balances(self.order), {})

    def test_credit_note_by_hand_takes_what_was_given_back(self):
        """A23: « Generate a credit note » on the invoice finds the dashboard's refund;
        the payment that is left to enter is the rest."""
        refund = self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "50000"}
        )
        self.receive("refund.created", refund["id"])
        self.run_events()
        self.cancel_by_hand()
        self.credit()
        self.assertEqual(self.enter().amount, -700.0)
        self.assertFalse(self.view.training_unmatched_refund_ids)

    def test_dashboard_refund_returned_by_the_bank(self):
        """A23: a dashboard refund that fails later is undone as well, once."""
        self.cancel_by_hand()
        credit = self.credit()
        refund = self.double._post_refunds(
            "acct_ours", {"payment_intent": self.intent["id"], "amount": "120000"}
        )
        self.receive("refund.created", refund["id"])
        self.run_events()
        self.assertEqual(credit.amount_residual, 0)
        self.refunds()[0].update(status="failed")
        for number in range(2):
            self.receive("refund.failed", refund["id"], f"evt_failed_{number}")
            self.run_events()
        self.assertEqual(credit.amount_residual, 1200.0)
        self.assertFalse(self.view.training_unmatched_refund_ids)
        self.assertEqual(self.balances(self.order)["4111"], -1200.0)

    def test_each_row_of_the_list_adds_up(self):
        """A25: nothing that makes what is left to pay is hidden at first."""
        view = self.env.ref(f"{ADDON}.event_event_view_list_finances")
        arch = etree.fromstring(self.view.get_view(view.id)["arch"])
        for name in ("invoiced", "credited", "paid", "refunded", "balance"):
            [node] = arch.xpath(f"//field[@name='amount_training_{name}']")
            self.assertNotEqual(node.get("optional"), "hide", name)

    def test_sessions_with_money_come_first(self):
        """A25: « Finances of sessions » opens on those that have documents."""
        quiet = self._create_session(name="Quiet")
        action = self.env.ref(f"{ADDON}.event_event_action_finances")
        self.assertIn("search_default_with_documents", action.context)
        events = self.env["event.event"].with_user(self.accountant)
        arch = etree.fromstring(
            events.get_view(action.search_view_id.id, "search")["arch"]
        )
        [domain] = arch.xpath("//filter[@name='with_documents']/@domain")
        found = events.search(literal_eval(domain))
        self.assertIn(self.session, found)
        self.assertNotIn(quiet, found)
        arch = etree.fromstring(
            events.get_view(
                self.env.ref(f"{ADDON}.event_event_view_list_finances").id, "list"
            )["arch"]
        )
        amounts = arch.xpath("//field[starts-with(@name, 'amount_')]")
        self.assertEqual(len(amounts), 6)
        self.assertTrue(all(field.get("sum") for field in amounts))

    def test_amount_and_document_must_fit(self):
        """A23: no money out on an invoice, none in on a credit note, none too much."""
        self.cancel_by_hand()
        with self.assertRaises(UserError):
            self.enter()
        credit = self.credit(500.0)
        wizard = self.enter(credit)
        invoice = self.order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        for vals in (
            {"amount": 500.0},
            {"amount": -500.01, "way": "stripe"},
            {"amount": -500.01, "way": "other", "journal_id": self.bank.id},
            {"amount": -500.0, "way": "other", "journal_id": False},
            {"move_id": invoice.id, "amount": -500.0},
        ):
            wizard.write({"move_id": credit.id, **vals})
            with self.subTest(vals), self.assertRaises(UserError):
                wizard.action_enter()
        self.assertEqual(credit.amount_residual, 500.0)

    def test_one_document_is_proposed_only_when_there_is_one(self):
        """A23: of two customers' credit notes neither is proposed; each is named with
        its customer and what is left."""
        first = self.credit()
        self.assertEqual(self.enter().move_id, first)
        self.order = self.purchase()
        second = self.credit(500.0)
        wizard = self.enter()
        self.assertFalse(wizard.move_id)
        self.assertEqual(wizard.amount, 0)
        with self.assertRaises(UserError):
            wizard.action_enter()
        choice = second.with_context(training_with_customer=True)
        for part in (
            second.partner_id.display_name,
            second.name,
            second.currency_id.format(-500.0),
        ):
            self.assertIn(part, choice.display_name)
        self.assertNotIn(second.currency_id.format(-500.0), second.display_name)
        with Form(wizard) as form:
            form.move_id = second
            self.assertEqual(form.amount, -500.0)

    def test_positive_amount_is_an_ordinary_payment(self):
        """A23: a positive amount comes in for what an invoice still asks."""
        self.order._get_training_documents()
        complement = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.parent_id.id,
                "training_order_id": self.order.id,
                "training_session_id": self.session.id,
                "invoice_line_ids": [(0, 0, {"name": "More", "price_unit": 80.0})],
            }
        )
        complement.invoice_line_ids.tax_ids = False
        complement.action_post()
        wizard = self.enter(complement)
        with Form(wizard) as form:
            self.assertEqual(form.amount, 80.0)
            form.journal_id = self.bank
        wizard.action_enter()
        self.assertEqual(complement.payment_state, "paid")
        self.assertEqual(self.totals()[2], 1280.0)

    def test_only_accountants_move_money(self):
        """A23, A25: planners and salespeople read; they neither credit nor refund."""
        self.order.invoice_ids.action_post()
        for groups in (
            ["event.group_event_manager"],
            ["sales_team.group_sale_manager"],
        ):
            user = self._create_role(groups[0], *groups)
            invoice = self.order.invoice_ids.with_user(user)
            for act in (
                invoice.action_open_training_credit,
                invoice.action_open_training_payment,
                self.session.with_user(user).action_enter_training_payment,
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    act()
