# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of a sale is the operator's. Amounts are integers, minor units."""

from decimal import ROUND_HALF_UP, Decimal


def commission(amount, rate):
    """Return the operator's part of an amount, rounded half up.

    :param int amount: what the seller sold, before tax
    :param rate: percent; as written, not as a float nearly is

    >>> commission(60000, 12.5), commission(1005, 10), commission(335, 0.1)
    (7500, 101, 0)
    """
    exact = Decimal(amount) * Decimal(str(rate)) / 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(amount, given_before, given, whole):
    """Return what part of an amount goes with a part of what was paid.

    Rounded on what was given in all: parts that sum to the whole take all of it.

    :param int amount: to share out, as a commission
    :param int given_before: earlier parts of the whole
    :param int given: this part
    :param int whole: what was paid

    >>> [share(100, 0, 40000, 120000), share(100, 40000, 40000, 120000)]
    [33, 34]
    >>> share(100, 80000, 40000, 120000)
    33
    """
    if not whole:
        return 0
    return _part(amount, given_before + given, whole) - _part(
        amount, given_before, whole
    )


def _part(amount, given, whole):
    exact = Decimal(amount) * given / whole
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
