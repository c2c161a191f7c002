# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The posted purchase form, on plain values: no database."""

from odoo.tests import BaseCase, tagged

from ..services.buyer import BuyerRules, check_buyer, shown_learner_count

COUNTRIES = frozenset({"FR", "BE", "DE", "GR", "US", "MC", "RE"})
COMPANY_FORM = {
    "buyer_kind": "company",
    "country_code": "FR",
    "company_name": "Menuiserie Durand SARL",
    "siret": "732 829 320 00074",
    "contact_name": "Claire Durand",
    "email": "claire@durand.example.com",
    "phone": "01 23 45 67 89",
    "street": "1 rue de la Paix",
    "zip": "75002",
    "city": "Paris",
    "learner_count": "1",
    "learner_1_name": "Bob Durand",
    "learner_1_email": "bob@durand.example.com",
}
INDIVIDUAL_FORM = {
    "buyer_kind": "individual",
    "country_code": "FR",
    "individual_name": "Paul Martin",
    "private_declaration": "1",
    "email": "paul@martin.example.com",
    "phone": "06 12 34 56 78",
    "street": "2 rue Haute",
    "zip": "69001",
    "city": "Lyon",
    "buyer_is_learner": "1",
}


@tagged("post_install", "-at_install")
class TestBuyer(BaseCase):
    """What a company or an individual may post, and what is told otherwise."""

    def check(self, form, *, kinds=("company", "individual"), limit=5, taxes=()):
        rules = BuyerRules(frozenset(kinds), limit, COUNTRIES, frozenset(taxes))
        return check_buyer(form, rules)

    def codes(self, base, **changes):
        """Return {field: code} of a form with some values changed."""
        options = {
            name: changes.pop(name)
            for name in ("kinds", "limit", "taxes")
            if name in changes
        }
        buyer, errors = self.check({**base, **changes}, **options)
        self.assertEqual(buyer is None, bool(errors))
        return {error.field: error.code for error in errors}

    def test_company_is_cleaned(self):
        """A11: a company's form becomes a buyer with compact numbers."""
        buyer, errors = self.check(
            {**COMPANY_FORM, "vat": "fr 44 732829320", "order_reference": " BC-42 "}
        )
        self.assertEqual(errors, [])
        self.assertEqual(buyer.registry, "73282932000074")
        self.assertEqual(buyer.vat, "FR44732829320")
        self.assertEqual(buyer.order_reference, "BC-42")
        self.assertEqual(buyer.learners[0].email, "bob@durand.example.com")

    def test_every_compulsory_field_of_a_company_is_asked(self):
        """A11: an empty form names each field, the SIRET by its own sentence."""
        codes = self.codes({"buyer_kind": "company", "country_code": "FR"})
        self.assertEqual(
            codes,
            {
                "company_name": "required",
                "siret": "siret_missing",
                "contact_name": "required",
                "email": "required",
                "phone": "required",
                "street": "required",
                "zip": "required",
                "city": "required",
                "learner_count": "count_number",
            },
        )

    def test_siret_is_checked(self):
        """A11: length and check digits of the SIRET, La Poste's own rule included."""
        for siret, code in (
            ("73282932000079", "siret"),
            ("732829320", "siret_length"),
            ("ABCDEFGHIJKLMN", "siret"),
        ):
            self.assertEqual(self.codes(COMPANY_FORM, siret=siret), {"siret": code})
        self.assertEqual(self.codes(COMPANY_FORM, siret="356 000 000 09075"), {})

    def test_overseas_department_needs_a_siret(self):
        """A11: a company of La Réunion has a SIRET like one of the mainland."""
        codes = self.codes(COMPANY_FORM, country_code="RE", zip="97400", siret="")
        self.assertEqual(codes, {"siret": "siret_missing"})

    def test_association_without_siret_gives_its_rna(self):
        """A11: RNA instead of the SIRET, only where the association says so."""
        form = {**COMPANY_FORM, "siret": "", "is_association": "1"}
        buyer, errors = self.check({**form, "rna": "w 751 212517"})
        self.assertEqual(errors, [])
        self.assertEqual(buyer.registry, "W751212517")
        self.assertEqual(self.codes(form), {"rna": "rna_missing"})
        self.assertEqual(self.codes(form, rna="751212517"), {"rna": "rna"})
        codes = self.codes(form, is_association="", rna="W751212517")
        self.assertEqual(codes, {"siret": "siret_missing"})

    def test_french_vat_number_belongs_to_the_siret(self):
        """A11: a wrong VAT number, and the one of another company, are refused."""
        self.assertEqual(self.codes(COMPANY_FORM, vat="FR12345"), {"vat": "vat"})
        codes = self.codes(COMPANY_FORM, vat="FR83404833048")
        self.assertEqual(codes, {"vat": "vat_siren"})

    def test_foreign_company(self):
        """A11: outside France a VAT or a registration number, no SIRET."""
        german = {**COMPANY_FORM, "siret": "", "country_code": "DE", "zip": "10115"}
        self.assertEqual(
            self.codes(german), {"foreign_registry": "foreign_registry_missing"}
        )
        self.assertEqual(self.codes(german, vat="DE136695976"), {})
        self.assertEqual(self.codes(german, foreign_registry="HRB 1234"), {})
        self.assertEqual(self.codes(german, vat="DE136695979"), {"vat": "vat"})
        greek = {**german, "country_code": "GR", "vat": "EL094259216"}
        self.assertEqual(self.codes(greek), {})
        american = {**german, "country_code": "US", "vat": "12-3456789"}
        self.assertEqual(self.codes(american), {})

    def test_foreign_tax_makes_it_a_request(self):
        """A11: where the tax cannot be settled, the buyer is sent to the request."""
        german = {
            **COMPANY_FORM,
            "siret": "",
            "country_code": "DE",
            "vat": "DE136695976",
        }
        codes = self.codes(german, taxes=("FR", "MC"))
        self.assertEqual(codes, {"country_code": "foreign_tax"})
        self.assertEqual(self.codes(COMPANY_FORM, taxes=("FR", "MC")), {})

    def test_individual(self):
        """A11: an individual declares to buy as a private person; no SIRET asked."""
        buyer, errors = self.check(INDIVIDUAL_FORM)
        self.assertEqual(errors, [])
        self.assertEqual(buyer.name, "Paul Martin")
        self.assertEqual(buyer.learners[0].name, "Paul Martin")
        self.assertEqual(buyer.learners[0].email, "paul@martin.example.com")
        codes = self.codes(INDIVIDUAL_FORM, private_declaration="")
        self.assertEqual(codes, {"private_declaration": "declaration_missing"})

    def test_individual_enrols_exactly_one(self):
        """A6: an individual who posts two learners is refused."""
        codes = self.codes(INDIVIDUAL_FORM, learner_count="2")
        self.assertEqual(codes, {"learner_count": "count_limit"})

    def test_individual_refused_on_a_company_session(self):
        """A9: the kind of buyer that the page did not offer is refused."""
        codes = self.codes(INDIVIDUAL_FORM, kinds=("company",))
        self.assertEqual(codes, {"buyer_kind": "kind_refused"})
        codes = self.codes(COMPANY_FORM, buyer_kind="alien")
        self.assertEqual(codes, {"buyer_kind": "kind_missing"})

    def test_self_employed_counts_as_a_company(self):
        """A10: a self-employed person buys as a company, with a SIRET."""
        form = {**COMPANY_FORM, "is_self_employed": "1"}
        buyer, _errors = self.check(form, kinds=("company",))
        self.assertEqual((buyer.kind, buyer.is_self_employed), ("company", True))
        self.assertEqual(self.codes(form, siret=""), {"siret": "siret_missing"})

    def test_self_employed_has_a_siret(self):
        """A10: a false SIRET, or an association's number instead, does not do."""
        form = {**COMPANY_FORM, "is_self_employed": "1"}
        codes = self.codes(form, siret="732 829 320 00079")
        self.assertEqual(codes, {"siret": "siret"})
        codes = self.codes(form, siret="", is_association="1", rna="W751234567")
        self.assertEqual(codes, {"siret": "siret_missing"})

    def test_learner_count(self):
        """A6: 0, negative, huge, fractional and worded numbers of learners."""
        for count, code in (
            ("0", "count_positive"),
            ("-1", "count_positive"),
            ("10000", "count_limit"),
            ("6", "count_limit"),
            ("99999999999999999999", "count_number"),
            ("1.5", "count_number"),
            ("abc", "count_number"),
            ("", "count_number"),
            ("１", "count_number"),
        ):
            with self.subTest(count=count):
                codes = self.codes(COMPANY_FORM, learner_count=count)
                self.assertEqual(codes, {"learner_count": code})

    def test_learner_mails(self):
        """A11: the learner with a wrong or repeated e-mail is named."""
        form = {
            **COMPANY_FORM,
            "learner_count": "2",
            "learner_2_name": "Eve",
            "learner_2_email": "BOB@durand.example.com",
        }
        _buyer, errors = self.check(form)
        self.assertEqual(
            [(error.field, error.code, error.params) for error in errors],
            [("learner_2_email", "learner_twice", {"number": 2, "other": 1})],
        )
        codes = self.codes(form, learner_2_email="eve@durand")
        self.assertEqual(codes, {"learner_2_email": "learner_email"})
        codes = self.codes(form, learner_2_email="", learner_2_name="")
        self.assertEqual(
            codes,
            {
                "learner_2_name": "learner_name",
                "learner_2_email": "learner_email_missing",
            },
        )

    def test_learner_to_complete_later(self):
        """A11: « to complete later » makes a learner without name and e-mail."""
        buyer, errors = self.check(
            {**COMPANY_FORM, "learner_count": "2", "learner_2_later": "1"}
        )
        self.assertEqual(errors, [])
        self.assertFalse(buyer.learners[0].to_complete)
        self.assertTrue(buyer.learners[1].to_complete)

    def test_buyer_is_learner(self):
        """A11: « I am the learner » takes the contact, whatever the row holds."""
        buyer, _errors = self.check(
            {**COMPANY_FORM, "buyer_is_learner": "1", "learner_1_email": "x@y.fr"}
        )
        self.assertEqual(buyer.learners[0].name, "Claire Durand")
        self.assertEqual(buyer.learners[0].email, "claire@durand.example.com")

    def test_hostile_values(self):
        """A11: control characters, endless text and non-text are no surprise."""
        codes = self.codes(COMPANY_FORM, company_name="\x00\x07")
        self.assertEqual(codes, {"company_name": "required"})
        codes = self.codes(COMPANY_FORM, company_name="A" * 5000)
        self.assertEqual(codes, {"company_name": "too_long"})
        codes = self.codes(COMPANY_FORM, street=object())
        self.assertEqual(codes, {"street": "required"})
        codes = self.codes(COMPANY_FORM, country_code="ZZ")
        self.assertIn("country_code", codes)
        codes = self.codes(COMPANY_FORM, zip="7500")
        self.assertEqual(codes, {"zip": "zip"})
        codes = self.codes(COMPANY_FORM, phone="call me")
        self.assertEqual(codes, {"phone": "phone"})
        for email in ("a@b", "a b@c.fr", "a@@b.fr", "<a@b.fr>", "a@b..fr", "a@b.fr,c"):
            codes = self.codes(COMPANY_FORM, email=email)
            self.assertEqual(codes, {"email": "email"}, email)

    def test_rows_to_show(self):
        """A6: the page shows between one row and what a company may enrol."""
        rules = BuyerRules(frozenset({"company"}), 4, COUNTRIES)
        for count, rows in (("3", 3), ("0", 1), ("-5", 1), ("10000", 4), ("x", 1)):
            form = {"learner_count": count}
            self.assertEqual(shown_learner_count(form, rules), rows)
        form = {"learner_count": "3", "buyer_kind": "individual"}
        self.assertEqual(shown_learner_count(form, rules), 1)
