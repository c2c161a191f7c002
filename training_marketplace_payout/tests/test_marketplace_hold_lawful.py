# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B10, B24: what a buyer is told before paying, after it, and the right to withdraw."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .hold_common import HoldCommon
from .mangopay_common import SENDER_JOB

TREAT_JOB = "training_catalogue_payment.ir_cron_treat_withdrawals"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceHoldLawful(HoldCommon):
    def buy_over_http(self):
        """Fill the purchase page in, signed in, and return the page of the payment."""
        self.log_in(self.create_user())
        response, _page = self._post(
            self._buy_url(self.sold_session), self._company_form()
        )
        self.assertEqual(response.status_code, 303, response.text)
        return self._get("/shop/payment")

    def consume(self):
        """Return the held purchase of a private person."""
        self.sold_session.is_out_of_bpf = True
        order = self._buy(self.sold_session, 1, "individual", self._create_individual())
        self.company.marketplace_buyer_threshold = 100.0
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
        )
        self.settle(self.open_page(tx))
        self.visit(tx, "return")
        order._follow_up_purchase()
        return order.marketplace_sale_id

    def test_terms_tell_who_sells(self):
        """B24: the terms accepted say that the seller is the other party."""
        self.company.partner_id.lang = "fr_FR"
        body = self.env["training.terms"]._render_model(self.company)
        self.assertIn("le contrat est conclu avec ce vendeur", " ".join(body.split()))

    def test_told_before_the_payment(self):
        """B24: the payment page says that documents will be asked, when they will."""
        _response, page = self.buy_over_http()
        notice = "//*[@name='marketplace_hold_notice']"
        self.assertFalse(page.xpath(notice))
        self.company.marketplace_buyer_threshold = 500.0
        _response, page = self._get("/shop/payment")
        self.assertTrue(page.xpath(notice))
        self.assertTrue(self._carts().marketplace_seller_id)

    def test_not_told_to_who_is_validated(self):
        """B10, B24: who is known already reads no notice, nor for a smaller amount."""
        order = self._buy(self.sold_session)
        self.assertTrue(order._get_hold_notice())
        self.know().kyc_level = "REGULAR"
        self.assertFalse(order._get_hold_notice())

    def test_too_late_to_be_validated(self):
        """B10, B24: no money is taken that would go straight back."""
        begin = self.later(hours=20)
        session = self._create_session(
            self.sold, date_begin=begin, date_end=begin + timedelta(days=1)
        )
        order = self._buy(session)
        self.assertTrue(order._get_training_blockers())
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()
        self.know().kyc_level = "REGULAR"
        self.assertFalse(order._get_training_blockers())
        self.env["mangopay.user"].search([]).kyc_level = "LIGHT"
        self.company.marketplace_buyer_threshold = 1200.0
        self.assertFalse(order._get_training_blockers())

    def test_told_after_the_payment(self):
        """B10: the page after the payment says that it is received and waits."""
        sale = self.hold()
        order = sale.order_id
        self.assertEqual(order._get_training_payment_state(), "held")
        page = self.env["ir.qweb"]._render(
            "training_catalogue_payment.purchase_confirmation",
            {
                "training_order": order,
                "training_payment": order._get_training_payment_state(),
                "training_recap": order.training_session_id._get_catalogue_values()[0],
                "user_id": self.env.user,
            },
        )
        self.assertIn("training_confirmation_held", page)
        self.assertIn("/my/identity", page)
        self.assertNotIn("training_confirmation_paid", page)
        sale._abandon("buyer")
        self.assertEqual(order._get_training_payment_state(), "refused")

    def test_withdrawal_while_held(self):
        """A28, B24: the signed link works: seats freed at once, refunded in full; the
        seller, who never heard of the purchase, hears nothing of its end."""
        sale = self.consume()
        order = sale.order_id
        self.assertTrue(order._can_withdraw())
        self.assertIn(order._get_withdrawal_url(), self.mails(sale)[:1].body_html)
        withdrawal = order._withdraw_training(
            {"name": "Paul", "contract_reference": order.name, "email": "p@example.com"}
        )
        self.assertFalse(order._get_active_learners())
        self.assertEqual(withdrawal.amount, sale.amount_total)
        self.run_jobs(TREAT_JOB)
        self.assert_refunded(sale)
        self.assertEqual(withdrawal.treatment_state, "done")
        self.run_jobs(SENDER_JOB)
        path = f"payins/{sale.payin_reference}/refunds"
        self.assertEqual(len(self.double.calls("POST", path)), 1)
        self.assertEqual(withdrawal.state, "refunded")
        self.assertFalse(withdrawal.seller_told_at)

    def test_withdrawn_then_validated(self):
        """A28, B10: the verdict that follows a withdrawal sells nothing."""
        sale = self.consume()
        order = sale.order_id
        withdrawal = order._withdraw_training(
            {"name": "Paul", "contract_reference": order.name, "email": "p@example.com"}
        )
        user = self.env["mangopay.user"]._ensure(
            self.account, order.partner_id, "OWNER", "natural"
        )
        user.write({"kyc_level": "REGULAR", "state": "active"})
        self.treat()
        self.assert_refunded(sale)
        self.assertEqual(sale.hold_end, "withdrawn")
        self.run_jobs(TREAT_JOB)
        self.assertEqual(withdrawal.treatment_state, "done")
        self.assert_refunded(sale)

    def test_days_of_withdrawal(self):
        """A28, B10: counted from the payment while it waits, then from the sale."""
        sale = self.consume()
        order = sale.order_id
        paid = order._get_withdrawal_contract_date()
        self.assertEqual(paid, order.training_held_since)
        self.env["mangopay.user"]._ensure(
            self.account, order.partner_id, "OWNER", "natural"
        ).write({"kyc_level": "REGULAR", "state": "active"})
        self.treat()
        self.assertEqual(sale.state, "confirmed")
        self.assertGreaterEqual(order._get_withdrawal_contract_date(), paid)
