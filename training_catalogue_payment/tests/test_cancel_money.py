# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A23: what was paid for cancelled learners is credited, given back, and ends at 0."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import mute_logger, tagged

from .stripe_common import ADDON, StripeCommon

GATEWAY = f"{ADDON}.services.stripe_gateway"


class CancelCommon(StripeCommon):
    """A paid purchase whose payment is known to the double. Holds no test itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()
        cls.operations = cls.env["training.payment.operation"]

    def purchase(self, **kwargs):
        """Return a paid and followed-up order; its intent is `self.intent`."""
        tx, self.intent = self.pay(self._buy(**kwargs))
        self.receive("payment_intent.succeeded", self.intent["id"])
        self.run_events()
        order = tx.sale_order_ids
        if order.training_followup_state == "todo":
            order._follow_up_purchase()
        return order

    def refunds(self):
        return self.double._refunds_of(self.intent["id"])

    def balances(self, order):
        """Return the order's part of each account, by the first digits of its code."""
        partner = order.partner_id.commercial_partner_id
        lines = self.env["account.move.line"].search(
            [("partner_id", "=", partner.id), ("parent_state", "=", "posted")]
        )
        result = {}
        for line in lines:
            code = line.account_id.code[:4]
            result[code] = round(result.get(code, 0) + line.balance, 2)
        return {code: balance for code, balance in result.items() if balance}

    def assert_settled(self, order, paid, refunded):
        """Everything is numbered, matched, and the follow-up shows nothing left."""
        documents = order._get_training_documents()
        self.assertEqual(set(documents.mapped("state")), {"posted"})
        self.assertEqual(documents.mapped("amount_residual"), [0] * len(documents))
        self.assertEqual(order._get_training_paid(), paid)
        self.assertEqual(order._get_training_refunded(), refunded)


