# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Two tabs of one buyer pay for the same order."""

import copy

import pytest
from faults.harness.buyer import Refused
from faults.harness.shop import together
from faults.harness.steps import start_to_pay


def two_tabs(shop, session_id, name):
    """Return two tabs of one browser, each with a payment begun."""
    (first,) = shop.buyers(1, name)
    first.fill_cart(session_id)
    first.read_payment_page()
    second = copy.copy(first)
    first.start_payment()
    second.start_payment()
    assert first.reference != second.reference
    return first, second


def wait_until_one_is_given_back(shop, tabs, session_id):
    """One payment buys the seat, the other is given back; nothing else is moved."""
    shop.wait(
        lambda: (
            sorted(shop.stripe.charged(tab.reference) for tab in tabs) == [0, 60_000]
        ),
        120,
        "one of the two payments is given back",
    )
    (kept,) = [tab for tab in tabs if shop.stripe.charged(tab.reference)]
    (refused,) = [tab for tab in tabs if tab is not kept]
    assert shop.order(kept)["state"] == "sale"
    assert shop.refusal(kept) is None
    assert shop.refusal(refused) == "already_paid"
    assert shop.seats_taken(session_id) == 1
    assert shop.counters(session_id) == [(1, 5)]
    shop.wait(
        lambda: shop.order(kept)["follow_up"] == "done", 120, "everything has followed"
    )
    assert shop.books(kept)["left_to_pay"] == 0


@pytest.mark.parametrize("mode", ["threaded", "workers"], indirect=True)
def test_both_captured_at_once(shop, mode):
    """A15: both are captured at the same instant; one is given back (bars R2)."""
    session_id = shop.new_session(5)
    tabs = two_tabs(shop, session_id, f"tabs{mode}")
    together(lambda tab: tab.confirm(shop.stripe), tabs)
    tabs[1].come_back()
    wait_until_one_is_given_back(shop, tabs, session_id)


def test_second_after_the_first(shop):
    """A15: the second tab pays when the first one is through; it is given back."""
    session_id = shop.new_session(5)
    tabs = two_tabs(shop, session_id, "slowtab")
    tabs[0].confirm(shop.stripe)
    shop.wait(lambda: shop.order(tabs[0])["state"] == "sale", 120, "the first is done")
    tabs[1].confirm(shop.stripe)
    wait_until_one_is_given_back(shop, tabs, session_id)


def test_second_after_the_order_is_paid(shop):
    """A15: an order that is paid cannot be paid again: refused before any capture."""
    session_id = shop.new_session(5)
    (buyer,) = shop.buyers(1, "again")
    buyer.fill_cart(session_id)
    buyer.read_payment_page()
    late = copy.copy(buyer)
    buyer.start_payment()
    buyer.confirm(shop.stripe)
    assert buyer.come_back() == "done"
    with pytest.raises(Refused, match="pa[iy]"):
        late.start_payment()
    assert late.reference is None
    assert not late.error_pages()


def test_hold_smaller_than_what_is_paid(shop):
    """A15: the hold of a later, smaller try does not stop the first, larger one."""
    session_id = shop.new_session(3)
    buyer = start_to_pay(shop, session_id, "shrink", learners=2)
    larger = copy.copy(buyer)
    buyer.fill_cart(session_id, 1)
    buyer.read_payment_page()
    buyer.start_payment()
    assert shop.counters(session_id) == [(1, 3)]
    buyer.fill_cart(session_id, 2)
    larger.confirm(shop.stripe)
    shop.wait(lambda: shop.order(larger)["state"] == "sale", 120, "it is confirmed")
    assert shop.refusal(larger) is None
    assert shop.seats_taken(session_id) == 2
    assert shop.counters(session_id) == [(2, 3)]
