# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B8, B24: what a buyer may not post: refused with the reason, nothing changed."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .marketplace_common import ATTESTATION, make_contract
from .payment_common import MangopayPaymentCommon
from .seller_common import create_portal_user


@tagged("standard", "post_install", "-at_install")
class TestBadInput(MangopayPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = create_portal_user(cls.env, cls.seller, "claire@atelier.example")
        cls.sold_session.write({"seats_limited": True, "seats_max": 3})

    def orders(self):
        """Return every order and its amount: what nothing may change."""
        self.env.invalidate_all()
        orders = self.env["sale.order"].search([], order="id")
        return [(one.id, one.amount_total, one.marketplace_seller_id) for one in orders]

    def refuse(self, session=None, **form):
        """Post the purchase page; nothing changes and a reason is told."""
        before = self.orders()
        response, page = self._post(self._buy_url(session), self._company_form(**form))
        self.assertIn(response.status_code, (409, 422))
        told = page.xpath("//*[@role='alert'] | //*[contains(@class, 'invalid-feed')]")
        self.assertTrue(told)
        self.assertEqual(self.orders(), before)

    def test_own_course(self):
        """B8: refused on the page, on the server, and for the seller's own company."""
        self.authenticate(self.own.login, self.own.login)
        response, page = self._get(self._buy_url(self.sold_session))
        self.assertFalse(page.xpath("//form[contains(@class, 'purchase_form')]"))
        self.assertEqual(response.status_code, 200)
        self.refuse(self.sold_session)
        contact = self.env["res.partner"].create(
            {"name": "Marc", "parent_id": self.seller.id, "email": "marc@a.example"}
        )
        with self.assertRaises(UserError):
            self._buy(self.sold_session, contact=contact)
        with self.assertRaises(UserError):
            self._create_cart().with_user(self.own).sudo()._set_training_purchase(
                self.sold_session, "company", self.buyer, self._learners(1)
            )
        order = self._buy(self.sold_session)
        self.assertFalse(order._get_training_blockers())
        order.training_account_id = self.own
        self.assertTrue(order._get_training_blockers())
        own_kind = self._buy(self.course, contact=contact)
        self.assertFalse(own_kind._get_training_blockers())

    def test_quantities(self):
        """B8: none, less than none, no number, more than the seats."""
        self.sign_in("nora@petit.example")
        for count in ("0", "-1", "x", "", "4", "1000000000000", "1.5"):
            with self.subTest(count=count):
                self.refuse(self.sold_session, learner_count=count)

    def test_price_and_seller(self):
        """B8: a price that is not shown is refused; what names a seller is not read."""
        self.sign_in("nora@petit.example")
        for total in ("1.00", "0", "", "nan", "-600"):
            with self.subTest(total=total):
                self.refuse(self.sold_session, shown_total=total)
        other = self.env["res.partner"].create({"name": "Other"})
        form = self._company_form(
            marketplace_seller_id=str(other.id),
            seller_id=str(other.id),
            price_unit="1",
            amount_total="1",
        )
        self._post(self._buy_url(self.sold_session), form)
        order = self._carts()
        self.assertEqual(order.marketplace_seller_id, self.seller)
        self.assertEqual(order.amount_total, 600.0)

    def test_second_seller(self):
        """B8: an order is of one seller: the page names what the cart holds and whose
        it is, and replaces it only where the buyer says so; whichever comes first."""
        rival = self.env["res.partner"].create({"name": "Institut du bâtiment"})
        make_contract(self.env, rival, self.company, vat_regime="exempt", **ATTESTATION)
        programme = self._create_programme(marketplace_seller_id=rival.id, name="Mur")
        wall = self._create_session(programme)
        self.sign_in("nora@petit.example")
        pairs = (self.sold_session, wall), (wall, self.sold_session)
        for held, wanted in pairs:
            self._post(self._buy_url(held), self._company_form(empty_cart="1"))
            order = self._carts()
            self.assertEqual(order.training_session_id, held)
            self.refuse(wanted)
            for page in (
                self._get(self._buy_url(wanted))[1],
                self._post(self._buy_url(wanted), self._company_form())[1],
            ):
                told = self._text(page, "//*[@role='alert'][.//input]")
                self.assertIn(order.marketplace_seller_id.name, told)
                self.assertIn(order.order_line.name_short, told)
            line = wanted.training_ticket_id.product_id
            told = self._jsonrpc_error(
                "/shop/cart/add",
                {
                    "product_template_id": line.product_tmpl_id.id,
                    "product_id": line.id,
                    "event_ticket_id": wanted.training_ticket_id.id,
                },
            )
            self.assertTrue(told)
            self.env.invalidate_all()
            self.assertEqual(order.training_session_id, held)
            self.assertEqual(len(order.order_line), 1)
            page = self._get("/shop/payment")[1].text_content()
            self.assertIn(order.marketplace_seller_id.name, page)
        order.order_line.copy({"order_id": order.id, "event_id": wanted.id})
        self.assertTrue(order._get_training_blockers())

    def test_another_course_of_the_seller(self):
        """B8: choosing again with the same seller asks for nothing."""
        other = self._create_session(self.sold, name="Later")
        self.sign_in("nora@petit.example")
        self._post(self._buy_url(self.sold_session), self._company_form())
        self._post(self._buy_url(other), self._company_form())
        self.env.invalidate_all()
        self.assertEqual(self._carts().training_session_id, other)
