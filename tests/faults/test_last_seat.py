# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Eight buyers at the same instant: for one seat, and for seats enough."""

import pytest
from faults.harness.buyer import Refused
from faults.harness.shop import together

BUYERS = 8


def ready_to_pay(shop, session_id, prefix):
    """Return eight buyers who all are on the payment page."""
    buyers = shop.buyers(BUYERS, prefix)

    def go(buyer):
        buyer.fill_cart(session_id)
        buyer.read_payment_page()

    failures = [found for found in together(go, buyers) if found is not None]
    assert not failures, failures
    return buyers


def start(buyer):
    """Press « pay »; True when the site lets the buyer go on to the card."""
    try:
        buyer.start_payment()
    except Refused:
        return False
    return True


def pay_at_once(shop, buyers):
    """Have all press « pay » at once, then all that may pay and come back at once.

    :return: those who were charged
    """
    started = together(start, buyers)
    assert not [found for found in started if not isinstance(found, bool)], started
    going_on = [buyer for buyer, may in zip(buyers, started, strict=True) if may]

    def finish(buyer):
        buyer.confirm(shop.stripe)
        return buyer.come_back()

    if going_on:
        states = together(finish, going_on)
        assert states == ["done"] * len(going_on), states
    return going_on


@pytest.mark.parametrize("mode", ["threaded", "workers"], indirect=True)
def test_one_seat(shop, rounds, mode):
    """A15: of eight who pay for the last seat at once one pays (bars R1)."""
    for number in range(rounds):
        session_id = shop.new_session(1)
        buyers = ready_to_pay(shop, session_id, f"{mode}{number}one")
        charged = pay_at_once(shop, buyers)

        confirmed = [b for b in charged if shop.order(b)["state"] == "sale"]
        assert len(confirmed) == 1
        assert shop.seats_taken(session_id) == 1
        assert shop.counters(session_id) == [(1, 1)]
        for buyer in set(charged) - set(confirmed):
            shop.wait(
                lambda buyer=buyer: shop.stripe.charged(buyer.reference) == 0,
                60,
                f"{buyer.name}, who has no seat, has the money back",
            )
        assert shop.stripe.charged(confirmed[0].reference) == 60_000
        assert not [b.error_pages() for b in buyers if b.error_pages()]


@pytest.mark.parametrize("mode", ["threaded", "workers"], indirect=True)
def test_seats_enough(shop, mode):
    """A15: eight who pay at once all have their seat, and see no error (bars P4)."""
    session_id = shop.new_session(100)
    buyers = ready_to_pay(shop, session_id, f"{mode}free")
    charged = pay_at_once(shop, buyers)
    assert len(charged) == BUYERS
    assert [shop.order(b)["state"] for b in buyers] == ["sale"] * BUYERS
    assert shop.seats_taken(session_id) == BUYERS
    assert shop.counters(session_id) == [(BUYERS, 100)]
    assert not [b.error_pages() for b in buyers if b.error_pages()]
    shop.wait(
        lambda: all(shop.order(b)["follow_up"] == "done" for b in buyers),
        120,
        "invoice, opportunity and mails have followed",
    )


def test_one_seat_without_guard(shop, rounds):
    """A15: control. Without the guarded counter the last seat is sold twice or more."""
    sold = 0
    with shop.setting("training_payment_sandbox.seat_guard_off", "1"):
        for number in range(rounds):
            session_id = shop.new_session(1)
            buyers = ready_to_pay(shop, session_id, f"off{number}")
            pay_at_once(shop, buyers)
            sold = max(sold, shop.seats_taken(session_id))
            if sold > 1:
                break
    assert sold > 1, "the test of the last seat sees no race, so it proves nothing"
