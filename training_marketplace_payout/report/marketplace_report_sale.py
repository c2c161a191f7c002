# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class MarketplaceReportSale(models.Model):
    """What was sold for the sellers, and the commissions on it (B21).

    One row a sale and one a refund, at its own date on the clock of the organisation:
    the month of a row is the month of its settlement. A currency that is not the
    company's counts at the rate of that day, as in the books.
    """

    _name = "marketplace.report.sale"
    _description = "Sales and commissions of the marketplace"
    _inherit = "marketplace.report.mixin"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"

    kind = fields.Selection(
        selection=[("sale", "Sale"), ("refund", "Refund")],
        string="What",
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["marketplace.sale"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="State of the sale",
        readonly=True,
    )
    order_id = fields.Many2one("sale.order", readonly=True)
    seller_id = fields.Many2one("res.partner", readonly=True)
    buyer_id = fields.Many2one("res.partner", readonly=True)
    buyer_kind = fields.Selection(
        selection=[("company", "Company"), ("individual", "Individual")],
        string="Kind of buyer",
        readonly=True,
    )
    programme_id = fields.Many2one("product.template", readonly=True)
    category_id = fields.Many2one("product.category", readonly=True)
    settlement_id = fields.Many2one("marketplace.settlement", readonly=True)
    settlement_state = fields.Selection(
        selection=[
            ("waiting", "Month not settled"),
            ("draft", "To invoice"),
            ("carried", "Carried over"),
            ("done", "Settled"),
        ],
        string="Settlement state",
        readonly=True,
    )
    invoice_id = fields.Many2one(
        "account.move", string="Invoice of commissions", readonly=True
    )
    rate = fields.Float(
        string="Commission rate (%)", digits=(5, 2), readonly=True, aggregator="avg"
    )
    amount_paid = fields.Monetary(
        string="Paid", currency_field="company_currency_id", readonly=True
    )
    amount_refunded = fields.Monetary(
        string="Refunded", currency_field="company_currency_id", readonly=True
    )
    amount_sold = fields.Monetary(
        string="Sold",
        currency_field="company_currency_id",
        readonly=True,
        help="Paid less refunded, tax of the sellers included.",
    )
    amount_base = fields.Monetary(
        string="Commissioned amount",
        currency_field="company_currency_id",
        readonly=True,
        help="Before tax; refunds deducted.",
    )
    amount_commission = fields.Monetary(
        string="Commission",
        currency_field="company_currency_id",
        readonly=True,
        help="Before tax; refunds deducted.",
    )
    amount_invoiced = fields.Monetary(
        string="Commission settled",
        currency_field="company_currency_id",
        readonly=True,
        help="Invoiced to the seller, or credited.",
    )
    amount_to_invoice = fields.Monetary(
        string="Commission to settle",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_currency = fields.Monetary(string="Sold in currency", readonly=True)
    commission_currency = fields.Monetary(
        string="Commission in currency", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s, %s %s UNION ALL SELECT %s, %s %s",
            self._select_sale(),
            self._select_common(),
            self._from_sales(),
            self._select_refund(),
            self._select_common(),
            self._from_refunds(),
        )

    def _select_sale(self):
        """Hook: what a sale says."""
        day = self._get_day(SQL("COALESCE(sale.confirmed_at, sale.paid_at)"))
        paid = SQL("COALESCE(sale.amount_total, 0)")
        return SQL(
            """
            sale.id * 2 AS id, 'sale' AS kind, %(day)s AS date,
            %(total)s AS amount_paid, 0::numeric AS amount_refunded,
            %(total)s AS amount_sold, %(amounts)s
            """,
            day=day,
            total=self._convert(paid, day),
            amounts=self._select_amounts(
                day, paid, SQL("sale.amount_untaxed"), SQL("sale.commission")
            ),
        )

    def _select_refund(self):
        """Hook: what a refund says, as its settlement counts it: not before its sale;
        the operator may keep its commission, but not on what was given back while it
        was held: that was never sold."""
        day = self._get_day(SQL("GREATEST(refund.date, sale.confirmed_at)"))
        given = SQL("-COALESCE(refund.amount, 0)")
        kept = SQL(
            "refund.is_held IS NOT TRUE AND COALESCE(settlement.refund_policy,"
            " company.marketplace_refund_policy) = 'kept'"
        )
        base = SQL("CASE WHEN %s THEN 0 ELSE -refund.amount_untaxed END", kept)
        commission = SQL("CASE WHEN %s THEN 0 ELSE -refund.commission END", kept)
        return SQL(
            """
            refund.id * 2 + 1 AS id, 'refund' AS kind, %(day)s AS date,
            0::numeric AS amount_paid, -(%(total)s) AS amount_refunded,
            %(total)s AS amount_sold, %(amounts)s
            """,
            day=day,
            total=self._convert(given, day),
            amounts=self._select_amounts(day, given, base, commission),
        )

    def _select_amounts(self, day, amount, base, commission):
        """Return the amounts of a row: only what was sold has a commission."""
        is_settled = SQL("'done' IN (settlement.state, target.state)")
        own = SQL("CASE WHEN sale.state = 'confirmed' THEN %s ELSE 0 END", commission)
        ours = self._convert(own, day)
        return SQL(
            """
            CASE WHEN sale.state = 'confirmed' THEN %(base)s ELSE 0 END AS amount_base,
            %(ours)s AS amount_commission,
            CASE WHEN %(is_settled)s THEN %(ours)s ELSE 0 END AS amount_invoiced,
            CASE WHEN %(is_settled)s THEN 0 ELSE %(ours)s END AS amount_to_invoice,
            %(amount)s AS amount_currency, %(own)s AS commission_currency
            """,
            base=self._convert(base, day),
            is_settled=is_settled,
            ours=ours,
            own=own,
            amount=amount,
        )

    def _select_common(self):
        """Hook: what sales and refunds say alike."""
        return SQL(
            """
            sale.id AS sale_id, sale.order_id, sale.seller_id, sale.buyer_id,
            sale.programme_id, programme.categ_id AS category_id, sale.state, sale.rate,
            COALESCE(
                sale_order.training_buyer_kind,
                CASE WHEN buyer.is_company THEN 'company' ELSE 'individual' END
            ) AS buyer_kind,
            settlement.id AS settlement_id,
            CASE WHEN sale.state != 'confirmed' THEN NULL
                 ELSE COALESCE(settlement.state, 'waiting') END AS settlement_state,
            COALESCE(settlement.move_id, target.move_id) AS invoice_id,
            sale.company_id, sale.currency_id,
            company.currency_id AS company_currency_id
            """
        )

    def _convert(self, amount, day):
        return self._to_company(amount, SQL("sale.currency_id"), day)

    def _from_sales(self):
        """Hook: each join finds one row at most, and is not made unless asked for."""
        return SQL(
            """
              FROM marketplace_sale sale %s
              LEFT JOIN marketplace_settlement settlement
                ON settlement.id = sale.settlement_id %s
            """,
            self._join_company(),
            self._join_common(),
        )

    def _from_refunds(self):
        """Hook: as for the sales."""
        return SQL(
            """
              FROM marketplace_refund refund
              JOIN marketplace_sale sale ON sale.id = refund.sale_id %s
              LEFT JOIN marketplace_settlement settlement
                ON settlement.id = refund.settlement_id %s
            """,
            self._join_company(),
            self._join_common(),
        )

    def _join_company(self):
        return SQL("JOIN res_company company ON company.id = sale.company_id")

    def _join_common(self):
        """Hook: the joins that sales and refunds share."""
        return SQL(
            """
              LEFT JOIN marketplace_settlement target
                ON target.id = settlement.carried_to_id
              LEFT JOIN res_partner owner ON owner.id = company.partner_id
              LEFT JOIN res_currency own ON own.id = company.currency_id
              LEFT JOIN sale_order ON sale_order.id = sale.order_id
              LEFT JOIN res_partner buyer ON buyer.id = sale.buyer_id
              LEFT JOIN product_template programme ON programme.id = sale.programme_id
            """
        )

    def action_open_settlement(self):
        """Open the settlement that the commission is in.

        :raise UserError: while the month is not settled
        """
        self.ensure_one()
        if not self.settlement_id:
            raise UserError(self.env._("The month is not settled yet."))
        return self.settlement_id._get_records_action()

    def action_open_entries(self):
        """Open the movements of the sale, each with its entry."""
        self.ensure_one()
        return self.sale_id.action_open_entries()

    def action_open_operations(self):
        """Open what was asked of Mangopay for the sale and its refunds."""
        self.ensure_one()
        return self.sale_id.action_open_operations()
