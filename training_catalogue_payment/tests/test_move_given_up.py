# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A dearer move that is given up, whoever takes its complement back, and when."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .move_common import MOVES_JOB, MoveCommon
from .stripe_common import SENDER_JOB

WITHDRAWALS_JOB = "training_catalogue_payment.ir_cron_treat_withdrawals"


@tagged("standard", "post_install", "-at_install")
class TestMovePaidNotDone(MoveCommon):
    """The complement is paid and the target has no seat left."""

    def _stopped(self, order=None):
        """Return a move whose complement was paid when its target was full."""
        order = order or self._sold(numbered=True)
        taxable = order.training_session_id.is_out_of_bpf
        target = self._target(750, taxable, seats_limited=True, seats_max=2)
        record = self._move(order, target)
        self.env["training.seat.counter"]._drop_hold(order.id)
        self._sold(session=target, learners=2)
        self._pay_complement(record)
        self.assertEqual(record.state, "paid")
        return record

    def _check_stays(self, record):
        """The job comes again, there is room by now: nobody goes anywhere."""
        record.session_id.seats_max = 9
        self.run_jobs(MOVES_JOB)
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(record.order_id.training_session_id, self.session)

    def test_given_up(self):
        """A22: staff give it up: what was paid for it goes back, once, and another
        assignment is possible."""
        record = self._stopped()
        order, learners = record.order_id, record.registration_ids
        with self.assertRaisesRegex(UserError, order.name):
            self._wizard(learners, self._target()).action_move()
        record.with_user(self.manager).action_abandon()
        self.assertEqual(self._refund().amount, 300)
        self._check_settled(order)
        self._check_stays(record)
        with self.assertRaises(UserError):
            record.with_user(self.manager).action_abandon()
        self.assertEqual(self._move(order, self._target()).state, "done")

    def test_credited_in_part(self):
        """A22: a part of the complement was given back: the dearer session is not
        given; staff are told, give it up, and the rest goes back."""
        record = self._stopped()
        order = record.order_id
        note = order._credit_training(100, "Gesture", invoice=record.complement_id)
        order._refund_training(note)
        record.session_id.seats_max = 9
        self.run_jobs(MOVES_JOB)
        self.assertEqual(record.state, "paid")
        self.assertIn(record.complement_id.name, record.error_message)
        with self.assertRaises(UserError):
            record.with_user(self.manager).action_retry()
        record.with_user(self.manager).action_abandon()
        self.assertEqual(sorted(self._refund().mapped("amount")), [100, 200])
        self._check_settled(order)
        self._check_stays(record)

    def test_cancelled(self):
        """A22, A23: who is cancelled then gets both payments back, and is told so."""
        for count in (2, 1):
            with self.subTest(count=count):
                record = self._stopped()
                order, learners = record.order_id, record.registration_ids[:count]
                row = self._cancel(order, learners)
                self.assertEqual(row.amount, 600 * count)
                self.assertEqual(row.amount_refunded, 600 * count + 300)
                self.run_jobs(SENDER_JOB)
                self._check_settled(order)
                left = order._get_training_left_to_refund()
                self.assertEqual(left, 1200 - 600 * count)
                self.assertEqual(record.state, "abandoned")

    def _cancel(self, order, learners):
        row = self.env["training.cancellation"].create(
            {
                "order_id": order.id,
                "session_id": order.training_session_id.id,
                "registration_ids": [(6, 0, learners.ids)],
                "reason": "Ill",
                "is_whole_price": True,
                "refund_way": "stripe",
            }
        )
        self.run_jobs("training_catalogue_payment.ir_cron_apply_cancellations")
        self.assertEqual(row.state, "done", row.error)
        return row

    def _bought_by_an_individual(self):
        return self._sold(
            session=self._target(600, taxable=True),
            learners=1,
            kind="individual",
            contact=self._create_individual(),
        )

    def test_withdrawal(self):
        """A28, A22: who withdraws then gets back both payments, or both without what
        is owed for the share that was delivered, whenever the complement was paid."""
        for kept, is_paid_late in ((0, False), (90, False), (90, True)):
            with self.subTest(kept=kept, is_paid_late=is_paid_late):
                order = self._bought_by_an_individual()
                record = self._move(order, self._target(750, taxable=True))
                if not is_paid_late:
                    record.session_id.kanban_state = "cancel"
                    self._pay_complement(record)
                withdrawal = order._withdraw_training(
                    {"name": "Paul", "email": "paul@martin.example.com"}
                )
                withdrawal.amount_kept = kept
                withdrawal.amount -= kept
                if is_paid_late:
                    self._pay_complement(record)
                self.assertEqual(record.state, "paid")
                self.run_jobs(WITHDRAWALS_JOB, SENDER_JOB)
                self.assertEqual(withdrawal.treatment_state, "done")
                self.assertEqual(record.state, "abandoned")
                self.assertEqual(order._get_training_left_to_refund(), kept)
                self.assertEqual(withdrawal.state, "refunded")
                self._check_settled(order)


