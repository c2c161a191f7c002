# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B21: the finance reports say what the ledger says, to those who may know it."""

from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..services.payout import Obstacle
from .report_common import MarketplaceReportCommon
from .seller_common import create_portal_user

REPORTS = ("money", "balance", "sale", "payout")
# What is due, then the parts it is made of.
PAYOUT = (
    *("amount_due", "amount_netted", "amount_paid"),
    *("amount_coming", "amount_blocked", "amount_back"),
)
MONEY = ("amount_money", "amount_hold", "amount_owed", "balance")
BALANCE = ("amount_owed", "amount_debt", "amount_commission", "amount_net")
SALE = ("amount_paid", "amount_refunded", "amount_sold", "amount_commission")


@tagged("training_install", "standard", "post_install", "-at_install")
class TestMarketplaceReport(MarketplaceReportCommon):
    def assertLedger(self):
        """Compare the totals of the reports with the accounts."""
        wallet, fees = self.ledger("wallet"), self.ledger("fees")
        seller, hold = self.ledger("seller"), self.ledger("hold")
        debit = self.ledger("debit")
        self.assertEqual(
            self.sums("money", MONEY),
            (
                round(wallet + fees, 2),
                -hold,
                -seller,
                round(wallet + fees + seller + hold + debit, 2),
            ),
        )
        owed, debt, _commission, net = self.sums(
            "balance", BALANCE, [("role", "!=", "commission")]
        )
        self.assertEqual((owed, debt), (-seller, debit))
        self.assertEqual(net, round(-seller - debit, 2))

    def test_life_of_real_purchases(self):
        """B21: paid, transferred, given back, held, released: as in the ledger."""
        self.know_seller()
        first = self.pay().marketplace_sale_id
        self.follow_up()
        self.assertLedger()
        self.transfer(first)
        self.run_books()
        self.assertLedger()
        first.tx_id._refund_marketplace(500.0)
        for _step in range(2):
            self.run_jobs()
        self.follow_up()
        held = self.pay_held(self._create_session(self.sold))
        self.run_books()
        self.assertLedger()
        by_owner = self.sums("money", MONEY[:2], groupby=["owner"])
        self.assertEqual(
            by_owner, {("seller",): (700.0, 0.0), ("buyer",): (1200.0, 1200.0)}
        )
        self.assertEqual(self.sums("sale", SALE), (2400.0, 500.0, 1900.0, 0.0))
        self.release(held)
        self.follow_up()
        self.assertLedger()
        self.assertEqual(self.sums("sale", ["amount_sold"])[0], -self.ledger("seller"))

    def test_row_leads_to_entry_and_operation(self):
        """B21: each row opens its entry, its sale and what was asked of Mangopay."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        move = sale.entry_ids.move_id
        for report in ("money", "balance"):
            rows = self.env[f"marketplace.report.{report}"].search([])
            for row in rows:
                self.assertEqual(row.action_open_move()["res_id"], move.id)
                self.assertEqual(row.action_open_sale()["res_id"], sale.id)
                operation = row.action_open_operation()
                self.assertEqual(operation["res_id"], move.mangopay_operation_id.id)
            self.assertEqual(set(rows.ids) - set(move.line_ids.ids), set())
        row = self.env["marketplace.report.sale"].search([("sale_id", "=", sale.id)])
        entries = self.env["marketplace.entry"].search(
            row.action_open_entries()["domain"]
        )
        self.assertEqual(entries, sale.entry_ids)
        self.assertEqual(
            row.action_open_operations()["res_model"], "mangopay.operation"
        )
        other = self.move_money(
            self.at(1), ("debit", self.seller, 5), ("fees", self.seller, -5)
        )
        row = self.env["marketplace.report.money"].browse(other.move_id.line_ids[:1].id)
        with self.assertRaises(UserError):
            row.action_open_operation()
        with self.assertRaises(UserError):
            row.action_open_sale()

    @freeze_time("2026-06-15")
    def test_ages(self):
        """B21: payouts and refunds settle the oldest sales; the rest keeps its age."""
        seller = self.seller
        self.sell(self.at(1), 100.0)
        april = self.sell(self.at(4), 200.0)
        self.sell(self.at(6), 300.0)
        self.move_money(
            self.at(5), ("seller", seller, 150.0), ("wallet", seller, -150.0)
        )
        rows = self.sums("balance", BALANCE[:1], groupby=["age"])
        self.assertEqual(rows, {("61",): (150.0,), ("0",): (300.0,)})
        self.give_back(april, self.at(6, 12), 200.0)
        rows = self.env["marketplace.report.balance"].search(
            [("partner_id", "=", seller.id)]
        )
        self.assertEqual(rows.mapped("amount_owed"), [250.0])
        self.assertEqual(rows.mapped("age_days"), [5])
        self.assertLedger()
        self.move_money(
            self.at(6, 13), ("seller", seller, 400.0), ("wallet", seller, -400.0)
        )
        self.assertEqual(self.sums("balance", BALANCE), (-150.0, 0.0, 0.0, -150.0))
        self.assertLedger()

    @freeze_time("2026-06-15")
    def test_debts_and_commissions(self):
        """B21: what is owed by sellers is as old as its first item; invoices say
        what is left of them."""
        seller = self.seller
        other = self.seller.copy({"name": "Other"})
        self.sell(self.at(5), 1000.0)
        self.sell(self.at(5), 70.0, other)
        self.invoice(date(2026, 5, 1), 100.0)
        self.invoice(date(2026, 6, 1), 60.0)
        self.invoice(date(2026, 6, 1), 20.0, kind="out_refund")
        self.move_money(self.at(3), ("debit", seller, 80.0), ("fees", seller, -80.0))
        self.move_money(self.at(6), ("debit", seller, -30.0), ("fees", seller, 30.0))
        found = self.sums("balance", BALANCE, groupby=["partner_id"])
        self.assertEqual(found[seller,], (1000.0, 50.0, 140.0, 810.0))
        self.assertEqual(found[other,], (70.0, 0.0, 0.0, 70.0))
        self.assertLedger()
        domain = [("role", "=", "debit"), ("partner_id", "=", seller.id)]
        debt = self.env["marketplace.report.balance"].search(domain)
        self.assertEqual((debt.amount_debt, debt.age), (50.0, "91"))
        moves = self.env["account.move"].search([("partner_id", "=", seller.id)])
        receivable = moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.journal_id == self.company.marketplace_commission_journal_id
            )
        )
        receivable.reconcile()
        [commission] = self.sums("balance", ["amount_commission"])
        self.assertEqual(commission, sum(receivable.mapped("amount_residual")))

    def test_two_currencies(self):
        """B21: each in its own currency, and together at the rates of the books."""
        self.sell(self.at(1), 100.0)
        first = self.sell(self.at(2), 100.0, currency=self.dollar)
        self.sell(self.at(4), 100.0, currency=self.dollar)
        self.assertEqual(self.sums("sale", ["amount_sold"]), (183.33,))
        self.give_back(first, self.at(4), 60.0)
        found = self.sums(
            "sale", ["amount_sold", "amount_currency"], groupby=["currency_id"]
        )
        self.assertEqual(
            found, {(self.euro,): (100.0, 100.0), (self.dollar,): (63.33, 140.0)}
        )
        self.assertEqual(self.sums("sale", ["amount_sold"])[0], -self.ledger("seller"))
        own = {"currency_id": self.dollar}
        found = self.sums(
            "balance", ["amount_owed", "amount_currency"], groupby=["currency_id"]
        )
        self.assertEqual(
            found[self.dollar,][1], -self.ledger("seller", "amount_currency", **own)
        )
        self.assertEqual(found[self.dollar,][0], -self.ledger("seller", **own))
        self.assertLedger()

    def test_rates_leave_something(self):
        """B21: what only rates left on an account is told, and is no money."""
        sale = self.sell(self.at(2), 100.0, currency=self.dollar)
        self.give_back(sale, self.at(4), 100.0)
        row = self.env["marketplace.report.balance"].search([])
        self.assertEqual((row.amount_owed, row.amount_currency), (16.67, 0.0))
        self.assertLedger()

    def test_months_kinds_and_categories(self):
        """B21: by the month of the organisation's clock, buyer, programme, category."""
        sale = self.sell(datetime(2026, 1, 31, 22, 30), 100.0)
        self.sell(datetime(2026, 1, 31, 23, 30), 50.0)
        sale.order_id.training_buyer_kind = "individual"
        self.give_back(sale, self.at(3), 40.0)
        held = self.sell(self.at(3), 30.0, state="held", confirmed_at=False)
        months = self.sums("sale", SALE, [("state", "=", "confirmed")], ["date:month"])
        self.assertEqual(
            months,
            {
                (date(2026, 1, 1),): (100.0, 0.0, 100.0, 10.0),
                (date(2026, 2, 1),): (50.0, 0.0, 50.0, 5.0),
                (date(2026, 3, 1),): (0.0, 40.0, -40.0, -4.0),
            },
        )
        kinds = self.sums("sale", ["amount_sold"], groupby=["buyer_kind"])
        self.assertEqual(kinds, {("individual",): (60.0,), ("company",): (80.0,)})
        states = self.sums("sale", ["amount_sold"], groupby=["state", "category_id"])
        category = self.sold.categ_id
        self.assertEqual(
            states, {("confirmed", category): (110.0,), ("held", category): (30.0,)}
        )
        rows = self.env["marketplace.report.sale"].search([])
        self.assertEqual(len(set(rows.ids)), 4)
        self.assertIn(held, rows.sale_id)

    def test_each_cell_opens_its_rows(self):
        """P10, B21: a cell of the pivot names its group, and opens what it counts."""
        for month, amount in ((1, 100.0), (1, 50.0), (2, 30.0)):
            self.sell(datetime(2026, month, 5, 10, 0), amount)
        self.sell(datetime(2026, 3, 5, 10, 0), 7.0, buyer_id=self.seller.id)
        reports = self.env["marketplace.report.sale"]
        groups = ["buyer_id", "date:month"]
        sets = [[], groups[:1], groups[1:], groups]
        found = reports.formatted_read_grouping_sets([], sets, ["amount_sold:sum"])
        self.assertEqual([len(cells) for cells in found], [1, 2, 3, 3])
        for cell in (cell for cells in found for cell in cells):
            rows = reports.search(cell["__extra_domain"])
            self.assertEqual(sum(rows.mapped("amount_sold")), cell["amount_sold:sum"])
            if "buyer_id" in cell:
                self.assertEqual(cell["buyer_id"][0], rows.buyer_id.id)
                self.assertEqual(cell["buyer_id"][1], rows.buyer_id.display_name)
        months = [cell["date:month"][0] for cell in found[2]]
        self.assertEqual(months, ["2026-01-01", "2026-02-01", "2026-03-01"])
        self.assertEqual(len({cell["date:month"][1] for cell in found[2]}), 3)

    def test_two_companies(self):
        """B21: each company its own rows, accounts and currency."""
        self.sell(self.at(1), 100.0)
        other = self.create_operator("Ailleurs", self.dollar)
        for key, company in (("here", self.company), ("there", other)):
            lines = [
                ["wallet", self.seller.id, 5000],
                ["seller", self.seller.id, -5000],
            ]
            entries = self.env["marketplace.entry"]
            entries._write_down("purchase", key, company, self.euro, lines)
        self.run_books()
        stranger = new_test_user(
            self.env,
            login="elsewhere",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        of_stranger = self.env(user=stranger, context={})
        self.create_payout(self.at(2), 100.0)
        self.assertFalse(of_stranger["marketplace.report.sale"].search([]))
        self.assertFalse(of_stranger["marketplace.report.payout"].search([]))
        rows = of_stranger["marketplace.report.balance"].search([])
        self.assertEqual((rows.amount_currency, rows.currency_id), (50.0, self.euro))
        self.assertEqual(
            (rows.company_id, rows.company_currency_id), (other, self.dollar)
        )
        self.assertEqual(rows.amount_owed, 150.0)
        rows = of_stranger["marketplace.report.money"].search([])
        self.assertEqual(len(rows), 2)
        self.assertEqual(self.sums("balance", BALANCE[:1]), (150.0,))

    def test_settled_or_not(self):
        """B21, B17: commissions of a month are those of its settlements; the rest is
        to settle."""
        self.seller.country_id = self.env.ref("base.fr")
        first = self.sell(self.at(1), 1000.0)
        self.give_back(first, self.at(1, 20), 200.0)
        self.sell(self.at(2), 500.0)
        names = ("amount_commission", "amount_invoiced", "amount_to_invoice")
        self.assertEqual(self.sums("sale", names), (130.0, 0.0, 130.0))
        month = date(2026, 1, 1)
        settlements = self.env["marketplace.settlement"]
        pairs = [(self.seller.id, self.euro.id)]
        settlement = settlements._gather(self.company, month, pairs)
        settlement._try_to_invoice()
        self.assertEqual(settlement.state, "done", settlement.problem)
        states = self.sums("sale", names, groupby=["settlement_state"])
        self.assertEqual(
            states, {("done",): (80.0, 80.0, 0.0), ("waiting",): (50.0, 0.0, 50.0)}
        )
        base = self.sums(
            "sale", ["amount_base"], [("settlement_id", "=", settlement.id)]
        )
        self.assertEqual(base, (settlement.base_amount,))
        row = self.env["marketplace.report.sale"].search(
            [("sale_id", "=", first.id), ("kind", "=", "sale")]
        )
        self.assertEqual(row.invoice_id, settlement.move_id)
        self.assertEqual(row.action_open_settlement()["res_id"], settlement.id)
        self.company.marketplace_refund_policy = "kept"
        self.give_back(first, self.at(3), 100.0)
        self.assertEqual(self.sums("sale", names), (130.0, 80.0, 50.0))

    def test_payouts(self):
        """B21: paid, netted, returned, as in the ledger; blocked, with its reason."""
        seller = self.seller
        self.sell(self.at(1), 1000.0)
        paid = self.create_payout(self.at(2), 700.0, 120.0)
        lines = [("seller", seller, 700.0), ("wallet", seller, -700.0)]
        self.move_money(self.at(2), *lines)
        self.create_payout(
            self.at(3), 200.0, state="returned", amount_returned=200.0, fee_returned=0
        )
        self.create_payout(self.at(4), 50.0, state="failed", paid_at=False)
        run = self.create_run(date(2026, 5, 15))
        for other, state, obstacles in (
            (seller, "blocked", "no_recipient,kyc"),
            (seller.copy({"name": "Other"}), "ready", False),
        ):
            self.create_line(run, other, 300.0, state=state, obstacles=obstacles)
        rows = self.sums("payout", PAYOUT, groupby=["state"])
        self.assertEqual(rows["done",], (700.0, 120.0, 580.0, 0.0, 0.0, 0.0))
        self.assertEqual(rows["returned",], (200.0, 0.0, 0.0, 0.0, 0.0, 200.0))
        self.assertEqual(rows["failed",], (50.0, 0.0, 0.0, 0.0, 0.0, 50.0))
        self.assertEqual(rows["blocked",], (300.0, 0.0, 0.0, 0.0, 300.0, 0.0))
        self.assertEqual(rows["ready",], (300.0, 0.0, 0.0, 300.0, 0.0, 0.0))
        for due, *parts in rows.values():
            self.assertEqual(due, sum(parts))
        gone = sum(self.sums("payout", PAYOUT[1:3]))
        self.assertEqual(1000.0 - gone, -self.ledger("seller"))
        blocked = ["amount_blocked"]
        reasons = self.sums("payout", blocked, groupby=["obstacle"])
        self.assertEqual(reasons["no_recipient",], (300.0,))
        run.state = "done"
        self.assertEqual(self.sums("payout", blocked), (0.0,))
        row = self.env["marketplace.report.payout"].search(
            [("payout_id", "=", paid.id)]
        )
        self.assertEqual(row.action_open_payout()["res_id"], paid.id)
        self.assertEqual(row.action_open_entries()["res_model"], "marketplace.entry")
        domain = row.action_open_operations()["domain"]
        self.assertFalse(self.env["mangopay.operation"].search(domain))

    def test_reasons_have_a_name(self):
        """B21, B18: each reason that stops a payout has its place in the report."""
        field = self.env["marketplace.report.payout"]._fields["obstacle"]
        self.assertEqual(set(field.get_values(self.env)), set(map(str, Obstacle)))

    def test_who_reads(self):
        """B21: accountants, auditors and the manager read all; none of them writes."""
        self.sell(self.at(1), 100.0)
        self.create_payout(self.at(2), 100.0)
        readers = (
            "account.group_account_invoice",
            "account.group_account_readonly",
            "training_marketplace_payout.group_marketplace_manager",
        )
        for number, group in enumerate(readers):
            user = self._create_role(f"reader-{number}", group)
            for report in REPORTS:
                model = self.env[f"marketplace.report.{report}"].with_user(user)
                rows = self.read_list(model)
                self.assertTrue(rows, (group, report))
                with self.assertRaises(AccessError):
                    model.browse(rows[0]["id"]).write({"date": "2026-01-01"})

    def read_list(self, model):
        """Return what the list shows."""
        views = model.get_views([(False, "list")])
        specification = {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].type == "many2one"
            else {}
            for name in views["models"][model._name]["fields"]
        }
        return model.web_search_read([], specification)["records"]

    def test_who_does_not_read(self):
        """B21: sellers, buyers, visitors, and staff whose work it is not."""
        self.sell(self.at(1), 100.0)
        support = "training_marketplace_payout.group_marketplace_support"
        others = [
            self._create_role("reader-event", "event.group_event_manager"),
            self._create_role("reader-support", support),
            create_portal_user(self.env, self.seller, "reader-portal"),
            self.env.ref("base.public_user"),
        ]
        for user in others:
            for report in REPORTS:
                with self.assertRaises(AccessError):
                    self.env[f"marketplace.report.{report}"].with_user(user).search([])
