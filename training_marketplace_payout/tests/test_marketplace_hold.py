# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B10: a purchase that waits for Mangopay's verdict on its buyer, and both its ends."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .hold_common import HOLD_JOB, PAGE, HoldCommon
from .mangopay_common import SENDER_JOB
from .seller_common import create_portal_user


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceHold(HoldCommon):
    def test_held_at_once(self):
        """B10: money taken, seats kept, the buyer told; nobody and nothing else."""
        session = self._create_session(self.sold, seats_limited=True, seats_max=2)
        sale = self.hold(session)
        self.run_books()
        self.assertBooks({"wallet": 1200, "hold": -1200})
        order = sale.order_id
        self.assertEqual(order.state, "sent")
        self.assertFalse(sale.confirmed_at)
        self.assertEqual(sale.transfer_state, "none")
        self.assertEqual(sale.tx_id.state, "done")
        self.assertEqual(self.count_seats(session), 0)
        mail = self.mails(sale)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, order.partner_id)
        self.assertIn("/marketplace/identity/", mail.body_html)
        for nothing in (
            order.invoice_ids,
            order.opportunity_id,
            order.training_request_id,
            order.training_buyer_mail_date,
            order.training_notice_mail_date,
        ):
            self.assertFalse(nothing)
        self.assertEqual(
            set(order.training_registration_ids.mapped("prepaid_state")), {"held"}
        )
        order._follow_up_purchase()
        self.assertEqual(len(self.mails(sale)), 1)

    def test_exactly_the_amount_is_not_over(self):
        """B10: strictly above, tax included, to the cent."""
        self.company.marketplace_buyer_threshold = 1200.0
        self.assertEqual(self.pay().marketplace_sale_id.state, "confirmed")
        self.company.marketplace_buyer_threshold = 2400.0
        self.assertEqual(self.pay().marketplace_sale_id.state, "confirmed")
        self.company.marketplace_buyer_threshold = 3599.99
        self.assertEqual(self.pay().marketplace_sale_id.state, "held")

    def test_released_by_the_verdict(self):
        """B10: Mangopay's announcement sells it, dated of that day, followed up."""
        sale = self.hold()
        user = self.verify()
        self.assertEqual(user.kyc_level, "REGULAR")
        self.run_jobs(HOLD_JOB)
        self.assertEqual(sale.state, "confirmed")
        self.assertEqual(sale.transfer_state, "waiting")
        self.assertEqual(sale.hold_end, "released")
        order = sale.order_id
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.date_order.date(), sale.confirmed_at.date())
        self.assertEqual(order.training_followup_state, "todo")
        order._follow_up_purchase()
        self.assertTrue(order.opportunity_id)
        self.assertTrue(order.training_buyer_mail_date)
        self.run_books()
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.treat()
        self.assertFalse(sale._release())
        self.assertFalse(sale._abandon("late"))
        self.assertFalse(sale.tx_id.child_transaction_ids)

    def test_released_by_the_daily_look(self):
        """B10: the announcement was lost: the daily look at Mangopay finds it."""
        sale = self.hold()
        user = self.know()
        user.kyc_level = "LIGHT"
        self.treat()
        self.assertEqual(sale.state, "held")
        user.refreshed_at = False
        self.run_jobs("training_marketplace_payout.ir_cron_refresh_mangopay_sellers")
        self.treat()
        self.assertEqual(sale.state, "confirmed")

    def test_validated_is_not_asked_again(self):
        """B10: as long as Mangopay keeps it; downgraded, at the next purchase."""
        first = self.hold()
        user = self.verify()
        self.treat()
        self.assertEqual(first.state, "confirmed")
        self.assertEqual(self.pay().marketplace_sale_id.state, "confirmed")
        self.tell(user, KYCLevel="LIGHT")
        self.announce("USER_KYC_LIGHT", user.mangopay_id, "1790000009")
        self.assertEqual(user.kyc_level, "LIGHT")
        self.assertEqual(self.pay().marketplace_sale_id.state, "held")

    def test_validated_before_it_was_held(self):
        """B10: the verdict that comes during the payment is not lost."""
        sale = self.hold()
        trigger = self.env["ir.cron.trigger"].sudo()
        self.assertTrue(
            trigger.search_count([("cron_id", "=", self.env.ref(HOLD_JOB).id)])
        )
        self.know().kyc_level = "REGULAR"
        self.run_jobs(HOLD_JOB)
        self.assertEqual(sale.state, "confirmed")

    def test_not_validated_in_time(self):
        """B10: N days later the whole money goes back, once, and the buyer is told."""
        session = self._create_session(self.sold, seats_limited=True, seats_max=2)
        sale = self.hold(session)
        self.treat(sale.hold_deadline - timedelta(seconds=1))
        self.assertEqual(sale.state, "held")
        self.treat(sale.hold_deadline)
        self.assert_refunded(sale)
        self.assertEqual(sale.hold_end, "late")
        self.assertEqual(self.count_seats(session), 2)
        self.treat(sale.hold_deadline + timedelta(days=3))
        self.assert_refunded(sale)
        self.run_jobs(SENDER_JOB)
        path = f"payins/{sale.payin_reference}/refunds"
        self.assertEqual(len(self.double.calls("POST", path)), 1)
        self.follow_up()
        self.run_books()
        self.assertBooks({})
        self.assertEqual(sale.amount_refunded, sale.amount_total)
        last = self.mails(sale)[-1:]
        self.assertEqual(last.recipient_ids, sale.order_id.partner_id)
        self.assertEqual(len(self.mails(sale)), 3)

    def test_the_day_before_the_session(self):
        """B10: the session is near: the time ends on the day before it."""
        begin = self.later(days=5)
        session = self._create_session(
            self.sold, date_begin=begin, date_end=begin + timedelta(days=1)
        )
        sale = self.hold(session)
        self.assertLess(sale.hold_deadline, begin - timedelta(days=1))
        self.assertGreater(sale.hold_deadline, begin - timedelta(days=2, hours=2))
        session.date_begin = begin = self.later(days=4)
        self.treat()
        self.assertLess(sale.hold_deadline, begin - timedelta(days=1))
        self.assertEqual(sale.state, "held")

    def test_reminder(self):
        """B10: one reminder, and one activity that the end of it closes."""
        sale = self.hold()
        order = sale.order_id
        self.treat(sale._get_hold_reminder() - timedelta(minutes=1))
        self.assertEqual(len(self.mails(sale)), 1)
        for _again in range(2):
            self.treat(sale._get_hold_reminder())
        self.assertEqual(len(self.mails(sale)), 2)
        self.assertEqual(len(order.activity_ids), 1)
        self.verify()
        self.treat()
        self.assertFalse(order.activity_ids)

    def test_mangopay_is_silent_at_the_end(self):
        """B10: asked a last time; its silence gives one day more, not two."""
        sale = self.hold()
        user = self.know("LIGHT")
        path = f"sca/users/{user.mangopay_id}"
        self.double.fail("GET", path, 503, times=9)
        self.treat(sale.hold_deadline)
        self.assertEqual(sale.state, "held")
        self.double.faults.clear()
        self.tell(user, KYCLevel="REGULAR")
        self.treat(sale.hold_deadline + timedelta(hours=1))
        self.assertEqual(sale.state, "confirmed")
        other = self.pay().marketplace_sale_id
        self.assertEqual(other.state, "confirmed")

    def test_silence_ends(self):
        """B10: Mangopay silent for more than a day: refunded all the same."""
        sale = self.hold()
        user = self.know("LIGHT")
        self.double.fail("GET", f"sca/users/{user.mangopay_id}", 503, times=9)
        self.treat(sale.hold_deadline + timedelta(days=1))
        self.assert_refunded(sale)

    def test_session_cancelled_meanwhile(self):
        """R14, B10: a cancelled session refunds what waits at once, verified or not."""
        sale = self.hold()
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([("cron_id", "=", self.env.ref(HOLD_JOB).id)]).unlink()
        sale.session_id.kanban_state = "cancel"
        domain = [("cron_id", "=", self.env.ref(HOLD_JOB).id)]
        self.assertTrue(triggers.search(domain))
        self.verify()
        self.treat()
        self.assert_refunded(sale)
        self.assertEqual(sale.hold_end, "cancelled")

    def test_second_payment(self):
        """R2, B10: what waits is paid: the second payment goes back."""
        first = self.start()
        order = first.sale_order_ids
        second = first.copy({"reference": f"{order.name}-2"})
        second.sale_order_ids = order
        self.settle(self.open_page(first))
        self.visit(first, "return")
        self.assertTrue(order._is_held())
        self.settle(self.open_page(second))
        self.visit(second, "return")
        self.assertEqual(second.training_refusal, "already_paid")
        self.assertEqual(sum(second.child_transaction_ids.mapped("amount")), -1200)
        self.assertFalse(first.child_transaction_ids)

    def test_both_ends_at_once(self):
        """B10: released and given up in one moment: the first one decides."""
        sale = self.hold()
        self.assertTrue(sale._abandon("buyer"))
        self.verify()
        self.treat()
        self.assertFalse(sale._release())
        self.assert_refunded(sale)

    def test_who_refunds_before_time(self):
        """B10: marketplace managers only, and once."""
        sale = self.hold()
        support = self._create_role(
            "support", "training_marketplace_payout.group_marketplace_support"
        )
        with self.assertRaises(AccessError):
            sale.with_user(support).action_refund_held()
        self.assertTrue(sale.with_user(support).hold_missing)
        for login in ("base.group_portal", "sales_team.group_sale_manager"):
            other = self._create_role(f"user {login}", login)
            with self.assertRaises(AccessError):
                sale.with_user(other).action_refund_held()
        manager = self._create_role(
            "manager", "training_marketplace_payout.group_marketplace_manager"
        )
        sale.with_user(manager).action_refund_held()
        self.assert_refunded(sale)
        with self.assertRaises(UserError):
            sale.with_user(manager).action_refund_held()
        with self.assertRaises(AccessError):
            sale.with_user(manager).hold_deadline = fields.Datetime.now()

    def test_the_operators_own_course_never_waits(self):
        """D17: the amount concerns the sellers' courses alone."""
        order = self._buy(self.course)
        tx = self._start_payment(order)
        self._capture(tx)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order._get_hold_notice())

    def test_what_is_paid_is_no_quotation_to_review(self):
        """B10: stock's portal lists the orders « sent », which a held one is."""
        order = self.hold().order_id
        company = order.partner_id.commercial_partner_id
        create_portal_user(self.env, company, "buyer@example.com")
        self.authenticate("buyer@example.com", "buyer@example.com")
        self.assertEqual(order.state, "sent")
        self.assertNotIn(order.name, self.url_open("/my/quotes").text)
        self.assertIn(order.name, self.url_open("/my/trainings").text)

    def test_bought_for_a_company_that_is_not_mine(self):
        """B10: the account that bought gives the documents of the company."""
        sale = self.hold()
        person = self.env["res.partner"].create({"name": "Claire, alone"})
        stranger = create_portal_user(self.env, person, "alone@example.com")
        stranger.partner_id.parent_id = False
        self.authenticate("alone@example.com", "alone@example.com")
        self.assertEqual(self.url_open(PAGE).status_code, 404)
        name = sale.session_id.name
        self.assertNotIn(name, self.url_open("/my/trainings").text)
        sale.order_id.sudo().training_account_id = stranger
        page = self.url_open(PAGE)
        self.assertEqual(page.status_code, 200)
        self.assertIn(name, page.text)
        self.assertIn(name, self.url_open("/my/trainings").text)
