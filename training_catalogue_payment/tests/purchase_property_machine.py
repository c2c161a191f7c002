# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps of the purchases' property test, and what is always so. No test itself."""

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from odoo.exceptions import UserError

from .purchase_property_model import PENDING

MOST_PURCHASES = 3


class PurchaseMachine(RuleBasedStateMachine):
    """The life of purchases. A kind of step to come is one more ``rule``."""

    test = None
    #: What was bought before every sequence.
    before = None

    def __init__(self):
        super().__init__()
        self.model = self.before.clone()
        self.numbered = {}
        self.failed = []
        self.savepoint = self.test.env.cr.savepoint()

    def teardown(self):
        self.test.env.flush_all()
        self.savepoint.close(rollback=True)
        self.test.env.invalidate_all()
        self.test.forget()

    # What the steps share

    def find(self, condition=lambda one: True):
        found = self.model.purchases.items()
        return [order for order, one in found if condition(one)]

    def choose(self, data, condition):
        order = data.draw(st.sampled_from(self.find(condition)))
        return order, self.model.purchases[order]

    def choose_learners(self, data, learners):
        """Return some of these learners, all of them half of the times."""
        count = data.draw(st.integers(1, 2 * len(learners)))
        return self.test.learners_of(learners[:count])

    def is_refused(self, call, *args):
        """Whether a deed is refused; nothing of it is left then."""
        try:
            with self.test.env.cr.savepoint():
                call(*args)
                self.test.env.flush_all()
        except UserError:
            self.test.env.invalidate_all()
            return True
        return False

    @staticmethod
    def is_alive(one):
        return bool(one.active)

    @staticmethod
    def is_waiting(one):
        return one.waiting is not None

    # Purchases

    @precondition(lambda self: len(self.model.purchases) < MOST_PURCHASES)
    @rule(data=st.data())
    def purchase(self, data):
        is_person = data.draw(st.booleans())
        sessions = self.model.sessions.items()
        names = [name for name, one in sessions if one.vat or not is_person]
        session = data.draw(st.sampled_from(names))
        count = 1 if is_person else data.draw(st.integers(1, 3))
        if not self.model.has_room(session, count):
            start = (self.test.start, session, count, is_person)
            self.test.assertTrue(self.is_refused(*start), session)
            return
        order = self.test.purchase(session, count, is_person)
        learners = order.training_registration_ids
        self.model.buy(order, session, learners, is_person)

    @precondition(lambda self: self.find(self.has_pending))
    @rule(data=st.data())
    def validate(self, data):
        order, one = self.choose(data, self.has_pending)
        pending = [who for who, state in one.learners.items() if state == PENDING]
        learners = self.choose_learners(data, pending)
        learners.action_validate_prepaid()
        self.model.validate(order, learners)

    @staticmethod
    def has_pending(one):
        return PENDING in one.learners.values()

    @precondition(lambda self: self.model.purchases)
    @rule(data=st.data())
    def number(self, data):
        """An accountant gives the drafts their numbers."""
        order, _one = self.choose(data, lambda one: True)
        documents = order._get_training_documents()
        documents.filtered(lambda move: move.state == "draft").action_post()

    # Moves

    @precondition(lambda self: self.find(self.is_alive))
    @rule(data=st.data())
    def move(self, data):
        order, one = self.choose(data, self.is_alive)
        session = data.draw(st.sampled_from(sorted(self.model.sessions)))
        learners = self.choose_learners(data, one.active)
        refused = self.model.is_refused(order, session, learners)
        target = self.test.sessions[session]
        call = (order._move_training, learners, target)
        self.test.assertEqual(self.is_refused(*call), refused, session)
        if refused:
            return
        self.test.finish_moves()
        before = self.model.owed_of(one.money)
        self.model.move(order, session, learners)
        one.money.asked += self.model.owed_of(one.money) - before

    @precondition(lambda self: self.find(self.is_waiting))
    @rule(data=st.data())
    def pay_complement(self, data):
        order, _one = self.choose(data, self.is_waiting)
        move = order._get_move_under_way()
        self.test.pay_complement(move)
        self.test.assertEqual(move.state, "done", move.error_message)
        self.model.pay_complement(order)

    @precondition(lambda self: self.find(self.is_waiting))
    @rule(data=st.data())
    def abandon(self, data):
        order, _one = self.choose(data, self.is_waiting)
        order._get_move_under_way().action_abandon()
        self.model.abandon(order)

    # Cancellations

    @precondition(lambda self: self.find(self.is_alive))
    @rule(data=st.data(), how=st.sampled_from(("whole", "whole", "part", "nothing")))
    def cancel(self, data, how):
        order, one = self.choose(data, self.is_alive)
        learners = self.choose_learners(data, one.active)
        price = self.model.count_places_price(order, learners)
        minor, kept = 0, 0
        if how == "whole" and price:
            minor = price
            kept = data.draw(st.sampled_from((0, 0, minor // 3, minor)))
        elif how == "part" and one.net:
            minor = data.draw(st.integers(1, one.net))
        self.test.cancel(order, learners, minor, kept)
        self.model.cancel(order, learners, minor, kept)

    @precondition(lambda self: self.find(self.can_withdraw))
    @rule(data=st.data())
    def withdraw(self, data):
        order, one = self.choose(data, self.can_withdraw)
        self.test.withdraw(order)
        self.model.withdraw(order)
        money = one.money
        self.failed = [it for it in self.failed if self.money_of(it) is not money]

    @staticmethod
    def can_withdraw(one):
        return one.is_person and bool(one.active)

    # What Stripe and the bank do

    @precondition(lambda self: self.model.sum("asked"))
    @rule(answer=st.sampled_from(("succeeded", "succeeded", "pending", "refused")))
    def send(self, answer):
        """The outbox is sent: refunds that were pending are done by now."""
        done, failed = self.test.send(answer)
        for operation in done | failed:
            self.money_of(operation).asked -= operation.amount_minor
        for operation in done:
            self.money_of(operation).given += operation.amount_minor
        self.failed += list(failed)

    @precondition(lambda self: self.test.find_refunds())
    @rule(data=st.data())
    def send_back(self, data):
        """The buyer's bank returns a refund."""
        operation = data.draw(st.sampled_from(self.test.find_refunds()))
        self.test.send_back(operation)
        self.money_of(operation).given -= operation.amount_minor
        self.failed.append(operation)

    @precondition(lambda self: self.failed)
    @rule(data=st.data())
    def try_again(self, data):
        """An accountant asks again for what failed."""
        operation = data.draw(st.sampled_from(self.failed))
        self.failed.remove(operation)
        operation._open_new_attempt()
        self.money_of(operation).asked += operation.amount_minor

    def money_of(self, operation):
        order = operation._get_credit_note().training_order_id
        return self.model.purchases[order].money

    # What is always so

    @invariant()
    def money_is_right(self):
        """Stripe, the books and the model agree, and nobody is owed for nothing."""
        model, test = self.model, self.test
        test.finish_moves()
        balances = test._balances()
        cash = model.sum("paid") - model.sum("given")
        test.assertEqual(test.money_at_stripe(), cash)
        test.assertEqual(test.minor(balances.get("512")), cash)
        documents = test.documents_of(model.purchases)
        posted = documents.filtered(lambda one: one.state == "posted")
        owed_to_us = test.minor(sum(posted.mapped("amount_total_signed"))) - cash
        test.assertEqual(test.minor(balances.get("411")), owed_to_us)
        test.assertFalse(sum(round(100 * one) for one in balances.values()))

    @invariant()
    def documents_are_right(self):
        model, test = self.model, self.test
        for money in model.moneys:
            orders = self.find(lambda one, money=money: one.money is money)
            owed, waiting = model.owed_of(money), 0
            for order in orders:
                one = model.purchases[order]
                complement = one.waiting.complement if one.waiting else 0
                test.check_net(order, one.net, complement)
                waiting += complement
            test.check_open(orders, owed, waiting)
            test.assertLessEqual(money.asked, owed)

    @invariant()
    def numbered_documents_stay(self):
        """No document changes once it has a number."""
        found = self.test.describe_numbered(self.model.purchases)
        for document, words in self.numbered.items():
            self.test.assertEqual(found[document], words)
        self.numbered = found

    @invariant()
    def seats_are_right(self):
        seats = self.model.count_seats()
        for name, session in self.test.sessions.items():
            counter = self.test.count_seats(session)
            self.test.assertEqual(counter, (seats[name], seats[name]), name)
        for order, one in self.model.purchases.items():
            session = self.test.sessions[one.session]
            learners = order.training_registration_ids
            states = {learner: learner.prepaid_state for learner in learners}
            self.test.assertEqual(states, one.learners)
            # Who was cancelled stays in the session that was left.
            active = learners.filtered(lambda learner: learner.state != "cancel")
            self.test.assertIn(active.event_id, (session, session.browse()))
