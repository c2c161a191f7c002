# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.payment.utils import (
    to_major_currency_units,
    to_minor_currency_units,
)

from ..services.settlement import split_amount


class MarketplaceSettlement(models.Model):
    """What is in a settlement, in as many statements for ten sales as for thousands."""

    _inherit = "marketplace.settlement"

    @api.model
    def _get_sales_to_settle(self, company, before):
        """Return the statement of the sales made before a moment that no settlement
        has."""
        return SQL(
            """
            SELECT sale.* FROM marketplace_sale sale
             WHERE sale.company_id = %s AND sale.state = 'confirmed'
               AND sale.settlement_id IS NULL AND sale.confirmed_at < %s
            """,
            company.id,
            before,
        )

    @api.model
    def _get_refunds_to_settle(self, company, before):
        """Return the same of refunds: not those of what was held, which go with their
        sale. None comes before its sale, whatever Mangopay's clock says."""
        return SQL(
            """
            SELECT refund.* FROM marketplace_refund refund
              JOIN marketplace_sale sale ON sale.id = refund.sale_id
             WHERE refund.company_id = %s AND refund.settlement_id IS NULL
               AND refund.is_held IS NOT TRUE AND sale.state = 'confirmed'
               AND GREATEST(refund.date, sale.confirmed_at) < %s
            """,
            company.id,
            before,
        )

    @api.model
    def _gather(self, company, month, pairs):
        """Make the settlements of some sellers, with their sales and refunds.

        :param pairs: (seller's id, currency's id)
        :raise psycopg2.Error: when another process makes one of them
        """
        contracts = self.env["marketplace.seller"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", [seller_id for seller_id, _currency in pairs]),
            ]
        )
        contract_of = {one.partner_id.id: one.id for one in contracts}
        settlements = self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        ).create(
            [
                {
                    "company_id": company.id,
                    "seller_id": seller_id,
                    "currency_id": currency_id,
                    "contract_id": contract_of.get(seller_id),
                    "month": month,
                    "refund_policy": company.marketplace_refund_policy or "given_back",
                }
                for seller_id, currency_id in pairs
            ]
        )
        settlements.flush_recordset()
        settlements._take_sales(self._get_end(company, month))
        settlements._count()
        return settlements

    def _take_sales(self, end):
        """Set the sales and refunds made before a moment to these settlements of an
        operator: one statement each, however many there are."""
        company = self.company_id
        for table, source in (
            ("marketplace_sale", self._get_sales_to_settle(company, end)),
            ("marketplace_refund", self._get_refunds_to_settle(company, end)),
        ):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s taken SET settlement_id = settlement.id
                      FROM marketplace_settlement settlement, (%(source)s) due
                     WHERE settlement.id IN %(ids)s AND taken.id = due.id
                       AND due.seller_id = settlement.seller_id
                       AND due.currency_id = settlement.currency_id
                    """,
                    table=SQL.identifier(table),
                    source=source,
                    ids=tuple(self.ids),
                ),
                log_exceptions=False,
            )
        # What was given back while a purchase was held goes with its sale.
        self.env.cr.execute(
            SQL(
                """
                UPDATE marketplace_refund refund
                   SET settlement_id = sale.settlement_id
                  FROM marketplace_sale sale
                 WHERE sale.settlement_id IN %s AND refund.sale_id = sale.id
                   AND refund.is_held AND refund.settlement_id IS NULL
                """,
                tuple(self.ids),
            ),
            log_exceptions=False,
        )
        self.env["marketplace.sale"].invalidate_model(["settlement_id"])
        self.env["marketplace.refund"].invalidate_model(["settlement_id"])

    def _count(self):
        """Sum up what was taken, and decide what is invoiced of it."""
        carried = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("seller_id", "in", self.seller_id.ids),
                ("state", "=", "carried"),
                ("carried_to_id", "=", False),
                ("id", "not in", self.ids),
            ]
        )
        waiting = carried.grouped(lambda one: (one.seller_id, one.currency_id))
        sums = self._sum_up()
        is_carry_allowed = self.company_id.marketplace_negative_month == "carry"
        for settlement in self:
            before = waiting.get(
                (settlement.seller_id, settlement.currency_id), self.browse()
            )
            before.carried_to_id = settlement
            settlement._set_amounts(
                sums[settlement.id], sum(before.mapped("carried_out")), is_carry_allowed
            )

    def _set_amounts(self, values, carried_in, is_carry_allowed):
        currency = self.currency_id
        due, carried_out = split_amount(
            to_minor_currency_units(values["commission_amount"], currency),
            to_minor_currency_units(carried_in, currency),
            is_carry_allowed,
        )
        self.write(
            {
                **values,
                "carried_in": carried_in,
                "carried_out": to_major_currency_units(carried_out, currency),
                "invoiced_amount": to_major_currency_units(due, currency),
                "state": "carried" if carried_out else "draft",
            }
        )

    def _sum_up(self):
        """Return the numbers and amounts of each settlement, by its id."""
        self.flush_recordset(["refund_policy"])
        rows = self.env.execute_query_dict(self._get_sum_query())
        return {
            row.pop("id"): {
                name: value if name.endswith("_count") else float(value)
                for name, value in row.items()
            }
            for row in rows
        }

    def _get_sum_query(self):
        """Return the statement that sums up.

        The commission of a refund is deducted when it is given back; so is that of
        what was refunded while the purchase was held: the seller never sold it.
        """
        return SQL(
            """
            SELECT settlement.id, COUNT(sold) AS sales_count,
                   COUNT(given) AS refunds_count,
                   COALESCE(SUM(base), 0) AS base_amount,
                   COALESCE(-SUM(commission) FILTER (WHERE given), 0)
                   AS refunded_commission,
                   COALESCE(SUM(commission), 0) AS commission_amount
              FROM marketplace_settlement settlement
              LEFT JOIN (
                   SELECT settlement_id, TRUE AS sold, NULL AS given,
                          amount_untaxed AS base, commission
                     FROM marketplace_sale WHERE settlement_id IN %(ids)s
                    UNION ALL
                   SELECT settlement_id, NULL, TRUE,
                          CASE WHEN is_deducted THEN -amount_untaxed END,
                          CASE WHEN is_deducted THEN -commission END
                     FROM (%(refunds)s) refund) line
                ON line.settlement_id = settlement.id
             WHERE settlement.id IN %(ids)s
             GROUP BY settlement.id
            """,
            ids=tuple(self.ids),
            refunds=self._get_settled_refunds(),
        )

    def _get_settled_refunds(self):
        return SQL(
            """
            SELECT refund.*, is_held OR refund_policy = 'given_back' AS is_deducted
              FROM marketplace_refund refund
              JOIN marketplace_settlement settlement
                ON settlement.id = refund.settlement_id
             WHERE settlement.id IN %s
            """,
            tuple(self.ids),
        )
