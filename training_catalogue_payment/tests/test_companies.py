# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two organisations in one database: each sees its own, on each its own website."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .http_common import TrainingHttpCommon

# What carries a buyer, money or a key; `name` of the field that says whose it is.
OWNED = {
    "account.move": "company_id",
    "account.payment": "company_id",
    "crm.lead": "company_id",
    "event.event": "company_id",
    "event.registration": "company_id",
    "payment.provider": "company_id",
    "payment.transaction": "company_id",
    "sale.order": "company_id",
}
ALL_RIGHTS = (
    "event.group_event_manager",
    "sales_team.group_sale_manager",
    "account.group_account_manager",
    "base.group_system",
)


@tagged("standard", "post_install", "-at_install")
class TestCompanies(TrainingHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls._create_company(name="Institut Voisin")
        cls.neighbour.write(
            {
                "finance_plus": True,
                "training_vat_regime": "exempt",
                "training_vat_attestation_date": "2024-01-15",
                "training_vat_attestation": cls.company.training_vat_attestation,
            }
        )
        cls.neighbour._ensure_training_taxes()
        cls.neighbour_provider = cls._link_stripe(cls.neighbour)
        cls.neighbour_website = cls.env["website"].create(
            {
                "name": "Institut Voisin",
                "company_id": cls.neighbour.id,
                "language_ids": [(6, 0, cls.website.language_ids.ids)],
                "default_lang_id": cls.website.default_lang_id.id,
            }
        )
        cls.neighbour_programme = cls._create_programme(
            name="Soudure TIG", company_id=cls.neighbour.id
        )
        cls.neighbour_course = cls._create_session(
            cls.neighbour_programme,
            name="Soudure, session d'hiver",
            company_id=cls.neighbour.id,
        )
        cls.neighbour_user = cls._create_role("neighbour", *ALL_RIGHTS)
        cls.neighbour_user.write(
            {
                "company_id": cls.neighbour.id,
                "company_ids": [(6, 0, cls.neighbour.ids)],
            }
        )

    def test_each_website_sells_its_own(self):
        """A7, A8: a session is bought on the website of its organisation only."""
        self.assertTrue(self.neighbour_course.is_sellable_online)
        self.assertEqual(self._get(self._buy_url())[0].status_code, 200)
        foreign = self._buy_url(self.neighbour_course)
        self.assertEqual(self._get(foreign)[0].status_code, 404)
        self.assertEqual(self._post(foreign, self._company_form())[0].status_code, 404)
        self.assertNotIn(self.neighbour_programme.name, self._get("/shop")[0].text)
        self.neighbour_website.domain = self.base_url()
        self.assertEqual(self._get(foreign)[0].status_code, 200)
        self.assertEqual(self._get(self._buy_url())[0].status_code, 404)
        shop = self._get("/shop")[0].text
        self.assertIn(self.neighbour_programme.name, shop)
        self.assertNotIn(self.programme.name, shop)

    def test_staff_find_nothing_of_the_neighbour(self):
        """A1, A16-A19: with every right in one organisation, nothing of another one is
        found, by any model that carries buyers, money or keys."""
        order = self._purchase(session=self.course)
        models = [
            name
            for name in self.env
            if name.startswith("training.")
            and not self.env[name]._transient
            and not self.env[name]._abstract
            and "company_id" in self.env[name]._fields
        ]
        self.assertIn("training.request", models)
        for name in [*models, *OWNED]:
            with self.subTest(model=name):
                records = self.env[name].with_user(self.neighbour_user)
                found = records.with_context(
                    allowed_company_ids=self.neighbour.ids, active_test=False
                ).search([])
                self.assertNotIn(self.company, found.sudo().company_id)
        with self.assertRaises(AccessError):
            order.opportunity_id.with_user(self.neighbour_user).read(["name"])

    def test_keys_stay_in_their_organisation(self):
        """A2: the keys of one organisation are not read from another, even by an
        administrator, and by nobody else."""
        fields = ["stripe_secret_key", "stripe_webhook_secret"]
        provider = self.provider.with_user(self.neighbour_user)
        with self.assertRaises(AccessError):
            provider.with_context(allowed_company_ids=self.neighbour.ids).read(fields)
        manager = self._create_role("keys_manager", *ALL_RIGHTS[:-1])
        with (
            mute_logger("odoo.addons.base.models.ir_model"),
            self.assertRaises(AccessError),
        ):
            self.provider.with_user(manager).read(fields)

    def test_money_goes_to_the_seller(self):
        """A13: the purchase of a session offers its organisation's account only."""
        order = self._buy(session=self.course)
        self.assertEqual(order._get_training_providers(), self.provider)
        providers = (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                self.company.id,
                self.buyer.id,
                order.amount_total,
                currency_id=order.currency_id.id,
                sale_order_id=order.id,
                website_id=self.website.id,
            )
        )
        self.assertEqual(providers, self.provider)
