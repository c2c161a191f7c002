# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A13, A14, A15: events are hints, Stripe's present state is what is applied."""

from itertools import permutations
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger, new_test_user, tagged

from .stripe_common import ADDON, SECRET_KEY, StripeCommon
from .stripe_double import make_account

INBOX = f"{ADDON}.models.training_inbox_mixin"
STOCK = "odoo.addons.payment.models.payment_transaction"


@tagged("standard", "post_install", "-at_install")
class TestPaymentEvent(StripeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()

    def test_webhook_alone_finishes_the_purchase(self):
        """A13, A14 (R16): the buyer never came back; the order is a sale."""
        tx, intent = self.pay()
        event = self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        self.assertEqual((event.state, event.transaction_id), ("done", tx))
        self.assertEqual((tx.state, tx.provider_reference), ("done", intent["id"]))
        self.assertTrue(tx.is_post_processed)
        self.assertEqual(tx.sale_order_ids.state, "sale")
        self.assertEqual(tx.payment_id.amount, tx.amount)
        self.assertEqual(tx.payment_method_id.code, "visa")

    def test_event_is_only_a_hint(self):
        """A13: an event that says « paid » of an unpaid intent pays nothing."""
        tx, intent = self.pay()
        intent["status"] = "processing"
        self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        self.assertEqual(tx.state, "pending")
        self.assertNotEqual(tx.sale_order_ids.state, "sale")

    def test_order_of_events_does_not_matter(self):
        """A13: every order of the same events ends in the same state, once paid."""
        types = ("payment_intent.processing", "payment_intent.succeeded")
        types += ("payment_intent.payment_failed",)
        for number, order in enumerate(permutations(types)):
            tx, intent = self.pay()
            for event_type in order:
                self.receive(event_type, intent["id"], f"evt_{number}_{event_type}")
            self.run_events()
            self.assertEqual(tx.state, "done")
            payments = self.env["account.payment"].search(
                [("payment_transaction_id", "=", tx.id)]
            )
            self.assertEqual(len(payments), 1)

    def test_present_state_wins_over_cancellation(self):
        """A13 (R10): cancelled here, then paid at Stripe: the money counts."""
        tx, intent = self.pay()
        tx._set_canceled()
        self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        self.assertEqual(tx.state, "done")
        self.assertTrue(tx.payment_id)

    def test_late_cancellation_changes_nothing(self):
        """A13 (R10): a cancelled intent beside the paid one does not touch it."""
        tx, intent = self.pay()
        self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        other = self.double.add_payment(1, tx.reference, status="canceled")
        self.receive("payment_intent.canceled", other["id"])
        self.run_events()
        self.assertEqual((tx.state, tx.provider_reference), ("done", intent["id"]))

    @mute_logger(STOCK)
    def test_wrong_amount_is_not_a_sale(self):
        """A13: an intent paid with another amount does not confirm the order."""
        tx, intent = self.pay(amount=100)
        self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        self.assertEqual(tx.state, "error")
        self.assertNotEqual(tx.sale_order_ids.state, "sale")

    def test_second_payment_is_given_back(self):
        """A15 (R11): paid twice: seen, recorded, refunded, and the first one stands."""
        tx, first = self.pay()
        second = self.double.add_payment(first["amount"], tx.reference)
        for intent in (first, second):
            self.receive("payment_intent.succeeded", intent["id"])
            self.run_events()
        self.receive("payment_intent.processing", second["id"])
        self.run_events()
        self.run_sender()
        paid = (
            self.double._refunds_of(first["id"]),
            self.double._refunds_of(second["id"]),
        )
        self.assertEqual([len(refunds) for refunds in paid], [0, 1])
        self.assertEqual(paid[1][0]["amount"], second["amount"])
        extra = tx.search([("provider_reference", "=", second["id"])])
        self.assertEqual(len(extra), 1)
        self.assertEqual(extra.training_refusal, "already_paid")
        self.assertEqual(sum((extra | extra.child_transaction_ids).mapped("amount")), 0)
        self.assertEqual(tx.provider_reference, first["id"])

    def test_unknown_object_waits(self):
        """A13: an event that comes before our own commit is parked, then treated."""
        intent = self.double.add_payment(72000, "S-TOMORROW")
        event = self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        self.assertEqual((event.state, event.attempts), ("parked", 1))
        self.assertIn("no transaction", event.error)
        tx = self._start_payment(self._buy())
        tx.reference = "S-TOMORROW"
        intent["amount"] = tx._to_stripe_amount(tx.amount)
        self.wait_for(event)
        self.run_events()
        self.assertEqual((event.state, tx.state), ("done", "done"))

    def test_foreign_event_is_left_aside_at_last(self):
        """A13: what another system sold with the account never becomes a failure."""
        intent = self.double.add_payment(72000, "OTHER-SHOP")
        event = self.receive("payment_intent.succeeded", intent["id"])
        for _try in range(12):
            self.wait_for(event)
            self.run_events()
        self.assertEqual((event.state, event.date_next), ("parked", False))

    @mute_logger(INBOX)
    def test_poisoned_event_does_not_block(self):
        """A13: one that cannot be finished delays no other; its payment stays."""
        (sick, sick_intent), (tx, intent) = self.pay(), self.pay()
        post_process = type(tx)._post_process

        def fail_for_sick(transactions):
            if sick in transactions:
                raise KeyError("poison")
            return post_process(transactions)

        events = self.receive("payment_intent.succeeded", sick_intent["id"])
        events |= self.receive("payment_intent.succeeded", intent["id"])
        with patch.object(type(tx), "_post_process", fail_for_sick):
            self.run_events()
        self.assertEqual(events.mapped("state"), ["parked", "done"])
        self.assertEqual((tx.state, sick.state), ("done", "done"))
        self.assertTrue(tx.is_post_processed)
        self.wait_for(events)
        self.run_events()
        self.assertTrue(sick.is_post_processed)

    def test_collision_is_tried_again_at_once(self):
        """A13: two jobs on the same rows: the loser starts again, nothing is lost."""
        tx, intent = self.pay()
        event = self.receive("payment_intent.succeeded", intent["id"])
        apply, raised = type(event)._apply, []

        def collide_once(record):
            if not raised:
                raised.append(True)
                raise SerializationFailure("could not serialize access")
            return apply(record)

        with patch.object(type(event), "_apply", collide_once):
            self.run_events()
        self.assertEqual((event.state, tx.state), ("done", "done"))

    @mute_logger(f"{ADDON}.services.stripe_gateway")
    def test_silent_stripe_is_asked_again(self):
        """A13: while Stripe does not answer the event waits, longer each time."""
        tx, intent = self.pay()
        event = self.receive("payment_intent.succeeded", intent["id"])
        self.double.fail("GET", f"payment_intents/{intent['id']}", "cut", times=3)
        self.run_events()
        self.assertEqual((event.state, tx.state), ("parked", "draft"))
        self.assertGreater(event.date_next, event.create_date)
        self.wait_for(event)
        self.run_events()
        self.assertEqual((event.state, tx.state), ("done", "done"))

    def test_refund_made_at_stripe_is_recorded_once(self):
        """A13: a refund from Stripe's dashboard, told by two events, is one payment."""
        tx, intent = self.pay()
        self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        refund = self.double.add(
            "refund",
            "re",
            amount=5000,
            currency="eur",
            payment_intent=intent["id"],
            status="succeeded",
            metadata={},
        )
        charge = self.double.add("charge", "ch", payment_intent=intent["id"])
        self.receive("charge.refunded", charge["id"])
        self.receive("refund.created", refund["id"])
        self.run_events()
        child = tx.child_transaction_ids
        self.assertEqual(child.mapped("amount"), [-50.0])
        self.assertEqual((child.state, child.payment_id.amount), ("done", 50.0))
        refund["status"] = "failed"
        with mute_logger(STOCK):
            self.receive("refund.failed", refund["id"])
            self.run_events()
        self.assertEqual(child.state, "error")

    def test_refund_without_payment_intent(self):
        """A13: a refund of what was charged without an intent is of none of our
        payments, least of all of one that was given up and has no reference."""
        given_up = self._start_payment(self._buy())
        self.assertFalse(given_up.provider_reference)
        refund = self.double.add(
            "refund", "re", amount=5000, currency="eur", payment_intent=None,
            status="succeeded", metadata={},
        )  # fmt: skip
        charge = self.double.add("charge", "ch", payment_intent=None)
        events = self.receive("refund.created", refund["id"])
        events |= self.receive("charge.refunded", charge["id"])
        self.run_events()
        self.assertEqual(events.mapped("state"), ["parked", "parked"])
        self.assertFalse(given_up.child_transaction_ids)
        self.assertEqual(given_up.state, "draft")

    def test_account_event_refreshes_the_health_card(self):
        """A2: Stripe suspends the account: the card shows it at once."""
        self.double.add("webhook_endpoint", "we", id="we_1", status="enabled")
        self.provider.training_account_live = True
        account = make_account(charges_enabled=False)
        self.double.accounts["acct_ours"] = account
        self.receive("account.updated", "acct_ours")
        self.run_events()
        self.assertFalse(self.provider.training_charges_enabled)
        self.assertFalse(self.company.training_sale_open)

    def test_retry_by_a_person(self):
        """A13: accounting managers may have an event treated again, others not."""
        tx, intent = self.pay()
        event = self.receive("payment_intent.succeeded", intent["id"])
        event.write({"state": "failed", "date_next": False, "attempts": 10})
        groups = (
            "base.group_user,event.group_event_manager,sales_team.group_sale_manager"
        )
        seller = new_test_user(self.env, "seller", groups, company_id=self.company.id)
        with self.assertRaises(AccessError):
            event.with_user(seller).action_retry()
        groups = "account.group_account_manager"
        manager = new_test_user(self.env, "manager", groups, company_id=self.company.id)
        with self.assertRaises(AccessError):
            event.with_user(manager).write({"state": "done"})
        event.with_user(manager).action_retry()
        self.run_events()
        self.assertEqual((event.state, tx.state), ("done", "done"))

    def test_event_of_another_company_is_not_seen(self):
        """A13: a manager sees the events of their own companies."""
        event = self.receive("charge.dispute.created", "dp_1")
        company = self.env["res.company"].create({"name": "Autre"})
        groups = "account.group_account_manager"
        manager = new_test_user(
            self.env,
            "other",
            groups,
            company_id=company.id,
            company_ids=company.ids,
        )
        event = event.with_user(manager).with_context(allowed_company_ids=company.ids)
        self.assertFalse(event.search([("id", "=", event.id)]))
        with self.assertRaises(AccessError):
            event.action_retry()

    def test_unlinked_account_parks(self):
        """A2: events left by an account that is gone stop nothing."""
        event = self.receive("payment_intent.succeeded", "pi_1")
        self.provider._clear_training_link()
        with mute_logger(INBOX):
            self.run_events()
        self.assertEqual(event.state, "parked")
        with self.assertRaises(UserError):
            self.provider._get_stripe_gateway()
        self.assertTrue(self.provider._get_stripe_gateway(SECRET_KEY))
