# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B10: two at once, on real cursors: two purchases of one buyer, both ends of one.

The test cursor hides all of this: what is committed here is really committed, and
removed at the end.
"""

from contextlib import ExitStack
from datetime import datetime
from threading import Barrier
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import mute_logger, tagged

from .test_mangopay_real import RealCursorsCommon

NOW = datetime(2026, 11, 22, 10)
EMAIL = "claire@durand.example.com"


class _Request:
    """What `retrying` plays again: one request of one visitor."""

    def __init__(self, registry, work):
        self.registry, self.work = registry, work

    def __call__(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return retrying(lambda: self.work(env), env)


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceHoldReal(RealCursorsCommon):
    def setUp(self):
        super().setUp()
        self.orders = []
        with self.environment() as env:
            company = env["res.company"].browse(self.company_id)
            company.currency_id = env.ref("base.EUR")
            method = env.ref("payment.payment_method_card")
            provider = env["payment.provider"].create(
                {"name": self.name, "code": "none", "company_id": company.id}
            )
            self.provider_id = provider.id
            for number in range(4):
                buyer = env["res.partner"].browse(self.partner_ids[number])
                order = env["sale.order"].create(
                    {"partner_id": buyer.id, "company_id": company.id}
                )
                tx = env["payment.transaction"].create(
                    {
                        "provider_id": provider.id,
                        "payment_method_id": method.id,
                        "amount": 1500.0,
                        "currency_id": company.currency_id.id,
                        "partner_id": buyer.id,
                        "reference": f"{self.name}-{number}",
                    }
                )
                self.orders.append((order.id, tx.id, buyer.id))

    def remove(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM marketplace_sale WHERE company_id = %s", [self.company_id]
            )
            cr.execute("DELETE FROM marketplace_buyer_turn")
            for table, place in (("sale_order", 0), ("payment_transaction", 1)):
                ids = [order[place] for order in self.orders]
                cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
            cr.execute("DELETE FROM payment_provider WHERE id = %s", [self.provider_id])
        super().remove()

    def sell(self, env, number, buyer_id, state="confirmed"):
        """Write a sale of 1 500 down, as the payment does."""
        order_id, tx_id, _buyer = self.orders[number]
        return env["marketplace.sale"].create(
            {
                "order_id": order_id,
                "tx_id": tx_id,
                "seller_id": self.partner_ids[7],
                "buyer_id": buyer_id,
                "buyer_email": EMAIL,
                "company_id": self.company_id,
                "currency_id": env.ref("base.EUR").id,
                "amount_total": 1500.0,
                "paid_at": NOW,
                "confirmed_at": state == "confirmed" and NOW,
                "state": state,
            }
        )

    def judge_at_once(self, buyers):
        """Have purchases judged that all begin before any ends; return verdicts."""
        barrier = Barrier(len(buyers))
        verdicts = {}

        def make(number, buyer_id):
            met = []

            def work(env):
                company = env["res.company"].browse(self.company_id)
                buyer = env["res.partner"].browse(buyer_id)
                env.cr.execute("SELECT count(*) FROM marketplace_sale")
                if not met:
                    met.append(barrier.wait(20))
                env["marketplace.buyer.turn"]._take(company, buyer, EMAIL)
                is_over = company._passes_buyer_threshold(buyer, EMAIL, 1500.0, NOW)
                self.sell(env, number, buyer_id, "held" if is_over else "confirmed")
                verdicts[number] = is_over

            return _Request(self.registry, work)

        errors = self.run_at_once(
            [make(number, buyer_id) for number, buyer_id in enumerate(buyers)]
        )
        self.assertFalse([error for error in errors if error])
        return sorted(verdicts.values())

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_purchases_of_one_buyer(self):
        """B10: 1 500 and 1 500 at once: one is under 2 500, the other one sees it."""
        verdicts = self.judge_at_once([self.partner_ids[0]] * 2)
        self.assertEqual(verdicts, [False, True])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_accounts_of_one_person(self):
        """B10: the same address under two contacts, at once: it is one buyer."""
        verdicts = self.judge_at_once(self.partner_ids[:3])
        self.assertEqual(verdicts, [False, True, True])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_without_the_turn(self):
        """B10: the control: without the turn neither sees the other."""
        turns = self.registry["marketplace.buyer.turn"]
        with patch.object(turns, "_take", lambda *args: None):
            verdicts = self.judge_at_once([self.partner_ids[0]] * 2)
        self.assertEqual(verdicts, [False, False])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_released_and_given_up_at_once(self):
        """B10: the verdict arrives while the purchase is given up: one end only."""
        ended = []
        orders, sales = self.registry["sale.order"], self.registry["marketplace.sale"]
        names = ("_release_held", "_give_up_held")
        hooks = [(orders, name, lambda order: ended.append(1)) for name in names]
        hooks += [
            (orders, "_is_held", lambda order: True),
            (orders, "_get_training_left_to_refund", lambda order: 0.0),
            (sales, "_send_hold_mail", lambda sale, template: None),
            (sales, "_close_hold_activities", lambda sale: None),
        ]
        with ExitStack() as stack:
            for owner, name, hook in hooks:
                stack.enter_context(patch.object(owner, name, hook))
            for number in range(4):
                with self.environment() as env:
                    sale = self.sell(env, number, self.partner_ids[0], "held")
                ended.clear()
                done = self.end_at_once(sale.id)
                self.assertEqual((done.count(True), len(ended)), (1, 1))

    def end_at_once(self, sale_id):
        """Release and give up one purchase; return what each one did."""
        barrier, done = Barrier(2), []

        def make(method, *args):
            met = []

            def work(env):
                sale = env["marketplace.sale"].browse(sale_id)
                sale.mapped("state")
                if not met:
                    met.append(barrier.wait(20))
                done.append(getattr(sale, method)(*args))

            return _Request(self.registry, work)

        self.run_at_once([make("_release"), make("_abandon", "late")])
        with self.environment() as env:
            state = env["marketplace.sale"].browse(sale_id).state
        self.assertIn(state, ("confirmed", "abandoned"))
        return done
