# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payment intents of the Stripe stand-in."""

import pytest
import requests
import stripe
from stand_in import wait_until

CARD = {"exp_month": "12", "exp_year": "2031", "cvc": "123"}


def confirm(sandbox, intent, number, **data):
    """Confirm as Stripe.js does, with a card typed in a browser."""
    card = {f"payment_method_data[card][{k}]": v for k, v in CARD.items()}
    return sandbox.browser(
        "POST",
        f"payment_intents/{intent.id}/confirm",
        client_secret=intent.client_secret,
        **{
            "payment_method_data[type]": "card",
            "payment_method_data[card][number]": number,
            "use_stripe_sdk": "true",
            **card,
            **data,
        },
    ).json()


@pytest.fixture
def intent(client):
    return client.v1.payment_intents.create(
        {"amount": 12000, "currency": "eur", "description": "S00042"}
    )


def test_intent_keeps_what_it_was_given(client):
    """D14: the parameters that localstripe refuses."""
    customer = client.v1.customers.create({"name": "Camille", "description": "42"})
    given = {
        "amount": 12000,
        "currency": "eur",
        "customer": customer.id,
        "description": "S00042",
        "metadata": {"order": "S00042"},
        "receipt_email": "camille@example.com",
        "setup_future_usage": "off_session",
        "automatic_payment_methods": {"enabled": True},
        "shipping": {"name": "Camille", "address": {"city": "Paris"}},
        "statement_descriptor_suffix": "FORMATION",
    }
    intent = client.v1.payment_intents.create(given)
    kept = client.v1.payment_intents.retrieve(intent.id).to_dict()
    assert {name: kept[name] for name in given} == given
    assert kept["status"] == "requires_payment_method"


def test_unknown_parameter_is_refused(client):
    """D14: as at Stripe, a misspelt parameter is an error."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(
            {"amount": 500, "currency": "eur", "descripton": "x"}
        )
    assert refusal.value.code == "parameter_unknown"
    assert refusal.value.param == "descripton"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"currency": "eur"}, "parameter_missing"),
        ({"amount": "12.5", "currency": "eur"}, "parameter_invalid_integer"),
        ({"amount": 49, "currency": "eur"}, "amount_too_small"),
        ({"amount": 100_000_000, "currency": "eur"}, "amount_too_large"),
    ],
)
def test_bad_amount_is_refused(client, values, code):
    """D14: missing, not in minor units, too small, too large."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(values)
    assert refusal.value.code == code


def test_browser_confirms_with_publishable_key(sandbox, client, intent):
    """D14: pk + client_secret + card → paid, one line in the journal."""
    confirmed = confirm(sandbox, intent, "4242424242424242")
    assert confirmed["status"] == "succeeded"
    charge = client.v1.charges.list({"payment_intent": intent.id}).data[0]
    assert (charge.amount, charge.description) == (12000, "S00042")
    assert charge.payment_method_details.card.last4 == "4242"
    (line,) = sandbox.get("/_journal")
    assert (line["kind"], line["amount"], line["reference"]) == (
        "capture",
        12000,
        "S00042",
    )


def test_declined_card_can_be_tried_again(sandbox, client, intent):
    """D14: card_declined, no money moved; then another card pays."""
    error = confirm(sandbox, intent, "4000000000000002")["error"]
    assert (error["type"], error["code"]) == ("card_error", "card_declined")
    assert error["decline_code"] == "generic_decline"
    assert error["message"] == "Your card was declined."
    failed = client.v1.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "card_declined"
    assert not sandbox.get("/_journal")
    assert confirm(sandbox, intent, "4242424242424242")["status"] == "succeeded"


def test_real_card_number_is_refused(sandbox, intent):
    """D14: a number that is no test card is neither accepted nor kept."""
    error = confirm(sandbox, intent, "4970100000000154")["error"]
    assert error["decline_code"] == "test_mode_live_card"
    assert "4970100000000154" not in str(sandbox.get("/_state"))


@pytest.mark.parametrize(
    ("success", "status"),
    [("true", "succeeded"), ("false", "requires_payment_method")],
)
def test_challenge_in_the_page(sandbox, client, intent, success, status):
    """D14: 3-D Secure over the shop's page, accepted or refused."""
    asked = confirm(sandbox, intent, "4000002500003155")
    assert asked["status"] == "requires_action"
    assert asked["next_action"]["type"] == "use_stripe_sdk"
    sandbox.browser(
        "POST",
        f"payment_intents/{intent.id}/_authenticate",
        client_secret=intent.client_secret,
        success=success,
    )
    intent = client.v1.payment_intents.retrieve(intent.id)
    assert intent.status == status
    if success == "false":
        assert intent.last_payment_error.code == "payment_intent_authentication_failure"


@pytest.mark.parametrize(
    ("answer", "status"), [("accept", "succeeded"), ("refuse", "failed")]
)
def test_challenge_on_the_bank_page(sandbox, intent, answer, status):
    """D14: a page of its own, then back to the shop with the result."""
    asked = confirm(
        sandbox, intent, "4000002760003184", return_url="http://127.0.0.1:1/back?r=S1"
    )
    page = asked["next_action"]["redirect_to_url"]["url"]
    assert "Autoriser" in requests.get(page, timeout=5).text
    back = requests.post(
        page,
        data={"answer": answer, "client_secret": intent.client_secret},
        allow_redirects=False,
        timeout=5,
    )
    assert back.status_code == 303
    assert back.headers["Location"].startswith("http://127.0.0.1:1/back?r=S1&")
    assert f"payment_intent={intent.id}" in back.headers["Location"]
    assert f"redirect_status={status}" in back.headers["Location"]


