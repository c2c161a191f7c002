# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.payment.utils import to_major_currency_units


class MarketplaceSeller(models.Model):
    """The months of a seller that were issued."""

    _inherit = "marketplace.seller"

    statement_version = fields.Integer(
        readonly=True, help="Technical: raised by whoever issues a statement."
    )
    statement_ids = fields.One2many(
        "marketplace.seller.statement", "contract_id", readonly=True
    )
    statement_count = fields.Integer(
        string="Statements", compute="_compute_statement_count", compute_sudo=True
    )

    def _compute_statement_count(self):
        groups = self.env["marketplace.seller.statement"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = dict(groups)
        for contract in self:
            contract.statement_count = counts.get(contract, 0)

    def action_open_statements(self):
        """Open the months that were issued to the seller."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "training_marketplace_payout.marketplace_statement_action"
        )
        return dict(action, domain=[("contract_id", "=", self.id)], context={})

    def _get_issued(self, currency):
        """Return the months that were issued in a currency, with sudo, newest first."""
        self.ensure_one()
        statements_sudo = self.env["marketplace.seller.statement"].sudo()
        return statements_sudo.search(
            [("contract_id", "=", self.id), ("currency_id", "=", currency.id)]
        )

    def _issue_statement(self, currency, month):
        """Return the statement of a month that is over: the one that was issued, else
        issued now, with the months before it.

        The entries of each are kept with it in this transaction: if the process dies
        before its commit none is issued, and the next to ask issues them. Of two who
        ask at once, the second is replayed and finds them.

        :raise UserError: when the month is not over, or has nothing
        """
        self.ensure_one()
        issued_sudo = self._get_issued(currency)
        known_sudo = issued_sudo.filtered(lambda one: one.month == month)
        if known_sudo:
            return known_sudo
        sums = self._get_ledger_months(currency)
        months = self._get_statement_months(currency, sums)
        if month not in months or not self._is_month_over(month):
            raise UserError(self.env._("This month has no statement yet."))
        self._raise_statement_version()
        told = set(issued_sudo.mapped("month"))
        todo = [one for one in sorted(months) if one <= month and one not in told]
        moves = self._get_moves_by_month(currency, month)
        created_sudo = issued_sudo.create(
            [
                self._prepare_statement(currency, one, sums, moves.get(one, ()))
                for one in todo
            ]
        )
        return created_sudo[-1:]

    def _prepare_statement(self, currency, month, sums, move_ids):
        statement = self._get_statement(currency, month, sums)
        return {
            "contract_id": self.id,
            "currency_id": currency.id,
            "month": month,
            "opening": to_major_currency_units(statement.opening, currency),
            "closing": to_major_currency_units(statement.closing, currency),
            "move_ids": [Command.set(sorted(move_ids))],
        }

    def _raise_statement_version(self):
        """Make the second of two that issue a month be replayed."""
        self.env.cr.execute(
            "UPDATE marketplace_seller"
            " SET statement_version = COALESCE(statement_version, 0) + 1 WHERE id = %s",
            [self.id],
            log_exceptions=False,
        )
        self.invalidate_recordset(["statement_version"])

    # In which statement an entry is

    def _map_told_months(self, moves, currency):
        """Return each entry's id → the month in which it is told to the seller."""
        self.ensure_one()
        self._flush_ledger()
        if not moves:
            return {}
        day = SQL("COALESCE(move.invoice_date, move.date)")
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT move.id, %s
                      FROM account_move move
                      LEFT JOIN (%s) told ON told.move_id = move.id
                     WHERE move.id IN %s
                    """,
                    self._get_told_month(currency, day),
                    self._get_told_moves(currency),
                    tuple(moves.ids),
                )
            )
        )

    def _get_moves_by_month(self, currency, until):
        """Return what the statements tell until a month: its first day → the ids of the
        seller's entries, of the operator's invoices, of the debts."""
        found = defaultdict(set)
        self._flush_ledger()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT line.move_id, %s %s",
                self._get_told_month(currency, SQL("line.date")),
                self._get_ledger_source(currency),
            )
        )
        moves_sudo = self._get_commission_invoices(currency)
        moves_sudo += self._get_debt_entries(currency).move_id
        for move_id, month in (
            *rows,
            *self._map_told_months(moves_sudo, currency).items(),
        ):
            if month <= until:
                found[month].add(move_id)
        return found


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        """What a seller was told in a statement stays as it was told."""
        self._refuse_told()
        return super().button_draft()

    def button_cancel(self):
        """What a seller was told in a statement stays as it was told."""
        self._refuse_told()
        return super().button_cancel()

    def _refuse_told(self):
        """:raise UserError: for an entry of an issued statement: it is reversed"""
        statements_sudo = self.env["marketplace.seller.statement"].sudo()
        domain = [("move_ids", "in", self.ids)]
        if not self.env.su and statements_sudo.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "A seller was told of this entry in a statement: reverse it, the "
                    "next statement will say so."
                )
            )
