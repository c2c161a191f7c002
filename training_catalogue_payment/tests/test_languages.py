# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from .common import TrainingCommon


@tagged("standard", "post_install", "-at_install")
class TestLanguages(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.account = cls.company.training_transit_account_id
        cls.in_french = cls.account.with_context(lang="fr_FR")
        cls.in_english = cls.account.with_context(lang="en_US")
        labels = {
            one.field: one.label
            for one in cls.company.with_context(lang="en_US")._get_own_french_accounts()
        }
        cls.label = labels["training_transit_account_id"]

    def test_accounts_made_before_the_language(self):
        """A30: an account that was made in English has its French name once French is
        loaded, as those of the chart."""
        self.in_english.name = self.label
        self.in_french.name = self.label
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["training_catalogue_payment"], ["fr_FR"])
        self.assertNotEqual(self.in_french.name, self.label)

    def test_a_name_that_somebody_gave_stays(self):
        """A30: an account that was renamed keeps its name."""
        self.in_english.name = self.label
        self.in_french.name = "511 Stripe"
        self.company._translate_own_accounts(["en_US", "fr_FR"])
        self.assertEqual(self.in_french.name, "511 Stripe")

    def _get_language_of(self, job):
        """Return the language in which a job would run."""
        seen = []

        def run(actions):
            seen.append(actions.env.lang)

        kind = type(self.env["ir.actions.server"])
        cron = job.with_context(lang=None)
        commit = patch.object(self.env.cr, "commit", lambda: None)
        with patch.object(kind, "run", run), commit:
            cron._callback(job.cron_name, job.ir_actions_server_id.id)
        return seen[0]

    def test_jobs_speak_the_language_of_the_company(self):
        """A11: what a job writes for people is in the company's language; the jobs of
        others are left alone."""
        self.company.partner_id.lang = "fr_FR"
        own = self.env["ir.cron"].browse(
            self.env["ir.model.data"]
            .search(
                [
                    ("model", "=", "ir.cron"),
                    ("module", "=", "training_catalogue_payment"),
                ],
                limit=1,
            )
            .res_id
        )
        self.assertEqual(self._get_language_of(own), "fr_FR")
        other = self.env.ref("base.autovacuum_job")
        self.assertFalse(self._get_language_of(other))
