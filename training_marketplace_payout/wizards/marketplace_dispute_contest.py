# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..services.safe_file import check_file

# What Mangopay takes as a page (api-reference/dispute-documents).
TYPES = ("application/pdf", "image/jpeg", "image/png")


class MarketplaceDisputeContest(models.TransientModel):
    """Contest a disputed payment: how much, and with which evidence (B19)."""

    _name = "marketplace.dispute.contest"
    _description = "Contest a Dispute"

    dispute_id = fields.Many2one("marketplace.dispute", required=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    deadline = fields.Datetime(related="dispute_id.deadline")
    amount = fields.Monetary(
        string="Amount to contest",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
    )
    line_ids = fields.One2many(
        "marketplace.dispute.contest.line", "contest_id", string="Evidence"
    )

    @api.depends("dispute_id")
    def _compute_amount(self):
        for contest in self:
            contest.amount = contest.dispute_id.amount

    def action_contest(self):
        """Write the answer down; a job sends it at once."""
        self.ensure_one()
        dispute = self.dispute_id
        dispute._check_answerable()
        if not 0 < self.amount <= dispute.amount:
            raise UserError(self.env._("Contest a part of what is disputed, or all."))
        if not self.line_ids:
            raise UserError(self.env._("Add a piece of evidence at least."))
        dispute_sudo = dispute.sudo()
        self.env["marketplace.dispute.document"].sudo().create(
            [line._prepare_document(dispute_sudo) for line in self.line_ids]
        )
        dispute_sudo._answer("contest", self.amount)
        return {"type": "ir.actions.act_window_close"}


class MarketplaceDisputeContestLine(models.TransientModel):
    """One piece of evidence."""

    _name = "marketplace.dispute.contest.line"
    _description = "Evidence to Send"

    contest_id = fields.Many2one(
        "marketplace.dispute.contest", required=True, ondelete="cascade"
    )
    document_type = fields.Selection(
        selection=lambda self: self._get_types(), required=True
    )
    content = fields.Binary(string="File", required=True)
    filename = fields.Char()

    @api.model
    def _get_types(self):
        field = self.env["marketplace.dispute.document"]._fields["document_type"]
        return field._description_selection(self.env)

    def _prepare_document(self, dispute):
        """Return the values of the piece to send.

        :raise UserError: for what is neither a PDF nor a picture
        """
        name, kind, _problem = check_file(self.filename or "", b64decode(self.content))
        if kind not in TYPES:
            raise UserError(
                self.env._(
                    "« %(file)s » is neither a PDF nor a picture (JPG, PNG), or it is "
                    "too big.",
                    file=self.filename or "",
                )
            )
        return {
            "dispute_id": dispute.id,
            "document_type": self.document_type,
            "filename": name,
            "content": self.content,
        }
