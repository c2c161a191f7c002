# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22: a difference is a row with an owner, an age, a cause; it blocks its seller."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.marketplace_proof import Difference
from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceException(MarketplaceMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exceptions = cls.env["marketplace.exception"]
        cls.accountant = new_test_user(
            cls.env, login="books", groups="account.group_account_invoice"
        )

    def differ(self, found=10.0, check="I4", record=None, currency=None):
        record = record or self.seller
        currency = currency or self.company.currency_id
        return Difference(check, record._name, record.id, currency.id, 0.0, found)

    def record(self, *differences, checks=("I4",), **kwargs):
        return self.exceptions._record(self.company, checks, differences, **kwargs)

    def test_seen_again_then_gone(self):
        """B22: the same difference is one row; gone, it closes itself."""
        row = self.record(self.differ())
        self.assertEqual((row.state, row.difference), ("open", 10.0))
        self.assertEqual(row.seller_id, self.seller)
        self.assertEqual(row.activity_ids.user_id, row.user_id)
        self.assertTrue(row.user_id.has_group("account.group_account_manager"))
        row.date_first -= timedelta(days=9)
        self.assertFalse(self.record(self.differ(12.0)))
        self.assertEqual((row.difference, row.age), (12.0, 9))
        self.assertFalse(self.record())
        self.assertEqual((row.state, len(row.activity_ids)), ("closed", 0))
        again = self.record(self.differ())
        self.assertNotEqual(again, row)
        self.assertEqual(again.age, 0)

    def test_once(self):
        """B22: two proofs at once cannot write the same difference twice."""
        row = self.record(self.differ())
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            row.copy().flush_recordset()

    def test_a_check_that_failed_says_nothing(self):
        """B22: what a check found stays until that check is made again."""
        row = self.record(self.differ())
        self.record(checks=("I1",))
        self.record(looked_at=("res.partner", [self.buyer.id]))
        self.assertEqual(row.state, "open")
        self.record(looked_at=("res.partner", [self.seller.id]))
        self.assertEqual(row.state, "closed")

    def test_explained(self):
        """B22: explained, it stops no payout; another amount opens it again."""
        row = self.record(self.differ())
        self.assertEqual(
            self.exceptions._get_blocked_sellers(self.company), row.seller_id
        )
        own = row.with_user(self.accountant)
        with self.assertRaises(UserError):
            own._explain("  ")
        wizard = self.env["marketplace.exception.explain"].with_user(self.accountant)
        wizard = wizard.with_context(active_model=row._name, active_ids=row.ids)
        wizard.create({"explanation": "A cent of 2025."}).action_confirm()
        self.assertEqual(
            (row.state, row.explained_by_id), ("explained", self.accountant)
        )
        self.assertTrue(row.explained_at)
        self.assertFalse(row.activity_ids)
        self.assertFalse(self.exceptions._get_blocked_sellers(self.company))
        self.record(self.differ())
        self.assertEqual(row.state, "explained")
        self.record(self.differ(11.0))
        self.assertEqual(row.state, "open")
        self.assertTrue(row.activity_ids)
        own._explain("Two cents.")
        own.action_reopen()
        self.assertEqual(row.state, "open")
        self.record()
        with self.assertRaises(UserError):
            own._explain("Too late.")

    def test_search_age(self):
        """B22: what is old is found."""
        old = self.record(self.differ())
        old.date_first = fields.Datetime.now() - timedelta(days=8, hours=1)
        self.env.flush_all()
        domain = [("seller_id", "=", self.seller.id)]
        for operator, value, found in (
            (">", 7, True),
            (">=", 8, True),
            (">", 8, True),
            (">", 9, False),
            ("<", 8, False),
            ("<", 9, True),
        ):
            rows = self.exceptions.search([*domain, ("age", operator, value)])
            self.assertEqual(bool(rows), found, (operator, value))

    def test_roles(self):
        """B22: accountants take and explain; nobody writes what the proof wrote."""
        row = self.record(self.differ())
        own = row.with_user(self.accountant)
        own.action_take()
        self.assertEqual(row.user_id, self.accountant)
        self.assertEqual(row.activity_ids.user_id, self.accountant)
        self.assertEqual(own.action_open_subject()["res_id"], self.seller.id)
        for values in ({"found": 0.0}, {"state": "closed"}, {"explanation": "x"}):
            with self.assertRaises(AccessError):
                own.write(values)
        with self.assertRaises(AccessError):
            own.create({"check_code": "I1"})
        auditor = new_test_user(
            self.env, login="audit", groups="account.group_account_readonly"
        )
        seen = row.with_user(auditor)
        self.assertTrue(seen.subject)
        for action in (seen.action_take, seen.action_reopen):
            with self.assertRaises(AccessError):
                action()
        support = new_test_user(
            self.env,
            login="desk",
            groups="training_marketplace_payout.group_marketplace_support",
        )
        with self.assertRaises(AccessError):
            row.with_user(support).check_access("read")
        with self.assertRaises(UserError):
            row.unlink()

    def test_other_company(self):
        """B22: another company's differences are its own."""
        other = self.env["res.company"].create({"name": "Ailleurs"})
        row = self.exceptions._record(other, ("I4",), [self.differ()])
        self.record()
        self.assertEqual(row.state, "open")
        self.assertFalse(
            self.exceptions.with_user(self.accountant).search([("id", "=", row.id)])
        )
        self.assertFalse(self.exceptions._get_blocked_sellers(self.company))

    def test_whose(self):
        """B22: a sale's, an entry's, a payment's or an operation's seller."""
        sale = self.pay().marketplace_sale_id
        self.run_books()
        for record in (
            sale,
            sale.entry_ids,
            sale.tx_id,
            sale.entry_ids.move_id,
            sale.entry_ids.operation_id,
        ):
            row = self.record(self.differ(check="I11", record=record), checks=["I11"])
            self.assertEqual(row.seller_id, self.seller, record._name)
            self.assertTrue(row.display_name)

    def test_causes(self):
        """B22: an operation without outcome, or an entry that waits, of the amount."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        row = self.record(self.differ(1200.0))
        self.assertEqual(row.cause, "unexplained")
        self.record()
        sale.entry_ids.state = "blocked"
        self.assertEqual(self.record(self.differ(-1200.0)).cause, "blocked_entry")
        self.record()
        operation = self.operations(sale.tx_id, "payin")
        operation.sudo().state = "unknown"
        self.assertEqual(self.record(self.differ(1200.0)).cause, "unknown_operation")
