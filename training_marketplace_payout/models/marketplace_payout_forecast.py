# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

from ..services import payout


class MarketplaceSettlement(models.Model):
    """What will be invoiced of commissions, before it is."""

    _inherit = "marketplace.settlement"

    def _get_total_with_taxes(self, commission, currency):
        """Return (before tax, with tax) of a commission of the seller.

        :param float commission: before tax
        :raise UserError: when the accountant has not chosen the taxes
        """
        taxes = self._get_taxes(self._get_fiscal_position())
        totals = taxes.compute_all(commission, currency)
        return totals["total_excluded"], totals["total_included"]

    @api.model
    def _foresee_commission(self, company, seller, currency, before):
        """Return what is not invoiced yet of the commissions of a seller.

        :param datetime before: of what was sold and refunded before that moment
        :return: before tax, in major units; below zero, it will be credited
        """
        self.env.flush_all()
        query = self._get_foreseen_query(company, before)
        [(commission,)] = self.env.execute_query(
            SQL(
                "SELECT SUM(commission) FROM (%s) due"
                " WHERE seller_id = %s AND currency_id = %s",
                query,
                seller.id,
                currency.id,
            )
        )
        return float(commission or 0)

    def _get_foreseen_query(self, company, before):
        """Return the statement of (seller, currency, commission) of what no settlement
        has, and of the settlements that are not invoiced."""
        sales = self._get_sales_to_settle(company, before)
        return SQL(
            """
            SELECT seller_id, currency_id, commission FROM (%(sales)s) sale
             UNION ALL
            SELECT seller_id, currency_id, -commission FROM (%(refunds)s) refund
             WHERE %(is_given_back)s
             UNION ALL
            SELECT refund.seller_id, refund.currency_id, -refund.commission
              FROM marketplace_refund refund
              JOIN (%(sales)s) sale ON sale.id = refund.sale_id
             WHERE refund.is_held AND refund.settlement_id IS NULL
             UNION ALL
            SELECT seller_id, currency_id,
                   CASE state WHEN 'draft' THEN invoiced_amount ELSE carried_out END
              FROM marketplace_settlement
             WHERE company_id = %(company)s
               AND (state = 'draft' OR state = 'carried' AND carried_to_id IS NULL)
            """,
            sales=sales,
            refunds=self._get_refunds_to_settle(company, before),
            is_given_back=company.marketplace_refund_policy != "kept",
            company=company.id,
        )


class MarketplacePayout(models.Model):
    """The next payouts, looked at before the commissions are invoiced (B18)."""

    _inherit = "marketplace.payout"

    @api.model
    def _foresee_claims(self, claims, company, seller, currency, until):
        """Return the claims on a seller with the commissions that are not invoiced yet,
        after those that are: an invoice that does not exist has no line."""
        settlements = self.env["marketplace.settlement"]
        start = payout.start_of(until, company._get_marketplace_zone())
        total = settlements._foresee_commission(company, seller, currency, start)
        if total <= 0:
            return claims
        one = settlements.new({"company_id": company.id, "seller_id": seller.id})
        # Nothing is invoiced before the taxes are chosen; meanwhile, without them.
        with suppress(UserError):
            total = one._get_total_with_taxes(total, currency)[1]
        lines = self.env["account.move.line"]
        minor = to_minor_currency_units(total, currency)
        invoiced = [claim for claim in claims if claim[0] == "commission"]
        others = [claim for claim in claims if claim[0] != "commission"]
        return [*invoiced, ("commission", lines, minor), *others]
