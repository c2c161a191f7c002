# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B23: the file of the declaration against the schema of the French tax office."""

import doctest
from dataclasses import replace
from datetime import date, datetime

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..services import dac7_file
from ..services.dac7 import Person, Quarter, Statement
from .dac7_schema import check_name, find_faults

MOMENT = datetime(2026, 1, 20, 9, 30, 1)
OPERATOR = Person(
    name="La Place",
    country="FR",
    street="2 rue du Port",
    zip="17000",
    city="La Rochelle",
    tax_number="732829320",
    tax_country="FR",
    vat="FR44732829320",
    registration="73282932000074",
)
SELLER = replace(
    OPERATOR,
    name="Atelier",
    tax_number="552100554",
    registration="55210055400013",
    vat="",
    iban="FR7630004000031234567890143",
    holder="Atelier",
)
CLAIRE = replace(
    SELLER,
    is_individual=True,
    firstname="Claire",
    lastname="Dupuis",
    birthdate=date(1980, 2, 29),
)
SOLD = (Quarter("1200.50", "120.00", 2), Quarter(), Quarter("-200.00"), Quarter())


@tagged("standard", "post_install", "-at_install")
class TestDac7File(BaseCase):
    def make(self, *people, quarters=SOLD):
        """Return the file of these sellers, which the office would take."""
        statements = [
            Statement(str(number), person, "EUR", quarters)
            for number, person in enumerate(people, 1)
        ]
        content = dac7_file.make_file(2025, OPERATOR, statements, MOMENT)
        self.assertEqual(find_faults(self, content), [])
        return etree.fromstring(content)

    def find_all(self, root, name):
        return [one.text for one in root.iter(f"{{{dac7_file.DPI}}}{name}")]

    def test_examples(self):
        """B23: quarters without negatives, in whole units; the name of the file."""
        self.assertFalse(doctest.testmod(dac7_file).failed)

    def test_the_schema_sees_faults(self):
        """B23: what the office refuses is seen (the check can fail)."""
        content = dac7_file.make_file(
            2025, OPERATOR, [Statement("1", replace(SELLER, city=""), "EUR")], MOMENT
        )
        self.assertTrue(find_faults(self, content))

    def test_sellers_of_each_kind(self):
        """B23: companies and persons, overseas and of the Union, with and without a
        tax number, an address of one line, names that are very long."""
        root = self.make(
            SELLER,
            CLAIRE,
            replace(SELLER, country="RE", tax_country="RE"),
            replace(SELLER, country="BE", tax_number="", tax_country="", iban=""),
            replace(CLAIRE, vat="FR44732829320", street="", zip=""),
            replace(SELLER, name="É" * 300, registration=""),
        )
        self.assertEqual(
            self.find_all(root, "ResCountryCode"),
            ["FR", "FR", "FR", "FR", "BE", "FR", "FR"],
        )
        self.assertEqual(self.find_all(root, "TIN")[4], "NOTIN")

    def test_nobody(self):
        """B23: a year in which nobody has to be told of."""
        root = self.make()
        self.assertFalse(self.find_all(root, "ReportableSeller"))
        self.assertEqual(len(self.find_all(self.make(SELLER), "ReportableSeller")), 1)

    def test_figures(self):
        """B23: what was refunded later is taken from the sales before it."""
        root = self.make(SELLER)
        figures = [
            "".join(
                self.find_all(root, f"{name}Q{quarter}")[0] + " "
                for quarter in range(1, 5)
            )
            for name in ("Cons", "Numb", "Fees", "Taxes")
        ]
        self.assertEqual(figures, ["1001 0 0 0 ", "2 0 0 0 ", "120 0 0 0 ", "0 0 0 0 "])

    def test_who_is_not_reported(self):
        """B23: outside the Union, or nothing left: not in the file."""
        nothing = (Quarter("100.00", operations=1), Quarter("-100.00"))
        for person, quarters, wanted in (
            (SELLER, SOLD, True),
            (replace(SELLER, country="MQ"), SOLD, True),
            (replace(SELLER, country=""), SOLD, True),
            (replace(SELLER, country="CH"), SOLD, False),
            (SELLER, nothing, False),
        ):
            statement = Statement("1", person, "EUR", quarters)
            with self.subTest(person.country):
                self.assertEqual(dac7_file.is_reported(statement), wanted)
        self.assertEqual(dac7_file.find_blocking(SELLER), [])
        blank = replace(CLAIRE, city=" ", birthdate=None)
        self.assertEqual(dac7_file.find_blocking(blank), ["city", "birthdate"])

    def test_name(self):
        """B23: the name of the file says what is in it, as the office wants."""
        content = dac7_file.make_file(2025, OPERATOR, [], MOMENT)
        name = dac7_file.name_file(2025, OPERATOR.tax_number, MOMENT)
        check_name(self, name, content)
