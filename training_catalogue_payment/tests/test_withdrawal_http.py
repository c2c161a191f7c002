# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""« Withdraw from the contract here », over HTTP, without an account."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..services.withdrawal import Consent
from .http_common import TrainingHttpCommon

CONFIRM = "//button[@name='withdrawal_confirm']"
DONE = "//*[@name='withdrawal_acknowledged']"
REFUSED = "//*[@name='withdrawal_refused']"
FORM = {
    "individual_name": "Paul Martin",
    "contract": "S1",
    "email": "paul@martin.example.com",
}


@tagged("standard", "post_install", "-at_install")
class TestWithdrawalHttp(TrainingHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_individual()
        cls.open_course = cls._create_session(
            name="Writing workshop", is_out_of_bpf=True
        )

    def setUp(self):
        super().setUp()
        self.order = self._purchase(
            session=self.open_course, learners=1, kind="individual", contact=self.person
        )
        self.url = self.order._get_withdrawal_url()

    def test_two_steps_and_an_acknowledgement(self):
        """A28: the form is filled in, confirmed once, acknowledged with the hour."""
        response, page = self._get(self.url)
        self.assertEqual(response.status_code, 200)
        values = {node.get("name"): node.get("value") for node in page.xpath("//input")}
        self.assertEqual(values["individual_name"], "Paul Martin")
        self.assertEqual(values["contract"], self.order.name)
        self.assertEqual(values["email"], "paul@martin.example.com")
        self.assertIn("Confirm the withdrawal", self._text(page, CONFIRM))
        self.assertFalse(self.order.training_withdrawal_ids)
        response, _page = self._post(self.url, FORM)
        self.assertEqual(response.status_code, 303)
        _response, page = self._get(self.url)
        withdrawal = self.order.training_withdrawal_ids
        moment = withdrawal.with_context(lang="en_US")._get_date_text()
        self.assertIn(moment, self._text(page, DONE))
        self.assertTrue(withdrawal.ip_address)

    def test_staff_mail_has_a_sender(self):
        """A28: the mail that tells staff is the system's: a visitor has no address."""
        manager = self._create_role("withdrawal_manager", "event.group_event_user")
        manager.email = "manager@formation.example.com"
        self.open_course.user_id = manager
        visitor = self.website.user_id
        visitor.partner_id.email = False
        (activity,) = (
            self.order.with_user(visitor)
            .sudo()
            ._withdraw_training(
                {"name": "Paul", "email": "paul@martin.example.com"}, "192.0.2.7"
            )
            .activity_ids
        )
        self.assertEqual(activity.user_id, manager)
        told = self.env["mail.message"].search(
            [
                ("model", "=", activity.res_model),
                ("res_id", "=", activity.res_id),
                ("partner_ids", "in", manager.partner_id.ids),
            ]
        )
        self.assertTrue(told)
        self.assertNotIn(False, told.mapped("email_from"))
        self.assertNotIn(visitor.partner_id, told.author_id)

    def test_sent_twice(self):
        """A28: a double click or a second tab leads to the same acknowledgement."""
        for _time in range(2):
            response, _page = self._post(self.url, FORM)
            self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self.order.training_withdrawal_ids), 1)

    def test_reading_declares_nothing(self):
        """A28: a mail filter that follows the link withdraws nobody."""
        for _time in range(2):
            self.assertEqual(self._get(self.url)[0].status_code, 200)
        self.assertFalse(self.order.training_withdrawal_ids)

    def test_forgery_without_the_pages_token(self):
        """A28: a form of another site is refused."""
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(self.url, data=FORM, allow_redirects=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.order.training_withdrawal_ids)

    def test_wrong_signature(self):
        """A28: a guessed link opens nothing, that of another purchase neither."""
        other = self._purchase(
            session=self.open_course, learners=1, kind="individual", contact=self.person
        )
        token = self.url.rsplit("/", 1)[1]
        for url in (
            f"/training/withdrawal/{self.order.id}/{'0' * 64}",
            f"/training/withdrawal/{other.id}/{token}",
            f"/training/withdrawal/2147483647/{token}",
            f"/training/withdrawal/{self.order.id}/é",
            f"/training/withdrawal/{self.order.id}/%C3%A9%FF",
        ):
            self.assertEqual(self._get(url)[0].status_code, 404)
            self.assertEqual(self._post(url, FORM)[0].status_code, 404)
        self.assertFalse((self.order | other).training_withdrawal_ids)

    def test_company_is_refused_by_the_server(self):
        """A28: the right link of a company's purchase answers 404."""
        order = self._purchase(session=self.course)
        url = order._get_withdrawal_url()
        self.assertEqual(self._get(url)[0].status_code, 404)
        self.assertEqual(self._post(url, FORM)[0].status_code, 404)
        self.assertFalse(order.training_withdrawal_ids)

    def test_wrong_values_are_told(self):
        """A28: a missing name or a wrong e-mail is said, nothing is declared."""
        response, page = self._post(
            self.url, FORM | {"individual_name": "", "email": "x"}
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("valid e-mail", self._errors(page))
        self.assertFalse(self.order.training_withdrawal_ids)

    def test_too_late(self):
        """A28: after the period: refused, with the date and a way to write."""
        contract = self.order.date_order - timedelta(days=30)
        self.order.date_order = contract
        response, page = self._get(self.url)
        self.assertEqual(response.status_code, 409)
        self.assertIn("period ended", self._text(page, REFUSED))
        self.assertTrue(page.xpath("//a[starts-with(@href, 'mailto:')]"))
        self.assertFalse(page.xpath(CONFIRM))
        response, page = self._post(self.url, FORM)
        self.assertEqual(response.status_code, 409)
        self.assertFalse(self.order.training_withdrawal_ids)

    def test_acknowledgement_stays_after_the_period(self):
        """A28: who withdrew in time finds the acknowledgement later."""
        self._post(self.url, FORM)
        with freeze_time(fields.Datetime.now() + timedelta(days=60)):
            self.assertTrue(self.order.training_withdrawal_ids)
            self.assertFalse(self.order._can_withdraw())
        self.order.date_order -= timedelta(days=60)
        _response, page = self._get(self.url)
        self.assertTrue(page.xpath(DONE))

    def test_information_before_the_purchase(self):
        """A28: the right, its exceptions and the model form are public (L221-5)."""
        response, page = self._get("/training/withdrawal")
        self.assertEqual(response.status_code, 200)
        text = self._text(page, "//*[@name='withdrawal_model_form']")
        self.assertIn("hereby give notice", text)
        self.assertIn(self.company.name, text)


@tagged("standard", "post_install", "-at_install")
class TestWithdrawalCheckout(TrainingHttpCommon):
    """The boxes that a private buyer ticks before paying."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        begin = fields.Datetime.now().replace(microsecond=0) + timedelta(days=5)
        cls.soon = cls._create_session(
            name="Next week",
            is_out_of_bpf=True,
            date_begin=begin,
            date_end=begin + timedelta(hours=8),
        )

    def _pay_page(self, session):
        response, _page = self._post(self._buy_url(session), self._individual_form())
        self.assertEqual(response.status_code, 303)
        return self._get("/shop/payment")[1]

    def _box(self, page, name):
        boxes = page.xpath(f"//input[@name='{name}'][@type='checkbox']")
        return bool(boxes) and "required" in boxes[0].attrib

    def test_early_start_is_a_box_of_its_own(self):
        """A28: a session inside the period: a separate box, not ticked, compulsory."""
        page = self._pay_page(self.soon)
        self.assertTrue(self._box(page, "early_start"))
        (box,) = page.xpath("//input[@name='early_start']")
        self.assertNotIn("checked", box.attrib)
        label = self._text(page, "//label[@for='training_early_start']")
        (order,) = self._carts()
        english = order.with_context(lang="en_US")
        self.assertIn(label, [one["label"] for one in english._get_withdrawal_boxes()])

    def test_later_session_asks_nothing_more(self):
        """A28: a session after the period: no box, the right is told."""
        later = self._create_session(is_out_of_bpf=True)
        page = self._pay_page(later)
        self.assertFalse(self._box(page, "early_start"))
        notice = self._text(page, "//*[@name='withdrawal_notice']")
        self.assertIn("you may withdraw until", notice)

    def test_leisure_is_told_before_the_purchase(self):
        """A28: on the purchase page and on the payment page: no right, and why."""
        self.programme.training_withdrawal_case = "leisure"
        _response, purchase = self._get(self._buy_url(self.soon))
        for page in (purchase, self._pay_page(self.soon)):
            notice = self._text(page, "//*[@name='withdrawal_notice']")
            self.assertIn("No right of withdrawal", notice)
        self.assertFalse(self._box(page, "early_start"))

    def test_elearning_asks_for_immediate_access(self):
        """A28: consent to immediate access, with the loss of the right."""
        self.programme.training_withdrawal_case = "digital"
        page = self._pay_page(self._create_session(is_out_of_bpf=True))
        self.assertTrue(self._box(page, "immediate_access"))

    def test_company_is_asked_nothing(self):
        """A28: the boxes and the notice are for private buyers."""
        self._post(self._buy_url(self.soon), self._company_form(shown_total="720.00"))
        page = self._get("/shop/payment")[1]
        self.assertFalse(self._box(page, "early_start"))
        self.assertFalse(page.xpath("//*[@name='withdrawal_notice']"))

    def test_server_refuses_without_the_box(self):
        """A28: a payment posted without the box is refused, with it is proved."""
        self._pay_page(self.soon)
        (order,) = self._carts()
        tx = self._start_payment(order)
        terms = order._get_training_terms_sudo().id
        with self.assertRaisesRegex(ValidationError, "withdrawal"):
            order.with_context(lang="en_US")._accept_training_terms(
                tx, {"terms": terms, "consents": ["training_terms"]}
            )
        posted = {"terms": terms, "consents": ["training_terms", "early_start"]}
        order._accept_training_terms(tx, posted)
        self.assertEqual(
            order._get_withdrawal_consents(), frozenset({Consent.EARLY_START})
        )
        self.assertEqual(len(order._get_withdrawal_consent_labels()), 1)
