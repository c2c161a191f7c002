# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""« My trainings »: what a buyer sees and does, and what nobody else does."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .http_common import TrainingHttpCommon

REFUNDED = "//*[@name='training_refunded']"
LEARNER = {"learner_1_name": "Anne Roux", "learner_1_email": "anne@durand.example.com"}


class TrainingPortalCommon(TrainingHttpCommon):
    """A company with two contacts who log in, and a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claire = cls._create_role("claire", "base.group_portal")
        cls.claire.partner_id = cls.buyer
        colleague = cls.env["res.partner"].create(
            {"name": "Bruno Durand", "parent_id": cls.buyer.parent_id.id}
        )
        cls.bruno = cls._create_role("bruno", "base.group_portal")
        cls.bruno.partner_id = colleague
        cls.stranger = cls._create_role("stranger", "base.group_portal")

    def setUp(self):
        super().setUp()
        self.order = self._purchase(session=self.course, learners=[{}])
        self.training = self.order.training_request_id
        self.page_url = f"/my/trainings/{self.training.id}"

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _learner(self):
        return self.order.training_registration_ids


@tagged("standard", "post_install", "-at_install")
class TestTrainingPortal(TrainingPortalCommon):
    def test_list_sorts_filters_and_pages(self):
        """A31: every order and filter answers; nonsense falls back."""
        self._login(self.claire)
        for query in (
            "",
            "?sortby=session&filterby=upcoming",
            "?sortby=name&filterby=to_complete",
            "?sortby=nonsense&filterby=nonsense",
        ):
            response, page = self._get(f"/my/trainings{query}")
            self.assertEqual(response.status_code, 200)
            self.assertIn(self.programme.name, page.text_content())
        for query in ("?filterby=past", "?filterby=cancelled"):
            _response, page = self._get(f"/my/trainings{query}")
            self.assertNotIn(self.order.name, page.text_content())
        self.assertEqual(self._get("/my/trainings/page/2")[0].status_code, 200)

    def test_home_counts_the_purchases(self):
        """A31: the portal's home says how many trainings one has."""
        self._login(self.claire)
        answer = self.url_open(
            "/my/counters",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {"counters": ["training_count"]},
            },
        ).json()
        self.assertEqual(answer["result"]["training_count"], 1)

    def test_page_says_where_it_stands(self):
        """A31: status, dates, learner to complete, documents, in plain words."""
        self._login(self.claire)
        response, page = self._get(self.page_url)
        text = page.text_content()
        self.assertEqual(response.status_code, 200)
        self.assertIn("Your payment is received", text)
        english = self.course.with_context(lang="en_US")
        self.assertIn(english._get_catalogue_dates(), text)
        self.assertTrue(page.xpath("//input[@name='learner_1_name']"))
        self.assertTrue(page.xpath("//a[@name='training_order_pdf']"))
        [programme] = page.xpath("//section[@name='training_programme']")
        self.assertIn(self.programme.name, programme.text_content())
        self.assertFalse(page.xpath("//a[@name='training_out_invoice']"))

    def test_numbered_documents_only(self):
        """A31: a draft is no document; the invoice and the credit note are."""
        self.order.invoice_ids.action_post()
        self.order._cancel_training(self._learner(), 100, "A gesture")
        self._login(self.claire)
        _response, page = self._get(self.page_url)
        for name in ("training_out_invoice", "training_out_refund"):
            (link,) = page.xpath(f"//a[@name='{name}']/@href")
            self.assertIn("access_token=", link)

    def test_refund_is_shown(self):
        """A31: once money came back, the page says how much beside what was paid."""
        self._login(self.claire)
        self.assertFalse(self._get(self.page_url)[1].xpath(REFUNDED))
        model = type(self.env["sale.order"])
        with patch.object(model, "_get_training_refunded", lambda order: 100.0):
            _response, page = self._get(self.page_url)
        self.assertIn("100.00", self._text(page, REFUNDED))

    def test_bought_for_a_company_that_is_not_mine(self):
        """A31: the account that bought sees the purchase, and nobody else's."""
        self.order.sudo().training_account_id = self.stranger
        other = self._purchase(session=self.course, learners=[{}])
        self._login(self.stranger)
        self.assertEqual(self._get(self.page_url)[0].status_code, 200)
        _response, page = self._get("/my/trainings")
        links = page.xpath("//a/@href[contains(., '/my/trainings/')]")
        self.assertEqual({link.split("?")[0] for link in links}, {self.page_url})
        hidden = f"/my/trainings/{other.training_request_id.id}"
        self.assertEqual(self._get(hidden)[0].status_code, 404)

    def test_account_is_kept_at_purchase(self):
        """A31: whoever is signed in on the portal is known as who bought."""
        cart = self.env["sale.order"].sudo().create({"partner_id": self.buyer.id})
        cart.with_user(self.bruno).sudo()._set_training_purchase(
            self.course, "company", self.buyer, [{}]
        )
        self.assertEqual(cart.training_account_id, self.bruno)
        with self.assertRaises(AccessError):
            cart.with_user(
                self._create_role("seller of orders", "sales_team.group_sale_manager")
            ).training_account_id = self.stranger

    def test_colleague_sees_the_purchase(self):
        """A31: another contact of the same company sees it, as its orders."""
        self._login(self.bruno)
        self.assertEqual(self._get(self.page_url)[0].status_code, 200)
        self.assertIn(self.order.name, self._get("/my/trainings")[1].text_content())

    def test_signed_link_without_account(self):
        """A31: the link of the mail opens the page and its forms."""
        url = self.training.get_portal_url()
        self.assertEqual(self._get(url)[0].status_code, 200)
        response, _page = self._post(
            f"{self.page_url}/learners",
            {**LEARNER, "access_token": self.training.access_token},
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._learner().name, "Anne Roux")

    def test_old_link_leads_to_the_page(self):
        """A31: links of mails already sent still open the purchase."""
        token = self.training._portal_ensure_token()
        response, _page = self._get(
            f"/my/training-requests/{self.training.id}?access_token={token}"
        )
        self.assertIn(self.page_url, response.headers["Location"])


