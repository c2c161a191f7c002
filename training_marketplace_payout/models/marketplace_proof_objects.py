# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .marketplace_proof import Difference

# Of an entry: what is debited, in minor units.
DEBITS = SQL(
    """
    SELECT SUM((part->>2)::numeric) AS amount
      FROM jsonb_array_elements(entry.lines) part
     WHERE (part->>2)::numeric > 0
    """
)


class MarketplaceProof(models.AbstractModel):
    """One object at Mangopay, one movement, one entry."""

    _inherit = "marketplace.proof"

    #: kinds of operation that move money, each booked by one entry
    _booked_kinds = ("payin", "payin_refund", "transfer", "transfer_refund")

    def _get_checks(self):
        return [
            *super()._get_checks(),
            ("I11", self._check_operations),
            ("I11", self._check_refunds),
            ("I11", self._check_entries),
            ("manual", self._check_manual),
        ]

    def _find(self, check, model, query):
        """Return the differences of a statement: id, currency, expected, found."""
        return [
            Difference(check, model, res_id, currency, float(ought or 0), float(have))
            for res_id, currency, ought, have in self.env.execute_query(query)
        ]

    def _check_operations(self, company):
        """I11: what Mangopay did for us is one movement, of the same amount."""
        query = SQL(
            """
            SELECT operation.id, operation.currency_id,
                   operation.amount_minor / (10 ^ currency.decimal_places)::numeric,
                   COALESCE(SUM(debit.amount), 0)
                   / (10 ^ currency.decimal_places)::numeric
              FROM mangopay_operation operation
              JOIN res_currency currency ON currency.id = operation.currency_id
              LEFT JOIN marketplace_entry entry
                ON entry.reference = operation.provider_reference
               AND entry.company_id = operation.company_id
              LEFT JOIN LATERAL (%(debits)s) debit ON TRUE
             WHERE operation.company_id = %(company)s
               AND operation.kind IN %(kinds)s
               AND operation.state = 'succeeded' AND operation.is_followed_up
             GROUP BY operation.id, currency.id
            HAVING COUNT(entry.id) != 1
                OR COALESCE(SUM(debit.amount), 0) != operation.amount_minor
            """,
            debits=DEBITS,
            company=company.id,
            kinds=self._booked_kinds,
        )
        return self._find("I11", "mangopay.operation", query)

    def _check_refunds(self, company):
        """I11: each refund that is done, wherever it was made, is one movement."""
        query = SQL(
            """
            SELECT refund.id, refund.currency_id, -refund.amount, 0
              FROM payment_transaction refund
              JOIN payment_transaction tx ON tx.id = refund.source_transaction_id
              LEFT JOIN marketplace_entry entry
                ON entry.reference = refund.provider_reference
               AND entry.company_id = refund.company_id
             WHERE refund.company_id = %s AND refund.operation = 'refund'
               AND refund.state = 'done' AND tx.mangopay_wallet_id IS NOT NULL
             GROUP BY refund.id HAVING COUNT(entry.id) != 1
            """,
            company.id,
        )
        return self._find("I11", "payment.transaction", query)

    def _check_entries(self, company):
        """I11: each booked movement is its own entry, posted, of the same amount."""
        query = SQL(
            """
            SELECT entry.id, entry.currency_id,
                   debit.amount / (10 ^ currency.decimal_places),
                   COALESCE(booked.amount, 0)
              FROM marketplace_entry entry
              JOIN res_currency currency ON currency.id = entry.currency_id
              LEFT JOIN account_move move ON move.id = entry.move_id
               AND move.state = 'posted' AND move.marketplace_key = entry.key
              LEFT JOIN LATERAL (%s) debit ON TRUE
              LEFT JOIN LATERAL (
                    SELECT SUM(line.amount_currency) AS amount
                      FROM account_move_line line
                     WHERE line.move_id = move.id AND line.amount_currency > 0
                    ) booked ON TRUE
             WHERE entry.company_id = %s AND entry.state = 'booked'
               AND ROUND(debit.amount / (10 ^ currency.decimal_places)::numeric, 4)
                != ROUND(COALESCE(booked.amount, 0), 4)
            """,
            DEBITS,
            company.id,
        )
        return self._find("I11", "marketplace.entry", query)

    def _check_manual(self, company):
        """I8, I11: nothing but the marketplace's movements is on its accounts."""
        company_sudo = company.sudo()
        accounts = (
            company_sudo.marketplace_wallet_account_id
            | company_sudo.marketplace_seller_account_id
            | company_sudo.marketplace_hold_account_id
        )
        query = SQL(
            """
            SELECT move.id, MIN(line.currency_id), 0,
                   SUM(ABS(line.amount_currency))
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE line.company_id = %s AND line.parent_state = 'posted'
               AND line.account_id IN %s
               AND NOT EXISTS (SELECT 1 FROM marketplace_entry entry
                                WHERE entry.move_id = move.id)
             GROUP BY move.id
            """,
            company.id,
            tuple(accounts.ids) or (0,),
        )
        return self._find("manual", "account.move", query)
