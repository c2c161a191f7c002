# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B17, D12: two that settle the same month at once, on real cursors.

The test cursor hides all of this: what is committed here is really committed, and
removed at the end.
"""

from datetime import date, datetime
from threading import Barrier
from unittest.mock import patch

from odoo.tests import mute_logger, tagged

from .test_mangopay_real import RealCursorsCommon

MOMENT = datetime(2026, 11, 3, 10)
MONTH = date(2026, 11, 1)


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceSettlementReal(RealCursorsCommon):
    def setUp(self):
        super().setUp()
        with self.environment() as env:
            company = env["res.company"].browse(self.company_id)
            company.currency_id = env.ref("base.EUR")
            provider = env["payment.provider"].create(
                {"name": self.name, "code": "none", "company_id": company.id}
            )
            self.provider_id = provider.id
            self.rows = [self.sell(env, provider, number) for number in range(4)]

    def sell(self, env, provider, number):
        company = provider.company_id
        buyer_id, seller_id = self.partner_ids[0], self.partner_ids[4 + number % 2]
        order = env["sale.order"].create(
            {"partner_id": buyer_id, "company_id": company.id}
        )
        tx = env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": env.ref("payment.payment_method_card").id,
                "amount": 100.0,
                "currency_id": company.currency_id.id,
                "partner_id": buyer_id,
                "reference": f"{self.name}-{number}",
            }
        )
        sale = env["marketplace.sale"].create(
            {
                "order_id": order.id,
                "tx_id": tx.id,
                "seller_id": seller_id,
                "buyer_id": buyer_id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "amount_total": 100.0,
                "amount_untaxed": 100.0,
                "commission": 10.0,
                "paid_at": MOMENT,
                "confirmed_at": MOMENT,
            }
        )
        return sale.id, order.id, tx.id

    def remove(self):
        sales, orders, payments = zip(*self.rows, strict=True)
        statements = [
            ("DELETE FROM marketplace_sale WHERE id = ANY(%s)", list(sales)),
            (
                "DELETE FROM marketplace_settlement WHERE company_id = %s",
                self.company_id,
            ),
            ("DELETE FROM sale_order WHERE id = ANY(%s)", list(orders)),
            ("DELETE FROM payment_transaction WHERE id = ANY(%s)", list(payments)),
            ("DELETE FROM payment_provider WHERE id = %s", self.provider_id),
        ]
        with self.registry.cursor() as cr:
            for statement, value in statements:
                cr.execute(statement, [value])
        super().remove()

    def settle_at_once(self, times):
        """Have a month settled by several that all saw it unsettled."""
        barrier = Barrier(times)
        settlements = self.registry["marketplace.settlement"]
        find = settlements._find_sellers

        def find_together(model, company, month):
            found = find(model, company, month)
            barrier.wait(20)
            return found

        def settle():
            with self.environment() as env:
                company = env["res.company"].browse(self.company_id)
                env["marketplace.settlement"]._settle_batches(company, MONTH)

        with (
            patch.object(settlements, "_find_sellers", find_together),
            patch.object(settlements, "_invoice_apart", lambda self: None),
        ):
            errors = self.run_at_once([settle] * times)
        self.assertFalse([error for error in errors if error])

    def read_settled(self):
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT settlement.sales_count, settlement.commission_amount,
                       COUNT(sale.id)
                  FROM marketplace_settlement settlement
                  LEFT JOIN marketplace_sale sale
                    ON sale.settlement_id = settlement.id
                 WHERE settlement.company_id = %s GROUP BY settlement.id
                """,
                [self.company_id],
            )
            return [
                (count, float(amount), sales) for count, amount, sales in cr.fetchall()
            ]

    @mute_logger("odoo.sql_db")
    def test_two_at_once(self):
        """B17, D12: two jobs at the same month: one settlement a seller, complete."""
        self.settle_at_once(2)
        self.assertEqual(self.read_settled(), [(2, 20.0, 2)] * 2)

    @mute_logger("odoo.sql_db")
    def test_one_after_the_other(self):
        """B17, D12: the loser's next run finds nothing to do."""
        self.settle_at_once(3)
        with self.environment() as env:
            company = env["res.company"].browse(self.company_id)
            self.assertFalse(
                env["marketplace.settlement"]._find_sellers(company, MONTH)
            )
        self.assertEqual(self.read_settled(), [(2, 20.0, 2)] * 2)
