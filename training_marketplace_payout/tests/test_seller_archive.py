# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20: the documents of a month in one archive, of one's own, so many at once."""

from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

from odoo.tests import tagged

from ..controllers import seller_archive
from .invoice_common import MarketplaceInvoiceCommon
from .marketplace_common import make_contract
from .seller_common import create_portal_user

LIST = "/my/channel/invoices"


@tagged("standard", "post_install", "-at_install")
class TestSellerArchive(MarketplaceInvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create_portal_user(cls.env, cls.seller, "claire@atelier.example")
        other = cls.env["res.partner"].create({"name": "Other", "is_company": True})
        make_contract(cls.env, other, cls.company)
        create_portal_user(cls.env, other, "other@atelier.example")

    def make(self, with_file=True):
        invoice = self.issue()
        if with_file:
            for name in ("pdf", "xml"):
                attachment = invoice._keep_file(name, invoice.name.encode())
                invoice[f"{name}_attachment_id"] = attachment
        return invoice

    def get(self, path, login="claire@atelier.example"):
        self.authenticate(login, login)
        return self.url_open(path)

    def archive(self, answer):
        with ZipFile(BytesIO(answer.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_archive_of_a_month(self):
        """B20: each file as it was issued; what has none yet is named."""
        made = [self.make(), self.make()]
        late = self.make(with_file=False)
        month = made[0].date_issued.strftime("%Y-%m")
        page = self.get(f"{LIST}?month={month}")
        self.assertIn("seller_archive", page.text)
        answer = self.get(f"{LIST}/archive?month={month}")
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        expected = {f"{one.name}.pdf": one.name.encode() for one in made}
        files = self.archive(answer)
        self.assertEqual(files.pop("to-come.txt"), late.name.encode())
        self.assertEqual(files, expected)

    def test_so_many_at_once(self):
        """B20: more are refused with what to do, and come in parts."""
        made = [self.make() for _number in range(3)]
        month = made[0].date_issued.strftime("%Y-%m")
        with patch.object(seller_archive, "MAX_DOCUMENTS", 2):
            url = f"{LIST}/archive?month={month}"
            refused = self.get(url)
            self.assertEqual(refused.status_code, 409)
            self.assertIn("part=2", refused.text)
            parts = [self.archive(self.get(f"{url}&part={part}")) for part in (1, 2)]
            self.assertEqual([len(part) for part in parts], [2, 1])
            self.assertEqual(self.get(f"{url}&part=3").status_code, 404)
        names = {f"{one.name}.pdf" for one in made}
        self.assertEqual(parts[0].keys() | parts[1].keys(), names)

    def test_only_ones_own(self):
        """B20: 404 without documents, for another's month, for an odd address."""
        month = self.make().date_issued.strftime("%Y-%m")
        other = "other@atelier.example"
        url = f"{LIST}/archive?month="
        self.assertEqual(self.get(f"{url}{month}", other).status_code, 404)
        for odd in ("", "2019-01", "x", f"{month}&part=²", f"{month}&part=99999999"):
            with self.subTest(odd=odd):
                expected = 200 if "²" in odd else 404
                self.assertEqual(self.get(f"{url}{odd}").status_code, expected)
