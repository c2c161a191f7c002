# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""setup: whoever reads French reads all of it in French."""

import io

import polib
from lxml import etree, html

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

    def test_mails_do_the_same_in_french(self):
        """A14, setup: a translated mail shows, tests and calls what the English does;
        a slip in a translation would have it sent empty, or not at all."""
        for addon in paths.ADDONS:
            catalogue = polib.pofile(str(paths.ROOT / addon / "i18n" / "fr.po"))
            for entry in catalogue:
                places = [place for place, _line in entry.occurrences]
                if not any("mail.template,body_html" in place for place in places):
                    continue
                with self.subTest(places=places):
                    self.assertEqual(
                        self._expressions(entry.msgstr), self._expressions(entry.msgid)
                    )

    def _expressions(self, body):
        """Return what a body computes: QWeb's attributes and ``{{ }}``."""
        tree = html.fromstring(f"<div>{body}</div>")
        return {
            (name, value)
            for node in tree.iter(etree.Element)
            for name, value in node.items()
            if name.startswith("t-") or "{{" in value
        }

    def _exported(self, addon):
        buffer = io.BytesIO()
        trans_export(False, [addon], buffer, "po", self.env)
        return {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
