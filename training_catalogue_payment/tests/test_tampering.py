# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff may not do to a paid purchase by calling Odoo directly."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestTampering(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_user = cls._create_role("event", "event.group_event_user")
        cls.seller = cls._create_role(
            "seller",
            "event.group_event_manager",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
        )

    def _assert_refused(self, records, user, attempts):
        for vals in attempts:
            with self.subTest(vals), self.assertRaises(UserError):
                records.with_user(user).write(vals)

    def _request_of(self, order):
        return self.env["training.request"].search([("order_id", "=", order.id)])

    # Learners

    def test_paid_learner_is_neither_archived_nor_enrolled_by_hand(self):
        """A20, A24: no seat freed without trace, nobody enrolled without validation."""
        learners = self._purchase().training_registration_ids
        attempts = (
            {"active": False},
            {"state": "open"},
            {"state": "done"},
            {"training_request_id": False},
        )
        for user in (self.event_user, self.seller):
            self._assert_refused(learners, user, attempts)
        with self.assertRaises(AccessError):
            learners.with_user(self.event_user).action_archive()
        with self.assertRaises(AccessError):
            learners.with_user(self.event_user).action_set_done()
        self.assertEqual(learners.mapped("state"), ["draft", "draft"])
        self.assertEqual(set(learners.mapped("active")), {True})

    def test_validated_learner_attends_and_may_be_cancelled(self):
        """A20, A23: validation, attendance and cancellation stay open to staff."""
        learners = self._purchase().training_registration_ids
        first, second = learners.with_user(self.event_user)
        first.action_confirm()
        first.action_set_done()
        self.assertEqual((first.prepaid_state, first.state), ("validated", "done"))
        second.action_cancel()
        self.assertEqual(second.prepaid_state, "cancelled")

    def test_cancelled_learner_takes_no_seat_back(self):
        """A23, A24: a seat whose money may be gone is not taken back by a write."""
        learner = self._purchase(learners=1).training_registration_ids
        learner.with_user(self.event_user).action_cancel()
        self._assert_refused(
            learner,
            self.event_user,
            ({"state": "draft"}, {"state": "open"}, {"state": "done"}),
        )
        self.assertEqual(learner.state, "cancel")

    def test_nobody_joins_a_paid_order(self):
        """A24: a learner who was not paid for enters no paid order, by any door."""
        order = self._purchase()
        line = order.order_line
        vals = {"event_id": self.session.id, "name": "Stray"}
        stray = self.env["event.registration"].create(vals)
        for user in (self.event_user, self.seller):
            links = ({"sale_order_id": order.id}, {"sale_order_line_id": line.id})
            self._assert_refused(stray, user, links)
            for link in links:
                with self.subTest(link), self.assertRaises(AccessError):
                    stray.with_user(user).create({**vals, **link})
        with self.assertRaises(AccessError):
            order.with_user(self.seller).write(
                {"training_registration_ids": [Command.create(vals)]}
            )
        self.assertEqual(len(order._get_active_learners()), 2)
        # Without an order, staff enrol whom they like.
        self.assertTrue(stray.with_user(self.event_user).create(vals))

    # Requests

    def test_request_of_a_purchase_is_not_rewritten(self):
        """A19, A24: its status, customer, session and learners follow the payment."""
        order = self._purchase()
        request = self._request_of(order)
        stranger = self._create_individual()
        learner = self.env["event.registration"].create({"event_id": self.session.id})
        attempts = (
            {"state": "accepted"},
            {"lead_id": False},
            {"registration_ids": [Command.clear()]},
            {"registration_ids": [Command.link(learner.id)]},
            {"partner_id": stranger.id},
            {"company_id": False},
            {"programme_id": False},
            {"prepaid_status": "lost"},
        )
        for user in (self.event_user, self.seller):
            self._assert_refused(request, user, attempts)
            self._assert_refused(learner, user, ({"training_request_id": request.id},))
        self._assert_refused(
            order.opportunity_id,
            self.seller,
            (
                {"training_request_ids": [Command.clear()]},
                {"prepaid_session_id": False},
            ),
        )
        self.assertEqual(request.partner_id, self.buyer)
        self.assertEqual(request.registration_ids, order.training_registration_ids)

    def test_staff_still_treat_requests(self):
        """A19: taking charge of a purchase, and any change of an unpaid request."""
        request = self._request_of(self._purchase()).with_user(self.event_user)
        request.action_start()
        self.assertEqual(request.state, "progress")
        request.write({"user_id": self.event_user.id, "email": "new@example.com"})
        asked = self.env["training.request"].create(
            {"name": "Asked", "session_id": self.session.id, "email": "a@example.com"}
        )
        asked.with_user(self.event_user).write(
            {"partner_id": self._create_individual().id, "state": "progress"}
        )
        self.assertEqual(asked.state, "progress")

    # Orders

    def test_facts_of_the_withdrawal_stay(self):
        """A28: nobody moves the deadline, the buyer or what the buyer is."""
        self.session.is_out_of_bpf = True
        contact = self._create_individual()
        order = self._purchase(learners=1, kind="individual", contact=contact)
        other = self._purchase()
        self._assert_refused(
            order,
            self.seller,
            (
                {"date_order": "2020-01-01 10:00:00"},
                {"partner_id": self.buyer.id},
                {"training_session_id": False},
                {"training_origin_order_id": other.id},
                {"training_buyer_mail_date": False},
                {"training_notice_mail_date": False},
                {"amount_total": 1},
            ),
        )
        self.assertTrue(order._can_withdraw())
        contact.with_user(self.seller).is_company = True
        self.assertTrue(order._is_consumer_purchase())
        self.assertTrue(order._can_withdraw())

    def test_line_of_a_paid_order_stays(self):
        """A7, A24: price, quantity, tax and session of what was paid are settled."""
        order = self._purchase()
        total = order.amount_total
        line = order.order_line
        other = self.env["product.product"].create({"name": "Other"})
        attempts = (
            {"price_unit": 1},
            {"product_uom_qty": 5},
            {"discount": 50},
            {"event_id": False},
            {"product_id": other.id},
            {"tax_ids": [Command.clear()]},
            {"price_total": 1},
        )
        self._assert_refused(line, self.seller, attempts)
        self._assert_refused(
            order,
            self.seller,
            (
                {"order_line": [Command.update(line.id, {"price_unit": 1})]},
                {"order_line": [Command.create({"product_id": other.id})]},
            ),
        )
        self.assertEqual(order.amount_total, total)
        # A text changes no amount, and another order is a salesperson's own.
        order.with_user(self.seller).write(
            {
                "order_line": [
                    Command.create({"display_type": "line_note", "name": "Hi"})
                ]
            }
        )
        cart = self._buy()
        cart.order_line.with_user(self.seller).price_unit = 10
        self.assertEqual(cart.order_line.price_unit, 10)

    # Sessions

    def test_paid_session_keeps_its_organisation(self):
        """A24: a session that was paid for is not handed to another company."""
        other = self.env["res.company"].create({"name": "Other"})
        self.seller.company_ids |= other
        self.programme.company_id = False
        free = self._create_session()
        free.with_user(self.seller).company_id = other
        self._purchase()
        self._assert_refused(
            self.session, self.seller, ({"company_id": other.id}, {"company_id": False})
        )
        self.session.with_user(self.seller).write(
            {"company_id": self.company.id, "name": "Renamed"}
        )
        self.assertEqual(self.session.company_id, self.company)
