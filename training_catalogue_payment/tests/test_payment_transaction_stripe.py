# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A13: an intent pays the transaction it was made for, and no other."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, mute_logger, tagged

from .stripe_common import ADDON, StripeCommon

MODEL = f"{ADDON}.models.payment_transaction_stripe"


@tagged("standard", "post_install", "-at_install")
class TestPaymentTransactionStripe(StripeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()

    def open_return_page(self, reference, intent):
        """Open the page Stripe sends the buyer back to, as the buyer could type it."""
        answer = patch.object(
            type(self.provider), "_send_api_request", return_value=dict(intent)
        )
        url = f"/payment/stripe/return?reference={reference}"
        with answer as asked:
            self.url_open(f"{url}&payment_intent={intent['id']}", allow_redirects=False)
        self.assertTrue(asked.called)
        self.env.invalidate_all()

    def test_return_of_the_own_payment(self):
        """A13: the buyer who comes back with their own payment has paid."""
        tx, intent = self.pay()
        self.open_return_page(tx.reference, intent)
        self.assertEqual((tx.state, tx.provider_reference), ("done", intent["id"]))

    @mute_logger(MODEL)
    def test_payment_of_another_order_pays_nothing(self):
        """A13: the intent of one order, given for another of the same amount: no."""
        (tx, intent), (other, _intent) = self.pay(), self.pay()
        self.assertEqual(tx.amount, other.amount)
        self.open_return_page(tx.reference, intent)
        self.open_return_page(other.reference, intent)
        self.assertEqual((tx.state, other.state), ("done", "draft"))
        self.assertFalse(other.provider_reference)

    @mute_logger(MODEL)
    def test_second_payment_does_not_hide_the_first(self):
        """A15 (R11): coming back with a second intent keeps the first one's trace."""
        tx, intent = self.pay()
        self.open_return_page(tx.reference, intent)
        second = self.double.add_payment(intent["amount"], tx.reference)
        self.open_return_page(tx.reference, second)
        self.assertEqual(tx.provider_reference, intent["id"])
        self.receive("payment_intent.succeeded", second["id"])
        self.run_events()
        self.run_sender()
        self.assertEqual(len(self.double._refunds_of(second["id"])), 1)
        self.assertEqual(self.double._refunds_of(intent["id"]), [])

    def test_unlinked_provider_is_left_to_stock(self):
        """A13: a Stripe provider that is not linked behaves as in Odoo."""
        tx, intent = self.pay()
        self.provider.training_account_id = False
        intent["description"] = "anything"
        self.open_return_page(tx.reference, intent)
        self.assertEqual(tx.state, "done")

    def test_refund_of_nothing_leaves_nothing(self):
        """R12: zero, less, too much or no number is refused without a failed refund."""
        tx, _intent = self.pay()
        self._capture(tx)
        for amount in (0, -50, tx.amount + 1, float("nan"), float("inf")):
            with self.subTest(amount=amount), self.assertRaises(ValidationError):
                tx.action_refund(amount)
        self.assertFalse(tx.child_transaction_ids)
        tx.action_refund(50)
        self.assertEqual(tx.child_transaction_ids.mapped("amount"), [-50])
