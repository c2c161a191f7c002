# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1, B13, B14: what is checked of a seller before Mangopay is asked."""

from datetime import date

from odoo.tests import BaseCase, tagged

from ..services import bank_account, mangopay_kyc
from ..services.seller_identity import check_identity, check_owner, make_owner
from ..services.seller_steps import Record, find_steps, is_ready
from .seller_common import IBAN, IDENTITY_PAGE, PDF, PNG

TODAY = date(2026, 11, 22)
FORM = {
    "legal_form": "company",
    "company_number": "732 829 320 00074",
    "street": "3 rue du Port",
    "zip": "17000",
    "city": "La Rochelle",
    "country": "FR",
    "email": "contact@atelier.example",
    "firstname": "Claire",
    "lastname": "Dupuis",
    "rep_email": "claire@atelier.example",
    "birthdate": "1980-05-04",
    "nationality": "FR",
    "residence": "FR",
}


@tagged("standard", "post_install", "-at_install")
class TestSellerServices(BaseCase):
    def check(self, **values):
        return check_identity({**FORM, **values}, TODAY)[1]

    def test_identity_that_is_right(self):
        """B1: a form filled in well: numbers compact, dates as dates."""
        values, errors = check_identity(FORM, TODAY)
        self.assertEqual(errors, {})
        self.assertEqual(values["company_number"], "73282932000074")
        self.assertEqual(values["birthdate"], date(1980, 5, 4))

    def test_identity_that_is_wrong(self):
        """B1: each wrong field has its own code."""
        for field, text, code in (
            ("legal_form", "foundation", "choice"),
            ("company_number", "73282932000075", "siret"),
            ("company_number", "", "required"),
            ("street", "  ", "required"),
            ("city", "x" * 101, "too_long"),
            ("email", "atelier", "email"),
            ("birthdate", "1980-02-30", "date"),
            ("birthdate", "2010-01-01", "underage"),
            ("birthdate", "2008-11-23", "underage"),
            ("birthdate", "2030-01-01", "date"),
            ("nationality", "France", "too_long"),
            ("residence", "f1", "country"),
        ):
            with self.subTest(field=field, text=text):
                self.assertEqual(self.check(**{field: text}), {field: code})
        self.assertEqual(self.check(birthdate="2008-11-22"), {})

    def test_association_may_have_no_number(self):
        """B1: an association has perhaps no SIRET; a foreign number is not checked."""
        self.assertEqual(self.check(legal_form="association", company_number=""), {})
        self.assertEqual(self.check(country="BE", company_number="0123.456"), {})

    def test_owner_fields(self):
        """B1: what Mangopay gets of a company and of a private person."""
        seller = {
            "legal_form": "company",
            "name": "Atelier",
            "company_number": "73282932000074",
            "email": "contact@atelier.example",
            "address": {"Country": "FR"},
            "firstname": "Claire",
            "lastname": "Dupuis",
            "rep_email": "claire@atelier.example",
            "birthdate": date(1980, 5, 4),
            "nationality": "FR",
            "residence": "FR",
        }
        person, values = make_owner(seller)
        self.assertEqual((person, values["LegalPersonType"]), ("legal", "BUSINESS"))
        self.assertEqual(values["LegalRepresentative"]["Birthday"], 326246400)
        self.assertIs(values["TermsAndConditionsAccepted"], True)
        person, values = make_owner({**seller, "legal_form": "individual"})
        self.assertEqual((person, values["Email"]), ("natural", seller["rep_email"]))
        self.assertNotIn("CompanyNumber", values)

    def test_beneficial_owner(self):
        """B14: an owner may be a child; where and when it was born must exist."""
        form = {
            "first_name": "Ana",
            "last_name": "Ruiz",
            "birthdate": "2020-01-01",
            "nationality": "ES",
            "street": "1 calle Mayor",
            "zip": "28001",
            "city": "Madrid",
            "country": "ES",
            "birth_city": "Madrid",
            "birth_country": "ES",
        }
        self.assertEqual(check_owner(form, TODAY)[1], {})
        wrong = check_owner({**form, "birthdate": "x", "birth_city": ""}, TODAY)[1]
        self.assertEqual(wrong, {"birthdate": "date", "birth_city": "required"})

    def test_pages(self):
        """B14: type by content, sizes by kind of document, before anything is sent."""
        check = mangopay_kyc.check_pages
        identity, registration = mangopay_kyc.IDENTITY, mangopay_kyc.REGISTRATION
        long = PDF + b"x" * mangopay_kyc.LONGEST
        for kind, pages, expected in (
            (identity, [IDENTITY_PAGE], ("", 0)),
            (identity, [IDENTITY_PAGE, PNG], ("too_short_identity", 2)),
            (registration, [PDF + b"x" * 2000], ("", 0)),
            (registration, [PDF], ("too_short", 1)),
            (registration, [b"MZ" + b"x" * 2000], ("wrong_type", 1)),
            (registration, [b"<svg/>" + b"x" * 2000], ("wrong_type", 1)),
            (registration, [b""], ("empty", 1)),
            (registration, [long], ("too_long", 1)),
            (registration, [], ("missing", 0)),
            (registration, [PDF + b"x" * 2000] * 6, ("too_many", 0)),
        ):
            with self.subTest(expected=expected):
                self.assertEqual(check(kind, pages), expected)

    def test_documents_by_legal_form(self):
        """B14: what is needed by legal form, less what was sent."""
        self.assertEqual(
            mangopay_kyc.find_missing("sole_trader", {"IDENTITY_PROOF": "asked"}),
            ["REGISTRATION_PROOF"],
        )
        self.assertEqual(len(mangopay_kyc.find_missing("association", {})), 3)
        self.assertEqual(
            mangopay_kyc.find_missing("individual", {"IDENTITY_PROOF": "refused"}),
            ["IDENTITY_PROOF"],
        )

    def test_iban(self):
        """B13: a wrong IBAN is told before Mangopay is asked."""
        check = bank_account.check_iban
        self.assertEqual(check("fr76 3000 4000 0312-3456.7890 143"), (IBAN, ""))
        for text, code in (
            (IBAN[:-1], "iban_length"),
            (IBAN[:-1] + "4", "iban_checksum"),
            ("XX" + IBAN[2:], "iban_country"),
            ("30004 00003 12345678901 43", "iban"),
            ("", "iban_missing"),
            (None, "iban_missing"),
            ("FR76" + "x" * 5000, "iban_length"),
        ):
            with self.subTest(text=text):
                self.assertEqual(check(text)[1], code)

    def test_schema(self):
        """B13: Mangopay's own schema is applied; what is not understood passes."""
        rule = {"Required": True, "MinLength": 2, "MaxLength": 3, "Pattern": "^[A-Z]+$"}
        schema = {
            "Tag": {"Required": False, "Pattern": None},
            "Inner": {"Name": rule, "Odd": {**rule, "Pattern": r"^\p{L}+$"}},
            "Nothing": None,
        }
        check = bank_account.check_schema
        self.assertEqual(check(schema, {"Inner": {"Name": "AB", "Odd": "éé"}}), {})
        wrong = check(schema, {"Inner": {"Name": "ab"}})
        self.assertEqual(wrong, {"Inner.Name": "pattern", "Inner.Odd": "required"})

    def test_steps(self):
        """B14: the steps of a company, from nothing to being paid."""
        steps = find_steps(Record(legal_form="company"))
        self.assertEqual(list(steps.values()), ["todo", *["locked"] * 4])
        begun = {"legal_form": "company", "is_known": True}
        steps = find_steps(Record(**begun, user="pending"))
        self.assertEqual(steps["authentication"], "todo")
        self.assertEqual(steps["bank"], "locked")
        sent = dict.fromkeys(mangopay_kyc.NEEDED["company"], "asked")
        for documents, state in (
            ({}, "todo"),
            (sent, "waiting"),
            ({**sent, "IDENTITY_PROOF": "refused"}, "refused"),
        ):
            record = Record(**begun, user="active", documents=documents)
            self.assertEqual(find_steps(record)["documents"], state)
        done = Record(**begun, user="active", is_verified=True, recipients=("active",))
        self.assertTrue(is_ready(done))
        self.assertNotIn("owners", find_steps(Record(legal_form="association")))
