# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""« French training regulation »: who unticked it, why, and the banner it leaves."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("training_install", "post_install", "-at_install")
class TestRegulation(TrainingCommon):
    def _untick(self):
        self.company.write(
            {
                "french_training_regulation": False,
                "french_training_regulation_off_reason": "Leisure courses only",
            }
        )

    def test_on_by_default_and_reason_asked(self):
        """A4: ticked by default; unticking without a reason is refused."""
        self.assertTrue(self.company.french_training_regulation)
        with self.assertRaises(ValidationError):
            self.company.french_training_regulation = False

    def test_author_and_date_are_kept(self):
        """A4: who unticked it and when is kept."""
        self._untick()
        self.assertEqual(
            self.company.french_training_regulation_off_user_id, self.env.user
        )
        self.assertTrue(self.company.french_training_regulation_off_date)

    def test_permanent_banner_in_france(self):
        """A4: in France a banner stays on programmes and sessions."""
        records = (self.session, self.programme)
        for record in records:
            self.assertFalse(record.training_regulation_banner)
        self._untick()
        for record in records:
            record.invalidate_recordset()
            self.assertTrue(record.training_regulation_banner)
        self.company.country_id = self.env.ref("base.be")
        for record in records:
            record.invalidate_recordset()
            self.assertFalse(record.training_regulation_banner)

    def test_tax_does_not_change(self):
        """A4: consumer law and tax do not change with it."""
        before = self.session._get_training_taxes()
        self._untick()
        self.assertEqual(self.session._get_training_taxes(), before)
