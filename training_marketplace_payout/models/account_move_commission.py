# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .marketplace_payout import LIVE


class AccountMove(models.Model):
    """The invoices of commissions: numbered, they are never edited (B17)."""

    _inherit = "account.move"

    marketplace_settlement_id = fields.Many2one(
        "marketplace.settlement",
        string="Settlement of commissions",
        copy=False,
        readonly=True,
        ondelete="restrict",
    )

    _marketplace_settlement_unique = models.UniqueIndex(
        "(marketplace_settlement_id) WHERE marketplace_settlement_id IS NOT NULL"
    )

    def button_draft(self):
        """Override: what a settlement invoiced is credited, not changed."""
        numbered = self.filtered(
            lambda move: move.marketplace_settlement_id and move.state == "posted"
        )
        if numbered:
            raise UserError(
                self.env._(
                    "%(documents)s: numbered invoices of commissions cannot be changed "
                    "any more. Generate a credit note instead.",
                    documents=", ".join(numbered.mapped("name")),
                )
            )
        return super().button_draft()

    def _set_off_commission_credits(self):
        """Match the credit notes of these sellers with their invoices, oldest first.

        What a payout under way pays is left to it.
        """
        open_lines = self.env["account.move.line"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("move_id.marketplace_settlement_id", "!=", False),
                ("move_id.move_type", "=", "out_refund"),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        for (seller, currency, account), credits in open_lines.grouped(
            lambda line: (line.partner_id, line.currency_id, line.account_id)
        ).items():
            invoices = seller._get_open_commissions(credits.company_id, currency)
            invoices -= invoices._get_promised_commissions()
            debits = invoices.line_ids.filtered(
                lambda line, account=account: line.account_id == account
            )
            if debits:
                (credits + debits).reconcile()

    def _get_promised_commissions(self):
        """Return those of these invoices that a payout under way pays."""
        fees_sudo = self.env["marketplace.payout.fee"].sudo()
        domain = [("move_id", "in", self.ids), ("payout_id.state", "in", LIVE)]
        return fees_sudo.search(domain).move_id

    def action_open_marketplace_settlement(self):
        """Open the settlement that is invoiced."""
        self.ensure_one()
        return self.marketplace_settlement_id._get_records_action()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_open_commissions(self, company, currency):
        """Return the commission invoices that this seller has not wholly paid, oldest
        first. Credit notes were set off against them when they were numbered.

        :rtype: account.move, with sudo
        """
        self.ensure_one()
        return (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("commercial_partner_id", "=", self.commercial_partner_id.id),
                    ("currency_id", "=", currency.id),
                    ("marketplace_settlement_id", "!=", False),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                ],
                order="invoice_date, id",
            )
        )

    def _get_open_commission_lines(self, company, currency):
        """Return what this seller has left to pay of them, the oldest first.

        Few columns are read: a line of the books has a hundred.

        :rtype: account.move.line, with sudo
        """
        invoices_sudo = self._get_open_commissions(company, currency)
        lines_sudo = self.env["account.move.line"].sudo()
        if not invoices_sudo:
            return lines_sudo
        domain = [
            ("move_id", "in", invoices_sudo.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("amount_residual_currency", ">", 0),
        ]
        columns = ["move_id", "move_name", "amount_residual_currency"]
        ranks = {number: rank for rank, number in enumerate(invoices_sudo.ids)}
        found = lines_sudo.search_fetch(domain, columns, order="id")
        return found.sorted(lambda line: ranks[line.move_id.id])
