# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9: Mangopay's codes, as a buyer can understand them; plain functions."""

from odoo.tests import BaseCase, tagged

from ..services.mangopay_outcomes import (
    CULTURES,
    Outcome,
    is_given_up,
    make_descriptor,
    read_culture,
    read_failure,
    refund_delay,
)


@tagged("standard", "post_install", "-at_install")
class TestMangopayOutcomes(BaseCase):
    def test_codes(self):
        """B9: each code of the facts leads to one outcome; an unknown one too."""
        expected = {
            Outcome.ABANDONED: "001030 001031 101001 101002",
            Outcome.EXPIRED: "001033 001034 101109",
            Outcome.REFUSED: "101101 101106 101110 008999",
            Outcome.CARD_LIMIT: "101102",
            Outcome.CARD_EXPIRED: "101105",
            Outcome.AUTHENTICATION: "101301 101304 101305",
            Outcome.CARD_WRONG: "105202 105203 105204 101410",
            Outcome.BUYER_LIMIT: "002998 002999",
            Outcome.BLOCKED: "008716",
            Outcome.SELLER: "002951",
            Outcome.DETAILS: "param_error fraud_policy",
            Outcome.OTHER: "999999 failed",
        }
        for outcome, codes in expected.items():
            for code in codes.split():
                with self.subTest(code):
                    self.assertEqual(read_failure(code), outcome)
        for nothing in (None, False, ""):
            self.assertEqual(read_failure(nothing), Outcome.OTHER)

    def test_given_up(self):
        """B9: only what the buyer let go is a cancellation."""
        given_up = {outcome for outcome in Outcome if is_given_up(outcome)}
        self.assertEqual(given_up, {Outcome.ABANDONED, Outcome.EXPIRED})

    def test_refund_delays(self):
        """A23: tomorrow, in an hour, or never; never for ever."""
        self.assertEqual(refund_delay("005407", 1), 1)
        self.assertLess(refund_delay("005406", 1), 0.1)
        for code, attempts in (("005403", 1), ("005407", 30), ("005406", 5), (None, 1)):
            self.assertIsNone(refund_delay(code, attempts))

    def test_cultures(self):
        """B9: the page speaks the buyer's language, else English."""
        for lang, culture in (("fr_FR", "FR"), ("nb_NO", "NO"), ("zh_CN", "EN")):
            self.assertEqual(read_culture(lang), culture)
        self.assertEqual(read_culture(None), "EN")
        self.assertEqual(len(CULTURES), 17)

    def test_descriptors(self):
        """B9: a card statement shows letters and digits, 22 at most."""
        self.assertEqual(make_descriptor("Académie & Cie."), "ACADEMIE CIE")
        self.assertEqual(make_descriptor("x" * 40), "X" * 22)
        self.assertIsNone(make_descriptor("学院"))