@tagged("standard", "post_install", "-at_install")
class TestMoveGivenUpByHand(MoveCommon):
    """The complement is credited, or the learners are cancelled, by other buttons."""

    def _waiting(self, paid=0):
        """Return a move that waits for 300, of which some may be paid."""
        record = self._move(self._sold(numbered=True), self._target(750))
        if paid:
            self._finish_complement(self._start_complement(record, paid))
        return record

    def _credit(self, way, record):
        """Credit the complement as an accountant does, with our button or stock's."""
        complement = record.complement_id
        if way == "stock":
            note = complement._draft_training_credit_note(300, "Too late")
            self.assertEqual(record.state, "waiting")
            note.action_post()
            return
        action = complement.with_user(self.manager).action_open_training_credit()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.reason = "Too late"
        wizard.action_credit()

    def test_complement_is_credited(self):
        """A22, A23: who credits it gives the move up: the seats are free, nobody has
        to pay, and another assignment or a cancellation is possible."""
        for way in ("wizard", "stock"):
            with self.subTest(way):
                record = self._waiting()
                order, target = record.order_id, record.session_id
                self._credit(way, record)
                self.env.cr.flush()
                self.assertEqual(record.state, "abandoned")
                self.assertEqual(target.seat_counter_ids.reserved, 0)
                self.assertEqual(record.complement_id.amount_residual, 0)
                learners = order._get_active_learners()
                other = self._move(order, self._target(), learners[0])
                self.assertEqual(other.state, "done", other.error_message)
                note = order._cancel_training(learners[1], 600, "Ill")
                self._refund()
                self.assertEqual(note._get_refund_operations().amount, 600)
                self._check_settled(order, other.new_order_id)

    def test_credited_in_part(self):
        """A22: a part is credited: the move still waits, given up it credits the
        rest; what a draft credits already is not credited twice."""
        record = self._waiting()
        complement = record.complement_id
        record.order_id._credit_training(100, "Gesture", invoice=complement)
        self.assertEqual(record.state, "waiting")
        draft = complement._draft_training_credit_note(200, "Rest")
        record.with_user(self.manager).action_abandon()
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(len(complement.reversal_move_ids), 2)
        draft.action_post()
        self._check_settled(record.order_id)

    def _cancel(self, way, order):
        learners = order._get_active_learners().with_user(self.manager)
        lead = order._get_prepaid_opportunity().with_user(self.manager)
        {
            "lost": lead.action_lose_prepaid_status,
            "list": learners.action_cancel_prepaid,
            "stock": learners.action_cancel,
        }[way]()
        self.env.cr.flush()

    def test_learners_are_cancelled(self):
        """A22, A23: cancelled by hand: nobody can pay for them any more, no money
        moves, and an accountant hears of what was paid."""
        for way, paid in (
            ("lost", 0),
            ("list", 0),
            ("stock", 0),
            ("lost", 100),
            ("stock", 300),
        ):
            with self.subTest(way=way, paid=paid):
                record = self._waiting(min(paid, 200))
                if paid == 300:
                    tx = self._start_complement(record, 100)
                    tx._set_done()
                    tx._post_process()
                    self.assertEqual(record.state, "paid")
                order, complement = record.order_id, record.complement_id
                self._cancel(way, order)
                self.run_jobs(MOVES_JOB)
                self.assertEqual(record.state, "abandoned")
                self.assertEqual(complement.amount_residual, 0)
                notes = complement.reversal_move_ids
                self.assertEqual(sum(notes.mapped("amount_total")), 300 - paid)
                self.assertFalse(sum(notes.mapped("amount_residual")))
                self.assertEqual(len(complement.activity_ids), int(bool(paid)))
                self.assertEqual(order._get_training_left_to_refund(), 1200 + paid)
                self.assertEqual(order._get_training_left_to_credit(), 1200 + paid)
                self.assertFalse(self.env["training.payment.operation"].search([]))
                self.assertEqual(record.session_id.seat_counter_ids.reserved, 0)
