# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everybody's balances, counted from what Mangopay did alone.

A second way to the same figures: neither entries, nor what sales keep of themselves,
nor the accounts are looked at. What the books say is compared with it.
"""

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple


class Pot(StrEnum):
    """What is counted, as an amount that is there or owed: positive."""

    #: in somebody's wallet
    WALLET = "wallet"
    #: owed to a seller
    SELLER = "seller"
    #: held for a buyer, who has bought nothing yet
    HOLD = "hold"


class Movement(NamedTuple):
    """Something that Mangopay did, in minor units.

    ``buyer`` is whose wallet the payment came into; ``is_sold`` whether what was paid
    is a sale now. Ids of contacts; no seller where there is none.
    """

    kind: str
    amount: int
    currency: int
    buyer: int | None = None
    seller: int | None = None
    is_sold: bool = True


# Of each kind: (pot, whose, sign); « owed » is the seller's, or the buyer's hold.
_OWED = "owed"
_EFFECTS = {
    "payin": ((Pot.WALLET, "buyer", 1), (_OWED, None, 1)),
    "payin_refund": ((Pot.WALLET, "buyer", -1), (_OWED, None, -1)),
    "transfer": ((Pot.WALLET, "buyer", -1), (Pot.WALLET, "seller", 1)),
    "transfer_refund": ((Pot.WALLET, "buyer", 1), (Pot.WALLET, "seller", -1)),
    "payout": ((Pot.WALLET, "seller", -1), (Pot.SELLER, "seller", -1)),
    "payout_return": ((Pot.WALLET, "seller", 1), (Pot.SELLER, "seller", 1)),
    "settlement": ((Pot.WALLET, "buyer", -1), (_OWED, None, -1)),
    "topup": ((Pot.WALLET, "seller", 1), (Pot.SELLER, "seller", 1)),
}


def derive_balances(movements):
    """Return what is in wallets, owed to sellers and held, after these movements.

    :param movements: `Movement` values, in any order: they add up
    :return: minor units by (pot, contact, currency); nothing where it is zero
    :raise ValueError: for a kind that is not known: it must not be left out

    >>> paid = Movement("payin", 1200, 1, buyer=7, seller=9)
    >>> sent = Movement("transfer", 1200, 1, buyer=7, seller=9)
    >>> out = Movement("payout", 1000, 1, seller=9)
    >>> sorted(derive_balances([paid, sent, out]).items())
    [(('seller', 9, 1), 200), (('wallet', 9, 1), 200)]
    >>> held = Movement("payin", 500, 1, buyer=7, seller=9, is_sold=False)
    >>> sorted(derive_balances([held]).items())
    [(('hold', 7, 1), 500), (('wallet', 7, 1), 500)]
    """
    balances = defaultdict(int)
    for movement in movements:
        if movement.kind not in _EFFECTS:
            raise ValueError(f"Money moved by « {movement.kind} »: not known here.")
        for pot, who, sign in _EFFECTS[movement.kind]:
            if pot == _OWED:
                pot, who = (
                    (Pot.SELLER, "seller")
                    if movement.is_sold and movement.seller
                    else (Pot.HOLD, "buyer")
                )
            owner = getattr(movement, who)
            key = (pot.value, owner, movement.currency)
            balances[key] += sign * movement.amount
    return {key: amount for key, amount in balances.items() if amount}
