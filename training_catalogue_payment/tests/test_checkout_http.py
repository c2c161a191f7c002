# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cart and checkout of a session, over HTTP, and what stock's routes refuse."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .http_common import TrainingHttpCommon


@tagged("post_install", "-at_install")
class TestCheckoutHttp(TrainingHttpCommon):
    """One session alone in the cart, its buyer kept, one way to pay for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book = cls.env["product.product"].create(
            {
                "name": "Manuel de l'entretien",
                "type": "service",
                "list_price": 20.0,
                "is_published": True,
                "sale_ok": True,
            }
        )

    def _add_book(self):
        return self._jsonrpc_error(
            "/shop/cart/add",
            {
                "product_template_id": self.book.product_tmpl_id.id,
                "product_id": self.book.id,
            },
        )

    def test_other_items_in_the_cart(self):
        """A9: a cart with a book refuses the session, offers to be emptied."""
        self._add_book()
        response, page = self._post(self._buy_url(), self._company_form())
        self.assertEqual(response.status_code, 409)
        self.assertIn("Manuel de l'entretien", page.text_content())
        self.assertTrue(page.xpath("//input[@name='empty_cart']"))
        self.assertEqual(self._carts().order_line.product_id, self.book)
        response, _page = self._post(
            self._buy_url(), self._company_form(empty_cart="1")
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._carts().training_session_id, self.course)
        self.assertEqual(len(self._carts().order_line), 1)

    def test_nothing_joins_a_session(self):
        """A9: a book cannot join a session in the cart."""
        self._post(self._buy_url(), self._company_form())
        self.assertIn("bought alone", self._add_book())
        self.assertEqual(len(self._carts().order_line), 1)

    def test_programme_is_not_added_to_a_cart(self):
        """A9: the stock cart route refuses a programme, with or without a ticket."""
        variant = self.programme.product_variant_id
        for extra in ({}, {"event_ticket_id": self.course.training_ticket_id.id}):
            error = self._jsonrpc_error(
                "/shop/cart/add",
                {
                    "product_template_id": self.programme.id,
                    "product_id": variant.id,
                    **extra,
                },
            )
            self.assertIn("cannot be added to cart", error)
        self.assertFalse(self._carts().order_line)

    def test_cart_page(self):
        """A8: the cart shows the session, its number of learners cannot change."""
        self._post(self._buy_url(), self._company_form())
        response, page = self._get("/shop/cart")
        self.assertEqual(response.status_code, 200)
        link = page.xpath("//a[@name='training_cart_line_link']")[0]
        self.assertEqual(link.get("href"), self._buy_url())
        self.assertFalse(page.xpath("//a[@aria-label='Add one']"))

    def test_checkout_leads_back_to_the_purchase_page(self):
        """A11: stock's address pages give way to ours, which knows the buyer."""
        self._post(self._buy_url(), self._company_form(order_reference="BC-42"))
        for url in ("/shop/checkout", "/shop/address"):
            response, _page = self._get(url)
            self.assertEqual(response.status_code, 303)
            self.assertTrue(response.headers["Location"].endswith(self._buy_url()))
        _response, page = self._get(self._buy_url())
        values = {
            field.get("name"): field.get("value")
            for field in page.xpath("//form//input[@value]")
        }
        self.assertEqual(values["company_name"], "Menuiserie Durand SARL")
        self.assertEqual(values["siret"], "73282932000074")
        self.assertEqual(values["order_reference"], "BC-42")
        self.assertEqual(values["learner_1_email"], "bob@durand.example.com")

    def _post_payment(self, url="", **values):
        order = self._carts()
        return self._jsonrpc_error(
            url or f"/shop/payment/transaction/{order.id}",
            {
                "access_token": order._portal_ensure_token(),
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
                "amount": order.amount_total,
                **values,
            },
        )

    def test_an_amount_is_a_number(self):
        """A13: NaN, which JSON lets through, is refused with a sentence."""
        self._post(self._buy_url(), self._company_form())
        self.assertIn("refresh the page", self._post_payment(amount=float("nan")))

    def test_only_the_linked_account_takes_the_money(self):
        """A13: a provider that the page did not offer is refused."""
        self._post(self._buy_url(), self._company_form())
        other = self._create_other_provider()
        self.assertIn("not offered", self._post_payment(provider_id=other.id))
        offered = self.env["payment.provider"]._get_compatible_providers(
            self.company.id,
            self._carts().partner_id.id,
            600,
            sale_order_id=self._carts().id,
        )
        self.assertEqual(offered, self.provider)

    def test_flood_of_payments(self):
        """R18: a cart that starts payments without end is stopped."""
        self._post(self._buy_url(), self._company_form())
        order = self._carts()
        tx = self._start_payment(order)
        order._check_training_transaction(tx)
        for _number in range(10):
            tx = self._start_payment(order)
        with self.assertRaisesRegex(ValidationError, "Too many attempts"):
            order._check_training_transaction(tx)

    def test_portal_payment_route_is_closed(self):
        """A15: an unpaid purchase is not paid where no seat is held."""
        self._post(self._buy_url(), self._company_form())
        order = self._carts()
        error = self._post_payment(url=f"/my/orders/{order.id}/transaction")
        self.assertIn("payment page", error)
        self.assertFalse(order.transaction_ids)

    @mute_logger("odoo.http")
    def test_stock_event_routes(self):
        """R4: Odoo's own registration routes refuse a training session (A9, R5)."""
        ticket = self.course.training_ticket_id
        url = f"/event/{self.course.id}/registration"
        error = self._jsonrpc_error(f"{url}/new", {f"nb_register-{ticket.id}": "1"})
        self.assertIn("page of its programme", error)
        response, _page = self._post(
            f"{url}/confirm",
            {
                "1-name-1": "Eve",
                "1-email-2": "eve@example.com",
                "1-event_ticket_id": str(ticket.id),
                "1-partner_id": str(self.buyer.id),
            },
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("page of its programme", response.text)
        self.assertFalse(self.course.registration_ids)

    def test_stock_event_page_leads_to_the_programme(self):
        """A9: the event page of a session gives way to its programme's."""
        slug = self.env["ir.http"]._slug(self.course)
        response, _page = self._get(f"/event/{slug}/register")
        self.assertEqual(response.status_code, 303)
        self.assertIn("#training_sessions", response.headers["Location"])

    def test_stock_event_page_without_finance_plus(self):
        """A1: without Finance + the event page stays, and offers no registration."""
        slug = self.env["ir.http"]._slug(self.course)
        self.company.finance_plus = False
        response, page = self._get(f"/event/{slug}/register")
        self.assertEqual(response.status_code, 200)
        self.assertFalse(page.xpath("//form[@id='registration_form']"))
        self.assertFalse(
            page.xpath("//*[@data-bs-target='#modal_ticket_registration']")
        )
        self.assertIn("Registrations Closed", page.text_content())
        self.assertFalse(self.course.event_registrations_open)

    def test_pages_speak_of_a_training(self):
        """A12: no address step, no « sign up » that reads as « enrol »."""
        self._post(self._buy_url(), self._company_form())
        _response, page = self._get("/shop/payment")
        self.assertFalse(page.xpath("//a[contains(@href, '/shop/checkout')]"))
        links = page.xpath("//a[@name='training_back']/@href")
        self.assertEqual(set(links), {self._buy_url()})
        order = self._carts()
        self._capture(self._start_payment(order))
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        _response, page = self._get("/shop/confirmation")
        self.assertIn("Create an account", page.text_content())
        self.assertNotIn("Sign Up", page.text_content())
        payer = self._text(page, "//*[@name='training_confirmation_payer']")
        self.assertIn("Menuiserie Durand SARL 1 rue de la Paix 75002 Paris", payer)

    def test_learners_of_the_confirmation_in_their_order(self):
        """A12: the learners are those of the form, from the first to the last."""
        form = self._company_form(
            learner_count="2",
            learner_2_name="Ada Durand",
            learner_2_email="ada@durand.example.com",
            shown_total="1200.00",
        )
        self._post(self._buy_url(), form)
        self._capture(self._start_payment(self._carts()))
        _response, page = self._get("/shop/confirmation")
        text = page.text_content()
        self.assertLess(text.index("Bob Durand"), text.index("Ada Durand"))

    def test_portal_user_buys_for_the_own_company(self):
        """A11: the same SIRET uses the user's own company, another one a new one."""
        user = self._create_role("claire", "base.group_portal")
        user.partner_id.write(
            {
                "parent_id": self.buyer.parent_id.id,
                "email": "claire@durand.example.com",
                "type": "contact",
            }
        )
        self.authenticate("claire", "claire")
        response, _page = self._post(self._buy_url(), self._company_form())
        self.assertEqual(response.status_code, 303)
        self._get("/shop/payment")
        order = self._carts()
        self.assertEqual(order.partner_id, user.partner_id)
        self.assertEqual(order.partner_invoice_id, self.buyer.parent_id)
        response, _page = self._post(
            self._buy_url(),
            self._company_form(
                siret="443 061 841 00047", company_name="Autre", city="Lille"
            ),
        )
        self.assertEqual(response.status_code, 303)
        self._get("/shop/payment")
        self.assertEqual(order.partner_invoice_id.name, "Autre")
        self.assertNotEqual(
            order.partner_id.commercial_partner_id, self.buyer.parent_id
        )
        self.assertEqual(self.buyer.parent_id.city, "Paris")
