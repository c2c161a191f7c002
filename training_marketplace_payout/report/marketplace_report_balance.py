# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class MarketplaceReportBalance(models.Model):
    """What each seller is owed and owes, and since when (B21): one row an open item.

    Payouts, refunds and recoveries settle the oldest items first, whatever is matched:
    what is left of each item is as old as its sale. The rows of a seller add up to its
    accounts in the ledger, in the currency of the money and in the company's. Invoices
    of commissions say themselves what is left of them.
    """

    _name = "marketplace.report.balance"
    _description = "Balances of sellers"
    _inherit = "marketplace.report.ledger.mixin"
    _auto = False
    _order = "date, id"

    role = fields.Selection(
        selection=[
            ("seller", "Owed to the seller"),
            ("debit", "Owed by the seller"),
            ("commission", "Commissions to be paid"),
        ],
        string="What",
        readonly=True,
    )
    partner_id = fields.Many2one(string="Seller")
    contract_id = fields.Many2one("marketplace.seller", readonly=True)
    seller_state = fields.Selection(
        selection=lambda self: (
            self.env["marketplace.seller"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="State of the seller",
        readonly=True,
    )
    age_days = fields.Integer(string="Oldest (days)", readonly=True, aggregator="max")
    age = fields.Selection(
        selection=[
            ("0", "Up to 30 days"),
            ("31", "31 to 60 days"),
            ("61", "61 to 90 days"),
            ("91", "91 days to a year"),
            ("over", "More than a year"),
        ],
        readonly=True,
    )
    amount_owed = fields.Monetary(
        string="Owed to the seller",
        currency_field="company_currency_id",
        readonly=True,
        help="Cashed for the seller, and not paid out yet.",
    )
    amount_debt = fields.Monetary(
        string="Owed by the seller",
        currency_field="company_currency_id",
        readonly=True,
        help="Advanced to refund its buyers, and not recovered yet.",
    )
    amount_commission = fields.Monetary(
        string="Open commissions",
        currency_field="company_currency_id",
        readonly=True,
        help="Invoiced, and not paid yet.",
    )
    amount_net = fields.Monetary(
        string="Net",
        currency_field="company_currency_id",
        readonly=True,
        help="Owed to the seller less what it owes.",
    )
    amount_currency = fields.Monetary(string="Net in currency", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT item.*, contract.id AS contract_id, contract.state AS seller_state,
                   move.marketplace_sale_id AS sale_id,
                   move.mangopay_operation_id AS operation_id,
                   %(today)s - item.date AS age_days,
                   CASE WHEN %(today)s - item.date > 365 THEN 'over'
                        WHEN %(today)s - item.date > 90 THEN '91'
                        WHEN %(today)s - item.date > 60 THEN '61'
                        WHEN %(today)s - item.date > 30 THEN '31'
                        ELSE '0' END AS age,
                   CASE item.role WHEN 'seller' THEN item.amount_net ELSE 0 END
                   AS amount_owed,
                   CASE item.role WHEN 'debit' THEN -item.amount_net ELSE 0 END
                   AS amount_debt,
                   CASE item.role WHEN 'commission' THEN -item.amount_net ELSE 0 END
                   AS amount_commission
              FROM (%(owed)s UNION ALL %(commissions)s) item
              LEFT JOIN account_move move ON move.id = item.move_id
              LEFT JOIN marketplace_seller contract
                ON contract.partner_id = item.partner_id
               AND contract.company_id = item.company_id
            """,
            today=fields.Date.context_today(self),
            owed=self._select_open(),
            commissions=self._select_commissions(),
        )

    def _select_open(self):
        """What is left of each item once the oldest are settled first.

        The side that weighs more is left over, from its latest items back. What
        rates of exchange leave alone is told on the last item.
        """
        return SQL(
            """
            SELECT id, date, move_id, account_id, partner_id, company_id,
                   company_currency_id, currency_id, role,
                   CASE WHEN currency_id = company_currency_id THEN -left_over
                        WHEN total = 0 THEN -total_balance
                        ELSE -total_balance * left_over / total END AS amount_net,
                   -left_over AS amount_currency
              FROM (
                SELECT *,
                       CASE WHEN total < 0 AND amount < 0 THEN
                            -LEAST(-amount, GREATEST(-total - credits_after, 0))
                            WHEN total > 0 AND amount > 0 THEN
                            LEAST(amount, GREATEST(total - debits_after, 0))
                            ELSE 0 END AS left_over
                  FROM (%s) running
              ) item
             WHERE left_over != 0
                OR (total = 0 AND total_balance != 0 AND is_last)
            """,
            self._select_running(),
        )

    def _select_running(self):
        """Each item with what comes after it, and with the whole of its account."""
        return SQL(
            """
            SELECT line.id, line.date, line.move_id, line.account_id, line.partner_id,
                   line.company_id, line.company_currency_id, line.currency_id,
                   role.name AS role, line.amount_currency AS amount,
                   SUM(line.amount_currency) OVER whole AS total,
                   SUM(line.balance) OVER whole AS total_balance,
                   SUM(GREATEST(line.amount_currency, 0)) OVER latest
                   - GREATEST(line.amount_currency, 0) AS debits_after,
                   SUM(GREATEST(-line.amount_currency, 0)) OVER latest
                   - GREATEST(-line.amount_currency, 0) AS credits_after,
                   ROW_NUMBER() OVER latest = 1 AS is_last
              FROM account_move_line line
              JOIN (%s) role ON role.account_id = line.account_id
                            AND role.company_id = line.company_id
             WHERE line.parent_state = 'posted' AND role.name IN ('seller', 'debit')
            WINDOW whole AS (PARTITION BY line.company_id, role.name, line.account_id,
                                          line.partner_id, line.currency_id,
                                          line.company_currency_id),
                   latest AS (whole ORDER BY line.date DESC, line.id DESC
                                    ROWS UNBOUNDED PRECEDING)
            """,
            self._select_roles(),
        )

    def _select_commissions(self):
        """What is left of the invoices and credit notes of commissions."""
        return SQL(
            """
            SELECT line.id, line.date, line.move_id, line.account_id, line.partner_id,
                   line.company_id, line.company_currency_id, line.currency_id,
                   'commission', -line.amount_residual, -line.amount_residual_currency
              FROM account_move_line line
              JOIN res_company company
                ON company.id = line.company_id
               AND company.marketplace_commission_journal_id = line.journal_id
              JOIN account_account account
                ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
             WHERE line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual_currency != 0
            """
        )
