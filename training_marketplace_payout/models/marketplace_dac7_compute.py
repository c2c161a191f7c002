# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import Command, api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 50
JOB = "training_marketplace_payout.ir_cron_declare_sellers"


class MarketplaceDac7(models.Model):
    """How the figures of a year are counted, told and given in.

    Sales are counted on the day they were confirmed, refunds on theirs, both on the
    organisation's clock; commissions in the month they are for, as they were invoiced.
    """

    _inherit = "marketplace.dac7"

    def _compute_statements(self):
        """Make the statements of this year's sellers again, in one statement of SQL."""
        self.ensure_one()
        self.statement_ids.unlink()
        by_seller = {}
        for seller, currency, quarter, *figures in self._sum_quarters():
            by_seller.setdefault((seller, currency), {})[quarter] = figures
        sellers = self.env["res.partner"].browse(seller for seller, _cur in by_seller)
        contracts = self._find_contracts(sellers)
        self.env["marketplace.dac7.statement"].create(
            [
                self._prepare_statement(
                    self.env["res.partner"].browse(seller),
                    contracts.get(seller),
                    currency,
                    quarters,
                )
                for (seller, currency), quarters in by_seller.items()
            ]
        )

    def _find_contracts(self, sellers):
        contracts = self.env["marketplace.seller"].search(
            [("partner_id", "in", sellers.ids), ("company_id", "=", self.company_id.id)]
        )
        return {contract.partner_id.id: contract for contract in contracts}

    def _prepare_statement(self, seller, contract, currency_id, quarters):
        return {
            "declaration_id": self.id,
            "seller_id": seller.id,
            "contract_id": contract and contract.id,
            "currency_id": currency_id,
            "person": seller._keep_dac7_person(self.company_id),
            "missing": contract and ", ".join(contract._describe_dac7_missing()),
            "quarter_ids": [
                Command.create(self._prepare_quarter(number, *quarters[number]))
                for number in sorted(quarters)
            ],
        }

    def _prepare_quarter(self, number, sold, refunded, fees, operations):
        return {
            "quarter": number,
            "sold": sold,
            "refunded": refunded,
            "fees": fees,
            "consideration": sold - refunded - fees,
            "operations": operations,
        }

    def _sum_quarters(self):
        """Return (seller, currency, quarter, sold, refunded, fees, sales) of the year,
        a row for each of its four quarters."""
        self.env.flush_all()
        query = SQL(
            """
            WITH figure (seller, currency, day, sold, refunded, fees, sales)
              AS (%(figures)s)
            SELECT person.seller, person.currency, quarter.number,
                   COALESCE(SUM(sold), 0), COALESCE(SUM(refunded), 0),
                   COALESCE(SUM(fees), 0), COALESCE(SUM(sales), 0)
              FROM (SELECT DISTINCT seller, currency FROM figure
                     WHERE EXTRACT(YEAR FROM day) = %(year)s) person
             CROSS JOIN generate_series(1, 4) AS quarter (number)
              LEFT JOIN figure ON figure.seller = person.seller
                   AND figure.currency = person.currency
                   AND EXTRACT(YEAR FROM day) = %(year)s
                   AND EXTRACT(QUARTER FROM day) = quarter.number
             GROUP BY person.seller, person.currency, quarter.number
             ORDER BY person.seller, person.currency, quarter.number
            """,
            figures=self._get_figures(),
            year=self.year,
        )
        return self.env.execute_query(query)

    def _get_figures(self):
        """Return the statement of sales, refunds and commissions, each on its day. What
        went back before the sale, while its purchase was held, was never sold."""
        return SQL(
            """
            SELECT seller_id, currency_id, %(confirmed)s,
                   amount_total - COALESCE((
                       SELECT SUM(held.amount) FROM marketplace_refund held
                        WHERE held.is_held
                          AND held.sale_id = marketplace_sale.id), 0),
                   0, 0, 1
              FROM marketplace_sale
             WHERE company_id = %(company)s AND state = 'confirmed'
             UNION ALL
            SELECT seller_id, currency_id, %(refunded)s, 0, amount, 0, 0
              FROM marketplace_refund
             WHERE company_id = %(company)s AND NOT COALESCE(is_held, false)
             UNION ALL
            SELECT settlement.seller_id, settlement.currency_id, settlement.month,
                   0, 0, move.amount_total_in_currency_signed, 0
              FROM marketplace_settlement settlement
              JOIN account_move move ON move.id = settlement.move_id
             WHERE settlement.company_id = %(company)s AND move.state = 'posted'
            """,
            confirmed=self._local_day("confirmed_at"),
            refunded=self._local_day("date"),
            company=self.company_id.id,
        )

    def _local_day(self, column):
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            SQL.identifier(column),
            self.company_id._get_marketplace_zone(),
        )

    # What happens by itself

    @api.model
    def _trigger_copies(self):
        self.env.ref(JOB).sudo()._trigger()

    @api.model
    def _cron_declare(self):
        """Prepare the declaration of last year in January, send the copies asked for.

        One commit each: a copy that was sent is not sent again.
        """
        for company in self.env["res.company"].search(
            [("marketplace_dac7", "=", True)]
        ):
            self._prepare_last_year(company)
        self.env["ir.cron"]._commit_progress()
        unsent = self.env["marketplace.dac7.statement"].search(
            [("declaration_id.state", "!=", "draft"), ("sent_at", "=", False)],
            limit=BATCH,
        )
        for statement in unsent:
            statement._send_copy()
            if not self.env["ir.cron"]._commit_progress(1):
                return
        if len(unsent) == BATCH:
            self._trigger_copies()

    def _prepare_last_year(self, company):
        """Have the accountant find last year's figures, and the date they are due."""
        today = fields.Date.context_today(self)
        year = today.year - 1
        if today < today.replace(month=1, day=2):
            return
        domain = [("company_id", "=", company.id), ("year", "=", year)]
        if today.month > 1 or self.search_count(domain, limit=1):
            return
        one = self.create({"company_id": company.id, "year": year})
        one._compute_statements()
        if not one.statement_ids:
            one.unlink()
            return
        one.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=one.deadline,
            summary=self.env._("Tell the sellers and the tax office"),
            user_id=one._get_accountant().id,
        )

    def _get_accountant(self):
        """Return who keeps the books of the company."""
        self.ensure_one()
        group_sudo = self.env.ref("account.group_account_manager").sudo()
        users_sudo = group_sudo.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return users_sudo.sorted("id")[:1] or self.env.user


class MarketplaceDac7Statement(models.Model):
    _inherit = "marketplace.dac7.statement"

    def _send_copy(self):
        """Send the seller its copy, once."""
        self.ensure_one()
        self.sent_at = fields.Datetime.now()
        if self.contract_id:
            self.contract_id._tell_dac7_copy(self)


class MarketplaceSeller(models.Model):
    _inherit = "marketplace.seller"

    def _tell_dac7_copy(self, statement):
        """Tell the seller's team where its copy is."""
        self._tell_seller(
            "mail_template_marketplace_dac7_copy", dac7_year=statement.year
        )
