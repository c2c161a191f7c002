# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The buyer pays and never comes back; what Stripe sends is all there is."""

import pytest
from faults.harness.steps import pay_and_leave, wait_until_finished


@pytest.mark.parametrize("mode", ["threaded", "workers"], indirect=True)
def test_webhook_alone(shop, mode):
    """A3: the webhook alone finishes a purchase, within a minute (bars R16)."""
    wait_until_finished(shop, *pay_and_leave(shop, f"gone{mode}"))


def test_webhook_twice_and_disordered(shop):
    """A3: events that come twice and in disorder finish the purchase once."""
    shop.stripe.fault(kind="duplicate_webhook", event="payment_intent.succeeded")
    shop.stripe.fault(kind="reorder_webhook", event="charge.succeeded")
    wait_until_finished(shop, *pay_and_leave(shop, "twice"))


def test_stripe_silent_for_the_job(shop):
    """A3: Stripe does not answer the job that asks it; the job asks again."""
    shop.stripe.fault(
        kind="http_500", method="GET", path="/v1/payment_intents/.*", count=8
    )
    buyer, session_id = pay_and_leave(shop, "silent")
    shop.wait(
        lambda: shop.sql("SELECT 1 FROM training_payment_event WHERE state = 'parked'"),
        120,
        "the event is put aside",
    )
    shop.stripe.forget_faults()
    shop.pass_time(minutes=2)
    wait_until_finished(shop, buyer, session_id)
