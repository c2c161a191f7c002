# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.training_catalogue_payment.controllers.training_portal import (
    TrainingPortal,
)
from odoo.addons.training_catalogue_payment.services.form import parse_count

from ..models.marketplace_invoice_export import URL
from ..services.seller_ledger import parse_month

_LIST = "/my/channel/invoices"
_ONE = f"{_LIST}/<int(max=2147483647):invoice_id>"
_FILE = "<any(pdf,xml):extension>"
_GET = {"type": "http", "auth": "user", "website": True, "methods": ["GET"]}
_POST = {"type": "http", "auth": "user", "website": True, "methods": ["POST"]}
CONFLICT = 409
MAX_EXPORT = 1000


def send_file(name, content, mimetype):
    """Answer with a file to keep."""
    headers = [
        ("Content-Type", mimetype),
        ("Content-Disposition", content_disposition(name)),
    ]
    return request.make_response(content, headers=headers)


def send_document(invoice_sudo, extension):
    """Answer with a file of a document, or 404 while it is being made."""
    if not invoice_sudo.pdf_attachment_id:
        raise NotFound()
    content = invoice_sudo._get_file(extension)
    name = f"{invoice_sudo.name}.{extension}"
    return send_file(name, content, f"application/{extension}")


class MarketplaceInvoicePortal(TrainingPortal):
    """What sellers and buyers see of the documents issued under a mandate (B12, B23).

    A seller's users see their own organisation's, a buyer those of a purchase of
    theirs; another's are not found.
    """

    # The seller

    def _get_own_domain(self):
        """Return the documents of the organisation of who is logged in.

        :raise NotFound: for who has never been a seller
        """
        partner_sudo = request.env.user.partner_id.sudo().commercial_partner_id
        contracts_sudo = request.env["marketplace.seller"].sudo()
        if not contracts_sudo.search_count(
            [("partner_id", "=", partner_sudo.id)], limit=1
        ):
            raise NotFound()
        return [("seller_id", "=", partner_sudo.id)]

    def _get_own_invoice(self, invoice_id):
        domain = [("id", "=", invoice_id), *self._get_own_domain()]
        invoice_sudo = request.env["marketplace.invoice"].sudo().search(domain)
        if not invoice_sudo:
            raise NotFound()
        return invoice_sudo

    @route([_LIST, f"{_LIST}/page/<int:page>"], **_GET)
    def portal_seller_invoices(self, page=1, month="", **_kwargs):
        """List what was issued in the seller's name, newest first."""
        return self._render_invoices(parse_month(month), page)

    def _get_month_domain(self, month):
        """Hook: return the documents of a month, given by its first day, or all."""
        return Domain.TRUE

    def _prepare_invoices_values(self, month):
        """Hook: return what the list says besides its documents."""
        return {"month": month}

    def _render_invoices(self, month, page=1, *, refusal="", status=200):
        domain = Domain(self._get_own_domain()) & self._get_month_domain(month)
        invoices_sudo = request.env["marketplace.invoice"].sudo()
        pager = portal_pager(
            url=_LIST,
            url_args={"month": f"{month:%Y-%m}"} if month else {},
            total=invoices_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            self._prepare_invoices_values(month),
            invoices=invoices_sudo.search(
                domain, limit=self._items_per_page, offset=pager["offset"]
            ),
            refusal=refusal,
            pager=pager,
            page_name="marketplace_invoices",
            default_url=_LIST,
        )
        return request.render(
            "training_marketplace_payout.portal_seller_invoices", values, status=status
        )

    @route(_ONE, **_GET)
    def portal_seller_invoice(self, invoice_id, done=None, **_kwargs):
        """Show one document, and where it may be contested."""
        return self._render_invoice(self._get_own_invoice(invoice_id), done=done)

    @route(f"{_ONE}/{_FILE}", **_GET)
    def portal_seller_invoice_file(self, invoice_id, extension, **_kwargs):
        """Download the PDF or the XML."""
        return send_document(self._get_own_invoice(invoice_id), extension)

    @route(f"{_ONE}/contest", **_POST)
    def portal_seller_invoice_contest(self, invoice_id, reason="", **_kwargs):
        """Contest a document within the delay of the mandate (CGI art. 289 I-2)."""
        invoice_sudo = self._get_own_invoice(invoice_id)
        try:
            invoice_sudo._contest(reason, request.env.user)
        except UserError as error:
            return self._render_invoice(invoice_sudo, refusal=str(error), reason=reason)
        return request.redirect(f"{_LIST}/{invoice_sudo.id}?done=contested")

    def _render_invoice(self, invoice_sudo, *, done=None, refusal="", reason=""):
        values = self._prepare_portal_layout_values()
        values.update(
            seller_doc=invoice_sudo,
            page_name="marketplace_invoices",
            done=done,
            refusal=refusal,
            reason=reason,
        )
        return request.render(
            "training_marketplace_payout.portal_seller_invoice",
            values,
            status=CONFLICT if refusal else 200,
        )

    # The buyer

    @route(
        "/my/trainings/<int(max=2147483647):request_id>/document/"
        "<int(max=2147483647):invoice_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_training_document(
        self, request_id, invoice_id, access_token=None, **_kwargs
    ):
        """Download a seller's invoice or credit note of one's own purchase."""
        purchase_sudo = self._get_purchase_sudo(request_id, access_token)
        invoice_sudo = purchase_sudo.marketplace_invoice_ids.filtered(
            lambda one: one.id == invoice_id
        )
        if not invoice_sudo:
            raise NotFound()
        return send_document(invoice_sudo, "pdf")

    # The operator

    def _get_read_invoices(self, ids):
        """Return documents that who is logged in may read, with sudo, or 404."""
        invoices = request.env["marketplace.invoice"].browse(ids).exists()
        try:
            invoices._check_reader()
        except AccessError as error:
            raise NotFound() from error
        if not invoices:
            raise NotFound()
        return invoices.sudo()

    @route(f"{URL}/<int(max=2147483647):invoice_id>/{_FILE}", auth="user")
    def marketplace_invoice_file(self, invoice_id, extension, **_kwargs):
        """Download a file from the back office."""
        return send_document(self._get_read_invoices([invoice_id]), extension)

    @route(f"{URL}/export", auth="user")
    def marketplace_invoice_export(self, ids="", **_kwargs):
        """Download the XML of several documents, in one archive."""
        numbers = [parse_count(one) for one in ids.split(",")]
        numbers = [number for number in numbers if number][:MAX_EXPORT]
        archive = self._get_read_invoices(numbers)._zip_xml()
        return send_file("factur-x.zip", archive, "application/zip")
