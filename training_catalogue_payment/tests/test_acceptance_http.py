# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A12, R2, R18: the payment page and its route, over HTTP."""

from unittest.mock import patch

from lxml import html

from odoo.tests import tagged

from .http_common import TrainingHttpCommon

INTENT = {"id": "pi_http", "client_secret": "pi_http_secret_abc"}


@tagged("post_install", "-at_install")
class TestAcceptanceHttp(TrainingHttpCommon):
    """The recap, the boxes and the button; then what the server demands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["training.terms"]._ensure_terms(cls.company)
        cls.open_session = cls._create_session(is_out_of_bpf=True)

    def setUp(self):
        super().setUp()
        # Odoo asks Stripe itself for the intent: nothing is asked in tests.
        patcher = patch.object(
            type(self.env["payment.transaction"]),
            "_stripe_create_intent",
            lambda tx: INTENT,
        )
        self.create_intent = patcher.start()
        self.addCleanup(patcher.stop)

    def _payment_page(self, form=None, session=None):
        self._post(self._buy_url(session), form or self._company_form())
        return self._get("/shop/payment")[1]

    def _pay_route(self, url="", accepted=None, order=None, **values):
        order = order or self._carts()
        params = {
            "access_token": order._portal_ensure_token(),
            "provider_id": self.provider.id,
            "payment_method_id": self.env.ref("payment.payment_method_card").id,
            "token_id": None,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/shop/payment/validate",
            "amount": order.amount_total,
            **values,
        }
        if accepted is not None:
            params["training_accepted"] = accepted
        return self._jsonrpc_error(
            url or f"/shop/payment/transaction/{order.id}", params
        )

    def _all_ticked(self):
        return {"terms": self.terms.id, "consents": ["training_terms"]}

    def test_recap_of_a_company(self):
        """A12: session, dates, place, learners, prices before tax and with, parties."""
        page = self._payment_page(self._company_form(order_reference="BC-42"))
        text = self._text(page, "//*[@name='training_recap']")
        dates = self.course.with_context(lang="en_US")._get_catalogue_dates()
        for shown in (
            self.programme.name,
            " ".join(dates.split()),
            "Bob Durand (bob@durand.example.com)",
            "Total before tax",
            "VAT",
            "600.00",
            "Menuiserie Durand SARL",
            "SIRET 73282932000074",
            "BC-42",
            self.company.name,
            "contact@formation.example.com",
        ):
            self.assertIn(shown, text)
        label = self._text(page, "//button[@name='o_payment_submit_button']")
        self.assertEqual(label, "Order with obligation to pay")

    def test_recap_of_an_individual(self):
        """A12, A8: the price of an individual is tax included, the other beside it."""
        page = self._payment_page(self._individual_form(), self.open_session)
        text = self._text(page, "//*[@name='training_recap_price']")
        self.assertIn("Total to pay, tax included", text)
        self.assertIn("720.00", text)
        self.assertIn("of which before tax", text)
        self.assertIn("600.00", text)
        line = self._carts().order_line
        self.assertEqual(line._get_cart_display_price(), 720)
        self.assertEqual(line._get_displayed_unit_price(), 720)

    def test_self_employed(self):
        """A10: a person with a SIRET buys a BPF session, and is invoiced as such."""
        page = self._payment_page(
            self._company_form(
                company_name="Paul Martin EI",
                contact_name="Paul Martin",
                is_self_employed="1",
                siret="443 061 841 00047",
                buyer_is_learner="1",
            )
        )
        text = self._text(page, "//*[@name='training_recap_payer']")
        self.assertIn("You buy for your trade, self-employed", text)
        self.assertIn("Total before tax", page.text_content())
        self._pay_route(accepted=self._all_ticked())
        order = self._carts()
        self.assertTrue(order.training_is_self_employed)
        self.assertEqual(order.training_buyer_kind, "company")
        self.assertIn("Self-employed", order.training_acceptance_ids.recap)
        order._hold_training_seats()
        self._capture(order.transaction_ids)
        order._follow_up_purchase()
        billed = order.invoice_ids.partner_id
        self.assertEqual(billed.name, "Paul Martin EI")
        self.assertTrue(billed.is_company)
        self.assertEqual(billed.company_registry, "44306184100047")
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertEqual(order.training_registration_ids.name, "Paul Martin")

    def test_self_employed_without_siret(self):
        """A10: on a BPF session a person without a SIRET is no company."""
        response, page = self._post(
            self._buy_url(), self._company_form(is_self_employed="1", siret="")
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("SIRET", self._errors(page))
        self.assertFalse(self._carts())

    def test_boxes(self):
        """A12: the terms are ticked by the buyer, never for them, and can be read."""
        page = self._payment_page()
        box = page.xpath("//*[@name='training_recap_consents']//input")[0]
        self.assertEqual(box.get("name"), "training_terms")
        self.assertIsNone(box.get("checked"))
        self.assertIsNotNone(box.get("required"))
        url = page.xpath("//a[@name='training_terms_link']")[0].get("href")
        response, terms_page = self._get(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn(self._get_first_heading(), terms_page.text_content())
        response = self.url_open(f"{url}?download=1")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn(self.terms.text_hash, response.text)

    def test_terms_of_another_company(self):
        """A12: a website shows its own organisation's terms only."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        terms = self.env["training.terms"]._ensure_terms(other)
        self.assertEqual(self._get(f"/training/terms/{terms.id}")[0].status_code, 404)
        self.assertEqual(self._get("/training/terms/999999")[0].status_code, 404)

    def test_payment_with_proof(self):
        """A12: what was ticked is kept with the payment, with address and browser."""
        self._payment_page()
        self.assertEqual(self._pay_route(accepted=self._all_ticked()), "")
        order = self._carts()
        proof = order.training_acceptance_ids
        self.assertEqual(proof.transaction_id, order.transaction_ids)
        self.assertEqual(proof.ip_address, "127.0.0.1")
        self.assertTrue(proof.user_agent)
        self.assertEqual(proof.button_label, "Order with obligation to pay")

    def test_confirmation_mail_carries_the_terms(self):
        """A12: the buyer keeps the words accepted: they are in the mail itself."""
        self._payment_page()
        self._pay_route(accepted=self._all_ticked())
        order = self._carts()
        order._hold_training_seats()
        self._capture(order.transaction_ids)
        order._send_prepaid_mails()
        mail = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)],
            order="id",
            limit=1,
        )
        self.assertIn(self._get_first_heading(), mail.body_html)
        self.assertIn(self.terms._get_public_url(), mail.body_html)

    def _get_first_heading(self):
        return html.fromstring(self.terms.body).findtext(".//h4")

    def test_payment_without_proof(self):
        """A12: unticked, forged or on another route: refused, no payment, no seat."""
        self._payment_page()
        order = self._carts()
        for accepted in (
            None,
            {},
            {"terms": self.terms.id, "consents": []},
            {"terms": self.terms.id + 1, "consents": ["training_terms"]},
            ["training_terms"],
        ):
            with self.subTest(accepted=accepted):
                self.assertTrue(self._pay_route(accepted=accepted))
        self.assertIn(
            "payment page",
            self._pay_route(f"/my/orders/{order.id}/transaction", self._all_ticked()),
        )
        order.training_buyer_kind = False
        self.assertIn(
            "payment page", self._pay_route(f"/my/orders/{order.id}/transaction")
        )
        self.assertFalse(order.transaction_ids)
        self.assertFalse(order.training_acceptance_ids)
        held = self.env["training.seat.hold"].sudo()._held_by(order)
        self.assertEqual(held, 0)

    def test_flood_over_http(self):
        """R18: of thirty payments asked for at once, ten are started."""
        self._payment_page()
        answers = [self._pay_route(accepted=self._all_ticked()) for _n in range(30)]
        self.assertEqual(len(self._carts().transaction_ids), 10)
        self.assertIn("Too many attempts", answers[-1])

    def test_nobody_learns_who_buys(self):
        """R18: a wrong token, an order of someone else and none at all: one answer."""
        self._payment_page()
        order = self._carts()
        other = self._buy(session=self.open_session)
        answers = {
            self._pay_route(order=one, access_token=token)
            for one, token in ((order, "wrong"), (other, order.access_token))
        }
        self.assertEqual(answers, {"The access token is invalid."})

    def test_card_check_is_no_payment(self):
        """A13: a payment of zero that only checks a card is refused; one that an older
        version let through neither pays the training nor blocks its payment."""
        self._payment_page()
        error = self._pay_route(accepted=self._all_ticked(), is_validation=True)
        self.assertIn("payment page", error)
        order = self._carts()
        self.assertFalse(order.transaction_ids)
        tx = self._start_payment(order, operation="validation", amount=0)
        tx._set_done()
        self.assertFalse(order._is_beyond_cart())
        self.assertEqual(order._get_training_payment_state(), "waiting")
        self.assertEqual(self._pay_route(accepted=self._all_ticked()), "")

    def test_confirmation_promises_no_seat_before_the_money(self):
        """A15: « kept » is said of paid seats only, a payment given back is told."""
        self._payment_page()
        order = self._carts()
        tx = self._start_payment(order)
        tx._set_pending()
        _response, page = self._get("/shop/confirmation")
        self.assertTrue(page.xpath("//*[@name='training_confirmation_waiting']"))
        self.assertNotIn("seats are kept", page.text_content())
        tx.training_refusal = "full"
        _response, page = self._get("/shop/confirmation")
        self.assertTrue(page.xpath("//*[@name='training_confirmation_refused']"))
        self.assertNotIn("Thank you for your order", page.text_content())
        tx.training_refusal = False
        self._capture(tx)
        _response, page = self._get("/shop/confirmation")
        self.assertTrue(page.xpath("//*[@name='training_confirmation_paid']"))
        self.assertTrue(page.xpath("//*[@name='order_confirmation']//*[@class='mb-3']"))

    def test_one_visitor_does_not_hold_every_seat(self):
        """A15: cart after cart, a visitor holds three; another visitor still buys."""
        held = []
        for number in range(4):
            self._payment_page(
                self._company_form(email=f"claire{number}@durand.example.com")
            )
            order = self._carts().sorted("id")[-1]
            error = self._pay_route(accepted=self._all_ticked(), order=order)
            held.append(not error)
            self.env["sale.order"].browse(order.id).transaction_ids._set_pending()
        self.assertEqual(held, [True, True, True, False])
        self.assertIn("already paying", error)
        self.authenticate(None, None)
        self._payment_page()
        order = self._carts().sorted("id")[-1]
        self.assertEqual(self._pay_route(accepted=self._all_ticked(), order=order), "")

    def test_visitor_is_not_offered_to_keep_the_card(self):
        """A12: without an account no card is kept."""
        self.provider.allow_tokenization = True
        page = self._payment_page()
        self.assertFalse(page.xpath("//input[@name='o_payment_tokenize_checkbox']"))

    def test_no_card_is_kept_of_who_was_not_offered_it(self):
        """A13: a forged « save my card » of who has no account is not obeyed."""
        self.provider.allow_tokenization = True
        self._payment_page()
        error = self._pay_route(
            accepted=self._all_ticked(), tokenization_requested=True
        )
        self.assertFalse(error)
        self.assertFalse(self._carts().transaction_ids.tokenize)
        self.assertTrue(self._carts().transaction_ids)
