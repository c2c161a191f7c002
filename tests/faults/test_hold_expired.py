# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The hold of a buyer runs out between « pay » and the card."""

from faults.harness.steps import start_to_pay


def start_slowly(shop, session_id, name):
    """Return a buyer who pressed « pay » and whose time has run out since."""
    slow = start_to_pay(shop, session_id, name)
    shop.pass_time(minutes=30)
    return slow


def wait_for_release(shop, session_id):
    """Wait until the job has given the seat back."""
    shop.wait(lambda: shop.counters(session_id) == [(0, 1)], 30, "the hold is released")


def test_seat_gone(shop):
    """A15: who pays after the time, when the seat is gone, is refunded and told."""
    session_id = shop.new_session(1)
    slow = start_slowly(shop, session_id, "slow")
    wait_for_release(shop, session_id)
    (quick,) = shop.buyers(1, "quick")
    assert quick.buy(session_id, shop.stripe) == "done"
    assert shop.order(quick)["state"] == "sale"

    slow.confirm(shop.stripe)
    slow.come_back()
    shop.wait(
        lambda: shop.stripe.charged(slow.reference) == 0, 120, "the money is given back"
    )
    assert shop.refusal(slow) == "full"
    assert shop.order(slow)["state"] in ("draft", "sent")
    shop.wait(lambda: shop.letters(slow), 120, "the buyer is told by mail")
    assert shop.seats_taken(session_id) == 1
    assert shop.counters(session_id) == [(1, 1)]
    assert not slow.error_pages()


def test_seat_still_free(shop):
    """A15: who pays after the time, when there is still a seat, gets it."""
    session_id = shop.new_session(1)
    slow = start_slowly(shop, session_id, "late")
    wait_for_release(shop, session_id)
    slow.confirm(shop.stripe)
    assert slow.come_back() == "done"
    assert shop.order(slow)["state"] == "sale"
    assert shop.refusal(slow) is None
    assert shop.counters(session_id) == [(1, 1)]


def test_declined_card(shop):
    """A15: a refused card gives the seat back at once; the buyer may try again."""
    session_id = shop.new_session(1)
    buyer = start_to_pay(shop, session_id, "declined")
    assert "error" in buyer.confirm(shop.stripe, "4000000000000002")
    assert shop.stripe.charged(buyer.reference) == 0
    buyer.start_payment()
    buyer.confirm(shop.stripe)
    assert buyer.come_back() == "done"
    assert shop.order(buyer)["state"] == "sale"
    assert shop.counters(session_id) == [(1, 1)]
