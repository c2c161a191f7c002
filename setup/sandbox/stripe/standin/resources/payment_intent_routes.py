# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payment intents: the calls, from the server and from the browser."""

import hmac

from ..engine import fetch, store
from ..errors import ApiError
from ..listing import page
from ..objects import merge_metadata
from . import payment_methods
from .payment_intent_params import (
    check_account,
    check_amount,
    find_method,
    read_automatic,
    read_confirmation,
    read_description,
)
from .payment_intents import CANCELABLE, PaymentIntent, exported_for

REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


def create(call):
    """POST /v1/payment_intents"""
    params = call.params
    amount = params.integer("amount", required=True)
    currency = (params.string("currency", required=True) or "").lower()
    customer = params.string("customer")
    automatic = params.mapping("automatic_payment_methods")
    types = params.array("payment_method_types")
    values = {
        **read_description(params),
        "capture_method": params.string(
            "capture_method", choices=("automatic", "automatic_async", "manual")
        ) or ("automatic" if call.version < "2023-08-16" else "automatic_async"),
        "metadata": params.mapping("metadata") or {},
        "payment_method_options": params.mapping("payment_method_options") or {},
    }  # fmt: skip
    confirmation = read_confirmation(call)
    params.done()
    check_account(call.account)
    check_amount(amount, currency)
    if customer:
        fetch("customer", customer, "customer")
    method = find_method(confirmation)
    intent = PaymentIntent(
        amount=amount,
        currency=currency,
        customer=customer,
        payment_method=method.id if method else None,
        payment_method_types=types or ["card"],
        automatic_payment_methods=read_automatic(automatic),
        **values,
    )
    if confirmation["confirm"]:
        _confirm(intent, method, confirmation)
    return intent


def _confirm(intent, method, confirmation):
    if method is None and intent.payment_method:
        method = fetch("payment_method", intent.payment_method)
    if method is None:
        raise intent._unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment"
            " method. You can either update the PaymentIntent with a payment method and"
            " then confirm it again, or confirm it again directly with one."
        )
    if method.type not in intent.payment_method_types and not (
        intent.automatic_payment_methods
    ):
        raise ApiError(
            400,
            f"The PaymentMethod provided ({method.type}) is not allowed for this"
            " PaymentIntent. Please attach a PaymentMethod of one of the following"
            f" types: {', '.join(intent.payment_method_types)}.",
            code="payment_intent_invalid_parameter",
            param="payment_method",
        )
    intent._confirm(
        method,
        off_session=confirmation["off_session"],
        in_page=confirmation["in_page"],
        return_url=confirmation["return_url"],
    )


def _fetch_for(call):
    """The intent of the path; a browser must also show its client secret."""
    if not call.is_browser:
        return fetch("payment_intent", call.ids["id"], "intent")
    secret = call.params.string("client_secret", required=True)
    intent = fetch("payment_intent", call.ids["id"], "intent")
    if not hmac.compare_digest(secret, intent.client_secret):
        raise ApiError(
            400,
            "The client_secret provided does not match any associated PaymentIntent on"
            " this account. Ensure the publishable key used belongs to the same account"
            " that created the PaymentIntent.",
            param="client_secret",
            code="payment_intent_invalid_parameter",
        )
    return intent


def retrieve(call):
    """GET /v1/payment_intents/{id}, with a secret or a publishable key."""
    intent = _fetch_for(call)
    call.params.take("client_secret")
    call.params.done()
    return exported_for(call, intent)


def update(call):
    """POST /v1/payment_intents/{id}"""
    params = call.params
    intent = fetch("payment_intent", call.ids["id"], "intent")
    amount = params.integer("amount")
    currency = params.string("currency")
    customer = params.string("customer")
    method = params.string("payment_method")
    metadata = params.mapping("metadata")
    values = read_description(params)
    params.done()
    if (amount or currency) and intent.status not in CANCELABLE[:1] + CANCELABLE[2:4]:
        raise intent._unexpected_state(
            "This PaymentIntent's amount could not be updated because it has a status"
            f" of {intent.status}."
        )
    if amount or currency:
        check_amount(amount or intent.amount, currency or intent.currency)
        intent.amount = amount or intent.amount
        intent.currency = currency or intent.currency
    if customer:
        intent.customer = fetch("customer", customer, "customer").id
    if method:
        intent.payment_method = payment_methods.find(method).id
        intent._status = "requires_confirmation"
    for name, value in values.items():
        if value is not None:
            setattr(intent, name, value)
    merge_metadata(intent, metadata)
    return intent


