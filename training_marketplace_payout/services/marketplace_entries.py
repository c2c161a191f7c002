# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How each movement of other people's money is booked (decision D9).

Plain values in, plain lines out; debits are positive, in minor units.
"""

from enum import StrEnum
from typing import NamedTuple


class Account(StrEnum):
    """What an account is for; the company says which one it is."""

    #: money at Mangopay; carries whose wallet it is in (517100)
    WALLET = "wallet"
    #: owed to sellers (468100)
    SELLER = "seller"
    #: held for buyers until their documents are there (468200)
    HOLD = "hold"
    #: the operator's own money at Mangopay (517200)
    FEES = "fees"
    #: owed by sellers (467100)
    DEBIT = "debit"
    #: owed by sellers on an invoice: the account of the line that is netted (411100)
    DUE = "due"
    #: on its way from the operator's bank to Mangopay (580000)
    TRANSIT = "transit"
    #: card payments that buyers contest at their bank (467200)
    DISPUTE = "dispute"
    #: what banks took back from the operator at Mangopay (517300)
    REPUDIATION = "repudiation"


class Kind(StrEnum):
    """What happened to the money."""

    PURCHASE = "purchase"
    HOLD = "hold"
    RELEASE = "release"
    REFUSED = "refused"
    REFUND = "refund"
    HOLD_REFUND = "hold_refund"
    TRANSFER = "transfer"
    TRANSFER_BACK = "transfer_back"
    PAYOUT = "payout"
    PAYOUT_FEES = "payout_fees"
    PAYOUT_RETURN = "payout_return"
    #: the operator funds a seller's wallet, for a refund after a payout
    TOPUP = "topup"
    #: a bank takes a contested payment back from the operator
    DISPUTE = "dispute"
    #: … and gives it back
    DISPUTE_WON = "dispute_won"
    #: … or does not, and it is taken from what is the seller's
    SETTLEMENT = "settlement"
    #: … and what that does not cover is owed by the seller
    DISPUTE_DEBT = "dispute_debt"
    #: … and is owed no more: it was settled after all
    DISPUTE_DEBT_BACK = "dispute_debt_back"


class Line(NamedTuple):
    """One line of an entry: ``amount`` is debited when it is positive.

    ``about`` is the id of the line of the books that it is matched with.
    """

    account: Account
    partner: int
    amount: int
    about: int | None = None


_WHOSE = {Account.SELLER: "seller", Account.HOLD: "buyer"}
# Debit and credit of what does not move between two wallets.
_PLANS = {
    Kind.PURCHASE: (Account.WALLET, Account.SELLER),
    Kind.HOLD: (Account.WALLET, Account.HOLD),
    # A payment that buys nothing is the buyer's until it is given back.
    Kind.REFUSED: (Account.WALLET, Account.HOLD),
    Kind.RELEASE: (Account.HOLD, Account.SELLER),
    Kind.REFUND: (Account.SELLER, Account.WALLET),
    Kind.HOLD_REFUND: (Account.HOLD, Account.WALLET),
}


def plan_entry(kind, amount, buyer, seller):
    """Return the lines of an entry between a buyer and a seller.

    :param Kind kind: what happened
    :param int amount: minor units, above zero
    :param int buyer: id of the contact whose wallet the buyer's is
    :param int seller: id of the seller's contact
    :raise ValueError: for what moves nothing

    >>> plan_entry(Kind.TRANSFER, 500, 1, 2) == (
    ...     Line(Account.WALLET, 2, 500), Line(Account.WALLET, 1, -500))
    True
    """
    _check_amount(amount)
    if kind == Kind.TRANSFER:
        sides = ((Account.WALLET, seller), (Account.WALLET, buyer))
    elif kind == Kind.TRANSFER_BACK:
        sides = ((Account.WALLET, buyer), (Account.WALLET, seller))
    else:
        partners = {"buyer": buyer, "seller": seller}
        sides = tuple(
            (account, partners[_WHOSE.get(account, "buyer")])
            for account in _PLANS[kind]
        )
    (debit, debtor), (credit, creditor) = sides
    return (Line(debit, debtor, amount), Line(credit, creditor, -amount))


def plan_payout(seller, net):
    """Return the lines of what reached a seller's bank (D9, first pair).

    :param int net: minor units, above zero

    >>> [line.amount for line in plan_payout(7, 1080)]
    [1080, -1080]
    """
    if net <= 0:
        raise ValueError(f"A payout of {net}: nothing to book.")
    return (Line(Account.SELLER, seller, net), Line(Account.WALLET, seller, -net))


def plan_fees(seller, netted):
    """Return the lines of what a payout paid to the operator (D9, second pair).

    :param netted: (role, minor units, id of the line that it pays) of each claim

    >>> sum(line.amount for line in plan_fees(7, [("due", 120, 31), ("debit", 5, 32)]))
    0
    """
    total = sum(amount for _role, amount, _about in netted)
    if total <= 0 or min(amount for _role, amount, _about in netted) <= 0:
        raise ValueError("Fees without an amount: nothing to book.")
    return (
        Line(Account.SELLER, seller, total),
        Line(Account.WALLET, seller, -total),
        Line(Account.FEES, seller, total),
        *(Line(role, seller, -amount, about) for role, amount, about in netted),
    )


def plan_return(seller, net, netted):
    """Return the lines of a payout that came back, its fees as far as they did.

    :param int net: minor units that the bank sent back
    :param netted: of the fees that came back, as for `plan_fees`; maybe none

    >>> [line.amount for line in plan_return(7, 1080, [("due", 120, 31)])]
    [1200, -1200, 120, -120]
    """
    back = sum(amount for _role, amount, _about in netted)
    if net + back <= 0:
        raise ValueError("A return without an amount: nothing to book.")
    lines = [
        Line(Account.WALLET, seller, net + back),
        Line(Account.SELLER, seller, -net - back),
    ]
    lines += [Line(role, seller, amount, about) for role, amount, about in netted]
    if back:
        lines.append(Line(Account.FEES, seller, -back))
    return tuple(lines)


def plan_topup(amount, seller):
    """Return the lines of what the operator put in a seller's wallet (D9).

    The money is the seller's, who owes as much: it pays for a refund that the seller
    has to make.

    :param int amount: minor units, what arrived
    :param int seller: id of the seller's contact

    >>> [line.amount for line in plan_topup(500, 2)]
    [500, -500, 500, -500]
    """
    _check_amount(amount)
    return (
        Line(Account.DEBIT, seller, amount),
        Line(Account.TRANSIT, seller, -amount),
        Line(Account.WALLET, seller, amount),
        Line(Account.SELLER, seller, -amount),
    )


def plan_dispute(kind, amount, buyer, seller, is_held=False):
    """Return the lines of what a disputed payment does (D9, EB12).

    The operator's own pair, and for a settlement that of other people's money besides:
    it is taken from the wallet that the payment came into, after it came back there.

    :param Kind kind: DISPUTE, DISPUTE_WON, SETTLEMENT, DISPUTE_DEBT or the latter's
        DISPUTE_DEBT_BACK
    :param int buyer: id of the contact whose wallet the payment came into
    :param bool is_held: what was paid is no sale: it is held for the buyer

    >>> [line.account.value for line in plan_dispute(Kind.DISPUTE_DEBT, 5, 1, 2)]
    ['debit', 'dispute']
    """
    _check_amount(amount)
    own = {
        Kind.DISPUTE: (Account.DISPUTE, Account.REPUDIATION),
        Kind.DISPUTE_WON: (Account.REPUDIATION, Account.DISPUTE),
        Kind.SETTLEMENT: (Account.REPUDIATION, Account.DISPUTE),
        Kind.DISPUTE_DEBT: (Account.DEBIT, Account.DISPUTE),
        Kind.DISPUTE_DEBT_BACK: (Account.DISPUTE, Account.DEBIT),
    }
    debit, credit = own[kind]
    lines = (Line(debit, seller, amount), Line(credit, seller, -amount))
    if kind == Kind.SETTLEMENT:
        lines += (
            Line(
                Account.HOLD if is_held else Account.SELLER,
                buyer if is_held else seller,
                amount,
            ),
            Line(Account.WALLET, buyer, -amount),
        )
    return lines


def _check_amount(amount):
    if amount <= 0:
        raise ValueError(f"An entry of {amount}: nothing to book.")
