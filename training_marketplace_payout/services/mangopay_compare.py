# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an object at Mangopay says, against what is known of it here.

Plain values in, plain differences out. Amounts are in minor units.
"""

from datetime import timedelta
from typing import NamedTuple

from .mangopay_kinds import KINDS

#: days after which an ended operation is looked at again: a payout comes back within
#: weeks, and a refund can be made in the dashboard at any time
LOOKS = (1, 3, 7, 30, 90)
#: Mangopay forgets transactions after 13 months (api-reference/overview/data)
RETENTION = timedelta(days=390)
#: what may be back, with the method of the gateway that lists it
RETURNS = {
    "payin": "payin_refunds",
    "transfer": "transfer_refunds",
    "payout": "payout_refunds",
}
# Seconds within which what Mangopay did may not be written down here yet.
FRESH = 3600


class Known(NamedTuple):
    """What is known here of an operation that has ended."""

    kind: str
    is_done: bool
    amount: int
    currency: str
    fees: int = 0


class Gap(NamedTuple):
    """What is expected, what is found, and what is said of it."""

    expected: int
    found: int
    detail: str


def next_look(ended, now):
    """Return when an operation that ended is looked at again, None for never.

    >>> from datetime import datetime
    >>> next_look(datetime(2026, 1, 1), datetime(2026, 1, 2, 3))
    datetime.datetime(2026, 1, 4, 0, 0)
    >>> next_look(datetime(2026, 1, 1), datetime(2026, 5, 1)) is None
    True
    """
    moments = (ended + timedelta(days=days) for days in LOOKS)
    soon = now + timedelta(hours=1)
    return next((moment for moment in moments if moment > soon), None)


def compare_object(known, payload):
    """Return how an object differs from what is known of it; None when it does not.

    >>> paid = {"Status": "SUCCEEDED", "Fees": {"Currency": "EUR", "Amount": 0},
    ...         "DebitedFunds": {"Currency": "EUR", "Amount": 500}}
    >>> compare_object(Known("payin", True, 500, "EUR"), paid) is None
    True
    >>> compare_object(Known("payin", True, 700, "EUR"), paid)
    Gap(expected=700, found=500, detail='DebitedFunds 500 EUR')
    """
    is_done = KINDS[known.kind].state_of(payload) == "succeeded"
    funds = payload.get("DeclaredDebitedFunds") or payload.get("DebitedFunds") or {}
    fees = payload.get("DeclaredFees") or payload.get("Fees") or {}
    amount, currency = funds.get("Amount"), funds.get("Currency")
    if is_done != known.is_done:
        detail = f"Status {payload.get('Status')}"
        if known.is_done:
            return Gap(known.amount, 0, detail)
        return Gap(0, amount or known.amount, detail)
    if not known.is_done:
        return None
    if (amount, currency) != (known.amount, known.currency):
        return Gap(known.amount, amount or 0, f"DebitedFunds {amount} {currency}")
    charged = fees.get("Amount") or 0
    if charged != known.fees:
        return Gap(known.fees, charged, f"Fees {charged} {currency}")
    return None


def find_unknown_returns(listed, known_ids, now):
    """Return the refunds that are done at Mangopay and nowhere in the books.

    :param listed: refunds as Mangopay gives them
    :param known_ids: ids of refunds that are written down
    :param float now: Unix time; what is fresh may be on its way
    :return: (total, ids)

    >>> back = {"Id": "r1", "Status": "SUCCEEDED", "CreationDate": 0,
    ...         "DebitedFunds": {"Currency": "EUR", "Amount": 500}}
    >>> find_unknown_returns([back], set(), 9000)
    (500, ['r1'])
    >>> find_unknown_returns([back], {"r1"}, 9000)
    (0, [])
    """
    unknown = [
        refund
        for refund in listed
        if refund.get("Status") == "SUCCEEDED"
        and refund["Id"] not in known_ids
        and (refund.get("CreationDate") or 0) < now - FRESH
    ]
    total = sum((one.get("DebitedFunds") or {}).get("Amount") or 0 for one in unknown)
    return total, [one["Id"] for one in unknown]
