# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts and keys of the Stripe stand-in."""

import pytest
import stripe


def test_key_tells_its_account(sandbox):
    """D14: several keys, several accounts; a restricted key of the same one."""
    acme = sandbox.client("sk_test_acme_1").v1.accounts.retrieve_current()
    also_acme = sandbox.client("rk_test_acme_2").v1.accounts.retrieve_current()
    other = sandbox.client("sk_test_other_1").v1.accounts.retrieve_current()
    assert acme.id == also_acme.id != other.id
    assert acme.id.startswith("acct_")
    assert (acme.country, acme.default_currency) == ("FR", "eur")
    assert acme.charges_enabled and acme.payouts_enabled
    assert acme.settings.dashboard.display_name == "Acme"
    assert acme.business_profile.name == "Acme"


def test_account_can_be_declared(sandbox):
    """D14: an account that may not charge yet, of another country."""
    sandbox.post("/_accounts/acme", {"country": "BE", "charges_enabled": False})
    account = sandbox.client().v1.accounts.retrieve_current()
    assert (account.country, account.charges_enabled) == ("BE", False)
    with pytest.raises(stripe.InvalidRequestError, match="cannot currently make"):
        sandbox.client().v1.payment_intents.create({"amount": 500, "currency": "eur"})


def test_objects_of_another_account_do_not_exist(sandbox, pay):
    """D14: what one account made, another one's key cannot see, count or refund."""
    intent = pay()
    stranger = sandbox.client("sk_test_other_1")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        stranger.v1.payment_intents.retrieve(intent.id)
    assert refusal.value.code == "resource_missing"
    assert refusal.value.http_status == 404
    with pytest.raises(stripe.InvalidRequestError):
        stranger.v1.refunds.create({"payment_intent": intent.id})
    assert not stranger.v1.payment_intents.list().data
    assert not stranger.v1.events.list().data


def test_live_and_test_modes_are_apart(sandbox, pay):
    """D14: same account, two modes; the refusal says that the object is elsewhere."""
    intent = pay()
    live = sandbox.client("sk_live_sandboxacme_1")
    assert live.v1.payment_intents.create({"amount": 500, "currency": "eur"}).livemode
    sandbox.post("/_keys/sk_live_sandboxacme_2", {"account": "acme"})
    same_account = sandbox.client("sk_live_sandboxacme_2")
    with pytest.raises(stripe.InvalidRequestError, match="exists in test mode"):
        same_account.v1.payment_intents.retrieve(intent.id)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("nonsense", "Invalid API Key provided"),
        ("sk_test_acme_revoked", "Expired API Key provided: sk_test_"),
        ("sk_live_51RealLooking", "Invalid API Key provided"),
    ],
)
def test_bad_key_is_refused(sandbox, key, message):
    """D14: malformed, revoked, or real live key: 401, and the key is masked."""
    with pytest.raises(stripe.AuthenticationError, match=message) as refusal:
        sandbox.client(key).v1.balance.retrieve()
    assert refusal.value.http_status == 401
    assert key not in str(refusal.value)


def test_key_can_be_revoked(sandbox, client):
    """D14: a key that worked stops working."""
    client.v1.balance.retrieve()
    sandbox.post("/_keys/sk_test_acme_1", {"revoked": True})
    with pytest.raises(stripe.AuthenticationError, match="Expired API Key"):
        client.v1.balance.retrieve()


def test_restricted_key_lacks_permission(sandbox):
    """D14: 403 which names the missing permission; what was granted works."""
    sandbox.post("/_keys/rk_test_acme_1", {"permissions": ["rak_payment_intent_write"]})
    restricted = sandbox.client("rk_test_acme_1")
    restricted.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    with pytest.raises(stripe.PermissionError, match="rak_charge_write"):
        restricted.v1.refunds.create({"payment_intent": "pi_1"})


def test_publishable_key_is_checked_by_reading_an_intent(sandbox, client):
    """D14: the way a client checks that two keys are of one account."""
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    path = f"payment_intents/{intent.id}"
    secret = intent.client_secret
    own = sandbox.browser("GET", path, client_secret=secret)
    assert own.json()["status"] == "requires_payment_method"
    assert not {"metadata", "customer", "charges"} & own.json().keys()
    other = sandbox.browser("GET", path, key="pk_test_other_1", client_secret=secret)
    assert other.status_code == 404
    assert other.json()["error"]["code"] == "resource_missing"
    wrong = sandbox.browser("GET", path, client_secret="pi_1_secret_2")
    assert wrong.status_code == 400
    assert "does not match any associated" in wrong.json()["error"]["message"]
    client.v1.payment_intents.cancel(intent.id)


def test_publishable_key_is_not_a_secret_key(sandbox):
    """D14: with the public key one cannot read or move anything."""
    for method, path in (("GET", "account"), ("POST", "refunds"), ("GET", "events")):
        answer = sandbox.browser(method, path)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "secret_key_required"
