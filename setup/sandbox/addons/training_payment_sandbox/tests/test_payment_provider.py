# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When Odoo talks to the stand-in, and when it does not."""

import os
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..services.live_keys import is_real
from ..services.stand_in import URL_VARIABLE, read_url

URL = "http://127.0.0.1:18999"
LOGGER = "odoo.addons.training_payment_sandbox.services.stand_in"


@tagged("post_install", "-at_install")
class TestPaymentProvider(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Stripe",
                "code": "stripe",
                "stripe_publishable_key": "pk_test_acme_1",
                "stripe_secret_key": "sk_test_acme_1",
            }
        )

    def _use(self, url):
        """Let the server's environment name this address, or none."""
        self.enterContext(patch.dict(os.environ, {URL_VARIABLE: url}))

    def test_stand_in_replaces_stripe(self):
        """D14: the API, the gateway and Stripe.js are the stand-in's."""
        self._use(URL)
        provider = self.provider
        self.assertEqual(
            provider._build_request_url("payment_intents/pi_1"),
            f"{URL}/v1/payment_intents/pi_1",
        )
        self.assertEqual(provider._get_stripe_gateway_options(), {"base_url": URL})
        self.assertEqual(provider._get_stripe_js_url(), f"{URL}/js.stripe.com/v3/")

    def test_without_variable_nothing_changes(self):
        """D14: installed but not named by the environment, it does nothing."""
        self._use("")
        provider = self.provider
        self.assertEqual(
            provider._build_request_url("refunds"), "https://api.stripe.com/v1/refunds"
        )
        self.assertEqual(provider._get_stripe_gateway_options(), {})
        self.assertEqual(provider._get_stripe_js_url(), "https://js.stripe.com/v3/")

    def test_other_providers_are_left_alone(self):
        """D14: only Stripe, and not its proxy for onboarding."""
        self._use(URL)
        demo = self.env["payment.provider"].create({"name": "None"})
        self.assertNotIn(URL, demo._build_request_url("payments"))
        self.assertNotIn(
            URL, self.provider._build_request_url("accounts", is_proxy_request=True)
        )

    def test_address_must_be_of_this_machine(self):
        """D14: a secret key is never sent elsewhere by a mistaken variable."""
        self.assertEqual(read_url({URL_VARIABLE: "http://localhost:8420/"}),
                         "http://127.0.0.1:8420")  # fmt: skip
        for url in (
            "https://127.0.0.1:8420",
            "http://192.168.1.2:8420",
            "http://127.0.0.1.evil.example:8420",
            "http://evil@127.0.0.1:8420",
            "http://127.0.0.1",
            "http://127.0.0.1:8420/path",
            "http://127.0.0.1:notaport",
        ):
            with self.subTest(url=url), mute_logger(LOGGER):
                self.assertIsNone(read_url({URL_VARIABLE: url}))

    def test_real_keys_are_recognised(self):
        """D14: a live key that is not one of the stand-in's own."""
        for key in ("sk_live_51H", "rk_live_51H", "pk_live_51H", " sk_live_51H"):
            self.assertTrue(is_real(key), key)
        for key in ("sk_test_51H", "sk_live_sandboxacme_1", "", False):
            self.assertFalse(is_real(key), key)

    def test_real_key_is_refused_beside_the_stand_in(self):
        """D14: neither key can be live while the stand-in is in place."""
        self._use(URL)
        for field in ("stripe_secret_key", "stripe_publishable_key"):
            with self.subTest(field=field), self.assertRaises(ValidationError):
                self.provider[field] = "sk_live_51H"
                self.env.flush_all()
        self.provider.stripe_secret_key = "sk_live_sandboxacme_1"

    def test_database_with_a_real_key_is_not_loaded(self):
        """D14: a copy of production does not start with the stand-in in place."""
        self._use("")
        self.provider.stripe_secret_key = "sk_live_51H"
        self.env.flush_all()
        self.env["payment.provider"]._register_hook()
        self._use(URL)
        with self.assertRaisesRegex(UserError, "holds a live key"):
            self.env["payment.provider"]._register_hook()

    def test_payment_form_loads_the_stand_in(self):
        """D14: one script, the stand-in's; Stripe's own without the variable."""
        for url, expected in (
            (URL, f"{URL}/js.stripe.com/v3/"),
            ("", "https://js.stripe.com/v3/"),
        ):
            self._use(url)
            html = self.env["ir.qweb"]._render("payment_stripe.sdk_assets")
            self.assertEqual(html.count("<script"), 1)
            self.assertIn(f'src="{expected}"', html)
