# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B10: a buyer's own page, from the payment to Mangopay's verdict, over HTTP."""

import re

from odoo.tests import tagged

from .hold_common import DOCUMENT, HOLD_JOB, IDENTITY, PAGE, HoldCommon
from .mangopay_common import SENDER_JOB
from .seller_common import LINK


@tagged("standard", "post_install", "-at_install")
class TestBuyerIdentity(HoldCommon):
    def post(self, path="", files=None, **form):
        """Post a form of the page as a browser does."""
        token = re.search(r'csrf_token: "(\w+)"', self.url_open("/my").text)
        data = {**form, "csrf_token": token[1]}
        return self.url_open(
            f"{PAGE}{path}", data=data, files=files, allow_redirects=False
        )

    def begin(self):
        """Return (held purchase, record at Mangopay) of a buyer who gave who it is."""
        sale = self.hold()
        self.log_in(self.create_user())
        answer = self.post("/identity", **IDENTITY)
        self.assertEqual(answer.status_code, 303, answer.text)
        return sale, sale._get_buyer_record()

    def test_the_whole_way(self):
        """B10: identity, telephone, document, verdict: the purchase is released."""
        sale, user = self.begin()
        self.assertEqual((user.category, user.state), ("OWNER", "active"))
        self.assertEqual(user.partner_id, self.client)
        self.assertEqual(user.terms_user_id.login, "durand@example.com")
        sent = self.double.calls("POST", "sca/users/legal")[-1][0]
        self.assertEqual(sent["UserCategory"], "OWNER")
        self.assertFalse(user.wallet_ids)
        self.assertNotIn("bank", user.steps)
        path = f"sca/users/{user.mangopay_id}/enrollment"
        action = {"PendingUserAction": {"RedirectUrl": LINK}}
        self.double.answer("POST", path, 200, action)
        address = self.post("/authentication").headers["Location"]
        self.assertTrue(address.endswith("%2Fmy%2Fidentity%2Freturn"), address)
        answer = self.post("/document", DOCUMENT, document_type="IDENTITY_PROOF")
        self.assertEqual(answer.headers["Location"], f"{PAGE}?done=document")
        self.assertEqual(user.document_ids.state, "asked")
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        self.tell(user, KYCLevel="REGULAR")
        self.url_open(f"{PAGE}/return?whatever=VALIDATED")
        self.run_jobs(HOLD_JOB)
        self.assertEqual(sale.state, "confirmed")
        self.assertEqual(self.url_open(PAGE).status_code, 200)

    def test_refused_then_sent_again(self):
        """B10: Mangopay's reason is on the page and in a mail; another try is made."""
        sale, user = self.begin()
        self.post("/document", DOCUMENT, document_type="IDENTITY_PROOF")
        document = user.document_ids
        self.double.objects[document.mangopay_id].update(
            Status="REFUSED",
            RefusedReasonType="DOCUMENT_UNREADABLE",
            RefusedReasonMessage="The corner is folded",
        )
        self.announce("KYC_FAILED", document.mangopay_id)
        self.assertEqual(document.state, "refused")
        self.assertIn("The corner is folded", self.mails(sale)[-1:].body_html)
        self.assertIn("The corner is folded", self.url_open(PAGE).text)
        self.post("/document", DOCUMENT, document_type="IDENTITY_PROOF")
        self.assertEqual(len(user.document_ids), 2)
        self.assertEqual(sale.state, "held")

    def test_a_private_person(self):
        """B10: a person is a person: no form to choose, no organisation's papers."""
        paul = self._create_individual()
        self.sold_session.is_out_of_bpf = True
        order = self._buy(self.sold_session, 1, "individual", paul)
        self.company.marketplace_buyer_threshold = 100.0
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
        )
        self.settle(self.open_page(tx))
        self.visit(tx, "return")
        self.assertTrue(order._is_held())
        self.log_in(self.create_user(paul, "paul@example.com"))
        user = self.env["res.users"].search([("login", "=", "paul@example.com")])
        user.partner_id.parent_id = False
        user.partner_id = paul
        page = self.url_open(PAGE).text
        for name in ("legal_form", "company_number", 'name="email"'):
            self.assertNotIn(f'id="{name}"', page)
        answer = self.post("/identity", **{**IDENTITY, "legal_form": "company"})
        self.assertEqual(answer.status_code, 303, answer.text)
        record = order.marketplace_sale_id._get_buyer_record()
        self.assertEqual(record.person, "natural")
        self.assertEqual(paul.email, "paul@martin.example.com")
        answer = self.post("/document", DOCUMENT, document_type="REGISTRATION_PROOF")
        self.assertEqual(answer.status_code, 409)
        answer = self.post("/document", DOCUMENT, document_type="IDENTITY_PROOF")
        self.assertEqual(answer.status_code, 303)

    def test_nobody_else_reaches_it(self):
        """B10: another buyer finds nothing, and changes nothing of this one."""
        sale, user = self.begin()
        other = self.env["res.partner"].create({"name": "Garage"})
        self.log_in(self.create_user(other, "garage@example.com"))
        self.assertEqual(self.url_open(PAGE).status_code, 404)
        cancel = f"/purchase/{sale.id}/cancel"
        for path in ("/identity", "/document", "/authentication", cancel):
            self.assertEqual(self.post(path, **IDENTITY).status_code, 404, path)
        for path in ("/bank", "/bank/confirm"):
            self.assertEqual(self.post(path).status_code, 404, path)
        self.assertEqual(
            self.url_open(f"{PAGE}?seller={self.client.id}").status_code, 404
        )
        self.assertEqual(sale.state, "held")
        self.assertFalse(user.document_ids)
        self.log_in(self.create_user(self.client, "other@example.com"))
        self.assertEqual(self.url_open("/my/mangopay").status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(PAGE, allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_giving_it_up(self):
        """B10, B24: the buyer gives the purchase up: refunded in full, once."""
        sale = self.hold()
        self.log_in(self.create_user())
        self.assertIn(f"/purchase/{sale.id}/cancel", self.url_open(PAGE).text)
        answer = self.post(f"/purchase/{sale.id}/cancel")
        self.assertEqual(answer.headers["Location"], f"{PAGE}?done=cancelled")
        self.assert_refunded(sale)
        self.assertEqual(sale.hold_end, "buyer")
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        self.assertEqual(self.post(f"/purchase/{sale.id}/cancel").status_code, 404)
        self.run_jobs(SENDER_JOB)
        path = f"payins/{sale.payin_reference}/refunds"
        self.assertEqual(len(self.double.calls("POST", path)), 1)

    def test_giving_up_what_is_disputed(self):
        """B10, B19: the buyer's bank decides: the page says so, nothing is asked of
        Mangopay, and the purchase stays."""
        sale = self.hold()
        self.log_in(self.create_user())
        self.env["marketplace.dispute"].create(
            {
                "reference": "dispute_1",
                "account_id": sale.tx_id.provider_id._get_mangopay_account().id,
                "tx_id": sale.tx_id.id,
                "sale_id": sale.id,
                "buyer_id": sale.buyer_id.id,
                "currency_id": sale.currency_id.id,
                "kind": "CONTESTABLE",
                "amount": sale.amount_total,
                "opened_at": "2026-01-05 10:00:00",
            }
        )
        answer = self.post(f"/purchase/{sale.id}/cancel")
        self.assertEqual(answer.headers["Location"], f"{PAGE}?done=disputed")
        self.assertEqual(self.url_open(f"{PAGE}?done=disputed").status_code, 200)
        self.assertEqual(sale.state, "held")
        path = f"payins/{sale.payin_reference}/refunds"
        self.assertEqual(self.double.calls("POST", path), [])

    def test_the_link_of_the_mail(self):
        """B10: who has no account is led to one; a forged link leads nowhere."""
        sale = self.hold()
        order = sale.order_id
        path = order._get_identity_url().split("/marketplace/identity")[1]
        link = f"/marketplace/identity{path}"
        answer = self.url_open(link, allow_redirects=False)
        self.assertIn("/web/signup", answer.headers["Location"])
        self.assertIn("token=", answer.headers["Location"])
        self.assertEqual(self.url_open(link[:-1] + "é").status_code, 404)
        other = self._buy(self.sold_session)
        stolen = link.replace(str(order.id), str(other.id), 1)
        self.assertEqual(self.url_open(stolen).status_code, 404)
        self.env["res.users"].with_context(no_reset_password=True).create(
            {"login": "claire", "partner_id": order.partner_id.id}
        )
        answer = self.url_open(link, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith(PAGE))

    def test_no_link_to_an_account_once_it_ended(self):
        """B10: the link opens no account when nothing waits any more."""
        sale = self.hold()
        link = sale.order_id._get_identity_url().partition("/marketplace")[2]
        sale._abandon("buyer")
        answer = self.url_open(f"/marketplace{link}", allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith(PAGE))

    def test_a_seller_who_buys(self):
        """B10: one record at Mangopay for one person, two pages, one bank account."""
        self.client.is_marketplace_seller = True
        sale, user = self.begin()
        self.assertIn("bank", user.steps)
        self.assertNotIn('id="step-bank"', self.url_open(PAGE).text)
        self.assertIn('id="step-bank"', self.url_open("/my/mangopay").text)
        self.tell(user, KYCLevel="REGULAR")
        self.url_open("/my/mangopay/return")
        self.treat()
        self.assertEqual(sale.state, "confirmed")
