# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mails of a purchase."""

from odoo.tests import tagged

from .common import TrainingCommon


@tagged("standard", "post_install", "-at_install")
class TestMails(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.responsible = cls._create_role("mail_responsible", "event.group_event_user")
        cls.responsible.email = "responsible@formation.example.com"
        cls.session.user_id = cls.responsible
        cls.programme.write(
            {
                "training_objective": "<p>Prepare the yearly interview.</p>",
                "training_content": "<p>Listening, setting goals.</p>",
                "training_means": "<p>Role play.</p>",
                "training_follow_up": "<p>Attendance sheet and quiz.</p>",
                "training_sanction": "Certificate of completion",
                "training_duration_hours": 14.0,
            }
        )

    def _get_buyer_mails(self):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", self.buyer.id), ("model", "=", "sale.order")]
        )

    def _get_notices(self):
        return self.env["mail.mail"].search(
            [("email_to", "ilike", "responsible@formation.example.com")]
        )

    def test_each_is_sent_once(self):
        """A14: one confirmation and one notification, however often the follow-up
        runs and the payment is processed again."""
        order = self._purchase()
        order._follow_up_purchase()
        order.training_paid_tx_id._post_process()
        order._send_prepaid_mails()
        self.assertEqual(len(self._get_buyer_mails()), 1)
        self.assertEqual(len(self._get_notices()), 1)
        self.assertTrue(order.training_buyer_mail_date)
        self.assertTrue(order.training_notice_mail_date)

    def test_nothing_before_payment(self):
        """A14: a cart that is not paid sends nothing."""
        self._start_payment(self._buy())
        self.assertFalse(self._get_buyer_mails())
        self.assertFalse(self._get_notices())

    def test_confirmation_carries_what_a_funder_asks(self):
        """A14: title, objective, content, means, duration, dates, follow-up, outcome
        and price, so that the company can be reimbursed on it."""
        self.buyer.lang = "en_US"
        order = self._purchase()
        body = self._get_buyer_mails().body_html
        for text in (
            self.programme.name,
            "Prepare the yearly interview.",
            "Listening, setting goals.",
            "Role play.",
            "Attendance sheet and quiz.",
            "Certificate of completion",
            "14 h",
            self.session.with_context(lang="en_US")._get_catalogue_dates(),
            "Learner 1",
            "Learner 2",
            "1,200.00",
            order.name,
        ):
            self.assertIn(text, body.replace("\xa0", " "), text)
        self.assertIn("Your payment is received and your seats are kept", body)
        self.assertFalse(self._get_buyer_mails().attachment_ids)

    def test_place_is_told(self):
        """A14: the place in one line without holes, or « Remote »."""
        order = self._purchase()
        self.session.address_id = self.env["res.partner"].create(
            {"name": "Espace Loire", "city": "Nantes", "country_id": self.france.id}
        )
        self.assertEqual(order._get_training_place(), "Espace Loire, Nantes, France")
        self.session.address_id = False
        self.assertEqual(order._get_training_place(), "Remote")

    def test_unnamed_learners_show_as_to_complete(self):
        """A11, A14: a learner to be named later is listed as such."""
        self.buyer.lang = "en_US"
        self._purchase(learners=[{}])
        self.assertIn("To be completed", self._get_buyer_mails().body_html)

    def test_notification_names_customer_and_learners(self):
        """A14: the organisation reads who bought what, with a link to the request."""
        order = self._purchase()
        notice = self._get_notices()
        self.assertIn("Menuiserie Durand SARL", notice.body_html)
        self.assertIn("learner1@durand.example.com", notice.body_html)
        self.assertIn(
            f"model=training.request&amp;res_id={order.training_request_id.id}",
            notice.body_html,
        )

    def test_notification_falls_back_on_the_organisation(self):
        """A14: without a responsible person the organisation's address is told."""
        self.session.user_id = False
        order = self._purchase()
        self.assertIn("contact@formation.example.com", order._get_organisation_email())
        notices = self.env["mail.mail"].search(
            [("email_to", "ilike", "contact@formation.example.com")]
        )
        self.assertEqual(len(notices), 1)

    def test_text_of_the_buyer_is_escaped(self):
        """A14: what a buyer typed is text in the organisation's mail."""
        self._purchase(
            learners=[{"name": "<script>alert(1)</script>", "email": "x@y.example.com"}]
        )
        self.assertNotIn("<script>", self._get_notices().body_html)

    def test_refusal_mail_says_nothing_is_due(self):
        """A15: a buyer whose payment came too late reads that it is given back."""
        self.buyer.lang = "en_US"
        order = self._buy()
        tx = self._start_payment(order)
        tx.partner_id = self.buyer
        tx.training_refusal = "full"
        template = self.env.ref(
            "training_catalogue_payment.mail_template_prepaid_refused"
        )
        mail = self.env["mail.mail"].browse(template.send_mail(tx.id))
        self.assertIn("There are not enough seats left.", mail.body_html)
        self.assertIn("1,200.00", mail.body_html.replace("\xa0", " "))
        self.assertEqual(mail.recipient_ids, self.buyer)

    def test_what_is_written_to_people_leaves_at_once(self):
        """A14, A15: the queue is emptied after the commit, not within the hour."""
        order = self._buy()
        tx = self._start_payment(order)
        tx.partner_id = self.buyer
        tx.training_refusal = "full"
        job = self.env.ref("mail.ir_cron_mail_scheduler_action")
        domain = [("cron_id", "=", job.id)]
        before = self.env["ir.cron.trigger"].search(domain)
        tx._tell_refusal()
        self.assertEqual(len(self.env["ir.cron.trigger"].search(domain) - before), 1)
