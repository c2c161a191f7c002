# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is kept and what is given back of a cancelled enrolment (A23).

>>> share_of(1200, "none", 0)
(0.0, 1200.0)
>>> share_of(1200, "percent", 25)
(300.0, 900.0)
>>> share_of(100, "percent", 33.333)
(33.33, 66.67)
>>> share_of(1200, "amount", 1500)
Traceback (most recent call last):
...
ValueError: indemnity
>>> share_of(1200, "amount", float("nan"))
Traceback (most recent call last):
...
ValueError: indemnity
"""

from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

CENT = Decimal("0.01")


def share_of(
    credited: float, kind: str, value: float, step: Decimal = CENT
) -> tuple[float, float]:
    """Share what is credited between the organisation and the buyer.

    :param credited: tax included
    :param kind: ``none``, ``amount`` or ``percent`` of it is kept
    :param value: the amount, or the percentage from 0 to 100
    :param step: smallest unit of the currency
    :return: kept, given back; their sum is what is credited, to the cent
    :raise ValueError: ``indemnity`` when more than that, or less than nothing, is
        kept, or when either is no number (JSON's NaN comes from outside)
    """
    if not (isfinite(credited) and isfinite(value)):
        raise ValueError("indemnity")
    total = Decimal(str(credited))
    kept = Decimal(0)
    if kind == "amount":
        kept = Decimal(str(value))
    elif kind == "percent":
        kept = total * Decimal(str(value)) / 100
    kept = kept.quantize(step, ROUND_HALF_UP)
    if not 0 <= kept <= total:
        raise ValueError("indemnity")
    return float(kept), float(total - kept)
