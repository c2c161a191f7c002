# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import tempfile
from zipfile import ZIP_STORED, ZipFile

from dateutil.relativedelta import relativedelta
from werkzeug.exceptions import NotFound
from werkzeug.utils import send_file as stream_file

from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools import format_date
from odoo.tools.misc import split_every

from odoo.addons.training_catalogue_payment.services.form import parse_count

from ..services.seller_ledger import parse_month
from .marketplace_invoice import CONFLICT, MarketplaceInvoicePortal
from .seller_balance import GET

ARCHIVE = "/my/channel/invoices/archive"
#: Documents of one archive.
MAX_DOCUMENTS = 300
_CHUNK = 20


class SellerArchive(MarketplaceInvoicePortal):
    """The documents issued in a seller's name, by month, and as one archive (B20)."""

    def _get_month_domain(self, month):
        if not month:
            return Domain.TRUE
        end = month + relativedelta(months=1)
        return Domain("date_issued", ">=", month) & Domain("date_issued", "<", end)

    def _prepare_invoices_values(self, month):
        """Override: the months that have documents, to choose from."""
        groups = (
            request.env["marketplace.invoice"]
            .sudo()
            ._read_group(self._get_own_domain(), ["date_issued:month"], ["__count"])
        )
        counts = {start: count for start, count in groups}

        def month_name(start):
            name = format_date(request.env, start, date_format="MMMM yyyy")
            return name[:1].upper() + name[1:]

        parts = -(-counts.get(month, 0) // MAX_DOCUMENTS) if month else 0
        return {
            **super()._prepare_invoices_values(month),
            "months": sorted(counts, reverse=True),
            "month_name": month_name,
            "parts": range(1, parts + 1),
            "max_documents": MAX_DOCUMENTS,
        }

    @route(ARCHIVE, **GET)
    def portal_seller_archive(self, month="", part="", **_kwargs):
        """Download the documents of a month, so many at once at most."""
        month = parse_month(month)
        if not month:
            raise NotFound()
        domain = Domain(self._get_own_domain()) & self._get_month_domain(month)
        invoices_sudo = request.env["marketplace.invoice"].sudo()
        count = invoices_sudo.search_count(domain)
        number = max(parse_count(part) or 0, 0)
        if not count or (number - 1) * MAX_DOCUMENTS >= count:
            raise NotFound()
        if count > MAX_DOCUMENTS and not number:
            return self._refuse_archive(month, count)
        found_sudo = invoices_sudo.search(
            domain,
            order="date_issued, id",
            limit=MAX_DOCUMENTS,
            offset=max(number - 1, 0) * MAX_DOCUMENTS,
        )
        suffix = f"-{number}" if number else ""
        return stream_file(
            self._zip_documents(found_sudo),
            request.httprequest.environ,
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"{month:%Y-%m}{suffix}.zip",
            max_age=0,
        )

    def _refuse_archive(self, month, count):
        refusal = request.env._(
            "This month has %(count)s documents: download them in parts of %(limit)s.",
            count=count,
            limit=MAX_DOCUMENTS,
        )
        return self._render_invoices(month, refusal=refusal, status=CONFLICT)

    def _zip_documents(self, invoices_sudo):
        """Return the archive in a file of the system, never whole in memory.

        PDF files are compressed already. What has no file yet is named in a text.
        """
        archive_file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        missing = []
        with ZipFile(archive_file, "w", ZIP_STORED) as archive:
            for ids in split_every(_CHUNK, invoices_sudo.ids):
                chunk_sudo = invoices_sudo.browse(ids)
                for invoice in chunk_sudo:
                    if invoice.pdf_attachment_id:
                        archive.writestr(
                            f"{invoice.name}.pdf", invoice._get_file("pdf")
                        )
                    else:
                        missing.append(invoice.name)
                chunk_sudo.pdf_attachment_id.invalidate_recordset(["raw", "datas"])
            if missing:
                archive.writestr("to-come.txt", "\n".join(missing))
        archive_file.seek(0)
        return archive_file
