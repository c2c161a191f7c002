# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

# What is not invoiced by then has been forgotten, or cannot be.
TIMING_DAYS = 2


class MarketplaceProof(models.AbstractModel):
    """What is invoiced for sellers is what was paid; and nobody touched it (D11)."""

    _inherit = "marketplace.proof"

    def _get_checks(self):
        return [
            *super()._get_checks(),
            ("I5", self._check_invoices),
            ("I10", self._check_series),
            ("I10", self._check_seals),
        ]

    def _get_invoiced(self, company):
        """Return each confirmed sale with what was paid and kept, what is invoiced
        less credit notes, and when something last happened to it."""
        return SQL(
            """
            SELECT sale.id, sale.seller_id, sale.order_id, sale.currency_id,
                   sale.amount_total - COALESCE(sale.amount_refunded, 0) AS paid,
                   COALESCE(invoice.amount, 0) AS invoiced,
                   sale.confirmed_at AS moment,
                   GREATEST(sale.confirmed_at, refund.moment) AS last_moment
              FROM marketplace_sale sale
              LEFT JOIN LATERAL (
                    SELECT SUM(one.amount_signed) AS amount
                      FROM marketplace_invoice one WHERE one.sale_id = sale.id
                    ) invoice ON TRUE
              LEFT JOIN LATERAL (
                    SELECT MAX(one.date) AS moment
                      FROM marketplace_refund one WHERE one.sale_id = sale.id
                    ) refund ON TRUE
             WHERE sale.company_id = %s AND sale.state = 'confirmed'
            """,
            company.id,
        )

    def _check_invoices(self, company):
        """I5: sellers' invoices less credit notes = payments less refunds, by sale.

        What is on its way to be invoiced is a difference in time, not in amount.
        """
        query = SQL(
            """
            SELECT sale.id, sale.currency_id, sale.paid, sale.invoiced
              FROM (%s) sale JOIN sale_order orders ON orders.id = sale.order_id
             WHERE ROUND(sale.paid::numeric, 4) != ROUND(sale.invoiced::numeric, 4)
               AND (orders.training_followup_state = 'done'
                    OR sale.last_moment < NOW() AT TIME ZONE 'UTC'
                                          - %s * INTERVAL '1 day')
            """,
            self._get_invoiced(company),
            TIMING_DAYS,
        )
        return self._find("I5", "marketplace.sale", query)

    def _check_series(self, company):
        """I10: from 1 to the last, each number once, dates that never go back."""
        query = SQL(
            """
            SELECT contract_id, NULL, SUM(expected), SUM(counted)
              FROM (SELECT series.id, series.contract_id,
                           COALESCE(series.last_rank, 0) AS expected,
                           COUNT(invoice.id) AS counted,
                           COALESCE(MAX(invoice.rank), 0) AS last_rank,
                           BOOL_OR(invoice.date_issued < invoice.before) AS is_back
                      FROM marketplace_invoice_series series
                      JOIN marketplace_seller contract
                        ON contract.id = series.contract_id
                      LEFT JOIN (
                            SELECT one.*, LAG(one.date_issued) OVER (
                                       PARTITION BY one.series_id ORDER BY one.rank
                                   ) AS before
                              FROM marketplace_invoice one
                           ) invoice ON invoice.series_id = series.id
                     WHERE contract.company_id = %s
                     GROUP BY series.id) series
             WHERE expected != counted OR expected != last_rank OR is_back
             GROUP BY contract_id
            """,
            company.id,
        )
        return self._find("I10", "marketplace.seller", query)

    def _check_seals(self, company):
        """I10: each document seals its content and the one before, year after year;
        what is counted is what is frozen."""
        query = SQL(
            """
            SELECT id, currency_id, frozen, amount_total
              FROM (SELECT invoice.id, invoice.currency_id, invoice.amount_total,
                           invoice.snapshot, invoice.seal, invoice.name,
                           COALESCE(invoice.previous_seal, '') AS previous,
                           (invoice.snapshot::jsonb #>> '{totals,total}')::numeric
                           AS frozen,
                           invoice.snapshot::jsonb ->> 'number' AS number,
                           COALESCE(LAG(invoice.seal) OVER (
                               PARTITION BY series.contract_id, series.kind
                                   ORDER BY series.year, invoice.rank), '') AS before
                      FROM marketplace_invoice invoice
                      JOIN marketplace_invoice_series series
                        ON series.id = invoice.series_id
                     WHERE invoice.company_id = %s) invoice
             WHERE previous != before OR number != name
                OR ROUND(frozen, 4) != ROUND(amount_total, 4)
                OR seal != ENCODE(SHA256(CONVERT_TO(
                       previous || CHR(10) || snapshot, 'UTF8')), 'hex')
             ORDER BY id
            """,
            company.id,
        )
        return self._find("I10", "marketplace.invoice", query)
