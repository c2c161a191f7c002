# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payouts of the balance to the account's bank."""

from localstripe import resources

from ..engine import clock, current_call, fetch, new_id, store
from ..errors import ApiError
from ..journal import journal
from ..listing import page
from ..objects import begin, merge_metadata
from .balance import BalanceTransaction, sums
from .events import publish


class Payout(resources.Payout):
    """Money sent to the bank."""

    def __init__(self, amount, currency, automatic=False, **values):
        begin(self)
        self.amount = amount
        self.currency = currency
        self.automatic = automatic
        self.arrival_date = clock.now() + 24 * 3600
        self.description = values.get("description")
        self.destination = new_id("ba_")
        self.failure_balance_transaction = None
        self.failure_code = None
        self.failure_message = None
        self.metadata = values.get("metadata") or {}
        self.method = values.get("method") or "standard"
        self.reconciliation_status = "in_progress" if automatic else "not_applicable"
        self.source_type = "card"
        self.statement_descriptor = values.get("statement_descriptor")
        self.status = "pending"
        self.type = "bank_account"
        transaction = BalanceTransaction(
            "payout", self.id, -amount, currency, description="STRIPE PAYOUT"
        )
        self.balance_transaction = transaction.id
        journal.record("payout", self, -amount)
        publish("payout.created", self)

    def _set_status(self, status):
        """What became of it, told by the bank."""
        if status == self.status:
            return
        self.status = status
        if status in ("failed", "canceled"):
            transaction = BalanceTransaction(
                "payout_failure", self.id, self.amount, self.currency,
                description="REVERSED PAYOUT",
            )  # fmt: skip
            self.failure_balance_transaction = transaction.id
            journal.record(f"payout_{status}", self, self.amount)
        if status == "failed":
            self.failure_code = "account_closed"
            self.failure_message = "The bank account has been closed."
        publish(f"payout.{status}", self)
        if status == "paid" and self.automatic:
            self.reconciliation_status = "completed"
            publish("payout.reconciliation_completed", self)


def run_automatic():
    """Pay out all that is available, as Stripe does by itself each day.

    :return: One payout for each currency with something to pay.
    :rtype: list
    """
    call = current_call.get()
    paid = []
    for currency in sorted(sums()["available"]):
        waiting = [
            transaction
            for transaction in store.of_kind("balance_transaction")
            if transaction.currency == currency
            and transaction.status == "available"
            and not transaction._payout
            and not transaction.type.startswith("payout")
        ]
        net = sum(transaction.net for transaction in waiting)
        if net <= 0 or not call.account.payouts_enabled:
            continue
        payout = Payout(net, currency, automatic=True)
        for transaction in waiting:
            transaction._payout = payout.id
        payout._set_status("paid")
        paid.append(payout)
    return paid


def create(call):
    """POST /v1/payouts"""
    params = call.params
    amount = params.integer("amount", required=True, minimum=1)
    currency = params.string("currency", required=True)
    values = {
        "description": params.string("description"),
        "metadata": params.mapping("metadata"),
        "method": params.string("method", choices=("standard", "instant")),
        "statement_descriptor": params.string("statement_descriptor"),
    }
    params.done()
    if amount > sums()["available"].get(currency, 0):
        raise ApiError(
            400,
            "You have insufficient funds in your Stripe account for this transfer.",
            code="balance_insufficient",
        )
    return Payout(amount, currency, **values)


def retrieve(call):
    """GET /v1/payouts/{id}"""
    call.params.done()
    return fetch("payout", call.ids["id"])


def update(call):
    """POST /v1/payouts/{id}"""
    payout = fetch("payout", call.ids["id"])
    metadata = call.params.mapping("metadata")
    call.params.done()
    merge_metadata(payout, metadata)
    publish("payout.updated", payout)
    return payout


def cancel(call):
    """POST /v1/payouts/{id}/cancel"""
    payout = fetch("payout", call.ids["id"])
    call.params.done()
    if payout.status != "pending":
        raise ApiError(400, f"Payout {payout.id} can no longer be canceled.")
    payout._set_status("canceled")
    return payout


def list_all(call):
    """GET /v1/payouts, by status and date."""
    status = call.params.string("status")
    in_window = call.params.window()
    arrives = call.params.window("arrival_date")
    return page(
        call,
        "payout",
        [
            payout
            for payout in store.of_kind("payout")
            if in_window(payout.created)
            and arrives(payout.arrival_date)
            and (not status or payout.status == status)
        ],
    )


ROUTES = (
    ("POST", "/v1/payouts", create),
    ("GET", "/v1/payouts", list_all),
    ("GET", "/v1/payouts/{id}", retrieve),
    ("POST", "/v1/payouts/{id}", update),
    ("POST", "/v1/payouts/{id}/cancel", cancel),
)
