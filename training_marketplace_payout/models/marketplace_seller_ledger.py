# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from odoo.addons.payment.utils import to_minor_currency_units

from ..services.seller_ledger import Statement, make_statement


class LedgerLine(NamedTuple):
    """A line of what is owed to a seller: minor units, rises when positive; ``after``
    is what was owed then."""

    id: int
    day: date
    kind: str
    amount: int
    after: int
    move_id: int
    entry_id: int


class MonthSum(NamedTuple):
    """What the lines of one kind sum up to in a month, given by its first day."""

    month: date
    kind: str
    amount: int
    count: int


class MarketplaceSeller(models.Model):
    """What a seller is owed, read from the books themselves (B20, D9).

    The lines of « owed to sellers » that bear the seller's name, posted: the seller
    sees the same cents as the operator's accountant, whatever moved them. Every method
    makes one query, whatever the history; they are called with sudo by the pages.
    """

    _inherit = "marketplace.seller"

    def _get_ledger_source(self, currency):
        """Return FROM and WHERE of the lines, with the movement of each, and the
        statement that has told it."""
        self.ensure_one()
        account_sudo = self.sudo().company_id.marketplace_seller_account_id
        return SQL(
            """
              FROM account_move_line line
              LEFT JOIN marketplace_entry entry ON entry.move_id = line.move_id
              LEFT JOIN (%s) told ON told.move_id = line.move_id
             WHERE line.partner_id = %s AND line.account_id = %s
               AND line.company_id = %s AND line.currency_id = %s
               AND line.parent_state = 'posted'
            """,
            self._get_told_moves(currency),
            self.partner_id.id,
            account_sudo.id or None,
            self.company_id.id,
            currency.id,
        )

    def _get_told_moves(self, currency):
        """Return the entries of the statements that were issued, with their month."""
        return SQL(
            """
            SELECT kept.move_id, statement.month
              FROM marketplace_seller_statement statement
              JOIN marketplace_seller_statement_move kept
                ON kept.statement_id = statement.id
             WHERE statement.contract_id = %s AND statement.currency_id = %s
            """,
            self.id,
            currency.id,
        )

    def _get_told_month(self, currency, day):
        """Return the month in which a movement of a day is told: its own, else the
        first after those that were issued without it.

        :param SQL day: beside ``told`` of `_get_told_moves`
        """
        return SQL(
            """
            COALESCE(told.month, GREATEST(
                date_trunc('month', %s)::date,
                (SELECT (MAX(statement.month) + INTERVAL '1 month')::date
                   FROM marketplace_seller_statement statement
                  WHERE statement.contract_id = %s AND statement.currency_id = %s)
            ))
            """,
            day,
            self.id,
            currency.id,
        )

    def _flush_ledger(self):
        for model in (
            "account.move.line",
            "marketplace.entry",
            "marketplace.seller.statement",
        ):
            self.env[model].flush_model()

    def _to_ledger_minor(self, amount, currency):
        return to_minor_currency_units(float(amount or 0), currency)

    def _get_ledger_currencies(self):
        """Return the currencies in which the seller was ever owed something; the
        operator's when there is none."""
        self.ensure_one()
        company_sudo = self.sudo().company_id
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "=", self.partner_id.id),
                    (
                        "account_id",
                        "=",
                        company_sudo.marketplace_seller_account_id.id,
                    ),
                    ("company_id", "=", company_sudo.id),
                    ("parent_state", "=", "posted"),
                ],
                ["currency_id"],
            )
        )
        found = self.env["res.currency"].union(*(currency for (currency,) in groups))
        return found.sorted("name") or company_sudo.currency_id

    def _get_ledger_months(self, currency):
        """Return what each kind of movement sums up to, month by month, oldest first.

        :rtype: list[MonthSum]
        """
        self._flush_ledger()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %s, entry.kind, -SUM(line.amount_currency), COUNT(*)
                %s GROUP BY 1, 2 ORDER BY 1, 2
                """,
                self._get_told_month(currency, SQL("line.date")),
                self._get_ledger_source(currency),
            )
        )
        return [
            MonthSum(month, kind, self._to_ledger_minor(amount, currency), count)
            for month, kind, amount, count in rows
        ]

    def _get_statement(self, currency, month=None, sums=None) -> Statement:
        """Return the account of a month, or of all time without one.

        :param date month: its first day
        :param sums: of `_get_ledger_months`, where they are known already
        """
        sums = self._get_ledger_months(currency) if sums is None else sums
        before = sum(one.amount for one in sums if month and one.month < month)
        during = [one[1:] for one in sums if not month or one.month == month]
        return make_statement(before, during)

    def _get_ledger_lines(self, currency, month=None, limit=None, offset=0):
        """Return the lines, newest first, each with what was owed after it.

        :param date month: first day of the month; all by default
        :rtype: list[LedgerLine]
        """
        self._flush_ledger()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, date, kind, amount, after, move_id, entry_id FROM (
                    SELECT known.*, SUM(amount) OVER (
                               ORDER BY month, date, move_id, id) AS after
                      FROM (
                        SELECT line.id, line.date, entry.kind, line.move_id,
                               -line.amount_currency AS amount, entry.id AS entry_id,
                               %(told)s AS month
                        %(source)s
                    ) known
                     WHERE %(month)s::date IS NULL OR month <= %(month)s
                ) counted
                 WHERE %(month)s::date IS NULL OR month = %(month)s
                 ORDER BY month DESC, date DESC, move_id DESC, id DESC
                 LIMIT %(limit)s OFFSET %(offset)s
                """,
                told=self._get_told_month(currency, SQL("line.date")),
                source=self._get_ledger_source(currency),
                month=month,
                limit=limit,
                offset=offset,
            )
        )
        return [
            line._replace(
                amount=self._to_ledger_minor(line.amount, currency),
                after=self._to_ledger_minor(line.after, currency),
            )
            for line in map(LedgerLine._make, rows)
        ]

    def _find_ledger_line(self, line_id):
        """Return a line of this seller's own, with sudo; empty for any other."""
        self.ensure_one()
        company_sudo = self.sudo().company_id
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("id", "=", line_id),
                    ("partner_id", "=", self.partner_id.id),
                    (
                        "account_id",
                        "=",
                        company_sudo.marketplace_seller_account_id.id,
                    ),
                    ("company_id", "=", company_sudo.id),
                    ("parent_state", "=", "posted"),
                ]
            )
        )

    def _get_unbooked(self, currency):
        """Return what is written down and not booked yet, in minor units: it joins the
        balance by itself."""
        self.ensure_one()
        self.env["marketplace.entry"].flush_model()
        [[amount]] = self.env.execute_query(
            SQL(
                """
                SELECT -SUM((part->>2)::bigint)
                  FROM marketplace_entry entry, jsonb_array_elements(entry.lines) part
                 WHERE entry.state IN ('todo', 'blocked')
                   AND entry.company_id = %s AND entry.currency_id = %s
                   AND part->>0 = 'seller' AND (part->>1)::int = %s
                """,
                self.company_id.id,
                currency.id,
                self.partner_id.id,
            )
        )
        return int(amount or 0)
