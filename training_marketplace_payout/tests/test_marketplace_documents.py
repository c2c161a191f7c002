# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B13, B14: what a seller is asked for once it sells, and when it is not."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from .payment_common import MangopayPaymentCommon
from .seller_common import IBAN

ADDON = "training_marketplace_payout"


@tagged("post_install", "-at_install")
class TestMarketplaceDocuments(MangopayPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = cls.env["res.partner"].create(
            {"name": "Claire", "parent_id": cls.seller.id, "email": "claire@a.example"}
        )
        cls.member = new_test_user(
            cls.env, "claire_member", groups="base.group_portal", partner_id=contact.id
        )
        cls.sold.list_price = 300.0

    def sell(self):
        """Return the sale of an order that was paid and followed up."""
        order = self.pay()
        order._follow_up_purchase()
        return order.marketplace_sale_id

    def mails(self, what):
        template = self.env.ref(f"{ADDON}.mail_template_marketplace_{what}")
        subject = template.with_context(lang=self.member.lang).subject
        return self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", self.member.partner_id.ids),
                ("subject", "=", subject),
            ]
        )

    def owner(self, **values):
        user = self.env["mangopay.user"]._ensure(
            self.account, self.seller, "OWNER", "legal"
        )
        user.write({"state": "active", "mangopay_id": "owner_1", **values})
        return user

    def recipient(self, user):
        recipient = user._write_bank_account(IBAN, self.seller.name)
        recipient.write({"state": "active", "mangopay_id": "rec_1"})
        return recipient

    def test_bank_details_are_asked_once(self):
        """B13: the first sale without bank details asks for them, once."""
        self.sell()
        self.assertEqual(len(self.mails("rib")), 1)
        self.assertTrue(self.contract.rib_asked_at)
        sale = self.sell()
        self.contract._ask_missing_documents(sale)
        self.assertEqual(len(self.mails("rib")), 1)
        self.contract._ask_missing_documents(self.env["marketplace.sale"])

    def test_known_bank_details_are_not_asked(self):
        """B13: a seller whose account is registered is asked nothing."""
        self.recipient(self.owner(kyc_level="REGULAR"))
        self.sell()
        self.assertFalse(self.mails("rib"))
        self.assertFalse(self.contract.rib_asked_at)

    def test_reminder_once(self):
        """B13: reminded after the company's days, once; not at all when given."""
        self.sell()
        remind = self.contract._cron_remind_documents
        with patch.object(self.cr, "commit", self.env.flush_all):
            remind()
            self.assertEqual(len(self.mails("rib")), 1)
            late = fields.Datetime.now() - timedelta(days=8)
            self.contract.rib_asked_at = late
            remind()
            remind()
            self.assertEqual(len(self.mails("rib")), 2)
            self.contract.write({"rib_asked_at": late, "rib_reminded_at": False})
            self.recipient(self.owner())
            remind()
        self.assertEqual(len(self.mails("rib")), 2)
        self.assertFalse(self.contract.rib_asked_at)

    def test_verification_above_the_amount(self):
        """B14: strictly above the amount over the window, once; refunds left out."""
        self.company.marketplace_seller_threshold = 600.0
        first = self.sell()
        self.assertEqual(first.amount_total, 600.0)
        self.assertFalse(self.contract.kyc_asked_at)
        second = self.sell()
        self.assertTrue(self.contract.kyc_asked_at)
        self.assertEqual(len(self.mails("kyc")), 1)
        self.contract._ask_missing_documents(second)
        self.assertEqual(len(self.mails("kyc")), 1)
        second.sudo().amount_refunded = 600.0
        self.assertFalse(self.contract._passes_volume())
        second.sudo().amount_refunded = 0.0
        self.assertTrue(self.contract._passes_volume())
        first.sudo().confirmed_at = fields.Datetime.now() - timedelta(days=400)
        self.assertFalse(self.contract._passes_volume())

    def test_verified_is_not_asked_again(self):
        """B14: not asked again while valid; asked anew once Mangopay takes it back."""
        self.company.marketplace_seller_threshold = 100.0
        user = self.owner(kyc_level="REGULAR")
        sale = self.sell()
        self.assertFalse(self.mails("kyc"))
        user.kyc_level = "LIGHT"
        self.contract._ask_missing_documents(sale)
        self.assertEqual(len(self.mails("kyc")), 1)
        user.kyc_level = "REGULAR"
        self.contract._ask_missing_documents(sale)
        user.kyc_level = "LIGHT"
        self.contract._ask_missing_documents(sale)
        self.assertEqual(len(self.mails("kyc")), 2)

    def test_volume_of_another_currency(self):
        """B14: the amount is the company's: what was sold in another is converted."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2020-01-01", "rate": 2.0}
        )
        self.company.marketplace_seller_threshold = 1000.0
        first, second = self.sell(), self.sell()
        self.assertTrue(self.contract._passes_volume())
        second.sudo().currency_id = dollar
        self.assertFalse(self.contract._passes_volume(), "600 € and 600 $ are 900 €")
        second.sudo().amount_total = 802.0
        self.assertTrue(self.contract._passes_volume(), "600 € and 802 $ are 1001 €")
        (first | second).sudo().write({"currency_id": dollar.id, "amount_total": 1000})
        self.assertFalse(self.contract._passes_volume(), "2000 $ are 1000 €: not above")

    def test_volume_is_one_query(self):
        """B14: the amount is read in one query, whatever the number of sales."""
        self.sell()
        self.env.flush_all()
        self.contract.company_id.read(["marketplace_seller_threshold"])
        self.contract._passes_volume()
        with self.assertQueryCount(1):
            self.contract._passes_volume()

    def test_beneficiary_is_named_where_verification_comes_first(self):
        """B14: under « KYC before the first sale » the payment names the seller; else
        nobody is named."""
        user = self.owner(kyc_level="REGULAR")
        user._accept_terms(self.env.user, "192.0.2.7")
        user._get_wallet(self.company.currency_id).mangopay_id = "w1"
        payin = self.open_page(self.start())
        self.assertFalse(payin.get("FlowDescriptor"))
        self.company.marketplace_kyc_first = True
        payin = self.open_page(self.start())
        named = payin["FlowDescriptor"]["Beneficiaries"]
        self.assertEqual(named, [{"UserId": "owner_1"}])
