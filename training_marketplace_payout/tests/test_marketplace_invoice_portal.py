# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B12, B23: what seller, buyer and strangers see of the invoices, by HTTP."""

from unittest.mock import patch

from lxml import html

from odoo.http import Request
from odoo.tests import tagged

from .invoice_common import MarketplaceInvoiceCommon
from .marketplace_common import make_contract
from .seller_common import create_portal_user

PAGE = "/my/channel/invoices"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvoicePortal(MarketplaceInvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create_portal_user(cls.env, cls.seller, "claire@atelier.example")
        other = cls.env["res.partner"].create({"name": "Other", "is_company": True})
        make_contract(cls.env, other, cls.company)
        nobody = cls.env["res.partner"].create({"name": "Nobody", "is_company": True})
        create_portal_user(cls.env, nobody, "nobody@example.com")
        create_portal_user(cls.env, other, "other@atelier.example")

    def make(self, sale=None):
        """Return a document with files, without printing."""
        invoice = self.invoices._issue_for_sale(sale or self.sell())
        for extension in ("pdf", "xml"):
            data = extension.encode()
            attachment = invoice._keep_file(extension, data)
            invoice[f"{extension}_attachment_id"] = attachment
        return invoice

    def login(self, login):
        self.authenticate(login, login)

    def test_order_names_who_trains(self):
        """A14, B2: on the order that a company is reimbursed on, the seller is who
        trains, though the operator's name is at its head."""
        order = self.sell().order_id
        [content, _kind] = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", order.ids
        )
        [part] = html.fromstring(content.decode()).xpath(
            "//div[@name='training_programme']"
        )
        self.assertIn(self.seller.name, part.text_content())
        self.assertIn(order.training_session_id.name, part.text_content())
        values = [value for _label, value in order._get_training_facts()]
        self.assertIn(self.seller.name, values)
        self.assertNotIn(self.company.name, values)

    def test_seller_reads_and_takes_its_files(self):
        """B12: list, page, PDF and XML of one's own."""
        invoice = self.make()
        self.login("claire@atelier.example")
        self.assertIn(invoice.name, self.url_open(PAGE).text)
        page = self.url_open(f"{PAGE}/{invoice.id}")
        self.assertIn(invoice.name, page.text)
        for extension in ("pdf", "xml"):
            file = self.url_open(f"{PAGE}/{invoice.id}/{extension}")
            self.assertEqual(file.content, extension.encode())

    def test_another_finds_nothing(self):
        """B12: 404 for another seller and for who sells nothing; never the file."""
        invoice = self.make()
        self.login("other@atelier.example")
        self.assertNotIn(invoice.name, self.url_open(PAGE).text)
        paths = ("", "/pdf", "/xml")
        for path in paths:
            found = self.url_open(f"{PAGE}/{invoice.id}{path}")
            self.assertEqual(found.status_code, 404)
        self.login("nobody@example.com")
        self.assertEqual(self.url_open(PAGE).status_code, 404)
        backoffice = self.url_open(f"/marketplace/invoices/{invoice.id}/pdf")
        self.assertEqual(backoffice.status_code, 404)
        with patch.object(Request, "validate_csrf", lambda *args: True):
            contest = self.url_open(
                f"{PAGE}/{invoice.id}/contest", data={"reason": "No"}
            )
        self.assertEqual(contest.status_code, 404)
        self.assertEqual(invoice.state, "issued")

    def test_contest(self):
        """B23: the seller contests on its page; a second time is refused."""
        invoice = self.make()
        self.login("claire@atelier.example")
        with patch.object(Request, "validate_csrf", lambda *args: True):
            url = f"{PAGE}/{invoice.id}/contest"
            self.assertEqual(self.url_open(url, data={"reason": ""}).status_code, 409)
            answer = self.url_open(url, data={"reason": "Wrong\x00<b>amount</b>"})
            self.assertEqual(answer.status_code, 200)
            self.assertNotIn("<b>amount</b>", answer.text)
            self.assertEqual(self.url_open(url, data={"reason": "x"}).status_code, 409)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.state, "contested")
        self.assertEqual(invoice.contest_reason, "Wrong <b>amount</b>")

    def test_buyer_takes_it_on_the_purchase(self):
        """B12: with the signed link of the purchase, not with that of another."""
        sale = self.sell()
        invoice = self.make(sale)
        sale.order_id._create_purchase_request()
        purchase = sale.order_id.training_request_id
        token = purchase._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"/my/trainings/{purchase.id}?access_token={token}")
        path = f"/my/trainings/{purchase.id}/document/{invoice.id}"
        self.assertIn(path, page.text)
        file = self.url_open(f"{path}?access_token={token}")
        self.assertEqual(file.content, b"pdf")
        other = self.make()
        path = f"/my/trainings/{purchase.id}/document/{other.id}"
        stolen = self.url_open(f"{path}?access_token={token}")
        self.assertEqual(stolen.status_code, 404)
        path = f"/my/trainings/{purchase.id}/document/{invoice.id}"
        anonymous = self.url_open(path, allow_redirects=False)
        self.assertIn("/web/login", anonymous.headers.get("Location", ""))
