# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A consumer's right to withdraw, on plain values."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..services import withdrawal
from ..services.withdrawal import Case, Consent, Purchase, Refusal

MONDAY = datetime(2026, 6, 1, 10)
PURCHASE = Purchase(
    is_consumer=True,
    contract=MONDAY,
    begin=datetime(2026, 7, 6, 7),
    end=datetime(2026, 7, 7, 15),
)
EARLY = replace(
    PURCHASE,
    begin=datetime(2026, 6, 8, 7),  # 9:00 in Paris, a Monday
    end=datetime(2026, 6, 9, 15),  # 17:00
    consents=frozenset({Consent.EARLY_START}),
)


@tagged("post_install", "-at_install")
class TestWithdrawalPeriod(BaseCase):
    def _last(self, *contract):
        return withdrawal.last_day(datetime(*contract))

    def test_day_one_is_the_day_after(self):
        """A28: the day of the contract does not count, fourteen days follow."""
        self.assertEqual(self._last(2026, 6, 1, 10), date(2026, 6, 15))
        self.assertEqual(
            withdrawal.deadline(MONDAY), datetime(2026, 6, 15, 22)
        )  # 24:00 in Paris

    def test_the_day_is_that_of_paris(self):
        """A28: 23:30 UTC in June is the next day in Paris; 22:30 in winter is not."""
        self.assertEqual(self._last(2026, 6, 1, 22, 30), date(2026, 6, 16))
        self.assertEqual(self._last(2027, 1, 11, 22, 30), date(2027, 1, 25))
        self.assertEqual(self._last(2027, 1, 11, 23, 30), date(2027, 1, 26))

    def test_weekend_moves_to_monday(self):
        """A28: an end on a Saturday or a Sunday moves to the next working day."""
        self.assertEqual(self._last(2026, 6, 6, 10), date(2026, 6, 22))  # Saturday
        self.assertEqual(self._last(2026, 6, 7, 10), date(2026, 6, 22))  # Sunday

    def test_first_of_may(self):
        """A28: 1 May 2026 is a Friday: the weekend follows, the end is on the 4th."""
        self.assertEqual(self._last(2026, 4, 17, 10), date(2026, 5, 4))

    def test_easter_monday(self):
        """A28: Saturday before Easter, Easter Sunday and Monday move to Tuesday."""
        for day in (21, 22, 23):  # their ends: 4, 5 and 6 April 2026
            self.assertEqual(self._last(2026, 3, day, 10), date(2026, 4, 7))

    def test_31_december_and_new_year(self):
        """A28: the period runs over the new year; 1 January is a holiday."""
        self.assertEqual(self._last(2026, 12, 31, 10), date(2027, 1, 14))
        self.assertEqual(self._last(2026, 12, 17, 10), date(2026, 12, 31))
        self.assertEqual(self._last(2026, 12, 18, 10), date(2027, 1, 4))  # 1 = Friday

    def test_christmas_and_the_holidays_of_summer(self):
        """A28: every French public holiday counts as one."""
        self.assertEqual(self._last(2026, 12, 11, 10), date(2026, 12, 28))
        self.assertEqual(self._last(2026, 6, 30, 10), date(2026, 7, 15))
        self.assertEqual(self._last(2027, 7, 31, 10), date(2027, 8, 16))

    def test_leap_year(self):
        """A28: 29 February is a day like another."""
        self.assertEqual(self._last(2028, 2, 15, 10), date(2028, 2, 29))
        self.assertEqual(self._last(2027, 2, 15, 10), date(2027, 3, 1))

    def test_change_of_hour(self):
        """A28: the last hour is that of Paris on the last day, summer or winter."""
        # The clocks go forward on 29 March 2026, back on 25 October.
        self.assertEqual(
            withdrawal.deadline(datetime(2026, 3, 20, 10)), datetime(2026, 4, 3, 22)
        )
        self.assertEqual(
            withdrawal.deadline(datetime(2026, 10, 19, 10)), datetime(2026, 11, 2, 23)
        )

    def test_last_second_and_first_too_late(self):
        """A28: 23:59:59 in Paris is in time, 24:00 is not."""
        late = withdrawal.deadline(MONDAY)
        just = late - timedelta(seconds=1)
        self.assertIsNone(withdrawal.refusal(PURCHASE, just))
        self.assertEqual(withdrawal.refusal(PURCHASE, late), Refusal.EXPIRED)


