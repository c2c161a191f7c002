# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D9: other people's money, in the books: each movement once, by itself."""

from datetime import UTC, date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("training_install", "standard", "post_install", "-at_install")
class TestMarketplaceBooks(MarketplaceMoneyCommon):
    def test_accounts_of_a_french_chart(self):
        """B12, D9: found by code or created with their types; both journals."""
        company = self.company
        expected = {
            "wallet": ("517100", "asset_current", True),
            "seller": ("468100", "liability_payable", True),
            "hold": ("468200", "liability_current", True),
            "fees": ("517200", "asset_cash", False),
            "debit": ("467100", "asset_receivable", True),
            "income": ("706200", "income", False),
        }
        for name, (code, kind, reconcile) in expected.items():
            account = company[f"marketplace_{name}_account_id"]
            found = (account.code, account.account_type, account.reconcile)
            self.assertEqual(found, (code, kind, reconcile), name)
        self.assertTrue(company.marketplace_seller_account_id.non_trade)
        self.assertEqual(company.marketplace_journal_id.type, "general")
        self.assertEqual(company.marketplace_commission_journal_id.type, "sale")
        before = self.env["account.account"].search_count([])
        company._ensure_marketplace_accounts()
        self.assertEqual(self.env["account.account"].search_count([]), before)

    def test_purchase(self):
        """B12, D9: paid at once: owed to the seller; linked both ways."""
        order = self.pay()
        sale = order.marketplace_sale_id
        self.follow_up()
        self.assertBooks({"wallet": 1200, "seller": -1200})
        entry = sale.entry_ids
        move = entry.move_id
        self.assertEqual((move.state, move.journal_id.code), ("posted", "MKT"))
        self.assertEqual(move.ref, sale.payin_reference)
        self.assertEqual(move.marketplace_key, f"{sale.payin_reference}:purchase")
        self.assertEqual(move.mangopay_operation_id.kind, "payin")
        partners = {line.account_id: line.partner_id for line in move.line_ids}
        wallet = self.company.marketplace_wallet_account_id
        owed = self.company.marketplace_seller_account_id
        owner = sale.tx_id.mangopay_wallet_id.partner_id
        self.assertEqual(partners, {wallet: owner, owed: self.seller})
        action = move.action_open_marketplace_sale()
        self.assertEqual((action["res_model"], action["res_id"]), (sale._name, sale.id))
        self.assertEqual(entry.action_open_move()["res_id"], move.id)

    def test_twice_is_once(self):
        """D9, R13: follow-up and job again, whatever was done: one entry."""
        order = self.pay()
        sale = order.marketplace_sale_id
        for _time in range(2):
            sale._book_payment()
            self.run_books()
            order._make_marketplace_sale(sale.tx_id)
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.assertEqual(len(sale.entry_ids), 1)
        with self.assertRaises(ValueError):
            sale.entry_ids._write_down(
                "refund", "x", self.company, sale.currency_id, [("hold", 1, 5)]
            )

    def test_crash_before_the_entry(self):
        """R13: a job killed while it books leaves nothing, and the next one books."""
        order = self.pay()
        entry = order.marketplace_sale_id.entry_ids
        moves = type(self.env["account.move"])
        with patch.object(moves, "action_post", side_effect=UserError("killed")):
            self.run_books()
        self.assertEqual((entry.state, entry.problem), ("blocked", "killed"))
        self.assertFalse(
            self.env["account.move"].search([("ref", "=", entry.reference)])
        )
        self.wait_for(entry)
        self.run_books()
        self.assertEqual(entry.state, "booked")
        self.assertFalse(entry.activity_ids)

    def test_day_of_the_company(self):
        """D9: the day is Mangopay's, on the clock of the organisation."""
        order = self.pay()
        sale = order.marketplace_sale_id
        sale.paid_at = datetime(2026, 3, 31, 22, 30)
        sale.entry_ids.date = sale.paid_at
        self.run_books()
        self.assertEqual(sale.entry_ids.move_id.date, date(2026, 4, 1))

    def test_moment_of_mangopay(self):
        """D9: what Mangopay dates is dated so."""
        tx = self.start()
        payin = self.open_page(tx)
        moment = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
        payin["ExecutionDate"] = int(moment.timestamp())
        self.settle(payin)
        self.visit(tx, "return")
        sale = tx.sale_order_ids.marketplace_sale_id
        self.assertEqual(sale.paid_at, moment.replace(tzinfo=None))
        self.assertEqual(sale.entry_ids.date, sale.paid_at)

    def test_locked_period(self):
        """D9: a closed period is not opened: first open day, and it says why."""
        order = self.pay()
        entry = order.marketplace_sale_id.entry_ids
        entry.date = datetime(2026, 3, 15, 10, 0)
        self.company.sudo().fiscalyear_lock_date = date(2026, 3, 31)
        self.run_books()
        self.assertEqual(entry.move_id.date, date(2026, 4, 1))
        self.assertTrue(entry.move_id.narration)

    def test_missing_account_waits(self):
        """D9: no account: the sale stands, an accountant is told once, then booked."""
        self.company.marketplace_seller_account_id = False
        orders = self.pay() | self.pay(self._create_session(self.sold))
        self.follow_up()
        self.run_books()
        entries = orders.marketplace_sale_ids.entry_ids
        self.assertEqual(set(entries.mapped("state")), {"blocked"})
        self.assertTrue(all(entries.mapped("problem")))
        self.assertEqual(len(entries.activity_ids), 1)
        self.assertEqual(set(orders.mapped("training_followup_state")), {"done"})
        other = self.env["account.account"].create(
            {
                "name": "Owed to others",
                "code": "468777",
                "account_type": "liability_current",
            }
        )
        self.company.marketplace_seller_account_id = other
        self.run_books()
        self.assertEqual(set(entries.mapped("state")), {"booked"})
        self.assertBooks({"wallet": 2400, "seller": -2400})

    def test_other_chart(self):
        """D9: no French chart: nothing is created, accounts are chosen by hand."""
        company = self.env["res.company"].create({"name": "Ailleurs"})
        company._ensure_marketplace_accounts()
        self.assertFalse(company.marketplace_wallet_account_id)
        self.assertFalse(company.marketplace_journal_id)
        with self.assertRaises(UserError):
            company._get_marketplace_account("wallet")

    def test_what_is_missing_is_said(self):
        """D9: a linked company is told which accounts are not chosen yet, and the
        French chart completes them."""
        company = self.company
        company.marketplace_repudiation_account_id = False
        settings = self.env["res.config.settings"].create({})
        name = company._fields[
            "marketplace_repudiation_account_id"
        ]._description_string(settings.env)
        self.assertEqual(settings.marketplace_missing_accounts, name)
        settings.action_marketplace_accounts()
        self.assertEqual(company.marketplace_repudiation_account_id.code, "517300")
        again = self.env["res.config.settings"].create({})
        self.assertFalse(again.marketplace_missing_accounts)

    def test_held_then_released(self):
        """B10, D9: held for the buyer, then owed to the seller; matched."""
        sale = self.pay_held()
        self.run_books()
        self.assertBooks({"wallet": 1200, "hold": -1200})
        self.release(sale)
        self.follow_up()
        self.assertBooks({"wallet": 1200, "hold": 0, "seller": -1200})
        account = self.company.marketplace_hold_account_id
        lines = sale.entry_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == account
        )
        self.assertEqual(lines.mapped("reconciled"), [True, True])
        self.assertEqual(lines.partner_id, sale._get_wallet_owner())

    def test_payment_that_buys_nothing(self):
        """R11, D9: in and out, the buyer's in between; no sale."""
        tx = self.start()
        payin = self.open_page(tx)
        self.sold_session.kanban_state = "cancel"
        self.settle(payin)
        self.visit(tx, "return")
        self.assertFalse(tx.sale_order_ids.marketplace_sale_id)
        self.run_books()
        self.assertBooks({"wallet": 1200, "hold": -1200})
        self.run_jobs()
        self.run_books()
        self.assertBooks({})

    def test_nobody_changes_an_entry(self):
        """D9, R14: no reset, no reversal, no other account, no forged entry."""
        order = self.pay()
        self.follow_up()
        move = order.marketplace_sale_id.entry_ids.move_id
        adviser = new_test_user(
            self.env,
            login="adviser",
            groups="account.group_account_manager,base.group_system",
        )
        own = move.with_user(adviser)
        for method in ("button_draft", "button_cancel", "unlink"):
            with self.assertRaises(UserError):
                getattr(own, method)()
        with self.assertRaises(UserError):
            own._reverse_moves()
        with self.assertRaises(UserError):
            own.line_ids[:1].account_id = self.company.marketplace_hold_account_id
        for vals in ({"date": "2026-01-01"}, {"ref": "x"}, {"marketplace_key": False}):
            with self.assertRaises(AccessError):
                own.write(vals)
        moves = self.env["account.move"].with_user(adviser)
        with self.assertRaises(AccessError):
            moves.create({"move_type": "entry", "marketplace_key": "forged"})

    def test_roles(self):
        """D9, B21: accountants read and have it tried again; nobody writes."""
        order = self.pay()
        entry = order.marketplace_sale_id.entry_ids
        billing = new_test_user(
            self.env, login="bill", groups="account.group_account_invoice"
        )
        self.assertEqual(entry.with_user(billing).amount, 1200.0)
        entry.with_user(billing).action_retry()
        with self.assertRaises(AccessError):
            entry.with_user(billing).state = "booked"
        seller = new_test_user(self.env, login="event", groups="event.group_event_user")
        with self.assertRaises(AccessError):
            entry.with_user(seller).action_retry()

    def test_companies(self):
        """D9: an accountant of another company sees nothing of it."""
        order = self.pay()
        sale = order.marketplace_sale_id
        other = self.env["res.company"].create({"name": "Ailleurs"})
        stranger = new_test_user(
            self.env,
            login="elsewhere",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        for record in (sale, sale.entry_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["company_id"])
