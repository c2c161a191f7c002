# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The status of a prepaid prospect, told from the states of its learners (D3).

>>> status_of(["validated", "validated"])
'validated'
>>> status_of(["validated", "pending"])
'prepaid'
>>> status_of(["validated", "cancelled"])
'validated'
>>> status_of(["cancelled"])
'cancelled'
>>> status_of([False]) is None
True
"""

from collections.abc import Iterable

PREPAID = "prepaid"
VALIDATED = "validated"
CANCELLED = "cancelled"
LOST = "lost"

#: statuses that a person may choose: they cancel the enrolments
CLOSED = (CANCELLED, LOST)


def status_of(learner_states: Iterable[str | bool]) -> str | None:
    """Return the status that learners in these states give to their prospect.

    :param learner_states: ``held``, ``pending``, ``validated``, ``cancelled`` or
        false
    :return: ``None`` when nothing was prepaid
    """
    states = set(learner_states)
    if "pending" in states:
        return PREPAID
    if "validated" in states:
        return VALIDATED
    if "cancelled" in states:
        return CANCELLED
    return None
