# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refunds: never more than what was captured."""

import asyncio

from localstripe import resources

from ..engine import current_call, fetch, later, store
from ..errors import ApiError
from ..journal import journal
from ..listing import page
from ..objects import begin, merge_metadata
from .balance import BalanceTransaction
from .events import publish
from .payment_intents import ASYNC_DELAY

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£"}


class Refund(resources.Refund):
    """Money given back."""

    def __init__(self, charge, amount, reason, metadata):
        begin(self)
        self.amount = amount
        self.balance_transaction = None
        self.charge = charge.id
        self.currency = charge.currency
        self.description = None
        self.destination_details = {
            "type": "card",
            "card": {"reference_status": "pending", "type": "refund"},
        }
        self.failure_balance_transaction = None
        self.failure_reason = None
        self.metadata = metadata or {}
        self.payment_intent = charge.payment_intent
        self.reason = reason
        self.receipt_number = None
        self.status = "pending"
        self._reference = charge.description
        charge._refund_ids.append(self.id)

    def _move(self):
        """The money leaves the balance."""
        transaction = BalanceTransaction(
            "refund", self.id, -self.amount, self.currency,
            description="REFUND FOR CHARGE",
        )  # fmt: skip
        self.balance_transaction = transaction.id
        journal.record("refund", self, -self.amount, **self._links())

    def _set_status(self, status):
        """The outcome of a refund that was not final, told by the bank."""
        if status == self.status:
            return
        previous, self.status = self.status, status
        if status == "failed":
            self.failure_reason = "lost_or_stolen_card"
            transaction = BalanceTransaction(
                "refund_failure", self.id, self.amount, self.currency,
                description="REFUND FAILURE",
            )  # fmt: skip
            self.failure_balance_transaction = transaction.id
            journal.record("refund_failed", self, self.amount, **self._links())
        for name in ("charge.refund.updated", "refund.updated"):
            publish(name, self, {"status": previous})
        if status == "failed":
            publish("refund.failed", self)

    async def _set_status_later(self, status):
        await asyncio.sleep(ASYNC_DELAY["seconds"])
        self._set_status(status)

    def _links(self):
        return {
            "payment_intent": self.payment_intent,
            "charge": self.charge,
            "reference": self._reference,
        }


def create(call):
    """POST /v1/refunds"""
    params = call.params
    charge_id = params.string("charge")
    intent_id = params.string("payment_intent")
    amount = params.integer("amount", minimum=1)
    reason = params.string("reason", choices=REASONS)
    metadata = params.mapping("metadata")
    params.string("instructions_email")
    params.done()
    charge = _find_charge(charge_id, intent_id)
    amount = _check_amount(charge, amount)
    refund = Refund(charge, amount, reason, metadata)
    refund._move()
    _begin_status(refund, charge)
    publish("charge.refunded", charge)
    publish("refund.created", refund)
    return refund


def _begin_status(refund, charge):
    method = fetch("payment_method", charge.payment_method)
    behaviour = method._behaviour.refund
    effects = current_call.get().effects
    refund.status = "succeeded"
    if "refund_pending" in effects:
        refund.status = "pending"
    elif "refund_failed" in effects or behaviour == "failed":
        later(refund._set_status_later("failed"))
    elif behaviour == "pending":
        refund.status = "pending"
        later(refund._set_status_later("succeeded"))


def _find_charge(charge_id, intent_id):
    if charge_id:
        return fetch("charge", charge_id, "charge")
    if not intent_id:
        raise ApiError(
            400,
            "One of the following params should be provided for this request:"
            " payment_intent or charge.",
            code="parameter_missing",
            saved=False,
        )
    intent = fetch("payment_intent", intent_id, "payment_intent")
    if not intent.latest_charge:
        raise ApiError(
            400,
            f"This PaymentIntent ({intent.id}) does not have a successful charge to"
            " refund.",
            param="payment_intent",
        )
    return fetch("charge", intent.latest_charge)


def _check_amount(charge, amount):
    if charge.status != "succeeded" or not charge.captured:
        raise ApiError(
            400, f"Charge {charge.id} was not captured: there is nothing to refund.",
            code="charge_not_refundable", param="charge",
        )  # fmt: skip
    if charge.disputed:
        raise ApiError(
            400, f"Charge {charge.id} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )  # fmt: skip
    left = charge.amount_captured - charge.amount_refunded
    if left <= 0:
        raise ApiError(
            400,
            f"Charge {charge.id} has already been refunded.",
            code="charge_already_refunded",
        )
    if amount is None:
        return left
    if amount > left:
        sign = SYMBOLS.get(charge.currency, charge.currency.upper() + " ")
        raise ApiError(
            400,
            f"Refund amount ({sign}{amount / 100:.2f}) is greater than unrefunded"
            f" amount on charge ({sign}{left / 100:.2f})",
            param="amount",
        )
    return amount


def retrieve(call):
    """GET /v1/refunds/{id}"""
    call.params.done()
    return fetch("refund", call.ids["id"])


def update(call):
    """POST /v1/refunds/{id}"""
    refund = fetch("refund", call.ids["id"])
    metadata = call.params.mapping("metadata")
    call.params.done()
    merge_metadata(refund, metadata)
    return refund


def cancel(call):
    """POST /v1/refunds/{id}/cancel: only one that waits for the buyer."""
    refund = fetch("refund", call.ids["id"])
    call.params.done()
    raise ApiError(
        400,
        f"Refund {refund.id} cannot be canceled because it has a status of"
        f" {refund.status}.",
    )


def list_all(call):
    """GET /v1/refunds, by charge, payment intent and date."""
    params = call.params
    charge = params.string("charge")
    intent = params.string("payment_intent")
    in_window = params.window()
    return page(
        call,
        "refund",
        [
            refund
            for refund in store.of_kind("refund")
            if in_window(refund.created)
            and (not charge or refund.charge == charge)
            and (not intent or refund.payment_intent == intent)
        ],
    )


ROUTES = (
    ("POST", "/v1/refunds", create),
    ("GET", "/v1/refunds", list_all),
    ("GET", "/v1/refunds/{id}", retrieve),
    ("POST", "/v1/refunds/{id}", update),
    ("POST", "/v1/refunds/{id}/cancel", cancel),
)
