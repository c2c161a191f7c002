# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Learners are assigned to a dearer session: a complement is to be paid first."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date

from .move_common import MOVES_JOB, MoveCommon
from .stripe_common import SENDER_JOB


@tagged("standard", "post_install", "-at_install")
class TestMoveDearer(MoveCommon):
    def test_paid_after_it_was_given_up(self):
        """A22: who pays a complement that staff just gave up has the money back."""
        order = self._sold(numbered=True)
        record = self._move(order, self._target(750))
        tx = self._start_complement(record)
        record.with_user(self.manager).action_abandon()
        self._finish_complement(tx)
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(self._refund().amount, 300)
        self.assertEqual(self._balances(), {"512": 1200, "70": -1200})
        self._check_settled(order)
        tx._post_process()
        self.assertEqual(
            self.env["training.payment.operation"].search_count(
                [("transaction_id", "=", tx.id)]
            ),
            1,
        )

    def test_given_up_by_who_may_not_refund(self):
        """A22, A23: a part of the complement was paid: an accountant gives it back at
        once, whoever else gives the move up asks one."""
        seller = self._create_role("seller", "sales_team.group_sale_salesman_all_leads")
        for user, refunds in ((self.manager, 1), (seller, 0)):
            with self.subTest(user.login):
                order = self._sold(numbered=True)
                record = self._move(order, self._target(750))
                self._finish_complement(self._start_complement(record, 100))
                self.assertEqual(record.state, "waiting")
                record.with_user(user).action_abandon()
                note = record.complement_id.reversal_move_ids
                self.assertEqual(len(note._get_refund_operations()), refunds)
                self.assertEqual(len(note.activity_ids), 1 - refunds)
                self.assertEqual(note.amount_residual, 100)

    def test_refund_of_both_payments(self):
        """A22, A23: what two cards' payments paid is given back to both, whole."""
        order = self._sold(numbered=True)
        record = self._move(order, self._target(750))
        self._pay_complement(record)
        self.assertEqual(record.state, "done")
        credits = order._cancel_training(order._get_active_learners(), 1500, "Ill")
        self.run_jobs(SENDER_JOB)
        operations = credits._get_refund_operations()
        self.assertEqual(sorted(operations.mapped("amount")), [300, 1200])
        self.assertEqual(len(operations.transaction_id), 2)
        self.assertEqual(set(operations.mapped("state")), {"succeeded"})
        self.assertEqual(sum(credits.mapped("amount_residual")), 0)
        self.assertFalse(self._balances())

    def test_cancelled_while_it_waits(self):
        """A22, A23: who is cancelled before paying a complement gets back what was
        paid, and is asked for nothing more."""
        for count in (1, 2):
            with self.subTest(count=count):
                order = self._sold(numbered=True)
                record = self._move(order, self._target(750))
                learners = order._get_active_learners()[:count]
                price = order._get_training_seat_price(learners)
                self.assertEqual(price, 600 * count)
                order._cancel_training(learners, price, "Ill")
                self.assertEqual(record.state, "abandoned")
                self.assertEqual(record.complement_id.payment_state, "reversed")
                self.assertEqual(self._refund()[:1].amount, 600 * count)
                self._check_settled(order)
        self.assertEqual(self._balances(), {"512": 600, "70": -600})

    def test_other_learner_is_cancelled(self):
        """A22, A23: another learner of the purchase is cancelled: the move goes on."""
        order = self._sold(numbered=True)
        moved, other = order._get_active_learners()
        self._wizard(moved, self._target(750)).action_move()
        record = order.training_move_ids
        price = order._get_training_seat_price(other)
        order._cancel_training(other, price, "Ill")
        self.assertEqual((price, record.state), (600, "waiting"))
        self.assertEqual(self._refund().amount, 600)
        self._pay_complement(record)
        self.assertEqual(record.state, "done", record.error_message)
        self.assertEqual(self._balances(), {"512": 750, "70": -750})
        self._check_settled(order, record.new_order_id)

    def _check_waits(self, record, target, count=2):
        """Nothing moved: an invoice to pay, a link, seats kept on both sides."""
        order = record.order_id
        self.assertEqual((record.state, record.kind), ("waiting", "dearer"))
        self.assertEqual(order.training_session_id, self.session)
        self.assertEqual(order._get_active_learners().event_id, self.session)
        complement = record.complement_id
        self.assertEqual(complement.state, "posted")
        self.assertEqual(complement.payment_state, "not_paid")
        self.assertEqual(complement.training_session_id, target)
        self.assertEqual(complement.training_order_id, order)
        self.assertFalse(complement.transaction_ids)
        self.assertIn("/my/invoices/", record.complement_url)
        self.assertEqual(target.seat_counter_ids.reserved, count)

    def test_all(self):
        """A22: dearer: complement, hold, then the learners move once it is paid."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order, target = self._sold(numbered=numbered), self._target(750)
                record = self._move(order, target)
                self._check_waits(record, target)
                self.assertEqual(record.complement_id.amount_total, 300)
                self._pay_complement(record)
                self.assertEqual(record.state, "done", record.error_message)
                self._check_waiting_in(target, order, 2)
                self.assertEqual(order.amount_total, 1500)
                self.assertEqual(order.invoice_status, "invoiced")
                self.assertEqual(target.seat_counter_ids.reserved, 2)
                drafts = order.invoice_ids.filtered(lambda move: move.state == "draft")
                self.assertEqual(len(drafts), not numbered)
                drafts.action_post()
                self._check_settled(order)
        self.assertEqual(self._balances(), {"512": 3000, "70": -3000})

    def test_some(self):
        """A22: one of two to a dearer session: only its part, and its complement."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order, target = self._sold(numbered=numbered), self._target(700)
                learner = order.training_registration_ids[0]
                self._wizard(learner, target).action_move()
                record = order.training_move_ids[:1]
                self._check_waits(record, target, 1)
                self.assertEqual(record.complement_id.amount_total, 100)
                self._pay_complement(record)
                self.assertEqual(record.state, "done", record.error_message)
                new = record.new_order_id
                self._check_waiting_in(target, new, 1)
                self.assertEqual(record.complement_id.training_order_id, new)
                self.assertEqual((order.amount_total, new.amount_total), (600, 700))
                (order | new).invoice_ids.filtered(
                    lambda move: move.state == "draft"
                ).action_post()
                self._check_settled(order, new)
        self.assertEqual(self._balances(), {"512": 2600, "70": -2600})

    def test_exempt_to_taxable(self):
        """A22, A26: 600 exempt to 600 + 20 %: 120 are missing, all of it carries VAT
        in the end, to the cent."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold(numbered=numbered, learners=1)
                record = self._move(order, self._target(600, taxable=True))
                self.assertEqual(record.complement_id.amount_total, 120)
                self.assertEqual(record.complement_id.amount_tax, 20)
                self._pay_complement(record)
                self.assertEqual(record.state, "done", record.error_message)
                order._get_training_documents().filtered(
                    lambda move: move.state == "draft"
                ).action_post()
                self._check_settled(order)
        self.assertEqual(self._balances(), {"512": 1440, "70": -1200, "44571": -240})

    def test_moved_again(self):
        """A22: a purchase with a complement is moved again, both documents follow."""
        order = self._sold(numbered=True)
        self._pay_complement(self._move(order, self._target(750)))
        self._move(order, self._target(700))
        self.assertEqual(order.amount_total, 1400)
        self.assertEqual(self._refund()[:1].amount, 100)
        self._check_settled(order)
        self.assertEqual(self._balances(), {"512": 1400, "70": -1400})

    def test_seats_are_held(self):
        """A22: the last seats are kept for who has a complement to pay."""
        target = self._target(750, seats_limited=True, seats_max=2)
        record = self._move(self._sold(), target)
        self._check_waits(record, target)
        other = self._sold(learners=1)
        with self.assertRaises(UserError):
            self._move(other, target)
        self._pay_complement(record)
        self.assertEqual(record.state, "done")

    def test_not_paid_in_time(self):
        """A22: after the deadline the seats are free, staff are told once; they
        extend, or abandon: the complement is credited, nothing else changed."""
        order, target = self._sold(), self._target(750)
        record = self._move(order, target)
        self.assertEqual(
            record.deadline.date(),
            fields.Date.today() + timedelta(days=self.company.training_complement_days),
        )
        told = "".join(order.message_ids.mapped("body"))
        day = fields.Date.context_today(record, record.deadline)
        self.assertIn(format_date(record.env, day), told)
        with freeze_time(record.deadline + timedelta(hours=1)):
            self.run_jobs(MOVES_JOB, MOVES_JOB)
            self.env["training.seat.hold"]._cron_release_expired()
            self.env.invalidate_all()
            self.assertEqual(target.seat_counter_ids.reserved, 0)
            activities = order.activity_ids
            self.assertEqual(len(activities), 1)
            record.with_user(self.manager).action_extend()
            self.assertEqual(target.seat_counter_ids.reserved, 2)
            record.with_user(self.manager).action_abandon()
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(target.seat_counter_ids.reserved, 0)
        self.assertEqual(record.complement_id.payment_state, "reversed")
        self.assertEqual(order.training_session_id, self.session)
        order.invoice_ids.action_post()
        self.assertEqual(self._balances(), {"512": 1200, "70": -1200})
        self._check_settled(order)
        self._move(order, target)

    def test_paid_too_late_for_the_seat(self):
        """A22: paid after the seats were given to others: staff are told, and finish
        it once there is room."""
        order = self._sold()
        target = self._target(750, seats_limited=True, seats_max=2)
        record = self._move(order, target)
        self.env["training.seat.counter"]._drop_hold(order.id)
        self._sold(session=target, learners=1)
        self._pay_complement(record)
        self.assertEqual(record.state, "paid")
        self.assertTrue(record.error_message)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertEqual(order._get_active_learners().event_id, self.session)
        target.seats_max = 3
        record.with_user(self.manager).action_retry()
        self.assertEqual(record.state, "done")
        self._check_waiting_in(target, order, 2)

    def test_one_complement_at_a_time(self):
        """A22: a purchase that waits for a complement is not moved elsewhere."""
        order = self._sold()
        self._move(order, self._target(750))
        with self.assertRaisesRegex(UserError, "abandon"):
            self._move(order, self._target(600))

    def test_cancelled_session_offers_the_difference(self):
        """A22, A23: who paid for a session that we cancelled pays nothing more for a
        dearer one, unless staff say so."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                self.session.kanban_state = "normal"
                order, target = self._sold(numbered=numbered), self._target(750)
                learners = order._get_active_learners()
                self.assertFalse(self._wizard(learners, target).may_offer)
                self.session.kanban_state = "cancel"
                self.assertTrue(self._wizard(learners, target).may_offer)
                record = self._move(order, target)
                self.assertEqual((record.state, record.kind), ("done", "equal"))
                self.assertEqual(
                    (record.asked_amount, record.offered_amount), (1200, 300)
                )
                self.assertFalse(record.complement_id)
                self._check_waiting_in(target, order, 2)
                self.assertEqual(order.amount_total, 1200)
                order._get_training_documents().filtered(
                    lambda move: move.state == "draft"
                ).action_post()
                self._check_settled(order)
        self.assertEqual(self._balances(), {"512": 2400, "70": -2400})

    def test_cancelled_session_with_a_complement_all_the_same(self):
        """A22, A23: staff untick the offer; a cheaper session still gives back."""
        order, other = self._sold(), self._sold()
        self.session.kanban_state = "cancel"
        record = self._move(order, self._target(750), offer_difference=False)
        self._check_waits(record, record.session_id)
        self.assertFalse(record.offered_amount)
        record = self._move(other, self._target(500))
        self.assertEqual((record.kind, record.offered_amount), ("cheaper", 0))
        self.assertEqual(self._refund().amount, 200)
