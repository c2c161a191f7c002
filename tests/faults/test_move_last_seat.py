# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Learners are assigned to a session while others buy its last seat."""

import xmlrpc.client

from faults.harness.buyer import Refused
from faults.harness.shop import together

MOVERS = 3
BUYERS = 3


def buy(shop, session_id, prefix):
    """Return the learner of a purchase whose follow-up is done."""
    [buyer] = shop.buyers(1, prefix)
    assert buyer.buy(session_id, shop.stripe) == "done"
    shop.wait(
        lambda: shop.order(buyer)["follow_up"] == "done", 120, "the follow-up is done"
    )
    ((learner,),) = shop.sql(
        "SELECT id FROM event_registration WHERE sale_order_id = %s", buyer.order_id
    )
    return learner


def open_wizard(shop, learner, target):
    """Fill in « Assign to another session »; return its id."""
    action = shop.call("event.registration", "action_move_prepaid", [learner])
    shop.call(
        "training.move.wizard", "write", [action["res_id"]], {"session_id": target}
    )
    return action["res_id"]


def press(shop, wizard):
    """Press the button; True when the learner was moved, False when refused."""
    models = xmlrpc.client.ServerProxy(f"{shop.url}/xmlrpc/2/object", allow_none=True)
    words = (shop.database, 2, "admin", "training.move.wizard", "action_move")
    try:
        models.execute_kw(*words, [[wizard]], {})
    except xmlrpc.client.Fault as refusal:
        assert "seats" in refusal.faultString, refusal.faultString
        return False
    return True


def pay(shop, buyer):
    """Pay for the session; True when the buyer was let go on to the card."""
    try:
        buyer.start_payment()
    except Refused:
        return False
    buyer.confirm(shop.stripe)
    assert buyer.come_back() == "done"
    return shop.order(buyer)["state"] == "sale"


def race(shop, learners, target, prefix):
    """Move learners to a session while others buy a seat there.

    :return: for each learner, then for each buyer, whether the seat was theirs
    """
    wizards = [open_wizard(shop, learner, target) for learner in learners]
    buyers = shop.buyers(BUYERS, prefix)
    for buyer in buyers:
        buyer.fill_cart(target)
        buyer.read_payment_page()
    work = [lambda w=wizard: press(shop, w) for wizard in wizards]
    work += [lambda b=buyer: pay(shop, b) for buyer in buyers]
    results = together(lambda one: one(), work)
    assert not [found for found in results if not isinstance(found, bool)], results
    return results


def test_last_seat(shop, rounds):
    """A22, A15: of those who move there and those who buy, one has the last seat; a
    move that was refused left its purchase as it was (bars R1)."""
    source = shop.new_session(100)
    learners = [buy(shop, source, f"mover{number}") for number in range(MOVERS)]
    for number in range(rounds):
        target = shop.new_session(1)
        results = race(shop, learners, target, f"rival{number}")
        assert results.count(True) == 1, results
        assert shop.seats_taken(target) == 1
        assert shop.counters(target) == [(1, 1)]
        moved = [one for one, won in zip(learners, results, strict=False) if won]
        rows = shop.sql(
            """SELECT reg.id, reg.event_id = line.event_id,
                      move.training_session_id = line.event_id
               FROM event_registration reg
               JOIN sale_order_line line ON line.id = reg.sale_order_line_id
               JOIN account_move move ON move.training_order_id = line.order_id
               WHERE reg.id = ANY(%s)""",
            learners,
        )
        assert len(rows) == len(learners)
        assert all(order_too and invoice_too for _id, order_too, invoice_too in rows)
        learners = [learner for learner in learners if learner not in moved]
        learners += [buy(shop, source, f"more{number}") for _one in moved]


def test_last_seat_without_guard(shop, rounds):
    """A22: control. Without the guarded counter the seat goes to two."""
    source = shop.new_session(100)
    sold_twice = []
    with shop.setting("training_payment_sandbox.seat_guard_off", "1"):
        for number in range(max(rounds, 4)):
            target = shop.new_session(1)
            learner = buy(shop, source, f"loose{number}")
            moved, *_bought = race(shop, [learner], target, f"loose{number}rival")
            sold_twice.append(moved and shop.seats_taken(target) > 1)
            if any(sold_twice):
                break
    assert any(sold_twice), "the test of the last seat sees no race: it proves nothing"
