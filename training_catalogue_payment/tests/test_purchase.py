# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The cart of a purchase: what is refused before money, what is given back after."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import mute_logger, tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestCart(TrainingCommon):
    def test_price_per_learner(self):
        """A6: with « number of learners » on, a company pays price × learners."""
        order = self._buy(learners=3)
        self.assertEqual(order.amount_total, 1800)
        self.assertEqual(len(order.training_registration_ids), 3)

    def test_flat_price(self):
        """A6: with it off, one flat price whatever the learners, up to a maximum."""
        self.programme.write(
            {"company_multi_learners": False, "flat_enrolment_max_learners": 4}
        )
        order = self._buy(learners=4)
        self.assertEqual(order.amount_total, 600)
        self.assertEqual(len(order.training_registration_ids), 4)
        with self.assertRaises(UserError):
            self._buy(learners=5)

    def test_flat_enrolment_holds_a_seat_for_each_learner(self):
        """A6, A15: one line of quantity 1, and as many seats as learners."""
        self.programme.write(
            {"company_multi_learners": False, "flat_enrolment_max_learners": 4}
        )
        self.session.write({"seats_limited": True, "seats_max": 4})
        self._purchase(learners=3, follow_up=False)
        self.assertEqual(self.session.seat_counter_ids.reserved, 3)
        with self.assertRaises(UserError):
            self._buy(learners=2)

    def test_individual_is_refused_on_professional_training(self):
        """A9: refused on the server, for the cart and for the payment."""
        with self.assertRaises(UserError):
            self._buy(learners=1, kind="individual", contact=self._create_individual())
        self.session.is_out_of_bpf = True
        order = self._buy(
            learners=1, kind="individual", contact=self._create_individual()
        )
        self.session.is_out_of_bpf = False
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()

    def test_regulation_unticked_opens_to_individuals(self):
        """A9: « réglementation française » unticked, individuals may buy."""
        self.company.write(
            {
                "french_training_regulation": False,
                "french_training_regulation_off_reason": "Leisure courses only",
            }
        )
        order = self._buy(
            learners=1, kind="individual", contact=self._create_individual()
        )
        order._check_cart_is_ready_to_be_paid()
        self.assertEqual(order.amount_total, 600)

    def test_posting_again_replaces_the_cart(self):
        """R20: the same form posted twice makes one enrolment."""
        order = self._buy()
        order._set_training_purchase(
            self.session, "company", self.buyer, self._learners(2)
        )
        self.assertEqual(len(order.order_line), 1)
        self.assertEqual(len(order.training_registration_ids), 2)
        self.assertEqual(order.amount_total, 1200)

    def test_session_is_alone_in_the_cart(self):
        """A7: a cart with something else refuses the session, and the reverse."""
        order = self._create_cart()
        other = self.env["product.product"].create(
            {"name": "Book", "list_price": 10, "type": "service"}
        )
        order.order_line = [(0, 0, {"product_id": other.id})]
        with self.assertRaises(UserError):
            order._set_training_purchase(
                self.session, "company", self.buyer, self._learners(1)
            )
        training = self._buy()
        with self.assertRaises(UserError):
            training._cart_add(product_id=other.id, quantity=1)

    def test_stock_cart_cannot_take_a_session(self):
        """R4: the tickets of a session are not bought through Odoo's own cart."""
        ticket = self.session.training_ticket_id
        with self.assertRaises(UserError):
            self._create_cart()._cart_add(
                product_id=ticket.product_id.id,
                quantity=1,
                event_ticket_id=ticket.id,
            )

    def test_price_shown_is_the_price_charged(self):
        """R6: a price raised after the buyer saw it must be confirmed again."""
        with self.assertRaises(UserError):
            self._create_cart()._set_training_purchase(
                self.session,
                "company",
                self.buyer,
                self._learners(1),
                shown_total=1.0,
            )
        order = self._buy()
        self.session.session_price = 900
        order._recompute_cart()
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()

    def test_session_that_stops_being_sellable(self):
        """R4: past, cancelled or archived between the cart and the payment."""
        for change in (
            {"date_begin": fields.Datetime.now() - timedelta(hours=1)},
            {"kanban_state": "cancel"},
            {"active": False},
        ):
            with self.subTest(change):
                session = self._create_session()
                order = self._buy(session=session)
                session.write(change)
                with self.assertRaises(ValidationError):
                    order._check_cart_is_ready_to_be_paid()

    def test_order_confirmed_by_staff(self):
        """A7, A15: what staff have sold by hand is not paid for on the site as well."""
        order = self._buy()
        self.assertFalse(order._get_training_blockers())
        order.action_confirm()
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()


