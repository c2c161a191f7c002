# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services.seller_books import Movement, check_accounts

READERS = (
    "account.group_account_invoice,account.group_account_readonly,base.group_system"
)
MIMETYPES = {"pdf": "application/pdf", "csv": "text/csv"}


class MarketplaceSellerStatement(models.Model):
    """A month of a seller as it was rendered to it, once and for all (B20).

    Issued when it is first asked for after the month's end, with the months before it
    that were not. It keeps its entries: what is booked later with a day of that month
    is in the first month that is not issued, so that each month begins with what the
    one before ended with. Its files are made once, kept with their hashes, and served
    as they were made. The seller may give other numbers to its own accounts: the same
    entries are then written with them, in another file.
    """

    _name = "marketplace.seller.statement"
    _description = "Statement of a Seller"
    _order = "month desc, id desc"
    _rec_name = "seller_id"

    contract_id = fields.Many2one(
        "marketplace.seller",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    seller_id = fields.Many2one(
        related="contract_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    month = fields.Date(required=True, readonly=True, index=True, help="Its first day.")
    month_name = fields.Char(string="Month in words", compute="_compute_month_name")
    issued_at = fields.Datetime(
        string="Issued on",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="What is booked later is in a later statement, whatever its day.",
    )
    opening = fields.Monetary(
        string="Owed at the beginning", readonly=True, aggregator=None
    )
    closing = fields.Monetary(string="Owed at the end", readonly=True, aggregator=None)
    move_ids = fields.Many2many(
        "account.move",
        "marketplace_seller_statement_move",
        "statement_id",
        "move_id",
        string="Entries",
        readonly=True,
        groups=READERS,
    )
    movements = fields.Json(
        readonly=True,
        prefetch=False,
        groups="base.group_system",
        help="Technical: what the seller enters in its books, with how it is taxed.",
    )
    file_accounts = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="Technical: the seller's accounts in its file.",
    )
    pdf_attachment_id = fields.Many2one(
        "ir.attachment", string="PDF", readonly=True, ondelete="restrict"
    )
    pdf_hash = fields.Char(
        string="Fingerprint of the PDF", readonly=True, help="SHA-256"
    )
    csv_attachment_id = fields.Many2one(
        "ir.attachment", string="Accounting file", readonly=True, ondelete="restrict"
    )
    csv_hash = fields.Char(
        string="Fingerprint of the accounting file", readonly=True, help="SHA-256"
    )

    _month_unique = models.UniqueIndex(
        "(contract_id, currency_id, month)", "This month is issued already."
    )

    @api.depends("seller_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for one in self:
            seller = one.sudo().seller_id.name or ""
            one.display_name = f"{seller} – {one.contract_id._name_month(one.month)}"

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for one in self:
            one.month_name = one.contract_id._name_month(one.month)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a seller was told is kept."))

    def _get_file(self, extension):
        """Return a file of the month, the same that was made first.

        :param str extension: ``pdf`` or ``csv``
        :raise UserError: when it cannot be printed, or is not the one that was issued
        """
        self.ensure_one()
        attachment, known = self._get_kept(extension)
        if not attachment or not self._is_for_accounts(extension):
            content = self._make_file(extension)
            self._keep_file(extension, content)
            return content
        content = attachment.raw or b""
        if hashlib.sha256(content).hexdigest() != known:
            raise UserError(
                self.env._(
                    "The file of %(month)s is not the one that was issued: tell the "
                    "operator.",
                    month=self.contract_id._name_month(self.month),
                )
            )
        return content

    def _get_kept(self, extension):
        return self[f"{extension}_attachment_id"], self[f"{extension}_hash"]

    def _is_for_accounts(self, extension):
        """Whether a file has the accounts that the seller has now."""
        accounts = dict(check_accounts(self.contract_id.ledger_accounts or {})[0])
        return extension != "csv" or self.file_accounts == accounts

    def _make_file(self, extension):
        # Kept for good: in the seller's language, whoever asks for it first.
        language = self.seller_id.lang or self.env.lang
        contract = self.contract_id.with_context(lang=language)
        currency = self.currency_id
        if extension == "pdf":
            return contract._print_statement(currency, self.month)
        if self.movements is False:
            self.movements = {
                "deducts_vat": contract.vat_regime == "taxable",
                "rows": [
                    one._replace(day=f"{one.day:%Y-%m-%d}")
                    for one in contract._get_month_movements(currency, self.month)
                ],
            }
        self.file_accounts = dict(check_accounts(contract.ledger_accounts or {})[0])
        known = [Movement(*row) for row in self.movements["rows"]]
        return contract._write_ledger_file(
            currency,
            self.month,
            [one._replace(day=date.fromisoformat(one.day)) for one in known],
            self.movements["deducts_vat"],
        )

    def _keep_file(self, extension, content):
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._get_file_name(extension),
                "raw": content,
                "mimetype": MIMETYPES[extension],
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
        )
        self[f"{extension}_attachment_id"] = attachment
        self[f"{extension}_hash"] = hashlib.sha256(content).hexdigest()

    def _get_file_name(self, extension):
        series = self.contract_id.series_code
        return f"{series}-{self.month:%Y-%m}-{self.currency_id.name}.{extension}"

    def action_download_pdf(self):
        """Download the statement (accountants); made now when it never was."""
        return self._download("pdf")

    def action_download_csv(self):
        """Download the seller's accounting file (accountants)."""
        return self._download("csv")

    def _download(self, extension):
        self.ensure_one()
        if not self.env.user.has_groups(READERS):
            raise AccessError(self.env._("Only accountants may do this."))
        self.check_access("read")
        statement_sudo = self.sudo()
        statement_sudo._get_file(extension)
        attachment_sudo = statement_sudo._get_kept(extension)[0]
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment_sudo.id}?download=true",
            "target": "download",
        }
