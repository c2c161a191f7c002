# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1: a training organisation applies on the website."""

from odoo.tests import tagged

from .marketplace_http import FILE, FORM, MarketplaceHttp

PAGE = "/marketplace/sell"
SELLER_PAGE = "/my/channel/seller"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceApplication(MarketplaceHttp):
    def test_a_person_applies_for_its_organisation(self):
        """B1: the application makes the organisation and its contract; it is told."""
        self.log_in(self.person)
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        answer = self.apply()
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertIn(SELLER_PAGE, answer.headers["Location"])
        partner = self.person.partner_id.commercial_partner_id
        contract = self.contract_of(partner)
        self.assertEqual(contract.state, "applied")
        self.assertEqual(partner.name, FORM["name"])
        self.assertEqual(partner.company_registry, "W751234567")
        self.assertEqual(partner.marketplace_legal_form, "association")
        self.assertFalse(partner.is_marketplace_seller)
        self.assertEqual(contract.vat_regime, "exempt")
        self.assertTrue(contract.has_attestation)
        self.assertEqual(contract.vat_attestation_filename, "attestation.pdf")
        self.assertEqual(contract.nda_number, "84691234569")
        self.assertEqual(len(self.mails_to(self.person.partner_id)), 1)
        page = self.url_open(SELLER_PAGE)
        self.assertEqual(page.status_code, 200)
        self.assertIn(FORM["name"], page.text)

    def test_a_visitor_signs_in_and_comes_back(self):
        """B1: what a visitor typed is kept over the sign-in; nothing is written."""
        self.authenticate(None, None)
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        before = self.env["marketplace.seller"].search_count([])
        answer = self.apply()
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login?redirect=", answer.headers["Location"])
        self.assertEqual(self.env["marketplace.seller"].search_count([]), before)
        login = self.post(
            "/web/login",
            {"login": self.person.login, "password": self.person.login},
        )
        self.assertEqual(login.status_code, 303, login.text[:300])
        self.assertIn(FORM["street"], self.url_open(PAGE).text)

    def test_wrong_answers_are_told(self):
        """B1: numbers, dates and the file are checked; nothing is written."""
        self.log_in(self.person)
        cases = (
            ({"legal_form": "company"}, "number"),
            ({"legal_form": "company", "number": "73282932000079"}, "number"),
            ({"number": "W12"}, "number"),
            ({"legal_form": "individual"}, "legal_form"),
            ({"vat_regime": "none"}, "vat_regime"),
            ({"country": "ZZ"}, "country"),
            ({"email": "nobody"}, "email"),
            ({"nda_number": "12"}, "nda_number"),
            ({"attestation_date": ""}, "attestation_date"),
            ({"attestation_date": "2999-01-01"}, "attestation_date"),
            ({"file": b""}, "attestation"),
            ({"file": b"MZ" + b"x" * 3000}, "attestation"),
            ({"file": b"<html>" + b"x" * 3000}, "attestation"),
            ({"file": b"%PDF-"}, "attestation"),
            ({"file": FILE + b" " * 7 * 1024 * 1024}, "attestation"),
            ({"name": ""}, "name"),
            ({"message": "x" * 5000}, "message"),
        )
        for values, field in cases:
            with self.subTest(field=field):
                answer = self.apply(**values)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(f'href="#training_{field}"', answer.text)
                self.assertIn("1 rue Haute", answer.text)
        self.assertFalse(self.contract_of(self.person.partner_id))
        self.assertFalse(self.person.partner_id.parent_id)

    def test_one_application_for_each_organisation(self):
        """B1: a number that has applied is refused to a stranger, who joins nothing."""
        self.log_in(self.claire)
        number = self.seller.company_registry
        own = {"legal_form": "company", "number": number, "name": "Other name"}
        self.assertEqual(self.apply(**own).status_code, 303)
        self.assertEqual(self.seller.name, "Atelier")
        self.assertEqual(self.apply(**own, city="Nantes").status_code, 303)
        contracts = self.env["marketplace.seller"].search(
            [("partner_id", "=", self.seller.id)]
        )
        self.assertEqual(len(contracts), 1)
        self.assertEqual(self.seller.city, "Nantes")
        self.log_in(self.person)
        answer = self.apply(legal_form="company", number=number)
        self.assertEqual(answer.status_code, 422)
        self.assertIn('href="#training_number"', answer.text)
        self.assertFalse(self.person.partner_id.parent_id)

    def test_refused_may_apply_again(self):
        """B1: the reason is told by mail and on the page; then it applies again."""
        self.log_in(self.claire)
        self.apply(legal_form="company")
        contract = self.contract_of(self.seller)
        self.assertTrue(contract.activity_ids)
        contract._decide("refuse", "Your attestation is out of date")
        self.assertFalse(contract.activity_ids)
        mail = self.mails_to(self.claire.partner_id)[0]
        self.assertIn("Your attestation is out of date", mail.body_html)
        for page in (SELLER_PAGE, PAGE):
            self.assertIn("attestation is out of date", self.url_open(page).text)
        self.assertEqual(self.apply(legal_form="company").status_code, 303)
        contract = self.contract_of(self.seller)
        self.assertEqual(contract.state, "applied")
        contract.write({"share_capital": "SAS de 10 000 €", "registry": "RCS Nantes"})
        contract._decide("approve")
        answer = self.apply(legal_form="company", vat_regime="taxable")
        self.assertIn(SELLER_PAGE, answer.headers["Location"])
        self.assertEqual(self.contract_of(self.seller).vat_regime, "exempt")

    def test_staff_do_not_apply(self):
        """B1: who works for the operator finds no form: its company is no seller."""
        self.authenticate("admin", "admin")
        page = self.url_open(PAGE)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn('enctype="multipart', page.text)