@tagged("standard", "post_install", "-at_install")
class TestTrainingPortalActions(TrainingPortalCommon):
    def setUp(self):
        super().setUp()
        self._login(self.claire)

    def _save(self, form=LEARNER):
        return self._post(f"{self.page_url}/learners", form)

    def test_learner_is_completed(self):
        """A31: a name and an e-mail are kept, the organisation is told."""
        self.assertEqual(self._save()[0].status_code, 303)
        self.assertEqual(self._learner().email, "anne@durand.example.com")
        self.assertIn("Anne Roux", self.training.message_ids[0].body)

    def test_validated_learner_gets_the_awaited_mails(self):
        """A31: completed after the validation, the session's mails leave."""
        self._learner().action_validate_prepaid()
        self.assertEqual(self._learner().training_mail_hold, "waiting")
        self._save()
        self.assertFalse(self._learner().training_mail_hold)
        self.env["event.mail"].schedule_communications()
        self.assertTrue(self._learner().mail_registration_ids)

    def test_enrolled_learner_is_not_changed(self):
        """A31: a named learner that was validated is no more the buyer's to change."""
        self._save()
        self._learner().action_validate_prepaid()
        self._save(
            {"learner_1_name": "Eve", "learner_1_email": "eve@durand.example.com"}
        )
        self.assertEqual(self._learner().name, "Anne Roux")

    def test_half_a_learner_is_refused(self):
        """A31: a name without e-mail, or a wrong one, changes nothing."""
        for email in ("", "no mail"):
            response, page = self._save(LEARNER | {"learner_1_email": email})
            self.assertEqual(response.status_code, 422)
            self.assertTrue(self._errors(page))
        self.assertFalse(self._learner().name)

    def test_after_the_deadline(self):
        """A31: two days before the session by default, the form is closed."""
        soon = fields.Datetime.now() + timedelta(days=1)
        self.course.write({"date_begin": soon, "date_end": soon + timedelta(days=1)})
        _response, page = self._get(self.page_url)
        self.assertFalse(page.xpath("//input[@name='learner_1_name']"))
        self._save()
        self.assertFalse(self._learner().name)

    def test_ask_to_move_once(self):
        """A31: one activity and one message; the second request waits."""
        form = {"change_kind": "move", "change_message": "In June <b>please</b>"}
        response, _page = self._post(f"{self.page_url}/change", form)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.training.change_kind, "move")
        self.assertEqual(len(self.training.activity_ids), 1)
        bodies = "".join(self.training.message_ids.mapped("body"))
        self.assertIn("&lt;b&gt;please", bodies)
        response, _page = self._post(f"{self.page_url}/change", form)
        self.assertEqual(response.status_code, 409)
        self.assertEqual(len(self.training.activity_ids), 1)
        self.training.action_close_change()
        response, _page = self._post(
            f"{self.page_url}/change", {"change_kind": "cancel"}
        )
        self.assertEqual(response.status_code, 303)

    def test_nonsense_change(self):
        """A31: only a move or a cancellation may be asked, of something alive."""
        url = f"{self.page_url}/change"
        self.assertEqual(self._post(url, {"change_kind": "x"})[0].status_code, 409)
        self._learner()._cancel_prepaid()
        self.assertEqual(self._post(url, {"change_kind": "move"})[0].status_code, 409)
        self.assertFalse(self.training.change_kind)


