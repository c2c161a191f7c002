# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

READERS = (
    "training_marketplace_payout.group_marketplace_support,"
    "account.group_account_invoice,account.group_account_readonly"
)
URL = "/marketplace/invoices"


class MarketplaceInvoice(models.Model):
    """Taking files out: one by one, or those for the seller's approved platform (B23).

    The operator transmits nothing by itself: an export is marked, never « sent ».
    """

    _inherit = "marketplace.invoice"

    def _check_reader(self):
        if not self.env.user.has_groups(READERS):
            raise AccessError(self.env._("Only the marketplace's team may do this."))
        self.check_access("read")

    def action_open_pdf(self):
        """Download the PDF that was issued."""
        return self._open_file("pdf")

    def action_open_xml(self):
        """Download the XML that was issued."""
        return self._open_file("xml")

    def _open_file(self, extension):
        self.ensure_one()
        self._check_reader()
        return {
            "type": "ir.actions.act_url",
            "url": f"{URL}/{self.id}/{extension}",
            "target": "download",
        }

    def action_export(self):
        """Download the XML of the documents that a platform waits for, and mark them.

        :raise UserError: when none of them is to be transmitted, or none has its file
        """
        self._check_reader()
        invoices_sudo = self.sudo().filtered(
            lambda one: one.transmission != "none_needed" and one.xml_attachment_id
        )
        if not invoices_sudo:
            raise UserError(
                self.env._("None of these documents waits for an approved platform.")
            )
        invoices_sudo.write({"exported_at": fields.Datetime.now()})
        ids = ",".join(map(str, invoices_sudo.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"{URL}/export?ids={ids}",
            "target": "download",
        }

    def _zip_xml(self):
        """Return the XML files of these documents in one archive."""
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
            for invoice in self:
                folder = invoice.seller_id.name.replace("/", "-")
                archive.writestr(
                    f"{folder}/{invoice.name}.xml", invoice._get_file("xml")
                )
        return buffer.getvalue()
