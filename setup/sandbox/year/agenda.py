# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What happens in the year, day by day; the same every time."""

import random
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from .trouble import Trouble

#: Hours of the day in UTC: people buy by day; by night the jobs have all begun at five.
NIGHT, DAY = 5, 14
#: Days on which Odoo runs; on the others it is down, and catches up.
OPEN = (1, 2, 8, 12, 15, 16, 24)
SALES = (2, 8, 12, 24)


class Agenda:
    """Goes through the days; `Trouble` says on which one something goes wrong."""

    def __init__(self, clock, town, shop, jobs):
        self.clock = clock
        self.town = town
        self.shop = shop
        self.jobs = jobs
        self.env = town.env
        self.chance = random.Random(2027)
        self.sellers = self._search([("is_marketplace_seller", "=", True)])
        self.buyers = self._search([("ref", "=", "buyer")])
        self.trouble = Trouble(self)

    def live(self, months: int) -> None:
        """Live every day of the year's first months."""
        day = self.clock.now.date()
        end = day + relativedelta(months=months, day=1)
        while day < end:
            if day.day == 1:
                print(f"{day:%Y-%m} …", flush=True)
            if day.day in OPEN or (day.month, day.day) in self.trouble.plan:
                self._live_through(day)
            day += timedelta(days=1)
        self._wake_up(day)

    def _live_through(self, day):
        self._wake_up(day)
        self.clock.move_to(datetime.combine(day, datetime.min.time()).replace(hour=DAY))
        if self.town.send_documents():
            self.jobs.run()
        if day.day in SALES:
            self._somebody_buys()
        for event in self.trouble.plan.get((day.month, day.day), []):
            event()
            self.jobs.run()

    def _wake_up(self, day):
        """Let the night's jobs do their work."""
        night = datetime.combine(day, datetime.min.time()).replace(hour=NIGHT)
        if night > self.clock.now:
            self.clock.move_to(night)
        self.jobs.run()

    def _search(self, domain):
        return self.env["res.partner"].search(domain, order="id")

    def _somebody_buys(self):
        session = self.town.open_session(self.chance.choice(self.sellers))
        self.shop.buy(session, self.chance.choice(self.buyers))
