# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D17: a purchase that an extension has wait between its payment and its sale."""

from unittest.mock import patch

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("standard", "post_install", "-at_install")
class TestHold(TrainingCommon):
    def setUp(self):
        super().setUp()
        orders = type(self.env["sale.order"])
        is_held = patch.object(orders, "_must_be_held", lambda order, tx: True)
        is_held.start()
        self.addCleanup(is_held.stop)

    def hold(self, session=None, **values):
        """Return an order that is paid and waits."""
        order = self._buy(session, **values)
        self._pay(order)
        order._follow_up_purchase()
        return order

    def recount(self, session):
        """Return the seats left, after the nightly recount changed nothing."""
        self.env.flush_all()
        counter = session.seat_counter_ids.filtered(lambda one: not one.event_ticket_id)
        before = counter.reserved
        self.env["training.seat.counter"]._cron_recount()
        self.assertEqual(counter.reserved, before)
        session.invalidate_recordset()
        return session.training_seats_left

    def test_nothing_of_a_sale_happens(self):
        """B10, D17: money taken, seats kept; no confirmation, invoice nor prospect."""
        order = self.hold()
        self.assertEqual(order.state, "sent")
        self.assertTrue(order._is_held())
        self.assertTrue(order.training_paid_tx_id)
        learners = order.training_registration_ids
        self.assertEqual(set(learners.mapped("prepaid_state")), {"held"})
        self.assertEqual(set(learners.mapped("state")), {"draft"})
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.opportunity_id)
        self.assertFalse(order.training_request_id)
        self.assertFalse(order.training_buyer_mail_date)
        self.assertFalse(order.training_notice_mail_date)
        self.assertEqual(order.training_followup_state, "done")
        self.assertEqual(order._get_training_payment_state(), "held")

    def test_seats_are_kept(self):
        """A15, B10: nobody else takes them, and the recount agrees."""
        session = self._create_session(seats_limited=True, seats_max=2)
        order = self.hold(session)
        self.assertEqual(self.recount(session), 0)
        with self.assertRaises(UserError):
            self._buy(session, learners=1)
        order._give_up_held()
        self.env.flush_all()
        self.env["training.seat.counter"]._settle(session.ids)
        self.assertEqual(self.recount(session), 2)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order._get_training_payment_state(), "refused")

    def test_second_payment_is_one_too_many(self):
        """R2, B10: what waits is paid: a second payment is refunded."""
        order = self._buy()
        first = self._start_payment(order)
        second = self._start_payment(order)
        self._capture(first)
        self._capture(second)
        self.assertEqual(second.training_refusal, "already_paid")
        self.assertFalse(first.training_refusal)
        self.assertTrue(order._is_held())
        self.assertFalse(order._has_to_be_paid())
        self.assertFalse(order._has_to_be_signed())

    def test_treated_again_it_still_waits(self):
        """B10: a payment that is post-processed twice sells nothing."""
        order = self.hold()
        order.training_paid_tx_id._post_process()
        self.assertTrue(order._is_held())

    def test_release_sells_it(self):
        """B10: released, it is as if it were paid now, and is followed up once."""
        order = self.hold()
        order._release_held()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order._is_held())
        learners = order.training_registration_ids
        self.assertEqual(set(learners.mapped("prepaid_state")), {"pending"})
        self.assertEqual(order.training_followup_state, "todo")
        order._follow_up_purchase()
        self.assertTrue(order.invoice_ids)
        self.assertTrue(order.opportunity_id)
        self.assertTrue(order.training_buyer_mail_date)
        self.assertEqual(order._get_training_payment_state(), "paid")

    def test_nobody_moves_it_by_hand(self):
        """A24, B10: neither order nor learners are confirmed, cancelled or freed."""
        order = self.hold()
        staff = self._create_role(
            "staff", "event.group_event_manager", "sales_team.group_sale_manager"
        )
        with self.assertRaises(UserError):
            order.with_user(staff).action_confirm()
        with self.assertRaises(UserError):
            order.with_user(staff).action_cancel()
        learner = order.training_registration_ids[:1].with_user(staff)
        for state in ("open", "cancel"):
            with self.assertRaises(AccessError):
                learner.state = state
        learner.action_cancel_prepaid()
        learner.action_validate_prepaid()
        self.assertEqual(learner.prepaid_state, "held")
        with self.assertRaises(AccessError):
            order.with_user(staff).training_held_since = False
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(staff).create(
                {
                    "partner_id": self.buyer.id,
                    "training_held_since": "2026-01-01",
                    "order_line": [
                        Command.create({"name": "x", "display_type": "line_note"})
                    ],
                }
            )

    def test_session_is_not_archived_with_it(self):
        """R14, B10: a session that is cancelled counts it among what to treat."""
        order = self.hold()
        session = order.training_session_id
        with self.assertRaises(RedirectWarning):
            session.active = False
        session.kanban_state = "cancel"
        self.assertEqual(session.training_to_treat_count, 2)
