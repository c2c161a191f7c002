# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class MarketplaceProof(models.AbstractModel):
    """What payouts moved, for the balances that are counted a second way."""

    _inherit = "marketplace.proof"

    def _get_movement_statements(self, company):
        return [
            *super()._get_movement_statements(company),
            self._get_payout_movements(company),
            self._get_return_movements(company),
        ]

    def _get_payout_movements(self, company):
        """What left sellers' wallets, the fees included; what a person had declared
        failed, and Mangopay did all the same, too."""
        return SQL(
            """
            SELECT 'payout', operation.amount_minor, operation.currency_id,
                   NULL::int, payout.seller_id, TRUE
              FROM mangopay_operation operation
              JOIN marketplace_payout payout ON payout.id = operation.res_id
             WHERE operation.company_id = %s AND operation.kind = 'payout'
               AND operation.res_model = 'marketplace.payout'
               AND operation.is_followed_up
               AND (operation.state = 'succeeded'
                    OR operation.answer->>'Status' = 'SUCCEEDED')
            """,
            company.id,
        )

    def _get_return_movements(self, company):
        """What banks sent back, and the fees that came back with it: Mangopay makes
        these refunds itself, no operation asks for them."""
        return SQL(
            """
            SELECT 'payout_return',
                   ROUND((payout.amount_returned + payout.fee_returned)
                         * (10 ^ currency.decimal_places)::numeric)::int,
                   payout.currency_id, NULL::int, payout.seller_id, TRUE
              FROM marketplace_payout payout
              JOIN res_currency currency ON currency.id = payout.currency_id
             WHERE payout.company_id = %s AND payout.state = 'returned'
            """,
            company.id,
        )
