# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B17: months below zero, taxes of each country, currencies, companies, rounding."""

import csv
from datetime import date
from io import StringIO

from odoo.tests import tagged

from .settlement_common import SettlementCommon, at


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceSettlementMoney(SettlementCommon):
    # Below zero

    def sell_and_give_back(self):
        """A sale of October, invoiced; given back in November."""
        sale = self.sell(at("2026-10-03 10:00"))
        self.settle_on("2026-11-01 01:10:00")
        self.give_back(sale, at("2026-11-05 10:00"))
        return self.settlements().move_id

    def test_credit_note(self):
        """B17: a month below zero is a credit note, set off against what is open."""
        invoice = self.sell_and_give_back()
        self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([("2026-10", 1, 10, "done"), ("2026-11", 0, -10, "done")])
        credit = self.settlements()[-1].move_id
        self.assertEqual((credit.move_type, credit.state), ("out_refund", "posted"))
        self.assertEqual((credit.amount_untaxed, credit.amount_tax), (10, 2))
        self.assertTrue(self.currency.is_zero(invoice.amount_residual))
        self.assertTrue(self.currency.is_zero(credit.amount_residual))
        self.assertFalse(self.seller._get_open_commissions(self.company, self.currency))

    def test_credit_waits_for_an_invoice(self):
        """B17: what is paid already is set off against the next invoice."""
        invoice = self.sell_and_give_back()
        self.pay_invoice(invoice)
        self.settle_on("2026-12-01 01:10:00")
        credit = self.settlements()[-1].move_id
        self.assertEqual(credit.amount_residual, 12)
        self.sell(at("2026-12-05 10:00"), 300)
        self.settle_on("2027-01-01 01:10:00")
        found = self.seller._get_open_commissions(self.company, self.currency)
        self.assertEqual(found.mapped("amount_residual"), [24])
        self.assertTrue(self.currency.is_zero(credit.amount_residual))

    def pay_invoice(self, move):
        """Set an invoice off as a payout does: Dr 517200 / Cr 411."""
        line = move.line_ids.filtered(
            lambda one: one.account_id.account_type == "asset_receivable"
        )
        values = [
            (self.company.marketplace_fees_account_id, line.balance),
            (line.account_id, -line.balance),
        ]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company.marketplace_journal_id.id,
                "date": move.date,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "partner_id": move.partner_id.id,
                            "balance": balance,
                        },
                    )
                    for account, balance in values
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered(lambda one: one.account_id == line.account_id)
        (line + credit).reconcile()

    def test_set_off_makes_vat_due(self):
        """B18, D9: paid by setting off: 445740 goes to 445710."""
        self.sell(at("2026-11-03 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        move = self.settlements().move_id
        self.pay_invoice(move)
        self.assertEqual(move.payment_state, "paid")
        groups = dict(
            self.env["account.move.line"]._read_group(
                [
                    ("account_id.code", "in", ("445740", "445710")),
                    ("company_id", "=", self.company.id),
                    ("parent_state", "=", "posted"),
                ],
                ["account_id"],
                ["balance:sum"],
            )
        )
        found = {account.code: balance for account, balance in groups.items()}
        self.assertEqual(found, {"445740": 0, "445710": -2})

    def test_left_when_the_contract_ends(self):
        """B17, B19: given back after the last payout: listed, and given to an
        accountant, when the month is settled as when the contract is closed."""
        contract = self.contract
        self.pay_invoice(self.sell_and_give_back())
        contract._decide("close", "Over")
        self.assertFalse(contract.activity_ids)
        self.settle_on("2026-12-01 01:10:00")
        self.assertEqual(contract.money_credit, 12)
        self.assertEqual(len(contract.activity_ids), 1)
        left = [("state", "=", "closed"), ("has_money_left", "=", True)]
        self.assertEqual(contract.search(left), contract)
        contract._decide("reopen")
        self.assertFalse(contract.activity_ids)
        contract._decide("approve")
        contract._decide("close", "Over")
        self.assertEqual(len(contract.activity_ids), 1)
        credit = self.settlements()[-1].move_id
        self.pay_invoice(credit)
        contract.invalidate_recordset()
        self.assertEqual((contract.money_credit, contract.has_money_left), (0, False))

    def test_carried_when_the_contract_ends(self):
        """B17, B19: what waits for the next month is to be given back as well."""
        self.company.marketplace_negative_month = "carry"
        self.pay_invoice(self.sell_and_give_back())
        self.settle_on("2026-12-01 01:10:00")
        self.contract._decide("close", "Over")
        self.assertEqual(self.contract.money_credit, 10)
        self.assertEqual(len(self.contract.activity_ids), 1)
        self.settle_on("2027-01-01 01:10:00")
        self.assertEqual(self.contract.money_credit, 12, "credited, with its tax")

    def test_carried_over(self):
        """B17: where the organisation prefers, the next month deducts it."""
        self.company.marketplace_negative_month = "carry"
        self.sell_and_give_back()
        self.settle_on("2026-12-01 01:10:00")
        carried = self.settlements()[-1]
        self.assertEqual((carried.state, carried.carried_out), ("carried", -10))
        self.assertFalse(carried.move_id)
        self.sell(at("2026-12-05 10:00"), 300)
        self.settle_on("2027-01-01 01:10:00")
        last = self.settlements()[-1]
        self.assertEqual(carried.carried_to_id, last)
        amounts = (last.commission_amount, last.carried_in, last.invoiced_amount)
        self.assertEqual(amounts, (30, -10, 20))
        move = last.move_id
        self.assertEqual(move.amount_untaxed, 20)
        self.assertEqual(move.invoice_line_ids.mapped("price_subtotal"), [30, -10])

    def test_carried_once(self):
        """B17: nothing sold the month after: credited, not carried for ever."""
        self.company.marketplace_negative_month = "carry"
        self.sell_and_give_back()
        self.settle_on("2026-12-01 01:10:00")
        self.settle_on("2026-12-20 01:10:00")
        self.assertEqual(len(self.settlements()), 2)
        self.settle_on("2027-01-01 01:10:00")
        last = self.settlements()[-1]
        self.assertEqual((last.month, last.state), (date(2026, 12, 1), "done"))
        self.assertEqual(last.invoiced_amount, -10)
        self.assertEqual(last.move_id.move_type, "out_refund")
        self.settle_on("2027-02-01 01:10:00")
        self.assertEqual(len(self.settlements()), 3)

    def test_foreseen(self):
        """B17, B18: what is foreseen of a month is what is invoiced of it."""
        for policy in ("given_back", "kept"):
            self.company.write(
                {
                    "marketplace_refund_policy": policy,
                    "marketplace_negative_month": "carry",
                }
            )
            seller = self.create_seller(policy)
            with self.subTest(policy):
                former = self.sell(at("2026-10-03 10:00"), 50, seller)
                self.settle_on("2026-11-01 01:10:00")
                self.give_back(former, at("2026-11-05 10:00"))
                self.settle_on("2026-12-01 01:10:00")
                held = self.sell(at("2026-12-03 10:00"), 300, seller)
                self.give_back(held, at("2026-12-02 10:00"), 30, is_held=True)
                self.give_back(held, at("2026-12-04 10:00"), 20)
                found = self.env["marketplace.settlement"]._foresee_commission(
                    self.company, seller, self.currency, at("2026-12-31 23:00")
                )
                self.settle_on("2027-01-01 01:10:00")
                last = self.settlements(seller)[-1]
                self.assertEqual(last.invoiced_amount, {"kept": 27}.get(policy, 20))
                self.assertEqual(found, last.invoiced_amount)

    # Taxes

    def test_vat_of_each_country(self):
        """B17, facts 2.5: the tax of a commission is that of the seller's place."""
        cases = {
            "fr": ("fr", "", "domestic", 20, "445740"),
            "re": ("re", "", "overseas", 8.5, "445740"),
            "gp": ("gp", "", "overseas", 8.5, "445740"),
            "gf": ("gf", "", "not_applicable", 0, ""),
            "yt": ("yt", "", "not_applicable", 0, ""),
            "be": ("be", "BE0477472701", "reverse_charge", 0, ""),
            "de": ("de", "", "domestic", 20, "445740"),
            "ch": ("ch", "", "non_eu", 0, ""),
        }
        sellers = {}
        for name, (country, vat, *_rest) in cases.items():
            sellers[name] = self.create_seller(name, country, vat=vat)
            self.sell(at("2026-11-03 10:00"), 1000, sellers[name])
        self.settle_on("2026-12-01 01:10:00")
        for name, (_country, _vat, case, rate, account) in cases.items():
            settlement = self.settlements(sellers[name])
            move = settlement.move_id
            self.assertEqual(settlement.problem, False, name)
            self.assertEqual(settlement.vat_case, case, name)
            self.assertEqual((move.amount_untaxed, move.amount_tax), (100, rate), name)
            tax = move.invoice_line_ids.tax_ids
            self.assertEqual((tax.amount, tax.tax_exigibility), (rate, "on_payment"))
            lines = move.line_ids.filtered("tax_line_id").filtered("balance")
            self.assertEqual(lines.account_id.mapped("code"), [account] * bool(account))
            self.assertEqual(lines.mapped("balance"), [-rate] * bool(account))
            self.assertFalse(move.fiscal_position_id, name)
            is_mentioned = case not in ("domestic", "overseas")
            self.assertEqual(bool(move.training_mention), is_mentioned, name)

    # Amounts

    def test_rounding(self):
        """B17, I6: commissions rounded sale by sale sum up to the invoice, to the
        cent."""
        sales = self.sell_many([at("2026-11-03 10:00")] * 3, 33.33)
        self.assertEqual(sales.mapped("commission"), [3.33] * 3)
        self.give_back(sales[0], at("2026-11-06 10:00"), 11.11)
        self.settle_on("2026-12-01 01:10:00")
        move = self.settlements().move_id
        self.assertEqual(move.amount_untaxed, 8.88)
        self.assertEqual(move.amount_tax, 1.78)

    def test_currencies(self):
        """B17: one settlement and one invoice for each currency."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.sell(at("2026-11-03 10:00"))
        self.sell(at("2026-11-03 10:00"), 500, currency=dollar)
        self.settle_on("2026-12-01 01:10:00")
        found = {
            one.currency_id: (one.commission_amount, one.move_id.currency_id)
            for one in self.settlements()
        }
        self.assertEqual(
            found, {self.currency: (10, self.currency), dollar: (50, dollar)}
        )
        opened = self.seller._get_open_commissions(self.company, dollar)
        self.assertEqual(opened.amount_total, 60)

    def test_companies(self):
        """B17: each operator on its own clock, in its own books."""
        other = self.env["res.company"].create({"name": "Autre place"})
        other.partner_id.tz = "America/Montreal"
        self.sell(at("2026-12-01 02:00"))
        self.sell(at("2026-12-01 02:00"), company=other)
        self.settle_on("2026-12-02 01:10:00")
        settlement = self.settlements()
        self.assertEqual(settlement.company_id, other)
        self.assertEqual(settlement.month, date(2026, 11, 1))
        self.assertEqual(settlement.state, "draft")
        self.assertTrue(settlement.problem)

    def test_seller_of_the_union_in_its_own_books(self):
        """B17, B20: the VAT that a Belgian seller owes at home on a commission without
        any is in its accounting file; an exempt one bears it (facts 2.5, 4.4)."""
        belgian = self.create_seller("Atelier belge", "be", vat="BE0477472701")
        self.sell(at("2026-11-03 10:00"), 1000, belgian)
        self.settle_on("2026-12-01 01:10:00")
        contract = belgian._get_marketplace_contract(self.company)
        for regime, commission, deducted in (
            ("taxable", 10000, 2100),
            ("exempt", 12100, None),
        ):
            contract.vat_regime = regime
            file = contract._write_ledger_file(self.currency, date(2026, 12, 1))
            rows = csv.DictReader(StringIO(file.decode("utf-8-sig")), delimiter=";")
            found = {
                row["CompteNum"]: int(row["Debit"].replace(",", ""))
                - int(row["Credit"].replace(",", ""))
                for row in rows
            }
            expected = {"622200": commission, "445200": -2100, "401100": -10000}
            if deducted:
                expected["445660"] = deducted
            self.assertEqual(found, expected)
