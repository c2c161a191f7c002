# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A buyer over the amount, whom the double verifies. Holds no test itself."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields

from .marketplace_money_common import MarketplaceMoneyCommon
from .seller_common import IDENTITY_PAGE, create_portal_user

HOLD_JOB = "training_marketplace_payout.ir_cron_treat_marketplace_holds"
PAGE = "/my/identity"


class HoldCommon(MarketplaceMoneyCommon):
    """Two learners cost 1 200: a buyer is verified above 1 000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.marketplace_buyer_threshold = 1000.0
        cls.client = cls.buyer.commercial_partner_id

    def setUp(self):
        super().setUp()
        # What waits for Mangopay commits on the way; here that can only be pretended.
        committed = patch.object(self.env.cr, "commit", self.env.flush_all)
        committed.start()
        self.addCleanup(committed.stop)

    def hold(self, session=None):
        """Return the held purchase of a buyer who paid; the follow-up has run."""
        order = self.pay(session)
        order._follow_up_purchase()
        sale = order.marketplace_sale_id
        self.assertEqual(sale.state, "held")
        return sale

    def treat(self, as_of=None):
        """Run the job that ends held purchases, as it would at a moment."""
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            self.env(cr=cr)["marketplace.sale"]._cron_treat_held(as_of)
        self.env.invalidate_all()

    def know(self, level="REGULAR", status="ACTIVE"):
        """Return the buyer's record for verification, which Mangopay has made."""
        user = self.env["mangopay.user"]._ensure(
            self.account, self.client, "OWNER", "legal"
        )
        if not user.mangopay_id:
            made = self.double.add("sca/users/legal", UserCategory="OWNER")
            user.write({"mangopay_id": made["Id"], "state": "active"})
        self.tell(user, KYCLevel=level, UserStatus=status)
        return user

    def tell(self, user, **values):
        """Change the buyer at Mangopay; nothing is announced."""
        self.double.objects[user.mangopay_id].update(values)
        body = {
            "Id": user.mangopay_id,
            "ScopeBlocked": {"Inflows": False, "Outflows": False},
            "KycInformation": {},
        }
        path = f"users/{user.mangopay_id}/regulatory"
        self.double.answer("GET", path, 200, body)

    def verify(self):
        """Have Mangopay validate the buyer, and announce it."""
        user = self.know()
        self.announce("USER_KYC_REGULAR", user.mangopay_id)
        return user

    def mails(self, sale):
        """Return the subjects of the mails queued about a held purchase."""
        domain = [("model", "=", sale._name), ("res_id", "=", sale.id)]
        return self.env["mail.mail"].sudo().search(domain, order="id")

    def count_seats(self, session):
        """Return the seats left, once the nightly recount changed nothing."""
        self.env.flush_all()
        counter = session.seat_counter_ids.filtered(lambda one: not one.event_ticket_id)
        before = counter.reserved
        self.env["training.seat.counter"]._cron_recount()
        self.assertEqual(counter.reserved, before)
        session.invalidate_recordset()
        return session.training_seats_left

    def assert_refunded(self, sale):
        """The whole money goes back, once, and the seats are free."""
        self.assertEqual(sale.state, "abandoned")
        self.assertEqual(sale.order_id.state, "cancel")
        self.assertFalse(sale.order_id._get_active_learners())
        refund = sale.tx_id.child_transaction_ids
        self.assertEqual(len(refund), 1)
        self.assertEqual(refund.amount, -sale.amount_total)

    def later(self, **delta):
        return fields.Datetime.now() + timedelta(**delta)

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def create_user(self, partner=None, login="durand@example.com"):
        return create_portal_user(self.env, partner or self.client, login)


IDENTITY = {
    "legal_form": "company",
    "company_number": "732 829 320 00074",
    "street": "1 rue de la Paix",
    "zip": "75002",
    "city": "Paris",
    "country": "FR",
    "email": "office@durand.example.com",
    "firstname": "Claire",
    "lastname": "Durand",
    "rep_email": "claire@durand.example.com",
    "birthdate": date(1980, 5, 4).isoformat(),
    "nationality": "FR",
    "residence": "FR",
    "terms": "1",
}
DOCUMENT = [("pages", ("card.png", IDENTITY_PAGE, "image/png"))]
