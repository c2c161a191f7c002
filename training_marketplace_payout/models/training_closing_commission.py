# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)

from ..services.settlement import get_moment

PROTECTED = {"commission_line_ids"}


class TrainingClosing(models.Model):
    """Commissions of sales not invoiced at the closing date: Dr 418100 / Cr 706200 and
    445870, seller by seller, reversed the day after (B17, D9, facts 4.4 EB14)."""

    _inherit = "training.closing"

    commission_line_ids = fields.One2many(
        "training.closing.line",
        "closing_id",
        string="Commissions to invoice",
        domain=[("kind", "=", "commission")],
        readonly=True,
    )
    amount_commission = fields.Monetary(
        string="Commissions, to 418", compute="_compute_amount_commission"
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        return super().write(vals)

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amount_commission(self):
        for closing in self:
            lines = closing.line_ids.filtered(lambda line: line.kind == "commission")
            closing.amount_commission = sum(lines.mapped("amount"))

    def _get_labels(self):
        """Override: that of the commissions."""
        label = self.env._(
            "Commissions to invoice at %(date)s", date=format_date(self.env, self.date)
        )
        return {**super()._get_labels(), "commission": label}

    def _prepare_lists(self):
        """Override: with the commissions."""
        return super()._prepare_lists() + self._prepare_commission_lines()

    def _prepare_commission_lines(self):
        """Return a line for each seller whose commissions were not invoiced by the
        date: what is invoiced since, with a later date, was not."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._get_commission_query())
        lines = [self._prepare_commission_line(**row) for row in rows]
        return [line for line in lines if not self.currency_id.is_zero(line["amount"])]

    def _prepare_commission_line(
        self, seller_id, currency_id, number, base, commission
    ):
        """Return a line in the company's currency; its VAT is that of an invoice."""
        company = self.company_id
        currency = self.env["res.currency"].browse(currency_id)
        settlement = self.env["marketplace.settlement"].new(
            {"company_id": company.id, "seller_id": seller_id}
        )
        untaxed, total = settlement._get_total_with_taxes(float(commission), currency)
        untaxed, base, vat = (
            currency._convert(amount, company.currency_id, company, self.date)
            for amount in (untaxed, float(base), total - untaxed)
        )
        account = company._get_marketplace_setting("marketplace_accrual_account_id")
        return {
            "closing_id": self.id,
            "kind": "commission",
            "partner_id": seller_id,
            "account_id": account.id,
            "amount_base": base,
            "amount": untaxed,
            "amount_vat": vat,
            "remark": self.env._("%(number)s sales and refunds", number=number),
        }

    def _get_commission_query(self):
        """Return the query of (seller, currency, number, base, commission)."""
        return SQL(
            """
            WITH invoiced AS (%(invoiced)s), due AS (%(due)s)
            SELECT due.seller_id, due.currency_id, COUNT(*) AS number,
                   SUM(due.base) AS base, SUM(due.commission) AS commission
              FROM due
              LEFT JOIN invoiced ON invoiced.id = due.settlement_id
             WHERE invoiced.date IS NULL OR invoiced.date > %(date)s
             GROUP BY due.seller_id, due.currency_id
            HAVING SUM(due.commission) != 0
             ORDER BY due.seller_id, due.currency_id
            """,
            invoiced=self._get_invoiced_query(),
            due=self._get_due_query(),
            date=self.date,
        )

    def _get_invoiced_query(self):
        """Return the query of the day on which each settlement was invoiced; what was
        carried over is invoiced with the month that takes it."""
        return SQL(
            """
            SELECT settlement.id, settlement.refund_policy,
                   COALESCE(own.date, other.date) AS date
              FROM marketplace_settlement settlement
              LEFT JOIN marketplace_settlement following
                ON following.id = settlement.carried_to_id
              LEFT JOIN account_move own ON own.id = settlement.move_id
              LEFT JOIN account_move other ON other.id = following.move_id
             WHERE settlement.company_id = %s
            """,
            self.company_id.id,
        )

    def _get_due_query(self):
        """Return the query of the sales and refunds by the date. A refund gives its
        commission back as its settlement says, else as the company does."""
        zone = self.company_id._get_marketplace_zone()
        return SQL(
            """
            SELECT sale.seller_id, sale.currency_id, sale.settlement_id,
                   sale.amount_untaxed AS base, sale.commission
              FROM marketplace_sale sale
             WHERE sale.company_id = %(company)s AND sale.state = 'confirmed'
               AND sale.confirmed_at < %(end)s
             UNION ALL
            SELECT refund.seller_id, refund.currency_id, refund.settlement_id,
                   -refund.amount_untaxed, -refund.commission
              FROM marketplace_refund refund
              JOIN marketplace_sale sale ON sale.id = refund.sale_id
              LEFT JOIN invoiced ON invoiced.id = refund.settlement_id
             WHERE refund.company_id = %(company)s AND sale.state = 'confirmed'
               AND GREATEST(refund.date, sale.confirmed_at) < %(end)s
               AND (refund.is_held
                    OR COALESCE(invoiced.refund_policy, %(policy)s) = 'given_back')
            """,
            company=self.company_id.id,
            end=get_moment(self.date + timedelta(days=1), zone),
            policy=self.company_id.marketplace_refund_policy or "given_back",
        )


class TrainingClosingLine(models.Model):
    _inherit = "training.closing.line"

    kind = fields.Selection(
        selection_add=[("commission", "Commissions to invoice")],
        ondelete={"commission": "cascade"},
    )

    def _prepare_entry_lines(self):
        """Override: the commission and its VAT, to what is to be invoiced."""
        self.ensure_one()
        if self.kind != "commission":
            return super()._prepare_entry_lines()
        company = self.company_id
        income = company._get_marketplace_setting("marketplace_income_account_id")
        tax = company._get_marketplace_setting("marketplace_accrual_tax_account_id")
        label = self.env._(
            "Commissions to invoice: %(name)s", name=self.partner_id.name
        )
        return [
            {
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "name": label,
                "balance": balance,
                "tax_ids": [],
            }
            for account, balance in (
                (self.account_id, self.amount + self.amount_vat),
                (income, -self.amount),
                (tax, -self.amount_vat),
            )
            if not company.currency_id.is_zero(balance)
        ]
