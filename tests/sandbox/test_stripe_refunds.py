# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refunds of the Stripe stand-in."""

import pytest
import stripe
from stand_in import wait_until


def test_refund_in_parts(sandbox, client, pay):
    """D14: parts sum to the whole; the charge says so; money moves each time."""
    intent = pay()
    first = client.v1.refunds.create(
        {
            "payment_intent": intent.id,
            "amount": 2000,
            "reason": "requested_by_customer",
            "metadata": {"why": "ill"},
        }
    )
    assert (first.status, first.reason) == ("succeeded", "requested_by_customer")
    assert first.metadata.why == "ill"
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.refunded) == (2000, False)
    client.v1.refunds.create({"charge": charge.id})
    charge = client.v1.charges.retrieve(charge.id)
    assert (charge.amount_refunded, charge.refunded) == (12000, True)
    amounts = [line["amount"] for line in sandbox.get("/_journal", kind="refund")]
    assert amounts == [-2000, -10000]
    listed = client.v1.refunds.list({"payment_intent": intent.id}).data
    assert [refund.amount for refund in listed] == [10000, 2000]


def test_over_refund_is_refused(sandbox, client, pay):
    """D14: never more than what was captured, with Stripe's words."""
    intent = pay()
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 5000})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 7001})
    client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"
    assert len(sandbox.get("/_journal", kind="refund")) == 2


def test_unpaid_intent_has_nothing_to_refund(client):
    """D14: refused without a successful charge."""
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_pending_refund_succeeds_later(client, pay):
    """D14: Stripe's card for slow refunds."""
    intent = pay(payment_method="pm_card_pendingRefund")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    retrieve = client.v1.refunds.retrieve
    wait_until(lambda: retrieve(refund.id).status == "succeeded")


def test_failed_refund_gives_the_money_back_to_the_balance(sandbox, client, pay):
    """D14: succeeded at first, failed later; it can then be made again."""
    intent = pay(payment_method="pm_card_refundFail")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    retrieve = client.v1.refunds.retrieve
    wait_until(lambda: retrieve(refund.id).status == "failed")
    failed = retrieve(refund.id)
    assert failed.failure_reason and failed.failure_balance_transaction
    assert [line["kind"] for line in sandbox.get("/_journal")] == [
        "capture",
        "refund",
        "refund_failed",
    ]
    assert not client.v1.charges.retrieve(intent.latest_charge).refunded
    assert client.v1.refunds.create({"payment_intent": intent.id}).amount == 12000


def test_refund_is_held_until_told(sandbox, client, pay):
    """D14: a fault leaves the refund pending; the test says how it ends."""
    intent = pay()
    sandbox.fault(kind="refund_pending", path="/v1/refunds")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    sandbox.post(f"/_refunds/{refund.id}", {"status": "failed"})
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
