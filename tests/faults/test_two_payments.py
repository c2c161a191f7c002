# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Two tabs of one buyer pay for the same order."""

import contextlib
import copy

import pytest
from faults.harness.buyer import Refused
from faults.harness.shop import together
from faults.harness.steps import start_to_pay


def two_tabs(shop, session_id, name):
    """Return two tabs of one browser; the first one has begun its payment."""
    (first,) = shop.buyers(1, name)
    first.fill_cart(session_id)
    first.read_payment_page()
    second = copy.copy(first)
    first.start_payment()
    return first, second


def check_one_purchase(shop, tabs, session_id):
    """One payment took the money and bought the seat; the other took nothing."""
    charged = {tab: shop.stripe.charged(tab.reference) for tab in tabs if tab.reference}
    assert sorted(charged.values())[-1:] == [60_000]
    assert sum(charged.values()) == 60_000
    (kept,) = [tab for tab, amount in charged.items() if amount]
    shop.wait(lambda: shop.order(kept)["state"] == "sale", 120, "it is confirmed")
    assert shop.refusal(kept) is None
    shop.wait(
        lambda: shop.order(kept)["follow_up"] == "done", 120, "everything has followed"
    )
    assert shop.seats_taken(session_id) == 1
    assert shop.counters(session_id) == [(1, 5)]
    assert shop.books(kept)["left_to_pay"] == 0


def test_second_tab_closes_the_first(shop):
    """R2: the first tab's payment can take nothing once the second one has begun."""
    session_id = shop.new_session(5)
    first, second = tabs = two_tabs(shop, session_id, "closed")
    second.start_payment()
    assert first.reference != second.reference
    assert "error" in first.confirm(shop.stripe)
    second.confirm(shop.stripe)
    assert second.come_back() == "done"
    check_one_purchase(shop, tabs, session_id)


def test_second_tab_after_the_first_paid(shop):
    """R2: the first one's money is taken, nobody knows it here yet: refused."""
    session_id = shop.new_session(5)
    first, second = tabs = two_tabs(shop, session_id, "taken")
    first.confirm(shop.stripe)
    with pytest.raises(Refused):
        second.start_payment()
    check_one_purchase(shop, tabs, session_id)


@pytest.mark.parametrize("mode", ["threaded", "workers"], indirect=True)
def test_one_pays_while_the_other_begins(shop, mode):
    """R2: at the same instant: whoever wins, money is taken once."""
    session_id = shop.new_session(5)
    first, second = tabs = two_tabs(shop, session_id, f"race{mode}")

    def begin_and_pay():
        with contextlib.suppress(Refused):
            second.start_payment()
            second.confirm(shop.stripe)

    together(lambda act: act(), [lambda: first.confirm(shop.stripe), begin_and_pay])
    check_one_purchase(shop, tabs, session_id)


def test_second_after_the_order_is_paid(shop):
    """R2: an order that is paid cannot be paid again: refused before any capture."""
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


def test_former_larger_payment(shop):
    """R2, R3: two learners, then one: the payment for two can take nothing more."""
    session_id = shop.new_session(3)
    buyer = start_to_pay(shop, session_id, "shrink", learners=2)
    larger = copy.copy(buyer)
    buyer.fill_cart(session_id, 1)
    buyer.read_payment_page()
    buyer.start_payment()
    assert shop.counters(session_id) == [(1, 3)]
    assert "error" in larger.confirm(shop.stripe)
    buyer.confirm(shop.stripe)
    shop.wait(lambda: shop.order(buyer)["state"] == "sale", 120, "it is confirmed")
    assert shop.stripe.charged(larger.reference) == 0
    assert shop.seats_taken(session_id) == 1
    assert shop.counters(session_id) == [(1, 3)]
