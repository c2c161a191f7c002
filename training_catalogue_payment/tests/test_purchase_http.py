# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The purchase page over HTTP: from a session to the payment page."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .http_common import TrainingHttpCommon


@tagged("training_install", "post_install", "-at_install")
class TestPurchaseHttp(TrainingHttpCommon):
    """What is posted is checked, and nothing changes when it is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_session = cls._create_session(is_out_of_bpf=True)

    def assert_refused(self, response, status):
        """The page answers with this status, and no cart and no buyer was made."""
        self.assertEqual(response.status_code, status)
        self.assertFalse(self._carts())
        names = ("Menuiserie Durand SARL", "Paul Martin")
        partners = self.env["res.partner"].search([("name", "in", names)])
        self.assertEqual(partners, self.buyer.parent_id)

    def test_company_buys_for_two_learners(self):
        """A11: company, contact, learners and order number reach the order."""
        response, _page = self._post(
            self._buy_url(),
            self._company_form(
                learner_count="2",
                learner_2_later="1",
                order_reference="BC-42",
                shown_total="1200.00",
            ),
        )
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/shop/payment"))
        order = self._carts()
        self.assertEqual(order.training_session_id, self.course)
        self.assertEqual(order.training_buyer_kind, "company")
        self.assertEqual(order.training_agreed_amount, 1200)
        self.assertEqual(order.client_order_ref, "BC-42")
        self.assertEqual(order.partner_id.name, "Claire Durand")
        company = order.partner_invoice_id
        self.assertEqual(company, order.partner_id.parent_id)
        self.assertEqual(company.name, "Menuiserie Durand SARL")
        self.assertEqual(company.company_registry, "73282932000074")
        self.assertEqual(company.city, "Paris")
        self.assertEqual(len(order.training_registration_ids), 2)
        self.assertEqual(
            order.training_registration_ids.filtered("email").mapped("email"),
            ["bob@durand.example.com"],
        )

    def test_payment_page_follows(self):
        """A11: the payment page opens at once, with the total that was shown."""
        self._post(self._buy_url(), self._company_form())
        response, page = self._get("/shop/payment")
        self.assertEqual(response.status_code, 200)
        self.assertIn("600.00", self._text(page, "//*[@name='o_order_total']"))
        self.assertFalse(page.xpath("//*[contains(@class, 'alert-danger')]"))

    def test_visitor_never_attaches_to_an_existing_partner(self):
        """A11: a known SIRET and e-mail make a new buyer, and tell nothing."""
        self._post(
            self._buy_url(), self._company_form(email="claire@durand.example.com")
        )
        order = self._carts()
        self.assertEqual(order.partner_id.email, self.buyer.email)
        self.assertNotEqual(order.partner_id, self.buyer)
        self.assertNotEqual(order.partner_invoice_id, self.buyer.parent_id)

    def test_posting_twice_makes_one_purchase(self):
        """R20: the same page posted twice leaves one cart, one buyer, one learner."""
        for _time in range(2):
            response, _page = self._post(self._buy_url(), self._company_form())
            self.assertEqual(response.status_code, 303)
        order = self._carts()
        self.assertEqual(len(order), 1)
        self.assertEqual(len(order.order_line), 1)
        self.assertEqual(len(order.training_registration_ids), 1)
        companies = self.env["res.partner"].search(
            [("company_registry", "=", "73282932000074"), ("is_company", "=", True)]
        )
        self.assertEqual(len(companies - self.buyer.parent_id), 1)

    def test_account_buys_again_for_the_same_company(self):
        """A11, B10: a person's account that bought for a company finds it again; of
        another company, or without the account, a new one is made."""
        account = self._create_role("account", "base.group_portal")
        self.authenticate(account.login, account.login)
        self._post(self._buy_url(), self._company_form())
        first = self._carts()
        self._pay(first)
        for change, is_same in (
            ({"email": "other@durand.example.com"}, True),
            ({"siret": "44306184100047"}, False),
        ):
            self._post(self._buy_url(), self._company_form(**change))
            again = self._carts()
            self.assertEqual(
                again.partner_invoice_id == first.partner_invoice_id, is_same
            )
            self._pay(again)
        self.authenticate(None, None)
        self._post(self._buy_url(), self._company_form())
        self.assertNotEqual(self._carts().partner_invoice_id, first.partner_invoice_id)

    def test_page_sent_again_after_the_payment(self):
        """R20: the page of a paid order, sent again, says so and buys nothing."""
        _response, page = self._get(self._buy_url())
        token = page.xpath("//input[@name='form_token']")[0].get("value")
        self._post(self._buy_url(), self._company_form(form_token=token))
        order = self._carts()
        self.assertEqual(order.training_form_token, f"{self.course.id}-{token}")
        self._pay(order)
        response, page = self._post(
            self._buy_url(), self._company_form(form_token=token)
        )
        self.assertEqual(response.status_code, 409)
        self.assertIn(order.name, self._errors(page))
        self.assertFalse(self._carts())
        new_token = page.xpath("//input[@name='form_token']")[0].get("value")
        self.assertNotEqual(new_token, token)

    def test_page_sent_twice_without_a_cart(self):
        """R20: the same page from two requests that share no cart: one cart."""
        token = "0" * 32
        self._post(self._buy_url(), self._company_form(form_token=token))
        self.authenticate(None, None)
        self._post(self._buy_url(), self._company_form(form_token=token))
        self.assertEqual(len(self._carts()), 1)
        self.assertEqual(len(self._carts().training_registration_ids), 1)

    def test_page_of_another_session(self):
        """R20: a page's token leads to the cart of its own session only."""
        token = "1" * 32
        self._post(self._buy_url(), self._company_form(form_token=token))
        first = self._carts()
        self.authenticate(None, None)
        other = self._create_session(name="Autre session")
        response, _page = self._post(
            self._buy_url(other), self._company_form(form_token=token)
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(first.training_session_id, self.course)
        self.assertEqual((self._carts() - first).training_session_id, other)

    def test_form_errors_keep_every_value(self):
        """A11: 422, the errors beside the fields and on top, the values kept."""
        response, page = self._post(
            self._buy_url(), self._company_form(siret="732 829 320 00079", phone="")
        )
        self.assert_refused(response, 422)
        self.assertIn("This SIRET does not exist", self._errors(page))
        self.assertIn("your phone number", self._errors(page))
        siret = page.xpath("//input[@name='siret']")[0]
        self.assertEqual(siret.get("value"), "732 829 320 00079")
        self.assertEqual(siret.get("aria-invalid"), "true")
        note = siret.get("aria-describedby")
        self.assertIn("SIRET", self._text(page, f"//*[@id='{note}']"))
        name = page.xpath("//input[@name='company_name']")[0]
        self.assertEqual(name.get("value"), "Menuiserie Durand SARL")

    def test_learner_count_nobody_can_have(self):
        """A6: 0, -1, 10000 and abc learners are refused with a sentence."""
        for count in ("0", "-1", "10000", "abc"):
            with self.subTest(count=count):
                response, page = self._post(
                    self._buy_url(), self._company_form(learner_count=count)
                )
                self.assert_refused(response, 422)
                self.assertIn("learner", self._errors(page))

    def test_one_learner_only_is_told_in_the_singular(self):
        """A6: a person who asks for two is told that one learner is enrolled."""
        session = self._create_session(is_out_of_bpf=True)
        _response, page = self._post(
            self._buy_url(session), self._individual_form(learner_count="2")
        )
        self.assertIn("Only one learner", self._errors(page))

    def test_learner_with_the_same_mail_is_named(self):
        """A11: the learner whose e-mail is given twice is told by number."""
        response, page = self._post(
            self._buy_url(),
            self._company_form(
                learner_count="2",
                learner_2_name="Eve",
                learner_2_email="bob@durand.example.com",
            ),
        )
        self.assert_refused(response, 422)
        self.assertIn("Learners 1 and 2", self._errors(page))

    def test_individual_on_a_company_session(self):
        """A9: an individual is refused on a BPF session, whatever is posted."""
        response, page = self._post(self._buy_url(), self._individual_form())
        self.assert_refused(response, 422)
        self.assertIn("companies only", self._errors(page))
        _response, page = self._get(self._buy_url())
        self.assertFalse(page.xpath("//input[@value='individual']"))

    def test_individual_buys_out_of_bpf(self):
        """A9: « hors BPF » opens the session to individuals, tax included."""
        response, _page = self._post(
            self._buy_url(self.open_session), self._individual_form()
        )
        self.assertEqual(response.status_code, 303)
        order = self._carts()
        self.assertEqual(order.training_buyer_kind, "individual")
        self.assertEqual(order.amount_total, 720)
        self.assertFalse(order.partner_id.is_company)
        self.assertEqual(
            order.training_registration_ids.email, "paul@martin.example.com"
        )

    def test_tampered_price(self):
        """R6: another total than the page's: 409, the price is told, no purchase."""
        for total in ("1.00", "", "abc", "-600", "nan"):
            with self.subTest(total=total):
                response, page = self._post(
                    self._buy_url(), self._company_form(shown_total=total)
                )
                self.assert_refused(response, 409)
                self.assertIn("The price is now", page.text_content())
                shown = page.xpath("//input[@name='shown_total']")[0]
                self.assertEqual(shown.get("value"), "600.00")

    def test_price_raised_while_the_page_was_open(self):
        """R6: the buyer is told the new price and confirms again."""
        self.course.session_price = 650
        response, page = self._post(self._buy_url(), self._company_form())
        self.assert_refused(response, 409)
        shown = page.xpath("//input[@name='shown_total']")[0].get("value")
        response, _page = self._post(
            self._buy_url(), self._company_form(shown_total=shown)
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._carts().amount_total, 650)

    def test_price_raised_before_the_payment_page(self):
        """R6: raised between cart and payment: the payment page says so."""
        self._post(self._buy_url(), self._company_form())
        self.course.session_price = 650
        response, page = self._get("/shop/payment")
        self.assertEqual(response.status_code, 200)
        self.assertIn("The price has changed", page.text_content())
        self.assertFalse(page.xpath("//*[@name='o_payment_submit_button']"))

    def test_session_that_stopped_being_sellable(self):
        """R4: started, cancelled, archived, full or intra: 409 and a sentence."""
        past = fields.Datetime.now() - timedelta(days=2)
        cases = {
            "already started": {"date_begin": past},
            "cancelled": {"kanban_state": "cancel"},
            "archived": {"active": False},
            "cannot be bought online": {"session_kind": "intra"},
        }
        for sentence, values in cases.items():
            with self.subTest(values=values):
                session = self._create_session(**values)
                response, page = self._post(
                    self._buy_url(session), self._company_form()
                )
                self.assert_refused(response, 409)
                self.assertIn(sentence, page.text_content())
                response, page = self._get(self._buy_url(session))
                self.assertEqual(response.status_code, 200)
                self.assertIn(sentence, page.text_content())
                self.assertFalse(page.xpath("//input[@name='shown_total']"))

    def test_session_that_is_cancelled_before_the_payment(self):
        """R4: cancelled between cart and payment: the payment page says so."""
        self._post(self._buy_url(), self._company_form())
        self.course.kanban_state = "cancel"
        response, page = self._get("/shop/payment")
        self.assertEqual(response.status_code, 200)
        self.assertIn("The session is cancelled", page.text_content())
        self.assertFalse(page.xpath("//*[@name='o_payment_submit_button']"))

    def test_more_learners_than_seats(self):
        """R4: three learners for two seats are refused, two are offered."""
        session = self._create_session(seats_limited=True, seats_max=2)
        form = self._company_form(
            learner_count="3", learner_2_later="1", learner_3_later="1"
        )
        response, page = self._post(self._buy_url(session), form)
        self.assert_refused(response, 422)
        self.assertIn("No more than 2 learners", self._errors(page))
        count = page.xpath("//input[@name='learner_count']")[0]
        self.assertEqual(count.get("max"), "2")

    def test_unknown_session(self):
        """R4: an id that is no session of this catalogue is not found."""
        event = self.env["event.event"].create(
            {
                "name": "Concert",
                "date_begin": fields.Datetime.now() + timedelta(days=3),
                "date_end": fields.Datetime.now() + timedelta(days=4),
                "website_published": True,
            }
        )
        for session_id in (event.id, 0, 2147483647, 99999999999):
            response, _page = self._get(f"/training/session/{session_id}/buy")
            self.assertEqual(response.status_code, 404, session_id)

    def test_unpublished_programme(self):
        """A5: a programme that is not on the catalogue has no purchase page."""
        self.programme.is_published = False
        response, _page = self._post(self._buy_url(), self._company_form())
        self.assert_refused(response, 404)

    def test_finance_plus_off(self):
        """A1: without Finance + the page does not exist, whatever is posted."""
        self.company.finance_plus = False
        response, _page = self._get(self._buy_url())
        self.assertEqual(response.status_code, 404)
        response, _page = self._post(self._buy_url(), self._company_form())
        self.assert_refused(response, 404)

    def test_foreign_company_pays_no_french_vat_unasked(self):
        """A11: a German company and a taxable session: it becomes a request."""
        form = self._company_form(
            country_code="DE",
            siret="",
            vat="DE136695976",
            zip="10115",
            shown_total="720.00",
        )
        response, page = self._post(self._buy_url(self.open_session), form)
        self.assert_refused(response, 422)
        self.assertTrue(
            page.xpath(f"//a[@href='/training/session/{self.open_session.id}/request']")
        )

    @mute_logger("odoo.http")
    def test_csrf(self):
        """R20: a form posted from another site is refused."""
        response = self.url_open(
            self._buy_url(), data=self._company_form(), allow_redirects=False
        )
        self.assert_refused(response, 400)
