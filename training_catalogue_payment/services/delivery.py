# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How much of a session is delivered on a closing date (row A30)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Delivery:
    """The hours of a session, before and after the end of a day."""

    hours: Decimal
    hours_after: Decimal

    @property
    def share_after(self):
        """The part still to deliver, between 0 and 1."""
        return self.hours_after / self.hours if self.hours else Decimal(0)


def find_days(first_day, last_day):
    """Return the days a session is held on.

    Week-ends in the middle of it are rest; its first and last days never are.
    """
    count = (last_day - first_day).days
    days = [first_day + timedelta(days=number) for number in range(count + 1)]
    return [
        day for day in days if day.weekday() < SATURDAY or day in (first_day, last_day)
    ]


def split_hours(starts_at, ends_at, closing_date, hours=0):
    """Share the hours of a session between what a closing date has seen and the rest.

    The hours are spread evenly over the days of the session; the closing day itself
    is delivered.

    :param datetime starts_at: in the session's own time zone
    :param datetime ends_at: in the session's own time zone
    :param date closing_date: its last moment is the border
    :param hours: duration of the programme; when it is not known, the hours of the
        clock between the two times of day, on each day
    :rtype: Delivery
    """
    days = find_days(starts_at.date(), ends_at.date())
    total = Decimal(str(hours or 0))
    if not total:
        clock = timedelta(hours=ends_at.hour, minutes=ends_at.minute) - timedelta(
            hours=starts_at.hour, minutes=starts_at.minute
        )
        seconds = max(int(clock.total_seconds()), 3600)
        total = Decimal(seconds * len(days)) / 3600
    days_after = sum(day > closing_date for day in days)
    return Delivery(total, total * days_after / len(days))
