# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The server is killed between the capture and the end of what follows it."""

import pytest
from faults.harness.steps import (
    in_the_end,
    pay_and_leave,
    start_to_pay,
    wait_until_finished,
)


def test_before_it_hears_of_the_capture(shop):
    """A3: killed before the event arrives; Stripe sends it again, all is finished."""
    shop.stripe.fault(kind="delay_webhook", event="payment_intent.succeeded", seconds=2)
    buyer, session_id = pay_and_leave(shop, "killed1")
    shop.odoo.kill()
    assert shop.order(buyer)["state"] == "draft"
    shop.restart()
    wait_until_finished(shop, buyer, session_id)


@pytest.mark.parametrize("mode", ["threaded", "workers"], indirect=True)
@pytest.mark.parametrize("table", ["sale_order", "crm_lead"])
def test_in_the_middle(shop, mode, table):
    """A15: killed while it confirms or follows up; finished once after the restart."""
    session_id = shop.new_session(3)
    buyer = start_to_pay(shop, session_id, f"killed{mode}{table}")
    with shop.locked(table):
        buyer.confirm(shop.stripe)
        shop.wait(lambda: shop.waiters(table), 120, "the server is in the middle of it")
        shop.odoo.kill()
    shop.wait(lambda: not shop.waiters(table), 30, "what it had begun is undone")
    shop.restart()
    shop.pass_time(minutes=2)
    # What had begun may meet the notification that is sent again: each has its turn.
    confirmed = lambda: shop.order(buyer)["state"] == "sale"  # noqa: E731
    in_the_end(shop, confirmed, "the purchase is confirmed")
    wait_until_finished(shop, buyer, session_id)
    shop.wait(lambda: shop.letters(buyer), 120, "the buyer has the confirmation")
    assert len(shop.letters(buyer)) == 1
