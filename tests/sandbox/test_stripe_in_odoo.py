# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's own payment page, in its tests' browser, with the stand-in behind it."""

import os
import tempfile
from unittest.mock import patch

from stand_in import StandIn

from odoo.tests import HttpCase, tagged

from odoo.addons.payment import utils as payment_utils

FILL = """
const wait = async (selector) => {
    for (let i = 0; i < 100; i++) {
        const node = document.querySelector(selector);
        if (node) { return node; }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("missing: " + selector);
};
const type = async (name, value) => {
    const input = await wait(`input[name=${name}]`);
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
};
"""
PAY = """
(async () => {%s
    (await wait("input[data-payment-method-code=card]")).click();
    await type("number", "%s");
    await type("expiry", "12/31");
    await type("cvc", "123");
    document.querySelector("button[name=o_payment_submit_button]").click();
    %s
})();
"""


@tagged("standard", "post_install", "-at_install", "e2e")
class TestStripeInOdoo(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.sandbox = StandIn(f"{folder}/state.bin")
        cls.addClassCleanup(cls.sandbox.stop)
        variable = {"TRAINING_STRIPE_SANDBOX_URL": cls.sandbox.url}
        cls.enterClassContext(patch.dict(os.environ, variable))
        cls.env["payment.provider"].search([]).state = "disabled"
        cls.provider = cls.env.ref("payment.payment_provider_stripe")
        cls.provider.write(
            {
                "stripe_publishable_key": "pk_test_acme_1",
                "stripe_secret_key": "sk_test_acme_1",
                "state": "test",
                "is_published": True,
            }
        )

    def _pay(self, reference, number, then):
        """Pay 120 on Odoo's generic page; what comes after is JavaScript."""
        partner = self.env.ref("base.user_admin").partner_id
        currency = self.env.company.currency_id
        token = payment_utils.generate_access_token(
            partner.id, 120.0, currency.id, env=self.env
        )
        self.browser_js(
            f"/payment/pay?reference={reference}&amount=120.0&currency_id={currency.id}"
            f"&partner_id={partner.id}&access_token={token}",
            PAY % (FILL, number, then),
            login="admin",
            ready="!!document.querySelector('[name=o_payment_radio]')",
        )
        return self.env["payment.transaction"].search(
            [("reference", "=like", f"{reference}%")]
        )

    def test_card_is_accepted(self):
        """D14: the card form mounts in Odoo's page; the transaction is done."""
        # The page is left when the card is accepted: success is said before.
        transaction = self._pay(
            "ACCEPTED",
            "4242424242424242",
            "addEventListener('beforeunload', () => console.log('test successful'));",
        )
        (line,) = self.sandbox.get("/_journal", reference=transaction.reference)
        self.assertEqual(line["amount"], 12000)

    def test_card_is_refused(self):
        """D14: told in a dialog, nothing moved."""
        transaction = self._pay(
            "REFUSED",
            "4000000000000002",
            "const body = await wait('.modal-body');"
            "console.log(/declined|refus/.test(body.textContent)"
            " ? 'test successful' : 'error ' + body.textContent);",
        )
        self.assertEqual(transaction.state, "draft")
        self.assertFalse(self.sandbox.get("/_journal", reference=transaction.reference))
