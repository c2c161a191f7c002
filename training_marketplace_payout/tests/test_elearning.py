# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B3: sessions of e-learning: when a seller's may be sold, and who follows them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.event_slide_channel import ElearningReason
from .payment_common import MangopayPaymentCommon

ADDON = "training_marketplace_payout"


@tagged("post_install", "-at_install")
class TestElearning(MangopayPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env["slide.channel"].create(
            {"name": "Anglais en ligne", "enroll": "invite", "visibility": "members"}
        )
        now = fields.Datetime.now()
        cls.online = cls._create_session(
            cls.sold,
            slide_channel_id=cls.channel.id,
            date_begin=now - timedelta(days=1),
            date_end=now + timedelta(days=90),
        )
        cls.manager = cls._create_role("boss", f"{ADDON}.group_marketplace_manager")
        cls.support = cls._create_role("help", f"{ADDON}.group_marketplace_support")

    def decide(self, is_allowed=True, user=None):
        programme = self.sold.with_user(user or self.manager)
        action = programme.action_decide_elearning()
        wizard = self.env[action["res_model"]].with_user(user or self.manager)
        with Form(wizard.with_context(**action["context"])) as form:
            form.ground = "Tutored and hosted by the seller"
        self.assertEqual(form.record.is_allowed, is_allowed)
        form.record.action_confirm()

    def test_paid_elearning_needs_a_decision(self):
        """B3: off by default; sold once a marketplace manager has decided, with author,
        date and ground; stopped the same way; a live session needs nothing."""
        self.assertEqual(self.online._get_sale_reasons(), [ElearningReason.NOT_DECIDED])
        self.assertTrue(self.online.online_sale_blockers)
        self.assertFalse(self.sold_session._get_sale_reasons())
        self.decide()
        self.assertFalse(self.online._get_sale_reasons())
        domain = [("is_sellable_online", "=", True), ("id", "=", self.online.id)]
        self.assertTrue(self.env["event.event"].search(domain))
        self.assertEqual(self.sold.marketplace_elearning_user_id, self.manager)
        self.assertTrue(self.sold.marketplace_elearning_date)
        self.decide(is_allowed=False)
        self.assertFalse(self.env["event.event"].search(domain))

    def test_who_decides(self):
        """B3: nobody but a marketplace manager, and never by writing the field; given
        to another seller, the course is decided anew."""
        planner = self._create_role("plan", "event.group_event_manager")
        planner.group_ids += self.env.ref("product.group_product_manager")
        for user in (self.support, planner):
            with self.assertRaises(AccessError):
                self.sold.with_user(user).action_decide_elearning()
        for user in (self.manager, planner):
            with self.assertRaises(AccessError):
                self.sold.with_user(user).write({"marketplace_elearning_ok": True})
        with self.assertRaises(UserError):
            self.sold.with_user(self.manager)._decide_elearning(True, " ")
        with self.assertRaises(UserError):
            self.programme.with_user(self.manager)._decide_elearning(True, "Why")
        self.decide()
        other = self.seller.copy({"name": "Other", "is_marketplace_seller": True})
        self.sold.marketplace_seller_id = other
        self.assertFalse(self.sold.marketplace_elearning_ok)

    def test_it_is_joined_until_its_last_day(self):
        """B3: the dates are those of the access."""
        self.decide()
        self.online.date_end = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(self.online._get_sale_reasons())
        domain = [("is_sellable_online", "=", True), ("id", "=", self.online.id)]
        self.assertFalse(self.env["event.event"].search(domain))

    def test_withdrawal_of_digital_content(self):
        """B3, A28: the right ends with immediate access; a live session keeps it."""
        self.assertEqual(self.online._get_withdrawal_case(), "digital")
        self.assertEqual(self.sold_session._get_withdrawal_case(), "standard")

    def test_an_open_course_is_no_session(self):
        """B3: what anybody follows without being enrolled is not sold."""
        free = self.env["slide.channel"].create({"name": "Open", "enroll": "public"})
        with self.assertRaises(ValidationError):
            self.online.slide_channel_id = free

    # Access

    def enrol(self, email="anne@petit.example", session=None):
        registration = self.env["event.registration"].create(
            {
                "event_id": (session or self.online).id,
                "name": "Anne Petit",
                "email": email,
                "state": "draft",
            }
        )
        self.assertFalse(registration.course_partner_id)
        registration._enrol()
        return registration

    def members(self):
        return self.channel.channel_partner_ids.partner_id

    def test_a_validated_learner_follows_the_course(self):
        """B3, B16: access on validation, to the learner's own contact; withdrawn on
        cancellation, unless another enrolment of the same person gives it."""
        first = self.enrol()
        anne = first.course_partner_id
        self.assertEqual(anne.email, "anne@petit.example")
        self.assertIn(anne, self.members())
        second = self.enrol(email="ANNE@petit.example")
        self.assertEqual(second.course_partner_id, anne)
        first.state = "cancel"
        self.assertFalse(first.course_partner_id)
        self.assertIn(anne, self.members())
        second.state = "cancel"
        self.channel.invalidate_recordset()
        self.assertNotIn(anne, self.members())

    def test_another_learner_takes_the_place(self):
        """B16: an address corrected after validation moves the access."""
        registration = self.enrol()
        anne = registration.course_partner_id
        registration.email = "luc@petit.example"
        luc = registration.course_partner_id
        self.assertNotEqual(anne, luc)
        self.channel.invalidate_recordset()
        self.assertIn(luc, self.members())
        self.assertNotIn(anne, self.members())

    def test_access_follows_the_dates(self):
        """B3: given by the job when the session begins, taken back when it is over."""
        now = fields.Datetime.now()
        later = self._create_session(
            self.sold,
            slide_channel_id=self.channel.id,
            date_begin=now + timedelta(days=5),
            date_end=now + timedelta(days=9),
        )
        registration = self.enrol(session=later)
        self.assertFalse(registration.course_partner_id)
        job = self.env.ref(f"{ADDON}.ir_cron_course_access")
        later.date_begin = now - timedelta(hours=1)
        job.method_direct_trigger()
        anne = registration.course_partner_id
        self.assertIn(anne, self.members())
        later.date_end = now - timedelta(minutes=1)
        job.method_direct_trigger()
        self.assertFalse(registration.course_partner_id)
        self.channel.invalidate_recordset()
        self.assertNotIn(anne, self.members())

    def test_a_bought_place_is_followed_once_validated(self):
        """B3, B24: a purchase gives access when its learner is validated, and loses it
        when it is cancelled."""
        self.decide()
        order = self.pay(self.online)
        order._follow_up_purchase()
        learners = order.training_registration_ids
        self.assertFalse(learners.course_partner_id)
        learners.action_validate_prepaid()
        self.assertEqual(len(learners.course_partner_id), len(learners))
        learners._cancel_prepaid()
        self.assertFalse(learners.course_partner_id)
