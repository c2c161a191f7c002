# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a difference between the books and what they should say is probably due to.

A guess for whoever looks into it, from plain facts; nothing is corrected by it.
"""

from enum import StrEnum
from typing import NamedTuple

#: checks whose difference can only come from Mangopay's own dashboard
_OUTSIDE = frozenset({"unknown_refund"})
#: checks about what is written once and never changes
_FROZEN = frozenset({"I10"})


class Cause(StrEnum):
    """What is guessed."""

    UNKNOWN_OPERATION = "unknown_operation"
    BLOCKED_ENTRY = "blocked_entry"
    MANUAL_ENTRY = "manual_entry"
    DASHBOARD = "dashboard"
    CHANGED = "changed"
    UNDER_WAY = "under_way"
    UNEXPLAINED = "unexplained"


class Facts(NamedTuple):
    """What is known around a difference, amounts in minor units, signs left out."""

    check: str
    difference: int
    #: of operations whose outcome is not known yet
    unknown_amounts: frozenset = frozenset()
    #: of operations that Mangopay has not ended
    pending_amounts: frozenset = frozenset()
    #: of movements that wait to be booked
    blocked_amounts: frozenset = frozenset()
    #: of entries made by hand on the accounts of the marketplace
    manual_amounts: frozenset = frozenset()


def guess_cause(facts):
    """Return the most likely cause of a difference.

    What is certain comes first, then what has exactly the same amount.

    >>> guess_cause(Facts("I4", -500, manual_amounts=frozenset({500}))).value
    'manual_entry'
    >>> guess_cause(Facts("I4", 500, frozenset({500}))).value
    'unknown_operation'
    >>> guess_cause(Facts("unknown_refund", 500)).value
    'dashboard'
    >>> guess_cause(Facts("I2", 7)).value
    'unexplained'
    """
    if facts.check in _OUTSIDE:
        return Cause.DASHBOARD
    if facts.check in _FROZEN:
        return Cause.CHANGED
    if facts.check == "manual":
        return Cause.MANUAL_ENTRY
    amount = abs(facts.difference)
    if amount:
        for amounts, cause in (
            (facts.unknown_amounts, Cause.UNKNOWN_OPERATION),
            (facts.blocked_amounts, Cause.BLOCKED_ENTRY),
            (facts.manual_amounts, Cause.MANUAL_ENTRY),
            (facts.pending_amounts, Cause.UNDER_WAY),
        ):
            if amount in amounts:
                return cause
    return Cause.UNEXPLAINED
