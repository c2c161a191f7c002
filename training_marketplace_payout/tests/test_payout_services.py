# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B18: what is paid, what is netted and what stops it, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..services import payout
from ..services.marketplace_entries import Account, plan_fees, plan_payout, plan_return
from ..services.payout import Money, Obstacle, Person

PARIS = "Europe/Paris"
AMOUNTS = st.integers(0, 10**9)
SELLER = Person(state="approved")
FULL = Money(owed=1000, wallet=1000)


@tagged("standard", "post_install", "-at_install")
class TestPayoutServices(BaseCase):
    def test_nothing_stops(self):
        """B18: bank details and no more asked: paid."""
        self.assertEqual(payout.find_obstacles(SELLER, FULL), [])

    def test_each_obstacle(self):
        """B18: each reason, alone."""
        persons = {
            Obstacle.SUSPENDED: {"state": "suspended"},
            Obstacle.NO_CONTRACT: {"state": ""},
            Obstacle.HOLD: {"is_held": True},
            Obstacle.DAC7: {"is_dac7_stopped": True},
            Obstacle.EXCEPTION: {"has_exception": True},
            Obstacle.NO_RECIPIENT: {"has_recipient": False},
            Obstacle.DOUBTFUL_RECIPIENT: {"is_recipient_doubtful": True},
            Obstacle.KYC: {"is_kyc_asked": True, "is_verified": False},
            Obstacle.BLOCKED: {"mangopay": "blocked"},
            Obstacle.FAILED: {"has_failed": True},
            Obstacle.NO_WALLET: {"has_wallet": False},
            Obstacle.LIVE: {"has_live": True},
        }
        for expected, values in persons.items():
            found = payout.find_obstacles(replace(SELLER, **values), FULL)
            self.assertEqual(found, [expected])
        moneys = {
            Obstacle.BALANCE: Money(owed=1000, wallet=0),
            Obstacle.DEBT: replace(FULL, refunds=1000),
            Obstacle.TRANSFERS: replace(FULL, is_transferring=True),
            Obstacle.SETTLEMENT: replace(FULL, later=1000, is_settled=False),
        }
        for expected, money in moneys.items():
            self.assertEqual(payout.find_obstacles(SELLER, money), [expected])
        found = payout.find_obstacles(SELLER, FULL, minimum=1001)
        self.assertEqual(found, [Obstacle.MINIMUM])
        self.assertEqual(payout.find_obstacles(SELLER, FULL, minimum=1000), [])

    def test_what_stops_nothing(self):
        """B18: a closed contract, and a verification that nobody asked for."""
        for values in ({"state": "closed"}, {"is_verified": False}):
            found = payout.find_obstacles(replace(SELLER, **values), FULL)
            self.assertEqual(found, [])

    @given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
    def test_never_above_what_there_is(self, owed, wallet, later, refunds, given_back):
        """B18, D10: at most the wallet, at most what is due, never negative."""
        money = Money(owed, wallet, later, refunds, given_back)
        self.assertGreaterEqual(money.amount, 0)
        self.assertLessEqual(money.amount, max(wallet, 0))
        self.assertLessEqual(money.amount, max(owed - later - refunds, 0))

    @settings(max_examples=200)
    @given(AMOUNTS, st.lists(AMOUNTS, max_size=8), AMOUNTS)
    def test_fees(self, amount, wanted, back):
        """B18: strictly below the amount, the oldest first, none above its claim; what
        comes back never exceeds what was paid, the last first."""
        claims = list(enumerate(wanted))
        shares = payout.share_fees(amount, claims)
        total = sum(share.amount for share in shares)
        self.assertTrue(total < amount or not shares)
        self.assertEqual(total, min(sum(wanted), max(amount - 1, 0)))
        whole = [share for share in shares if share.amount == wanted[share.claim]]
        self.assertGreaterEqual(len(whole), len(shares) - 1)
        order = [share.claim for share in shares]
        self.assertEqual(order, sorted(order))
        returned = payout.share_back(min(back, total), shares)
        self.assertEqual(sum(one.amount for one in returned), min(back, total))
        self.assertEqual([one.claim for one in returned], order[::-1][: len(returned)])

    @given(
        st.integers(1, 10**9),
        st.lists(st.integers(1, 10**6), min_size=1, max_size=5),
    )
    def test_books(self, net, parts):
        """D9: each pair balances, I1 holds after each, a return undoes both."""
        netted = [("due", part, number) for number, part in enumerate(parts)]
        plans = [plan_payout(7, net), plan_fees(7, netted), plan_return(7, net, netted)]
        for lines in plans:
            self.assertEqual(sum(line.amount for line in lines), 0)
            others = sum(
                line.amount
                for line in lines
                if line.account in (Account.WALLET, Account.SELLER)
            )
            self.assertEqual(others, 0)
        sums = {}
        for line in (line for lines in plans for line in lines):
            key = (line.account, line.about)
            sums[key] = sums.get(key, 0) + line.amount
        self.assertEqual(set(sums.values()), {0})

    def test_calendar(self):
        """B18: the 15th, whatever day it is: the eve, the 31st, a leap year, a day on
        which nothing ran."""
        for today, due in (
            ("2026-11-15", "2026-11-15"),
            ("2026-11-14", "2026-10-15"),
            ("2026-12-31", "2026-12-15"),
            ("2027-01-14", "2026-12-15"),
            ("2028-02-29", "2028-02-15"),
            ("2028-03-01", "2028-02-15"),
        ):
            found = payout.last_due(date.fromisoformat(today))
            self.assertEqual(found, date.fromisoformat(due), today)
        self.assertEqual(payout.next_due(date(2026, 12, 31)), date(2027, 1, 15))
        self.assertEqual(payout.next_due(date(2026, 12, 15)), date(2026, 12, 15))
        self.assertEqual(payout.until_of(date(2026, 12, 15)), date(2026, 12, 1))

    def test_midnight_in_paris(self):
        """B18: days are those of the organisation, at the change of hour too."""
        eve = datetime(2026, 11, 14, 22, 59)
        self.assertEqual(payout.local_day(eve, PARIS), date(2026, 11, 14))
        night = datetime(2026, 11, 14, 23, 0)
        self.assertEqual(payout.local_day(night, PARIS), date(2026, 11, 15))
        summer = payout.start_of(date(2026, 10, 1), PARIS)
        self.assertEqual(summer, datetime(2026, 9, 30, 22, 0))
        winter = payout.start_of(date(2026, 11, 1), PARIS)
        self.assertEqual(winter, datetime(2026, 10, 31, 23, 0))

    @given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
    def test_each_day_has_its_due(self, today):
        """B18: the last due day is past, the next is not, a month apart at most."""
        last, coming = payout.last_due(today), payout.next_due(today)
        self.assertTrue(last <= today <= coming)
        self.assertLessEqual((coming - last).days, 31)
        start = payout.start_of(payout.until_of(last), PARIS)
        local = start.replace(tzinfo=UTC).astimezone(ZoneInfo(PARIS))
        self.assertEqual((local.day, local.hour), (1, 0))
