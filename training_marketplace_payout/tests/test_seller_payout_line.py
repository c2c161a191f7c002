# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B18, B20: real payouts on the seller's pages, and in its own books."""

import csv
from io import StringIO

from odoo.tests import tagged

from .payout_common import PayoutCommon


@tagged("standard", "post_install", "-at_install")
class TestSellerPayoutLine(PayoutCommon):
    def explained(self):
        """Return what explains each line of the balance, by kind."""
        lines = self.contract._get_ledger_lines(self.euro)
        details = self.contract._explain_ledger_lines(lines, self.euro)
        return {line.kind: details[line.id] for line in lines}

    def accounts(self):
        """Return what each account of the seller's books sums up to, in cents."""
        sums = {}
        for month in self.contract._get_statement_months(self.euro):
            text = self.contract._write_ledger_file(self.euro, month).decode()
            for row in csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=";"):
                debit, credit = (
                    int(row[name].replace(",", "")) for name in ("Debit", "Credit")
                )
                code = row["CompteNum"]
                sums[code] = sums.get(code, 0) + debit - credit
        return {code: amount for code, amount in sums.items() if amount}

    def test_payout_opens_to_its_invoices(self):
        """B20: the fees of a payout lead to the invoices that they pay; nothing is
        owed, and the seller's books say the same."""
        payout = self.paid_out()
        self.assertEqual(self.contract._get_statement(self.euro).closing, 0)
        found = self.explained()
        self.assertEqual(set(found), {"purchase", "payout", "payout_fees"})
        fees = found["payout_fees"]
        invoice = fees["commissions"]
        self.assertEqual(invoice, payout.fee_ids.move_id)
        minor = round(payout.fee_amount * 100)
        self.assertEqual(fees["fees"], -minor)
        books = self.accounts()
        self.assertEqual(
            books, {"706000": -120000, "622200": minor, "512100": 120000 - minor}
        )

    def test_return_is_owed_again(self):
        """B20: what came back is in the statement and in the seller's books."""
        payout = self.paid_out()
        minor = round(payout.fee_amount * 100)
        self.send_back(payout, fees=minor)
        statement = self.contract._get_statement(self.euro)
        self.assertEqual(statement.closing, 120000)
        self.assertEqual(statement.groups["returns"], (120000, 1))
        self.assertEqual(self.explained()["payout_return"]["fees"], minor)
        self.assertEqual(
            self.accounts(),
            {
                "706000": -120000,
                "622200": minor,
                "401100": -minor,
                "467100": 120000,
            },
        )
