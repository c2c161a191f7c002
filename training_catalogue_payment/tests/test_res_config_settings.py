# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A1, A4: « Finance + » and « My organisation > Options » in the settings."""

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import file_open

from .common import TrainingCommon


@tagged("training_install", "standard", "post_install", "-at_install")
class TestResConfigSettings(TrainingCommon):
    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def get_app(self):
        views = self.env["res.config.settings"].get_views([(False, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        return arch.xpath("//app[@name='training_catalogue_payment']")[0]

    def test_finance_plus_is_off_by_default(self):
        """A1: a new company has it off; ticking it is for that company alone."""
        company = self.env["res.company"].create({"name": "Nouvelle"})
        self.assertFalse(company.finance_plus)
        self.save(finance_plus=False)
        self.assertFalse(self.company.finance_plus)
        self.save(finance_plus=True)
        self.assertTrue(self.company.finance_plus)
        self.assertFalse(company.finance_plus)

    def test_only_finance_plus_shows_while_it_is_off(self):
        """A1: every other block of the settings hides while the option is off."""
        blocks = self.get_app().findall("block")
        names = [block.get("name") for block in blocks]
        ours = ["training_finance_plus_container", "training_options_container"]
        self.assertEqual(names[:2], ours)
        self.assertEqual(
            [field.get("name") for field in blocks[0].iter("field")], ["finance_plus"]
        )
        self.assertEqual(blocks[1].get("invisible"), "not finance_plus")

    def test_regulation_is_on_by_default(self):
        """A4: French training regulation applies unless it is unticked."""
        company = self.env["res.company"].create({"name": "Nouvelle"})
        self.assertTrue(company.french_training_regulation)

    def test_unticking_keeps_reason_author_and_date(self):
        """A4: a reason is compulsory; who did it and when is kept, and not renewed."""
        with self.assertRaises(ValidationError):
            self.save(french_training_regulation=False)
        self.assertTrue(self.company.french_training_regulation)
        self.save(
            french_training_regulation=False,
            french_training_regulation_off_reason="Leisure courses only",
        )
        company = self.company
        self.assertFalse(company.french_training_regulation)
        self.assertEqual(company.french_training_regulation_off_user_id, self.env.user)
        date = company.french_training_regulation_off_date
        self.assertTrue(date)
        company.french_training_regulation_off_date = "2026-01-02 03:04:05"
        self.save(finance_plus=True)
        self.assertEqual(
            str(company.french_training_regulation_off_date), "2026-01-02 03:04:05"
        )

    def test_law_and_fine_are_shown_in_france(self):
        """A4: the text, the fine, where the company is in France, overseas included."""
        text = " ".join(" ".join(self.get_app().itertext()).split())
        for words in ("L. 6353-6", "L. 6355-20", "4 500 €"):
            self.assertIn(words, text)
        warnings = self.get_app().xpath(
            "//div[@name='training_regulation_off']/div[contains(@class, 'alert')]"
        )
        self.assertEqual(
            [one.get("invisible") for one in warnings],
            ["not is_training_company_french"],
        )
        for code, is_french in (("fr", True), ("re", True), ("be", False)):
            self.company.country_id = self.env.ref(f"base.{code}")
            settings = self.env["res.config.settings"].create({})
            self.assertEqual(settings.is_training_company_french, is_french)

    def test_options_are_kept_per_company(self):
        """A4: VAT regime, attestation, numbering and seat hold are the company's."""
        self.save(
            training_vat_regime="taxable",
            training_vat_attestation_date="2026-02-03",
            training_numbered_at_payment=False,
            training_seat_hold_minutes=35,
        )
        company = self.company
        self.assertEqual(company.training_vat_regime, "taxable")
        self.assertEqual(str(company.training_vat_attestation_date), "2026-02-03")
        self.assertFalse(company.training_numbered_at_payment)
        self.assertEqual(company.training_seat_hold_minutes, 35)

    def test_form_can_be_filled_in(self):
        """A1, A4: the settings form itself accepts the unticking with its reason."""
        with Form(self.env["res.config.settings"]) as form:
            form.finance_plus = True
            form.french_training_regulation = False
            form.french_training_regulation_off_reason = "Wine tasting"
        form.record.execute()
        self.assertFalse(self.company.french_training_regulation)

    def test_secrets_are_not_in_the_settings(self):
        """A2: no key, secret or token is reachable through the settings."""
        names = set(self.env["res.config.settings"]._fields)
        self.assertFalse(
            {name for name in names if "secret" in name or "token" in name}
            & {name for name in names if "training" in name or "stripe" in name}
        )

    def test_keys_are_for_administrators(self):
        """A2: token and endpoint are not readable by accounting managers."""
        groups = "account.group_account_manager"
        manager = new_test_user(self.env, "manager", groups, company_id=self.company.id)
        for name in ("training_webhook_token", "stripe_secret_key"):
            with self.assertRaises(AccessError):
                self.provider.with_user(manager).read([name])

    def test_neutralized_copy_is_unlinked(self):
        """A2: a staging copy has no account, no endpoint, and sends no refund."""
        order = self._buy()
        tx = self._start_payment(order)
        self._capture(tx)
        self.provider.training_webhook_token = "token"
        operation = self.env["training.payment.operation"]._request_refund(
            tx, 1.0, "test"
        )
        self.env.flush_all()
        with file_open("training_catalogue_payment/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.provider.training_account_id)
        self.assertFalse(self.provider.training_webhook_token)
        self.assertFalse(self.company.training_stripe_provider_id)
        self.assertFalse(self.company.training_sale_open)
        self.assertEqual((operation.state, operation.date_next), ("failed", False))
