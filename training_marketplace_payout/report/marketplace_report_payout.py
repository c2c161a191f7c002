# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class MarketplaceReportPayout(models.Model):
    """What was paid to the sellers, and what is not payable and why (B21).

    One row a payout, whatever became of it, and one for each seller that the present
    payouts cannot pay, or not yet.
    """

    _name = "marketplace.report.payout"
    _description = "Payouts and blocked amounts"
    _inherit = "marketplace.report.mixin"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "seller_id"

    seller_id = fields.Many2one("res.partner", readonly=True)
    payout_id = fields.Many2one("marketplace.payout", readonly=True)
    line_id = fields.Many2one("marketplace.payout.line", readonly=True)
    run_id = fields.Many2one(
        "marketplace.payout.run", string="Payouts of a month", readonly=True
    )
    state = fields.Selection(
        selection=[
            ("ready", "Can be paid"),
            ("waiting", "Waits"),
            ("blocked", "Not payable"),
            ("prepared", "To approve"),
            ("approved", "Approved"),
            ("asked", "Asked of Mangopay"),
            ("done", "Paid"),
            ("failed", "Refused by Mangopay"),
            ("returned", "Returned by the bank"),
            ("cancelled", "Given up"),
        ],
        readonly=True,
    )
    obstacle = fields.Selection(
        selection=[
            ("no_contract", "No contract"),
            ("suspended", "Seller suspended"),
            ("hold", "Payouts stopped by a manager"),
            ("dac7", "Tax data missing"),
            ("exception", "Difference in the books"),
            ("no_recipient", "No bank account"),
            ("doubtful_recipient", "Bank account to confirm"),
            ("kyc", "Verification missing"),
            ("blocked", "Blocked by Mangopay"),
            ("failed", "Refused by Mangopay"),
            ("no_wallet", "No wallet yet"),
            ("settlement", "Month not settled"),
            ("transfers", "Sales not transferred yet"),
            ("debt", "Owed by the seller"),
            ("balance", "Nothing to pay"),
            ("minimum", "Below the smallest payout"),
            ("live", "Payout under way"),
            ("approval", "To approve"),
        ],
        string="First reason",
        readonly=True,
    )
    reason = fields.Char(string="Why not", compute="_compute_reason", compute_sudo=True)
    amount_due = fields.Monetary(
        string="Due",
        currency_field="company_currency_id",
        readonly=True,
        help="What leaves, or would leave, the seller's wallet.",
    )
    amount_netted = fields.Monetary(
        string="Netted",
        currency_field="company_currency_id",
        readonly=True,
        help="Commissions and debts that payouts paid; what came back is deducted.",
    )
    amount_paid = fields.Monetary(
        string="Paid to the bank",
        currency_field="company_currency_id",
        readonly=True,
        help="What the banks sent back is deducted.",
    )
    amount_blocked = fields.Monetary(
        string="Not paid yet",
        currency_field="company_currency_id",
        readonly=True,
        help="What is due and cannot leave, or not yet.",
    )
    amount_coming = fields.Monetary(
        string="On its way",
        currency_field="company_currency_id",
        readonly=True,
        help="What can be paid, waits for approval, or was asked of Mangopay.",
    )
    amount_back = fields.Monetary(
        string="Refused or returned",
        currency_field="company_currency_id",
        readonly=True,
        help="What did not leave, or came back: it is due again, in another row.",
    )
    amount_currency = fields.Monetary(string="Due in currency", readonly=True)

    @api.depends("payout_id", "line_id")
    def _compute_reason(self):
        for row in self:
            row.reason = row.line_id.reason or row.payout_id.problem

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_payouts(), self._select_lines())

    def _select_payouts(self):
        """Hook: one row a payout. What is due is netted, paid, on its way or back."""
        day = self._get_day(SQL("COALESCE(payout.paid_at, payout.create_date)"))
        has_left = SQL("payout.state IN ('done', 'returned')")
        return SQL(
            """
            SELECT payout.id * 2 AS id, payout.id AS payout_id, NULL::int AS line_id,
                   payout.run_id, payout.seller_id, NULL::int AS sale_id, payout.state,
                   NULL::varchar AS obstacle, %(amounts)s
            """,
            amounts=self._select_amounts(
                "payout",
                day,
                netted=SQL(
                    "CASE WHEN %s THEN COALESCE(payout.fee_amount, 0)"
                    " - COALESCE(payout.fee_returned, 0) ELSE 0 END",
                    has_left,
                ),
                paid=SQL(
                    "CASE WHEN %s THEN COALESCE(payout.net_amount, 0)"
                    " - COALESCE(payout.amount_returned, 0) ELSE 0 END",
                    has_left,
                ),
                blocked=SQL("0::numeric"),
                coming=SQL(
                    "CASE WHEN payout.state IN ('prepared', 'approved', 'asked')"
                    " THEN COALESCE(payout.amount, 0) ELSE 0 END"
                ),
                back=SQL(
                    "CASE WHEN %s THEN COALESCE(payout.amount_returned, 0)"
                    " + COALESCE(payout.fee_returned, 0)"
                    " WHEN payout.state IN ('failed', 'cancelled')"
                    " THEN COALESCE(payout.amount, 0) ELSE 0 END",
                    has_left,
                ),
                source=SQL("marketplace_payout payout"),
            ),
        )

    def _select_lines(self):
        """Hook: one row a seller of the present payouts that has none."""
        return SQL(
            """
            SELECT line.id * 2 + 1, NULL::int, line.id, line.run_id, line.seller_id,
                   NULL::int, line.state,
                   NULLIF(split_part(line.obstacles, ',', 1), ''), %(amounts)s
             WHERE line.state IN ('ready', 'waiting', 'blocked') AND run.state != 'done'
            """,
            amounts=self._select_amounts(
                "line",
                SQL("run.date"),
                netted=SQL("0::numeric"),
                paid=SQL("0::numeric"),
                blocked=SQL(
                    "CASE WHEN line.state = 'ready' THEN 0 ELSE line.amount END"
                ),
                coming=SQL(
                    "CASE WHEN line.state = 'ready' THEN line.amount ELSE 0 END"
                ),
                back=SQL("0::numeric"),
                source=SQL(
                    "marketplace_payout_line line"
                    " JOIN marketplace_payout_run run ON run.id = line.run_id"
                ),
            ),
        )

    def _select_amounts(self, alias, day, *, source, **amounts):
        """Return date, company and amounts of a row, and where they come from.

        :param amounts: in the row's currency: netted, paid, blocked, coming, back
        """
        row = SQL.identifier(alias)
        currency = SQL("%s.currency_id", row)
        due = SQL("COALESCE(%s.amount, 0)", row)
        converted = {
            name: self._to_company(amount, currency, day)
            for name, amount in amounts.items()
        }
        return SQL(
            """
            %(day)s AS date, %(row)s.company_id, %(currency)s,
            company.currency_id AS company_currency_id,
            %(due)s AS amount_due, %(netted)s AS amount_netted,
            %(paid)s AS amount_paid, %(blocked)s AS amount_blocked,
            %(coming)s AS amount_coming, %(back)s AS amount_back,
            %(own)s AS amount_currency
            FROM %(source)s
            JOIN res_company company ON company.id = %(row)s.company_id
            LEFT JOIN res_partner owner ON owner.id = company.partner_id
            LEFT JOIN res_currency own ON own.id = company.currency_id
            """,
            day=day,
            row=row,
            currency=currency,
            due=self._to_company(due, currency, day),
            own=due,
            source=source,
            **converted,
        )

    def action_open_payout(self):
        """Open the payout, or the seller's line in the payouts of the month."""
        self.ensure_one()
        return (self.payout_id or self.run_id)._get_records_action()

    def action_open_entries(self):
        """Open the movements of the payout, each with its entry."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_entry_action"
        )
        domain = [("payout_id", "=", self.payout_id.id)]
        return dict(action, domain=domain, context={})

    def action_open_operations(self):
        """Open what was asked of Mangopay for the payout."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.mangopay_operation_action"
        )
        domain = [
            ("res_model", "=", "marketplace.payout"),
            ("res_id", "=", self.payout_id.id),
        ]
        return dict(action, domain=domain, context={})
