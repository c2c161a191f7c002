# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

# What Mangopay did or may do, and the books do not say yet.
UNDER_WAY = ("draft", "sending", "unknown", "pending")


class ResPartner(models.Model):
    """What of a seller's money is not free, and what the seller owes (B19)."""

    _inherit = "res.partner"

    def _get_wallet_left(self, company, currency):
        """Return what is in a seller's wallet by the books, less what is leaving it.

        Mangopay shows a seller's balance to the seller only.

        :return: minor units
        """
        self.ensure_one()
        self.env.flush_all()
        [[amount]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(amount), 0) FROM (%s) line
                 WHERE role = 'wallet' AND partner_id = %s AND currency_id = %s
                """,
                self.env["marketplace.proof"]._get_lines(company),
                self.id,
                currency.id,
            )
        )
        leaving = self._get_wallet_leaving(company, currency)
        # A sum of floats may be a hair below its cent, and is rounded down there.
        left = currency.round(float(amount))
        return to_minor_currency_units(left, currency) - leaving

    def _get_wallet_leaving(self, company, currency):
        """Return what was asked to leave a seller's wallet and is not booked yet:
        payouts, and what is taken back; minor units."""
        payouts_sudo = self.env["marketplace.payout"].sudo()
        [[paid]] = payouts_sudo._read_group(
            [
                ("seller_id", "=", self.id),
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
                ("state", "=", "asked"),
            ],
            [],
            ["amount:sum"],
        )
        operations_sudo = self.env["mangopay.operation"].sudo()
        backs_sudo = operations_sudo.search(
            [
                ("kind", "=", "transfer_refund"),
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
                ("state", "in", UNDER_WAY),
            ]
        ).filtered(lambda one: one._get_subject()._get_back_seller() == self)
        asked = currency.round(paid or 0.0)
        return to_minor_currency_units(asked, currency) + sum(
            backs_sudo.mapped("amount_minor")
        )

    def _get_disputed(self, company, currency):
        """Return what of this seller's money is claimed by payments under dispute: it
        is not paid out.

        :return: minor units
        """
        self.ensure_one()
        disputes_sudo = (
            self.env["marketplace.dispute"]
            .sudo()
            .search(
                [
                    ("seller_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("currency_id", "=", currency.id),
                    "|",
                    ("state", "!=", "closed"),
                    ("recovery", "=", "waiting"),
                ]
            )
        )
        return sum(dispute._get_claim_minor() for dispute in disputes_sudo)

    def _get_marketplace_debts(self, company, currency):
        """Return what this seller owes the operator, the oldest first: what was
        advanced for refunds after a payout, and disputes that were lost.

        :return: list of (open `account.move.line` of 467100, its residual in the
            currency); nothing below zero
        """
        self.ensure_one()
        lines_sudo = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("account_id", "=", company.marketplace_debit_account_id.id),
                    ("partner_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("currency_id", "=", currency.id),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual_currency", ">", 0),
                ],
                order="date, id",
            )
        )
        return [(line, line.amount_residual_currency) for line in lines_sudo]


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _get_back_seller(self):
        """Return from whose wallet money is taken back for this refund."""
        return self.source_transaction_id._get_marketplace_sale().seller_id


class MarketplacePayout(models.Model):
    _inherit = "marketplace.payout"

    def _get_debts(self, company, seller, currency):
        """Override: what was advanced for the seller is netted from its payouts."""
        debts = super()._get_debts(company, seller, currency)
        return [*debts, *seller._get_marketplace_debts(company, currency)]

    def _get_claimed(self):
        """Override: what is disputed is claimed as a refund under way is: it is not
        paid out before the bank has decided, nor before it is settled."""
        return SQL(
            """
            %s UNION ALL
            SELECT dispute.tx_id, dispute.amount FROM marketplace_dispute dispute
             WHERE dispute.kind != 'RETRIEVAL'
               AND (dispute.state != 'closed' OR dispute.recovery = 'waiting')
            """,
            super()._get_claimed(),
        )
