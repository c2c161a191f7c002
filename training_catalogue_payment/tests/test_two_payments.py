# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""R2: two tabs, two payments of one order: one only can take money."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import mute_logger, tagged

from .stripe_common import StripeCommon

LOGGER = "odoo.addons.payment.models.payment_transaction"


@tagged("standard", "post_install", "-at_install")
class TestTwoPayments(StripeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()

    def _start_two(self, status="requires_payment_method", **values):
        """Return the order, its first payment with its intent, and a second one."""
        order = self._buy(**values)
        first = self._start_payment(order)
        intent = self.double.add_payment(
            first._to_stripe_amount(first.amount), first.reference, status
        )
        first.provider_reference = intent["id"]
        return order, first, intent, self._start_payment(order)

    @mute_logger(LOGGER)
    def test_first_payment_is_closed(self):
        """R2: before the second one begins, the first can take no money any more."""
        for status in ("requires_payment_method", "requires_action"):
            with self.subTest(status=status):
                order, first, intent, second = self._start_two(status)
                second._close_other_payments()
                self.assertEqual(intent["status"], "canceled")
                self.assertEqual((first.state, second.state), ("cancel", "draft"))
                second._close_other_payments()
                calls = self.double.calls(
                    "POST", f"payment_intents/{intent['id']}/cancel"
                )
                self.assertEqual(len(calls), 1)
                first._post_process()
                held = self.env["training.seat.hold"].sudo()._held_by(order)
                self.assertEqual(held, 2, "the seats are held for the second one")

    @mute_logger(LOGGER)
    def test_refused_card_is_closed_too(self):
        """R2: after a refused card the former intent could still be paid: no more."""
        _order, first, intent, second = self._start_two()
        first._set_error("Your card was declined.")
        second._close_other_payments()
        self.assertEqual(intent["status"], "canceled")
        self.assertEqual(first.state, "cancel")

    def test_first_payment_has_taken_the_money(self):
        """R2: paid at Stripe and not known here yet: the second one is refused."""
        for status in ("succeeded", "processing"):
            with self.subTest(status=status):
                _order, first, _intent, second = self._start_two(status)
                with self.assertRaisesRegex(ValidationError, "Another payment"):
                    second._close_other_payments()
                self.assertEqual(first.state, "draft")

    def test_first_payment_is_known_to_be_under_way(self):
        """R2: pending, authorized or done here: refused without asking anybody."""
        for state in ("pending", "authorized", "done"):
            with self.subTest(state=state):
                _order, first, intent, second = self._start_two()
                first.state = state
                with self.assertRaisesRegex(ValidationError, "Another payment"):
                    second._close_other_payments()
                self.assertEqual(intent["status"], "requires_payment_method")

    def test_closed_before(self):
        """R2: an intent that Stripe has closed or forgotten stops nothing."""
        _order, first, _intent, second = self._start_two("canceled")
        second._close_other_payments()
        self.assertEqual(first.state, "cancel")
        _order, first, _intent, second = self._start_two()
        first.provider_reference = "pi_unknown"
        second._close_other_payments()
        self.assertEqual(first.state, "cancel")

    @mute_logger("odoo.addons.training_catalogue_payment.services.stripe_gateway")
    def test_stripe_does_not_answer(self):
        """R2: not knowing is not enough: refused, and said that nothing was taken."""
        _order, first, intent, second = self._start_two()
        self.double.fail("POST", f"payment_intents/{intent['id']}/cancel", "cut")
        with self.assertRaisesRegex(ValidationError, "nothing was taken"):
            second._close_other_payments()
        self.assertEqual(first.state, "draft")

    def test_payment_given_back_does_not_stop_the_next(self):
        """R2, R3: after a payment that was given back, the buyer may pay again."""
        order, first, _intent, second = self._start_two()
        first.training_refusal = "changed"
        first.state = "done"
        second._close_other_payments()
        self.assertEqual(order.transaction_ids, first | second)

    def test_intent_is_known_at_once(self):
        """R2: the intent's id is kept when it is made, not when it is paid."""
        tx = self._start_payment(self._buy())
        intent = {"id": "pi_new", "client_secret": "pi_new_secret_x"}
        with patch.object(
            type(self.provider), "_send_api_request", return_value=intent
        ):
            self.assertEqual(tx._stripe_create_intent()["id"], "pi_new")
        self.assertEqual(tx.provider_reference, "pi_new")