def confirm(call):
    """POST /v1/payment_intents/{id}/confirm, by the server or by Stripe.js."""
    intent = _fetch_for(call)
    confirmation = read_confirmation(call)
    if receipt_email := call.params.string("receipt_email"):
        intent.receipt_email = receipt_email
    if shipping := call.params.mapping("shipping"):
        intent.shipping = shipping
    if usage := call.params.string("setup_future_usage"):
        intent.setup_future_usage = usage
    call.params.take("client_secret")
    call.params.done()
    if intent.status in ("succeeded", "requires_capture", "processing"):
        raise intent._unexpected_state(
            "You cannot confirm this PaymentIntent because it has already succeeded"
            " after being previously confirmed."
        )
    if intent.status not in CANCELABLE:
        raise intent._unexpected_state(
            "You cannot confirm this PaymentIntent because it has a status of"
            f" {intent.status}."
        )
    _confirm(intent, find_method(confirmation), confirmation)
    return exported_for(call, intent)


def authenticate(call):
    """POST /v1/payment_intents/{id}/_authenticate: the answer to the challenge."""
    intent = _fetch_for(call)
    success = call.params.boolean("success")
    call.params.done()
    if intent.status != "requires_action":
        raise intent._unexpected_state("This PaymentIntent awaits no authentication.")
    intent._authenticate(bool(success))
    return exported_for(call, intent)


def cancel(call):
    """POST /v1/payment_intents/{id}/cancel"""
    intent = fetch("payment_intent", call.ids["id"], "intent")
    reason = call.params.string("cancellation_reason", choices=REASONS)
    call.params.done()
    if intent.status not in CANCELABLE:
        raise intent._unexpected_state(
            "You cannot cancel this PaymentIntent because it has a status of"
            f" {intent.status}. Only a PaymentIntent with one of the following statuses"
            f" may be canceled: {', '.join(CANCELABLE)}."
        )
    intent._cancel(reason)
    return intent


def capture(call):
    """POST /v1/payment_intents/{id}/capture"""
    intent = fetch("payment_intent", call.ids["id"], "intent")
    amount = call.params.integer("amount_to_capture", minimum=1)
    metadata = call.params.mapping("metadata")
    call.params.done()
    if intent.status != "requires_capture":
        raise intent._unexpected_state(
            "This PaymentIntent could not be captured because it has a status of"
            f" {intent.status}. Only a PaymentIntent with one of the following statuses"
            " may be captured: requires_capture."
        )
    if amount and amount > intent.amount:
        raise ApiError(
            400, "The amount to capture is greater than the amount authorized.",
            code="amount_too_large", param="amount_to_capture",
        )  # fmt: skip
    merge_metadata(intent, metadata)
    intent._capture(amount)
    return intent


def list_all(call):
    """GET /v1/payment_intents, by customer and date."""
    customer = call.params.string("customer")
    in_window = call.params.window()
    return page(
        call,
        "payment_intent",
        [
            intent
            for intent in store.of_kind("payment_intent")
            if in_window(intent.created)
            and (not customer or intent.customer == customer)
        ],
    )


ROUTES = (
    ("POST", "/v1/payment_intents", create),
    ("GET", "/v1/payment_intents", list_all),
    ("GET", "/v1/payment_intents/{id}", retrieve),
    ("POST", "/v1/payment_intents/{id}", update),
    ("POST", "/v1/payment_intents/{id}/confirm", confirm),
    ("POST", "/v1/payment_intents/{id}/_authenticate", authenticate),
    ("POST", "/v1/payment_intents/{id}/cancel", cancel),
    ("POST", "/v1/payment_intents/{id}/capture", capture),
)
