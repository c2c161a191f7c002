# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Moves that number documents: decided in the request, done by a job (P6)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .move_common import MOVES_JOB, MoveCommon
from .stripe_common import SENDER_JOB

WHOLE = [
    ("INV", "posted", 1200, 0),
    ("CN", "posted", 1200, 0),
    ("INV", "posted", 1200, 0),
]


class AcceptedCommon(MoveCommon):
    def _accept(self, order, target, learners=None, **values):
        """Press « Assign » and return the move, which the job has not done."""
        learners = learners or order._get_active_learners()
        self._wizard(learners, target, **values).action_move()
        self.env.cr.flush()
        self.env.invalidate_all()
        record = self.env["training.move"].search(
            [("order_id", "=", order.id)], limit=1
        )
        self.assertEqual(record.state, "accepted")
        return record

    def _run(self):
        self.run_jobs(MOVES_JOB)

    def _check_untouched(self, record):
        """The purchase is as it was, but for the seats held in the target."""
        order = record.order_id
        self.assertEqual(order.training_session_id, self.session)
        self.assertEqual(order._get_active_learners().event_id, self.session)
        self.assertEqual(self._documents(order), [("INV", "posted", 1200, 0)])


@tagged("standard", "post_install", "-at_install")
class TestMoveAccepted(AcceptedCommon):
    def test_request_then_job(self):
        """A22, P6: the request holds the seats and says so; the job does the rest, as
        who asked for it, and wakes by the commit."""
        order, target = self._sold(numbered=True), self._target(seats_max=2)
        triggers = self.env["ir.cron.trigger"].search([])
        mails = self.env["mail.mail"].search([])
        record = self._accept(order, target)
        self._check_untouched(record)
        self.assertEqual(target.seat_counter_ids.reserved, 2)
        self.assertEqual(self.session.seat_counter_ids.reserved, 2)
        new = self.env["ir.cron.trigger"].search([]) - triggers
        self.assertIn(self.env.ref(MOVES_JOB), new.cron_id)
        self.assertEqual(self.env["mail.mail"].search([]), mails)
        self._run()
        self.assertEqual(record.state, "done", record.error_message)
        self._check_waiting_in(target, order, 2)
        self.assertEqual(self._documents(order), WHOLE)
        self.assertEqual(target.seat_counter_ids.reserved, 2)
        self.assertEqual(self.session.seat_counter_ids.reserved, 0)
        new = order._get_training_documents()[-1]
        self.assertEqual(new.create_uid, self.manager)
        self.assertEqual(len(self.env["mail.mail"].search([]) - mails), 2)
        self._check_settled(order)
        self._run()
        self.assertEqual(self._documents(order), WHOLE)

    def test_which_ones(self):
        """A22, P6: drafts that stay drafts move at once; a flat enrolment's learners
        without money too, though its invoice has a number."""
        wizard = self._wizard(self._sold()._get_active_learners(), self._target())
        action = wizard.action_move()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        flat = self._create_programme(
            name="Forfait", company_multi_learners=False, flat_enrolment_max_learners=4
        )
        order = self._sold(
            numbered=True, session=self._create_session(flat), learners=2
        )
        learner = order.training_registration_ids[0]
        target = self._create_session(flat)
        self._wizard(learner, target).action_move()
        self.assertEqual(learner.event_id, target)
        for numbered, price in ((True, 600), (False, 500), (True, 500)):
            with self.subTest(numbered=numbered, price=price):
                order = self._sold(numbered=numbered)
                self._accept(order, self._target(price))

    def test_words(self):
        """A22: who assigned is told where to look; session, learner and buyer's page
        say that it is under way, until it is done."""
        order, target = self._sold(numbered=True), self._target()
        learners = order._get_active_learners()
        action = self._wizard(learners, target).action_move()
        record = order.training_move_ids
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(target.name, action["params"]["message"])
        self.assertIn("%s", action["params"]["message"])
        self.assertEqual(
            action["params"]["links"][0]["url"], f"/odoo/training-moves/{record.id}"
        )
        self.assertEqual(
            action["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        self.env.invalidate_all()
        self.assertIn("2", self.session.training_leaving_text)
        self.assertEqual(learners.training_next_session_id, target)
        self.assertIn("training_being_moved", self._render_portal(order))
        self._do_accepted()
        self.assertFalse(self.session.training_leaving_text)
        self.assertFalse(learners.training_next_session_id)
        self.assertNotIn("training_being_moved", self._render_portal(order))

    def _render_portal(self, order):
        """Return the part of the buyer's page that names the session."""
        values = {"order": order, "session": order.training_session_id}
        template = "training_catalogue_payment.portal_training_session"
        return self.env["ir.qweb"]._render(template, {**values, "refunded": 0})

    def test_refused_at_once(self):
        """A22, A26: what numbering would refuse is refused in the request."""
        order, target = self._sold(numbered=True), self._target(taxable=True, price=500)
        mentions = self.env["training.tax.mention"].search([("regime", "=", "exempt")])
        mentions.write({"date_from": "2099-01-01", "date_to": False})
        with self.assertRaises(UserError):
            self._wizard(order._get_active_learners(), target).action_move()

    def test_price_as_agreed(self):
        """A22: the price that was shown counts, whatever it becomes meanwhile."""
        order, target = self._sold(numbered=True), self._target(500)
        self._accept(order, target)
        target.session_price = 900
        self._do_accepted()
        self.assertEqual(order.amount_total, 1000)
        self.assertEqual(self._refund().amount, 200)
        self._check_settled(order)

    def test_given_up(self):
        """A22: given up before the job comes: seats back, nothing else happened."""
        order, target = self._sold(numbered=True), self._target(500)
        record = self._accept(order, target)
        record.with_user(self.manager).action_abandon()
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(target.seat_counter_ids.reserved, 0)
        self._run()
        self._check_untouched(record)
        self.assertFalse(self.env["training.payment.operation"].search([]))
        self.assertEqual(self._move(order, target).state, "done")
        with self.assertRaises(UserError):
            record.with_user(self.manager).action_abandon()

    def test_target_is_cancelled_meanwhile(self):
        """A22: what stops the job becomes one activity; tried again, it is done."""
        order, target = self._sold(numbered=True), self._target()
        record = self._accept(order, target)
        target.kanban_state = "cancel"
        self._run()
        self._run()
        self.assertEqual(record.state, "accepted")
        self.assertTrue(record.error_message)
        self.assertEqual(len(order.activity_ids), 1)
        self._check_untouched(record)
        self.assertEqual(target.seat_counter_ids.reserved, 2)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._wizard(order._get_active_learners(), self._target()).action_move()
        target.kanban_state = "normal"
        record.with_user(self.manager).action_retry()
        self.env.cr.flush()
        self.assertEqual(record.state, "done")
        self._check_waiting_in(target, order, 2)
        self._check_settled(order)

    def test_seats_lost_meanwhile(self):
        """A22: a job that stood still for weeks takes the seats again, or says that
        they are gone."""
        order = self._sold(numbered=True)
        target = self._target(seats_limited=True, seats_max=2)
        record = self._accept(order, target)
        self.env["training.seat.counter"]._drop_hold(order.id)
        rival = self._sold(session=target, learners=1)
        self._run()
        self.assertEqual(record.state, "accepted")
        self.assertTrue(record.error_message)
        self._check_untouched(record)
        rival.training_registration_ids._cancel_prepaid()
        self.env.cr.flush()
        self._run()
        self.assertEqual(record.state, "done")
        self.assertEqual(target.seat_counter_ids.reserved, 2)


@tagged("standard", "post_install", "-at_install")
class TestMoveMeanwhile(AcceptedCommon):
    """Something else is done to the purchase before the job comes."""

    def test_moved_again(self):
        """A22: the first move is done, then the second one; all learners or one."""
        for count in (2, 1):
            with self.subTest(count):
                order, target = self._sold(numbered=True), self._target()
                learners = order._get_active_learners()[:count]
                first = self._accept(order, self._target(), learners)
                self._wizard(learners, target).action_move()
                self._do_accepted()
                self.assertEqual(first.state, "done")
                self.assertEqual(learners.event_id, target)
                self._check_waiting_in(target, learners.sale_order_id, count)
                self._check_settled(*(order | learners.sale_order_id))

    def test_validated(self):
        """A22, A20: who is validated is validated where the learner goes, mails kept
        back as asked."""
        order, target = self._sold(numbered=True), self._target()
        record = self._accept(order, target)
        learners = order._get_active_learners()
        learners.with_user(self.manager).action_validate_prepaid(send_mails=False)
        self.assertEqual(record.state, "done")
        self.assertEqual(learners.event_id, target)
        self.assertEqual(set(learners.mapped("prepaid_state")), {"validated"})
        self.assertEqual(set(learners.mapped("training_mail_hold")), {"unwanted"})
        self._run()
        self.assertEqual(set(learners.mapped("prepaid_state")), {"validated"})

    def test_cancelled(self):
        """A22, A23: cancelled and refunded at the price of the new session; the
        difference goes back too, once."""
        for way in ("wizard", "job", "learner"):
            with self.subTest(way):
                order, target = self._sold(numbered=True), self._target(500)
                record = self._accept(order, target)
                learners = order._get_active_learners()
                self._cancel(way, order, learners)
                self.env.cr.flush()
                self.assertEqual(record.state, "done")
                self.assertEqual(set(learners.mapped("state")), {"cancel"})
                self.assertEqual(target.seat_counter_ids.reserved, 0)
                self.run_jobs(MOVES_JOB, SENDER_JOB)
                left = 1000 if way == "learner" else 0
                self.assertEqual(order._get_training_left_to_refund(), left)

    def _cancel(self, way, order, learners):
        if way == "learner":
            learners.with_user(self.manager).action_cancel()
            return
        if way == "wizard":
            action = learners.with_user(self.manager).action_open_training_cancel()
            wizard = self.env[action["res_model"]].with_user(self.manager)
            wizard = wizard.browse(action["res_id"])
            wizard.write({"reason": "Ill", "amount": 1000})
            wizard.action_cancel()
            return
        row = self.env["training.cancellation"].create(
            {
                "order_id": order.id,
                "session_id": order.training_session_id.id,
                "registration_ids": [(6, 0, learners.ids)],
                "reason": "Ill",
                "is_whole_price": True,
                "has_credit": True,
                "refund_way": "stripe",
            }
        )
        self.run_jobs("training_catalogue_payment.ir_cron_apply_cancellations")
        self.assertEqual(row.state, "done", row.error)

    def test_credited(self):
        """A22, A23: the old invoice is taken back by the move: nobody credits it."""
        order = self._sold(numbered=True)
        record = self._accept(order, self._target())
        action = order.invoice_ids.with_user(self.manager).action_open_training_credit()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"reason": "Gesture", "amount": 100})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard.action_credit()
        self.env.invalidate_all()
        self._check_untouched(record)
        self._do_accepted()
        self.assertEqual(self._documents(order), WHOLE)

    def test_credited_by_stocks_button(self):
        """A22: what is no longer as agreed is not done: a person is told, once."""
        order, target = self._sold(numbered=True), self._target()
        record = self._accept(order, target)
        note = order.invoice_ids._draft_training_credit_note(1200, "Mistake")
        note.action_post()
        self._run()
        self.assertEqual(record.state, "accepted")
        self.assertTrue(record.error_message)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertEqual(order.training_session_id, self.session)
        record.with_user(self.manager).action_abandon()
        self.env.cr.flush()
        self.assertEqual(target.seat_counter_ids.reserved, 0)

    def test_numbered(self):
        """A22: numbered by the accountant meanwhile: credited and made anew."""
        order, target = self._sold(), self._target(500)
        self._accept(order, target)
        order.invoice_ids.action_post()
        self._do_accepted()
        self.assertEqual(
            self._documents(order),
            [
                ("INV", "posted", 1200, 0),
                ("CN", "posted", 1200, 200),
                ("INV", "posted", 1000, 0),
            ],
        )
        self.assertEqual(self._refund().amount, 200)
        self._check_settled(order)

    def test_withdrawal(self):
        """A28, A22: who withdraws gets all back; the move is given up."""
        order = self._sold(
            session=self._target(600, taxable=True),
            learners=1,
            kind="individual",
            contact=self._create_individual(),
        )
        target = self._target(500, taxable=True)
        record = self._accept(order, target)
        withdrawal = order._withdraw_training(
            {"name": "Paul", "email": "paul@martin.example.com"}
        )
        self.env.cr.flush()
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(target.seat_counter_ids.reserved, 0)
        self.run_jobs("training_catalogue_payment.ir_cron_treat_withdrawals", MOVES_JOB)
        self.assertEqual(withdrawal.treatment_state, "done")
        self.assertEqual(withdrawal.credit_note_ids.amount_total, 720)
        self.assertFalse(order._get_active_learners())
