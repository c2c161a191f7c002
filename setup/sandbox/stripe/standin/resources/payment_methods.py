# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payment methods: cards, SEPA debits, and methods with a page of their own."""

import re

from localstripe import resources

from ..cards import CANONICAL, CARDS, FAILING_IBANS, Behaviour, decline_error
from ..engine import clock, fetch, store
from ..errors import ApiError
from ..listing import page
from ..objects import begin, merge_metadata
from .events import publish

#: Methods that send the buyer to another page to authorise the payment.
REDIRECT_TYPES = ("bancontact", "eps", "ideal", "p24")
TYPES = ("card", "sepa_debit", *REDIRECT_TYPES)


class PaymentMethod(resources.PaymentMethod):
    """A way to pay. Of a card only its last four digits and its behaviour are kept."""

    def __init__(self, type, details, billing_details=None, metadata=None):
        exported, behaviour = _read_details(type, details)
        begin(self)
        self.type = type
        setattr(self, type, exported)
        self.billing_details = billing_details or {}
        self.allow_redisplay = "unspecified"
        self.customer = None
        self.metadata = metadata or {}
        self._behaviour = behaviour
        self._fails_later = details.get("iban") in FAILING_IBANS
        # Saved after 3-D Secure: later payments need none.
        self._authenticated = False

    def _needs_challenge(self):
        if self.type in REDIRECT_TYPES:
            return True
        asked = self._behaviour.challenge
        return bool(asked) and not (asked == "unless_saved" and self._authenticated)

    def _needs_page(self):
        return self.type in REDIRECT_TYPES or self._behaviour.challenge == "page"

    # The three below are what localstripe's own resources ask.
    def _requires_authentication(self):
        return self._needs_challenge()

    def _charging_is_declined(self):
        return bool(self._behaviour.decline)

    def _attaching_is_declined(self):
        return bool(self._behaviour.decline)


def make(data):
    """A payment method from its API form (« payment_method_data »)."""
    data = dict(data)
    type = data.pop("type", None)
    if type not in TYPES:
        raise ApiError(
            400, f"Invalid type: must be one of {', '.join(TYPES)}", param="type",
            saved=False,
        )  # fmt: skip
    return PaymentMethod(
        type, data.get(type) or {}, data.get("billing_details"), data.get("metadata")
    )


def find(id, param="payment_method"):
    """The payment method of this id; Stripe's ready-made ones are made on demand."""
    if number := CANONICAL.get(id):
        year = str(_this_year() + 3)
        card = {"number": number, "exp_month": "12", "exp_year": year, "cvc": "123"}
        return PaymentMethod("card", card)
    return fetch("payment_method", id, param)


def _read_details(type, details):
    if type == "card":
        return _read_card(details)
    if type == "sepa_debit":
        return _read_iban(details)
    return dict(details), Behaviour()


def _read_card(card):
    number = re.sub(r"\D", "", str(card.get("number") or ""))
    _check_expiry(card)
    if not re.fullmatch(r"\d{3,4}", str(card.get("cvc") or "123")):
        raise _card_error("incorrect_cvc", "invalid_cvc")
    if number not in CARDS:
        raise _card_error(
            "incorrect_number" if not _luhn(number) else "test_mode_live_card"
        )
    behaviour = CARDS[number]
    if behaviour.decline == "incorrect_number":
        raise _card_error("incorrect_number")
    return {
        "brand": behaviour.brand,
        "checks": {"cvc_check": "pass"},
        "country": "FR",
        "exp_month": int(card["exp_month"]),
        "exp_year": _full_year(card["exp_year"]),
        "fingerprint": resources.fingerprint(number),
        "funding": "credit",
        "last4": number[-4:],
        "networks": {"available": [behaviour.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }, behaviour


def _read_iban(details):
    iban = re.sub(r"\s", "", str(details.get("iban") or "")).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", iban):
        raise ApiError(
            400, "The IBAN you entered is invalid.", code="invalid_bank_account_iban",
            param="sepa_debit[iban]",
        )  # fmt: skip
    details["iban"] = iban
    return {
        "bank_code": iban[4:9],
        "branch_code": "",
        "country": iban[:2],
        "fingerprint": resources.fingerprint(iban),
        "last4": iban[-4:],
    }, Behaviour()


def _check_expiry(card):
    try:
        month, year = int(card.get("exp_month")), _full_year(card.get("exp_year"))
    except (TypeError, ValueError):
        month, year = 0, 0
    if not 1 <= month <= 12:
        raise _card_error("expired_card", "invalid_expiry_month")
    if year < _this_year() or year > _this_year() + 50:
        raise _card_error("expired_card", "invalid_expiry_year")


def _full_year(year):
    year = int(year)
    return year + 2000 if year < 100 else year


def _this_year():
    return resources.datetime.fromtimestamp(clock.now()).year


def _luhn(number):
    digits = [int(digit) for digit in reversed(number)]
    total = sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])
    return len(digits) >= 12 and total % 10 == 0


