# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.mangopay_errors import GatewayError


class MarketplaceDisputeDocument(models.Model):
    """A piece of evidence for a dispute, on its way to Mangopay.

    Its content is kept until Mangopay has it, and no longer.

    If the process dies while `_send` runs: before « sending » is committed nothing was
    sent. After it, whatever arrived, the next run opens another document under another
    key: the half-sent one was not handed in, and Mangopay never looks at it.
    """

    _name = "marketplace.dispute.document"
    _description = "Evidence for a Dispute"
    _order = "id"
    _rec_name = "filename"

    dispute_id = fields.Many2one(
        "marketplace.dispute",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="dispute_id.company_id", store=True, index=True
    )
    document_type = fields.Selection(
        selection=[
            ("DELIVERY_PROOF", "Attendance sheet, proof of delivery"),
            ("INVOICE", "Invoice"),
            ("REFUND_PROOF", "Proof of refund"),
            ("USER_CORRESPONDANCE", "Exchanges with the buyer"),
            ("USER_ACCEPTANCE_PROOF", "Proof that the terms were accepted"),
            ("PRODUCT_REPLACEMENT_PROOF", "Proof of replacement"),
            ("OTHER", "Other"),
        ],
        required=True,
        readonly=True,
    )
    filename = fields.Char(readonly=True)
    content = fields.Binary(attachment=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "To send"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("refused", "Refused by Mangopay"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    reference = fields.Char(string="Id at Mangopay", readonly=True)
    problem = fields.Char(string="What went wrong", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda document: document.state != "draft"):
            raise UserError(self.env._("What was sent to Mangopay is kept."))

    def _send(self, gateway):
        """Send one piece and hand it in; committed before the first call.

        :raise GatewayError: when Mangopay does not say; it is sent again then
        """
        self.ensure_one()
        self.state = "sending"
        self.env["ir.cron"]._commit_progress()
        dispute = self.dispute_id.reference
        try:
            made = gateway.create_dispute_document(
                dispute, self.document_type, key=f"odoo-{secrets.token_hex(14)}"
            )
            gateway.add_dispute_document_page(
                dispute, made["Id"], b64decode(self.content)
            )
            gateway.submit_dispute_document(dispute, made["Id"])
        except GatewayError as error:
            if not error.is_definite:
                raise
            self.write({"state": "refused", "problem": error.message[:500]})
        else:
            self.write({"state": "sent", "reference": made["Id"], "content": False})
        self.env["ir.cron"]._commit_progress()
