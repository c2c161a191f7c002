# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Steps that several tests begin or end with. Holds no test."""

PRICE = 60_000


def start_to_pay(shop, session_id, name, learners=1):
    """Return a buyer who pressed « pay » and now is at the provider."""
    (buyer,) = shop.buyers(1, name)
    buyer.fill_cart(session_id, learners)
    buyer.read_payment_page()
    buyer.start_payment()
    return buyer


def pay_and_leave(shop, name):
    """Return a buyer who paid and closed the browser, and the session bought."""
    session_id = shop.new_session(3)
    buyer = start_to_pay(shop, session_id, name)
    buyer.confirm(shop.stripe)
    return buyer, session_id


def wait_until_finished(shop, buyer, session_id):
    """Within a minute each: order, seat and payment, then all that follows; once."""
    shop.wait(
        lambda: shop.order(buyer)["state"] == "sale", 60, "the purchase is confirmed"
    )
    shop.wait(
        lambda: shop.order(buyer)["follow_up"] == "done", 60, "everything has followed"
    )
    assert shop.seats_taken(session_id) == 1
    assert shop.counters(session_id) == [(1, 3)]
    assert shop.books(buyer) == {"payments": 1, "invoices": 1, "left_to_pay": 0}
    assert shop.stripe.charged(buyer.reference) == PRICE
