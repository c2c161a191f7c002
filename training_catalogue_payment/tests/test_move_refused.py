# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a move to another session refuses, what it only says, who may do it."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .move_common import MoveCommon


@tagged("standard", "post_install", "-at_install")
class TestMoveRefused(MoveCommon):
    def _check_refused(self, order, target, words):
        wizard = self._wizard(order._get_active_learners(), target)
        self.assertTrue(wizard.is_refused)
        self.assertIn(words, wizard.preview)
        with self.assertRaisesRegex(UserError, words):
            wizard.action_move()
        self.assertEqual(order._get_active_learners().event_id, self.session)

    def _check_warned(self, order, target, words):
        wizard = self._wizard(order._get_active_learners(), target)
        self.assertFalse(wizard.is_refused)
        self.assertIn(words, wizard.preview)
        wizard.action_move()
        self.env.cr.flush()
        self.assertEqual(order._get_active_learners().event_id, target)

    def test_cancelled(self):
        """A22: a cancelled session is refused."""
        target = self._target()
        target.kanban_state = "cancel"
        self._check_refused(self._sold(), target, "is cancelled")

    def test_full_and_raised(self):
        """A22: a full session is refused; an event user may raise its seats."""
        order = self._sold()
        target = self._target(seats_limited=True, seats_max=1)
        self._check_refused(order, target, "1 seats left for 2")
        wizard = self._wizard(order._get_active_learners(), target, raise_seats=True)
        self.assertTrue(wizard.may_raise_seats)
        self.assertFalse(wizard.is_refused)
        wizard.action_move()
        self.env.cr.flush()
        self.assertEqual(target.seats_max, 2)
        self._check_waiting_in(target, order, 2)

    def test_salespeople_do_not_raise_seats(self):
        """A22: raising seats is planning: not offered to salespeople, nor done."""
        salesman = self._create_role(
            "move_salesman", "sales_team.group_sale_salesman_all_leads"
        )
        order = self._sold()
        target = self._target(seats_limited=True, seats_max=1)
        action = order.opportunity_id.with_user(salesman).action_move_prepaid()
        wizard = self.env[action["res_model"]].with_user(salesman)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"session_id": target.id, "raise_seats": True})
        self.assertFalse(wizard.may_raise_seats)
        self.assertTrue(wizard.is_refused)
        with self.assertRaises(AccessError):
            wizard.action_move()

    def test_individual_in_professional_training(self):
        """A22, A9: an individual is not assigned to a session for companies only."""
        leisure = self._target(500, taxable=True)
        order = self._sold(
            session=leisure,
            learners=1,
            kind="individual",
            contact=self._create_individual(),
        )
        wizard = self._wizard(order._get_active_learners(), self.session)
        with self.assertRaisesRegex(UserError, "sold to companies only"):
            wizard.action_move()
        self.assertIn("sold to companies only", wizard.preview)

    def test_other_company(self):
        """A22: a session of another organisation is refused."""
        other = self.env["res.company"].create({"name": "Other"})
        order, target = self._sold(), self._target()
        target.programme_id.company_id = False
        target.company_id = other
        plan = order._plan_training_move(order._get_active_learners(), target)
        self.assertIn("other_company", plan.verdict.refusals)
        with self.assertRaisesRegex(UserError, "another company"):
            order._move_training(order._get_active_learners(), target)

    def test_same_session_and_nobody(self):
        """A22: the session they are in is refused, and a move of nobody."""
        order = self._sold()
        with self.assertRaisesRegex(UserError, "already in this session"):
            order._move_training(order._get_active_learners(), self.session)
        wizard = self._wizard(order._get_active_learners(), self._target())
        wizard.line_ids.is_moved = False
        with self.assertRaises(UserError):
            wizard.action_move()
        order.training_registration_ids._cancel_prepaid()
        with self.assertRaises(UserError):
            order.opportunity_id.action_move_prepaid()

    def test_warnings(self):
        """A22: not published, intra, subcontracted, started: told, and done."""
        now = fields.Datetime.now()
        draft = self._create_programme(name="Brouillon", is_published=False)
        cases = (
            (self._create_session(draft), "not published"),
            (self._target(session_kind="intra"), "in-company"),
            (self._target(is_subcontracted=True), "subcontractor"),
            (
                self._target(date_begin=fields.Datetime.subtract(now, days=3)),
                "already started",
            ),
        )
        for target, words in cases:
            with self.subTest(words):
                self._check_warned(self._sold(learners=1), target, words)

    def test_no_price(self):
        """A22: a session without a price is entered at the price that was paid."""
        free = self._create_programme(name="Sans prix", list_price=0)
        order, target = self._sold(), self._create_session(free)
        self._check_warned(order, target, "keep what they paid")
        self.assertEqual(order.amount_total, 1200)
        self.assertEqual(self._documents(order), [("INV", "draft", 1200, 0)])

    def test_not_by_hand(self):
        """A22: the session of a paid learner is not changed beside its order."""
        learner = self._sold().training_registration_ids[0]
        target = self._target()
        values = {
            "event_id": target.id,
            "event_ticket_id": target.training_ticket_id.id,
        }
        with self.assertRaisesRegex(UserError, "Assign to another session"):
            learner.with_user(self.manager).write(values)
        learner.with_user(self.manager).write({"event_id": self.session.id})


