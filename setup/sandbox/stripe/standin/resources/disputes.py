# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Disputes: a buyer's bank takes the money back, until it is decided."""

from localstripe.resources import StripeObject

from ..engine import clock, fetch, store
from ..errors import ApiError
from ..journal import journal
from ..listing import page
from ..objects import begin, merge_metadata
from .balance import BalanceTransaction
from .events import publish

DISPUTE_FEE = 2000
DAYS_TO_ANSWER = 14 * 24 * 3600
OPEN = ("needs_response", "under_review")


class Dispute(StripeObject):
    """A payment that its buyer contests at their bank."""

    object = "dispute"
    _id_prefix = "dp_"

    def __init__(self, charge, reason):
        begin(self)
        self.amount = charge.amount_captured - charge.amount_refunded
        self.charge = charge.id
        self.currency = charge.currency
        self.evidence = {}
        self.evidence_details = {
            "due_by": clock.now() + DAYS_TO_ANSWER,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        }
        self.is_charge_refundable = False
        self.metadata = {}
        self.payment_intent = charge.payment_intent
        self.reason = reason
        self.status = "needs_response"
        self._transaction_ids = []
        charge.disputed = True
        publish("charge.dispute.created", self)
        self._move(-self.amount, DISPUTE_FEE, "dispute")
        publish("charge.dispute.funds_withdrawn", self)

    @property
    def balance_transactions(self):
        """What it moved on the balance."""
        return [
            fetch("balance_transaction", id)._export() for id in self._transaction_ids
        ]

    def _move(self, amount, fee, kind):
        transaction = BalanceTransaction(
            "adjustment", self.id, amount, self.currency, fee=fee,
            description=f"Chargeback {kind} for {self.charge}",
        )  # fmt: skip
        transaction.reporting_category = kind
        self._transaction_ids.append(transaction.id)
        journal.record(
            kind, self, amount, payment_intent=self.payment_intent, charge=self.charge
        )

    def _close(self, status):
        """The bank decided: « won » gives the money back."""
        if self.status not in OPEN:
            raise ApiError(400, f"Dispute {self.id} is already closed.")
        self.status = status
        if status == "won":
            self._move(self.amount, 0, "dispute_reversal")
            publish("charge.dispute.funds_reinstated", self)
        publish("charge.dispute.closed", self)


def open_for(intent, reason="fraudulent"):
    """The buyer of this payment goes to their bank.

    :raise ApiError: when there is nothing to contest.
    """
    charge = intent._charge()
    if not charge or not charge.captured or charge.disputed or charge.refunded:
        raise ApiError(400, f"Payment {intent.id} cannot be disputed.")
    return Dispute(charge, reason)


def retrieve(call):
    """GET /v1/disputes/{id}"""
    call.params.done()
    return fetch(Dispute.object, call.ids["id"])


def update(call):
    """POST /v1/disputes/{id}: evidence, sent to the bank when submitted."""
    dispute = fetch(Dispute.object, call.ids["id"])
    evidence = call.params.mapping("evidence")
    metadata = call.params.mapping("metadata")
    submit = call.params.boolean("submit")
    call.params.done()
    merge_metadata(dispute, metadata)
    if evidence:
        dispute.evidence = {**dispute.evidence, **evidence}
        dispute.evidence_details["has_evidence"] = True
    if evidence and submit is not False and dispute.status == "needs_response":
        dispute.evidence_details["submission_count"] += 1
        dispute.status = "under_review"
    publish("charge.dispute.updated", dispute)
    return dispute


def close(call):
    """POST /v1/disputes/{id}/close: given up, so lost."""
    dispute = fetch(Dispute.object, call.ids["id"])
    call.params.done()
    dispute._close("lost")
    return dispute


def list_all(call):
    """GET /v1/disputes, by charge, payment intent and date."""
    charge = call.params.string("charge")
    intent = call.params.string("payment_intent")
    in_window = call.params.window()
    return page(
        call,
        Dispute.object,
        [
            dispute
            for dispute in store.of_kind(Dispute.object)
            if in_window(dispute.created)
            and (not charge or dispute.charge == charge)
            and (not intent or dispute.payment_intent == intent)
        ],
    )


ROUTES = (
    ("GET", "/v1/disputes", list_all),
    ("GET", "/v1/disputes/{id}", retrieve),
    ("POST", "/v1/disputes/{id}", update),
    ("POST", "/v1/disputes/{id}/close", close),
)