@tagged("standard", "post_install", "-at_install")
class TestTrainingPortalIsolation(TrainingPortalCommon):
    def setUp(self):
        super().setUp()
        self._login(self.stranger)

    def test_stranger_sees_nothing(self):
        """A31: page, documents and forms of another answer 404."""
        for url in (self.page_url, f"{self.page_url}/receipt"):
            self.assertEqual(self._get(url)[0].status_code, 404)
            self.assertEqual(self._get(f"{url}?access_token=no")[0].status_code, 404)
        for name, form in (("learners", LEARNER), ("change", {"change_kind": "move"})):
            response, _page = self._post(f"{self.page_url}/{name}", form)
            self.assertEqual(response.status_code, 404)
        self.assertFalse(self._learner().name or self.training.change_kind)
        self.assertNotIn(self.order.name, self._get("/my/trainings")[1].text_content())

    def test_stranger_cannot_read_nor_write_the_thread(self):
        """A31: the conversation of another is neither read nor written."""
        count = len(self.training.message_ids)
        error = self._jsonrpc_error(
            "/mail/message/post",
            {
                "thread_model": "training.request",
                "thread_id": self.training.id,
                "post_data": {"body": "Hello", "message_type": "comment"},
            },
        )
        self.assertTrue(error)
        self.assertEqual(len(self.training.message_ids), count)
        with self.assertRaises(AccessError):
            self.training.with_user(self.stranger).read(["name"])

    def test_portal_user_changes_nothing_by_rpc(self):
        """A31: the buyer's own record is read-only outside the page's forms."""
        own = self.training.with_user(self.claire)
        self.assertEqual(own.read(["name"])[0]["name"], self.training.name)
        with self.assertRaises(AccessError):
            own.write({"change_kind": "cancel"})
        with self.assertRaises(AccessError):
            own.action_close_change()
        with self.assertRaises(AccessError):
            own.read(["order_id"])

    def test_token_with_an_accent(self):
        """A31: a link that was mangled is a wrong one, never an error."""
        self.assertEqual(
            self._get(f"{self.page_url}?access_token=é")[0].status_code, 404
        )

    def test_visitor_is_asked_to_log_in(self):
        """A31: without account nor link: the login page, nothing of the purchase."""
        self.authenticate(None, None)
        response, _page = self._get(self.page_url)
        self.assertIn("/web/login", response.headers["Location"])
        response, _page = self._post(f"{self.page_url}/learners", LEARNER)
        self.assertFalse(self._learner().name)
