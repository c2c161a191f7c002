# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B17, D9: commissions to invoice at a closing date, reversed the day after."""

from datetime import date

from odoo.tests import tagged

from .settlement_common import SettlementCommon, at


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceClosing(SettlementCommon):
    def close(self, day):
        """Return the closing of a day, its lists made."""
        closing = self.env["training.closing"].create({"date": day})
        closing.action_compute()
        return closing

    def read_lines(self, closing):
        return {
            line.partner_id: (line.amount, line.amount_vat)
            for line in closing.commission_line_ids
        }

    def test_closing(self):
        """B17: Dr 418100 / Cr 706200 and 445870, seller by seller; nothing is left."""
        belgian = self.create_seller("Atelier belge", "be", vat="BE0477472701")
        sale = self.sell(at("2026-12-03 10:00"), 1000)
        self.give_back(sale, at("2026-12-20 10:00"), 400)
        self.sell(at("2026-12-31 22:30"), 500, belgian)
        self.sell(at("2026-12-31 23:30"), 700, belgian)
        closing = self.close("2026-12-31")
        expected = {self.seller: (60, 12), belgian: (50, 0)}
        self.assertEqual(self.read_lines(closing), expected)
        self.assertEqual(closing.amount_commission, 110)
        self.assertEqual(closing.amount_deferred, 0)
        closing.action_book()
        move, reversal = closing.move_ids.sorted("date")
        found = {}
        for line in move.line_ids:
            code = line.account_id.code
            found[code] = found.get(code, 0) + line.balance
        self.assertEqual(found, {"418100": 122, "706200": -110, "445870": -12})
        self.assertEqual((move.state, move.date), ("posted", date(2026, 12, 31)))
        self.assertEqual((reversal.state, reversal.date), ("posted", date(2027, 1, 1)))
        for line in reversal.line_ids:
            found[line.account_id.code] += line.balance
        self.assertEqual(set(found.values()), {0})

    def test_as_it_was(self):
        """B17: invoiced since: not invoiced at the date; invoiced before: nothing."""
        self.sell(at("2026-12-03 10:00"), 1000)
        self.settle_on("2027-01-01 01:10:00")
        closing = self.close("2026-12-31")
        self.assertEqual(self.read_lines(closing), {self.seller: (100, 20)})
        self.assertFalse(self.close("2027-01-31").commission_line_ids)

    def test_carried_over(self):
        """B17: a month that waits for the next one is to be credited at its end."""
        self.company.marketplace_negative_month = "carry"
        sale = self.sell(at("2026-10-03 10:00"))
        self.settle_on("2026-11-01 01:10:00")
        self.give_back(sale, at("2026-11-05 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        self.assertEqual(
            self.read_lines(self.close("2026-12-31")), {self.seller: (-10, -2)}
        )
