# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A sale whose learners are invited. Holds no test itself."""

from odoo.tests import new_test_user

from .payment_common import MangopayPaymentCommon

ANNE = {"name": "Anne Petit", "email": "anne@durand.example.com"}
NOBODY = {"name": False, "email": False}


class InvitationCommon(MangopayPaymentCommon):
    """A seller with a team, another seller, and a sale of two seats."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.env["res.partner"].create(
            {"name": "Rival", "is_company": True, "is_marketplace_seller": True}
        )
        cls.team = cls._create_portal_user("team", cls.seller)
        cls.rival_team = cls._create_portal_user("rival", cls.rival)

    @classmethod
    def _create_portal_user(cls, login, parent=None, **values):
        user = new_test_user(
            cls.env,
            login=login,
            password=login * 3,
            groups="base.group_portal",
            email=values.pop("email", f"{login}@people.example.com"),
            **values,
        )
        user.partner_id.parent_id = parent
        return user

    def sell(self, *learners, session=None, contact=None):
        """Return the sale of these learners, paid and followed up."""
        order = self._buy(
            session or self.sold_session, learners=list(learners), contact=contact
        )
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
        )
        self._capture(tx)
        order._follow_up_purchase()
        self.assertEqual(order.marketplace_sale_id.state, "confirmed")
        return order.marketplace_sale_id

    def invite(self, sale, index=0):
        """Send the invitation of a seat; return it."""
        seat = sale._get_seats()[index]
        sale._invite(seat, self.team.partner_id)
        return seat._get_live_invitation()

    def mails(self, email):
        """Return what was queued or sent to an address."""
        return self.env["mail.mail"].search([("email_to", "ilike", email)])

    def sign_in(self, login):
        self.authenticate(login, login * 3)

    def link(self, invitation):
        return f"/marketplace/invitation/{invitation._get_key()}"

    def page(self, sale, path=""):
        return f"/my/channel/sales/{sale.id}/learners{path}"
