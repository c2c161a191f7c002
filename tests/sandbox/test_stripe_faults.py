# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults on demand of the Stripe stand-in."""

import time

import pytest
import stripe
from stand_in import wait_until

KEY = {"idempotency_key": "key-1"}


@pytest.fixture
def impatient(sandbox):
    """A client that waits half a second for an answer."""
    return sandbox.client(http_client=stripe.RequestsClient(timeout=0.5))


def test_delay(sandbox, client):
    """D14: slow, but done."""
    sandbox.fault(kind="delay", method="GET", path="/v1/balance", seconds=0.4)
    start = time.monotonic()
    client.v1.balance.retrieve()
    assert time.monotonic() - start > 0.4
    assert not sandbox.get("/_faults")


def test_timeout_before(sandbox, impatient, client, pay):
    """D14: no answer and nothing done; the retry does it once."""
    refund = {"payment_intent": pay().id}
    sandbox.fault(kind="timeout_before", path="/v1/refunds", seconds=5)
    with pytest.raises(stripe.APIConnectionError):
        impatient.v1.refunds.create(refund, KEY)
    assert not sandbox.get("/_journal", kind="refund")
    client.v1.refunds.create(refund, KEY)
    assert len(sandbox.get("/_journal", kind="refund")) == 1


def test_timeout_after(sandbox, impatient, client, pay):
    """D14: done and not told; under the same key the retry is told, not done."""
    refund = {"payment_intent": pay().id}
    sandbox.fault(kind="timeout_after", path="/v1/refunds", seconds=5)
    with pytest.raises(stripe.APIConnectionError):
        impatient.v1.refunds.create(refund, KEY)
    assert len(sandbox.get("/_journal", kind="refund")) == 1
    assert client.v1.refunds.create(refund, KEY).amount == 12000
    assert len(sandbox.get("/_journal", kind="refund")) == 1


def test_connection_cut_at_once(sandbox, client, pay):
    """D14: no seconds means that the connection is cut without waiting."""
    refund = {"payment_intent": pay().id}
    sandbox.fault(kind="timeout_after", path="/v1/refunds", seconds=0)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.refunds.create(refund, KEY)
    assert client.v1.refunds.create(refund, KEY).status == "succeeded"
    assert len(sandbox.get("/_journal", kind="refund")) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("http_429", stripe.RateLimitError),
        ("http_500", stripe.APIError),
        ("http_409", stripe.APIError),
    ],
)
def test_http_errors(sandbox, client, kind, error):
    """D14: refused as many times as told, then served."""
    sandbox.fault(kind=kind, path="/v1/customers", count=2)
    for _time in range(2):
        with pytest.raises(error):
            client.v1.customers.create({"name": "Camille"}, KEY)
    client.v1.customers.create({"name": "Camille"}, KEY)
    assert len(client.v1.customers.list().data) == 1


def test_error_after_the_work(sandbox, client, pay):
    """D14: 500 although the money moved; the key's replay tells the truth."""
    refund = {"payment_intent": pay().id}
    sandbox.fault(kind="http_500", path="/v1/refunds", after=True)
    with pytest.raises(stripe.APIError):
        client.v1.refunds.create(refund, KEY)
    assert client.v1.refunds.create(refund, KEY).status == "succeeded"
    assert len(sandbox.get("/_journal", kind="refund")) == 1


def test_sdk_retries_by_itself(sandbox):
    """D14: the SDK's own retries pass through a 429 and move nothing twice."""
    patient = sandbox.client(max_network_retries=2)
    sandbox.fault(kind="http_500", path="/v1/payment_intents", after=True)
    patient.v1.payment_intents.create(
        {
            "amount": 500,
            "currency": "eur",
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    assert len(sandbox.get("/_journal")) == 1


def test_fault_waits_for_its_turn(sandbox, client):
    """D14: only what matches, and after what it lets pass."""
    sandbox.fault(kind="http_500", method="POST", path="/v1/customers", skip=1)
    client.v1.customers.list()
    client.v1.customers.create({"name": "first"})
    with pytest.raises(stripe.APIError):
        client.v1.customers.create({"name": "second"})
    client.v1.customers.create({"name": "third"})


def test_bad_fault_is_refused(sandbox):
    """D14: a misspelt fault would make a test that cannot fail."""
    for fault in ({"kind": "explode"}, {"kind": "delay", "pth": "/v1"}, {"path": "("}):
        with pytest.raises(AssertionError, match="kind|unknown"):
            sandbox.fault(**fault)


def test_slow_payment_is_settled_when_told(sandbox, client, pay):
    """D14: a card payment that stays in processing, then fails."""
    sandbox.fault(kind="payment_processing", path="/v1/payment_intents")
    intent = pay()
    assert intent.status == "processing"
    sandbox.post(f"/_payment_intents/{intent.id}", {"status": "failed"})
    intent = client.v1.payment_intents.retrieve(intent.id)
    assert intent.status == "requires_payment_method"
    assert not sandbox.get("/_journal")


@pytest.fixture
def succeeded(client, listener):
    """An endpoint that listens to successes and refunds only."""
    return client.v1.webhook_endpoints.create(
        {
            "url": listener.url,
            "enabled_events": ["payment_intent.succeeded", "charge.refunded"],
        }
    )


def test_duplicate_webhook(sandbox, listener, succeeded, pay):
    """D14: the same event twice."""
    sandbox.fault(kind="duplicate_webhook", event="payment_intent.succeeded")
    pay()
    first, second = listener.wait_for(2)
    assert first["id"] == second["id"]


def test_reorder_webhook(sandbox, listener, succeeded, client, pay):
    """D14: the refund is told before the payment."""
    sandbox.fault(kind="reorder_webhook", event="payment_intent.succeeded")
    client.v1.refunds.create({"payment_intent": pay().id})
    listener.wait_for(2)
    assert listener.types == ["charge.refunded", "payment_intent.succeeded"]


def test_drop_webhook(sandbox, listener, succeeded, client, pay):
    """D14: never sent; the next one is."""
    sandbox.fault(kind="drop_webhook", event="payment_intent.succeeded")
    client.v1.refunds.create({"payment_intent": pay().id})
    listener.wait_for(1)
    time.sleep(0.3)
    assert listener.types == ["charge.refunded"]
    assert sandbox.get("/_deliveries", state="dropped")


def test_delay_webhook(sandbox, listener, succeeded, pay):
    """D14: late."""
    sandbox.fault(kind="delay_webhook", seconds=0.5)
    pay()
    time.sleep(0.3)
    assert not listener.received
    listener.wait_for(1)


def test_forge_webhook(sandbox, listener, succeeded, pay):
    """D14: signed by somebody who does not know the secret."""
    sandbox.fault(kind="forge_webhook")
    pay()
    listener.wait_for(1)
    headers, body = listener.received[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(
            body, headers["Stripe-Signature"], succeeded.secret
        )
    wait_until(lambda: sandbox.get("/_deliveries")[0]["state"] == "delivered")
