# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class MarketplaceReportMoney(models.Model):
    """Whose money is at Mangopay, and what it is (B21): one row a journal item.

    The items of the accounts of other people's money, posted: their sums are those of
    the ledger, at any date.
    """

    _name = "marketplace.report.money"
    _description = "Money at Mangopay"
    _inherit = "marketplace.report.ledger.mixin"
    _auto = False

    role = fields.Selection(
        selection=[
            ("wallet", "Wallets"),
            ("fees", "Wallet of the marketplace"),
            ("repudiation", "Taken back by banks"),
            ("seller", "Owed to sellers"),
            ("hold", "Held for buyers"),
            ("debit", "Owed by sellers"),
        ],
        string="What",
        readonly=True,
    )
    owner = fields.Selection(
        selection=[
            ("seller", "Sellers"),
            ("buyer", "Buyers"),
            ("operator", "Marketplace"),
        ],
        string="Kind of owner",
        readonly=True,
    )
    partner_id = fields.Many2one(string="Owner")
    kind = fields.Selection(
        selection=lambda self: (
            self.env["marketplace.entry"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        string="Movement",
        readonly=True,
    )
    amount_money = fields.Monetary(
        string="At Mangopay",
        currency_field="company_currency_id",
        readonly=True,
        help="In the wallets of buyers and sellers, and in the marketplace's own.",
    )
    amount_hold = fields.Monetary(
        string="Held for buyers",
        currency_field="company_currency_id",
        readonly=True,
        help="No sale yet, or never: part of what is in the buyers' wallets.",
    )
    amount_owed = fields.Monetary(
        string="Owed to sellers", currency_field="company_currency_id", readonly=True
    )
    balance = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="As in the ledger: debits are positive.",
    )
    amount_currency = fields.Monetary(string="Balance in currency", readonly=True)

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        """Hook: the columns of a row."""
        return SQL(
            """
            SELECT line.id, line.date, line.move_id, line.account_id, line.partner_id,
                   line.company_id, line.company_currency_id, line.currency_id,
                   line.balance, line.amount_currency, role.name AS role,
                   move.marketplace_sale_id AS sale_id,
                   move.mangopay_operation_id AS operation_id, entry.kind,
                   CASE WHEN role.name IN ('fees', 'repudiation') THEN 'operator'
                        WHEN EXISTS (
                            SELECT FROM marketplace_seller contract
                             WHERE contract.partner_id = line.partner_id
                               AND contract.company_id = line.company_id
                        ) THEN 'seller' ELSE 'buyer' END AS owner,
                   CASE WHEN role.name IN ('wallet', 'fees', 'repudiation')
                        THEN line.balance ELSE 0 END AS amount_money,
                   CASE WHEN role.name = 'hold'
                        THEN -line.balance ELSE 0 END AS amount_hold,
                   CASE WHEN role.name = 'seller'
                        THEN -line.balance ELSE 0 END AS amount_owed
            """
        )

    def _from(self):
        """Hook: journal items first; the rest is one row each, or nothing is read."""
        return SQL(
            """
              FROM account_move_line line
              JOIN (%s) role ON role.account_id = line.account_id
                            AND role.company_id = line.company_id
              LEFT JOIN account_move move ON move.id = line.move_id
              LEFT JOIN marketplace_entry entry ON entry.company_id = move.company_id
                                               AND entry.key = move.marketplace_key
            """,
            self._select_roles(),
        )

    def _where(self):
        """Hook: which journal items count."""
        return SQL("WHERE line.parent_state = 'posted'")
