# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P6: what it costs to cancel the learner of a purchase and to give the money back."""

import measure
from moves import buy_one
from purchase import Ours

TIMES = 4
BAR = 0.4
CASES = (("draft", False), ("numbered", True))


def run(ours, table):
    """Measure the request that cancels, warm; booking the refund is a job's."""
    side = Ours(ours)
    side.start()
    for words, is_numbered in CASES:
        spent, booked = [], []
        for _time in range(TIMES + 1):
            wizard = _prepare(side, is_numbered)
            side.rest()
            before = measure.cpu_seconds(side.shop.odoo)
            side.shop.call("training.cancel", "action_cancel", [wizard])
            after = measure.cpu_seconds(side.shop.odoo)
            side.rest()
            spent.append(after - before)
            booked.append(measure.cpu_seconds(side.shop.odoo) - after)
            _check_refunded(side.shop)
        cpu = measure.median(spent[1:])
        table.add(
            f"P6 cancel, {words}, credit note and refund: CPU ms",
            "-",
            f"{cpu * 1000:.0f}",
            cpu / BAR,
            f"<= {BAR * 1000:.0f}",
            cpu <= BAR,
        )
        table.add(
            "   jobs: refund sent, told, booked and matched, mails",
            "-",
            f"{measure.median(booked[1:]) * 1000:.0f}",
            measure.median(booked[1:]) / BAR,
        )
    side.shop.stop()


def _prepare(side, is_numbered):
    """Buy a seat, have its follow-up done, fill in the wizard; return its id."""
    shop = side.shop
    _order, registration = buy_one(side, is_numbered)
    action = shop.call(
        "event.registration", "action_open_training_cancel", [registration]
    )
    shop.call("training.cancel", "write", [action["res_id"]], {"reason": "P6"})
    return action["res_id"]


def _check_refunded(shop):
    """:raise RuntimeError: when the last refund is not booked"""
    ((state, is_booked),) = shop.sql(
        """SELECT state, is_followed_up FROM training_payment_operation
           ORDER BY id DESC LIMIT 1"""
    )
    if state != "succeeded" or not is_booked:
        raise RuntimeError(f"the refund is {state}")
