# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P9, D9: movements are booked many at a time; each once, a bad one alone waits."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .marketplace_money_common import MarketplaceMoneyCommon
from .payout_common import PayoutCommon

LOGGER = "odoo.addons.training_marketplace_payout.models.marketplace_entry_book"
NOBODY = 2**31 - 1


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceEntryBatch(MarketplaceMoneyCommon):
    def write_down(self, name, count, role="seller", partner_id=None):
        """Return so many movements to book."""
        entries = self.env["marketplace.entry"]
        for number in range(count):
            lines = [
                ("wallet", partner_id or self.buyer.id, 1000),
                (role, self.seller.id, -1000),
            ]
            entries |= entries._write_down(
                "purchase",
                f"{name}-{number}",
                self.company,
                self.company.currency_id,
                lines,
                reference=name,
            )
        entries.flush_recordset()
        return entries

    def count_queries(self, entries):
        """Book, and return how many statements it took."""
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        entries._try_to_book()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_few_statements(self):
        """P9: a movement more in a batch costs a few statements, not fifty."""
        self.write_down("first", 2)._try_to_book()
        few, many = self.write_down("few", 5), self.write_down("many", 45)
        before, after = self.count_queries(few), self.count_queries(many)
        self.assertEqual(set((few | many).mapped("state")), {"booked"})
        self.assertLessEqual((after - before) / 40, 6)
        fixed = self.write_down("fixed", 20)
        self.env.invalidate_all()
        with self.assertQueryCount(200):
            fixed._try_to_book()
            self.env.flush_all()

    def test_each_once(self):
        """D9: each has its own entry, numbered; a second run adds nothing."""
        entries = self.write_down("each", 7)
        self.run_books()
        moves = entries.move_id
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(len(set(moves.mapped("name"))), 7)
        for entry in entries:
            self.assertEqual(entry.move_id.marketplace_key, entry.key)
        entries._try_to_book()
        self.run_books()
        self.assertEqual(entries.move_id, moves)

    def test_missing_account_among_good_ones(self):
        """D9: what the books refuse waits alone, told once; the others are booked."""
        self.company.marketplace_hold_account_id = False
        good = self.write_down("good", 3)
        bad = self.write_down("bad", 1, role="hold")
        more = self.write_down("more", 3)
        (good | bad | more).date = "2026-03-05 10:00:00"
        self.run_books()
        self.assertEqual(set((good | more).mapped("state")), {"booked"})
        self.assertEqual(len((good | more).move_id), 6)
        self.assertEqual(bad.state, "blocked")
        self.assertFalse(bad.move_id)
        self.assertEqual(len(bad.activity_ids), 1)

    @mute_logger("odoo.sql_db")
    def test_error_of_the_database_among_good_ones(self):
        """D9: a movement that the database refuses waits alone as well."""
        good = self.write_down("good", 2)
        bad = self.write_down("bad", 1, partner_id=NOBODY)
        more = self.write_down("more", 2)
        (good | bad | more).date = "2026-03-05 10:00:00"
        with self.assertLogs(LOGGER, "ERROR"):
            self.run_books()
        self.assertEqual(set((good | more).mapped("state")), {"booked"})
        self.assertEqual(bad.state, "blocked")

    def test_collision(self):
        """D7, D9: another process in the way of a batch: one by one, none twice."""
        entries = self.write_down("each", 4)
        model = type(entries)
        book = model._book_or_block

        def collide(records):
            if len(records) > 1 or records == entries[0]:
                raise psycopg2.errors.SerializationFailure("somebody was first")
            return book(records)

        with patch.object(model, "_book_or_block", collide):
            self.run_books()
        self.assertEqual(
            entries.mapped("state"), ["todo", "booked", "booked", "booked"]
        )
        self.run_books()
        self.assertEqual(set(entries.mapped("state")), {"booked"})
        self.assertEqual(len(entries.move_id), 4)


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceFeesTogether(PayoutCommon):
    def test_two_invoices(self):
        """B18, D9: both months' commissions are paid by one payout, their VAT is due;
        both are open again when it comes back with its fees."""
        former = (self.month - timedelta(days=1)).replace(day=1)
        self.sell(moment=f"{former} 12:00:00")
        self.settle_month(former)
        self.sell()
        self.settle_month()
        invoices = self.seller._get_open_commissions(self.company, self.euro)
        self.assertEqual(len(invoices), 2)
        payout = self.pay_sellers()
        self.succeed(payout)
        self.assertEqual(invoices.mapped("payment_state"), ["paid", "paid"])
        self.assertBooks({"fees": 288})
        self.assertEqual(self.balance_of("445740"), 0)
        self.assertEqual(self.balance_of("445710"), -48)
        self.send_back(payout, fees=28800)
        self.assertEqual(invoices.mapped("payment_state"), ["not_paid", "not_paid"])
        self.assertBooks({"wallet": 2400, "seller": -2400})
        self.assertEqual(self.balance_of("445740"), -48)
