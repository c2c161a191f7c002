# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The calls of Odoo's own Stripe module, word for word, to the stand-in."""

import requests

HEADERS = {
    "AUTHORIZATION": "Bearer sk_test_acme_1",
    "Stripe-Version": "2019-05-16",
}


def call(sandbox, method, endpoint, data=None, **headers):
    """As Odoo sends it: a form in the body, whatever the method."""
    answer = requests.request(
        method,
        f"{sandbox.url}/v1/{endpoint}",
        data=data,
        headers={**HEADERS, **headers},
        timeout=10,
    )
    assert answer.ok, answer.text
    return answer.json()


def create_intent(sandbox, **values):
    """A customer, then an intent with everything that Odoo puts in it."""
    customer = call(
        sandbox,
        "POST",
        "customers",
        {
            "address[city]": "Paris",
            "address[country]": "FR",
            "address[state]": None,
            "description": "Odoo Partner: Camille (id: 42)",
            "email": "camille@example.com",
            "name": "Camille",
            "phone": "+33612345678",
        },
    )
    data = {
        "amount": 12000,
        "currency": "eur",
        "description": "S00042",
        "capture_method": "automatic",
        "payment_method_types[]": "card",
        "expand[]": "payment_method",
        "shipping[address][city]": "Paris",
        "shipping[address][line2]": "",
        "shipping[name]": "Camille",
        "customer": customer["id"],
        **values,
    }
    key = {"Idempotency-Key": f"odoo-{len(sandbox.get('/_requests'))}"}
    return call(sandbox, "POST", "payment_intents", data, **key)


def test_webhook_button(sandbox):
    """D14: the button of the provider's form."""
    webhook = call(
        sandbox,
        "POST",
        "webhook_endpoints",
        {
            "url": "http://127.0.0.1:8069/payment/stripe/webhook",
            "enabled_events[]": ["payment_intent.succeeded", "charge.refunded"],
            "api_version": "2019-05-16",
        },
    )
    assert webhook["secret"].startswith("whsec_")
    assert webhook["enabled_events"] == ["payment_intent.succeeded", "charge.refunded"]


def test_return_from_payment(sandbox):
    """D14: Odoo asks to expand in the body of a GET; the card's brand comes back."""
    saved = create_intent(sandbox, setup_future_usage="off_session")
    data = {"payment_method": "pm_card_mastercard"}
    call(sandbox, "POST", f"payment_intents/{saved['id']}/confirm", data)
    expand = {"expand[]": "payment_method"}
    intent = call(sandbox, "GET", f"payment_intents/{saved['id']}", expand)
    assert intent["payment_method"]["card"]["brand"] == "mastercard"
    details = intent["charges"]["data"][0]["payment_method_details"]
    assert details[details["type"]]["mandate"] is None
    methods = call(sandbox, "GET", f"customers/{intent['customer']}/payment_methods")
    assert methods["data"][0]["id"] == intent["payment_method"]["id"]


def test_token_pays(sandbox):
    """D14: confirm, off_session, and a saved method, in one call."""
    first = create_intent(sandbox, setup_future_usage="off_session")
    data = {"payment_method": "pm_card_visa"}
    first = call(sandbox, "POST", f"payment_intents/{first['id']}/confirm", data)
    second = create_intent(
        sandbox,
        confirm=True,
        off_session=True,
        customer=first["customer"],
        payment_method=first["payment_method"],
    )
    assert second["status"] == "succeeded"


def test_refund_and_void(sandbox):
    """D14: refund by intent; capture and void of an authorised payment."""
    paid = create_intent(sandbox, confirm=True, payment_method="pm_card_visa")
    data = {"payment_intent": paid["id"], "amount": 12000}
    assert call(sandbox, "POST", "refunds", data)["status"] == "succeeded"
    manual = {
        "capture_method": "manual",
        "confirm": True,
        "payment_method": "pm_card_visa",
    }
    captured = create_intent(sandbox, **manual)["id"]
    path = f"payment_intents/{captured}/capture"
    assert call(sandbox, "POST", path)["status"] == "succeeded"
    voided = create_intent(sandbox, **manual)["id"]
    path = f"payment_intents/{voided}/cancel"
    assert call(sandbox, "POST", path)["status"] == "canceled"


def test_validation_and_apple_pay(sandbox):
    """D14: a card saved from the portal; the domain's registration in test mode."""
    data = {"description": "V-1", "payment_method_types[]": "card"}
    assert call(sandbox, "POST", "setup_intents", data)["client_secret"]
    domain = call(sandbox, "POST", "apple_pay/domains", {"domain_name": "localhost"})
    assert domain["livemode"] is False
