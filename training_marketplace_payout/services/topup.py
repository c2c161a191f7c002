# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose refund the money in a seller's wallet is for (B19).

Plain values in, plain values out; amounts are integers, minor units. Refunds that wait
for one wallet share it: what one of them counts on is not promised to another.
"""

from typing import NamedTuple


class Claim(NamedTuple):
    """A refund that waits for a seller's wallet.

    :param int needed: what it takes from the wallet
    :param int awaited: of that, what the operator sends and is not there yet
    """

    key: int
    needed: int
    awaited: int

    @property
    def counted_on(self):
        """What of the wallet is this claim's already."""
        return max(self.needed - self.awaited, 0)


def find_missing(left, needed, others):
    """Return what has to be sent to a wallet for one more claim.

    :param int left: what is in the wallet
    :param others: the claims that were there before

    >>> find_missing(300, 500, [])
    200
    >>> find_missing(300, 500, [Claim(1, 400, 150)])
    450
    >>> find_missing(900, 500, [])
    0
    """
    free = left - sum(claim.counted_on for claim in others)
    return max(needed - max(free, 0), 0)


def find_served(left, claims):
    """Return the claims that the wallet can pay now, in the order given.

    None takes what another counts on: each of them is served once what it awaits has
    come, or something else that is as much.

    :param claims: the most urgent first
    :rtype: list[Claim]

    >>> [one.key for one in find_served(500, [Claim(1, 500, 500), Claim(2, 500, 500)])]
    [1]
    >>> [one.key for one in find_served(450, [Claim(1, 500, 200), Claim(2, 100, 100)])]
    [2]
    """
    counted_on = sum(claim.counted_on for claim in claims)
    served = []
    for claim in claims:
        free = left - (counted_on - claim.counted_on)
        if claim.needed <= free:
            served.append(claim)
            left -= claim.needed
            counted_on -= claim.counted_on
    return served
