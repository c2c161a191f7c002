# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Closing entries: a worked example, then what may go wrong."""

from datetime import date, datetime
from decimal import Decimal

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..services.delivery import split_hours
from .common import TrainingCommon

CLOSED_ON = date(2026, 3, 31)


@tagged("post_install", "-at_install")
class TestClosing(TrainingCommon):
    """Sales of March 2026 by an exempt organisation that also sells taxable courses.

    Worked by hand:

    | sale | paid   | numbered | session              | at 31 March                |
    |------|--------|----------|----------------------|----------------------------|
    | A    | 10/3   | no       | June                 | prepaid 1 200              |
    | B    | 12/3   | 20/3     | 30/3-2/4, 28 h       | 600 x 14/28 h = 300 to 487 |
    | C    | 15/3   | no       | June, taxable        | prepaid 720, VAT 120 due   |
    | D    | 16/3   | 5/4      | June                 | prepaid 600                |
    | E    | 17/3   | 20/3     | June                 | 600 to 487                 |
    | F    | 18/3   | 20/3     | 24-25/3              | nothing                    |
    """

    @classmethod
    @freeze_time("2026-03-01 09:00:00")
    def setUpClass(cls):
        super().setUpClass()
        cls.company.training_numbered_at_payment = False
        cls.programme.training_duration_hours = 28
        cls.june = cls._hold("2026-06-08 07:00:00", "2026-06-11 15:00:00")
        cls.june_taxable = cls._hold("2026-06-08 07:00:00", "2026-06-11 15:00:00")
        cls.june_taxable.is_out_of_bpf = True
        cls.over_the_date = cls._hold("2026-03-30 07:00:00", "2026-04-02 15:00:00")
        cls.over = cls._hold("2026-03-24 08:00:00", "2026-03-25 16:00:00")
        cls.accountant = cls._create_role("accountant", "account.group_account_manager")

    @classmethod
    def _hold(cls, begin, end):
        return cls._create_session(date_begin=begin, date_end=end)

    def _sell(self, day, session, numbered=None, learners=1):
        """Return the invoice of a sale paid on a day of March."""
        with freeze_time(f"2026-03-{day} 09:00:00"):
            invoice = self._purchase(session=session, learners=learners).invoice_ids
        if numbered:
            with freeze_time(f"{numbered} 09:00:00"):
                invoice.action_post()
        return invoice

    def _sell_everything(self):
        return {
            "A": self._sell("10", self.june, learners=2),
            "B": self._sell("12", self.over_the_date, "2026-03-20"),
            "C": self._sell("15", self.june_taxable),
            "D": self._sell("16", self.june, "2026-04-05"),
            "E": self._sell("17", self.june, "2026-03-20"),
            "F": self._sell("18", self.over, "2026-03-20"),
        }

    def _close(self, **values):
        closings = self.env["training.closing"].with_user(self.accountant)
        return closings.create({"date": CLOSED_ON, **values})

    def _entries(self, move):
        totals = {}
        for line in move.line_ids:
            code = line.account_id.code[:3]
            totals[code] = totals.get(code, 0) + line.balance
        return totals

    def test_worked_example(self):
        """A30: the lists and the entries are those worked out by hand."""
        sales = self._sell_everything()
        closing = self._close(is_error_accepted=True)
        closing.action_compute()
        self.assertEqual(
            {line.document_id: line.amount for line in closing.prepaid_line_ids},
            {sales["A"]: 1200.0, sales["C"]: 720.0, sales["D"]: 600.0},
        )
        self.assertEqual(
            {
                line.document_id: (line.hours, line.hours_after, line.amount)
                for line in closing.deferred_line_ids
            },
            {sales["B"]: (28.0, 14.0, 300.0), sales["E"]: (28.0, 28.0, 600.0)},
        )
        self.assertEqual((closing.amount_prepaid, closing.amount_deferred), (2520, 900))
        closing.action_book()
        moves = closing.move_ids.sorted("id")
        self.assertEqual(
            [(move.date.isoformat(), move.state) for move in moves],
            [("2026-03-31", "posted"), ("2026-04-01", "posted")] * 2,
        )
        self.assertEqual(
            [self._entries(move) for move in moves],
            [
                {"411": 2520.0, "419": -2520.0},
                {"411": -2520.0, "419": 2520.0},
                {"706": 900.0, "487": -900.0},
                {"706": -900.0, "487": 900.0},
            ],
        )

    def test_taxable_draft_is_an_error_with_its_vat(self):
        """A30: VAT was due on cashing: refused until it is dealt with."""
        invoice = self._sell("15", self.june_taxable)
        closing = self._close()
        closing.action_compute()
        self.assertTrue(closing.prepaid_line_ids.is_error)
        self.assertEqual(closing.prepaid_line_ids.amount_vat, 120)
        with self.assertRaisesRegex(UserError, "120"):
            closing.action_book()
        with freeze_time("2026-03-31 18:00:00"):
            invoice.action_post()
        closing.action_book()
        self.assertFalse(closing.error_count)
        self.assertEqual(closing.amount_deferred, 600)

    @mute_logger("odoo.sql_db")
    def test_once_per_company_and_date(self):
        """A30: a date is closed once; computed again, its lists are made anew."""
        self._sell_everything()
        closing = self._close(is_error_accepted=True)
        french = closing.with_context(lang="fr_FR")
        self.assertEqual(french.display_name, f"{closing.date:%d/%m/%Y}")
        closing.action_compute()
        lines = closing.line_ids
        closing.action_compute()
        self.assertEqual(len(closing.line_ids), len(lines))
        closing.action_book()
        for action in (closing.action_book, closing.action_compute, closing.unlink):
            with self.assertRaises(UserError):
                action()
        with self.assertRaises(UserError):
            closing.date = date(2026, 2, 28)
        with self.assertRaises(UniqueViolation) as refusal, self.env.cr.savepoint():
            self._close()
        self.assertIn("company_date_unique", str(refusal.exception))

    def test_customers_are_offered_no_false_credit(self):
        """A30: the entry and its reversal are matched: no invoice can take them."""
        self._sell("10", self.june)
        closing = self._close()
        closing.action_book()
        receivable = closing.move_ids.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(len(receivable), 2)
        self.assertTrue(all(receivable.mapped("reconciled")))

    def test_closed_period_is_respected(self):
        """A30: nothing is moved silently to another period."""
        self._sell("10", self.june)
        closing = self._close()
        self.company.fiscalyear_lock_date = CLOSED_ON
        with self.assertRaisesRegex(UserError, "closed period"):
            closing.action_book()
        self.assertFalse(closing.move_ids)

    def test_credit_note_takes_its_part_back(self):
        """A30: what was credited by the date is not carried over."""
        invoice = self._sell("17", self.june, "2026-03-20")
        with freeze_time("2026-03-25 09:00:00"):
            reversal = invoice._reverse_moves([{"date": date(2026, 3, 25)}])
            reversal.invoice_line_ids.price_unit = 200
            reversal.action_post()
        closing = self._close()
        closing.action_compute()
        self.assertEqual(closing.amount_deferred, 400)

    def test_whole_credit_leaves_the_list(self):
        """A30: an invoice credited whole by the date is not listed, nor its credit
        note; credited after the date, it is."""
        kept = self._sell("17", self.june, "2026-03-20")
        for invoice, day in (
            (self._sell("18", self.june, "2026-03-20"), date(2026, 3, 25)),
            (self._sell("19", self.june, "2026-03-20"), date(2026, 4, 2)),
        ):
            with freeze_time(f"{day} 09:00:00"):
                invoice._reverse_moves(
                    [{"date": day, "invoice_date": day}]
                ).action_post()
        closing = self._close()
        closing.action_compute()
        self.assertEqual(
            closing.deferred_line_ids.document_id,
            kept | invoice,
        )
        self.assertEqual(closing.amount_deferred, 1200)

    def test_indemnity_is_earned(self):
        """A30: what is kept of a cancelled enrolment is not carried over, though it
        names a session to come; what is sold for that session is."""
        kept = self._sell("16", self.june, "2026-03-20")
        invoice = self._sell("17", self.june, "2026-03-20")
        order = invoice.training_order_id
        with freeze_time("2026-03-25 09:00:00"):
            learners = order.training_registration_ids
            order._cancel_training(
                learners, 600.0, "Late", refund=False, indemnity=150.0
            )
        indemnity = order._get_training_documents().filtered("training_is_indemnity")
        self.assertEqual(
            (indemnity.state, indemnity.training_session_id), ("posted", self.june)
        )
        closing = self._close()
        closing.action_compute()
        self.assertEqual(closing.deferred_line_ids.document_id, kept)
        self.assertEqual(closing.amount_deferred, 600)

    def test_only_accountants_close(self):
        """A30: neither billing nor sales people."""
        closing = self._close()
        for group in ("account.group_account_invoice", "sales_team.group_sale_manager"):
            user = self._create_role(group[-12:], group)
            with self.assertRaises(AccessError):
                closing.with_user(user).action_book()
        with self.assertRaises(UserError):
            closing.write({"state": "done"})

    def test_another_company_is_left_out(self):
        """A30: a closing is of one company, and seen by its own accountants."""
        self._sell("10", self.june)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        closing = self._close()
        closing.action_compute()
        self.assertEqual(closing.line_ids.company_id, self.company)
        self.accountant.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            closing.with_user(self.accountant).read(["date"])

    def test_hours(self):
        """A30: hours by day; week-ends inside a session are rest; the day counts."""
        friday = datetime(2026, 3, 27, 9)
        tuesday = datetime(2026, 3, 31, 17)
        cases = {
            date(2026, 3, 26): Decimal(21),
            date(2026, 3, 27): Decimal(14),
            date(2026, 3, 29): Decimal(14),
            date(2026, 3, 30): Decimal(7),
            date(2026, 3, 31): Decimal(0),
        }
        for day, after in cases.items():
            delivery = split_hours(friday, tuesday, day, 21)
            self.assertEqual((delivery.hours, delivery.hours_after), (21, after), day)
        unknown = split_hours(friday, tuesday, date(2026, 3, 30))
        self.assertEqual((unknown.hours, unknown.hours_after), (24, 8))
        saturday = datetime(2026, 3, 28, 9)
        short = split_hours(saturday, datetime(2026, 3, 28, 9), date(2026, 3, 1))
        self.assertEqual(short.share_after, 1)