@tagged("post_install", "-at_install")
class TestWithdrawalRight(BaseCase):
    def _refusal(self, now=MONDAY, purchase=PURCHASE, **values):
        return withdrawal.refusal(replace(purchase, **values), now)

    def test_only_consumers(self):
        """A28: a company never withdraws online, however small (L221-3)."""
        self.assertEqual(self._refusal(is_consumer=False), Refusal.NOT_CONSUMER)
        self.assertEqual(self._refusal(contract=None), Refusal.NOT_PAID)

    def test_once(self):
        """A28: who has withdrawn, or has nothing left, has nothing to withdraw."""
        self.assertEqual(self._refusal(is_withdrawn=True), Refusal.DONE)
        self.assertEqual(self._refusal(has_rest=False), Refusal.CANCELLED)

    def test_leisure_is_excluded(self):
        """A28: leisure at a fixed date has no period (L221-28, 12°)."""
        self.assertEqual(self._refusal(case=Case.LEISURE), Refusal.LEISURE)

    def test_digital_until_access_is_given(self):
        """A28: e-learning with consent: lost once opened; kept without consent."""
        consent = frozenset({Consent.IMMEDIATE_ACCESS})
        digital = replace(PURCHASE, case=Case.DIGITAL, consents=consent)
        self.assertIsNone(self._refusal(purchase=digital))
        opened = {"purchase": digital, "is_accessed": True}
        self.assertEqual(self._refusal(**opened), Refusal.ACCESS_GIVEN)
        self.assertIsNone(self._refusal(**opened, consents=frozenset()))

    def test_performed_in_full_at_the_buyers_request(self):
        """A28: a session that ended at the buyer's own request cannot be undone."""
        after = EARLY.end + timedelta(hours=1)
        self.assertEqual(self._refusal(after, EARLY), Refusal.PERFORMED)
        self.assertIsNone(self._refusal(after, EARLY, consents=frozenset()))

    def test_consents_to_ask(self):
        """A28: each box is asked where the law asks for it, never of a company."""

        def needed(now=MONDAY, **values):
            purchase = replace(PURCHASE, contract=None, **values)
            return withdrawal.consents_needed(purchase, now)

        soon = {"begin": EARLY.begin, "end": EARLY.end}
        self.assertEqual(needed(), ())
        self.assertEqual(needed(**soon), (Consent.EARLY_START,))
        self.assertEqual(needed(**soon, is_consumer=False), ())
        self.assertEqual(needed(**soon, case=Case.LEISURE), ())
        self.assertEqual(needed(case=Case.DIGITAL), (Consent.IMMEDIATE_ACCESS,))
        # At the very end of the period nothing is early any more.
        self.assertEqual(needed(begin=withdrawal.deadline(MONDAY)), ())

    def test_pro_rata_by_hours(self):
        """A28: two days of eight hours: half a day and a whole one are owed."""
        self.assertEqual(withdrawal.amount_due(EARLY, EARLY.begin), 0)
        noon = EARLY.begin + timedelta(hours=4)
        self.assertEqual(withdrawal.amount_due(EARLY, noon), Fraction(1, 4))
        night = EARLY.begin + timedelta(hours=12)
        self.assertEqual(withdrawal.amount_due(EARLY, night), Fraction(1, 2))

    def test_nothing_owed_without_the_request(self):
        """A28: without the express request, what was delivered is not owed."""
        silent = replace(EARLY, consents=frozenset())
        noon = EARLY.begin + timedelta(hours=4)
        self.assertEqual(withdrawal.amount_due(silent, noon), 0)

    def test_weekends_inside_a_session_count_for_nothing(self):
        """A28: Thursday to Tuesday is four days; Friday evening is half of it."""
        begin, end = datetime(2026, 6, 4, 7), datetime(2026, 6, 9, 15)
        evening = datetime(2026, 6, 5, 18)
        sunday = datetime(2026, 6, 7, 10)
        for now in (evening, sunday):
            share = withdrawal.delivered_share(begin, end, now)
            self.assertEqual(share, Fraction(1, 2))

    def test_weekend_session(self):
        """A28: a session of Saturday and Sunday is given on both."""
        begin, end = datetime(2026, 6, 6, 7), datetime(2026, 6, 7, 15)
        share = withdrawal.delivered_share(begin, end, datetime(2026, 6, 6, 20))
        self.assertEqual(share, Fraction(1, 2))

    def test_night_session(self):
        """A28: a session over midnight is one stretch of hours."""
        begin, end = datetime(2026, 6, 5, 20), datetime(2026, 6, 6, 4)
        share = withdrawal.delivered_share(begin, end, datetime(2026, 6, 5, 22))
        self.assertEqual(share, Fraction(1, 4))
