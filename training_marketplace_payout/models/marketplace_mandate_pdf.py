# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
BATCH = 20


class MarketplaceMandate(models.Model):
    """The mandate as a document to keep: made after the acceptance, never before it,
    so that a failure of the printer costs nobody the acceptance."""

    _inherit = "marketplace.mandate"

    attachment_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, ondelete="restrict"
    )

    def _trigger_pdf(self):
        """Have the documents made soon."""
        job = self.env.ref("training_marketplace_payout.ir_cron_make_mandate_pdfs")
        job.sudo()._trigger()

    @api.model
    def _cron_make_pdfs(self):
        """Make the documents that are missing; one that fails is tried next time."""
        domain = [("attachment_id", "=", False)]
        for mandate in self.search(domain, limit=BATCH):
            try:
                mandate._ensure_pdf()
            except UserError as error:
                _logger.warning("Mandate %s has no PDF yet: %s", mandate.id, error)
            self.env["ir.cron"]._commit_progress(1)

    def _ensure_pdf(self):
        """Return the document, made now when there is none.

        :raise UserError: when it cannot be printed
        """
        self.ensure_one()
        mandate_sudo = self.sudo()
        if mandate_sudo.attachment_id:
            return mandate_sudo.attachment_id
        lang = mandate_sudo.user_id.lang
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            .with_context(lang=lang)
            ._render_qweb_pdf(
                "training_marketplace_payout.action_report_marketplace_mandate",
                mandate_sudo.ids,
            )
        )
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": mandate_sudo._get_file_name(),
                    "datas": base64.b64encode(content),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": mandate_sudo.company_id.id,
                }
            )
        )
        mandate_sudo._keep_document(attachment_sudo)
        return attachment_sudo

    def _get_file_name(self):
        series = self.seller_id.series_code
        return self.env._(
            "Mandate %(series)s version %(version)s.pdf",
            series=series,
            version=self.version,
        )
