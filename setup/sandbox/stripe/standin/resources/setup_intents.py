# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Setup intents: a payment method saved without paying."""

import hmac

from localstripe import resources

from ..cards import decline_error
from ..engine import current_call, fetch, new_id, store
from ..errors import ApiError
from ..listing import page
from ..objects import begin, merge_metadata
from . import payment_methods
from .events import publish


class SetupIntent(resources.SetupIntent):
    """An intention to save a payment method."""

    def __init__(self, **values):
        begin(self)
        self.client_secret = f"{self.id}_secret_{new_id('', 24)}"
        self.application = None
        self.cancellation_reason = None
        self.last_setup_error = None
        self.latest_attempt = None
        self.mandate = None
        self.next_action = None
        self.payment_method = None
        self.status = "requires_payment_method"
        for name, value in values.items():
            setattr(self, name, value)
        publish("setup_intent.created", self)

    def _confirm(self, method):
        self.payment_method = method.id
        if decline := method._behaviour.decline:
            self._refuse(*decline_error(decline))
        if method._needs_challenge():
            details = {"type": "three_d_secure_redirect", "stripe_js": ""}
            self.next_action = {"type": "use_stripe_sdk", "use_stripe_sdk": details}
            self.status = "requires_action"
        else:
            self._succeed(method)

    def _authenticate(self, success):
        self.next_action = None
        method = fetch("payment_method", self.payment_method)
        if success:
            method._authenticated = True
            self._succeed(method)
        else:
            self._refuse(
                "setup_intent_authentication_failure",
                None,
                "We are unable to authenticate your payment method. Please choose a"
                " different payment method and try again.",
            )

    def _succeed(self, method):
        self.status = "succeeded"
        if self.customer:
            payment_methods.save_for(method, self.customer)
        publish("setup_intent.succeeded", self)

    def _refuse(self, code, decline_code, message):
        self.last_setup_error = {
            "code": code,
            "decline_code": decline_code,
            "message": message,
        }
        self.payment_method = None
        self.status = "requires_payment_method"
        publish("setup_intent.setup_failed", self)
        raise ApiError(
            402, message, type="card_error", code=code, decline_code=decline_code,
            setup_intent=exported_for(current_call.get(), self),
        )  # fmt: skip


def exported_for(call, intent):
    """The intent as this key may see it."""
    exported = intent._export(expand=[] if call.is_browser else call.expand)
    if call.is_browser:
        for name in ("application", "customer", "metadata", "mandate"):
            del exported[name]
    return exported


def create(call):
    """POST /v1/setup_intents"""
    params = call.params
    customer = params.string("customer")
    values = {
        "customer": customer,
        "automatic_payment_methods": params.mapping("automatic_payment_methods"),
        "description": params.string("description"),
        "metadata": params.mapping("metadata") or {},
        "payment_method_options": params.mapping("payment_method_options") or {},
        "payment_method_types": params.array("payment_method_types") or ["card"],
        "usage": params.string("usage") or "off_session",
    }
    method = params.string("payment_method")
    confirmed = params.boolean("confirm")
    params.done()
    if customer:
        fetch("customer", customer, "customer")
    method = payment_methods.find(method) if method else None
    intent = SetupIntent(**values)
    if method:
        intent.payment_method = method.id
        intent.status = "requires_confirmation"
    if confirmed and method:
        intent._confirm(method)
    return intent


def _fetch_for(call):
    intent = fetch("setup_intent", call.ids["id"], "intent")
    secret = call.params.string("client_secret", required=call.is_browser)
    if secret and not hmac.compare_digest(secret, intent.client_secret):
        raise ApiError(
            400,
            "The client_secret provided does not match any associated SetupIntent on"
            " this account.",
            param="client_secret",
            code="setup_intent_invalid_parameter",
        )
    return intent


def retrieve(call):
    """GET /v1/setup_intents/{id}"""
    intent = _fetch_for(call)
    call.params.done()
    return exported_for(call, intent)


def update(call):
    """POST /v1/setup_intents/{id}"""
    intent = fetch("setup_intent", call.ids["id"], "intent")
    description = call.params.string("description")
    metadata = call.params.mapping("metadata")
    call.params.done()
    intent.description = description or intent.description
    merge_metadata(intent, metadata)
    return intent


def confirm(call):
    """POST /v1/setup_intents/{id}/confirm"""
    intent = _fetch_for(call)
    params = call.params
    method = params.string("payment_method")
    data = params.mapping("payment_method_data")
    for name in (
        "return_url", "use_stripe_sdk", "mandate_data", "expected_payment_method_type",
    ):  # fmt: skip
        params.take(name)
    params.done()
    if intent.status in ("succeeded", "canceled"):
        raise ApiError(
            400,
            "You cannot confirm this SetupIntent because it has a status of"
            f" {intent.status}.",
            code="setup_intent_unexpected_state",
        )
    if data:
        method = payment_methods.make(data)
    elif method or intent.payment_method:
        method = payment_methods.find(method or intent.payment_method)
    else:
        raise ApiError(
            400, "You cannot confirm this SetupIntent because it's missing a payment"
            " method.", code="setup_intent_unexpected_state",
        )  # fmt: skip
    intent._confirm(method)
    return exported_for(call, intent)


def authenticate(call):
    """POST /v1/setup_intents/{id}/_authenticate: the answer to the challenge."""
    intent = _fetch_for(call)
    success = call.params.boolean("success")
    call.params.done()
    intent._authenticate(bool(success))
    return exported_for(call, intent)


def cancel(call):
    """POST /v1/setup_intents/{id}/cancel"""
    intent = fetch("setup_intent", call.ids["id"], "intent")
    intent.cancellation_reason = call.params.string("cancellation_reason")
    call.params.done()
    intent.status = "canceled"
    publish("setup_intent.canceled", intent)
    return intent


def list_all(call):
    """GET /v1/setup_intents"""
    customer = call.params.string("customer")
    return page(
        call,
        "setup_intent",
        [
            intent
            for intent in store.of_kind("setup_intent")
            if not customer or intent.customer == customer
        ],
    )


ROUTES = (
    ("POST", "/v1/setup_intents", create),
    ("GET", "/v1/setup_intents", list_all),
    ("GET", "/v1/setup_intents/{id}", retrieve),
    ("POST", "/v1/setup_intents/{id}", update),
    ("POST", "/v1/setup_intents/{id}/confirm", confirm),
    ("POST", "/v1/setup_intents/{id}/_authenticate", authenticate),
    ("POST", "/v1/setup_intents/{id}/cancel", cancel),
)