@tagged("standard", "post_install", "-at_install")
class TestMoveAccess(MoveCommon):
    def test_each_role(self):
        """A22: event users and salespeople move, from every place they work in."""
        for name, group, place in (
            ("event", "event.group_event_user", "training_request_id"),
            ("desk", "event.group_event_user", "training_registration_ids"),
            ("session", "event.group_event_user", "training_session_id"),
            ("sale", "sales_team.group_sale_salesman_all_leads", "opportunity_id"),
        ):
            with self.subTest(name):
                user = self._create_role(f"move_{name}", group)
                order, target = self._sold(learners=1), self._target(500)
                action = order[place].with_user(user).action_move_prepaid()
                wizard = self.env[action["res_model"]].with_user(user)
                wizard = wizard.browse(action["res_id"])
                wizard.line_ids.filtered(
                    lambda line, order=order: (
                        line.registration_id.sudo().sale_order_id != order
                    )
                ).is_moved = False
                wizard.session_id = target
                self.assertIn("Session d'automne".replace("'", "&#39;"), wizard.preview)
                wizard.action_move()
                self._do_accepted()
                self._check_waiting_in(target, order, 1)
                record = order.training_move_ids
                record.with_user(user).read(["state", "order_id", "learner_count"])

    def test_others_do_not(self):
        """A22: accountants read, portal users and strangers see nothing."""
        order = self._sold()
        record = self._move(order, self._target(700))
        accountant = self._create_role(
            "move_accountant", "account.group_account_invoice"
        )
        self.assertEqual(record.with_user(accountant).state, "waiting")
        portal = self._create_role("move_portal", "base.group_portal")
        employee = self._create_role("move_employee", "base.group_user")
        for user in (accountant, portal, employee):
            for method in (
                "action_abandon",
                "action_undo",
                "action_extend",
                "action_retry",
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(record.with_user(user), method)()
            with self.assertRaises(AccessError):
                order.training_registration_ids.with_user(user).action_move_prepaid()
            with self.assertRaises(AccessError):
                self.env["training.move.wizard"].with_user(user).create({})
        for user in (portal, employee):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["state"])
        with self.assertRaises(AccessError):
            record.with_user(self.manager).write({"state": "done"})

    def test_other_company_sees_nothing(self):
        """A22: the moves of one company are not shown to another's staff."""
        record = self._move(self._sold(), self._target())
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_role("move_stranger", "event.group_event_user")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        visible = self.env["training.move"].with_user(stranger)
        visible = visible.with_context(allowed_company_ids=other.ids)
        self.assertNotIn(record, visible.search([]))

    def test_one_uses_ones_own_wizard(self):
        """A22: nobody presses the button of another person's wizard."""
        wizard = self._wizard(self._sold()._get_active_learners(), self._target())
        other = self._create_role("move_other", "event.group_event_user")
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_move()


@tagged("standard", "post_install", "-at_install")
class TestMoveUndoAndMails(MoveCommon):
    def test_undo(self):
        """A22: while nothing was numbered a move is undone, at the price paid."""
        order, target = self._sold(), self._target()
        record = self._move(order, target)
        self.session.session_price = 900
        self.assertTrue(record.is_undoable)
        record.with_user(self.manager).action_undo()
        self.env.cr.flush()
        self.assertEqual(record.state, "undone")
        self._check_waiting_in(self.session, order, 2)
        self.assertEqual(self._documents(order), [("INV", "draft", 1200, 0)])
        self.assertEqual(order.amount_total, 1200)

    def test_undo_is_refused_once_numbered(self):
        """A22: a numbered document stands: the move is made again, not undone."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold(numbered=numbered)
                record = self._move(order, self._target())
                order.invoice_ids.filtered(lambda m: m.state == "draft").action_post()
                self.env.invalidate_all()
                self.assertFalse(record.is_undoable)
                with self.assertRaises(UserError):
                    record.with_user(self.manager).action_undo()

    def test_mails(self):
        """A22: one mail to the buyer in their language, one to the organisation."""
        mails = self.env["mail.mail"].search([])
        order, target = self._sold(), self._target()
        mails = self.env["mail.mail"].search([])
        self._move(order, target)
        new = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(new), 2)
        buyer = new.filtered(lambda mail: self.buyer in mail.recipient_ids)
        self.assertEqual(len(buyer), 1)
        self.assertIn(target._get_catalogue_dates(), buyer.body_html)

    def test_mail_of_the_complement(self):
        """A22: the link to pay is in the one mail that asks for the complement."""
        order, target = self._sold(), self._target(700)
        mails = self.env["mail.mail"].search([])
        self._move(order, target)
        new = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(new), 1)
        self.assertIn("/my/invoices/", new.body_html)

    def test_history(self):
        """A22: the threads of order, opportunity and request tell the move."""
        order, target = self._sold(), self._target()
        self._move(order, target)
        for record in (order, order.opportunity_id, order.training_request_id):
            self.assertIn(target.name, record.message_ids[0].body)
            self.assertTrue(record.message_ids[0].subtype_id.internal)
