# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from zoneinfo import ZoneInfo

from odoo import models
from odoo.tools import SQL, format_date, formatLang

UTC = ZoneInfo("UTC")


class MarketplaceSettlement(models.Model):
    """The annex of an invoice of commissions: each sale and each refund (facts 3.3)."""

    _inherit = "marketplace.settlement"

    def _get_annex(self):
        """Return what the annex prints, in the reader's formats: two statements and
        plain texts, for there may be thousands of lines.

        :return: dict of ``sales`` and ``refunds``, lists of dicts of texts
        """
        self.ensure_one()
        zone = ZoneInfo(self.company_id._get_marketplace_zone())
        return {
            "sales": [self._format_row(row, zone) for row in self._list_sales()],
            "refunds": [self._format_row(row, zone) for row in self._list_refunds()],
        }

    def _format_row(self, row, zone):
        day = row["date"].replace(tzinfo=UTC).astimezone(zone).date()
        money = {"currency_obj": self.currency_id}
        return {
            "order": row["order_name"],
            "document": row["document"] or "",
            "date": format_date(self.env, day),
            "base": formatLang(self.env, row["base"] or 0, **money),
            "rate": f"{formatLang(self.env, row['rate'] or 0, digits=2)} %",
            "commission": formatLang(self.env, row["commission"] or 0, **money),
        }

    def _list_sales(self):
        """Return the sales of the settlement, each with the seller's invoice."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT orders.name AS order_name, invoice.name AS document,
                       sale.confirmed_at AS date, sale.amount_untaxed AS base,
                       sale.rate, sale.commission
                  FROM marketplace_sale sale
                  JOIN sale_order orders ON orders.id = sale.order_id
                  LEFT JOIN LATERAL (
                       SELECT name FROM marketplace_invoice
                        WHERE sale_id = sale.id AND kind = 'invoice'
                        ORDER BY id DESC LIMIT 1) invoice ON TRUE
                 WHERE sale.settlement_id = %s
                 ORDER BY sale.confirmed_at, sale.id
                """,
                self.id,
            )
        )

    def _list_refunds(self):
        """Return the refunds of the settlement, each with the seller's credit note;
        nothing is deducted of those whose commission is kept."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT orders.name AS order_name, credit.name AS document,
                       refund.date, -refund.amount_untaxed AS base, sale.rate,
                       CASE WHEN refund.is_held OR %(is_given_back)s
                            THEN -refund.commission ELSE 0 END AS commission
                  FROM marketplace_refund refund
                  JOIN marketplace_sale sale ON sale.id = refund.sale_id
                  JOIN sale_order orders ON orders.id = sale.order_id
                  LEFT JOIN LATERAL (
                       SELECT name FROM marketplace_invoice
                        WHERE sale_id = sale.id AND refund_id = refund.id
                        ORDER BY id DESC LIMIT 1) credit ON TRUE
                 WHERE refund.settlement_id = %(id)s
                 ORDER BY refund.date, refund.id
                """,
                id=self.id,
                is_given_back=self.refund_policy == "given_back",
            )
        )

    def _get_credited_invoices(self):
        """Return the invoices whose commission this one gives back."""
        self.ensure_one()
        return (self.refund_ids.sale_id.settlement_id - self).move_id.sorted("id")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_commission_settlement(self):
        """Return the settlement whose annex is printed (superuser)."""
        self.ensure_one()
        return self.sudo().marketplace_settlement_id

    def _has_to_be_paid(self):
        """Override: an invoice of commissions is set off, never paid online."""
        is_own = self.sudo().marketplace_settlement_id
        return not is_own and super()._has_to_be_paid()
