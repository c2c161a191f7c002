# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A database of an earlier version is brought to this one."""

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.misc import file_path

MODULE = "training_catalogue_payment"


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    def migrate(self, version, name):
        path = file_path(f"{MODULE}/migrations/{version}/{name}.py")
        self.env.flush_all()
        load_script(path, name).migrate(self.env.cr, version)
        self.env.invalidate_all()

    def test_mails_follow_unless_a_person_wrote_them(self):
        """A14: mails say what this version says, in French too, unless staff wrote."""
        self.env["res.lang"]._activate_lang("fr_FR")
        ours = self.env.ref(f"{MODULE}.mail_template_prepaid_confirmation")
        ours.env.cr.execute(
            "UPDATE mail_template SET write_uid = 1 WHERE id = %s", [ours.id]
        )
        staff = self.env.ref(f"{MODULE}.mail_template_training_moved")
        groups = "mail.group_mail_template_editor,event.group_event_user"
        user = new_test_user(self.env, "mail_writer", groups)
        languages = ("en_US", "fr_FR")
        self.migrate("19.0.1.1.0", "post-mails")
        words = [ours.with_context(lang=lang).body_html for lang in languages]
        for lang in languages:
            ours.with_context(lang=lang).sudo().with_user(1).body_html = "<p>Old</p>"
            staff.with_context(lang=lang).with_user(user).body_html = "<p>Mine</p>"
        self.migrate("19.0.1.1.0", "post-mails")
        for lang, expected in zip(languages, words, strict=True):
            self.assertEqual(ours.with_context(lang=lang).body_html, expected)
            self.assertNotIn("Old", expected)
            self.assertIn("Mine", staff.with_context(lang=lang).body_html)
