# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which month is settled when, and for how much. Plain values in and out."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PAYOUT_DAY = 15


def get_month(moment, zone):
    """Return the first day of the month of a moment on an organisation's clock.

    :param datetime moment: UTC, naive as Odoo keeps it
    :param str zone: as Europe/Paris

    >>> get_month(datetime(2026, 11, 30, 23, 30), "Europe/Paris")
    datetime.date(2026, 12, 1)
    """
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return local.date().replace(day=1)


def get_next_month(month):
    """Return the first day of the month after.

    >>> get_next_month(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    years, index = divmod(month.month, 12)
    return date(month.year + years, index + 1, 1)


def get_moment(day, zone):
    """Return the moment (UTC, naive) at which a day begins on an organisation's clock.

    >>> get_moment(date(2026, 12, 1), "Europe/Paris")
    datetime.datetime(2026, 11, 30, 23, 0)
    """
    local = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def list_months(first, now, zone):
    """Return the months that are over, from one of them to the last, oldest first.

    :param date first: a first day of month
    :param datetime now: UTC, naive

    >>> [f"{one:%Y-%m}" for one in
    ...  list_months(date(2027, 12, 1), datetime(2028, 3, 1, 5), "Europe/Paris")]
    ['2027-12', '2028-01', '2028-02']
    """
    months, current = [], get_month(now, zone)
    while first < current:
        months.append(first)
        first = get_next_month(first)
    return months


def get_payout_day(issued):
    """Return when what is issued on a day is set off: the next 15th (B18).

    >>> get_payout_day(date(2026, 12, 1)), get_payout_day(date(2026, 12, 16))
    (datetime.date(2026, 12, 15), datetime.date(2027, 1, 15))
    """
    month = issued.replace(day=1)
    if issued.day > PAYOUT_DAY:
        month = get_next_month(month)
    return month.replace(day=PAYOUT_DAY)


def split_amount(commission, carried_in, is_carry_allowed):
    """Return what is invoiced of a month, and what is left for the next one.

    Less than nothing is credited, or waits for the next month where the organisation
    wants so: for one month, and is credited then, sales or not.

    :param int commission: of the sales less refunds, minor units
    :param int carried_in: what waited from earlier months, zero or below
    :return: (invoiced, carried out)

    >>> split_amount(700, -200, True), split_amount(-300, 0, True)
    ((500, 0), (0, -300))
    >>> split_amount(-300, 0, False), split_amount(-300, -100, True)
    ((-300, 0), (-400, 0))
    """
    due = commission + carried_in
    if due < 0 and is_carry_allowed and not carried_in:
        return 0, due
    return due, 0
