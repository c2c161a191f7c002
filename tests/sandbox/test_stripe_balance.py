# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Balance, fees and payouts of the Stripe stand-in."""

import pytest
import stripe

TWO_DAYS = 2 * 24 * 3600


def test_fee_is_taken_from_each_payment(client, pay):
    """D14: 1.5 % and 25 cents, in the balance transaction of the charge."""
    intent = pay(amount=33333)
    (transaction,) = client.v1.balance_transactions.list(
        {"source": intent.latest_charge}
    ).data
    assert (transaction.amount, transaction.fee) == (33333, 525)
    assert transaction.net == 33333 - 525
    assert transaction.fee_details[0].type == "stripe_fee"
    assert transaction.reporting_category == "charge"
    retrieved = client.v1.balance_transactions.retrieve(transaction.id)
    assert retrieved.source == intent.latest_charge


def test_balance_becomes_available(sandbox, client, pay):
    """D14: pending for two days, then available; the sums are those of the lines."""
    pay()
    assert client.v1.balance.retrieve().pending[0].amount == 12000 - 205
    sandbox.post("/_clock", {"advance": TWO_DAYS})
    balance = client.v1.balance.retrieve()
    assert (balance.pending[0].amount, balance.available[0].amount) == (0, 11795)


def test_automatic_payout_lists_its_transactions(sandbox, client, pay):
    """D14: list(payout) sums to nothing left: payments, refund, and the payout."""
    intent = pay()
    pay(amount=5000)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 2000})
    sandbox.post("/_clock", {"advance": TWO_DAYS})
    (payout,) = sandbox.post("/_accounts/acme/payouts")
    assert payout["amount"] == 12000 - 205 + 5000 - 100 - 2000
    lines = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert sorted(line.type for line in lines) == [
        "charge",
        "charge",
        "payout",
        "refund",
    ]
    assert sum(line.net for line in lines) == 0
    assert client.v1.balance_transactions.list({"type": "payout"}).data[0].net == (
        -payout["amount"]
    )
    (paid,) = client.v1.payouts.list({"status": "paid"}).data
    assert paid.reconciliation_status == "completed"
    assert client.v1.events.list({"type": "payout.reconciliation_completed"}).data
    assert sandbox.post("/_accounts/acme/payouts") == []


def test_manual_payout_needs_money(sandbox, client, pay):
    """D14: never more than what is available; a failed one comes back."""
    pay()
    asked = {"amount": 10000, "currency": "eur"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create(asked)
    assert refusal.value.code == "balance_insufficient"
    sandbox.post("/_clock", {"advance": TWO_DAYS})
    payout = client.v1.payouts.create(asked)
    assert client.v1.balance.retrieve().available[0].amount == 1795
    sandbox.post(f"/_payouts/{payout.id}", {"status": "failed"})
    assert client.v1.payouts.retrieve(payout.id).failure_code == "account_closed"
    assert client.v1.balance.retrieve().available[0].amount == 11795


def test_transactions_are_listed_by_date(sandbox, client, pay):
    """D14: a window of time."""
    pay()
    before = sandbox.get("/_state")["clock"]
    sandbox.post("/_clock", {"advance": 3600})
    pay()
    listing = client.v1.balance_transactions.list
    assert len(listing({"created": {"gt": before + 60}}).data) == 1
    assert len(listing({"created": {"lte": before + 60}}).data) == 1
    assert len(listing().data) == 2


def test_sources_are_expanded(sandbox, client, pay):
    """D14: each movement with what it is about: payment, refund, dispute, payout."""
    intent = pay()
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 2000})
    sandbox.post(f"/_payment_intents/{pay().id}/dispute")
    pay(amount=90000)
    sandbox.post("/_clock", {"advance": TWO_DAYS})
    sandbox.post("/_accounts/acme/payouts")
    lines = client.v1.balance_transactions.list({"expand": ["data.source"]}).data
    kinds = {line.reporting_category: line.source.object for line in lines}
    assert kinds == {
        "charge": "charge",
        "refund": "refund",
        "dispute": "dispute",
        "payout": "payout",
    }
    charge = next(line.source for line in lines if line.source.object == "charge")
    assert charge.payment_intent.startswith("pi_")


def test_manual_payout_has_no_list(sandbox, client, pay):
    """D14: Stripe lists what an automatic payout paid, never a manual one."""
    pay()
    sandbox.post("/_clock", {"advance": TWO_DAYS})
    payout = client.v1.payouts.create({"amount": 1000, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="automatic"):
        client.v1.balance_transactions.list({"payout": payout.id})


def test_payout_comes_back_after_it_was_paid(sandbox, client, pay, listener):
    """D14: a bank may send back days later what it took: told, and on the balance."""
    events = ["payout.paid", "payout.failed"]
    client.v1.webhook_endpoints.create({"url": listener.url, "enabled_events": events})
    pay()
    sandbox.post("/_clock", {"advance": TWO_DAYS})
    (payout,) = sandbox.post("/_accounts/acme/payouts")
    # Two deliveries at once race each other: the first must have arrived.
    listener.wait_for(1)
    sandbox.post(f"/_payouts/{payout['id']}", {"status": "failed"})
    assert [event["type"] for event in listener.wait_for(2)] == events
    back = client.v1.balance_transactions.list({"type": "payout_failure"}).data[0]
    assert (back.net, back.reporting_category) == (11795, "payout_reversal")


def test_page_orders_payouts_and_disputes(sandbox, client, pay):
    """D14: on the page for people, a button pays out, another opens a dispute."""
    intent = pay()
    page = sandbox.page()
    assert f'data-path="/_payment_intents/{intent.id}/dispute"' in page
    assert 'data-path="/_accounts/acme/payouts"' in page
    sandbox.post(f"/_payment_intents/{intent.id}/dispute")
    (dispute,) = client.v1.disputes.list().data
    assert f'data-path="/_disputes/{dispute.id}" data-status="won"' in sandbox.page()
