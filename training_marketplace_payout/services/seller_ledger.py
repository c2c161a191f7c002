# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a seller is owed, as its statement sums it up.

The operator collects as the seller's mandatary and renders account (C. civ. art. 1993).
Amounts are integers in minor units; what is owed to the seller rises when positive.
"""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple


def parse_month(text):
    """Return the first day of a month written ``2026-10``, none for anything else.

    >>> parse_month("2026-10"), parse_month("2026-13"), parse_month(None)
    (datetime.date(2026, 10, 1), None, None)
    """
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text or "")
    return date(int(found[1]), int(found[2]), 1) if found else None


class Group(StrEnum):
    """The lines of a statement, in its order."""

    SALES = "sales"
    REFUNDS = "refunds"
    FEES = "fees"
    PAYOUTS = "payouts"
    RETURNS = "returns"
    ADVANCES = "advances"
    DISPUTES = "disputes"
    OTHER = "other"


#: Kind of an entry of the marketplace → line of the statement; others are « other ».
GROUPS = {
    "purchase": Group.SALES,
    "release": Group.SALES,
    "refund": Group.REFUNDS,
    "payout_fees": Group.FEES,
    "payout": Group.PAYOUTS,
    "payout_return": Group.RETURNS,
    "topup": Group.ADVANCES,
    # A dispute that was lost: taken from what was the seller's.
    "settlement": Group.DISPUTES,
}


def get_group(kind):
    """Return the line of the statement that a kind of entry belongs to.

    >>> str(get_group("release")), str(get_group("settlement")), str(get_group(None))
    ('sales', 'disputes', 'other')
    """
    return GROUPS.get(kind, Group.OTHER)


class Statement(NamedTuple):
    """A seller's account over a period: ``opening`` + all groups = ``closing``."""

    opening: int
    groups: dict
    closing: int


def make_statement(opening, sums):
    """Return the statement of a period.

    :param int opening: owed before it
    :param sums: (kind of entry, amount, number of lines)

    >>> statement = make_statement(100, [("purchase", 500, 1), ("refund", -60, 2)])
    >>> statement.closing, statement.groups[Group.REFUNDS]
    (540, (-60, 2))
    """
    groups = dict.fromkeys(Group, (0, 0))
    for kind, amount, count in sums:
        group = get_group(kind)
        before, number = groups[group]
        groups[group] = (before + amount, number + count)
    total = sum(amount for amount, _count in groups.values())
    return Statement(opening, groups, opening + total)
