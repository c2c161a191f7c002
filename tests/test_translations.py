# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""setup: whoever reads French reads all of it in French."""

import io

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from workshop import paths


@tagged("standard", "post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_french_is_complete(self):
        """setup: every term that Odoo exports has its French, none is doubtful."""
        for addon in paths.ADDONS:
            with self.subTest(addon=addon):
                path = paths.ROOT / addon / "i18n" / "fr.po"
                self.assertTrue(path.is_file(), f"{addon} has no French")
                catalogue = polib.pofile(str(path))
                french = {entry.msgid for entry in catalogue.translated_entries()}
                self.assertEqual(self._exported(addon) - french, set())

    def _exported(self, addon):
        buffer = io.BytesIO()
        trans_export(False, [addon], buffer, "po", self.env)
        return {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
