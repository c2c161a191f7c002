# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B19, R12: a refund and a transfer of one sale at the same moment, on real cursors."""

import threading
from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.service.model import retrying
from odoo.tests import mute_logger, tagged

from .test_mangopay_real import RealCursorsCommon

# Children before those they point to.
MADE = (
    "mangopay_operation",
    "marketplace_entry",
    "marketplace_sale",
    "sale_order_transaction_rel",
    "payment_transaction",
    "sale_order",
    "mangopay_wallet",
    "mangopay_user",
)


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceReal(RealCursorsCommon):
    def setUp(self):
        super().setUp()
        with self.environment() as env:
            self.sale_id = self.create_sale(env).id

    def create_wallets(self, env):
        """Return a buyer's wallet and a seller's, known to Mangopay."""
        account = env["mangopay.account"].browse(self.account_id)
        buyer, seller = env["res.partner"].browse(self.partner_ids[:2])
        wallets = env["mangopay.wallet"]
        for partner, category in ((buyer, "PAYER"), (seller, "OWNER")):
            user = env["mangopay.user"]._ensure(account, partner, category, "legal")
            user.mangopay_id = f"user_{category}"
            wallet = user._get_wallet(env.ref("base.EUR"))
            wallet.write({"mangopay_id": f"wlt_{category}", "state": "active"})
            wallets |= wallet
        return wallets

    def create_payment(self, env, wallet):
        account = wallet.account_id
        account._offer_payment()
        provider = env["payment.provider"]._get_mangopay_of(account.company_id)
        order = env["sale.order"].create(
            {"partner_id": wallet.partner_id.id, "company_id": self.company_id}
        )
        return env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": env.ref("payment.payment_method_card").id,
                "reference": self.name,
                "provider_reference": f"payin_{self.name}",
                "amount": 1000.0,
                "currency_id": wallet.currency_id.id,
                "partner_id": wallet.partner_id.id,
                "state": "done",
                "mangopay_wallet_id": wallet.id,
                "sale_order_ids": order.ids,
            }
        )

    def create_sale(self, env):
        """Commit a sale of 1000 that is to be transferred now."""
        source, target = self.create_wallets(env)
        tx = self.create_payment(env, source)
        now = fields.Datetime.now()
        return env["marketplace.sale"].create(
            {
                "order_id": tx.sale_order_ids.id,
                "tx_id": tx.id,
                "seller_id": target.partner_id.id,
                "buyer_id": source.partner_id.id,
                "company_id": self.company_id,
                "currency_id": tx.currency_id.id,
                "amount_total": tx.amount,
                "amount_untaxed": tx.amount,
                "paid_at": now,
                "confirmed_at": now,
                "transfer_state": "waiting",
                "transfer_due": now,
            }
        )

    def remove(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT order_id FROM marketplace_sale WHERE id = %s", [self.sale_id]
            )
            [order_id] = cr.fetchone()
            cr.execute(
                "DELETE FROM sale_order_transaction_rel WHERE sale_order_id = %s",
                [order_id],
            )
            for table in MADE:
                if table != "sale_order_transaction_rel":
                    cr.execute(
                        f"DELETE FROM {table} WHERE company_id = %s", [self.company_id]
                    )
        super().remove()

    def at_once(self, *deeds):
        """Do things to the sale in threads that count together, if they can."""
        sales = self.registry["marketplace.sale"]
        meeting = threading.Barrier(len(deeds), timeout=1)
        count = sales._get_left_minor

        def wait(sale):
            with suppress(threading.BrokenBarrierError):
                meeting.wait()
            return count(sale)

        def play(deed):
            with self.environment() as env:
                sale = env["marketplace.sale"].browse(self.sale_id)
                retrying(lambda: deed(sale), env)

        with patch.object(sales, "_get_left_minor", wait):
            raised = self.run_at_once([lambda one=one: play(one) for one in deeds])
        self.assertEqual(raised, [None] * len(deeds))

    def read_amounts(self):
        with self.environment() as env:
            sale = env["marketplace.sale"].browse(self.sale_id)
            return {
                "state": sale.transfer_state,
                "transfers": sale._get_transfers().mapped("amount_minor"),
                "refunds": [
                    tx._get_mangopay_minor() for tx in sale.tx_id._get_live_refunds()
                ],
                "asked": env["mangopay.operation"].search_count(
                    [
                        ("account_id", "=", self.account_id),
                        ("kind", "=", "payin_refund"),
                    ]
                ),
            }

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_transfer_and_refund(self):
        """B19, R12: whoever is first, never more than what was paid leaves."""
        self.at_once(
            lambda sale: sale._try_to_transfer(),
            lambda sale: sale.tx_id._refund_marketplace(400.0),
        )
        found = self.read_amounts()
        self.assertEqual((found["state"], found["refunds"]), ("asked", [40000]))
        # First, the refund is asked; second, it waits for the transfer's end.
        expected = [60000] if found["asked"] else [100000]
        self.assertEqual(found["transfers"], expected)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_transfers(self):
        """R13: two jobs on one sale: one transfer."""
        self.at_once(*[lambda sale: sale._try_to_transfer()] * 2)
        found = self.read_amounts()
        self.assertEqual((found["state"], found["transfers"]), ("asked", [100000]))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_promise_and_transfer(self):
        """B19: what is kept for the buyer is not the seller's, or was before."""
        self.at_once(
            lambda sale: sale.tx_id._promise_marketplace_refund(400.0),
            lambda sale: sale._try_to_transfer(),
        )
        found = self.read_amounts()
        self.assertEqual((found["refunds"], found["asked"]), ([40000], 0))
        self.assertIn(found["transfers"], ([60000], [100000]))
