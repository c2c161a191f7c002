# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What no page of ours sends is answered like any other mistake, never by a crash."""

import doctest

from odoo.tests import tagged

from odoo.addons.training_catalogue_payment.services import form

from ..services import safe_file
from .channel_common import ChannelCommon

NUL = "a\x00b"
#: Signs that Python calls digits and cannot read as a number; too large for a row.
NUMBERS = ("²", "99999999999999", "-1")


@tagged("standard", "post_install", "-at_install")
class TestPostedNonsense(ChannelCommon):
    def test_examples(self):
        """B5: what the docstrings say."""
        self.assertFalse(doctest.testmod(form).failed)
        self.assertFalse(doctest.testmod(safe_file).failed)

    def test_a_sign_that_no_database_keeps(self):
        """B2, B5, B6: a NUL character in a search or in a reason is left out."""
        self.assertEqual(self.url_open("/marketplace?search=%00").status_code, 200)
        request = self.ask(kind="enrolment")
        self.log_in(self.claire)
        page = self.url_open("/my/channel/enrolments?search=%00")
        self.assertEqual(page.status_code, 200)
        answer = self.post(f"/my/channel/{request.id}/refuse", reason=NUL)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(request.refusal_reason, "a b")

    def test_a_text_in_the_place_of_a_file(self):
        """B1, B2: no file was sent; everything else is checked as always."""
        self.log_in(self.claire)
        values = self.contract._get_profile()
        answer = self.post("/my/channel/presentation", **{**values, "logo": "x"})
        self.assertEqual(answer.status_code, 303)
        self.log_in(self.visitor)
        answer = self.post("/marketplace/sell", attestation="x", name="Zèbre")
        self.assertEqual(answer.status_code, 422)

    def test_a_number_that_is_none(self):
        """B9, B13: no such seller, no such payment; nothing breaks."""
        for number in NUMBERS:
            with self.subTest(number=number):
                self.log_in(self.claire)
                page = self.url_open(f"/my/mangopay?seller={number}")
                self.assertEqual(page.status_code, 404)
                url = f"/payment/mangopay/return?tx={number}&access_token=é"
                answer = self.url_open(url, allow_redirects=False)
                self.assertEqual(answer.status_code, 303)
