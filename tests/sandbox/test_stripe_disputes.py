# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Disputes and account changes of the Stripe stand-in."""

import pytest
import stripe


@pytest.fixture
def disputed(sandbox, pay):
    """A payment that its buyer contests; gives the dispute."""
    intent = pay()
    return sandbox.post(f"/_payment_intents/{intent.id}/dispute")


def amounts(client):
    """What moved on the balance, oldest first, net of fees."""
    return [line.net for line in client.v1.balance_transactions.list().data][::-1]


def test_dispute_takes_the_money(sandbox, client, disputed):
    """D14: amount and fee leave the balance; no refund meanwhile."""
    charge = client.v1.charges.retrieve(disputed["charge"])
    assert charge.disputed
    assert amounts(client) == [11795, -14000]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"
    (listed,) = client.v1.disputes.list({"charge": charge.id}).data
    assert (listed.status, listed.reason) == ("needs_response", "fraudulent")


@pytest.mark.parametrize(
    ("status", "moved"), [("won", [11795, -14000, 12000]), ("lost", [11795, -14000])]
)
def test_dispute_is_decided(sandbox, client, listener, disputed, status, moved):
    """D14: won gives the amount back, not the fee; then it is closed for good."""
    client.v1.webhook_endpoints.create(
        {"url": listener.url, "enabled_events": ["charge.dispute.closed"]}
    )
    answered = client.v1.disputes.update(
        disputed["id"], {"evidence": {"customer_name": "Camille"}}
    )
    assert answered.status == "under_review"
    sandbox.post(f"/_disputes/{disputed['id']}", {"status": status})
    assert client.v1.disputes.retrieve(disputed["id"]).status == status
    assert amounts(client) == moved
    assert listener.wait_for(1)[0]["data"]["object"]["status"] == status
    with pytest.raises(AssertionError, match="already closed"):
        sandbox.post(f"/_disputes/{disputed['id']}", {"status": "won"})


def test_unpaid_payment_cannot_be_disputed(sandbox, client):
    """D14: there is nothing to contest."""
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    with pytest.raises(AssertionError, match="cannot be disputed"):
        sandbox.post(f"/_payment_intents/{intent.id}/dispute")


def test_account_change_is_told(sandbox, listener, endpoint):
    """D14: account.updated when Stripe stops the payouts."""
    sandbox.post("/_accounts/acme", {"payouts_enabled": False})
    (event,) = listener.wait_for(1)
    assert event["type"] == "account.updated"
    assert event["data"]["object"]["payouts_enabled"] is False