def _card_error(decline, own_code=None):
    code, decline_code, message = decline_error(decline)
    messages = {
        "invalid_cvc": "Your card's security code is invalid.",
        "invalid_expiry_month": "Your card's expiration month is invalid.",
        "invalid_expiry_year": "Your card's expiration year is invalid.",
    }
    details = {} if own_code else {"decline_code": decline_code}
    return ApiError(
        402, messages.get(own_code, message), type="card_error", code=own_code or code,
        **details,
    )  # fmt: skip


def create(call):
    """POST /v1/payment_methods, also from a browser."""
    params = call.params
    data = {
        name: params.take(name)
        for name in ("type", "card", "sepa_debit", "billing_details", "metadata")
    }
    data.update({name: params.take(name) for name in REDIRECT_TYPES})
    params.string("allow_redisplay")
    params.done()
    return make({key: value for key, value in data.items() if value is not None})


def retrieve(call):
    """GET /v1/payment_methods/{id}"""
    call.params.done()
    return find(call.ids["id"], "id")


def update(call):
    """POST /v1/payment_methods/{id}"""
    method = find(call.ids["id"], "id")
    metadata = call.params.mapping("metadata")
    billing = call.params.mapping("billing_details")
    call.params.done()
    merge_metadata(method, metadata)
    method.billing_details = {**method.billing_details, **(billing or {})}
    return method


def attach(call):
    """POST /v1/payment_methods/{id}/attach"""
    customer = fetch("customer", call.params.string("customer", required=True))
    call.params.done()
    method = find(call.ids["id"], "id")
    if method._behaviour.decline:
        raise _card_error(method._behaviour.decline)
    return save_for(method, customer.id)


def save_for(method, customer):
    """Attach a method to a customer, for later payments."""
    if method.customer != customer:
        method.customer = customer
        publish("payment_method.attached", method)
    return method


def detach(call):
    """POST /v1/payment_methods/{id}/detach"""
    call.params.done()
    method = fetch("payment_method", call.ids["id"])
    method.customer = None
    publish("payment_method.detached", method)
    return method


def list_all(call):
    """GET /v1/payment_methods, and GET /v1/customers/{id}/payment_methods."""
    customer = call.ids.get("id") or call.params.string("customer")
    type = call.params.string("type", choices=TYPES)
    if customer:
        fetch("customer", customer, "customer")
    return page(
        call,
        "payment_method",
        [
            method
            for method in store.of_kind("payment_method")
            if method.customer
            and method.customer == (customer or method.customer)
            and method.type == (type or method.type)
        ],
    )


ROUTES = (
    ("POST", "/v1/payment_methods", create),
    ("GET", "/v1/payment_methods", list_all),
    ("GET", "/v1/payment_methods/{id}", retrieve),
    ("POST", "/v1/payment_methods/{id}", update),
    ("POST", "/v1/payment_methods/{id}/attach", attach),
    ("POST", "/v1/payment_methods/{id}/detach", detach),
    ("GET", "/v1/customers/{id}/payment_methods", list_all),
)
