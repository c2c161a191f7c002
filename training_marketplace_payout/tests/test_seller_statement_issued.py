# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20: the statement of a month that is over does not change once it was issued."""

import csv
import hashlib
from datetime import date
from io import StringIO
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import new_test_user, tagged

from .seller_balance_common import SellerBalanceCommon

PAGE = "/my/channel/statements"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@tagged("standard", "post_install", "-at_install")
class TestSellerStatementIssued(SellerBalanceCommon):
    def setUp(self):
        super().setUp()
        self.sale = self.sell("2026-09-03 10:00:00")
        self.login()

    def download(self, extension, month="2026-09"):
        answer = self.url_open(f"{PAGE}/{month}/{extension}")
        self.assertIn("attachment", answer.headers.get("Content-Disposition", ""))
        self.env.invalidate_all()
        return answer.content

    def rows(self, content):
        text = content.decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text), delimiter=";"))

    def find(self, month=SEPTEMBER):
        return self.contract.statement_ids.filtered(lambda one: one.month == month)

    def test_a_late_refund_is_in_the_next_month(self):
        """B20: a refund and a commission invoice dated in a month that was issued
        change neither its files nor its sums; the next month tells them."""
        files = [self.download("pdf"), self.download("csv")]
        statement = self.find()
        self.assertEqual((statement.opening, statement.closing), (0.0, 1200.0))
        self.assertEqual(
            [statement.pdf_hash, statement.csv_hash],
            [hashlib.sha256(content).hexdigest() for content in files],
        )
        self.refund(self.sale, 400.0, "2026-09-20 10:00:00")
        self.invoice_commission(100.0, "2026-09-30")
        self.assertEqual([self.download("pdf"), self.download("csv")], files)
        self.assertEqual(
            self.contract._get_statement(self.euro, SEPTEMBER).closing, 120000
        )
        october = self.contract._get_statement(self.euro, OCTOBER)
        self.assertEqual((october.opening, october.closing), (120000, 80000))
        self.assertEqual(october.closing, self.ledger())
        rows = self.rows(self.download("csv", "2026-10"))
        owed = [row for row in rows if row["CompteNum"] == "467100"]
        self.assertEqual([row["Credit"] for row in owed], ["400,00"])
        self.assertEqual(owed[0]["EcritureDate"], "20261001")
        self.assertEqual(owed[0]["PieceDate"], "20260920")
        self.assertIn("622200", {row["CompteNum"] for row in rows})
        [line] = self.contract._get_ledger_lines(self.euro, OCTOBER)
        self.assertEqual((line.amount, line.after), (-40000, 80000))

    def test_months_before_are_issued_too(self):
        """B20: what comes late for a month that nobody downloaded is after those that
        were issued, so that each begins with what the one before ended with."""
        self.move("release", "order_1:release", 30000, "2026-10-20 10:00:00")
        self.download("csv", "2026-10")
        self.assertEqual(len(self.contract.statement_ids), 2)
        self.move("payout", "payout_1:payout", -20000, "2026-09-15 09:00:00")
        rows = self.rows(self.download("csv"))
        self.assertNotIn("512100", {row["CompteNum"] for row in rows})
        self.assertEqual(self.find().closing, self.find(OCTOBER).opening)
        november = self.contract._get_statement(self.euro, date(2026, 11, 1))
        self.assertEqual((november.opening, november.closing), (150000, 130000))

    def test_another_number_for_an_account(self):
        """B20: the seller's own numbers are its own: the same entries with them."""
        before = self.rows(self.download("csv"))
        first = self.find().csv_attachment_id
        form = {"csrf_token": Request.csrf_token(self), "sales": "706999"}
        self.url_open(f"{PAGE}/accounts", data=form)
        self.sale.write({"amount_untaxed": 1000.0, "amount_tax": 200.0})
        self.contract.vat_regime = "taxable"
        after = self.rows(self.download("csv"))
        self.assertEqual(
            [
                {**row, "CompteNum": row["CompteNum"].replace("706000", "706999")}
                for row in before
            ],
            after,
        )
        self.assertTrue(first.exists())
        self.assertNotEqual(self.find().csv_attachment_id, first)

    def test_whose_it_is(self):
        """B20: a statement that was issued is its seller's alone, its files too."""
        self.download("csv")
        statement = self.find()
        content = f"/web/content/{statement.csv_attachment_id.id}"
        for login in ("rival@b.example", "nobody@c.example"):
            self.login(login)
            for path in (f"{PAGE}/2026-09/csv", f"{PAGE}/2026-09/pdf", content):
                self.read_page(path, status=404)
            user = self.env["res.users"].search([("login", "=", login)])
            with self.assertRaises(AccessError):
                statement.with_user(user).read(["closing"])
        rival = self.rival._get_marketplace_contract(self.company)
        self.assertFalse(rival.statement_ids)

    def test_language(self):
        """B20: kept for good, in the seller's language, whoever asks for it first."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        spoken = []

        def print_statement(contract, *_args):
            spoken.append(contract.env.lang)
            return b"%PDF-"

        with patch.object(type(self.contract), "_print_statement", print_statement):
            statement = self.contract._issue_statement(self.euro, SEPTEMBER)
            statement.with_context(lang="en_US")._get_file("pdf")
        self.assertEqual(spoken, ["fr_FR"])

    def test_a_file_that_was_changed(self):
        """B20: a file that is not the one that was issued is not given."""
        self.download("csv")
        self.find().csv_attachment_id.raw = b"changed"
        self.assertIn(
            "text/html", self.url_open(f"{PAGE}/2026-09/csv").headers["Content-Type"]
        )
        with self.assertRaises(UserError):
            self.find()._get_file("csv")

    def test_staff(self):
        """B20: accountants open it from the month's commissions and download it; what
        it tells is not set to draft, nor is the statement deleted."""
        groups = "account.group_account_manager"
        user = new_test_user(
            self.env, login="books", groups=groups, company_id=self.company.id
        )
        settlement = self.invoice_commission(
            100.0, "2026-10-01"
        ).marketplace_settlement_id
        settlement.month = SEPTEMBER
        action = settlement.with_user(user).action_open_statement()
        statement = self.find().with_user(user)
        self.assertEqual(action["res_id"], statement.id)
        action = statement.action_download_csv()
        self.assertIn(str(statement.csv_attachment_id.id), action["url"])
        support = new_test_user(
            self.env,
            login="support",
            groups="training_marketplace_payout.group_marketplace_support",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            statement.with_user(support).action_download_pdf()
        with self.assertRaises(AccessError):
            settlement.with_user(support).action_open_statement()
        with self.assertRaises(UserError):
            statement.sudo().move_ids[:1].with_user(user).button_draft()
        with self.assertRaises(UserError):
            statement.sudo().unlink()
        present = self.contract._get_operator_today().replace(day=1)
        with self.assertRaises(UserError):
            self.contract._issue_statement(self.euro, present)