def test_challenge_page_needs_the_client_secret(sandbox, intent):
    """D14: nobody authorises another one's payment."""
    confirm(sandbox, intent, "4000002760003184")
    page = f"{sandbox.url}/_3ds/{intent.id}?client_secret=guess"
    assert requests.get(page, timeout=5).status_code == 404


def test_intent_can_be_cancelled_until_paid(client, intent, pay):
    """D14: with its reason; never once it succeeded."""
    reason = {"cancellation_reason": "abandoned"}
    cancelled = client.v1.payment_intents.cancel(intent.id, reason)
    assert (cancelled.status, cancelled.cancellation_reason) == (
        "canceled",
        "abandoned",
    )
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.cancel(pay().id)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_cancelled_intent_takes_no_money(sandbox, client, intent):
    """D14: a buyer who stayed on the page cannot pay what was cancelled."""
    client.v1.payment_intents.cancel(intent.id)
    error = confirm(sandbox, intent, "4242424242424242")["error"]
    assert error["code"] == "payment_intent_unexpected_state"
    assert not sandbox.get("/_journal")


def test_manual_capture_of_a_part(sandbox, client, pay):
    """D14: authorised, then captured for less."""
    intent = pay(capture_method="manual")
    assert intent.status == "requires_capture"
    assert not sandbox.get("/_journal")
    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 9000})
    assert (captured.status, captured.amount_received) == ("succeeded", 9000)
    assert [line["amount"] for line in sandbox.get("/_journal")] == [9000]


def test_lists_filter_and_page(client, pay):
    """D14: by customer; cursors give every object once, newest first."""
    customer = client.v1.customers.create({"name": "Camille"})
    ids = [pay(customer=customer.id).id for _number in range(5)]
    pay()
    found = client.v1.payment_intents.list({"customer": customer.id, "limit": 2})
    assert [intent.id for intent in found.auto_paging_iter()] == ids[::-1]
    last = client.v1.payment_intents.list({"ending_before": ids[0], "limit": 2})
    assert [intent.id for intent in last.data] == [ids[2], ids[1]]


def test_expand_reaches_the_fee(client, pay):
    """D14: latest_charge.balance_transaction in one call; else ids."""
    intent = pay()
    assert isinstance(intent.latest_charge, str)
    expand = {"expand": ["latest_charge.balance_transaction"]}
    intent = client.v1.payment_intents.retrieve(intent.id, expand)
    assert intent.latest_charge.balance_transaction.fee == 205


def test_older_version_embeds_charges(sandbox, pay):
    """D14: what Odoo's module reads at 2019-05-16 is gone at the latest version."""
    id = pay().id
    old = sandbox.client(stripe_version="2019-05-16").v1.payment_intents.retrieve(id)
    assert old.charges.data[0].payment_method_details.card.last4 == "4242"
    assert old.charges.data[0].refunds.total_count == 0
    new = sandbox.client().v1.payment_intents.retrieve(id)
    assert "charges" not in new


def test_saved_card_pays_later_without_the_buyer(client, pay):
    """D14: setup_future_usage saves the card; off session it pays again."""
    customer = client.v1.customers.create({"name": "Camille"}).id
    pay(customer=customer, setup_future_usage="off_session")
    (saved,) = client.v1.customers.payment_methods.list(customer).data
    later = pay(customer=customer, payment_method=saved.id, off_session=True)
    assert later.status == "succeeded"
    with pytest.raises(stripe.CardError) as refusal:
        pay(payment_method="pm_card_authenticationRequired", off_session=True)
    assert refusal.value.code == "authentication_required"


def test_bank_debit_takes_time(sandbox, client, pay):
    """D14: processing, then succeeded; a failing IBAN fails later."""
    good, bad = (
        pay(
            payment_method=None,
            payment_method_types=["sepa_debit"],
            payment_method_data={"type": "sepa_debit", "sepa_debit": {"iban": iban}},
        )
        for iban in ("FR1420041010050500013M02606", "FR3020041010050500013M02609")
    )
    assert (good.status, bad.status) == ("processing", "processing")
    retrieve = client.v1.payment_intents.retrieve
    wait_until(lambda: retrieve(good.id).status == "succeeded")
    wait_until(lambda: retrieve(bad.id).status == "requires_payment_method")
    assert len(sandbox.get("/_journal")) == 1


def test_setup_intent_saves_a_card(sandbox, client):
    """D14: a card kept without paying, confirmed by the browser."""
    customer = client.v1.customers.create({"name": "Camille"}).id
    intent = client.v1.setup_intents.create(
        {"customer": customer, "description": "V1", "payment_method_types": ["card"]}
    )
    card = {f"payment_method_data[card][{k}]": v for k, v in CARD.items()}
    confirmed = sandbox.browser(
        "POST",
        f"setup_intents/{intent.id}/confirm",
        client_secret=intent.client_secret,
        **{
            "payment_method_data[type]": "card",
            "payment_method_data[card][number]": "4242424242424242",
            **card,
        },
    ).json()
    assert confirmed["status"] == "succeeded"
    assert client.v1.customers.payment_methods.list(customer).data[0].type == "card"
