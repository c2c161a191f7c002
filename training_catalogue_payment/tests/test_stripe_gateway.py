# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A2, A15: what the gateway asks Stripe, and what it says of an outcome."""

import logging

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..services.stripe_gateway import API_VERSION, GatewayError, StripeGateway, redact
from .stripe_double import PUBLISHABLE_KEY, SECRET_KEY, StripeDouble, make_account


@tagged("standard", "post_install", "-at_install")
class TestStripeGateway(BaseCase):
    def setUp(self):
        super().setUp()
        self.double = StripeDouble()
        base_url = self.double.start()
        self.addCleanup(self.double.stop)
        self.gateway = StripeGateway(SECRET_KEY, base_url=base_url)
        self.base_url = base_url

    def assert_fails(self, function, *args, **expected):
        with self.assertRaises(GatewayError) as caught:
            function(*args)
        for name, value in expected.items():
            self.assertEqual(getattr(caught.exception, name), value, name)
        return caught.exception

    def refund(self, intent, amount=4000, key="training-key-1"):
        return self.gateway.refund(
            intent["id"], amount, "EUR", key, {"training_operation": key}
        )

    def test_account_is_read(self):
        """A2: the account of the key comes back as plain values."""
        account = self.gateway.account()
        self.assertEqual(account["id"], "acct_ours")
        self.assertEqual(type(account["settings"]["dashboard"]["display_name"]), str)

    def test_revoked_key_is_a_definite_failure(self):
        """A2: a revoked key is told as such and never repeated."""
        gateway = StripeGateway("sk_test_gone99", base_url=self.base_url)
        error = self.assert_fails(
            gateway.account, code="authentication", retryable=False, unknown=False
        )
        self.assertNotIn("gone99", str(error))
        self.assertEqual(error.request_id, "req_double")

    def test_publishable_key_of_the_account_passes(self):
        """A2: both keys of one account; the trial intent is cancelled."""
        self.gateway.check_publishable_key(PUBLISHABLE_KEY)
        intents = [one for one in self.double.objects.values()]
        self.assertEqual([one["status"] for one in intents], ["canceled"])

    def test_publishable_key_of_another_account_is_refused(self):
        """A2: keys of two accounts, or unknown, are told apart; nothing stays open."""
        self.double.accounts["acct_other"] = make_account("acct_other")
        self.double.publishable_keys["pk_test_other"] = "acct_other"
        check = self.gateway.check_publishable_key
        self.assert_fails(check, "pk_test_other", code="other_account")
        self.assert_fails(check, "pk_test_unknown", code="publishable_key")
        states = {one["status"] for one in self.double.objects.values()}
        self.assertEqual(states, {"canceled"})

    def test_webhook_is_created_pinned_and_deleted(self):
        """A2: the endpoint carries our events and our version, and can be removed."""
        url = "https://rivage.example/training/stripe/webhook/x"
        events = ["payment_intent.succeeded", "refund.updated"]
        webhook = self.gateway.create_webhook(url, events)
        self.assertEqual(webhook["secret"], "whsec_double")
        stored = self.gateway.webhook(webhook["id"])
        self.assertEqual((stored["url"], stored["enabled_events"]), (url, events))
        self.assertEqual(stored["api_version"], API_VERSION)
        self.gateway.delete_webhook(webhook["id"])
        self.assert_fails(self.gateway.webhook, webhook["id"], code="resource_missing")

    def test_refund_is_sent_once_per_key(self):
        """A15: the same key gives the same refund, another key another one."""
        intent = self.double.add_payment(10000, "S1")
        first, again = self.refund(intent), self.refund(intent)
        other = self.refund(intent, key="training-key-2")
        self.assertEqual(first["id"], again["id"])
        self.assertNotEqual(first["id"], other["id"])
        self.assertEqual(first["metadata"], {"training_operation": "training-key-1"})

    def test_refunds_of_all_pages_are_listed(self):
        """A15: asking what became of a refund looks at every page."""
        intent = self.double.add_payment(100000, "S1")
        for number in range(205):
            self.refund(intent, 1, f"training-key-{number}")
        self.assertEqual(len(self.gateway.refunds(intent["id"])), 205)

    @mute_logger("odoo.addons.training_catalogue_payment.services.stripe_gateway")
    def test_lost_answer_is_unknown(self):
        """A15: cut before or after the deed, the outcome is not known."""
        intent = self.double.add_payment(10000, "S1")
        for action in ("lost", "cut", 500, 409):
            with self.subTest(action=action):
                self.double.fail("POST", "refunds", action)
                self.assert_fails(self.refund, intent, retryable=True, unknown=True)
        self.assertEqual(len(self.double.calls("POST", "refunds")), 1)

    @mute_logger("odoo.addons.training_catalogue_payment.services.stripe_gateway")
    def test_refused_connection_was_never_sent(self):
        """A15: nobody listening means that nothing was done."""
        gateway = StripeGateway(SECRET_KEY, base_url="http://127.0.0.1:1")
        self.assert_fails(
            lambda: gateway.refund("pi_1", 1, "eur", "training-key-1", {}),
            code="connection",
            retryable=True,
            unknown=False,
        )

    def test_definite_refusals(self):
        """A15: too many calls can be repeated, a refused refund cannot."""
        intent = self.double.add_payment(10000, "S1")
        self.double.fail("POST", "refunds", 429)
        expected = {"code": "rate_limit", "retryable": True, "unknown": False}
        self.assert_fails(self.refund, intent, **expected)
        expected = {"code": "charge_already_refunded", "retryable": False}
        self.assert_fails(self.refund, intent, 10001, unknown=False, **expected)
        self.double.fail("GET", "account", 403)
        self.assert_fails(self.gateway.account, code="permission", retryable=False)

    def test_secrets_are_not_logged(self):
        """A2: the library's own logs show no key, no signing or client secret."""
        logger = logging.getLogger("stripe")
        with self.assertLogs(logger, "DEBUG") as logs:
            webhook = self.gateway.create_webhook("https://x.example", ["a.b"])
            self.gateway.check_publishable_key(PUBLISHABLE_KEY)
            logger.info("key %s", SECRET_KEY)
        text = "\n".join(logs.output)
        for secret in (webhook["secret"], SECRET_KEY, PUBLISHABLE_KEY, "_secret_abc"):
            self.assertNotIn(secret, text)
        self.assertIn("whsec_***", text)
        self.assertEqual(redact("rk_live_abc_1 sk_test_9"), "rk_live_*** sk_test_***")
