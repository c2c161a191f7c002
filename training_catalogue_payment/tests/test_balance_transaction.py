# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What moves on the Stripe balance is booked once, at its own date."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from ..services import balance
from .balance_common import BOOK_JOB, READ_JOB, BalanceCommon, at


@tagged("post_install", "-at_install")
class TestBalancePlan(BalanceCommon):
    def test_plans_are_balanced(self):
        """A30: whatever the movement, debits equal credits and the balance moves by
        its net, but for what the payment books itself."""
        for category in set(balance.Category) - {balance.Category.OTHER}:
            plan = balance.plan_entry(category, 12000, 205)
            self.assertEqual(sum(plan.values()), 0, category)
            booked = 0 if category in balance.BOOKED_ELSEWHERE else 12000
            self.assertEqual(plan[balance.Account.TRANSIT], booked - 205, category)
        with self.assertRaises(ValueError):
            balance.plan_entry(balance.Category.OTHER, 1, 0)

    def test_categories(self):
        """A30: Stripe's own category first, the type of old versions next."""
        self.assertEqual(balance.classify("dispute", "adjustment"), "dispute")
        self.assertEqual(balance.classify(None, "payout_failure"), "payout_reversal")
        self.assertEqual(balance.classify("climate_order_purchase", "x"), "other")
        self.assertEqual(balance.classify(None, "adjustment"), "other")


