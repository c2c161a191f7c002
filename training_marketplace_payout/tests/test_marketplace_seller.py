# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1: the contract of a seller: who decides, what follows, and the commission."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .marketplace_common import make_contract

ADDON = "training_marketplace_payout"


@tagged("post_install", "-at_install")
class TestMarketplaceSeller(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "market_manager", groups=f"{ADDON}.group_marketplace_manager"
        )
        cls.support = new_test_user(
            cls.env, "market_support", groups=f"{ADDON}.group_marketplace_support"
        )
        cls.planner = new_test_user(
            cls.env, "market_planner", groups="event.group_event_manager"
        )
        cls.biller = new_test_user(
            cls.env, "market_biller", groups="account.group_account_invoice"
        )
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Atelier des langues",
                "is_company": True,
                "email": "contact@atelier.example",
                "company_registry": "73282932000074",
                "vat": "FR44732829320",
                "marketplace_legal_form": "company",
                "street": "3 rue du Port",
                "zip": "17000",
                "city": "La Rochelle",
                "country_id": cls.env.ref("base.fr").id,
            }
        )

    def apply(self, **values):
        return self.env["marketplace.seller"].create(
            {
                "partner_id": self.partner.id,
                "vat_regime": "taxable",
                "share_capital": "SAS au capital de 10 000 €",
                "registry": "RCS La Rochelle",
                **values,
            }
        )

    def decide(self, contract, decision, reason="Because"):
        """Take a decision as the manager does, through the wizard when it has one."""
        contract = contract.with_user(self.manager)
        action = getattr(contract, f"action_{decision}")()
        if action:
            wizard = self.env[action["res_model"]].with_user(self.manager)
            with Form(wizard.with_context(**action["context"])) as form:
                form.reason = reason
            form.record.action_confirm()

    def test_an_approved_application_makes_a_seller(self):
        """B1: approval marks the contact and gives a series, once."""
        contract = self.apply()
        self.assertFalse(self.partner.is_marketplace_seller)
        self.decide(contract, "approve")
        self.assertEqual(contract.state, "approved")
        self.assertTrue(self.partner.is_marketplace_seller)
        self.assertRegex(contract.series_code, r"^S\d{4}$")
        self.assertTrue(contract.approved_at)
        code = contract.series_code
        self.decide(contract, "approve")
        self.decide(contract, "suspend")
        self.decide(contract, "resume")
        self.assertEqual(contract.series_code, code)

    def test_taxable_invoices_bear_a_vat_number(self):
        """B1, B12: a taxable seller without one is not approved; in franchise it is."""
        self.partner.vat = False
        contract = self.apply()
        with self.assertRaises(UserError):
            self.decide(contract, "approve")
        self.assertEqual(contract.state, "applied")
        contract.vat_regime = "franchise"
        self.decide(contract, "approve")
        self.assertEqual(contract.state, "approved")

    def test_invoices_of_a_company_bear_its_capital_and_register(self):
        """B1, B12: a French company without them is not approved; a foreign one is."""
        contract = self.apply(registry=False)
        with self.assertRaises(UserError):
            self.decide(contract, "approve")
        contract.registry = "RCS Nantes"
        contract.share_capital = False
        with self.assertRaises(UserError):
            self.decide(contract, "approve")
        self.partner.country_id = self.env.ref("base.be")
        self.decide(contract, "approve")
        self.assertEqual(contract.state, "approved")

    def test_states_follow_the_decisions(self):
        """B1: each decision is taken from its own states only; reasons are kept."""
        contract = self.apply()
        with self.assertRaises(UserError):
            self.decide(contract, "suspend")
        self.decide(contract, "refuse", "No number of activity")
        self.assertEqual(contract.state, "refused")
        self.assertEqual(contract.state_reason, "No number of activity")
        with self.assertRaises(UserError):
            self.decide(contract, "approve")
        self.decide(contract, "reopen")
        self.decide(contract, "approve")
        self.assertFalse(contract.state_reason)
        self.decide(contract, "close", "The seller stops")
        with self.assertRaises(UserError):
            self.decide(contract, "resume")
        self.assertEqual(contract.state, "closed")

    def test_only_managers_decide(self):
        """B1: the others read at most; nobody writes a state."""
        contract = self.apply()
        for user in (self.support, self.planner, self.biller):
            for decision in ("approve", "refuse", "suspend", "resume", "close"):
                with (
                    self.subTest(user=user.login, decision=decision),
                    self.assertRaises(AccessError),
                ):
                    getattr(contract.with_user(user), f"action_{decision}")()
        for user in (self.support, self.biller):
            self.assertEqual(contract.with_user(user).state, "applied")
            with self.assertRaises(AccessError):
                contract.with_user(user).write({"commission_rate": 5})
        with self.assertRaises(AccessError):
            contract.with_user(self.planner).read(["state"])
        for name, value in (
            ("state", "approved"),
            ("series_code", "S9999"),
            ("state_reason", "x"),
            ("mandate_id", False),
            ("partner_id", self.support.partner_id.id),
            ("company_id", self.env.company.id),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                contract.with_user(self.manager).write({name: value})
        with self.assertRaises(AccessError):
            self.env["marketplace.seller"].with_user(self.manager).create(
                {"partner_id": self.support.partner_id.id, "state": "approved"}
            )

    def test_one_contract_for_each_organisation_and_operator(self):
        """B1: an organisation has one contract with a company; a contact has none."""
        self.apply()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.apply()
        contact = self.env["res.partner"].create(
            {"name": "Claire", "parent_id": self.partner.id}
        )
        with self.assertRaises(ValidationError):
            self.env["marketplace.seller"].create({"partner_id": contact.id})

    def test_contracts_of_other_companies_are_not_seen(self):
        """B1: who works for one operator sees none of another's contracts."""
        other = self.env["res.company"].create({"name": "Other operator"})
        contract = self.apply(company_id=other.id)
        with self.assertRaises(AccessError):
            contract.with_user(self.manager).read(["state"])
        contracts = self.env["marketplace.seller"].with_user(self.manager)
        self.assertNotIn(contract, contracts.search([]))
        found = self.partner._get_marketplace_contract(self.env.company)
        self.assertFalse(found)
        self.assertEqual(self.partner._get_marketplace_contract(other), contract)

    def test_series_are_unique(self):
        """B1: two sellers never share a series of invoices."""
        first = make_contract(self.env, self.partner)
        second = make_contract(self.env, self.partner.copy({"name": "Other"}))
        self.assertNotEqual(first.series_code, second.series_code)

    def test_a_seller_is_open_with_its_mandate_only(self):
        """B1: approved is not enough: the mandate comes before the first sale."""
        contract = make_contract(self.env, self.partner, accepted=False)
        self.assertFalse(contract._is_open())
        self.assertFalse(self.env["marketplace.seller"]._is_open())

    def test_commission_is_the_nearest(self):
        """B1: the seller's own rate, else a category's, else the company's."""
        company = self.env.company
        company.marketplace_commission_rate = 12.5
        parent = self.env["product.category"].create({"name": "Languages"})
        child = self.env["product.category"].create(
            {"name": "English", "parent_id": parent.id}
        )
        course = self.env["product.template"].create(
            {"name": "Course", "type": "service", "categ_id": child.id}
        )
        contract = make_contract(self.env, self.partner)
        rate = contract.with_user(self.support)._get_commission_rate
        self.assertEqual(rate(course), 12.5)
        parent.write({"has_marketplace_rate": True, "marketplace_commission_rate": 8})
        self.assertEqual(rate(course), 8)
        child.write({"has_marketplace_rate": True, "marketplace_commission_rate": 0})
        self.assertEqual(rate(course), 0)
        contract.write({"has_own_rate": True, "commission_rate": 20})
        self.assertEqual(rate(course), 20)
        self.assertEqual(rate(self.env["product.template"]), 20)

    def test_the_team_is_who_logs_in_for_the_seller(self):
        """B1: the team of a seller is its own active users, the portal's included."""
        contact = self.env["res.partner"].create(
            {"name": "Claire", "parent_id": self.partner.id}
        )
        member = new_test_user(
            self.env,
            "claire_of_team",
            groups="base.group_portal",
            partner_id=contact.id,
        )
        self.assertEqual(self.partner._get_marketplace_team(), member)
        member.active = False
        self.assertFalse(self.partner._get_marketplace_team())