@tagged("post_install", "-at_install")
class TestRefusedPayment(TrainingCommon):
    def _check_given_back(self, order, tx, refusal):
        self.assertEqual(tx.training_refusal, refusal)
        operation = self.env["training.payment.operation"].search(
            [("transaction_id", "=", tx.id)]
        )
        self.assertEqual(len(operation), 1)
        self.assertEqual(operation.amount_minor, round(tx.amount * 100))
        self.assertTrue(tx.payment_id, "what was cashed is in the books")
        self.assertNotEqual(order.training_paid_tx_id, tx)

    def test_hold_ran_out_and_the_seat_is_gone(self):
        """A15: paid too late, the last seat gone to another: refunded, and told."""
        self.session.write({"seats_limited": True, "seats_max": 1})
        late = self._buy(learners=1)
        tx = self._start_payment(late)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            quick = self._buy(learners=1)
            self._pay(quick)
            self._capture(tx)
        self.assertEqual(quick.state, "sale")
        self.assertEqual(late.state, "draft")
        self._check_given_back(late, tx, "full")
        self.env.flush_all()
        self.assertEqual(self.session.seat_counter_ids.reserved, 1)
        tx._tell_refusal()
        self.assertTrue(tx.training_refusal_told)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn(
            late.partner_id.email,
            f"{mail.email_to} {mail.recipient_ids.mapped('email')}",
        )

    def test_hold_ran_out_but_a_seat_is_left(self):
        """A15: paid late while seats are left, the purchase is confirmed."""
        self.session.write({"seats_limited": True, "seats_max": 2})
        order = self._buy(learners=1)
        tx = self._start_payment(order)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.env["training.seat.hold"]._cron_release_expired()
            self._capture(tx)
        self.assertEqual(order.state, "sale")
        self.env.flush_all()
        self.session.seat_counter_ids.invalidate_recordset()
        self.assertEqual(self.session.seat_counter_ids.reserved, 1)

    def test_full_session_refuses_before_the_money(self):
        """A15: while one buyer pays the last seat, another cannot start to."""
        self.session.write({"seats_limited": True, "seats_max": 1})
        first, second = self._buy(learners=1), self._buy(learners=1)
        self._start_payment(first)
        with self.assertRaises(ValidationError):
            self._start_payment(second)

    def test_full_by_another_ticket(self):
        """A15, R15: a session that became full by another ticket is not sold, even to
        a visitor whose cart was made before."""
        self.session.write({"seats_limited": True, "seats_max": 2})
        order = self._buy(learners=1)
        other = self.env["event.event.ticket"].create(
            {
                "name": "Invited",
                "event_id": self.session.id,
                "product_id": self.session.training_ticket_id.product_id.id,
            }
        )
        self.env["event.registration"].create(
            [
                {"event_id": self.session.id, "event_ticket_id": other.id}
                for _number in range(2)
            ]
        ).write({"state": "open"})
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.assertFalse(self.session.is_sellable_online)
        self.assertEqual(self.session.training_seats_left, 0)
        self.assertTrue(order._get_training_blockers())
        self.assertFalse(
            self.env["event.event"].search(
                [("id", "=", self.session.id), ("is_sellable_online", "=", True)]
            )
        )

    def test_failed_payment_frees_the_seat(self):
        """A15: a refused card gives the seat back at once."""
        self.session.write({"seats_limited": True, "seats_max": 1})
        tx = self._start_payment(self._buy(learners=1))
        tx._set_error("Your card was declined.")
        tx._post_process()
        self.env.cr.flush()
        self.assertEqual(tx.sale_order_ids.state, "draft")
        second = self._buy(learners=1)
        paid = self._pay(second)
        self.assertEqual((paid.state, paid.training_refusal), ("done", False))
        self.assertEqual(second.state, "sale")
        self.assertEqual(second.training_registration_ids.prepaid_state, "pending")

    def test_authorized_is_not_paid(self):
        """A13, A15: money that is only reserved on the card buys nothing; captured, it
        buys once."""
        order = self._buy(learners=1)
        tx = self._start_payment(order)
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            tx._set_authorized()
        tx._post_process()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.training_paid_tx_id)
        self.assertFalse(order.training_registration_ids.prepaid_state)
        self._capture(tx)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.training_paid_tx_id, tx)
        self.assertEqual(tx.payment_id.amount, order.amount_total)
        self.assertEqual(order.training_registration_ids.prepaid_state, "pending")

    def test_cart_changed_during_the_payment(self):
        """R3: what was paid for is what is confirmed; else the money goes back."""
        order = self._buy(learners=1)
        tx = self._start_payment(order)
        order._set_training_purchase(
            self.session, "company", self.buyer, self._learners(2)
        )
        self._capture(tx)
        self.assertEqual(order.state, "draft")
        self._check_given_back(order, tx, "changed")

    def test_other_session_at_the_same_price(self):
        """R3: the same amount does not buy another session."""
        other = self._create_session(name="Autre session")
        order = self._buy(learners=1)
        tx = self._start_payment(order)
        order._set_training_purchase(other, "company", self.buyer, self._learners(1))
        self._capture(tx)
        self._check_given_back(order, tx, "changed")

    def test_confirmed_by_staff_during_the_payment(self):
        """A15, R3: staff sold the cart by hand meanwhile: that sale stands without
        this money, which goes back instead of being kept for nothing."""
        order = self._buy(learners=1)
        tx = self._start_payment(order)
        order.action_confirm()
        self._capture(tx)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.training_registration_ids.state, "open")
        self.assertFalse(order.training_registration_ids.prepaid_state)
        self._check_given_back(order, tx, "changed")

    def test_second_payment_of_one_order(self):
        """R2: the second capture of an order is refunded, the first one stands."""
        order = self._buy()
        first, second = self._start_payment(order), self._start_payment(order)
        self._capture(first)
        self._capture(second)
        self.assertEqual(order.training_paid_tx_id, first)
        self._check_given_back(order, second, "already_paid")
        self.assertEqual(len(order.training_registration_ids), 2)

    def test_session_cancelled_during_the_payment(self):
        """A15: a session cancelled while it is being paid gives the money back."""
        order = self._buy()
        tx = self._start_payment(order)
        self.session.kanban_state = "cancel"
        self._capture(tx)
        self._check_given_back(order, tx, "cancelled")

    def test_processing_again_refunds_once(self):
        """A15: the same refused payment processed twice is refunded once."""
        order = self._buy()
        self._start_payment(order)
        tx = self._start_payment(order)
        self.session.kanban_state = "cancel"
        self._capture(tx)
        tx._post_process()
        self._check_given_back(order, tx, "cancelled")
