# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B12, B23: files, mails, contest and corrections of a seller's invoice."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import OdooPdfFileReader

from ..services import invoice_pdf
from ..services.invoice_cii import GUIDELINE
from .invoice_common import MarketplaceInvoiceCommon
from .seller_common import create_portal_user

SENDER = "training_marketplace_payout.ir_cron_send_marketplace_invoices"
LOGGER = "odoo.addons.training_marketplace_payout.models.marketplace_sending_mixin"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvoiceSend(MarketplaceInvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claire = create_portal_user(cls.env, cls.seller, "claire@atelier.example")

    def setUp(self):
        super().setUp()
        # The files themselves are made for real in one test only.
        cheap = patch.object(invoice_pdf, "embed", lambda pdf, xml, **_names: b"%PDF x")
        self.real_embed = invoice_pdf.embed
        cheap.start()
        self.addCleanup(cheap.stop)
        printer = patch.object(
            type(self.invoices), "_print_pdf", lambda invoice, language: b"%PDF"
        )
        self.real_print = type(self.invoices)._print_pdf
        printer.start()
        self.addCleanup(printer.stop)

    def find_mails(self, invoice):
        return self.env["mail.mail"].search(
            [("model", "=", invoice._name), ("res_id", "=", invoice.id)], order="id"
        )

    def test_files_are_real(self):
        """B12: a PDF that holds the very XML, both kept with their fingerprints."""
        invoice = self.issue()
        with (
            patch.object(invoice_pdf, "embed", self.real_embed),
            patch.object(type(self.invoices), "_print_pdf", self.real_print),
        ):
            invoice._make_files()
        xml, pdf = invoice._get_file("xml"), invoice._get_file("pdf")
        self.assertEqual(invoice.pdf_hash, sha256(pdf).hexdigest())
        self.assertIn(GUIDELINE.encode(), xml)
        reader = OdooPdfFileReader(BytesIO(pdf), strict=False)
        self.assertEqual(dict(reader.getAttachments())["factur-x.xml"], xml)
        self.assertIn(b"pdfaid", pdf.replace(b"\n", b"") + self.read_metadata(reader))
        invoice._make_files()
        self.assertEqual(invoice._get_file("pdf"), pdf)

    def read_metadata(self, reader):
        return reader.trailer["/Root"]["/Metadata"].getObject().getData()

    def test_sent_once_to_each(self):
        """B12: the buyer in its language, the seller's team; once, PDF attached."""
        invoice = self.issue()
        self.run_jobs(SENDER)
        self.assertEqual(invoice.send_state, "done")
        buyer, seller = self.find_mails(invoice)
        self.assertEqual(buyer.recipient_ids, invoice.order_id.partner_id)
        self.assertEqual(seller.recipient_ids, self.claire.partner_id)
        for mail in (buyer, seller):
            self.assertIn(invoice.pdf_attachment_id, mail.attachment_ids)
            self.assertIn(invoice.name, mail.subject)
        self.run_jobs(SENDER)
        self.assertEqual(len(self.find_mails(invoice)), 2)

    @mute_logger(LOGGER)
    def test_a_failure_never_blocks_the_number(self):
        """B12: the PDF fails: number and content stay, the job tries again, then
        asks a person."""
        invoice = self.issue()
        broken = patch.object(
            type(self.invoices), "_print_pdf", side_effect=UserError("no wkhtmltopdf")
        )
        with broken, patch.object(self.env.cr, "rollback", lambda: None):
            for _try in range(6):
                self.run_jobs(SENDER)
        self.assertEqual(invoice.send_state, "failed")
        self.assertEqual(invoice.state, "issued")
        self.assertTrue(invoice.activity_ids)
        self.assertEqual(self.issue().rank, 2)
        invoice.with_user(self.env.ref("base.user_admin")).action_send_again()
        self.run_jobs(SENDER)
        self.assertEqual(invoice.send_state, "done")

    def test_a_changed_file_is_not_given(self):
        """B12: a file that differs from what was sent is told, never served."""
        invoice = self.issue()
        invoice._make_files()
        invoice.pdf_attachment_id.raw = b"%PDF other"
        with self.assertRaises(UserError):
            invoice._get_file("pdf")
        self.assertEqual(self.invoices._verify_chain(self.contract)[1], "file")

    def test_contest_and_correction(self):
        """B23: within the delay, with a reason; the operator corrects by a credit
        note and a new invoice, and no money moves."""
        invoice = self.issue()
        with self.assertRaises(UserError):
            invoice._contest("  ", self.claire)
        invoice._contest("Wrong address", self.claire)
        self.assertEqual(invoice.state, "contested")
        self.assertTrue(invoice.activity_ids)
        with self.assertRaises(UserError):
            invoice._contest("Again", self.claire)
        with self.assertRaises(AccessError):
            invoice.with_user(self.claire).action_correct()
        self.seller.street = "8 quai Valin"
        admin = self.env.ref("base.user_admin")
        invoice.with_user(admin).action_correct()
        self.assertEqual(invoice.state, "corrected")
        [credit] = invoice.credit_ids
        self.assertEqual(credit.amount_total, invoice.amount_total)
        self.assertFalse(credit.refund_id)
        new = invoice._get_live()
        self.assertEqual(new.replaced_id, invoice)
        self.assertEqual(new._get_content()["seller"]["street"], "8 quai Valin")
        self.assertNotEqual(invoice._get_content()["seller"]["street"], "8 quai Valin")
        refund = self.refund(invoice.sale_id, 100.0)
        self.assertEqual(self.invoices._issue_credit_note(refund).origin_id, new)
        self.assertEqual(self.invoices._issue_for_sale(invoice.sale_id), invoice)
        self.assertEqual(self.invoices._verify_chain(self.contract)[1], "")

    def test_contest_ends(self):
        """B23: the seller corrects it itself, or gives up; too late is refused."""
        admin = self.env.ref("base.user_admin")
        one, two, three = self.issue(), self.issue(), self.issue()
        one._contest("Not ours", self.claire)
        one.with_user(admin).action_corrected_by_seller("FA-118")
        self.assertEqual((one.state, one.seller_reference), ("corrected", "FA-118"))
        two._contest("Not ours", self.claire)
        two.with_user(admin).action_withdraw_contest()
        self.assertEqual(two.state, "accepted")
        later = fields.Datetime.now() + timedelta(days=16)
        with freeze_time(later), self.assertRaises(UserError):
            three._contest("Late", self.claire)

    def test_export(self):
        """B23: what waits for the approved platform is taken out and marked, and is
        never said to be sent."""
        exempt = self.issue()
        self.set_regime("taxable")
        taxable = self.issue()
        documents = exempt + taxable
        self.run_jobs(SENDER)
        documents.with_user(self.env.ref("base.user_admin")).action_export()
        self.assertTrue(taxable.exported_at)
        self.assertFalse(exempt.exported_at)
        self.assertEqual(taxable.transmission, "to_transmit")
        with ZipFile(BytesIO(taxable._zip_xml())) as archive:
            [name] = archive.namelist()
        self.assertTrue(name.endswith(f"{taxable.name}.xml"))
        stranger = new_test_user(
            self.env, login="stranger", groups="event.group_event_manager"
        )
        with self.assertRaises(AccessError):
            documents.with_user(stranger).action_export()
