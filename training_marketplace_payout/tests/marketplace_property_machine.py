# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps of the property test, and what is always so. Holds no test itself."""

import copy
from collections import Counter
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from .mangopay_common import SENDER_JOB
from .marketplace_property_model import Model, Sale
from .payout_common import PAYOUT_JOB
from .settlement_common import SETTLE_JOB

#: Next month: what is late by the database's own clock is not looked for.
START = (datetime.now().replace(day=1) + timedelta(days=32)).replace(
    day=4, hour=8, minute=0, second=0, microsecond=0
)
MOST_SALES = 3
DAY = timedelta(days=1)


class MarketplaceMachine(RuleBasedStateMachine):
    """The life of a seller's sales. A kind of step to come is one more ``rule``."""

    test = None
    #: The sequence that every other one goes on with, if any.
    before = None

    def __init__(self):
        super().__init__()
        self.model = self.before.model.clone() if self.before else Model()
        self.settled = self.before and self.before.settled
        self.objects = copy.deepcopy(self.test.double.objects)
        self.savepoint = self.test.env.cr.savepoint()
        self.move_to(self.before.now if self.before else START)

    def teardown(self):
        self.test.env.flush_all()
        self.savepoint.close(rollback=True)
        self.test.env.invalidate_all()
        self.test.double.objects.clear()
        self.test.double.objects.update(self.objects)
        self.test.double.faults.clear()

    # What the steps share

    def move_to(self, moment):
        self.now = moment
        self.test.clock.move_to(moment)

    @property
    def month(self):
        return (self.now.year, self.now.month)

    def choose(self, data, condition):
        """Return one of the sales that a condition wants."""
        return data.draw(st.sampled_from(self.find(condition)))

    def find(self, condition):
        return [sale for sale, one in self.model.sales.items() if condition(one)]

    def find_payouts(self, *states):
        found = self.model.payouts.items()
        return [payout for payout, one in found if one.state in states]

    def find_topups(self):
        topups = self.test.env["marketplace.topup"]
        return topups.search([("is_open", "=", True)], order="id")

    def count_on(self, topups):
        """Return what of the wallet refunds count on."""
        return sum(round(100 * (one.amount_needed - one.amount)) for one in topups)

    # Sales

    def begin(self):
        """Have a seller who was paid out."""
        self.purchase(False)
        self.transfer()
        self.pay("taken")

    @precondition(lambda self: len(self.model.sales) < MOST_SALES)
    @rule(is_held=st.booleans())
    def purchase(self, is_held):
        sale = self.test.purchase(is_held)
        state = "held" if is_held else "confirmed"
        minor = sale._to_minor(sale.amount_total)
        self.model.sales[sale] = Sale(minor, state, self.month)

    @precondition(lambda self: self.find(lambda one: one.state == "held"))
    @rule(data=st.data())
    def release(self, data):
        sale = self.choose(data, lambda one: one.state == "held")
        self.test.assertTrue(sale._release())
        one = self.model.sales[sale]
        one.state, one.month = "confirmed", self.month

    @precondition(lambda self: self.find(lambda one: one.state == "held"))
    @rule(data=st.data())
    def abandon(self, data):
        sale = self.choose(data, lambda one: one.state == "held")
        self.test.assertTrue(sale._abandon("buyer"))
        one = self.model.sales[sale]
        one.give_back(one.left)
        one.state = "abandoned"

    @precondition(lambda self: self.find(lambda one: one.state == "confirmed"))
    @rule()
    def transfer(self):
        self.test.finish()
        self.test.transfer(*self.find(lambda one: one.state == "confirmed"))
        self.model.transfer()

    # Learners

    @precondition(lambda self: self.find(self.is_pending))
    @rule(data=st.data(), count=st.integers(1, 2))
    def validate(self, data, count):
        """Staff enrol one learner, or both."""
        sale = self.choose(data, self.is_pending)
        pending = self.test.learners(sale, "pending")[:count]
        pending.action_validate_prepaid()
        self.model.sales[sale].validated += len(pending)

    @staticmethod
    def is_pending(one):
        return one.state == "confirmed" and one.validated < 2

    @precondition(lambda self: self.model.sales)
    @rule(data=st.data())
    def reassign(self, data):
        """Staff assign both to the other session, at the same price."""
        sale = self.choose(data, lambda one: True)
        one = self.model.sales[sale]
        self.test.assertEqual(self.test.reassign(sale, not one.is_moved), one.can_move)
        if one.can_move:
            one.is_moved, one.validated = not one.is_moved, 0

    # Refunds, before and after a payout

    @staticmethod
    def can_refund(one):
        return one.state == "confirmed" and one.left > 0 and not one.is_refused

    @precondition(lambda self: self.find(self.can_refund))
    @rule(data=st.data(), is_whole=st.booleans())
    def refund(self, data, is_whole):
        sale = self.choose(data, self.can_refund)
        one = self.model.sales[sale]
        minor = one.left if is_whole else data.draw(st.integers(1, one.left))
        # Equal refunds are a day apart.
        self.move_to(self.now + DAY * 2)
        refund = sale.tx_id._refund_marketplace(sale._to_major(minor))
        one.waiting[refund] = minor

    @precondition(lambda self: self.find_topups())
    @rule(data=st.data())
    def fund(self, data):
        """The operator's bank transfer arrives."""
        topups = self.find_topups().filtered("amount")
        if not topups:
            return
        topup = data.draw(st.sampled_from(list(topups)))
        minor = round(100 * topup.amount)
        self.test.receive_wire(topup, minor)
        self.model.topups += minor
        self.model.debit += minor
        self.model.wallet += minor

    # Disputes

    @precondition(lambda self: self.find(self.can_contest))
    @rule(data=st.data(), is_whole=st.booleans())
    def contest(self, data, is_whole):
        sale = self.choose(data, self.can_contest)
        one = self.model.sales[sale]
        minor = one.paid if is_whole else data.draw(st.integers(1, one.paid))
        self.model.contest(sale, self.test.dispute(sale, minor), minor)

    @staticmethod
    def can_contest(one):
        return one.state == "confirmed" and one.dispute is None

    @precondition(lambda self: self.find(lambda one: one.is_open))
    @rule(data=st.data(), is_won=st.booleans())
    def decide(self, data, is_won):
        """The bank decides on a dispute."""
        sale = self.choose(data, lambda one: one.is_open)
        made = self.model.sales[sale].dispute
        self.move_to(self.now + DAY * 2)
        others = self.find_topups().filtered(lambda one: one.sale_id != sale)
        free = self.model.wallet - self.count_on(others)
        self.test.close(made, "WON" if is_won else "LOST")
        if is_won:
            self.model.win(sale)
        else:
            self.model.lose(sale, free)

    # Settling and paying

    @rule()
    def settle(self):
        """The 1st of the next month comes."""
        first = (self.now.replace(day=1) + DAY * 32).replace(day=1)
        self.move_to(first)
        self.test.run_jobs(SETTLE_JOB)
        self.model.settle(self.month)
        self.settled = self.month

    @rule(outcome=st.sampled_from(("taken", "taken", "asked", "refused")))
    def pay(self, outcome):
        """The next 15th comes, or the next day after it: whom can be is paid."""
        if self.settled != self.month:
            self.settle()
        self.move_to(max(self.now + DAY, self.now.replace(day=15)))
        if self.settled != self.month:
            return
        self.test.make_payable()
        self.model.transfer(self.month)
        if outcome == "refused":
            self.test.fail_next("payouts/bankwire", "121001")
        before = self.test.last_payout()
        for _look in range(2):
            self.test.look_again()
            self.test.run_jobs(PAYOUT_JOB)
            self.test.run_jobs(SENDER_JOB)
        payout = self.test.last_payout() - before
        self.test.double.faults.clear()
        self.learn_refunds()
        self.check_payout(payout)
        if payout and outcome == "refused":
            self.model.fail(payout)
        elif payout and outcome == "taken":
            self.take(payout)

    def check_payout(self, payout):
        """Compare a payout with what the model counts."""
        last = self.model.payouts.get(self.model.line.get(self.month))
        is_free = last is None or last.state not in ("asked", "done")
        amounts = self.model.count_payout(self.month)
        if self.model.asked or not is_free or not amounts[0]:
            self.test.assertFalse(payout, amounts)
            return
        kinds = dict.fromkeys(("commission", "debt"), 0)
        for fee in payout.fee_ids:
            kinds[fee.kind] += payout._minor(fee.amount)
        found = (payout._minor(payout.amount or 0), *kinds.values())
        self.test.assertEqual(found, amounts)
        self.model.pay(payout, self.month, amounts)

    def take(self, payout):
        self.test.succeed(payout)
        self.model.succeed(payout)

    @precondition(lambda self: self.find_payouts("asked"))
    @rule(is_taken=st.booleans())
    def answer(self, is_taken):
        """The bank takes a payout days later, or refuses it."""
        [payout] = self.find_payouts("asked")
        if is_taken:
            self.take(payout)
        else:
            self.test.refuse(payout)
            self.model.fail(payout)

    @precondition(lambda self: self.find_payouts("done"))
    @rule(data=st.data(), with_fees=st.booleans())
    def send_back(self, data, with_fees):
        """The bank returns a payout, whatever was paid since."""
        payout = data.draw(st.sampled_from(self.find_payouts("done")))
        one = self.model.payouts[payout]
        self.test.send_back(payout, one.due + one.debit if with_fees else 0)
        self.model.send_back(payout, with_fees)

    @rule()
    def nothing(self):
        """The jobs run once more: what is done stays as it is."""

    # What is always so

    def learn_refunds(self):
        """Learn which refunds were made: those whose money was there."""
        self.test.finish()
        for one in self.model.sales.values():
            for refund in [tx for tx in one.waiting if tx.state == "done"]:
                self.model.wallet -= one.give_back(one.waiting.pop(refund))
        self.test.assertGreaterEqual(self.model.wallet, 0)

    @invariant()
    def books_are_right(self):
        self.learn_refunds()
        model, test = self.model, self.test
        test.assertBooks({role: b / 100 for role, b in model.balances().items()})
        test.assertEqual(test.balance_of("411100"), model.due / 100)
        test.assertEqual(test.bank.balance(), model.wallet)
        wallet = (model.wallet + model.asked) / 100
        test.assertEqual(test.wallet_of(test.seller), wallet)
        for sale, one in model.sales.items():
            test.assertEqual(sale.state, one.state)
            test.assertEqual(sale._to_minor(sale.amount_refunded), one.refunded)
            charged = sale._to_minor(sale.amount_charged_back)
            test.assertEqual(charged, one.charged)
        paid = model.sum("paid") - model.sum("refunded")
        test.assertEqual(test.money_at_mangopay(), paid)

    @invariant()
    def learners_are_right(self):
        """Everybody is where the sale is, and the seller's documents say so."""
        seats = Counter()
        for sale, one in self.model.sales.items():
            pending = {"held": "held", "abandoned": "cancelled"}.get(one.state)
            pending = pending or "pending"
            states = ["validated"] * one.validated + [pending] * (2 - one.validated)
            self.test.check_sale(sale, one, states)
            seats[one.is_moved] += 2 * (one.state != "abandoned")
        self.test.assertEqual(self.test.seats(), [seats[False], seats[True]])

    @invariant()
    def refunds_do_not_wait_for_nothing(self):
        """What is in the wallet is for whoever counts on it; what is not is asked of
        the operator; what can leave has left."""
        topups = self.find_topups()
        waiting = [tx for one in self.model.sales.values() for tx in one.waiting]
        self.test.assertEqual(topups.refund_id.ids, sorted(tx.id for tx in waiting))
        self.test.assertLessEqual(self.count_on(topups), self.model.wallet)
        for topup in topups:
            # What is disputed is not refunded before the bank has decided.
            if not self.model.sales[topup.sale_id].is_open:
                self.test.assertEqual(topup.state, "waiting")
                self.test.assertGreater(topup.amount, 0)
