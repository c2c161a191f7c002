# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B17: each seller is invoiced on the 1st for the month before, once."""

from datetime import date
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .settlement_common import SettlementCommon, at


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceSettlement(SettlementCommon):
    def test_month(self):
        """B17: on the 1st: the sales of the month before, one invoice, unpaid."""
        sales = self.sell_many([at("2026-11-03 10:00"), at("2026-11-28 10:00")])
        later = self.sell(at("2026-12-01 08:00"))
        self.settle_on("2026-12-01 01:10:00")
        settlement = self.settlements()
        self.assertMonths([("2026-11", 2, 20, "done")])
        self.assertEqual(settlement.sale_ids, sales)
        self.assertFalse(later.settlement_id)
        self.assertEqual(settlement.base_amount, 200)
        self.assertEqual(settlement.contract_id, self.contract)
        move = settlement.move_id
        self.assertEqual((move.move_type, move.state), ("out_invoice", "posted"))
        self.assertEqual(move.payment_state, "not_paid")
        self.assertEqual(
            move.journal_id, self.company.marketplace_commission_journal_id
        )
        self.assertEqual(move.partner_id, self.seller)
        self.assertEqual(move.invoice_date, date(2026, 12, 1))
        self.assertEqual(move.invoice_date_due, date(2026, 12, 15))
        self.assertEqual(move.delivery_date, date(2026, 11, 30))
        self.assertTrue(move.narration)
        self.assertEqual(move.marketplace_settlement_id, settlement)
        self.assertEqual((move.amount_untaxed, move.amount_tax), (20, 4))
        self.assertEqual(len(move.invoice_line_ids), 1)
        codes = {line.account_id.code: line.balance for line in move.line_ids}
        self.assertEqual(codes, {"411100": 24, "706200": -20, "445740": -4})
        found = self.seller._get_open_commissions(self.company, self.currency)
        self.assertEqual(found, move)

    def test_twice_is_once(self):
        """B17: again the same day, the next ones, and by hand: nothing more."""
        self.sell(at("2026-11-03 10:00"))
        for now in (
            "2026-12-01 01:10:00",
            "2026-12-01 09:00:00",
            "2026-12-09 01:10:00",
        ):
            self.settle_on(now)
            month = date(2026, 11, 1)
            self.env["marketplace.settlement"]._settle_month(self.company, month)
        self.assertMonths([("2026-11", 1, 10, "done")])
        self.assertEqual(
            self.env["account.move"].search_count(
                [("marketplace_settlement_id", "!=", False)]
            ),
            1,
        )

    def test_missed_months(self):
        """B17: a server that was down: each month has its own, in order."""
        self.sell(at("2026-09-03 10:00"))
        self.sell(at("2026-11-03 10:00"), 200)
        self.settle_on("2026-12-04 01:10:00")
        self.assertMonths([("2026-09", 1, 10, "done"), ("2026-11", 1, 20, "done")])
        moves = self.settlements().move_id
        self.assertEqual(set(moves.mapped("invoice_date")), {date(2026, 12, 4)})
        names = moves.sorted("id").mapped("name")
        self.assertEqual(names, sorted(names))

    def test_month_of_the_clock(self):
        """B17: months end at midnight in Paris, in winter and in summer."""
        self.sell(at("2026-11-30 22:59"))
        self.sell(at("2026-11-30 23:30"), 200)
        self.settle_on("2026-11-30 22:59:30")
        self.assertMonths([])
        self.settle_on("2026-11-30 23:10:00")
        self.assertMonths([("2026-11", 1, 10, "done")])
        self.sell(at("2027-06-30 21:59"), 300)
        self.sell(at("2027-06-30 22:00"), 400)
        self.settle_on("2027-07-01 01:10:00")
        self.assertMonths(
            [
                ("2026-11", 1, 10, "done"),
                ("2026-12", 1, 20, "done"),
                ("2027-06", 1, 30, "done"),
            ]
        )

    def test_leap_year(self):
        """B17: 29 February is February's."""
        self.sell(at("2028-02-29 22:30"))
        self.sell(at("2028-02-29 23:30"), 200)
        self.settle_on("2028-03-01 01:10:00")
        self.assertMonths([("2028-02", 1, 10, "done")])
        self.assertEqual(self.settlements().move_id.delivery_date, date(2028, 2, 29))

    def test_learnt_late(self):
        """B17: what is learnt of after its month was settled is in the next one."""
        self.sell(at("2026-11-03 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        late = self.sell(at("2026-11-30 22:50"), 300)
        self.settle_on("2026-12-02 01:10:00")
        self.assertFalse(late.settlement_id)
        self.settle_on("2027-01-01 01:10:00")
        self.assertMonths([("2026-11", 1, 10, "done"), ("2026-12", 1, 30, "done")])

    def test_refund_is_deducted(self):
        """B17, B19: a refund gives its part back, in the month in which it was made."""
        first, second = self.sell_many([at("2026-11-03 10:00")] * 2)
        self.give_back(first, at("2026-11-30 23:30"), 40)
        self.give_back(second, at("2026-11-20 10:00"), 50)
        self.sell(at("2026-12-05 10:00"))
        self.settle_on("2027-01-02 01:10:00")
        self.assertMonths([("2026-11", 2, 15, "done"), ("2026-12", 1, 6, "done")])
        settlements = self.settlements()
        self.assertEqual(settlements.mapped("base_amount"), [150, 60])
        self.assertEqual(settlements.mapped("refunded_commission"), [5, 4])
        self.assertEqual(settlements.mapped("refunds_count"), [1, 1])

    def test_commission_kept(self):
        """B17: the organisation may keep it; what was never sold is given back."""
        self.company.marketplace_refund_policy = "kept"
        sale, held = self.sell_many([at("2026-11-03 10:00")] * 2)
        kept = self.give_back(sale, at("2026-11-05 10:00"), 40)
        self.give_back(held, at("2026-11-01 10:00"), 30, is_held=True)
        self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([("2026-11", 2, 17, "done")])
        self.assertEqual(self.settlements().base_amount, 170)
        self.assertEqual(kept.settlement_id, self.settlements())
        self.company.marketplace_refund_policy = "given_back"
        self.settle_on("2027-01-01 01:10:00")
        self.assertEqual(len(self.settlements()), 1)

    def test_nothing_left(self):
        """B17: a month of zero is settled and has no invoice."""
        sale = self.sell(at("2026-11-03 10:00"))
        self.give_back(sale, at("2026-11-05 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([("2026-11", 1, 0, "done")])
        self.assertFalse(self.settlements().move_id)

    def test_held(self):
        """B10, B17: held or abandoned, nothing is due; released, at its release."""
        self.sell(at("2026-10-03 10:00"), state="abandoned", confirmed_at=False)
        sale = self.sell(at("2026-11-03 10:00"), state="held", confirmed_at=False)
        self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([])
        sale.write({"state": "confirmed", "confirmed_at": at("2026-12-04 10:00")})
        self.settle_on("2027-01-01 01:10:00")
        self.assertMonths([("2026-12", 1, 10, "done")])

    def test_real_purchase(self):
        """B17: a purchase and its refund, through the pages and the jobs."""
        order = self.pay()
        sale = order.marketplace_sale_id
        sale.confirmed_at = at("2026-01-15 10:00")
        self.assertGreater(sale.commission, 0)
        self.settle_on("2026-02-01 01:10:00")
        settlement = self.settlements()
        self.assertEqual(settlement.commission_amount, sale.commission)
        self.assertEqual(settlement.base_amount, sale.amount_untaxed)
        action = sale.action_open_settlement()
        self.assertEqual(action["res_id"], settlement.id)
        self.assertEqual(
            settlement.action_open_invoice()["res_id"], settlement.move_id.id
        )
        self.assertEqual(settlement.action_open_sales()["res_model"], sale._name)

    # When something is in the way

    def test_missing_setting(self):
        """B17: what is missing is told once, and invoiced when it is there."""
        other = self.create_seller("Atelier des sons")
        self.sell(at("2026-11-03 10:00"))
        self.sell(at("2026-11-03 10:00"), seller=other)
        journal = self.company.marketplace_commission_journal_id
        self.company.marketplace_commission_journal_id = False
        self.settle_on("2026-12-01 01:10:00")
        waiting = self.settlements() | self.settlements(other)
        self.assertEqual(waiting.mapped("state"), ["draft", "draft"])
        self.assertTrue(all(waiting.mapped("problem")))
        self.assertEqual(len(waiting.activity_ids), 1)
        self.company.marketplace_commission_journal_id = journal
        self.settle_on("2026-12-02 01:10:00")
        self.assertEqual(waiting.mapped("state"), ["done", "done"])
        self.assertFalse(waiting.activity_ids)
        self.assertFalse(any(waiting.mapped("problem")))

    def test_one_is_refused(self):
        """B17, D12: the books refuse one seller: the others are invoiced."""
        other = self.create_seller("Atelier des sons", "be", vat="BE0477472701")
        self.sell(at("2026-11-03 10:00"))
        self.sell(at("2026-11-03 10:00"), seller=other)
        self.company.marketplace_commission_reverse_tax_id = False
        self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([("2026-11", 1, 10, "done")])
        self.assertMonths([("2026-11", 1, 10, "draft")], other)
        user = new_test_user(
            self.env, "comptable", groups="account.group_account_invoice"
        )
        self.company._ensure_commission_taxes()
        self.settlements(other).with_user(user).action_invoice()
        self.assertMonths([("2026-11", 1, 10, "done")], other)

    def test_killed_between_steps(self):
        """B17, D12: killed after the sales were taken: the next run invoices, once."""
        sale = self.sell(at("2026-11-03 10:00"))
        settlements = type(self.env["marketplace.settlement"])
        with patch.object(settlements, "_invoice_apart", lambda self: None):
            self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([("2026-11", 1, 10, "draft")])
        self.assertEqual(sale.settlement_id, self.settlements())
        self.settle_on("2026-12-01 01:20:00")
        self.assertMonths([("2026-11", 1, 10, "done")])

    def test_killed_while_invoicing(self):
        """B17, D12: killed while it invoices: neither number nor invoice is left."""
        self.sell(at("2026-11-03 10:00"))
        moves = type(self.env["account.move"])
        with patch.object(
            moves, "_set_off_commission_credits", side_effect=UserError("killed")
        ):
            self.settle_on("2026-12-01 01:10:00")
        self.assertFalse(
            self.env["account.move"].search(
                [("marketplace_settlement_id", "!=", False)]
            )
        )
        self.assertEqual(self.settlements().problem, "killed")
        self.settle_on("2026-12-01 02:10:00")
        self.assertMonths([("2026-11", 1, 10, "done")])

    def test_collision(self):
        """B17, D12: a month that another process is at does not fall into the next."""
        self.sell(at("2026-10-03 10:00"))
        self.sell(at("2026-11-03 10:00"), 200)
        settlements = type(self.env["marketplace.settlement"])
        with patch.object(settlements, "_gather", side_effect=OperationalError("lock")):
            self.settle_on("2026-12-01 01:10:00")
        self.assertMonths([])
        self.settle_on("2026-12-01 01:11:00")
        self.assertMonths([("2026-10", 1, 10, "done"), ("2026-11", 1, 20, "done")])

    @mute_logger("odoo.sql_db")
    def test_one_for_a_month(self):
        """B17: the database refuses a second settlement of a month."""
        self.sell(at("2026-11-03 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        settlement = self.settlements()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            settlement.copy()
        with self.assertRaises(UserError):
            settlement.unlink()

    # Who may do what

    def test_access(self):
        """B17: support reads, accountants act, sellers have nothing by RPC."""
        self.sell(at("2026-11-03 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        settlement = self.settlements()
        move = settlement.move_id
        support = new_test_user(
            self.env,
            "soutien",
            groups="training_marketplace_payout.group_marketplace_support",
        )
        self.assertTrue(settlement.with_user(support).read(["seller_id", "move_id"]))
        with self.assertRaises(AccessError):
            settlement.with_user(support).action_invoice()
        with self.assertRaises(AccessError):
            settlement.with_user(support).write({"state": "draft"})
        portal = new_test_user(self.env, "vendeuse", groups="base.group_portal")
        portal.partner_id.parent_id = self.seller
        with self.assertRaises(AccessError):
            settlement.with_user(portal).read(["commission_amount"])
        accountant = new_test_user(
            self.env, "comptable", groups="account.group_account_manager"
        )
        with self.assertRaises(AccessError):
            move.with_user(accountant).marketplace_settlement_id = False
        with self.assertRaises(UserError):
            move.with_user(accountant).button_draft()
