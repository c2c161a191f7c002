# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Steps that several tests begin or end with. Holds no test."""

import time

PRICE = 60_000
#: Makes every job due that is not at work.
JOBS = """
    UPDATE ir_cron SET nextcall = now() at time zone 'utc'
     WHERE id IN (SELECT id FROM ir_cron FOR NO KEY UPDATE SKIP LOCKED)
"""


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


def in_the_end(shop, condition, what, minutes=5):
    """Wait, and let time pass: what met a job at work waits for its turn."""
    begun = time.monotonic()

    def look():
        found = condition()
        if not found and time.monotonic() > begun + 5:
            shop.sql(JOBS)
            shop.pass_time(minutes, patient=False)
        return found

    return shop.wait(look, 120, what, pause=0.5)


def start_job(shop, name):
    """Have a job run from now on, at once."""
    shop.sql(
        """UPDATE ir_cron SET active = true, nextcall = now() at time zone 'utc'
            WHERE id IN (SELECT ir_cron.id FROM ir_cron JOIN ir_model_data data
                             ON data.model = 'ir.cron' AND data.res_id = ir_cron.id
                          WHERE data.name = %s
                            FOR NO KEY UPDATE OF ir_cron SKIP LOCKED)""",
        f"ir_cron_{name}",
    )
    shop.wake_jobs()
