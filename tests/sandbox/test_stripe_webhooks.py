# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Webhooks of the Stripe stand-in: endpoints, signatures, retries."""

import json
import time

import pytest
import stripe
from stand_in import wait_until


def test_endpoint_lives(client, listener):
    """D14: create (the secret is told once), list, update, disable, delete."""
    endpoints = client.v1.webhook_endpoints
    created = endpoints.create(
        {
            "url": listener.url,
            "enabled_events": ["charge.refunded"],
            "api_version": "2019-05-16",
            "metadata": {"company": "1"},
        }
    )
    assert created.secret.startswith("whsec_")
    assert (created.status, created.api_version) == ("enabled", "2019-05-16")
    retrieved = endpoints.retrieve(created.id)
    assert "secret" not in retrieved and retrieved.metadata.company == "1"
    updated = endpoints.update(
        created.id, {"disabled": True, "enabled_events": ["*"], "description": "x"}
    )
    assert (updated.status, updated.enabled_events) == ("disabled", ["*"])
    assert [endpoint.id for endpoint in endpoints.list().data] == [created.id]
    assert endpoints.delete(created.id).deleted
    with pytest.raises(stripe.InvalidRequestError):
        endpoints.retrieve(created.id)


def test_endpoint_needs_url_and_events(client):
    """D14: refused without one or the other."""
    for values in (
        {"url": "nowhere", "enabled_events": ["*"]},
        {"url": "http://127.0.0.1:1/", "enabled_events": []},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.webhook_endpoints.create(values)


def test_event_is_signed(listener, endpoint, pay):
    """D14: the SDK accepts the signature, and refuses it with another secret."""
    pay()
    listener.wait_for(3)
    for headers, body in listener.received:
        signature = headers["Stripe-Signature"]
        event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
        assert event.type in listener.types
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, "whsec_x")


def test_payment_and_refund_tell_their_story(listener, endpoint, client, pay):
    """D14: the events of a payment and of its refund."""
    intent = pay()
    client.v1.refunds.create({"payment_intent": intent.id})
    listener.wait_for(5)
    assert sorted(listener.types) == [
        "charge.refunded",
        "charge.succeeded",
        "payment_intent.created",
        "payment_intent.succeeded",
        "refund.created",
    ]
    event = next(e for e in listener.events if e["type"] == "charge.refunded")
    assert event["data"]["object"]["description"] == "S00042"
    assert event["livemode"] is False
    assert event["request"]["id"].startswith("req_")


def test_endpoint_pins_its_version(client, listener, pay):
    """D14: one event, two shapes, each as its endpoint wants it."""
    for version in ("2019-05-16", "2026-10-28.endive"):
        client.v1.webhook_endpoints.create(
            {
                "url": listener.url,
                "enabled_events": ["charge.refunded"],
                "api_version": version,
            }
        )
    client.v1.refunds.create({"payment_intent": pay().id})
    events = {event["api_version"]: event for event in listener.wait_for(2)}
    old = events["2019-05-16"]["data"]["object"]
    assert old["refunds"]["data"][0]["amount"] == 12000
    assert "refunds" not in events["2026-10-28.endive"]["data"]["object"]


def test_failed_delivery_is_retried(sandbox, listener, client, pay):
    """D14: 500, 500, 200: three attempts, in the log."""
    client.v1.webhook_endpoints.create(
        {"url": listener.url, "enabled_events": ["payment_intent.succeeded"]}
    )
    listener.statuses[:] = [500, 503]
    pay()
    (event,) = {event["id"] for event in listener.wait_for(3)}
    wait_until(lambda: sandbox.get("/_deliveries")[0]["state"] == "delivered")
    (delivery,) = sandbox.get("/_deliveries", event=event)
    assert [a["status"] for a in delivery["attempts"]] == [500, 503, 200]


def test_delivery_is_given_up(sandbox, listener, client, pay):
    """D14: after the last delay, nothing more."""
    client.v1.webhook_endpoints.create(
        {"url": listener.url, "enabled_events": ["payment_intent.succeeded"]}
    )
    listener.statuses[:] = [500] * 10
    pay()
    wait_until(lambda: sandbox.get("/_deliveries")[0]["state"] == "failed")
    assert len(listener.received) == 3
    (event,) = client.v1.events.list({"type": "payment_intent.succeeded"}).data
    sandbox.post(f"/_events/{event.id}/send")
    listener.statuses.clear()
    assert listener.wait_for(4)[-1]["id"] == event.id


def test_disabled_endpoint_loses_events(sandbox, listener, endpoint, client, pay):
    """D14: what happens meanwhile is not sent later."""
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    pay()
    time.sleep(0.3)
    assert not listener.received
    assert not sandbox.get("/_deliveries")


def test_rolled_secret_signs_beside_the_old_one(sandbox, listener, endpoint, pay):
    """D14: two v1 signatures in one header, each valid for its secret."""
    new = sandbox.post(f"/_webhook_endpoints/{endpoint.id}/roll", {"expires_in": 3600})[
        "secret"
    ]
    pay()
    listener.wait_for(1)
    headers, body = listener.received[0]
    assert headers["Stripe-Signature"].count("v1=") == 2
    for secret in (endpoint.secret, new):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)


def test_nothing_leaves_the_machine(sandbox, client, pay):
    """D14: an endpoint elsewhere is accepted and never called."""
    client.v1.webhook_endpoints.create(
        {"url": "https://shop.example.com/hook", "enabled_events": ["*"]}
    )
    pay()
    wait_until(lambda: sandbox.get("/_deliveries")[0]["state"] == "failed")
    error = sandbox.get("/_deliveries")[0]["attempts"][0]["error"]
    assert "does not leave this machine" in error


def test_events_are_listed(client, pay):
    """D14: by type, by several types, by date."""
    pay()
    listing = client.v1.events.list
    assert len(listing({"type": "charge.succeeded"}).data) == 1
    assert len(listing({"types": ["charge.succeeded", "refund.created"]}).data) == 1
    (event,) = listing({"type": "payment_intent.succeeded"}).data
    assert event.id.startswith("evt_") and event.object == "event"
    assert not listing({"created": {"gt": event.created + 60}}).data
    assert client.v1.events.retrieve(event.id).type == "payment_intent.succeeded"


def test_body_is_json_of_an_event(listener, endpoint, pay):
    """D14: the fields that a handler reads."""
    pay()
    listener.wait_for(1)
    event = json.loads(listener.received[0][1])
    assert event["object"] == "event"
    assert event.keys() >= {
        "id", "api_version", "created", "data", "livemode", "pending_webhooks",
        "request", "type",
    }  # fmt: skip
