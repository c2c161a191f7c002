# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A15, A23: refunds are written down first, sent once, and never over what was paid."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import mute_logger, new_test_user, tagged

from .stripe_common import ADDON, SECRET_KEY, SENDER_JOB, StripeCommon

GATEWAY = f"{ADDON}.services.stripe_gateway"
SENDER = f"{ADDON}.models.training_payment_operation_send"


@tagged("standard", "post_install", "-at_install")
class TestPaymentOperation(StripeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()
        cls.operations = cls.env["training.payment.operation"]

    def setUp(self):
        super().setUp()
        self.tx, self.intent = self.pay()
        self.receive("payment_intent.succeeded", self.intent["id"])
        self.run_events()
        self.subject = self.tx.sale_order_ids.order_line[:1]

    def ask(self, amount=100.0, subject=None):
        return self.operations._request_refund(self.tx, amount, "test", subject)

    def posts(self):
        return self.double.calls("POST", "refunds")

    def refunds(self):
        return self.double._refunds_of(self.intent["id"])

    def assert_refunded_once(self, operation, amount=100.0):
        self.assertEqual(
            (operation.state, operation.is_followed_up), ("succeeded", True)
        )
        self.assertFalse(operation.date_next)
        self.assertEqual([one["amount"] for one in self.refunds()], [amount * 100])
        self.assertEqual(self.tx.child_transaction_ids.mapped("amount"), [-amount])
        child = self.tx.child_transaction_ids
        self.assertEqual((child.state, child.operation), ("done", "refund"))
        self.assertEqual(child.payment_id.payment_type, "outbound")
        self.assertEqual(child.payment_id.amount, amount)

    def test_refund_is_sent_by_the_job(self):
        """A15: nothing is sent by the request; the job sends, and books the payment."""
        operation = self.ask()
        self.assertEqual((operation.state, self.posts()), ("draft", []))
        self.run_sender()
        self.assert_refunded_once(operation)
        self.assertEqual(self.posts()[0][3], operation.idempotency_key)
        self.run_sender()
        self.assertEqual(len(self.posts()), 1)

    def test_one_subject_is_refunded_once(self):
        """A15: asked again for the same thing, the same row answers."""
        operation = self.ask()
        self.assertEqual(self.ask(), operation)
        with self.assertRaises(UserError):
            self.ask(50.0)
        self.run_sender()
        self.assertEqual(self.ask(), operation)
        self.run_sender()
        self.assert_refunded_once(operation)

    def test_never_over_what_was_paid(self):
        """A23 (R12): partial refunds sum to the payment at most, in any state."""
        total = self.tx.amount
        for amount in (0.0, -1.0, total + 0.01, 100_000.0):
            with self.assertRaises(ValidationError):
                self.ask(amount)
        self.ask(total - 100)
        with self.assertRaises(ValidationError):
            self.ask(100.01, self.subject)
        self.run_sender()
        with self.assertRaises(ValidationError):
            self.ask(100.01, self.subject)
        self.ask(100, self.subject)
        self.run_sender()
        self.assertEqual(sum(one["amount"] for one in self.refunds()), total * 100)
        with self.assertRaises(ValidationError):
            self.ask(0.01, self.tx.sale_order_ids)

    def test_only_received_payments_are_refunded(self):
        """A23: a draft, failed or refund transaction gives nothing back."""
        draft, _intent = self.pay()
        with self.assertRaises(ValidationError):
            self.operations._request_refund(draft, 1, "test")
        self.ask()
        self.run_sender()
        with self.assertRaises(ValidationError):
            self.operations._request_refund(self.tx.child_transaction_ids, 1, "test")

    def test_stock_refund_button_uses_the_outbox(self):
        """A23 (R13): Odoo's own refund wizard sends nothing in its request either."""
        refund_tx = self.tx._refund(amount_to_refund=100.0)
        self.assertEqual((refund_tx.state, self.posts()), ("pending", []))
        too_much = self.tx._refund(amount_to_refund=self.tx.amount)
        self.assertEqual(too_much.state, "error")
        too_much.unlink()
        self.run_sender()
        operation = self.operations.search([("res_id", "=", refund_tx.id)])
        self.assertEqual(operation.refund_transaction_id, refund_tx)
        self.assert_refunded_once(operation)

    @mute_logger(GATEWAY)
    def test_lost_answer_is_resolved_by_asking(self):
        """A15: Stripe did it, the answer was lost: found by asking, not sent again."""
        self.double.fail("POST", "refunds", "lost")
        operation = self.ask()
        self.run_sender()
        self.assertEqual((operation.state, len(self.refunds())), ("unknown", 1))
        self.wait_for(operation)
        self.run_sender()
        self.assert_refunded_once(operation)
        self.assertEqual(len(self.posts()), 1)

    @mute_logger(GATEWAY)
    def test_undone_call_is_sent_again_with_its_key(self):
        """A15: cut before Stripe did it, or too many calls: same key, one refund."""
        for number, action in enumerate(("cut", 500, 429)):
            with self.subTest(action=action):
                self.double.fail("POST", "refunds", action)
                subject = (self.tx, self.subject, self.tx.sale_order_ids)[number]
                operation = self.ask(10.0, subject)
                self.run_sender()
                state = "draft" if action == 429 else "unknown"
                self.assertEqual(operation.state, state)
                self.wait_for(operation)
                self.run_sender()
                self.assertEqual(operation.state, "succeeded")
                self.assertEqual(len(self.refunds()), number + 1)
        keys = {call[3] for call in self.posts()}
        self.assertEqual(len(keys), 3)

    @mute_logger(GATEWAY)
    def test_unknown_is_not_sent_after_the_keys_life(self):
        """A15: after a day the key is forgotten: asked, and left to a person."""
        self.double.fail("POST", "refunds", "cut")
        operation = self.ask()
        self.run_sender()
        operation.date_sent = fields.Datetime.now() - timedelta(hours=24)
        self.wait_for(operation)
        self.run_sender()
        self.assertEqual(
            (operation.state, operation.error_code), ("failed", "not_found")
        )
        self.assertEqual(self.posts(), [])

    @mute_logger(GATEWAY)
    def test_days_of_refused_calls_take_nothing_off_the_key(self):
        """A15: the life of the key begins with the call that could do something."""
        self.double.fail("POST", "refunds", 429)
        operation = self.ask()
        self.run_sender()
        operation.date_sent = fields.Datetime.now() - timedelta(hours=50)
        self.double.fail("POST", "refunds", "cut")
        for state in ("unknown", "succeeded"):
            self.wait_for(operation)
            self.run_sender()
            self.assertEqual(operation.state, state)

    @mute_logger(GATEWAY)
    def test_failed_question_says_nothing_of_the_deed(self):
        """A15: a key revoked meanwhile does not turn an unknown into a failure."""
        self.double.fail("POST", "refunds", "lost")
        operation = self.ask()
        self.run_sender()
        account = self.double.secret_keys.pop(SECRET_KEY)
        self.wait_for(operation)
        self.run_sender()
        self.assertEqual(operation.state, "unknown")
        self.assertEqual(operation.error_code, "authentication")
        self.double.secret_keys[SECRET_KEY] = account
        self.wait_for(operation)
        self.run_sender()
        self.assert_refunded_once(operation)

    def test_definite_failure_waits_for_a_person(self):
        """A15: refused by Stripe: told, not repeated; a person opens a new attempt."""
        self.double.fail("POST", "refunds", 400)
        operation = self.ask()
        self.run_sender()
        self.assertEqual((operation.state, operation.date_next), ("failed", False))
        self.assertEqual(operation.error_message, "As ordered.")
        self.assertEqual(self.provider.training_last_error, "As ordered.")
        self.assert_told(self.tx.sale_order_ids, "A refund failed")
        self.run_sender()
        self.assertEqual(self.posts(), [])
        groups = "base.group_user,sales_team.group_sale_manager"
        seller = new_test_user(self.env, "seller", groups, company_id=self.company.id)
        with self.assertRaises(AccessError):
            operation.with_user(seller).action_retry()
        groups = "account.group_account_invoice"
        accountant = new_test_user(self.env, "bill", groups, company_id=self.company.id)
        operation.with_user(accountant).action_retry()
        second = self.operations.search([("transaction_id", "=", self.tx.id)], limit=1)
        self.assertEqual(second.ordinal, 2)
        self.assertNotEqual(second.idempotency_key, operation.idempotency_key)
        self.run_sender()
        self.assert_refunded_once(second)
        with self.assertRaises(UserError):
            second.action_retry()

    def test_pending_refund_is_followed(self):
        """A15: Stripe takes days: the event that it arrived finishes it, once."""
        post = type(self.double)._post_refunds
        with patch.object(
            type(self.double),
            "_post_refunds",
            lambda *args: {**post(*args), "status": "pending"},
        ):
            operation = self.ask()
            self.run_sender()
        self.assertEqual(operation.state, "pending")
        self.assertEqual(operation.refund_transaction_id.state, "pending")
        self.receive("refund.updated", operation.provider_reference)
        self.run_events()
        self.run_sender()
        self.assert_refunded_once(operation)

    def test_event_before_our_own_record(self):
        """A15: the event of our refund comes while the sender is at work: no double."""
        operation = self.ask()
        operation.write({"state": "sending", "date_sent": fields.Datetime.now()})
        gateway = self.provider._get_stripe_gateway()
        refund = operation._call(is_new=True)
        self.receive("refund.created", refund["id"])
        self.run_events()
        self.assertEqual(operation.state, "succeeded")
        self.run_sender()
        self.assert_refunded_once(operation)
        self.assertEqual(len(gateway.refunds(self.intent["id"])), 1)

    def test_met_or_killed_is_resumed_in_time(self):
        """A15: a row that met somebody, or whose sender died, wakes the job itself."""
        operation = self.ask()
        met = LockError("met somebody")
        now = fields.Datetime.now()
        with patch.object(type(operation), "_claim", side_effect=met):
            self.run_sender()
        self.assertEqual(operation.attempts, 0)
        minute = timedelta(minutes=1)
        self.assertTrue(self.wake_ups(now, now + minute + timedelta(seconds=30)))
        with patch.object(type(operation), "_call", side_effect=met):
            self.run_sender()
        self.assertEqual(operation.state, "sending")
        self.assertTrue(self.wake_ups(operation.date_next, operation.date_next))
        self.wait_for(operation)
        with patch.object(type(operation), "_follow_up", side_effect=met):
            self.run_sender()
        self.assertEqual(operation.state, "succeeded")
        self.assertLess(operation.date_next, now + 2 * minute)
        self.wait_for(operation)
        self.run_sender()
        self.assert_refunded_once(operation)

    def wake_ups(self, since, until):
        job = self.env.ref(SENDER_JOB)
        domain = [("call_at", ">=", since), ("call_at", "<=", until)]
        return self.env["ir.cron.trigger"].search([("cron_id", "=", job.id), *domain])

    @mute_logger(SENDER)
    def test_entries_that_fail_are_made_later(self):
        """A15: the refund is known even if its payment cannot be booked at once."""
        operation = self.ask()
        transactions = type(self.tx)
        with patch.object(transactions, "_create_payment", side_effect=UserError("no")):
            self.run_sender()
        self.assertEqual(
            (operation.state, operation.is_followed_up), ("succeeded", False)
        )
        self.assertEqual(operation.error_message, "no")
        self.wait_for(operation)
        self.run_sender()
        self.assert_refunded_once(operation)

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_refund_returned_by_the_bank(self):
        """A23: a refund that comes back later is told to a person."""
        operation = self.ask()
        self.run_sender()
        self.refunds()[0].update(status="failed", failure_reason="lost_or_stolen_card")
        self.receive("refund.failed", operation.provider_reference)
        self.run_events()
        self.assertEqual(operation.state, "failed")
        self.assertEqual(operation.error_code, "lost_or_stolen_card")
        self.assertEqual(operation.refund_transaction_id.state, "error")
        self.assert_told(self.tx.sale_order_ids, "A refund failed")

    def test_other_providers_are_left_to_stock(self):
        """A13: a Stripe provider that is not linked refunds as Odoo does."""
        self.provider.write({"training_account_id": False})
        answer = {"id": "re_stock", "amount": 1000, "currency": "eur"}
        answer["status"] = "succeeded"
        send = patch.object(
            type(self.provider), "_send_api_request", return_value=answer
        )
        with send as sent:
            refund_tx = self.tx._refund(amount_to_refund=10.0)
        self.assertEqual((sent.call_count, refund_tx.state), (1, "done"))
        self.assertFalse(self.operations.search([("transaction_id", "=", self.tx.id)]))

    def test_sent_operations_cannot_be_deleted(self):
        """A24: what was sent to Stripe stays."""
        operation = self.ask()
        self.run_sender()
        with self.assertRaises(UserError):
            operation.unlink()
