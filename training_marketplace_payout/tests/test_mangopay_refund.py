# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A23, D10: what was paid through Mangopay goes back, whole or in part, once."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, mute_logger, tagged

from .payment_common import MangopayPaymentCommon


@tagged("standard", "post_install", "-at_install")
class TestMangopayRefund(MangopayPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_role(
            "bill", "event.group_event_user", "account.group_account_invoice"
        )

    def sent(self, order):
        payin_id = order.training_paid_tx_id.provider_reference
        calls = self.double.calls("POST", f"payins/{payin_id}/refunds")
        return [body["DebitedFunds"]["Amount"] for body, _headers, _query in calls]

    def refuse(self, order, code, times=1):
        """Have Mangopay make the next refunds FAILED."""
        payin_id = order.training_paid_tx_id.provider_reference
        failed = {
            "Id": f"refund_{code}",
            "CreationDate": 1790000000,
            "Status": "FAILED",
            "ResultCode": code,
            "ResultMessage": code,
        }
        path = f"payins/{payin_id}/refunds"
        self.double.fail("POST", path, (200, failed, {}), times=times)

    def open_wizard(self, learners):
        action = learners.with_user(self.accountant).action_open_training_cancel()
        wizards = self.env["training.cancel"].with_user(self.accountant)
        return wizards.browse(action["res_id"])

    def test_cancel_and_refund_all(self):
        """A23: one action: learners, seats, money; no document of the operator."""
        order = self.pay()
        wizard = self.open_wizard(order.training_registration_ids)
        with Form(wizard) as form:
            self.assertEqual((form.amount_paid, form.amount), (1200.0, 1200.0))
            form.reason = "The trainer is ill"
        wizard.action_cancel()
        self.assertEqual((self.sent(order), order.state), ([], "cancel"))
        self.assertEqual(order._get_training_left_to_refund(), 0)
        self.run_jobs()
        self.assertEqual(self.sent(order), [120000])
        refund = order.training_paid_tx_id.child_transaction_ids
        self.assertEqual((refund.state, refund.amount), ("done", -1200.0))
        self.assertEqual(order._get_training_refunded(), 1200.0)
        self.assertFalse(refund.payment_id)
        self.assertFalse(order.invoice_ids)
        row = self.env["training.cancellation"].search([("order_id", "=", order.id)])
        self.assertEqual(row.state, "done")
        self.assertIn(
            "1 200,00" if self._has_lang("fr_FR") else "1,200.00",
            row.with_context(lang=order.partner_id.lang)
            ._get_refund_sentence()
            .replace("\xa0", " ")
            .replace("\u202f", " "),
        )

    def test_some_with_an_indemnity(self):
        """A23: one learner stays, part of the other's price is kept."""
        order = self.pay()
        stay, gone = order.training_registration_ids
        wizard = self.open_wizard(gone)
        with Form(wizard) as form:
            self.assertEqual(form.amount, 600.0)
            form.indemnity_kind = "percent"
            form.indemnity_value = 25
            form.reason = "Late"
        wizard.action_cancel()
        self.run_jobs()
        self.assertEqual(self.sent(order), [45000])
        self.assertEqual(order.state, "sale")
        self.assertEqual(stay.prepaid_state, "pending")
        self.assertEqual(gone.prepaid_state, "cancelled")
        self.assertEqual(order._get_training_left_to_refund(), 750.0)

    def test_only_the_way_it_came(self):
        """D17: the operator's bank gives nothing back; « not now » asks a person."""
        order = self.pay()
        wizard = self.open_wizard(order.training_registration_ids)
        wizard.write(
            {
                "reason": "Cancelled",
                "refund_way": "other",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        with self.assertRaises(UserError):
            wizard.action_cancel()
        wizard.refund_way = "later"
        wizard.action_cancel()
        self.run_jobs()
        self.assertEqual(self.sent(order), [])
        self.assertEqual(len(order.activity_ids.filtered("note")), 1)

    def test_never_more_than_paid(self):
        """R12: parts may sum to the whole, never to more; pending ones count."""
        order = self.pay()
        payment = order.training_paid_tx_id
        payment._refund_marketplace(500.0)
        with self.assertRaises(ValidationError):
            payment._refund_marketplace(700.01)
        with self.assertRaises(ValidationError):
            payment.action_refund(float("nan"))
        payment._refund_marketplace(700.0)
        self.run_jobs()
        self.assertEqual(sorted(self.sent(order)), [50000, 70000])
        with self.assertRaises(ValidationError):
            payment.action_refund(0.01)

    def test_unpaid_is_not_refunded(self):
        """R12: what was not received is not given back."""
        tx = self.start()
        with self.assertRaises(ValidationError):
            tx._refund_marketplace(1.0)

    def test_lost_answer(self):
        """R13: a time-out after the deed: found by its key, not made twice."""
        order = self.pay()
        payment = order.training_paid_tx_id
        path = f"payins/{payment.provider_reference}/refunds"
        self.double.fail("POST", path, "lost")
        refund = payment._refund_marketplace(1200.0)
        self.run_jobs()
        self.assertEqual(refund.state, "pending")
        self.operations(refund, "payin_refund").date_next = "2020-01-01 00:00:00"
        self.run_jobs()
        self.assertEqual((refund.state, len(self.sent(order))), ("done", 1))

    def test_pending_then_announced(self):
        """D8: a refund that the bank takes its time for ends by its notification."""
        order = self.pay()
        payment = order.training_paid_tx_id
        made = self.double.add(
            "payins/x/refunds",
            Status="CREATED",
            DebitedFunds={"Currency": "EUR", "Amount": 120000},
        )
        path = f"payins/{payment.provider_reference}/refunds"
        self.double.fail("POST", path, (200, made, {}))
        refund = payment._refund_marketplace(1200.0)
        self.run_jobs()
        self.assertEqual(refund.state, "pending")
        self.settle(made)
        self.announce("PAYIN_REFUND_SUCCEEDED", made["Id"])
        self.assertEqual(refund.state, "done")

    def test_same_amount_on_the_same_day(self):
        """005407: two learners of one price: the second refund leaves tomorrow."""
        order = self.pay()
        payment = order.training_paid_tx_id
        self.refuse(order, "005407")
        refund = payment._refund_marketplace(600.0)
        self.run_jobs()
        self.assertEqual(refund.state, "pending")
        last, first = self.operations(refund, "payin_refund")
        self.assertEqual((first.state, last.state), ("failed", "draft"))
        self.assertGreater(last.date_next, fields.Datetime.now() + timedelta(hours=23))
        self.assertEqual(order._get_training_left_to_refund(), 600.0)
        last.date_next = "2020-01-01 00:00:00"
        self.run_jobs()
        self.assertEqual((refund.state, len(self.sent(order))), ("done", 2))

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_refused_for_good_is_told(self):
        """005403: a person is told; the money counts as not given back."""
        order = self.pay()
        payment = order.training_paid_tx_id
        self.refuse(order, "005403")
        refund = payment._refund_marketplace(600.0)
        self.run_jobs()
        self.assertEqual(refund.state, "error")
        self.assertEqual(len(order.activity_ids), 1)
        self.assertEqual(order._get_training_left_to_refund(), 1200.0)
        again = payment._refund_marketplace(600.0)
        self.run_jobs()
        self.assertEqual(again.state, "done")

    def test_postponed_not_for_ever(self):
        """005405: after five days a person is told."""
        order = self.pay()
        payment = order.training_paid_tx_id
        self.refuse(order, "005405", times=9)
        refund = payment._refund_marketplace(600.0)
        for _day in range(6):
            self.operations(refund, "payin_refund").filtered(
                "date_next"
            ).date_next = "2020-01-01 00:00:00"
            self.run_jobs()
        self.assertEqual((refund.state, len(self.sent(order))), ("error", 5))
        self.assertEqual(len(order.activity_ids), 1)

    def test_refund_after_the_account_was_withdrawn(self):
        """D17: an account that sells no more still gives back."""
        order = self.pay()
        self.mangopay._follow_mangopay_account(self.account.browse())
        self.assertEqual(self.mangopay.state, "disabled")
        order.training_paid_tx_id._refund_marketplace(1200.0)
        self.run_jobs()
        self.assertEqual(self.sent(order), [120000])

    def test_double_tap_on_a_refusal(self):
        """R13: what buys nothing goes back once, however often it is processed."""
        tx = self.start()
        payin = self.open_page(tx)
        self.sold_session.kanban_state = "cancel"
        self.settle(payin)
        self.visit(tx, "return")
        self.assertEqual((tx.state, tx.training_refusal), ("done", "cancelled"))
        tx._post_process()
        tx._post_process()
        self.run_jobs()
        calls = self.double.calls("POST", f"payins/{payin['Id']}/refunds")
        self.assertEqual(len(calls), 1)
        self.assertEqual(tx.child_transaction_ids.state, "done")

    def test_refund_made_in_the_dashboard(self):
        """A23, R12: recorded once, told; what is left to refund counts it."""
        order = self.pay()
        payment = order.training_paid_tx_id
        made = self.double.add(
            f"payins/{payment.provider_reference}/refunds",
            DebitedFunds={"Currency": "EUR", "Amount": 20000},
        )
        for date in ("1790000000", "1790000009"):
            self.announce("PAYIN_REFUND_SUCCEEDED", made["Id"], date)
        refund = payment.child_transaction_ids
        self.assertEqual((refund.state, refund.amount), ("done", -200.0))
        self.assertEqual(order._get_training_left_to_refund(), 1000.0)
        self.assertEqual(len(order.activity_ids), 1)
        stranger = self.double.add(
            "payins/of_another/refunds",
            DebitedFunds={"Currency": "EUR", "Amount": 20000},
        )
        self.announce("PAYIN_REFUND_SUCCEEDED", stranger["Id"])
        event = self.env["mangopay.event"].search([("object_id", "=", stranger["Id"])])
        self.assertEqual(event.state, "parked")
