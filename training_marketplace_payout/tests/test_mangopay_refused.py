# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9: the bank refuses, and the buyer pays again."""

import html

from odoo.tests import tagged

from .payment_common import MangopayPaymentCommon


@tagged("standard", "post_install", "-at_install")
class TestMangopayRefused(MangopayPaymentCommon):
    def test_refusal_after_the_return_leads_back_to_payment(self):
        """B9: the bank that refuses while the buyer waits leaves them their cart."""
        self.sign_in("nora@petit.example")
        self._post(self._buy_url(self.sold_session), self._company_form())
        order = self._carts().filtered("marketplace_seller_id")[:1]
        self.pay_route(order)
        tx = order.transaction_ids
        payin = self.open_page(tx)
        self.assertIn("/payment/status", self.visit(tx, "return")[1])
        self.poll_status()
        self.assertEqual((tx.state, order.state), ("pending", "sent"))
        self.settle(payin, "FAILED", "101301")
        self.visit(tx, "return")
        self.assertEqual(self.poll_status()["state"], "error")
        response = self.url_open("/shop/payment/validate")
        self.env.invalidate_all()
        self.assertTrue(response.url.endswith("/shop/payment"), response.url)
        self.assertIn(tx._get_mangopay_failure(), html.unescape(response.text))
        self.assertEqual(order.state, "draft")
