# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is known of purchases without reading their books: sessions, learners, money.

Plain values, minor units. Holds no test itself.
"""

import dataclasses
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

PENDING, VALIDATED, CANCELLED = "pending", "validated", "cancelled"


def part(amount, given, whole):
    """Return a part of an amount, to the nearest cent."""
    exact = Decimal(amount) * given / whole
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclasses.dataclass(frozen=True)
class Session:
    """A session on sale: price of a place before tax, rate of its VAT, seats."""

    price: int
    vat: int
    seats: int

    def count_price(self, places):
        """Return what places cost, tax included."""
        before_tax = self.price * places
        return before_tax + part(before_tax, self.vat, 100)


@dataclasses.dataclass
class Move:
    """Learners who wait in one session for the complement of another."""

    session: str
    learners: list
    complement: int


@dataclasses.dataclass(eq=False)
class Money:
    """What one buyer paid with, for a purchase and those that were split from it.

    ``asked`` is on its way back; what Stripe refused, or the bank returned, is neither
    asked nor given: it is owed.
    """

    paid: int = 0
    given: int = 0
    asked: int = 0
    kept: int = 0  # indemnities


@dataclasses.dataclass(eq=False)
class Purchase:
    """One order: its places, and what its documents say it cost."""

    money: Money
    session: str
    learners: dict
    net: int
    is_person: bool = False
    places: int = 0
    waiting: Move = None

    @property
    def active(self):
        return [one for one, state in self.learners.items() if state != CANCELLED]


class Model:
    """All of them, and what each account and each counter of seats then holds."""

    def __init__(self, sessions):
        self.sessions = sessions
        self.purchases = {}

    def clone(self):
        """Return a model that another sequence goes on with."""
        new = Model(self.sessions)
        moneys = {money: dataclasses.replace(money) for money in self.moneys}
        for order, one in self.purchases.items():
            new.purchases[order] = dataclasses.replace(
                one, money=moneys[one.money], learners=dict(one.learners)
            )
        return new

    # What there is

    @property
    def moneys(self):
        return {one.money for one in self.purchases.values()}

    def net_of(self, money):
        return sum(one.net for one in self.purchases.values() if one.money is money)

    def owed_of(self, money):
        """Return what buyers are to be given back, asked of Stripe or not."""
        return money.paid - money.given - money.kept - self.net_of(money)

    def sum(self, name):
        return sum(getattr(money, name) for money in self.moneys)

    @property
    def complements(self):
        waiting = [one.waiting for one in self.purchases.values() if one.waiting]
        return sum(move.complement for move in waiting)

    def count_seats(self):
        """Return the seats gone of each session: learners, and those awaited."""
        seats = Counter()
        for one in self.purchases.values():
            seats[one.session] += len(one.active)
            if one.waiting:
                seats[one.waiting.session] += len(one.waiting.learners)
        return seats

    def has_room(self, session, count):
        return self.count_seats()[session] + count <= self.sessions[session].seats

    # What happens

    def buy(self, order, session, learners, is_person):
        price = self.sessions[session].count_price(len(learners))
        states = dict.fromkeys(learners, PENDING)
        self.purchases[order] = Purchase(
            Money(paid=price), session, states, price, is_person, len(learners)
        )

    def validate(self, order, learners):
        for learner in learners:
            self.purchases[order].learners[learner] = VALIDATED

    def count_kept(self, order, learners):
        """Return what of a purchase goes with some of its learners."""
        one = self.purchases[order]
        if self.is_whole(order, learners):
            return one.net
        return part(one.net, len(learners), one.places)

    def is_whole(self, order, learners):
        one = self.purchases[order]
        return set(one.active) == set(learners) and len(learners) >= one.places

    def is_refused(self, order, session, learners):
        """Whether a move is refused, and nothing changes."""
        one, target = self.purchases[order], self.sessions[session]
        return (
            one.session == session
            or one.waiting is not None
            or (one.is_person and not target.vat)
            or not self.has_room(session, len(learners))
        )

    def move(self, order, session, learners):
        """Move at once what costs no more; let the rest wait for its complement."""
        one = self.purchases[order]
        kept = self.count_kept(order, learners)
        missing = self.sessions[session].count_price(len(learners)) - kept
        if missing > 0:
            one.waiting = Move(session, list(learners), missing)
        else:
            self.enter(order, session, learners, kept, kept + missing)

    def enter(self, order, session, learners, kept, price):
        """Learners are in another session, in an order of their own if some stay."""
        one = self.purchases[order]
        states = dict.fromkeys(learners, PENDING)
        if self.is_whole(order, learners):
            one.session, one.net, one.places = session, price, len(learners)
            one.learners.update(states)
            return
        one.net -= kept
        one.places -= len(learners)
        for learner in learners:
            del one.learners[learner]
        new = next(iter(learners)).sale_order_id
        self.purchases[new] = Purchase(
            one.money, session, states, price, one.is_person, len(learners)
        )

    def pay_complement(self, order):
        one = self.purchases[order]
        waiting, one.waiting = one.waiting, None
        one.money.paid += waiting.complement
        kept = self.count_kept(order, waiting.learners)
        price = kept + waiting.complement
        self.enter(order, waiting.session, waiting.learners, kept, price)

    def abandon(self, order):
        self.purchases[order].waiting = None

    def cancel(self, order, learners, minor, kept=0):
        """Cancel learners; what is credited and not kept is asked back."""
        one = self.purchases[order]
        if one.waiting and set(one.waiting.learners) & set(learners):
            self.abandon(order)
        for learner in learners:
            one.learners[learner] = CANCELLED
        one.net -= minor
        one.money.kept += kept
        one.money.asked += minor - kept
        if minor and one.active:
            one.places = min(one.places, len(one.active))

    def count_places_price(self, order, learners):
        """Return what staff are proposed to give back for some learners."""
        one = self.purchases[order]
        if set(learners) == set(one.active):
            return one.net
        price = self.sessions[one.session].count_price(one.places)
        return min(part(price, len(learners), one.places), one.net)

    def withdraw(self, order):
        """Cancel, and ask again for what failed before."""
        one = self.purchases[order]
        self.cancel(order, one.active, one.net)
        one.money.asked = self.owed_of(one.money)
