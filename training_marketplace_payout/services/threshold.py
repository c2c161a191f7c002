# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From which amount on a person must be known, and until when one may wait for it.

Amounts are integers in minor units; moments are naive UTC, days those of a time zone.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

#: A reminder leaves this long before the end, or at half of a shorter time.
REMINDER = timedelta(days=3)


def window_start(as_of: datetime, months: int) -> datetime:
    """Return the first moment of the rolling window that ends at a moment.

    >>> window_start(datetime(2026, 11, 22, 10), 12)
    datetime.datetime(2025, 11, 22, 10, 0)

    A day that the earlier month lacks is its last one: the window is never shorter.

    >>> window_start(datetime(2028, 2, 29, 10), 12)
    datetime.datetime(2027, 2, 28, 10, 0)
    """
    return as_of - relativedelta(months=months)


def is_over(past_minor: int, now_minor: int, threshold_minor: int) -> bool:
    """Tell whether a purchase, added to the past ones, passes the threshold.

    >>> is_over(200_000, 50_000, 250_000)
    False
    >>> is_over(200_000, 50_001, 250_000)
    True
    """
    return past_minor + now_minor > threshold_minor


def last_day(paid_at: datetime, days: int, begin: datetime | None, zone: str) -> date:
    """Return the last day on which a buyer may become known.

    It is `days` days after the payment, and at the latest two days before the session:
    on the day before it, who is not known is refunded. A session that had begun when
    it was paid for (e-learning) sets no limit.

    >>> last_day(datetime(2026, 3, 1, 9), 15, None, "Europe/Paris")
    datetime.date(2026, 3, 16)
    >>> last_day(datetime(2026, 3, 1, 9), 15, datetime(2026, 3, 10, 8), "Europe/Paris")
    datetime.date(2026, 3, 8)
    """
    last = to_local(paid_at, zone).date() + timedelta(days=days)
    if begin and begin > paid_at:
        last = min(last, to_local(begin, zone).date() - timedelta(days=2))
    return last


def deadline(paid_at: datetime, days: int, begin: datetime | None, zone: str):
    """Return the first moment that is too late: the midnight after `last_day`.

    >>> deadline(datetime(2026, 3, 1, 9), 15, None, "Europe/Paris")
    datetime.datetime(2026, 3, 16, 23, 0)
    """
    day = last_day(paid_at, days, begin, zone) + timedelta(days=1)
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    return midnight.astimezone(UTC).replace(tzinfo=None)


def reminder_at(paid_at: datetime, end: datetime) -> datetime:
    """Return when to remind who has not answered.

    >>> reminder_at(datetime(2026, 3, 1), datetime(2026, 3, 16))
    datetime.datetime(2026, 3, 13, 0, 0)
    >>> reminder_at(datetime(2026, 3, 1), datetime(2026, 3, 3))
    datetime.datetime(2026, 3, 2, 0, 0)
    """
    return end - min(REMINDER, max((end - paid_at) / 2, timedelta()))


def is_too_late(as_of: datetime, begin: datetime | None, zone: str) -> bool:
    """Tell whether a session is too near for a buyer to become known before it.

    >>> is_too_late(datetime(2026, 3, 9, 8), datetime(2026, 3, 10, 8), "Europe/Paris")
    True
    >>> is_too_late(datetime(2026, 3, 8, 8), datetime(2026, 3, 10, 8), "Europe/Paris")
    False
    """
    if not begin or begin <= as_of:
        return False
    return deadline(as_of, 1, begin, zone) <= as_of


def to_local(moment: datetime, zone: str) -> datetime:
    """Return a naive UTC moment on the clock of a place."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
