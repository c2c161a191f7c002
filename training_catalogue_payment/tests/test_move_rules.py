# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rules of a move to another session, on plain values."""

import doctest

from odoo.tests import BaseCase, tagged

from ..services import move
from ..services.move import Deed, Kind, Refusal
from ..services.sellability import Reason


def load_tests(loader, tests, pattern):
    """Run the examples of the module too."""
    tests.addTests(doctest.DocTestSuite(move))
    return tests


@tagged("post_install", "-at_install")
class TestMoveRules(BaseCase):
    def test_refused_only_if_cancelled_full_or_unlawful(self):
        """A22: of the reasons against a sale, three forbid a move."""
        verdict = move.judge(list(Reason))
        self.assertEqual(
            set(verdict.refusals),
            {Refusal.CANCELLED, Refusal.FULL, Refusal.COMPANIES_ONLY},
        )
        self.assertFalse({Reason.FULL, Reason.CANCELLED} & set(verdict.warnings))

    def test_anything_else_is_a_warning(self):
        """A22: not published, intra, started, no price: told and allowed."""
        told = (
            Reason.NOT_PUBLISHED,
            Reason.INTRA,
            Reason.STARTED,
            Reason.SUBCONTRACTED,
            Reason.NO_PRICE,
            Reason.ARCHIVED,
            Reason.TOO_MANY_LEARNERS,
        )
        self.assertEqual(move.judge(told), move.Verdict((), told))

    def test_facts_of_the_choice(self):
        """A22: no learner, the same session, another company, a move under way."""
        for fact in Refusal:
            if fact in move.REFUSED_REASONS.values():
                continue
            with self.subTest(fact):
                self.assertEqual(move.judge((), **{fact.value: True}).refusals, (fact,))

    def test_kind_by_the_tax_included_amount(self):
        """A22: tax included decides: 500 taxed at 20 % equals 600 exempt."""
        self.assertEqual(move.kind_of(60000, 60000), Kind.EQUAL)
        self.assertEqual(move.kind_of(60000, 72000), Kind.DEARER)
        self.assertEqual(move.kind_of(60000, 59999), Kind.CHEAPER)

    def test_shares_always_make_the_total(self):
        """A22: what leaves and what stays add up, to the cent."""
        for total in (1, 99, 100001, 36003):
            for places in range(1, 8):
                for moved in range(places + 1):
                    share = move.kept_share(total, places, moved)
                    self.assertTrue(0 <= share <= total)
                    self.assertAlmostEqual(share, total * moved / places, delta=0.5)

    def test_documents(self):
        """A22: a numbered invoice is credited and made anew, even at equal price."""
        cases = {
            (Kind.EQUAL, False, True): (Deed.RENAME,),
            (Kind.EQUAL, False, False): (Deed.SPLIT,),
            (Kind.EQUAL, True, True): (Deed.CREDIT_AND_NEW,),
            (Kind.DEARER, False, True): (Deed.RENAME, Deed.COMPLEMENT),
            (Kind.DEARER, True, False): (Deed.CREDIT_AND_NEW, Deed.COMPLEMENT),
            (Kind.CHEAPER, False, True): (Deed.RENAME, Deed.CREDIT_AND_REFUND),
            (Kind.CHEAPER, True, True): (Deed.CREDIT_AND_NEW, Deed.CREDIT_AND_REFUND),
        }
        for (kind, numbered, whole), deeds in cases.items():
            with self.subTest(kind=kind, numbered=numbered, whole=whole):
                found = move.deeds_of(
                    kind, numbered=numbered, whole=whole, kept=2, asked=3
                )
                self.assertEqual(found, deeds)

    def test_nothing_paid_nothing_made(self):
        """A22, A6: learners who carry no money leave the documents alone."""
        deeds = move.deeds_of(Kind.EQUAL, numbered=True, whole=False, kept=0, asked=0)
        self.assertEqual(deeds, (Deed.NOTHING,))
