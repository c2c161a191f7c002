# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""One time for Odoo and for the stand-in of Mangopay: it moves when it is told to."""

import calendar
import contextlib
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.sql_db import BaseCursor


class Clock:
    """The present moment of the year, in UTC, without a time zone."""

    def __init__(self, bank, start: datetime):
        self.start = self.now = start
        self._bank = bank
        self._frozen = None

    @contextlib.contextmanager
    def running(self):
        """Have everything in this process, and the stand-in, live at this clock."""
        # A cursor asks PostgreSQL for the time, which nobody freezes.
        cursor_time = patch.object(BaseCursor, "now", lambda cursor: datetime.now())
        with cursor_time, freeze_time(self.now) as self._frozen:
            self._tell_the_bank()
            yield self

    def move_to(self, moment: datetime) -> None:
        """Let the time pass until a moment.

        :raise ValueError: for the past
        """
        if moment < self.now:
            raise ValueError(f"{moment} is before {self.now}.")
        self.now = moment
        self._frozen.move_to(moment)
        self._tell_the_bank()

    def pass_by(self, **delta) -> None:
        """Let some time pass: hours, minutes…"""
        self.move_to(self.now + timedelta(**delta))

    def _tell_the_bank(self):
        self._bank.set_clock(calendar.timegm(self.now.timetuple()))
