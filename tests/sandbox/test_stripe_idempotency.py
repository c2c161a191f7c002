# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Idempotency keys of the Stripe stand-in."""

import threading

import pytest
import stripe
from stand_in import wait_until

INTENT = {"amount": 12000, "currency": "eur"}
KEY = {"idempotency_key": "key-1"}


def test_same_request_is_replayed(sandbox, client, pay):
    """D14: one refund for two calls, the same answer twice."""
    intent = pay()
    refund = {"payment_intent": intent.id, "amount": 5000}
    first = client.v1.refunds.create(refund, KEY)
    second = client.v1.refunds.create(refund, KEY)
    assert first.to_dict() == second.to_dict()
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(sandbox.get("/_journal", kind="refund")) == 1


def test_refusal_is_replayed_too(sandbox, client):
    """D14: a declined payment stays declined under its key."""
    declined = {**INTENT, "payment_method": "pm_card_chargeDeclined", "confirm": True}
    for _time in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create(declined, KEY)
    assert len(client.v1.payment_intents.list().data) == 1


def test_other_parameters_are_refused(client):
    """D14: the same key for another request is an idempotency_error."""
    client.v1.payment_intents.create(INTENT, KEY)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.v1.payment_intents.create({**INTENT, "amount": 12001}, KEY)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.customers.create({"name": "Camille"}, KEY)


def test_key_belongs_to_its_account(sandbox, client):
    """D14: two accounts may use the same key."""
    client.v1.payment_intents.create(INTENT, KEY)
    other = sandbox.client("sk_test_other_1")
    other.v1.payment_intents.create({**INTENT, "amount": 999}, KEY)
    assert other.v1.payment_intents.list().data[0].amount == 999


def test_malformed_request_does_not_use_up_the_key(client):
    """D14: as at Stripe, a refusal of the form is not saved."""
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({"currency": "eur"}, KEY)
    assert client.v1.payment_intents.create(INTENT, KEY).amount == 12000


def test_key_is_forgotten_after_a_day(sandbox, client):
    """D14: after 24 hours the same key makes a second object."""
    first = client.v1.payment_intents.create(INTENT, KEY)
    sandbox.post("/_clock", {"advance": 24 * 3600 - 60})
    assert client.v1.payment_intents.create(INTENT, KEY).id == first.id
    sandbox.post("/_clock", {"advance": 120})
    assert client.v1.payment_intents.create(INTENT, KEY).id != first.id


def test_key_in_use_is_refused(sandbox, client, pay):
    """D14: two requests at once with one key: both answers tell of one object."""
    sandbox.fault(kind="delay", path="/v1/customers", seconds=0.3, count=2)
    answers = []

    def create():
        answers.append(sandbox.client().v1.customers.create({"name": "C"}, KEY).id)

    threads = [threading.Thread(target=create) for _number in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers) == 2)
    assert len(set(answers)) == 1
    assert len(client.v1.customers.list().data) == 1
