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
        """Match the credit notes of these sellers with their invoices, oldest first."""
        for company, moves in self.grouped("company_id").items():
            # Few of those invoiced have a credit note: one search for all of them.
            credits_sudo = moves.partner_id._get_open_commission_credits(company)
            for seller_sudo in credits_sudo.partner_id:
                seller_sudo._set_off_commission_credits(company)

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

    def _set_off_commission_credits(self, company):
        """Match the credit notes of this seller with its invoices, oldest first.

        What a payout under way pays is left to it, and what one has paid whose entry
        waits to be booked: matched here, that entry would find nothing to pay.

        :return: whether something was matched
        """
        self.ensure_one()
        open_sudo = self._get_open_commission_credits(company)
        groups = open_sudo.grouped(lambda line: (line.currency_id, line.account_id))
        is_done = False
        for (currency, account), credits_sudo in groups.items():
            payouts_sudo = self.env["marketplace.payout"].sudo()
            waiting = payouts_sudo._get_unbooked_fees(company, self, currency)
            invoices_sudo = self._get_open_commissions(company, currency)
            invoices_sudo -= invoices_sudo._get_promised_commissions()
            debits_sudo = invoices_sudo.line_ids.filtered(
                lambda line, account=account, waiting=waiting: (
                    line.account_id == account and line.id not in waiting
                )
            )
            if debits_sudo:
                (credits_sudo + debits_sudo).reconcile()
                is_done = True
        return is_done

    def _get_open_commission_credits(self, company):
        """Return the lines of these sellers' credit notes that no invoice has used up
        yet.

        :rtype: account.move.line, with sudo
        """
        domain = [
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("company_id", "=", company.id),
            ("move_id.marketplace_settlement_id", "!=", False),
            ("move_id.move_type", "=", "out_refund"),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]
        return self.env["account.move.line"].sudo().search(domain)

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
