# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .marketplace_proof import Difference

#: What the yearly statement calls sales and refunds.
KINDS = ("purchase", "release", "refund")


class MarketplaceProof(models.AbstractModel):
    _inherit = "marketplace.proof"

    def _get_checks(self):
        return [*super()._get_checks(), ("I13", self._check_dac7)]

    def _check_dac7(self, company):
        """I13: what sellers were told of a year is what was written down of it."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT told.id, told.currency_id,
                       COALESCE(booked.amount, 0), told.amount
                  FROM (%(told)s) told
                  LEFT JOIN (%(booked)s) booked
                         ON booked.seller_id = told.seller_id
                        AND booked.currency_id = told.currency_id
                        AND booked.year = told.year
                 WHERE ROUND(told.amount::numeric, 4)
                    != ROUND(COALESCE(booked.amount, 0)::numeric, 4)
                 ORDER BY told.id
                """,
                told=self._get_told(company),
                booked=self._get_booked_of_sellers(company),
            )
        )
        return [
            Difference("I13", "marketplace.dac7.statement", row, currency, *amounts)
            for row, currency, *amounts in rows
        ]

    def _get_told(self, company):
        return SQL(
            """
            SELECT statement.id, statement.seller_id, statement.currency_id,
                   declaration.year, SUM(quarter.sold - quarter.refunded) AS amount
              FROM marketplace_dac7_quarter quarter
              JOIN marketplace_dac7_statement statement
                ON statement.id = quarter.statement_id
              JOIN marketplace_dac7 declaration
                ON declaration.id = statement.declaration_id
             WHERE declaration.company_id = %s AND declaration.state != 'draft'
             GROUP BY statement.id, declaration.year
            """,
            company.id,
        )

    def _get_booked_of_sellers(self, company):
        """Return what was written down for sellers, by year of the organisation.

        A purchase is counted in the year it was sold in, as it is told: its entry bears
        the moment of the payment at Mangopay, which may be the last of a year where the
        sale is the first of the next one.
        """
        return SQL(
            """
            SELECT (part->>1)::int AS seller_id, entry.currency_id,
                   EXTRACT(YEAR FROM CASE entry.kind
                               WHEN 'purchase' THEN sale.confirmed_at
                               ELSE entry.date END
                           AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s) AS year,
                   -SUM((part->>2)::numeric / (10 ^ currency.decimal_places)) AS amount
              FROM marketplace_entry entry
              JOIN res_currency currency ON currency.id = entry.currency_id
              LEFT JOIN marketplace_sale sale ON sale.id = entry.sale_id,
                   jsonb_array_elements(entry.lines) part
             WHERE entry.company_id = %(company)s AND entry.kind IN %(kinds)s
               AND part->>0 = 'seller'
             GROUP BY 1, 2, 3
            """,
            company=company.id,
            kinds=KINDS,
            zone=company._get_marketplace_zone(),
        )
