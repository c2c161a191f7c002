# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P3: what a whole purchase costs. P4: eight buyers at once."""

import itertools
import time

import measure
from faults.harness.buyer import Buyer, Refused
from faults.harness.shop import together
from stock_buyer import StockBuyer

BUYERS = 8
TIMES = 8
ROUNDS = 3
POLL = "/payment/status/poll"
SQL_LOG = ":INFO,odoo.sql_db:DEBUG"

_numbers = itertools.count(1)


class Side:
    """A shop, and how one buys there."""

    def __init__(self, shop):
        self.shop = shop
        self.session_id = None

    def start(self, **changes):
        """Start the server, with one thread for the jobs."""
        self.shop.start(workers=0, max_cron_threads=1, **changes)

    def rest(self):
        """Wait until the jobs that a purchase started are done."""
        time.sleep(5)  # the provider's events come after three seconds
        before = measure.cpu_seconds(self.shop.odoo)
        for _second in range(60):
            time.sleep(1.5)
            now = measure.cpu_seconds(self.shop.odoo)
            if now - before < 0.03:
                return
            before = now


class Stock(Side):
    """Stock: a ticket of an event, paid with the demo provider."""

    def buy(self, place=0):
        """Buy a ticket of one of the events."""
        event_id, ticket_id = self.shop.tickets[place]
        buyer = StockBuyer(self.shop.url, f"s{next(_numbers)}")
        return buyer.buy(event_id, ticket_id)

    def confirmed(self) -> int:
        """Return how many orders are confirmed."""
        return self.shop.sql("SELECT count(*) FROM sale_order WHERE state = 'sale'")[0][
            0
        ]


class Ours(Stock):
    """Ours: a seat of a session, paid at the stand-in of Stripe."""

    def buy(self, place=0):
        """Buy a seat; there is but one session."""
        if not self.session_id:
            self.session_id = self.shop.new_session(10_000)
        buyer = Buyer(self.shop.url, f"o{next(_numbers)}")
        return buyer.buy(self.session_id, self.shop.stripe)


def run(stock, ours, table):
    """Measure purchases one by one, then eight at once."""
    sides = {"stock": Stock(stock), "ours": Ours(ours)}
    _one_by_one(sides, table)
    _statements(sides, table)
    _at_once(sides, table)
    for side in sides.values():
        side.shop.stop()


def _one_by_one(sides, table):
    cpu, polls, asked = _measure_one_by_one(sides)
    table.compare(
        "P3 purchase: CPU ms, jobs included",
        *(measure.median(cpu[name]) * 1000 for name in sides),
        1.15,
    )
    table.add(
        "   of these queries while the buyer waits",
        *(f"{measure.median(asked[name]):.0f}" for name in sides),
        measure.median(asked["ours"]) / measure.median(asked["stock"]),
    )
    queries = {n: max(one["queries"] for one in polls[n]) for n in sides}
    table.add(
        "P4 capture to commit: queries",
        queries["stock"],
        queries["ours"],
        queries["ours"] / queries["stock"],
        "<= 200",
        queries["ours"] <= 200,
    )
    table.compare(
        "P4 capture to commit: ms, real PDF engine",
        *(measure.median([p["seconds"] for p in polls[n]]) * 1000 for n in sides),
        0.2,
    )


def _measure_one_by_one(sides):
    """Return CPU seconds, requests after the capture and queries, by side."""
    cpu, polls, asked = {}, {}, {}
    for side in sides.values():
        side.start()
        for _time in range(2):
            side.buy()
        side.rest()
    for _time, (name, side) in itertools.product(range(TIMES), sides.items()):
        reader = measure.Reader(side.shop.odoo)
        before = measure.cpu_seconds(side.shop.odoo)
        if side.buy() != "done":
            raise RuntimeError(f"{name}: the purchase failed")
        requests = measure.requests(reader.read())
        side.rest()
        cpu.setdefault(name, []).append(measure.cpu_seconds(side.shop.odoo) - before)
        asked.setdefault(name, []).append(sum(one["queries"] for one in requests))
        polls.setdefault(name, []).extend(_work_of_poll(requests))
    return cpu, polls, asked


def _work_of_poll(requests):
    """Return the request of a purchase that did the work after the capture."""
    polls = [one for one in requests if one["path"] == POLL]
    return [max(polls, key=lambda one: one["queries"])]


def _statements(sides, table):
    counts = {}
    for name, side in sides.items():
        side.start(log_handler=SQL_LOG)
        side.buy()
        side.rest()
        found = []
        for _time in range(3):
            reader = measure.Reader(side.shop.odoo)
            side.buy()
            side.rest()
            found.append(measure.statements(reader.read()))
        counts[name] = measure.median(found)
        side.shop.stop()
    table.compare("P3 purchase: SQL queries, jobs included", *counts.values(), 1.15)


def _at_once(sides, table):
    rates, confirmed = {}, {}
    for side in sides.values():
        side.start()
        side.buy()
        side.rest()
    for _round, (name, side) in itertools.product(range(ROUNDS), sides.items()):
        # Stock at its best: an event for each, so that they do not meet.
        seconds, _states = _rush(side, range(1, BUYERS + 1))
        rates.setdefault(name, []).append(BUYERS / seconds)
        side.rest()
    for name, side in sides.items():
        before = side.confirmed()
        _seconds, states = _rush(side, [0] * BUYERS)
        confirmed[name] = side.confirmed() - before
        side.rest()
        errors = [state for state in states if state != "done"]
        if name == "ours" and errors:
            raise RuntimeError(f"An error was shown: {errors}")
    table.add(
        "P4 eight at once for one session: confirmed",
        f"{confirmed['stock']} of 8",
        f"{confirmed['ours']} of 8",
        confirmed["ours"] / max(confirmed["stock"], 1),
        "8 of 8",
        confirmed["ours"] == BUYERS,
    )
    stock_rate, our_rate = (measure.median(rates[name]) for name in sides)
    table.add(
        "P4 eight at once: purchases per second",
        f"{stock_rate:.2f}",
        f"{our_rate:.2f}",
        our_rate / stock_rate,
        ">= 1.5",
        our_rate >= 1.5 * stock_rate,
    )


def _rush(side, places):
    def buy(place):
        try:
            return side.buy(place)
        except (Refused, AssertionError) as error:
            return str(error)

    begin = time.monotonic()
    states = together(buy, list(places))
    return time.monotonic() - begin, states
