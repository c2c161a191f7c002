# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration data load, and show each state that a session can be in."""

from pytz import timezone, utc

from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

from ..services.sellability import Reason

MODULE = "training_catalogue_payment"
TEXTS = (
    "name",
    "description_sale",
    "training_objective",
    "training_content",
    "training_means",
    "training_follow_up",
    "training_sanction",
)
OFF_SALE = {
    "entretien_past": {Reason.STARTED},
    "excel_variant": {Reason.VARIANT},
    "haccp_intra": {Reason.INTRA},
    "management_cancelled": {Reason.CANCELLED},
    "management_subcontracted": {Reason.SUBCONTRACTED},
    "sst_bordeaux_full": {Reason.FULL},
    "sst_intra": {Reason.INTRA},
    "tuteur_paris": {Reason.NOT_SOLD_ONLINE, Reason.NOT_PUBLISHED},
    "vae_paris": {Reason.NO_PRICE},
}


@tagged("training_install", "post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref(f"{MODULE}.programme_excel", raise_if_not_found=False):
            for name in Manifest.for_addon(MODULE)["demo"]:
                convert_file(cls.env, MODULE, name, {}, "init", noupdate=True)
            cls.env.cr.flush()  # seats are counted just before a commit
        cls.company = cls.env.ref("base.main_company")
        cls.provider = cls.env.ref("payment.payment_provider_stripe")
        cls.provider.write(
            {
                "state": "test",
                "is_published": True,
                "stripe_secret_key": "sk_test_demo",
                "stripe_publishable_key": "pk_test_demo",
                "stripe_webhook_secret": "whsec_demo",
                "training_account_id": "acct_demo",
                "training_charges_enabled": True,
            }
        )
        cls.company.training_stripe_provider_id = cls.provider
        cls.sessions = cls.env["event.event"].search(
            [("id", "in", cls._demo_ids("event.event"))]
        )

    @classmethod
    def _demo_ids(cls, model):
        return (
            cls.env["ir.model.data"]
            .search([("module", "=", MODULE), ("model", "=", model)])
            .mapped("res_id")
        )

    def _demo(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    def test_organisation_may_sell_once_linked(self):
        """A5: a linked Stripe account is all that the demo organisation lacks."""
        self.assertTrue(self.company.training_sale_open)
        self.assertEqual(self.company.country_id.code, "FR")
        self.assertEqual(self.company.currency_id.name, "EUR")
        self.company.training_stripe_provider_id = False
        self.assertEqual(
            self.company._get_training_sale_reasons(), [Reason.STRIPE_NOT_LINKED]
        )

    def test_each_reason_is_shown_by_a_session(self):
        """A7: each state of a session that stops its sale can be seen."""
        off_sale = {
            name: set(self._demo(f"session_{name}")._get_sale_reasons())
            for name in OFF_SALE
        }
        self.assertEqual(off_sale, OFF_SALE)
        on_sale = self.sessions.filtered("is_sellable_online")
        self.assertEqual(len(on_sale), len(self.sessions) - len(OFF_SALE))

    def test_ten_programmes_are_on_sale(self):
        """A8: ten programmes have a session to buy; one of them by its own price."""
        sellable = self.sessions.filtered("is_sellable_online")
        self.assertEqual(len(sellable.programme_id), 10)
        self.assertEqual(self._demo("session_excel_paris").training_price, 490)
        self.assertEqual(self._demo("session_excel_lyon").training_price, 450)

    def test_only_leisure_is_open_to_individuals(self):
        """A9: individuals may buy what is outside professional training, no more."""
        open_to_all = self.sessions.filtered(
            lambda session: (
                session.is_sellable_online
                and not session._get_sale_reasons(buyer_kind="individual")
            )
        )
        self.assertEqual(open_to_all.programme_id, self._demo("programme_yoga"))

    def test_flat_price_and_price_per_learner(self):
        """A6: the package costs the same for four learners, the others do not."""
        flat = self._demo("session_rgpd_paris")
        self.assertEqual(flat._get_training_prices(4), flat._get_training_prices(1))
        self.assertFalse(flat._get_sale_reasons("company", learners=4))
        self.assertEqual(
            flat._get_sale_reasons("company", learners=5), [Reason.TOO_MANY_LEARNERS]
        )
        each = self._demo("session_haccp_lyon")
        self.assertEqual(each._get_training_prices(4)["total"], 1240)

    def test_hours_are_those_of_france(self):
        """A8: a day of training starts at nine and ends at five in Paris."""
        session = self._demo("session_entretien_paris")
        hours = [
            utc.localize(date).astimezone(timezone("Europe/Paris")).strftime("%H:%M:%S")
            for date in (session.date_begin, session.date_end)
        ]
        self.assertEqual(hours, ["09:00:00", "17:00:00"])

    def test_two_languages(self):
        """A8: the catalogue is read in French and in English."""
        for programme in self.sessions.programme_id:
            french = programme.with_context(lang="fr_FR")
            english = programme.with_context(lang="en_US")
            for name in TEXTS:
                self.assertTrue(french[name])
                self.assertNotEqual(french[name], english[name])
        self.assertEqual(
            self.env.ref("website.default_website").default_lang_id.code, "fr_FR"
        )

    def test_one_person_for_each_role(self):
        """A2: of the people of the demo, only the manager may link the account."""
        groups = {
            "manager": {"base.group_system", "event.group_event_manager"},
            "accountant": {"account.group_account_manager"},
            "salesperson": {"sales_team.group_sale_salesman"},
            "event": {"event.group_event_user"},
            "portal": {"base.group_portal"},
        }
        for person, expected in groups.items():
            user = self._demo(f"user_{person}")
            self.assertTrue(all(map(user.has_group, expected)), person)
            self.assertEqual(user.has_group("base.group_system"), person == "manager")

    def test_requests_without_payment(self):
        """A19: requests of each kind wait in the list, each with its opportunity."""
        requests = self.env["training.request"].browse(
            self._demo_ids("training.request")
        )
        self.assertEqual(set(requests.mapped("kind")), {"enrolment", "information"})
        self.assertEqual(len(requests.lead_id), len(requests))
        self.assertFalse(any(requests.mapped("is_prepaid")))
