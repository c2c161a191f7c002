# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from io import BytesIO

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import (
    DictionaryObject,
    NameObject,
    NumberObject,
    OdooPdfFileReader,
    OdooPdfFileWriter,
)

from ..services import invoice_cii, invoice_pdf

REPORT = "training_marketplace_payout.marketplace_invoice_report"
TEMPLATE = "training_marketplace_payout.marketplace_invoice_document"


class MarketplaceInvoice(models.Model):
    """The files of a document: made once from what is frozen, kept with their hashes.

    They come after the number, by a job: what fails here never blocks it (R17).
    """

    _inherit = "marketplace.invoice"

    pdf_attachment_id = fields.Many2one(
        "ir.attachment", string="PDF", readonly=True, ondelete="restrict"
    )
    pdf_hash = fields.Char(string="Fingerprint of the PDF", readonly=True)
    xml_attachment_id = fields.Many2one(
        "ir.attachment", string="XML", readonly=True, ondelete="restrict"
    )
    xml_hash = fields.Char(string="Fingerprint of the XML", readonly=True)

    def _make_files(self):
        """Make the PDF and XML of a document, unless they are made.

        :raise ValueError: when the XML is not valid
        :raise UserError: when the PDF cannot be printed
        """
        self.ensure_one()
        if self.pdf_attachment_id:
            return
        content = self._get_content()
        xml = invoice_cii.build(content)
        language = self._get_language(content["language"])
        pdf = invoice_pdf.embed(
            self._print_pdf(language),
            xml,
            author=content["seller"]["name"],
            title=f"{content['seller']['name']} – {content['number']}",
            lang=language.replace("_", "-"),
        )
        self.write(
            {
                "xml_attachment_id": self._keep_file("xml", xml).id,
                "xml_hash": hashlib.sha256(xml).hexdigest(),
                "pdf_attachment_id": self._keep_file("pdf", pdf).id,
                "pdf_hash": hashlib.sha256(pdf).hexdigest(),
            }
        )

    def _keep_file(self, extension, data):
        return self.env["ir.attachment"].create(
            {
                "name": f"{self.name}.{extension}",
                "raw": data,
                "mimetype": f"application/{extension}",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _get_language(self, code):
        """Return the buyer's language, if the database still knows it."""
        is_known = bool(self.env["res.lang"]._get_data(code=code))
        return code if is_known else "en_US"

    def _print_pdf(self, language):
        """Return the printed document, fit for archiving (PDF/A), without XML.

        :raise UserError: when it cannot be printed
        """
        self.ensure_one()
        localised = self.with_context(lang=language)
        html = localised.env["ir.qweb"]._render(
            TEMPLATE, localised._prepare_print_values()
        )
        reports = localised.env["ir.actions.report"]
        # Without it tables do not take the size of the text around them.
        page = f"<!DOCTYPE html>{html}"
        pdf = reports._run_wkhtmltopdf([page], report_ref=REPORT)
        return to_archive(pdf)

    def _get_changed_files(self):
        """Return which files (``pdf``, ``xml``) are not those that were made."""
        self.ensure_one()
        files = {
            "pdf": (self.pdf_attachment_id, self.pdf_hash),
            "xml": (self.xml_attachment_id, self.xml_hash),
        }
        return [
            name
            for name, (attachment, known) in files.items()
            if known and hashlib.sha256(attachment.raw or b"").hexdigest() != known
        ]

    def _get_file(self, name):
        """Return the content of a file, the same that was made first.

        :param str name: ``pdf`` or ``xml``
        :raise UserError: when it is not made yet, or is not the one that was made
        """
        self.ensure_one()
        if not self.pdf_attachment_id:
            raise UserError(
                self.env._("The files of %(number)s are being made.", number=self.name)
            )
        if name in self._get_changed_files():
            raise UserError(
                self.env._(
                    "The file of %(number)s is not the one that was issued: tell the "
                    "operator.",
                    number=self.name,
                )
            )
        attachment = self[f"{name}_attachment_id"]
        return attachment.raw


def to_archive(pdf):
    """Return a PDF of wkhtmltopdf as one to archive: colours, widths of letters.

    Odoo's own conversion counts on an outline, which the wkhtmltopdf of Debian does
    not make: an empty one is given.
    """
    writer, archived = OdooPdfFileWriter(), BytesIO()
    writer.cloneReaderDocumentRoot(OdooPdfFileReader(BytesIO(pdf), strict=False))
    root = writer._root_object
    if "/Outlines" in root:
        writer.convert_to_pdfa()
    else:
        outlines = DictionaryObject({NameObject("/Type"): NameObject("/Outlines")})
        root[NameObject("/Outlines")] = outlines
        writer.convert_to_pdfa()
        outlines[NameObject("/Count")] = NumberObject(0)
    writer.write(archived)
    return archived.getvalue()
