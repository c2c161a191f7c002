# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

# Payouts that reached Mangopay.
SENT = ("asked", "done", "returned")
# Of one payout: what its entries moved on the accounts of a role, minor units.
MOVED = """
    SELECT COALESCE(SUM((part->>2)::numeric), 0) AS amount
      FROM marketplace_entry entry, jsonb_array_elements(entry.lines) part
     WHERE entry.payout_id = payout.id AND part->>0 = %s
"""


class MarketplaceProof(models.AbstractModel):
    """What sellers were paid is what they were owed, and is in the books (B18)."""

    _inherit = "marketplace.proof"

    def _get_checks(self):
        return [
            *super()._get_checks(),
            ("I11", self._check_payouts_booked),
            ("I7", self._check_netted),
            ("I7", self._check_left_open),
            ("I12", self._check_payouts),
            ("I12", self._check_never_negative),
        ]

    def _check_payouts_booked(self, company):
        """I11: what Mangopay paid is booked on the seller, less what came back."""
        query = SQL(
            """
            SELECT payout.id, payout.currency_id, payout.amount
                   - COALESCE(payout.amount_returned, 0)
                   - COALESCE(payout.fee_returned, 0),
                   moved.amount / (10 ^ currency.decimal_places)::numeric
              FROM marketplace_payout payout
              JOIN res_currency currency ON currency.id = payout.currency_id
              JOIN LATERAL (%s) moved ON TRUE
             WHERE payout.company_id = %s AND payout.state IN ('done', 'returned')
               AND ROUND(moved.amount / (10 ^ currency.decimal_places)::numeric, 4)
                != ROUND(payout.amount - COALESCE(payout.amount_returned, 0)
                         - COALESCE(payout.fee_returned, 0), 4)
            """,
            SQL(MOVED, "seller"),
            company.id,
        )
        return self._find("I11", "marketplace.payout", query)

    def _check_netted(self, company):
        """I7: what a payout netted is the operator's at Mangopay, and is told by it."""
        query = SQL(
            """
            SELECT payout.id, payout.currency_id, netted.amount,
                   LEAST(moved.amount / (10 ^ currency.decimal_places)::numeric,
                         told.amount)
              FROM marketplace_payout payout
              JOIN res_currency currency ON currency.id = payout.currency_id
              JOIN LATERAL (%s) moved ON TRUE
              JOIN LATERAL (
                    SELECT COALESCE(SUM(fee.amount - COALESCE(fee.amount_returned, 0)),
                                    0) AS amount
                      FROM marketplace_payout_fee fee WHERE fee.payout_id = payout.id
                   ) told ON TRUE
              JOIN LATERAL (
                    SELECT COALESCE(payout.fee_amount, 0)
                           - COALESCE(payout.fee_returned, 0) AS amount
                   ) netted ON TRUE
             WHERE payout.company_id = %s AND payout.state IN ('done', 'returned')
               AND (ROUND(moved.amount / (10 ^ currency.decimal_places)::numeric, 4)
                    != ROUND(netted.amount, 4)
                    OR ROUND(told.amount, 4) != ROUND(netted.amount, 4))
            """,
            SQL(MOVED, "fees"),
            company.id,
        )
        return self._find("I7", "marketplace.payout", query)

    def _check_left_open(self, company):
        """I7: nobody was paid to the bank while an older commission was left open.

        Fees stay strictly below what leaves the wallet: one cent may go to the bank.
        What an earlier payout had paid and brought back afterwards was not open yet.
        """
        query = SQL(
            """
            SELECT move.id, move.currency_id, 0, move.amount_residual
              FROM account_move move
              JOIN res_currency currency ON currency.id = move.currency_id
             WHERE move.company_id = %s AND move.state = 'posted'
               AND move.move_type = 'out_invoice'
               AND move.marketplace_settlement_id IS NOT NULL
               AND move.amount_residual > 0
               AND EXISTS (SELECT 1 FROM marketplace_payout payout
                            WHERE payout.seller_id = move.commercial_partner_id
                              AND payout.company_id = move.company_id
                              AND payout.currency_id = move.currency_id
                              AND payout.state = 'done'
                              AND payout.create_date > move.create_date
                              AND ROUND(payout.net_amount
                                  * (10 ^ currency.decimal_places)::numeric) > 1
                              AND move.amount_residual > (%s))
               AND NOT EXISTS (SELECT 1 FROM marketplace_entry entry
                                WHERE entry.company_id = move.company_id
                                  AND entry.kind = 'payout_fees'
                                  AND entry.state IN ('todo', 'blocked'))
            """,
            company.id,
            self._sum_opened_since(),
        )
        return self._find("I7", "account.move", query)

    def _sum_opened_since(self):
        """Return what came back of fees, of an invoice, after a later payout."""
        return SQL(
            """
            SELECT COALESCE(SUM((part->>2)::numeric), 0)
                   / (10 ^ currency.decimal_places)::numeric
              FROM marketplace_payout_fee fee
              JOIN account_move_line line
                ON line.id = fee.move_line_id AND line.move_id = move.id
              JOIN marketplace_entry entry
                ON entry.payout_id = fee.payout_id AND entry.kind = 'payout_return'
               AND entry.create_date >= payout.create_date
              JOIN LATERAL jsonb_array_elements(entry.lines) part
                ON (part->>3)::int = fee.move_line_id
            """
        )

    def _check_payouts(self, company):
        """I12: amount = netted + paid to the bank, and more than was netted; as it was
        asked of Mangopay; to an account of the seller, from the seller's wallet."""
        query = SQL(
            """
            SELECT payout.id, payout.currency_id, payout.amount,
                   COALESCE(payout.fee_amount, 0) + COALESCE(payout.net_amount, 0)
              FROM marketplace_payout payout
              JOIN res_currency currency ON currency.id = payout.currency_id
              LEFT JOIN mangopay_operation operation
                ON operation.kind = 'payout' AND operation.state != 'failed'
               AND operation.res_model = 'marketplace.payout'
               AND operation.res_id = payout.id
              LEFT JOIN mangopay_recipient recipient
                ON recipient.id = payout.recipient_id
              LEFT JOIN mangopay_user payee ON payee.id = recipient.user_id
              LEFT JOIN mangopay_wallet wallet ON wallet.id = payout.wallet_id
              LEFT JOIN mangopay_user holder ON holder.id = wallet.user_id
             WHERE payout.company_id = %s AND payout.state IN %s
               AND (ROUND(payout.amount, 4) != ROUND(COALESCE(payout.fee_amount, 0)
                                                + COALESCE(payout.net_amount, 0), 4)
                    OR COALESCE(payout.net_amount, 0) <= 0
                    OR COALESCE(payout.fee_amount, 0) < 0
                    OR operation.amount_minor IS DISTINCT FROM ROUND(payout.amount
                       * (10 ^ currency.decimal_places)::numeric)
                    OR payee.partner_id IS DISTINCT FROM payout.seller_id
                    OR holder.partner_id IS DISTINCT FROM payout.seller_id)
            """,
            company.id,
            SENT,
        )
        return self._find("I12", "marketplace.payout", query)

    def _check_never_negative(self, company):
        """I12: no seller was paid more than it was owed, or than its wallet had."""
        query = SQL(
            """
            SELECT line.partner_id, line.currency_id, 0, MIN(line.amount)
              FROM (SELECT line.partner_id, line.currency_id,
                           CASE role WHEN 'seller' THEN -SUM(line.amount)
                                ELSE SUM(line.amount) END AS amount
                      FROM (%s) line WHERE role IN ('seller', 'wallet')
                     GROUP BY role, line.partner_id, line.currency_id) line
             WHERE ROUND(line.amount::numeric, 4) < 0
             GROUP BY line.partner_id, line.currency_id
            """,
            self._get_lines(company),
        )
        return self._find("I12", "res.partner", query)


