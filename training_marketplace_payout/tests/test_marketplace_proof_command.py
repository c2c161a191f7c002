# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22: the auditor's command prints the whole proof, and says whether it holds."""

from datetime import date
from io import StringIO

from odoo.tests import tagged
from odoo.tools import format_date

from ..cli.marketplace_proof import print_proof
from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProofCommand(MarketplaceMoneyCommon):
    def run_command(self, company_id=None, as_of=None):
        """Return the code and the lines of the command."""
        stream = StringIO()
        self.env.flush_all()
        code = print_proof(self.env, company_id, as_of, stream)
        return code, stream.getvalue().splitlines()

    def line_of(self, lines, word):
        return next(line for line in lines if word in line)

    def test_it_holds(self):
        """B22: each check once, accounts and sellers with their amounts, code 0."""
        self.pay()
        self.follow_up()
        code, lines = self.run_command(self.company.id)
        self.assertEqual(code, 0, lines)
        checks = dict(self.env["marketplace.proof"]._selection_checks())
        told = {code for code, _check in self.env["marketplace.proof"]._get_checks()}
        proof = self.env["marketplace.proof"].with_context(
            lang=self.company.partner_id.lang
        )
        checks = dict(proof._selection_checks())
        for code in told:
            self.assertTrue(self.line_of(lines, checks[code]))
        self.assertIn("1,200.00", self.line_of(lines, "517100"))
        self.assertIn("-1,200.00", self.line_of(lines, "468100"))
        self.assertEqual(self.line_of(lines, self.seller.name).count("1,200.00"), 2)

    def test_it_differs(self):
        """B22: each difference, code 1."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        sale.amount_refunded = 100.0
        code, lines = self.run_command(self.company.id)
        self.assertEqual(code, 1)
        found = [line for line in lines if f"res.partner,{self.seller.id} " in line]
        self.assertTrue(any("-1,100.00 → -1,200.00" in line for line in found), found)

    def test_as_of(self):
        """B22: the balances of another day."""
        self.pay()
        self.follow_up()
        _code, lines = self.run_command(self.company.id, date(2020, 1, 1))
        self.assertNotIn("1,200.00", "\n".join(lines))

    def test_today_is_the_company_s(self):
        """B22: without a day, the balances are of today where the operator is."""
        for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
            self.company.partner_id.tz = zone
            today = format_date(
                self.env(
                    context={
                        **self.env.context,
                        "lang": self.company.partner_id.lang,
                    }
                ),
                self.company._get_marketplace_today(),
            )
            _code, lines = self.run_command(self.company.id)
            self.assertIn(today, lines[0])

    def test_nothing_to_prove(self):
        """B22: a company without a marketplace is told by the code."""
        other = self.env["res.company"].create({"name": "Ailleurs"})
        self.assertEqual(self.run_command(other.id), (2, []))
        self.assertEqual(self.run_command()[0], 0)
