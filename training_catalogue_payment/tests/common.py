# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A French training organisation that is ready to sell. Holds no test itself."""

from base64 import b64encode
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

ADDON = "training_catalogue_payment"


class TrainingCommon(AccountTestInvoicingCommon):
    """French company, linked Stripe account, one programme with one session."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        # Past what `account` prepares for its own tests, products, partners, taxes and
        # terms: it costs each class more than a second and none of it is used here.
        super(AccountTestInvoicingCommon, cls).setUpClass()
        cls.maxDiff = None
        company = cls.env.company
        cls.company_data = cls._prepare_company_data(company)
        cls.env = cls.env(
            user=SUPERUSER_ID,
            su=True,
            context={**cls.env.context, "allowed_company_ids": company.ids},
        )
        cls.company = company.with_env(cls.env)
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.france = cls.env.ref("base.fr")
        cls.company.write(
            {
                "finance_plus": True,
                "training_vat_regime": "exempt",
                "training_vat_attestation_date": "2024-01-15",
                "training_vat_attestation": b64encode(b"%PDF-1.4 attestation"),
                "email": "contact@formation.example.com",
            }
        )
        cls.company._ensure_training_taxes()
        cls.company._ensure_training_accounts()
        cls.provider = cls._link_stripe(cls.company)
        cls.programme = cls._create_programme()
        cls.session = cls._create_session()
        cls.buyer = cls._create_buyer_company()

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Reuse the database's own company when it is French and has no entry yet:
        loading a chart of accounts for each class costs minutes."""
        company = cls.env.ref("base.main_company")
        used = cls.env["account.move"].search_count(
            [("company_id", "=", company.id)], limit=1
        )
        if company.chart_template == "fr" and not used:
            return company
        return super().setup_independent_company(**kwargs)

    @classmethod
    def _prepare_company_data(cls, company):
        """Return the company's bank journal, whose payments wait on accounts of their
        own until the bank is reconciled, as `account` prepares it."""
        bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        chart = cls.env["account.chart.template"].with_company(company)
        for lines, name in (
            (bank.inbound_payment_method_line_ids, "debit"),
            (bank.outbound_payment_method_line_ids, "credit"),
        ):
            lines[0].payment_account_id = chart.ref(
                f"account_journal_payment_{name}_account_id", raise_if_not_found=False
            )
        return {"company": company, "default_journal_bank": bank}

    @classmethod
    def _link_stripe(cls, company):
        """Give a company a Stripe provider as the linking wizard leaves it."""
        stripe = cls.env.ref("payment.payment_provider_stripe")
        bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        if stripe.company_id != company:
            stripe = stripe.copy({"company_id": company.id})
        stripe.write(
            {
                "state": "test",
                "is_published": True,
                "stripe_secret_key": "sk_test_unit",
                "stripe_publishable_key": "pk_test_unit",
                "stripe_webhook_secret": "whsec_unit",
                "training_account_id": "acct_unit",
                "training_charges_enabled": True,
                "journal_id": bank.id,
            }
        )
        company.training_stripe_provider_id = stripe
        return stripe

    @classmethod
    def _create_programme(cls, **values):
        return cls.env["product.template"].create(
            {
                "name": "Conduire un entretien professionnel",
                "is_training_programme": True,
                "sell_online_payment": True,
                "is_published": True,
                "company_multi_learners": True,
                "list_price": 600.0,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _create_session(cls, programme=None, **values):
        now = fields.Datetime.now().replace(microsecond=0)
        return cls.env["event.event"].create(
            {
                "name": "Session de printemps",
                "programme_id": (programme or cls.programme).id,
                "company_id": cls.company.id,
                "date_begin": now + timedelta(days=30),
                "date_end": now + timedelta(days=31),
                "date_tz": "Europe/Paris",
                "website_published": True,
                **values,
            }
        )

    @classmethod
    def _create_buyer_company(cls):
        """Return the contact of a buying company."""
        company = cls.env["res.partner"].create(
            {
                "name": "Menuiserie Durand SARL",
                "is_company": True,
                "company_registry": "73282932000074",
                "street": "1 rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                "country_id": cls.france.id,
                "email": "compta@durand.example.com",
                "lang": "fr_FR" if cls._has_lang("fr_FR") else "en_US",
            }
        )
        return cls.env["res.partner"].create(
            {
                "name": "Claire Durand",
                "parent_id": company.id,
                "type": "contact",
                "email": "claire@durand.example.com",
                "phone": "+33 1 23 45 67 89",
                "lang": company.lang,
            }
        )

    @classmethod
    def _has_lang(cls, code):
        return code in dict(cls.env["res.lang"].get_installed())

    @classmethod
    def _create_individual(cls):
        return cls.env["res.partner"].create(
            {
                "name": "Paul Martin",
                "street": "2 rue Haute",
                "zip": "69001",
                "city": "Lyon",
                "country_id": cls.france.id,
                "email": "paul@martin.example.com",
                "phone": "+33 6 12 34 56 78",
            }
        )

    @classmethod
    def _create_cart(cls):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.website.user_id.partner_id.id,
                "website_id": cls.website.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _learners(cls, count):
        return [
            {"name": f"Learner {n}", "email": f"learner{n}@durand.example.com"}
            for n in range(1, count + 1)
        ]

    def _buy(self, session=None, learners=2, kind="company", contact=None):
        """Return the cart of a purchase that is ready to be paid."""
        order = self._create_cart()
        order._set_training_purchase(
            session or self.session,
            kind,
            contact or self.buyer,
            self._learners(learners) if isinstance(learners, int) else learners,
        )
        return order

    def _start_payment(self, order, **values):
        """Return the draft transaction of an order whose seats are held."""
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_invoice_id.id,
                "operation": "online_direct",
                "reference": self.env["payment.transaction"]._compute_reference(
                    "stripe", prefix=order.name
                ),
                "sale_order_ids": [(6, 0, order.ids)],
                **values,
            }
        )
        order._check_cart_is_ready_to_be_paid()
        self.env.flush_all()
        order._hold_training_seats()
        return tx

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def _capture(self, tx):
        """Have Stripe's « succeeded » arrive and be post-processed."""
        tx.provider_reference = f"pi_{tx.id}"
        tx._set_done()
        tx._post_process()
        self.env.cr.flush()

    def _pay(self, order):
        """Pay an order and return its transaction; the follow-up job has not run."""
        tx = self._start_payment(order)
        self._capture(tx)
        return tx

    def _purchase(self, follow_up=True, **kwargs):
        """Return a paid order; its follow-up has run unless told otherwise."""
        order = self._buy(**kwargs)
        self._pay(order)
        if follow_up:
            order._follow_up_purchase()
        return order

    def setUp(self):
        super().setUp()
        # Seats are held in cursors of their own: have them see the test's data.
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()

    def assert_told(self, records, summary):
        """An activity tells a person; a job writes in the company's language."""
        lang = self.company.partner_id.lang or "en_US"
        translations = code_translations.get_python_translations(ADDON, lang)
        told = records.activity_ids.mapped("summary")
        self.assertTrue({summary, translations.get(summary)} & set(told), told)

    @classmethod
    def _create_role(cls, login, *groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(groups),
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
