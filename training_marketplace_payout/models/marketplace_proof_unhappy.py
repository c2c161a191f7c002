# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .marketplace_proof_objects import DEBITS


class MarketplaceProof(models.AbstractModel):
    """Wallets funded by the operator and disputes, in the proof of the books (B19)."""

    _inherit = "marketplace.proof"

    _sale_kinds = (
        *("purchase", "hold", "release", "refused", "refund", "hold_refund"),
        *("transfer", "transfer_back", "settlement"),
    )

    def _get_checks(self):
        return [*super()._get_checks(), ("I11", self._check_pairs)]

    def _check_pairs(self, company):
        """I11: what reached a wallet from the operator, or left one for a lost dispute,
        is one entry of two pairs."""
        query = SQL(
            """
            SELECT operation.id, operation.currency_id,
                   2 * received.amount / (10 ^ currency.decimal_places)::numeric,
                   COALESCE(SUM(debit.amount), 0)
                   / (10 ^ currency.decimal_places)::numeric
              FROM mangopay_operation operation
              JOIN res_currency currency ON currency.id = operation.currency_id
              JOIN LATERAL (
                    SELECT COALESCE(operation.answer->'CreditedFunds'->>'Amount',
                                    operation.answer->'DebitedFunds'->>'Amount',
                                    operation.amount_minor::text)::numeric AS amount
                   ) received ON TRUE
              LEFT JOIN marketplace_entry entry
                ON entry.reference = operation.provider_reference
               AND entry.company_id = operation.company_id
              LEFT JOIN LATERAL (%(debits)s) debit ON TRUE
             WHERE operation.company_id = %(company)s
               AND operation.kind IN ('bankwire', 'settlement')
               AND operation.state = 'succeeded' AND operation.is_followed_up
             GROUP BY operation.id, currency.id, received.amount
            HAVING COUNT(entry.id) != 1
                OR COALESCE(SUM(debit.amount), 0) != 2 * received.amount
            """,
            debits=DEBITS,
            company=company.id,
        )
        return self._find("I11", "mangopay.operation", query)

    def _get_movement_statements(self, company):
        """Override: add what was sent to wallets, and what disputes took."""
        return [
            *super()._get_movement_statements(company),
            self._get_topup_movements(company),
            self._get_settlement_movements(company),
            self._get_dispute_movements(company),
        ]

    def _get_topup_movements(self, company):
        """What arrived in sellers' wallets, whichever pay-in Mangopay made of it."""
        return SQL(
            """
            SELECT 'topup', ROUND(topup.amount_received
                                  * (10 ^ currency.decimal_places)::numeric),
                   topup.currency_id, NULL, topup.seller_id, TRUE
              FROM marketplace_topup topup
              JOIN res_currency currency ON currency.id = topup.currency_id
             WHERE topup.company_id = %s AND topup.amount_received > 0
            """,
            company.id,
        )

    def _get_settlement_movements(self, company):
        """What lost disputes took from the wallets that the payments came into."""
        return SQL(
            """
            SELECT 'settlement', ROUND(dispute.amount_settled
                                       * (10 ^ currency.decimal_places)::numeric),
                   dispute.currency_id, holder.partner_id, sale.seller_id,
                   sale.state = 'confirmed'
              FROM marketplace_dispute dispute
              JOIN res_currency currency ON currency.id = dispute.currency_id
              JOIN marketplace_sale sale ON sale.id = dispute.sale_id
              JOIN payment_transaction tx ON tx.id = sale.tx_id
              JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
              JOIN mangopay_user holder ON holder.id = wallet.user_id
             WHERE dispute.company_id = %s AND dispute.amount_settled > 0
            """,
            company.id,
        )

    def _get_dispute_movements(self, company):
        """What was taken back from sellers for lost disputes."""
        return SQL(
            """
            SELECT 'transfer_refund', operation.amount_minor, operation.currency_id,
                   holder.partner_id, sale.seller_id, TRUE
              FROM (%s) operation
              JOIN marketplace_dispute dispute ON dispute.id = operation.res_id
              JOIN marketplace_sale sale ON sale.id = dispute.sale_id
              JOIN payment_transaction tx ON tx.id = sale.tx_id
              JOIN mangopay_wallet wallet ON wallet.id = tx.mangopay_wallet_id
              JOIN mangopay_user holder ON holder.id = wallet.user_id
             WHERE operation.res_model = 'marketplace.dispute'
            """,
            self._get_done(company, "transfer_refund"),
        )
