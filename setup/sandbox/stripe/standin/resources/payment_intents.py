# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payment intents: the object."""

import asyncio

from localstripe import resources

from ..cards import decline_error
from ..engine import clock, current_call, fetch, later, new_id
from ..errors import ApiError
from ..objects import begin, embedded_list
from . import payment_methods
from .charges import Charge
from .events import publish

CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
#: Fields that a publishable key does not see.
PRIVATE_FIELDS = (
    "application",
    "charges",
    "customer",
    "latest_charge",
    "metadata",
    "on_behalf_of",
    "review",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)
#: Seconds between the confirmation of a bank debit and its outcome.
ASYNC_DELAY = {"seconds": 1.0}


class PaymentIntent(resources.PaymentIntent):
    """A payment from its first intention to its success or cancellation."""

    # localstripe computes it; here it is written when a try fails.
    last_payment_error = None

    def __init__(self, **values):
        begin(self)
        self.client_secret = f"{self.id}_secret_{new_id('', 24)}"
        self.application = None
        self.canceled_at = None
        self.cancellation_reason = None
        self.confirmation_method = "automatic"
        self.last_payment_error = None
        self.latest_charge = None
        self.next_action = None
        self.on_behalf_of = None
        self.processing = None
        self.review = None
        self.transfer_data = None
        for name, value in values.items():
            setattr(self, name, value)
        self._status = (
            "requires_confirmation"
            if self.payment_method
            else "requires_payment_method"
        )
        self._charge_ids = []
        publish("payment_intent.created", self)

    # Read by localstripe's export: properties are fields of the answer.
    @property
    def status(self):
        """Where the payment is."""
        return self._status

    @property
    def charges(self):
        """Its tries, embedded (older versions only)."""
        tries = [fetch("charge", id) for id in reversed(self._charge_ids)]
        return embedded_list(f"/v1/charges?payment_intent={self.id}", tries)

    @property
    def amount_received(self):
        """What was captured."""
        charge = self._charge()
        return charge.amount_captured if charge else 0

    @property
    def amount_capturable(self):
        """What is authorised and waits for a capture."""
        return self.amount if self._status == "requires_capture" else 0

    def _charge(self):
        return fetch("charge", self.latest_charge) if self.latest_charge else None

    def _confirm(self, method, *, off_session=False, in_page=False, return_url=None):
        """Take the money, or ask for 3-D Secure first.

        :param bool in_page: The browser can show the challenge over its own page.
        """
        self.payment_method = method.id
        self.last_payment_error = None
        if method._needs_challenge():
            if off_session:
                self._refuse("authentication_required", method)
            self._challenge(method, in_page, return_url)
        else:
            self._take(method)

    def _challenge(self, method, in_page, return_url):
        call = current_call.get()
        page = f"{call.base_url}/_3ds/{self.id}?client_secret={self.client_secret}"
        if in_page and not method._needs_page():
            details = {"type": "three_d_secure_redirect", "stripe_js": page}
            self.next_action = {"type": "use_stripe_sdk", "use_stripe_sdk": details}
        else:
            details = {"url": page, "return_url": return_url}
            self.next_action = {"type": "redirect_to_url", "redirect_to_url": details}
        self._return_url = return_url
        self._status = "requires_action"
        publish("payment_intent.requires_action", self)

    def _authenticate(self, success):
        """The buyer answered the challenge."""
        method = fetch("payment_method", self.payment_method)
        self.next_action = None
        if success:
            method._authenticated = True
            self._take(method)
        else:
            self._refuse("authentication_failed", method)

    def _take(self, method):
        charge = Charge(self, method)
        self._charge_ids.append(charge.id)
        self.latest_charge = charge.id
        if method._behaviour.decline:
            charge._fail(method._behaviour.decline)
            self._refuse(method._behaviour.decline, method, charge)
        slow = "payment_processing" in current_call.get().effects
        if method.type == "sepa_debit" or slow:
            self._status = "processing"
            publish("payment_intent.processing", self)
            if not slow:
                later(self._settle_later(charge, method))
        elif self.capture_method == "manual":
            charge._authorize()
            self._status = "requires_capture"
            publish("payment_intent.amount_capturable_updated", self)
        else:
            charge._capture()
            self._succeed(method)

    async def _settle_later(self, charge, method):
        await asyncio.sleep(ASYNC_DELAY["seconds"])
        self._settle(charge, method, success=not method._fails_later)

    def _settle(self, charge, method, success):
        """The bank answered a slow payment; nothing happens if it was cancelled."""
        if self._status != "processing":
            return
        if success:
            charge._capture()
            self._succeed(method)
        else:
            charge._fail("generic_decline")
            self._set_failed("generic_decline", method, charge)

    def _succeed(self, method):
        self._status = "succeeded"
        if self.setup_future_usage and self.customer:
            payment_methods.save_for(method, self.customer)
        publish("payment_intent.succeeded", self)

    def _refuse(self, decline, method, charge=None):
        """The payment failed; the same intent can be tried with another card.

        :raise ApiError: 402, always.
        """
        error = self._set_failed(decline, method, charge)
        raise ApiError(
            402, error["message"], type="card_error",
            **{k: v for k, v in error.items() if k not in ("type", "message")},
            payment_intent=exported_for(current_call.get(), self),
        )  # fmt: skip

    def _set_failed(self, decline, method, charge=None):
        error = {"type": "card_error", "payment_method": method._export()}
        if decline == "authentication_failed":
            error["type"] = "invalid_request_error"
            error["code"] = "payment_intent_authentication_failure"
            error["message"] = (
                "We are unable to authenticate your payment method. Please choose a"
                " different payment method and try again."
            )
        elif decline == "authentication_required":
            error["code"] = decline
            error["decline_code"] = decline
            error["message"] = (
                "Your card was declined. This transaction requires authentication."
            )
        else:
            code, decline_code, message = decline_error(decline)
            error.update(code=code, decline_code=decline_code, message=message)
        if charge:
            error["charge"] = charge.id
        self.last_payment_error = error
        self.payment_method = None
        self.next_action = None
        self._status = "requires_payment_method"
        publish("payment_intent.payment_failed", self)
        return error

    def _capture(self, amount=None):
        self._charge()._capture(amount, authorized=True)
        self._succeed(fetch("payment_method", self.payment_method))

    def _cancel(self, reason):
        self._status = "canceled"
        self.canceled_at = clock.now()
        self.cancellation_reason = reason
        self.next_action = None
        publish("payment_intent.canceled", self)

    def _unexpected_state(self, message):
        return ApiError(
            400,
            message,
            code="payment_intent_unexpected_state",
            payment_intent=exported_for(current_call.get(), self),
        )


def exported_for(call, intent):
    """The intent as this key may see it."""
    exported = intent._export(expand=[] if call.is_browser else call.expand)
    if call.is_browser:
        exported = {k: v for k, v in exported.items() if k not in PRIVATE_FIELDS}
    return exported
