# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20: a seller's balance is the ledger's, each line opens, another finds nothing."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment.utils import to_major_currency_units

from ..models.marketplace_payout_prepare import Plan
from ..services.payout import TOLD_TO_SELLER, Share
from .seller_balance_common import SellerBalanceCommon

PAGE = "/my/channel/balance"


@tagged("standard", "post_install", "-at_install")
class TestSellerBalance(SellerBalanceCommon):
    def sums(self):
        return self.contract._get_ledger_months(self.euro)

    def test_balance_is_the_ledger(self):
        """B20: sales, a refund and other movements: the page, the months, the running
        balance and the account say the same."""
        sale = self.sell("2026-10-05 10:00:00")
        self.refund(sale, 400.0)
        self.move("release", "order_1:release", 30000, "2026-11-02 10:00:00")
        self.move("refund", "refund_x:refund", -10000, "2026-11-03 10:00:00")
        self.assertEqual(self.ledger(), 100000)
        statement = self.contract._get_statement(self.euro)
        self.assertEqual(statement.closing, 100000)
        lines = self.contract._get_ledger_lines(self.euro)
        self.assertEqual(lines[0].after, 100000)
        self.assertEqual(sum(line.amount for line in lines), 100000)
        for month in (date(2026, 10, 1), date(2026, 11, 1)):
            one = self.contract._get_statement(self.euro, month)
            inside = self.contract._get_ledger_lines(self.euro, month)
            moved = sum(line.amount for line in inside)
            self.assertEqual(one.closing - one.opening, moved)
        self.login()
        page = self.read_page()
        owed = self.text(page, "seller_owed")
        self.assertEqual(owed, self.text(page, "seller_closing"))
        self.assertIn("000", owed.replace("\xa0", ""))
        self.assertEqual(len(page.xpath("//td/a[contains(@href, 'balance/')]")), 4)

    def test_month_and_pages(self):
        """B20: a month shows its own lines, its opening and closing; twenty a page."""
        for number in range(25):
            self.move("release", f"order_x{number}:release", 100 + number)
        self.move("release", "order_early:release", 7, "2026-10-15 10:00:00")
        self.login()
        found = set()
        for number in (1, 2):
            page = self.read_page(f"{PAGE}/page/{number}")
            found |= set(page.xpath("//td/a[contains(@href, 'balance/')]/@href"))
        self.assertEqual(len(found), 26)
        page = self.read_page(f"{PAGE}?month=2026-10")
        self.assertEqual(len(page.xpath("//td/a[contains(@href, 'balance/')]")), 1)
        for month in ("2026-13", "x", "'--", "2031-01"):
            self.read_page(f"{PAGE}?month={month}&currency={month}")

    def test_a_line_opens_to_its_cause(self):
        """B20: the sale, its rate and commission, its document, its other movements."""
        sale = self.sell("2026-11-03 10:00:00")
        sale._issue_invoice()
        self.refund(sale, 400.0)
        sale.refund_ids._issue_credit_note()
        invoice, credit = self.env["marketplace.invoice"].search(
            [("sale_id", "=", sale.id)], order="id"
        )
        lines = self.contract._get_ledger_lines(self.euro)
        details = self.contract._explain_ledger_lines(lines, self.euro)
        explained = [details[line.id] for line in lines]
        self.assertEqual([one["document"] for one in explained], [credit, invoice])
        self.assertEqual([one["sale"] for one in explained], [sale, sale])
        self.assertEqual(explained[0]["refund"], sale.refund_ids)
        self.login()
        page = self.read_page(f"{PAGE}/{lines[1].id}")
        text = page.text_content()
        for name in (invoice.name, credit.name, sale.order_id.name):
            self.assertIn(name, text)
        related = page.xpath(f"//a[@href='{PAGE}/{lines[0].id}']")
        self.assertEqual(len(related), 1)

    def test_another_finds_nothing(self):
        """B20: 404 for another seller's line, and for who sells nothing; no amount of
        another in one's own page; a visitor signs in."""
        self.sell()
        [line] = self.contract._get_ledger_lines(self.euro)
        self.login("rival@b.example")
        self.read_page(f"{PAGE}/{line.id}", status=404)
        page = self.read_page()
        self.assertFalse(page.xpath("//td/a[contains(@href, 'balance/')]"))
        self.login("nobody@c.example")
        for path in (PAGE, f"{PAGE}/{line.id}", "/my/channel/figures"):
            self.read_page(path, status=404)
        self.authenticate(None, None)
        answer = self.url_open(PAGE, allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_other_lines_are_not_hers(self):
        """B20: a line of another account or not posted is never opened or summed."""
        sale = self.sell()
        wallet = self.company.marketplace_wallet_account_id
        other = sale.entry_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == wallet
        )
        self.assertTrue(other)
        self.login()
        for line in other:
            self.read_page(f"{PAGE}/{line.id}", status=404)
        self.read_page(f"{PAGE}/0", status=404)

    def test_what_waits_to_be_booked_is_said(self):
        """B20: told beside the balance, which stays the ledger's."""
        account = self.company.marketplace_seller_account_id
        self.company.marketplace_seller_account_id = False
        sale = self.pay().marketplace_sale_id
        sale._book_payment()
        self.company.marketplace_seller_account_id = account
        self.assertEqual(self.contract._get_statement(self.euro).closing, 0)
        self.assertEqual(self.contract._get_unbooked(self.euro), 120000)
        rival = self.rival._get_marketplace_contract(self.company)
        self.assertEqual(rival._get_unbooked(self.euro), 0)
        self.login()
        self.assertTrue(self.text(self.read_page(), "seller_unbooked"))

    def test_figures_of_each_month(self):
        """B20: the sums of the months are the ledger's too."""
        self.move("release", "order_1:release", 30000, "2026-10-02 10:00:00")
        self.move("release", "order_2:release", 5000, "2026-11-02 10:00:00")
        self.login()
        page = self.read_page("/my/channel/figures")
        links = page.xpath("//td/a[contains(@href, 'month=')]/@href")
        self.assertEqual(links, [f"{PAGE}?month=2026-11", f"{PAGE}?month=2026-10"])
        total = sum(one.amount for one in self.sums())
        self.assertEqual(total, self.ledger())

    def next_payout(self, obstacles, amount=0, **netted):
        """Return the next payout, and its page, of what is foreseen."""
        lines = self.env["account.move.line"]
        shares = [Share((kind, lines), minor) for kind, minor in netted.items()]
        plan = Plan(obstacles, amount, shares, None, None)
        payouts = type(self.env["marketplace.payout"])
        with patch.object(payouts, "_make_plan", lambda *args, **options: plan):
            payout = self.contract._get_next_payout(self.euro)
            return payout, self.read_page()

    def test_next_payout(self):
        """B20: when, how much, and what blocks it: what the seller can do or wait for;
        what passes by itself is not told."""
        self.login()
        payout, page = self.next_payout([], 100000, commission=12000, debt=500)
        self.assertEqual((payout["day"].day, payout["until"].day), (15, 1))
        self.assertEqual((payout["amount"], payout["fees"]), (87500, 12000))
        self.assertTrue(self.text(page, "seller_payout_amount"))
        self.assertFalse(page.xpath("//*[@name='seller_payout_reasons']"))
        _payout, page = self.next_payout(["no_wallet", "exception", "no_recipient"])
        self.assertEqual(len(page.xpath("//*[@name='seller_payout_reasons']/li")), 2)
        self.contract.payout_hold_reason = "Papers of Zoé"
        payout, page = self.next_payout(["hold", "minimum"])
        self.assertEqual(len(payout["reasons"]), 2)
        self.assertIn("Papers of Zoé", self.text(page, "seller_payout_reasons"))
        _payout, page = self.next_payout(["live"])
        self.assertTrue(self.text(page, "seller_payout_live"))

    def test_every_told_obstacle_has_words(self):
        """B18, B20: whatever the seller is told of."""
        told = {str(obstacle) for obstacle in TOLD_TO_SELLER}
        self.assertEqual(told - self.contract._get_payout_words().keys(), set())

    def test_two_currencies(self):
        """B20: each currency has its balance, never mixed."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.move("release", "order_1:release", 30000)
        lines = [("seller", self.seller.id, -777), ("wallet", self.seller.id, 777)]
        entry = self.env["marketplace.entry"]._write_down(
            "release", "order_usd:release", self.company, dollar, lines
        )
        entry._try_to_book()
        closing = {
            one: self.contract._get_statement(one).closing
            for one in self.contract._get_ledger_currencies()
        }
        self.assertEqual(closing, {self.euro: 30000, dollar: 777})
        self.login()
        owed = self.text(self.read_page(f"{PAGE}?currency=USD"), "seller_owed")
        self.assertIn("7", owed)
        self.assertEqual(to_major_currency_units(777, dollar), 7.77)

    def test_queries_do_not_grow(self):
        """B20, P8: as many queries with three sales as with thirty movements."""
        self.sell()
        self.move("release", "order_a:release", 100)
        counts = []
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines = self.contract._get_ledger_lines(self.euro, limit=20)
            self.contract._explain_ledger_lines(lines, self.euro)
            self.contract._get_ledger_months(self.euro)
            counts.append(self.cr.sql_log_count - before)
            self.sell()
            for number in range(18):
                self.move("release", f"order_b{number}:release", 100)
        self.assertLessEqual(counts[1], counts[0])