@tagged("post_install", "-at_install")
class TestBalanceTransaction(BalanceCommon):
    def test_fee_of_a_payment(self):
        """A30: fee Dr 627800 / Cr 511500 at the balance transaction's own date."""
        tx, row = self.charge(fee=1825, day="2026-03-10")
        movement = self.read_and_book()
        self.assertEqual(movement.reference, row["id"])
        self.assertEqual(movement.state, "booked")
        self.assertEqual(movement.payment_id, tx.payment_id)
        self.assertEqual(movement.move_id.date, date(2026, 3, 10))
        self.assertEqual(
            self.entry(movement.move_id), {"627800": 18.25, "511500": -18.25}
        )
        self.assertEqual(self.ledger("511500"), 1200 - 18.25)
        self.assertIn("261 C", movement.move_id.narration)
        self.assertFalse(movement.move_id.line_ids.tax_ids)

    def test_day_is_the_organisations(self):
        """A30: 23:30 in UTC is the day after in Paris."""
        _tx, row = self.charge(day="2026-03-31")
        row["created"] = at("2026-03-31", 23)
        self.assertEqual(self.read_and_book().move_id.date, date(2026, 4, 1))

    def test_each_is_booked_once(self):
        """A30: read again and again, a movement makes one entry."""
        self.charge()
        movement = self.read_and_book()
        before = self.env["account.move"].search_count([])
        movement.date_next = "2020-01-01"
        self.assertEqual(self.read_and_book(), movement)
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_closed_period(self):
        """A30: locked, the entry goes to the next open day and says so."""
        order = self._purchase()
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        self.charge(order, day="2026-03-10")
        move = self.read_and_book().move_id
        self.assertEqual(move.date, date(2026, 4, 1))
        # A job writes in the organisation's language.
        lang = self.company.partner_id.lang
        day = format_date(self.env, date(2026, 3, 10), lang_code=lang)
        self.assertIn(day, move.narration)

    def test_refund_and_its_fee(self):
        """A30: the refund is booked by its payment, its movement finds it."""
        tx, _row = self.charge()
        refund_tx = tx._create_child_transaction(200.0, is_refund=True)
        self._capture(refund_tx)
        row = self.double.move(
            "refund", -20000, source={"id": refund_tx.provider_reference},
            created=at("2026-03-11"),
        )  # fmt: skip
        self.read_and_book()
        movement = self.find(row)
        self.assertEqual(movement.state, "nothing")
        self.assertEqual(movement.payment_id, refund_tx.payment_id)
        self.assertTrue(self.compare().is_balanced)

    def test_failed_refund(self):
        """A30: a refund that comes back is booked once, by what undoes its payment:
        Dr 511500 / Cr 411 of its customer."""
        tx, _row = self.charge()
        refund_tx = tx._create_child_transaction(200.0, is_refund=True)
        self._capture(refund_tx)
        source = {"id": refund_tx.provider_reference}
        self.double.move("refund", -20000, source=source, created=at("2026-03-11"))
        row = self.double.move(
            "refund_failure", 20000, source=source, created=at("2026-03-14")
        )
        self.read_and_book()
        self.assertEqual(self.find(row).problem, "not_posted")
        refund_tx._set_error("The bank refused.", extra_allowed_states=("done",))
        self.find(row).action_try_again()
        self.run_jobs(BOOK_JOB)
        move = self.find(row).undo_move_id
        self.assertEqual(self.find(row).state, "booked")
        self.assertEqual(self.entry(move), {"511500": 200.0, "411100": -200.0})
        self.assertTrue(self.compare().is_balanced)

    def test_account_fees(self):
        """A30: fees of their own, besides payments: Dr 627800 / Cr 511500."""
        row = self.double.move("fee", -700, created=at("2026-03-31"))
        self.read_and_book()
        self.assertEqual(
            self.entry(self.find(row).move_id), {"627800": 7.0, "511500": -7.0}
        )

    def test_exceptions_are_listed_never_dropped(self):
        """A30: an unknown type, and a payment of another shop, wait for a person."""
        unknown = self.double.move(
            "other_adjustment", -500, type="adjustment", created=at("2026-03-02")
        )
        foreign = self.double.move(
            "charge", 5000, fee=100, created=at("2026-03-03"),
            source={"id": "ch_x", "payment_intent": "pi_elsewhere"},
        )  # fmt: skip
        self.read_and_book()
        problems = [self.find(row).problem for row in (unknown, foreign)]
        self.assertEqual(problems, ["unknown", "no_payment"])
        self.assertEqual(self.find(unknown).state, "exception")
        self.assertFalse(self.find(unknown).move_id)
        with self.assertRaises(UserError):
            self.find(unknown).unlink()

    def test_payment_of_another_amount(self):
        """A30: what Stripe cashed is not what the payment says: not booked."""
        tx, row = self.charge()
        row["amount"] -= 100
        self.assertEqual(self.read_and_book().problem, "amount")
        self.assertFalse(self.find(row).payment_id)
        self.assertTrue(tx.payment_id)

    def test_exception_is_taken_again(self):
        """A30: the payment arrives after its movement: booked at the next try."""
        order = self._buy()
        tx = self._start_payment(order)
        tx.provider_reference = f"pi_{tx.id}"
        row = self.double.move(
            "charge", 120000, fee=205, created=at("2026-03-10"),
            source={"id": "ch_1", "payment_intent": tx.provider_reference},
        )  # fmt: skip
        self.read_and_book()
        self.assertEqual(self.find(row).problem, "not_posted")
        self._capture(tx)
        self.find(row).with_user(self.accountant).action_try_again()
        self.run_jobs(BOOK_JOB)
        self.assertEqual(self.find(row).state, "booked")
        self.assertFalse(self.find(row).problem)

    @mute_logger("odoo.addons.training_catalogue_payment.models.training_balance_feed")
    def test_accounts_not_chosen(self):
        """A30: without its accounts nothing is guessed, the movement waits."""
        self.company.training_fee_account_id = False
        self.charge()
        self.assertEqual(self.read_and_book().problem, "accounts")

    def test_booked_by_hand(self):
        """A30: an accountant names the entry of an exception, nobody else may."""
        row = self.double.move("topup", 1000, created=at("2026-03-02"))
        self.read_and_book()
        move = self.env["account.move"].create(
            {
                "journal_id": self.company.training_stripe_journal_id.id,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": amount})
                    for account, amount in (
                        (self.company.training_transit_account_id, 10.0),
                        (self.company.training_transfer_account_id, -10.0),
                    )
                ],
            }
        )
        wizard = (
            self.env["training.balance.manual"]
            .with_user(self.accountant)
            .with_context(active_id=self.find(row).id)
            .create({"move_id": move.id})
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        move.action_post()
        biller = self._create_role("biller", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            wizard.with_user(biller).action_confirm()
        wizard.action_confirm()
        self.assertEqual(self.find(row).state, "manual")
        self.assertTrue(self.compare().is_balanced)

    def test_former_account_without_key(self):
        """A30: an account whose keys were emptied is passed over; the others' balances
        are read, and the job ends."""
        former = self.provider.copy({"company_id": self.company.id, "name": "Former"})
        former.write({"training_account_id": "acct_two", "stripe_secret_key": False})
        self.double.move("fee", -100, created=at("2026-03-01"))
        self.assertEqual(len(self.read_and_book()), 1)
        self.assertFalse(self.feed.search([("provider_id", "=", former.id)]))
        self.assertFalse(former.training_last_error)

    def test_pages_and_a_sweep_that_dies(self):
        """A30: read by pages, a sweep that is cut goes on where it was."""
        self.double.page_size = 2
        for day in range(1, 8):
            self.double.move("fee", -100, created=at(f"2026-03-0{day}"))
        path = ("GET", "balance_transactions")
        original = type(self.feed)._store
        stored = []

        def store_then_die(feed, rows, payout=None):
            stored.append(len(rows))
            original(feed, rows, payout)
            if len(stored) == 2:
                self.double.fail(*path, 400)

        with patch.object(type(self.feed), "_store", store_then_die):
            self.run_jobs(READ_JOB)
        movements = self.env["training.balance.transaction"]
        self.assertEqual(movements.search_count([]), 4)
        self.assertTrue(self.feed.sweep_after)
        self.assertTrue(self.provider.training_last_error)
        self.run_jobs(READ_JOB)
        self.assertEqual(movements.search_count([]), 7)
        self.assertFalse(self.feed.sweep_after)
        self.double.move("fee", -100, created=at("2026-03-09"))
        self.assertEqual(len(self.read_and_book()), 8)
        last = self.double.calls(*path)[-1]
        self.assertEqual(
            int(last[2]["created[gte]"]), at("2026-03-06"), "a day of overlap"
        )

    def test_sales_people_see_nothing_of_it(self):
        """A30: movements and the comparison are the accountant's."""
        self.charge()
        movement = self.read_and_book()
        for group in ("sales_team.group_sale_manager", "event.group_event_manager"):
            user = self._create_role(group[:10], group)
            with self.assertRaises(AccessError):
                movement.with_user(user).read(["net"])
            with self.assertRaises(AccessError):
                self.env["training.transit"].with_user(user).action_open()

    def test_companies_do_not_see_each_other(self):
        """A30: another company's accountant sees none of these movements."""
        self.charge()
        movement = self.read_and_book()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.accountant.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            movement.with_user(self.accountant).read(["net"])
