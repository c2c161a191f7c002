# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B7, B11: what a purchase leaves on the two sides, and in their mail boxes."""

from unittest.mock import patch

from odoo.tests import tagged

from .payment_common import MangopayPaymentCommon
from .seller_common import create_portal_user


@tagged("post_install", "-at_install")
class TestChannelSale(MangopayPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claire = create_portal_user(cls.env, cls.seller, "claire@atelier.example")
        cls.marc = create_portal_user(cls.env, cls.seller, "marc@atelier.example")

    def mails_to(self, order, address):
        domain = [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        return (
            self.env["mail.mail"]
            .search(domain)
            .filtered(lambda mail: address in mail.recipient_ids.mapped("email"))
        )

    def test_a_sale_is_told_once_to_the_seller(self):
        """B11: entry « Purchase » for both sides, one mail to each of the seller's
        people and none to the operator, whatever runs twice; the buyer reads who
        sells."""
        order = self.pay()
        order._follow_up_purchase()
        order._follow_up_purchase()
        request = order.training_request_id
        self.assertEqual(request.kind, "purchase")
        self.assertEqual(request.marketplace_seller_id, self.seller)
        for user in (self.claire, self.marc):
            mail = self.mails_to(order, user.email or user.login)
            self.assertEqual(len(mail), 1)
            self.assertIn(f"/my/channel/{request.id}", mail.body_html)
        operator = self.company.partner_id.email
        domain = [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        everybody = self.env["mail.mail"].search(domain)
        self.assertFalse(everybody.filtered(lambda m: operator in (m.email_to or "")))
        self.assertEqual(len(self.mails_to(order, self.buyer.email)), 1)
        self.assertIn(self.seller.name, order._get_training_status_sentence())

    def test_nothing_is_told_while_it_waits(self):
        """B10, B11: a held purchase is no entry, and no mail reaches the seller."""
        with patch.object(
            type(self.env["sale.order"]), "_must_be_held", lambda _order, _tx: True
        ):
            order = self.pay()
        self.assertTrue(order.training_held_since)
        order._follow_up_purchase()
        self.assertFalse(order.training_request_id)
        for user in (self.claire, self.marc):
            self.assertFalse(self.mails_to(order, user.email or user.login))

    def test_the_two_pages_of_a_sale(self):
        """B7: the seller reads the sale under « Sales », with the buyer's name and
        e-mail, and never the buyer's own page; they write to each other."""
        order = self.pay()
        order._follow_up_purchase()
        request = order.training_request_id
        self.authenticate(self.claire.login, self.claire.login)
        self.assertIn(
            f"/my/channel/{request.id}", self.url_open("/my/channel/sales").text
        )
        page = self.url_open(f"/my/channel/{request.id}")
        self.assertIn(self.buyer.email, page.text)
        self.assertIn(order.name, page.text)
        for path in ("", "/receipt"):
            own = self.url_open(f"/my/trainings/{request.id}{path}")
            self.assertEqual(own.status_code, 404)
        _answer, _page = self._post(
            f"/my/channel/{request.id}/message", {"message": "Bienvenue"}
        )
        self._post(f"/my/channel/{request.id}/close", {})
        self.assertEqual(request.state, "new")
        request.state = "accepted"
        for query, seen in (("", True), ("?filterby=open", False)):
            page = self.url_open(f"/my/channel/sales{query}").text
            self.assertEqual(f"/my/channel/{request.id}" in page, seen, query)
        self.authenticate(None, None)
        page = self.url_open(request.get_portal_url())
        self.assertIn("Bienvenue", page.text)
        self._post(
            f"/my/trainings/{request.id}/message",
            {"message": "Merci", "access_token": request.access_token},
        )
        last = request._get_conversation_sudo()[-1:]
        self.assertEqual(last.author_id, self.buyer)
