# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

# Days after the end of a month within which it is settled.
SETTLE_DAYS = 3
# Cents that the shares of a tax may be rounded by.
TAX_CENTS = 3


class MarketplaceProof(models.AbstractModel):
    """Commissions are what the sales say, invoiced once, and taxed when paid (B17)."""

    _inherit = "marketplace.proof"

    def _get_checks(self):
        return [
            *super()._get_checks(),
            ("I6", self._check_settlements),
            ("I6", self._check_settled_invoices),
            ("I6", self._check_unsettled),
            ("I9", self._check_vat_on_payment),
        ]

    def _check_settlements(self, company):
        """I6: a month's commission = those of its sales less those given back."""
        query = SQL(
            """
            SELECT settlement.id, settlement.currency_id,
                   COALESCE(sold.amount, 0) - COALESCE(given.amount, 0),
                   COALESCE(settlement.commission_amount, 0)
              FROM marketplace_settlement settlement
              LEFT JOIN LATERAL (
                    SELECT SUM(sale.commission) AS amount FROM marketplace_sale sale
                     WHERE sale.settlement_id = settlement.id) sold ON TRUE
              LEFT JOIN LATERAL (
                    SELECT SUM(refund.commission) AS amount
                      FROM marketplace_refund refund
                     WHERE refund.settlement_id = settlement.id
                       AND (refund.is_held
                            OR settlement.refund_policy = 'given_back')) given ON TRUE
             WHERE settlement.company_id = %s
               AND ROUND(COALESCE(sold.amount, 0) - COALESCE(given.amount, 0), 4)
                != ROUND(COALESCE(settlement.commission_amount, 0), 4)
            """,
            company.id,
        )
        return self._find("I6", "marketplace.settlement", query)

    def _check_settled_invoices(self, company):
        """I6: what is settled is invoiced, posted, for that amount before tax."""
        query = SQL(
            """
            SELECT settlement.id, settlement.currency_id,
                   COALESCE(settlement.invoiced_amount, 0),
                   COALESCE(move.untaxed, 0)
              FROM marketplace_settlement settlement
              LEFT JOIN LATERAL (
                    SELECT CASE one.move_type WHEN 'out_refund'
                           THEN -one.amount_untaxed ELSE one.amount_untaxed END
                           AS untaxed
                      FROM account_move one
                     WHERE one.id = settlement.move_id AND one.state = 'posted'
                       AND one.marketplace_settlement_id = settlement.id
                   ) move ON TRUE
             WHERE settlement.company_id = %s AND settlement.state = 'done'
               AND ROUND(COALESCE(move.untaxed, 0), 4)
                != ROUND(COALESCE(settlement.invoiced_amount, 0), 4)
            """,
            company.id,
        )
        return self._find("I6", "marketplace.settlement", query)

    def _check_unsettled(self, company):
        """I6: each sale of a month that is over is in a settlement, a few days later.

        A sale names one settlement at most: it is never in two.
        """
        query = SQL(
            """
            SELECT sale.id, sale.currency_id, sale.commission, 0
              FROM marketplace_sale sale
             WHERE sale.company_id = %s AND sale.state = 'confirmed'
               AND sale.settlement_id IS NULL AND sale.commission > 0
               AND sale.confirmed_at < DATE_TRUNC('month', NOW() AT TIME ZONE 'UTC'
                                                  - %s * INTERVAL '1 day')
                                       - INTERVAL '1 day'
            """,
            company.id,
            SETTLE_DAYS,
        )
        return self._find("I6", "marketplace.sale", query)

    def _check_vat_on_payment(self, company):
        """I9: of a commission's VAT, what waits is the share that is not paid yet.

        The tax of an invoice waits on its own account (445740 in France) until the
        invoice is netted, and goes to what is due (445710) with each part of it.
        """
        query = SQL(
            """
            SELECT invoice.id, invoice.currency_id, waits.expected, waits.found
              FROM account_move invoice
              JOIN LATERAL (
                    SELECT tax.account_id, -SUM(tax.amount_currency) AS amount
                      FROM account_move_line tax
                      JOIN account_tax rule ON rule.id = tax.tax_line_id
                       AND rule.tax_exigibility = 'on_payment'
                     WHERE tax.move_id = invoice.id
                     GROUP BY tax.account_id) tax ON TRUE
              JOIN LATERAL (
                    SELECT COALESCE(SUM(line.amount_currency), 0) AS amount
                      FROM account_move paid
                      JOIN account_move_line line ON line.move_id = paid.id
                       AND line.account_id = tax.account_id
                     WHERE paid.tax_cash_basis_origin_move_id = invoice.id
                       AND paid.state = 'posted') paid ON TRUE
              JOIN LATERAL (
                    SELECT tax.amount * invoice.amount_residual
                           / NULLIF(invoice.amount_total, 0) AS expected,
                           tax.amount - paid.amount AS found) waits ON TRUE
             WHERE invoice.company_id = %s AND invoice.state = 'posted'
               AND invoice.marketplace_settlement_id IS NOT NULL
               AND ABS(waits.expected - waits.found) > %s / 100.0
            """,
            company.id,
            TAX_CENTS,
        )
        return self._find("I9", "account.move", query)
