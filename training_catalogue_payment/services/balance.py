# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each movement of a Stripe balance is in double entry (row A30).

Amounts are integers in minor units, positive when they add to the balance, as
Stripe gives them: ``net = amount - fee``.
"""

from enum import StrEnum


class Category(StrEnum):
    """What a balance transaction is, by Stripe's ``reporting_category``."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    PAYOUT = "payout"
    PAYOUT_REVERSAL = "payout_reversal"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    FEE = "fee"
    OTHER = "other"


class Account(StrEnum):
    """The role of an account in an entry."""

    TRANSIT = "transit"
    FEE = "fee"
    TRANSFER = "transfer"
    DISPUTE = "dispute"


# Booked by the payment, or by what undoes it: only Stripe's fee is left to book.
BOOKED_ELSEWHERE = {Category.CHARGE, Category.REFUND, Category.REFUND_FAILURE}
COUNTERPARTS = {
    Category.PAYOUT: Account.TRANSFER,
    Category.PAYOUT_REVERSAL: Account.TRANSFER,
    Category.DISPUTE: Account.DISPUTE,
    Category.DISPUTE_REVERSAL: Account.DISPUTE,
    Category.FEE: Account.FEE,
}
# Without a reporting category: old API versions, by type.
TYPES = {
    "charge": Category.CHARGE,
    "payment": Category.CHARGE,
    "refund": Category.REFUND,
    "payment_refund": Category.REFUND,
    "refund_failure": Category.REFUND_FAILURE,
    "payment_failure_refund": Category.REFUND_FAILURE,
    "payout": Category.PAYOUT,
    "payout_cancel": Category.PAYOUT_REVERSAL,
    "payout_failure": Category.PAYOUT_REVERSAL,
    "stripe_fee": Category.FEE,
    "stripe_fx_fee": Category.FEE,
}


def classify(reporting_category, kind):
    """Return what a balance transaction is; what is not known is « other ».

    :param str reporting_category: Stripe's own classification, may be missing
    :param str kind: Stripe's ``type``
    """
    if reporting_category in set(Category) - {Category.OTHER}:
        return Category(reporting_category)
    if reporting_category:
        return Category.OTHER
    return TYPES.get(kind, Category.OTHER)


def plan_entry(category, amount, fee):
    """Return ``{account: debit}`` of the entry to make, in minor units.

    A credit is negative; the sum is nil. Empty: nothing is left to book.

    :raise ValueError: for what nobody can book without looking at it
    """
    if category == Category.OTHER:
        raise ValueError("unknown movement")
    debits = dict.fromkeys(Account, 0)
    if category not in BOOKED_ELSEWHERE:
        debits[Account.TRANSIT] += amount
        debits[COUNTERPARTS[category]] -= amount
    debits[Account.TRANSIT] -= fee
    debits[Account.FEE] += fee
    return {account: debit for account, debit in debits.items() if debit}
