# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20: a seller's statement and the entries of its own books, on plain values."""

import csv
import doctest
from datetime import date
from io import StringIO

from odoo.tests import BaseCase, tagged

from ..services import seller_books, seller_ledger
from ..services.seller_books import (
    ACCOUNTS,
    COLUMNS,
    COMMISSION_INVOICE,
    DISPUTE_DEBT,
    Book,
    Movement,
    Role,
    plan_movement,
    write_file,
)
from ..services.seller_ledger import Group, make_statement

DAY = date(2026, 10, 15)
#: What is no movement of what the operator owes.
OWN = (COMMISSION_INVOICE, DISPUTE_DEBT)
#: The example of the facts: 1 000 sold, 10 % and VAT, the rest paid out.
MONTH = [
    Movement("purchase", DAY, "F1-1", "Sale", 100000),
    Movement("release", DAY, "F1-2", "Sale", 60000, tax=10000),
    Movement("refund", DAY, "A1-1", "Refund", -60000, tax=-10000),
    Movement(COMMISSION_INVOICE, DAY, "COM-1", "Commissions", 12000, tax=2000),
    Movement("payout_fees", DAY, "payout_1", "Fees", -12500, advance=-500),
    Movement("payout", DAY, "payout_1", "Payout", -87500),
    Movement("payout_return", DAY, "refund_1", "Return", 100000, fees=12000),
    Movement("topup", DAY, "payin_9", "Advance", 500),
    Movement("settlement", DAY, "d_1", "Dispute", -700),
    Movement(DISPUTE_DEBT, DAY, "d_1", "Dispute", 300),
    Movement(None, DAY, "OD", "By hand", 40),
]


def read(text):
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def amount(row):
    """Return the debit less the credit of a row, in minor units."""
    debit, credit = (int(row[name].replace(",", "")) for name in ("Debit", "Credit"))
    return debit - credit


def book(**values):
    labels = {role: role.value for role in Role}
    journals = {code: code for code in ("VE", "AC", "BQ", "OD")}
    return Book(ACCOUNTS, labels, journals, **{"currency": "EUR", **values})


@tagged("standard", "post_install", "-at_install")
class TestSellerLedger(BaseCase):
    def test_examples(self):
        """B20: what the docstrings say."""
        for module in (seller_books, seller_ledger):
            self.assertFalse(doctest.testmod(module).failed)

    def test_each_entry_balances(self):
        """B20: of every kind, with VAT deducted or not; the operator's account moves
        by what the ledger says, but for invoices."""
        for movement in MONTH:
            for deducts_vat in (True, False):
                with self.subTest(kind=movement.kind, deducts_vat=deducts_vat):
                    lines = plan_movement(movement, deducts_vat)
                    self.assertEqual(sum(line.amount for line in lines), 0)
                    own = [one.amount for one in lines if one.role == Role.OPERATOR]
                    expected = [] if movement.kind in OWN else [movement.amount]
                    self.assertEqual(own, expected)

    def test_books_of_the_worked_example(self):
        """B20: Dr 622200 + 445660 / Cr 401; an exempt seller deducts nothing; the
        payout clears its invoice."""
        invoice = MONTH[3]
        self.assertEqual(
            [tuple(line) for line in plan_movement(invoice)],
            [("commission", 10000), ("vat_deductible", 2000), ("supplier", -12000)],
        )
        self.assertEqual(
            [tuple(line) for line in plan_movement(invoice, deducts_vat=False)],
            [("commission", 12000), ("supplier", -12000)],
        )
        self.assertEqual(
            [tuple(line) for line in plan_movement(MONTH[4])],
            [("operator", -12500), ("supplier", 12000), ("advance", 500)],
        )
        self.assertEqual(
            [tuple(line) for line in plan_movement(MONTH[6])],
            [("operator", 100000), ("bank", -88000), ("supplier", -12000)],
        )

    def test_file_equals_the_statement(self):
        """B20: the operator's account in the file moves as the statement does, and
        each entry of the file balances."""
        sums = [(one.kind, one.amount, 1) for one in MONTH if one.kind not in OWN]
        statement = make_statement(250, sums)
        rows = read(write_file(MONTH, "2026-10", book()))
        own = [amount(row) for row in rows if row["CompteNum"] == "467100"]
        self.assertEqual(sum(own), statement.closing - statement.opening)
        entries = {}
        for row in rows:
            entries.setdefault(row["EcritureNum"], []).append(amount(row))
        self.assertEqual(len(entries), len(MONTH))
        self.assertEqual({sum(amounts) for amounts in entries.values()}, {0})
        self.assertEqual(tuple(rows[0]), COLUMNS)

    def test_another_currency_is_told(self):
        """B20: beside each amount; nothing beside euros."""
        for currency, expected in (("EUR", {""}), ("USD", {"1,00", "-1,00"})):
            movement = [Movement("purchase", DAY, "F", "Sale", 100)]
            rows = read(write_file(movement, "2026-10", book(currency=currency)))
            found = {row["Montantdevise"] for row in rows}
            self.assertEqual(found, expected)

    def test_groups_of_the_statement(self):
        """B20: each line of the statement, with how many movements it sums."""
        sums = [(one.kind, one.amount, 1) for one in MONTH if one.kind not in OWN]
        groups = make_statement(0, sums).groups
        self.assertEqual(groups[Group.SALES], (160000, 2))
        self.assertEqual(groups[Group.FEES], (-12500, 1))
        self.assertEqual(groups[Group.DISPUTES], (-700, 1))
        self.assertEqual(groups[Group.OTHER], (40, 1))

    def test_buyers_write_no_formula(self):
        """B20: what a buyer typed is text in a spreadsheet, on one line."""
        movement = Movement("purchase", DAY, "+1", '=HYPERLINK("x")\n;', 100)
        rows = read(write_file([movement], "2026-10", book()))
        self.assertEqual(rows[0]["EcritureLib"], '\'=HYPERLINK("x") ;')
        self.assertEqual(rows[0]["PieceRef"], "'+1")
