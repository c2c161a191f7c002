# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""B1, B2: a course says which seller it belongs to, and only a seller can own one."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged


@tagged("standard", "post_install", "-at_install")
class TestSeller(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.env["res.partner"].create(
            {
                "name": "Atelier des langues",
                "is_company": True,
                "is_marketplace_seller": True,
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Garage Lefèvre"})
        cls.course = cls.env["product.template"].create(
            {
                "name": "Anglais professionnel",
                "type": "service",
                "service_tracking": "event",
                "marketplace_seller_id": cls.seller.id,
            }
        )

    def test_seller_is_shown_and_kept_by_the_form(self):
        """B2: the programme's form shows its seller and lets another one be chosen."""
        other = self.seller.copy({"name": "Institut du bâtiment"})
        with Form(self.course) as form:
            self.assertEqual(form.marketplace_seller_id, self.seller)
            form.marketplace_seller_id = other
        self.assertEqual(self.course.marketplace_seller_id, other)

    def test_seller_is_marked_in_the_contact_form(self):
        """B1: a company is marked as a seller in its own form."""
        with Form(self.env["res.partner"]) as form:
            form.name = "École du jardin"
            form.company_type = "company"
            form.is_marketplace_seller = True
        self.assertTrue(form.record.is_marketplace_seller)

    def test_course_of_a_plain_customer_is_refused(self):
        """B1: a contact that is not a seller cannot own a course."""
        with self.assertRaisesRegex(ValidationError, "Garage Lefèvre is not a seller"):
            self.course.marketplace_seller_id = self.customer

    def test_seller_with_courses_stays_a_seller(self):
        """B1: a seller is not unmarked while one of its courses would be left alone."""
        with self.assertRaisesRegex(ValidationError, "still sells Anglais"):
            self.seller.is_marketplace_seller = False
        self.course.marketplace_seller_id = False
        self.seller.is_marketplace_seller = False
        self.assertFalse(self.seller.is_marketplace_seller)

    def test_programme_without_seller_is_the_operator_s_own(self):
        """B1: addon A's programmes keep selling in the operator's own name."""
        own = self.course.copy({"marketplace_seller_id": False})
        self.assertFalse(own.marketplace_seller_id)