@tagged("post_install", "-at_install")
class TestCancelMoney(CancelCommon):
    def test_whole_purchase_is_credited_and_refunded(self):
        """A23, R12: credit note, refund, seats and prospect move together; all at 0."""
        order = self.purchase()
        self.session.invalidate_recordset()
        taken = self.session.seats_taken
        credit = order._cancel_training(
            order.training_registration_ids, 1200.0, "Session moved"
        )
        self.assertEqual(
            (credit.state, credit.move_type, credit.amount_total),
            ("posted", "out_refund", 1200.0),
        )
        self.assertEqual(credit.training_session_id, self.session)
        self.assertEqual(credit.training_order_id, order)
        self.assertEqual(credit.training_mention, order.invoice_ids[0].training_mention)
        self.assertEqual(self.refunds(), [])
        self.assertEqual(order._get_training_left_to_refund(), 0)
        self.run_sender()
        self.assertEqual([one["amount"] for one in self.refunds()], [120000])
        self.assert_settled(order, 1200.0, 1200.0)
        self.assertEqual(self.balances(order), {})
        self.assertEqual(order.opportunity_id.prepaid_status, "cancelled")
        self.assertEqual(order.training_request_id.state, "cancelled")
        self.assertEqual((order.state, order.invoice_status), ("cancel", "no"))
        self.session.invalidate_recordset()
        self.assertEqual(self.session.seats_taken, taken - 2)

    def test_some_learners(self):
        """A23: one of three learners; the rest stays, and nobody invoices it again."""
        order = self.purchase(learners=3)
        gone = order.training_registration_ids[0]
        self.assertEqual(order._get_training_seat_price(gone), 600.0)
        credit = order._cancel_training(gone, 600.0, "Ill")
        self.run_sender()
        self.assert_settled(order, 1800.0, 600.0)
        self.assertEqual(credit.invoice_line_ids.quantity, 1)
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertEqual((order.state, order.invoice_status), ("sale", "invoiced"))
        self.assertEqual(order.amount_total, 1200.0)
        self.assertEqual(order.opportunity_id.prepaid_status, "prepaid")
        rest = order.training_registration_ids - gone
        self.assertEqual(set(rest.mapped("prepaid_state")), {"pending"})
        order._cancel_training(rest, order._get_training_seat_price(rest), "All")
        self.run_sender()
        self.assert_settled(order, 1800.0, 1800.0)
        self.assertEqual(self.balances(order), {})
        self.assertEqual(order.state, "cancel")

    def test_odd_amounts_to_the_cent(self):
        """A23: any amount can be credited, VAT in proportion, down to the last cent."""
        self.session.is_out_of_bpf = True
        order = self.purchase(learners=3)
        total = order.amount_total
        self.assertEqual(total, 2160.0)
        order.training_registration_ids[:2]._cancel_prepaid()
        for amount in (100.05, 0.01, 999.99):
            credit = order._credit_training(amount, "Odd")
            self.assertEqual(credit.amount_total, amount)
            self.assertAlmostEqual(credit.amount_tax, amount / 6, delta=0.01)
        self.assertEqual(order.order_line.product_uom_qty, 1)
        self.assertEqual(order.invoice_status, "invoiced")
        left = order._get_training_left_to_credit()
        self.assertEqual(left, 1059.95)
        order._credit_training(left, "Rest")
        self.assertEqual(order._get_training_left_to_credit(), 0)

    def test_never_over_what_was_invoiced(self):
        """A23, R12: nothing is credited or refunded beyond what was paid."""
        order = self.purchase()
        for amount in (0.0, -5.0, 1200.01):
            with self.assertRaises(UserError):
                order._credit_training(amount, "Too much")
        credit = order._credit_training(1000.0, "Part")
        with self.assertRaises(UserError):
            order._credit_training(200.01, "Again")
        for amount in (1000.01, -5.0, 0.0, float("nan"), float("inf"), -float("inf")):
            with self.subTest(amount), self.assertRaises(UserError):
                order._refund_training(credit, amount)
        operation = order._refund_training(credit)
        self.assertEqual(order._refund_training(credit), operation)
        self.assertEqual(order._get_training_left_to_refund(), 200.0)
        self.run_sender()
        self.assertEqual(order._refund_training(credit), operation)
        self.run_sender()
        self.assertEqual(len(self.refunds()), 1)

    def test_equal_partial_refunds(self):
        """A23, R12: two refunds of the same amount are two, each on its credit note."""
        order = self.purchase(learners=2)
        for learner in order.training_registration_ids:
            order._cancel_training(learner, 600.0, "One by one")
        self.run_sender()
        self.assertEqual([one["amount"] for one in self.refunds()], [60000, 60000])
        self.assert_settled(order, 1200.0, 1200.0)
        self.assertEqual(self.balances(order), {})

    def test_kept_indemnity(self):
        """A23: an indemnity is invoiced apart, without VAT; the rest goes back."""
        self.session.is_out_of_bpf = True
        order = self.purchase()
        order._cancel_training(
            order.training_registration_ids, 1440.0, "Too late", indemnity=300.0
        )
        self.run_sender()
        self.assertEqual([one["amount"] for one in self.refunds()], [114000])
        kept = order._get_training_documents().filtered("training_is_indemnity")
        self.assertEqual((kept.amount_tax, kept.amount_total), (0, 300.0))
        self.assertFalse(kept.training_mention)
        self.assert_settled(order, 1440.0, 1140.0)
        self.assertEqual(self.balances(order)["7581"], -300.0)
        self.assertNotIn("7060", self.balances(order))

    def test_flat_enrolment(self):
        """A6, A23: some learners of a flat enrolment move no money of themselves."""
        self.programme.company_multi_learners = False
        self.programme.flat_enrolment_max_learners = 3
        order = self.purchase(learners=3)
        self.assertTrue(order.training_is_flat)
        self.programme.company_multi_learners = True
        learners = order.training_registration_ids
        self.assertEqual(order._get_training_seat_price(learners[0]), 0)
        self.assertFalse(order._cancel_training(learners[0], 0.0, "One less"))
        self.assertEqual(order.invoice_ids.state, "draft")
        order._cancel_training(learners[1], 50.0, "Gesture")
        self.assertEqual(order.order_line.product_uom_qty, 1)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(order._get_training_seat_price(learners[2]), 550.0)
        order._cancel_training(learners[2], 550.0, "Last")
        self.run_sender()
        self.assert_settled(order, 600.0, 600.0)

    def test_closed_period(self):
        """A23: what was paid in a closed month is credited today."""
        with freeze_time("2026-03-10 09:00:00"):
            self.session.write(
                {"date_begin": "2026-06-10 07:00", "date_end": "2026-06-10 15:00"}
            )
            order = self.purchase()
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        with freeze_time("2026-04-07 09:00:00"):
            credit = order._cancel_training(
                order.training_registration_ids, 1200.0, "Closed"
            )
            self.run_sender()
        self.assertEqual(credit.invoice_date, date(2026, 4, 7))
        self.assert_settled(order, 1200.0, 1200.0)

    def test_credit_note_refunded_in_parts(self):
        """A23, R12: a credit note is given back in as many parts as wanted, and no
        part is lost or asked beyond it."""
        order = self.purchase()
        credit = order._credit_training(1000.0, "Parts")
        first = order._refund_training(credit, 160.0)
        second = order._refund_training(credit, 160.0) - first
        self.assertEqual(len(second), 1, "an amount asked twice is two parts")
        with self.assertRaises(UserError):
            order._refund_training(credit, 680.01)
        self.run_sender()
        self.assertEqual(credit.amount_residual, 680.0)
        order._refund_training(credit)
        self.run_sender()
        self.assertEqual(credit.amount_residual, 0)
        amounts = sorted(refund["amount"] for refund in self.refunds())
        self.assertEqual(amounts, [16000, 16000, 68000])

    @mute_logger(GATEWAY)
    def test_refused_refund_leaves_the_credit_note_open(self):
        """A23, R12: refused by Stripe: told on the credit note; a new attempt pays."""
        order = self.purchase()
        self.double.fail("POST", "refunds", 400)
        credit = order._cancel_training(
            order.training_registration_ids, 1200.0, "Refused"
        )
        self.run_sender()
        self.assertEqual(credit.amount_residual, 1200.0)
        self.assert_told(credit, "A refund failed")
        self.assertEqual(order._get_training_left_to_refund(), 1200.0)
        credit._get_refund_operations()._open_new_attempt()
        self.run_sender()
        self.assert_settled(order, 1200.0, 1200.0)
        self.assertFalse(credit.activity_ids)

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_refund_returned_by_the_bank(self):
        """A23: failed after it succeeded: the payment is reversed, then paid again."""
        order = self.purchase()
        credit = order._cancel_training(
            order.training_registration_ids, 1200.0, "Returned"
        )
        self.run_sender()
        operation = credit._get_refund_operations()
        first = operation.refund_transaction_id.payment_id
        self.refunds()[0].update(status="failed", failure_reason="expired_card")
        self.receive("refund.failed", operation.provider_reference)
        self.run_events()
        self.assertEqual(operation.state, "failed")
        self.assertEqual((credit.amount_residual, first.state), (1200.0, "rejected"))
        self.assertEqual(self.balances(order)["4111"], -1200.0)
        self.receive("refund.updated", operation.provider_reference, "evt_again")
        self.run_events()
        self.assertEqual(self.balances(order)["4111"], -1200.0)
        operation._open_new_attempt()
        self.run_sender()
        self.assert_settled(order, 1200.0, 1200.0)
        self.assertEqual(self.balances(order), {})

    def test_no_mail_of_the_session(self):
        """A23: nobody who is cancelled is told « you are registered »."""
        order = self.purchase()
        before = self.env["mail.mail"].search([])
        order._cancel_training(order.training_registration_ids, 1200.0, "Quiet")
        self.env["event.mail"].search([]).execute()
        mails = self.env["mail.mail"].search([]) - before
        learners = order.training_registration_ids.mapped("email")
        self.assertFalse(mails.filtered(lambda mail: (mail.email_to or "") in learners))
