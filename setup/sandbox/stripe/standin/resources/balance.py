# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The balance and its transactions, with Stripe's fees."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from localstripe import resources

from ..engine import clock, current_call, fetch, store
from ..errors import ApiError
from ..listing import page
from ..objects import begin

SETTLEMENT_DELAY = 2 * 24 * 3600
REPORTING_CATEGORIES = {
    "adjustment": "other_adjustment",
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}


class BalanceTransaction(resources.BalanceTransaction):
    """One movement of the account's balance."""

    def __init__(self, type, source, amount, currency, fee=0, description=None):
        begin(self)
        self.amount = amount
        self.currency = currency
        self.description = description
        self.exchange_rate = None
        self.fee = fee
        self.fee_details = [
            {
                "amount": fee,
                "application": None,
                "currency": currency,
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ] if fee else []  # fmt: skip
        self.reporting_category = REPORTING_CATEGORIES[type]
        self.source = source
        self.type = type
        at_once = type.startswith(("adjustment", "payout", "refund"))
        self.available_on = self.created + (0 if at_once else SETTLEMENT_DELAY)
        self._payout = None

    @property
    def status(self):
        """« pending » until the money can be paid out."""
        return "available" if self.available_on <= clock.now() else "pending"


def processing_fee(amount):
    """What Stripe keeps of a payment: by default 1.5 % and 25 cents."""
    account = current_call.get().account
    share = Decimal(str(account.fee_percent)) * amount / 100
    return int(share.quantize(Decimal(1), ROUND_HALF_UP)) + account.fee_fixed


def sums():
    """``{status: {currency: net}}`` of the current scope."""
    totals = {"available": defaultdict(int), "pending": defaultdict(int)}
    for transaction in store.of_kind("balance_transaction"):
        totals[transaction.status][transaction.currency] += transaction.net
    return totals


def retrieve_balance(call):
    """GET /v1/balance"""
    call.params.done()
    totals = sums()
    currencies = {call.account.default_currency}.union(*totals.values())
    return {
        "object": "balance",
        "livemode": call.livemode,
        **{
            status: [
                {
                    "amount": totals[status].get(currency, 0),
                    "currency": currency,
                    "source_types": {"card": totals[status].get(currency, 0)},
                }
                for currency in sorted(currencies)
            ]
            for status in totals
        },
    }


def retrieve(call):
    """GET /v1/balance_transactions/{id}"""
    call.params.done()
    return fetch("balance_transaction", call.ids["id"])


def list_all(call):
    """GET /v1/balance_transactions, by type, source, payout, currency and date."""
    params = call.params
    wanted = {
        name: params.string(name) for name in ("type", "source", "currency", "payout")
    }
    in_window = params.window()
    payout = wanted.pop("payout")
    if payout and not fetch("payout", payout, "payout").automatic:
        raise ApiError(
            400,
            "Balance transaction history can only be filtered on automatic "
            f"transfers, not manual ones. {payout} is a manual transfer.",
            param="payout",
        )
    return page(
        call,
        "balance_transaction",
        [
            transaction
            for transaction in store.of_kind("balance_transaction")
            if in_window(transaction.created)
            and (not payout or payout in (transaction._payout, transaction.source))
            and all(
                not value or getattr(transaction, name) == value
                for name, value in wanted.items()
            )
        ],
    )


ROUTES = (
    ("GET", "/v1/balance", retrieve_balance),
    ("GET", "/v1/balance_transactions/{id}", retrieve),
    ("GET", "/v1/balance_transactions", list_all),
)
