# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A consumer's right to withdraw from an online purchase (row A28).

French consumer code, art. L221-18 to L221-28; plain values in, plain values out.

Who: only somebody who bought as a private person. A company never has this right
online: art. L221-3, which lends it to companies of five employees or fewer, is about
contracts made off the premises, not at a distance.

When (art. L221-19): the day of the contract does not count; the period begins at 0:00
of the next day, lasts fourteen days, and ends at the last hour of the last one. An end
on a Saturday, a Sunday or a public holiday moves to the next working day. Days are
those of Paris, whatever the buyer's clock says.

Nothing is ever a minute short of what the law gives: a session that was never asked to
start early is refunded whole.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

PARIS = ZoneInfo("Europe/Paris")
UTC = ZoneInfo("UTC")
PERIOD_DAYS = 14
#: The trader gives the money back within this many days of the notice (L221-24).
REFUND_DAYS = 14
SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class Case(StrEnum):
    """What the law says of a programme sold to a consumer."""

    STANDARD = "standard"
    #: leisure at a fixed date: no right at all (L221-28, 12°)
    LEISURE = "leisure"
    #: digital content: the right is lost once access was given, with consent (13°)
    DIGITAL = "digital"


class Refusal(StrEnum):
    """Why a purchase cannot be withdrawn from."""

    NOT_CONSUMER = "not_consumer"
    NOT_PAID = "not_paid"
    LEISURE = "leisure"
    ACCESS_GIVEN = "access_given"
    PERFORMED = "performed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DONE = "done"


class Consent(StrEnum):
    """What a consumer has to ask for before such a session may be sold."""

    EARLY_START = "early_start"
    IMMEDIATE_ACCESS = "immediate_access"


@dataclass(frozen=True, slots=True)
class Purchase:
    """What the right depends on. Moments are in UTC, without a time zone.

    :param contract: when the contract was made, ``None`` before payment
    :param consents: the boxes that the buyer ticked
    :param is_accessed: access to the digital content was given
    :param has_rest: a seat or money is left to give back
    :param is_withdrawn: the buyer has withdrawn already
    """

    is_consumer: bool
    contract: datetime | None
    begin: datetime
    end: datetime
    case: Case = Case.STANDARD
    consents: frozenset = frozenset()
    is_accessed: bool = False
    has_rest: bool = True
    is_withdrawn: bool = False


@cache
def _public_holidays(year: int) -> frozenset:
    """Return the public holidays of the whole of France in one year."""
    return frozenset(country_holidays("FR", years=year, observed=False))


def is_working_day(day: date) -> bool:
    """Whether a period may end on that day.

    >>> is_working_day(date(2026, 5, 1)), is_working_day(date(2026, 4, 30))
    (False, True)
    """
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


def to_paris(moment: datetime) -> datetime:
    """Return a moment of the database (UTC, naive) on the clock of Paris."""
    return moment.replace(tzinfo=UTC).astimezone(PARIS)


def last_day(contract: datetime) -> date:
    """Return the last day on which to withdraw.

    :param contract: when the contract was made, UTC and naive

    >>> last_day(datetime(2026, 6, 1, 10))  # a Monday
    datetime.date(2026, 6, 15)
    """
    day = to_paris(contract).date() + PERIOD_DAYS * _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def deadline(contract: datetime) -> datetime:
    """Return the first moment that is too late: 24:00 in Paris, as UTC and naive.

    >>> deadline(datetime(2026, 6, 1, 10))
    datetime.datetime(2026, 6, 15, 22, 0)
    """
    midnight = datetime.combine(last_day(contract) + _ONE_DAY, time(), tzinfo=PARIS)
    return midnight.astimezone(UTC).replace(tzinfo=None)


def starts_early(contract: datetime, begin: datetime) -> bool:
    """Whether a session begins before the end of the period of its contract."""
    return begin < deadline(contract)


def consents_needed(purchase: Purchase, now: datetime) -> tuple[Consent, ...]:
    """Return what a consumer has to ask for to buy this now (L221-25, L221-28 13°).

    A session keeps its date: who does not ask that it begin before the end of the
    period buys a later one. E-learning is opened as soon as it is bought.
    """
    if not purchase.is_consumer or purchase.case == Case.LEISURE:
        return ()
    if purchase.case == Case.DIGITAL:
        return (Consent.IMMEDIATE_ACCESS,)
    if starts_early(purchase.contract or now, purchase.begin):
        return (Consent.EARLY_START,)
    return ()


def refusal(purchase: Purchase, now: datetime) -> Refusal | None:
    """Return why the buyer cannot withdraw now, ``None`` when they can."""
    if not purchase.is_consumer:
        return Refusal.NOT_CONSUMER
    if purchase.contract is None:
        return Refusal.NOT_PAID
    if purchase.is_withdrawn:
        return Refusal.DONE
    if purchase.case == Case.LEISURE:
        return Refusal.LEISURE
    if now >= deadline(purchase.contract):
        return Refusal.EXPIRED
    if not purchase.has_rest:
        return Refusal.CANCELLED
    return _performance_refusal(purchase, now)


def _performance_refusal(purchase, now):
    """What was delivered at the buyer's own request may have ended the right."""
    if (
        purchase.case == Case.DIGITAL
        and Consent.IMMEDIATE_ACCESS in purchase.consents
        and (purchase.is_accessed or now >= purchase.begin)
    ):
        return Refusal.ACCESS_GIVEN
    if Consent.EARLY_START in purchase.consents and now >= purchase.end:
        return Refusal.PERFORMED
    return None


def delivered_share(begin: datetime, end: datetime, now: datetime) -> Fraction:
    """Return the part of a session that was delivered, by hours (L221-25).

    A session is given every day at the same hours, those of its first and last
    moments on the clock of Paris; not on the weekends and public holidays it spans.

    >>> delivered_share(datetime(2026, 6, 1, 7), datetime(2026, 6, 2, 15),
    ...                 datetime(2026, 6, 1, 15))
    Fraction(1, 2)
    """
    if now <= begin:
        return Fraction(0)
    if now >= end:
        return Fraction(1)
    slots = _daily_slots(to_paris(begin), to_paris(end))
    total = sum((stop - start for start, stop in slots), timedelta())
    moment = to_paris(now).replace(tzinfo=None)
    done = sum((_elapsed(start, stop, moment) for start, stop in slots), timedelta())
    return Fraction(done // timedelta(seconds=1), total // timedelta(seconds=1))


def _daily_slots(begin, end):
    """Return the (start, stop) of each day, on the clock, without a time zone."""
    begin, end = begin.replace(tzinfo=None), end.replace(tzinfo=None)
    if end.time() <= begin.time():  # given across midnights: one long slot
        return [(begin, end)]
    count = (end.date() - begin.date()).days + 1
    ends = (begin.date(), end.date())
    days = [begin.date() + number * _ONE_DAY for number in range(count)]
    days = [day for day in days if day in ends or is_working_day(day)]
    return [
        (datetime.combine(day, begin.time()), datetime.combine(day, end.time()))
        for day in days
    ]


def _elapsed(start, stop, moment):
    return min(max(moment - start, timedelta()), stop - start)


def amount_due(purchase: Purchase, now: datetime) -> Fraction:
    """Return the part of the price that a consumer who withdraws still owes.

    Nothing without the express request that the session begin early, whatever was
    delivered (L221-25, last paragraph).
    """
    if Consent.EARLY_START not in purchase.consents:
        return Fraction(0)
    return delivered_share(purchase.begin, purchase.end, now)
