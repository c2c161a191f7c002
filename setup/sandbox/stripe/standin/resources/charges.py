# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Charges: each try to take the money of a payment intent."""

from localstripe import resources

from ..cards import decline_error
from ..engine import fetch, store
from ..journal import journal
from ..listing import page
from ..objects import begin, embedded_list, merge_metadata
from .balance import BalanceTransaction, processing_fee
from .events import publish


class Charge(resources.Charge):
    """One try to take money."""

    def __init__(self, intent, method):
        begin(self)
        self.amount = intent.amount
        self.amount_captured = 0
        self.balance_transaction = None
        self.billing_details = method.billing_details
        self.captured = False
        self.currency = intent.currency
        self.customer = intent.customer
        self.description = intent.description
        self.disputed = False
        self.failure_code = None
        self.failure_message = None
        self.metadata = dict(intent.metadata)
        self.outcome = {"network_status": "approved_by_network", "type": "authorized"}
        self.payment_intent = intent.id
        self.payment_method = method.id
        self.payment_method_details = {
            "type": method.type,
            method.type: {**getattr(method, method.type), "mandate": None},
        }
        self.receipt_email = intent.receipt_email
        self.receipt_url = None
        self.shipping = intent.shipping
        self.statement_descriptor = intent.statement_descriptor
        self.statement_descriptor_suffix = intent.statement_descriptor_suffix
        self.status = "pending"
        self._refund_ids = []

    @property
    def paid(self):
        """Whether the money was taken or authorised."""
        return self.status == "succeeded"

    @property
    def refunds(self):
        """Its refunds, embedded (older versions only)."""
        return embedded_list(f"/v1/charges/{self.id}/refunds", self._refunds())

    @property
    def amount_refunded(self):
        """What was given back, or is being."""
        return sum(
            refund.amount
            for refund in self._refunds()
            if refund.status not in ("failed", "canceled")
        )

    @property
    def refunded(self):
        """Whether everything was given back."""
        return self.captured and self.amount_refunded >= self.amount_captured

    def _refunds(self):
        return [fetch("refund", id) for id in reversed(self._refund_ids)]

    def _fail(self, decline):
        self.status = "failed"
        self.failure_code, decline_code, self.failure_message = decline_error(decline)
        self.outcome = {
            "network_status": "declined_by_network",
            "reason": decline_code,
            "type": "issuer_declined",
        }
        publish("charge.failed", self)

    def _authorize(self):
        self.status = "succeeded"
        publish("charge.succeeded", self)

    def _capture(self, amount=None, authorized=False):
        """Take the money; ``authorized`` when it only was before."""
        self.status = "succeeded"
        self.captured = True
        self.amount_captured = self.amount if amount is None else amount
        transaction = BalanceTransaction(
            "charge",
            self.id,
            self.amount_captured,
            self.currency,
            fee=processing_fee(self.amount_captured),
            description=self.description,
        )
        self.balance_transaction = transaction.id
        journal.record(
            "capture",
            self,
            self.amount_captured,
            payment_intent=self.payment_intent,
            reference=self.description,
        )
        publish("charge.captured" if authorized else "charge.succeeded", self)


def retrieve(call):
    """GET /v1/charges/{id}"""
    call.params.done()
    return fetch("charge", call.ids["id"])


def update(call):
    """POST /v1/charges/{id}"""
    charge = fetch("charge", call.ids["id"])
    description = call.params.string("description")
    metadata = call.params.mapping("metadata")
    call.params.done()
    if description is not None:
        charge.description = description
    merge_metadata(charge, metadata)
    publish("charge.updated", charge)
    return charge


def list_all(call):
    """GET /v1/charges, by payment intent, customer and date."""
    params = call.params
    intent = params.string("payment_intent")
    customer = params.string("customer")
    in_window = params.window()
    return page(
        call,
        "charge",
        [
            charge
            for charge in store.of_kind("charge")
            if in_window(charge.created)
            and (not intent or charge.payment_intent == intent)
            and (not customer or charge.customer == customer)
        ],
    )


ROUTES = (
    ("GET", "/v1/charges/{id}", retrieve),
    ("POST", "/v1/charges/{id}", update),
    ("GET", "/v1/charges", list_all),
)
