# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from odoo.addons.training_catalogue_payment.models.res_company import DEFAULT_ZONE

from ..services import settlement as months

_logger = logging.getLogger(__name__)

#: Sellers settled in one transaction.
BATCH = 50
COLLISION_DELAY = timedelta(minutes=1)
JOB = "training_marketplace_payout.ir_cron_settle_marketplace"


class MarketplaceSettlement(models.Model):
    """When a month is settled, and what is in it (D12).

    A daily job settles the months that are over and have something to settle, the
    oldest first: however many days were missed, each month gets its own. A batch of
    sellers is two transactions:

    1. their settlements are made, and their sales and refunds set to them. If the
       process dies before its commit nothing is kept. Sales are locked that long only;
    2. they are invoiced, see `_try_to_invoice`. If it dies before that, or before the
       commit, they are « to invoice », and the next run begins with those.

    Two processes at once make the same settlement: the unique index refuses the second,
    or PostgreSQL does for the sales that it would set again; it is rolled back and
    begins anew a minute later.
    """

    _inherit = "marketplace.settlement"

    @api.model
    def _cron_settle(self):
        """Settle the months that are over, and invoice what waits; daily."""
        progress = self.env["ir.cron"]._commit_progress
        due = self._get_due()
        drafts = self.search([("state", "=", "draft")], order="month, id")
        if not due and not drafts:
            return
        # Something is left until all is done: the job is called again before tomorrow.
        progress(remaining=1)
        for batch in split_every(BATCH, drafts.ids, self.browse):
            batch._invoice_apart()
            if not progress(len(batch), remaining=1):
                return
        late = set()
        for company, month in due:
            # Nothing of a month may fall into the next one.
            if company not in late and not self._settle_batches(company, month):
                late.add(company)
        # What collided has its own appointment; what time was short for has none.
        if not late or progress(remaining=1):
            progress(remaining=0)

    @api.model
    def _settle_month(self, company, month):
        """Settle a month of an operator, for the sellers that are not settled yet.

        Commits batch by batch.

        :param date month: its first day
        :return: the settlements of that month, those made before included
        """
        self._settle_batches(company, month)
        return self.search(
            [("company_id", "=", company.id), ("month", "=", month)], order="id"
        )

    @api.model
    def _settle_batches(self, company, month):
        """:return: whether nothing of the month is left for a next run"""
        progress = self.env["ir.cron"]._commit_progress
        is_whole = True
        for pairs in split_every(BATCH, self._find_sellers(company, month), list):
            try:
                settlements = self._gather(company, month, pairs)
                progress(remaining=1)
                settlements._invoice_apart()
            except (psycopg2.OperationalError, psycopg2.IntegrityError) as error:
                self.env.cr.rollback()
                _logger.info("Some of %s is settled later: %s", month, error)
                later = fields.Datetime.now() + COLLISION_DELAY
                self.env.ref(JOB).sudo()._trigger(later)
                is_whole = False
            if not progress(len(pairs), remaining=1):
                return False
            self.env.invalidate_all()
        return is_whole

    def _invoice_apart(self):
        """Invoice these, unless another process is at it."""
        try:
            self._try_to_invoice()
        except psycopg2.OperationalError as error:
            self.env.cr.rollback()
            _logger.info("Settlements are invoiced later: %s", error)
            later = fields.Datetime.now() + COLLISION_DELAY
            self.env.ref(JOB).sudo()._trigger(later)

    @api.model
    def _retry_blocked(self, companies):
        """Try again now what waited for a setting."""
        domain = [("company_id", "in", companies.ids), ("state", "=", "draft")]
        if self.search_count(domain, limit=1):
            self.env.ref(JOB).sudo()._trigger()

    # What is due

    @api.model
    def _get_due(self):
        """Return the (company, month) that are over and may have something to settle,
        the oldest first: one statement, whatever was sold in the past."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id, partner.tz,
                       LEAST((SELECT MIN(confirmed_at) FROM marketplace_sale
                               WHERE company_id = company.id
                                 AND settlement_id IS NULL AND state = 'confirmed'),
                             (SELECT MIN(date) FROM marketplace_refund
                               WHERE company_id = company.id
                                 AND settlement_id IS NULL
                                 AND is_held IS NOT TRUE)),
                       (SELECT MIN(month) FROM marketplace_settlement
                         WHERE company_id = company.id
                           AND state = 'carried' AND carried_to_id IS NULL)
                  FROM res_company company
                  JOIN res_partner partner ON partner.id = company.partner_id
                 ORDER BY company.id
                """
            )
        )
        now = fields.Datetime.now()
        due = []
        for company_id, zone, moment, carried in rows:
            zone = zone or DEFAULT_ZONE
            firsts = [months.get_month(moment, zone)] if moment else []
            firsts += [months.get_next_month(carried)] if carried else []
            if firsts:
                company = self.env["res.company"].browse(company_id)
                found = months.list_months(min(firsts), now, zone)
                due += [(company, month) for month in found]
        return due

    @api.model
    def _get_end(self, company, month):
        """Return the moment at which a month is over."""
        zone = company._get_marketplace_zone()
        return months.get_moment(months.get_next_month(month), zone)

    @api.model
    def _find_sellers(self, company, month):
        """Return the (seller's id, currency's id) that a month is to be settled for."""
        self.env.flush_all()
        end = self._get_end(company, month)
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT due.seller_id, due.currency_id
                  FROM (SELECT seller_id, currency_id FROM (%(sales)s) sale
                         UNION ALL
                        SELECT seller_id, currency_id FROM (%(refunds)s) refund
                         UNION ALL
                        SELECT seller_id, currency_id FROM marketplace_settlement
                         WHERE company_id = %(company)s AND state = 'carried'
                           AND carried_to_id IS NULL AND month < %(month)s) due
                 WHERE NOT EXISTS (
                       SELECT FROM marketplace_settlement settled
                        WHERE settled.company_id = %(company)s
                          AND settled.seller_id = due.seller_id
                          AND settled.currency_id = due.currency_id
                          AND settled.month = %(month)s)
                 ORDER BY 1, 2
                """,
                sales=self._get_sales_to_settle(company, end),
                refunds=self._get_refunds_to_settle(company, end),
                company=company.id,
                month=month,
            )
        )
