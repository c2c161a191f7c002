# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The books of an organisation whose balance is the stand-in's: they agree."""

import tempfile
from datetime import timedelta
from unittest.mock import patch

from stand_in import StandIn

from odoo.tests import tagged

from odoo.addons.training_catalogue_payment.tests.balance_common import BalanceCommon

TWO_DAYS = 2 * 24 * 3600


@tagged("standard", "post_install", "-at_install")
class TestStripeBooks(BalanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.sandbox = StandIn(f"{folder}/state.bin")
        cls.addClassCleanup(cls.sandbox.stop)
        cls.client = cls.sandbox.client()
        cls.provider.write(
            {
                "stripe_secret_key": "sk_test_acme_1",
                "training_account_id": cls.client.v1.accounts.retrieve_current().id,
            }
        )

    def setUp(self):
        super().setUp()
        patcher = patch.object(
            type(self.provider),
            "_get_stripe_gateway_options",
            lambda provider: {"base_url": self.sandbox.url},
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        self.feed = self.env["training.balance.feed"]._get_feed(self.provider)
        self.feed.date_since -= timedelta(days=30)

    def _cash(self):
        """Return the transaction of a purchase that the stand-in cashed."""
        tx = self._purchase().training_paid_tx_id
        intent = self.client.v1.payment_intents.create(
            {
                "amount": tx._to_stripe_amount(tx.amount),
                "currency": "eur",
                "payment_method": "pm_card_visa",
                "confirm": True,
                "description": tx.reference,
            }
        )
        tx.provider_reference = intent.id
        return tx

    def test_a_month_agrees_with_stripe(self):
        """A30: payments, a refund, a payout, its return and two disputes: the ledger
        is Stripe's balance after each."""
        paid, refunded, won, lost = (self._cash() for _number in range(4))
        self.read_and_book()
        self.assertTrue(self.compare().is_balanced)
        refund = self.client.v1.refunds.create(
            {"payment_intent": refunded.provider_reference, "amount": 20000}
        )
        refund_tx = refunded._create_child_transaction(200.0, is_refund=True)
        self._capture(refund_tx)
        refund_tx.provider_reference = refund.id
        for tx, status in ((won, "won"), (lost, "lost")):
            path = f"/_payment_intents/{tx.provider_reference}/dispute"
            dispute = self.sandbox.post(path)
            self.sandbox.post(f"/_disputes/{dispute['id']}", {"status": status})
        self.read_and_book()
        self.assertTrue(self.compare().is_balanced)
        self.assertEqual(self.ledger("467200"), 1200, "lost, not closed here yet")
        self.sandbox.post("/_clock", {"advance": TWO_DAYS})
        [payout] = self.sandbox.post("/_accounts/acme/payouts")
        self.read_and_book()
        self.assertEqual(self.ledger("511500"), 0)
        self.assertEqual(self.ledger("580000"), payout["amount"] / 100)
        self.assertTrue(paid.payment_id.move_id.line_ids.full_reconcile_id)
        self.assertTrue(self.compare().is_balanced)
        self.sandbox.post(f"/_payouts/{payout['id']}", {"status": "failed"})
        self.read_and_book()
        self.assertEqual(self.ledger("580000"), 0)
        self.assertTrue(self.compare().is_balanced)
        movements = self.env["training.balance.transaction"].search([])
        self.assertFalse(movements.filtered("problem"))
