# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20: statements and accounting files of a seller equal the ledger, cent by cent."""

import csv
from datetime import date
from io import StringIO

from odoo.http import Request
from odoo.tests import tagged

from ..models.marketplace_seller_statement import TEMPLATE
from .seller_balance_common import SellerBalanceCommon

PAGE = "/my/channel/statements"
MONTH = date(2026, 11, 1)


@tagged("standard", "post_install", "-at_install")
class TestSellerStatement(SellerBalanceCommon):
    def make_month(self):
        """A carried balance, then a sale, a refund, a payout with its fees."""
        self.move("release", "order_1:release", 30000, "2026-10-20 10:00:00")
        sale = self.sell("2026-11-03 10:00:00")
        sale._issue_invoice()
        self.refund(sale, 400.0)._issue_credit_note()
        self.invoice_commission(100.0)
        self.move("payout", "payout_1:payout", -20000)
        self.move("payout_fees", "payout_1:fees", -12000)
        return sale

    def rows(self, text):
        return list(csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=";"))

    def amount(self, row):
        debit, credit = (
            int(row[name].replace(",", "")) for name in ("Debit", "Credit")
        )
        return debit - credit

    def test_statement_and_file_equal_the_ledger(self):
        """B20: opening, groups and closing; the file moves the operator's account by
        as much, its entries balance, its invoice is cleared by the payout."""
        self.make_month()
        statement = self.contract._get_statement(self.euro, MONTH)
        self.assertEqual(statement.opening, 30000)
        self.assertEqual(statement.closing, self.ledger())
        sums = {str(name): one[0] for name, one in statement.groups.items() if one[1]}
        self.assertEqual(
            sums,
            {"sales": 120000, "refunds": -40000, "fees": -12000, "payouts": -20000},
        )
        content = self.contract._write_ledger_file(self.euro, MONTH)
        rows = self.rows(content.decode())
        own = [self.amount(row) for row in rows if row["CompteNum"] == "467100"]
        self.assertEqual(sum(own), statement.closing - statement.opening)
        entries, suppliers = {}, []
        for row in rows:
            entries.setdefault(row["EcritureNum"], []).append(self.amount(row))
            if row["CompteNum"] == "401100":
                suppliers.append(self.amount(row))
        self.assertEqual({sum(one) for one in entries.values()}, {0})
        self.assertEqual(sum(suppliers), 0)
        # An exempt seller deducts nothing.
        charges = [self.amount(row) for row in rows if row["CompteNum"] == "622200"]
        self.assertEqual(charges, [12000])

    def test_vat_of_a_taxable_seller(self):
        """B20: the VAT of the seller's documents, and of the commissions, apart."""
        sale = self.sell("2026-11-03 10:00:00")
        self.contract.vat_regime = "taxable"
        sale.write({"amount_untaxed": 1000.0, "amount_tax": 200.0})
        self.invoice_commission(100.0)
        rows = self.rows(self.contract._write_ledger_file(self.euro, MONTH).decode())
        found = {row["CompteNum"]: self.amount(row) for row in rows}
        self.assertEqual(
            found,
            {
                "467100": 120000,
                "706000": -100000,
                "445710": -20000,
                "622200": 10000,
                "445660": 2000,
                "401100": -12000,
            },
        )

    def test_document(self):
        """B20: what the printed statement says; a real PDF on the page."""
        sale = self.make_month()
        values = self.contract._prepare_statement_values(self.euro, MONTH)
        text = str(self.env["ir.qweb"]._render(TEMPLATE, values))
        self.assertIn(sale.order_id.name, text)
        self.assertIn("COM-TEST", text)
        self.assertIn("www.urssaf.fr", text)
        self.assertEqual(values["left_out"], 0)
        self.login()
        answer = self.url_open(f"{PAGE}/2026-11/pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF"))

    def test_pages_and_strangers(self):
        """B20: the list, the file; 404 for a month without anything, for an odd
        address, for who sells nothing; a rival has none of these months."""
        self.make_month()
        self.login()
        page = self.read_page(PAGE)
        links = page.xpath("//a[@name='seller_statement_csv']/@href")
        self.assertEqual(len(links), 2)
        file = self.url_open(links[0])
        self.assertIn("text/csv", file.headers["Content-Type"])
        self.assertIn("attachment", file.headers["Content-Disposition"])
        for path in ("2026-09/csv", "2026-13/pdf", "abcdefg/csv", "2026-11/xls"):
            self.read_page(f"{PAGE}/{path}", status=404)
        self.login("rival@b.example")
        self.read_page(f"{PAGE}/2026-11/csv", status=404)
        self.assertFalse(
            self.read_page(PAGE).xpath("//a[@name='seller_statement_csv']")
        )
        self.login("nobody@c.example")
        for path in ("", "/2026-11/csv", "/2026-11/pdf"):
            self.read_page(f"{PAGE}{path}", status=404)

    def test_accounts_of_the_seller(self):
        """B20: kept for its own files, checked; those of nobody else."""
        self.make_month()
        self.login()
        url = f"{PAGE}/accounts"
        form = {"csrf_token": Request.csrf_token(self)}
        wrong = self.url_open(url, data={**form, "bank": "=cmd|x"})
        self.assertEqual(wrong.status_code, 422)
        self.assertFalse(self.contract.ledger_accounts)
        self.url_open(url, data={**form, "bank": "512 999"})
        self.env.invalidate_all()
        self.assertEqual(self.contract.ledger_accounts["bank"], "512999")
        rows = self.rows(self.contract._write_ledger_file(self.euro, MONTH).decode())
        self.assertIn("512999", {row["CompteNum"] for row in rows})
        rival = self.rival._get_marketplace_contract(self.company)
        self.assertFalse(rival.ledger_accounts)

    def test_commissions(self):
        """B17, B20: the operator's invoices are the seller's team's alone."""
        move = self.invoice_commission(100.0)
        settlement = move.marketplace_settlement_id
        sale = self.sell()
        sale.settlement_id = settlement
        url = "/my/channel/commissions"
        self.login()
        page = self.read_page(url)
        self.assertTrue(page.xpath(f"//a[@href='{url}/{settlement.id}']"))
        detail = self.read_page(f"{url}/{settlement.id}")
        self.assertIn(sale.order_id.name, detail.text_content())
        self.read_page(f"{url}/{settlement.id}/pdf", status=404)
        self.env["ir.attachment"].create(
            {
                "name": "com.pdf",
                "raw": b"%PDF-1.4 x",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset()
        file = self.url_open(f"{url}/{settlement.id}/pdf")
        self.assertEqual(file.content, b"%PDF-1.4 x")
        self.login("rival@b.example")
        self.assertFalse(self.read_page(url).xpath("//td/a"))
        for path in ("", "/pdf"):
            self.read_page(f"{url}/{settlement.id}{path}", status=404)
        self.login("nobody@c.example")
        self.read_page(url, status=404)
