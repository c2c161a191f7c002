# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a seller is paid on the 15th, what is netted, and what stops it (B18, D10).

Plain values in, plain values out. Amounts are integers, minor units.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

#: Day of the month on which sellers are paid.
PAYDAY = 15


class Obstacle(StrEnum):
    """Why a seller is not paid now. Order = order in which they are told."""

    NO_CONTRACT = "no_contract"
    SUSPENDED = "suspended"
    HOLD = "hold"
    DAC7 = "dac7"
    EXCEPTION = "exception"
    NO_RECIPIENT = "no_recipient"
    DOUBTFUL_RECIPIENT = "doubtful_recipient"
    KYC = "kyc"
    BLOCKED = "blocked"
    FAILED = "failed"
    NO_WALLET = "no_wallet"
    SETTLEMENT = "settlement"
    TRANSFERS = "transfers"
    DEBT = "debt"
    BALANCE = "balance"
    MINIMUM = "minimum"
    LIVE = "live"
    APPROVAL = "approval"


#: What passes by itself, or is no fault: nobody is told.
SILENT = frozenset(
    {
        Obstacle.NO_WALLET,
        Obstacle.SETTLEMENT,
        Obstacle.TRANSFERS,
        Obstacle.BALANCE,
        Obstacle.LIVE,
        Obstacle.APPROVAL,
    }
)
#: What the seller is told; the operator is told of the others too.
TOLD_TO_SELLER = frozenset(
    {
        Obstacle.SUSPENDED,
        Obstacle.HOLD,
        Obstacle.DAC7,
        Obstacle.NO_RECIPIENT,
        Obstacle.DOUBTFUL_RECIPIENT,
        Obstacle.KYC,
        Obstacle.BLOCKED,
        Obstacle.FAILED,
        Obstacle.DEBT,
        Obstacle.MINIMUM,
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a seller, its money left out.

    :param str state: of its contract, empty without one
    :param bool is_held: a manager stopped its payouts
    :param bool is_dac7_stopped: it did not give what the tax office asks for (B23)
    :param bool has_exception: the proof of the books has an open difference
    :param bool is_kyc_asked: its verification was asked for (B14)
    :param str mangopay: state of its user at Mangopay
    :param bool has_failed: the payout of this month was refused, and nothing changed
    :param bool has_live: a payout is under way
    """

    state: str
    is_held: bool = False
    is_dac7_stopped: bool = False
    has_exception: bool = False
    has_recipient: bool = True
    is_recipient_doubtful: bool = False
    is_kyc_asked: bool = False
    is_verified: bool = True
    mangopay: str = "active"
    has_wallet: bool = True
    has_failed: bool = False
    has_live: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """What is known of a seller's money in one currency.

    :param int owed: what the books owe the seller
    :param int wallet: what they say is in its wallet
    :param int later: of what is owed, for sales that are not paid yet
    :param int refunds: under way to buyers, of sales that are paid now
    :param int wallet_refunds: under way to buyers, that its wallet gives back
    :param int to_transfer: of sales that are paid now, not in its wallet yet
    :param bool is_transferring: some of it is on its way to the wallet
    :param bool is_settled: the commissions of the months that are paid are invoiced;
        sales whose commission is not are in ``later``
    :param bool is_foreseen: it is what there will be, not what there is; sales whose
        commission is not invoiced are not in ``later``
    """

    owed: int = 0
    wallet: int = 0
    later: int = 0
    refunds: int = 0
    wallet_refunds: int = 0
    to_transfer: int = 0
    is_transferring: bool = False
    is_settled: bool = True
    is_foreseen: bool = False

    @property
    def entitled(self):
        """What the seller may be paid, were it all in its wallet."""
        return self.owed - self.later - self.refunds

    @property
    def amount(self):
        """What can be paid out now (D10): never negative.

        >>> Money(owed=500, wallet=300, later=100).amount
        300
        """
        return max(min(self.wallet - self.wallet_refunds, self.entitled), 0)


def foresee(money):
    """Return a seller's money as it will be once its sales are in its wallet.

    >>> foresee(Money(owed=500, wallet=300, to_transfer=200)).amount
    500
    """
    wallet = money.wallet + money.to_transfer
    return replace(money, wallet=wallet, is_transferring=False, is_foreseen=True)


def find_obstacles(person, money, minimum=0):
    """Return why a seller is not paid now; nothing when it is.

    A closed contract stops nothing: what was sold under it is still the seller's. Nor
    does a mandate to accept anew: the sales were made under the former one.

    :param Person person: who is to be paid
    :param Money money: and what
    :param int minimum: below this nothing leaves; before what is netted
    :rtype: list[Obstacle]
    """
    checks = (
        (person.state in ("", "applied", "refused"), Obstacle.NO_CONTRACT),
        (person.state == "suspended", Obstacle.SUSPENDED),
        (person.is_held, Obstacle.HOLD),
        (person.is_dac7_stopped, Obstacle.DAC7),
        (person.has_exception, Obstacle.EXCEPTION),
        (not person.has_recipient, Obstacle.NO_RECIPIENT),
        (
            person.has_recipient and person.is_recipient_doubtful,
            Obstacle.DOUBTFUL_RECIPIENT,
        ),
        (person.is_kyc_asked and not person.is_verified, Obstacle.KYC),
        (person.mangopay in ("blocked", "closed"), Obstacle.BLOCKED),
        (person.has_failed, Obstacle.FAILED),
        (not person.has_wallet, Obstacle.NO_WALLET),
        (
            not money.is_settled and (money.amount <= 0 or money.is_foreseen),
            Obstacle.SETTLEMENT,
        ),
        (money.is_transferring, Obstacle.TRANSFERS),
        (_is_eaten(money), Obstacle.DEBT),
        (
            money.amount <= 0 and money.is_settled and not _is_eaten(money),
            Obstacle.BALANCE,
        ),
        (0 < money.amount < minimum, Obstacle.MINIMUM),
        (person.has_live, Obstacle.LIVE),
    )
    return [obstacle for found, obstacle in checks if found]


def _is_eaten(money):
    """Whether there would be something to pay, but for refunds that are under way."""
    return money.amount <= 0 and min(money.wallet, money.owed - money.later) > 0


class Share(NamedTuple):
    """What is paid of a claim; ``claim`` is whatever the caller named it by."""

    claim: object
    amount: int


def share_fees(amount, claims):
    """Return what of the operator's claims a payout pays, in their order.

    Fees are strictly below the amount: Mangopay refuses the rest (001014). The last
    one that does not fit is paid in part.

    :param int amount: what is debited
    :param claims: (claim, minor units), the oldest first

    >>> share_fees(100, [("a", 60), ("b", 60)])
    [Share(claim='a', amount=60), Share(claim='b', amount=39)]
    """
    room = max(amount - 1, 0)
    shares = []
    for claim, wanted in claims:
        part = min(max(wanted, 0), room)
        if part:
            shares.append(Share(claim, part))
            room -= part
    return shares


def share_back(back, shares):
    """Return what of the fees of a payout came back: those paid last first.

    :param int back: minor units; never more than there were
    :param shares: what the payout paid, in its order

    >>> share_back(50, [("a", 60), ("b", 39)])
    [Share(claim='b', amount=39), Share(claim='a', amount=11)]
    """
    return share_fees(back + 1, list(reversed(shares)))


# The calendar, in the organisation's time zone


def local_day(moment, zone):
    """Return the day of a moment (UTC, naive) where the organisation is.

    >>> local_day(datetime(2026, 11, 14, 23, 30), "Europe/Paris")
    datetime.date(2026, 11, 15)
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def start_of(day, zone):
    """Return when a day begins (UTC, naive).

    >>> start_of(date(2026, 11, 1), "Europe/Paris")
    datetime.datetime(2026, 10, 31, 23, 0)
    """
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return start.astimezone(UTC).replace(tzinfo=None)


def next_due(today):
    """Return the next day on which sellers are paid, today included."""
    due = today.replace(day=PAYDAY)
    if today <= due:
        return due
    return (due.replace(day=1) + timedelta(days=32)).replace(day=PAYDAY)


def last_due(today):
    """Return the last day on which sellers were to be paid, today included.

    >>> last_due(date(2026, 3, 14)), last_due(date(2026, 3, 15))
    (datetime.date(2026, 2, 15), datetime.date(2026, 3, 15))
    """
    due = today.replace(day=PAYDAY)
    if today >= due:
        return due
    return (due.replace(day=1) - timedelta(days=1)).replace(day=PAYDAY)


def until_of(due):
    """Return before which day the sales that are paid then were made."""
    return date(due.year, due.month, 1)
