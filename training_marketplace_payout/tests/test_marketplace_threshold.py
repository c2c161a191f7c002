# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B10: what a buyer has bought over the last months, and whether it is too much."""

import doctest
from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..services import threshold
from .payment_common import MangopayPaymentCommon

NOW = datetime(2026, 11, 22, 10)


def load_tests(loader, tests, pattern):
    """Run the examples of the rules too."""
    tests.addTests(doctest.DocTestSuite(threshold))
    return tests


@tagged("standard", "post_install", "-at_install")
class TestThresholdRules(MangopayPaymentCommon):
    """The amount is 2 500 over twelve months, as the spec says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.buyer.commercial_partner_id
        cls.tx = cls.env["payment.transaction"].create(
            {
                "provider_id": cls.mangopay.id,
                "payment_method_id": cls.env.ref("payment.payment_method_card").id,
                "amount": 1.0,
                "currency_id": cls.company.currency_id.id,
                "partner_id": cls.client.id,
                "reference": "past",
            }
        )

    def sell(self, amount, date=NOW, buyer=None, email=None, **values):
        """Write down a past sale, as the payment does."""
        buyer = buyer or self.client
        order = self.env["sale.order"].create({"partner_id": buyer.id})
        return self.env["marketplace.sale"].create(
            {
                "order_id": order.id,
                "tx_id": self.tx.id,
                "seller_id": self.seller.id,
                "buyer_id": buyer.id,
                "buyer_email": email,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "amount_total": amount,
                "paid_at": date,
                "confirmed_at": date,
                "state": "confirmed",
                **values,
            }
        )

    def is_over(self, amount, buyer=None, email=None, as_of=NOW):
        return self.company._passes_buyer_threshold(
            buyer or self.client, email, amount, as_of
        )

    def test_defaults(self):
        """B10: 2 500 €, twelve months, fifteen days."""
        company = self.company
        self.assertEqual(company.marketplace_buyer_threshold, 2500.0)
        self.assertEqual(company.marketplace_threshold_months, 12)
        self.assertEqual(company.marketplace_hold_days, 15)

    def test_strictly_above(self):
        """B10: 2 500.00 exactly is not above; a cent more is, in one or in several."""
        self.assertFalse(self.is_over(2500.0))
        self.assertTrue(self.is_over(2500.01))
        self.sell(833.33)
        self.sell(833.33)
        self.assertFalse(self.is_over(833.34))
        self.assertTrue(self.is_over(833.35))

    def test_edges_of_the_window(self):
        """B10: twelve months to the second, leap years included."""
        start = datetime(2025, 11, 22, 10)
        self.sell(2000, start - timedelta(seconds=1))
        self.assertFalse(self.is_over(501))
        self.sell(2000, start)
        self.assertTrue(self.is_over(501))
        leap = datetime(2028, 2, 29, 12)
        other = self.client.copy()
        self.sell(2000, datetime(2027, 2, 28, 11, 59), other)
        self.assertFalse(self.is_over(501, other, as_of=leap))
        self.sell(2000, datetime(2027, 2, 28, 12), other)
        self.assertTrue(self.is_over(501, other, as_of=leap))
        self.company.marketplace_threshold_months = 13
        self.assertTrue(self.is_over(501 - 2000, other, as_of=leap))

    def test_what_counts(self):
        """B10: confirmed and held count, refunds deducted; given up does not."""
        sale = self.sell(2000)
        held = self.sell(500, state="held", confirmed_at=False)
        self.sell(9000, state="abandoned", confirmed_at=False)
        self.assertTrue(self.is_over(0.01))
        self.assertFalse(self.is_over(0))
        sale.amount_refunded = 300
        self.assertFalse(self.is_over(300))
        self.assertTrue(self.is_over(300.01))
        held.state = "abandoned"
        self.assertFalse(self.is_over(800))

    def test_a_second_account_does_not_escape(self):
        """B10: known by the address as well, and each sale counts once."""
        email = "claire@durand.example.com"
        self.sell(1500, email=email)
        other = self.client.copy({"name": "Durand bis"})
        self.sell(500, buyer=other, email=email, state="held", confirmed_at=False)
        self.assertFalse(self.is_over(500, self.client, email))
        self.assertTrue(self.is_over(500.01, self.client, email))
        self.assertTrue(self.is_over(500.01, other, email))
        self.assertFalse(self.is_over(2000, other))
        self.assertFalse(self.is_over(2500, self.client.copy(), "x@example.com"))

    def test_another_company_is_another_marketplace(self):
        """B10: what was bought from another operator is not this one's to count."""
        other = self.env["res.company"].create({"name": "Other"})
        self.sell(2000, company_id=other.id)
        self.assertFalse(self.is_over(2500))

    def test_another_currency_is_converted(self):
        """B10: the amount is the company's, in its currency."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2020-01-01", "rate": 2.0}
        )
        dollar.rate_ids.filtered(lambda rate: str(rate.name) != "2020-01-01").unlink()
        self.sell(2000, currency_id=dollar.id)
        self.assertFalse(self.is_over(1500))
        self.assertTrue(self.is_over(1500.01))

    def test_one_query(self):
        """P7: one statement, whatever was bought, and no walk through the table."""
        for _sale in range(30):
            self.sell(1)
        args = (self.company, self.client, "x@example.com", NOW)
        sales = self.env["marketplace.sale"]
        sales._sum_purchases(*args)
        with self.assertQueryCount(1):
            sales._sum_purchases(*args)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = sales._purchases_sql(*args)
        self.env.cr.execute(f"EXPLAIN {query.code}", query.params)
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertNotIn("Seq Scan", plan)

    def test_settings_are_bounded(self):
        """B10: no month and no day is no setting."""
        for field in ("marketplace_threshold_months", "marketplace_hold_days"):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.company[field] = 0
                self.env.flush_all()

    def test_a_buyer_has_two_turns(self):
        """B10: each purchase takes the contact and the address, as digests."""
        turns = self.env["marketplace.buyer.turn"]
        for _purchase in range(2):
            turns._take(self.company, self.client, "claire@durand.example.com")
        rows = turns.search([])
        self.assertEqual(sorted(rows.mapped("version")), [2, 2])
        self.assertNotIn("durand", "".join(rows.mapped("key")))