class MarketplaceProofRun(models.Model):
    _inherit = "marketplace.proof.run"

    def _get_expected_fees(self, operations):
        """Override: a payout's fees are what it nets."""
        asked = operations.filtered(lambda one: one.res_model == "marketplace.payout")
        payouts_sudo = self.env["marketplace.payout"].sudo()
        payouts_sudo = payouts_sudo.browse(asked.mapped("res_id")).exists()
        fees = {
            payout.id: to_minor_currency_units(payout.fee_amount, payout.currency_id)
            for payout in payouts_sudo
        }
        return {
            **super()._get_expected_fees(operations),
            **{operation.id: fees.get(operation.res_id, 0) for operation in asked},
        }


class MarketplaceException(models.Model):
    _inherit = "marketplace.exception"

    def _get_seller_statements(self):
        """Override: payouts, settlements, wallets to fund and disputes have theirs."""
        tables = {
            "marketplace.payout": "marketplace_payout",
            "marketplace.settlement": "marketplace_settlement",
            "marketplace.topup": "marketplace_topup",
            "marketplace.dispute": "marketplace_dispute",
        }
        return {
            **super()._get_seller_statements(),
            **{
                model: f"SELECT id, seller_id FROM {table} WHERE id IN %s"
                for model, table in tables.items()
            },
        }


class MarketplacePayout(models.Model):
    _inherit = "marketplace.payout"

    def _get_blocking_exceptions(self, company, seller):
        """Override: an open difference of the books that is about a seller."""
        found_sudo = (
            self.env["marketplace.exception"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "open"),
                    ("seller_id", "=", seller.id),
                ]
            )
        )
        return found_sudo or super()._get_blocking_exceptions(company, seller)
