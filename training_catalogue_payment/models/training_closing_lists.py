# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from decimal import Decimal

import pytz

from odoo import models
from odoo.tools import SQL

from ..services.delivery import split_hours


class TrainingClosing(models.Model):
    """What is on the lists of a closing date, told by the ledger as it was then."""

    _inherit = "training.closing"

    # Prepaid, not invoiced

    def _prepare_prepaid_lines(self):
        """Return a line for each part of a payment that no invoice took by the date.

        An invoice numbered since, with a later date, had not taken it: it counts as
        not invoiced then.
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._get_prepaid_query())
        lines = self.env["account.move.line"].browse(row["line_id"] for row in rows)
        lines.fetch(["account_id", "partner_id", "payment_id", "move_id"])
        return [
            self._prepare_prepaid_line(line, row)
            for line, row in zip(lines, rows, strict=True)
        ]

    def _get_payment_query(self):
        """Return the query of the payments of training made by the date: those taken
        online, and those matched with a document of training."""
        return SQL(
            """
            SELECT aml.id, aml.balance
              FROM account_move_line aml
              JOIN account_account account ON account.id = aml.account_id
              JOIN account_payment payment ON payment.move_id = aml.move_id
              LEFT JOIN payment_transaction tx
                ON tx.id = payment.payment_transaction_id
              LEFT JOIN payment_transaction source
                ON source.id = tx.source_transaction_id
             WHERE aml.company_id = %(company)s
               AND aml.parent_state = 'posted'
               AND aml.date <= %(date)s
               AND account.account_type = 'asset_receivable'
               AND (tx.training_session_id IS NOT NULL
                    OR source.training_session_id IS NOT NULL
                    OR EXISTS (
                        SELECT 1
                          FROM account_invoice_transaction_rel paid
                          JOIN account_move doc ON doc.id = paid.invoice_id
                         WHERE paid.transaction_id IN (tx.id, source.id)
                           AND doc.training_order_id IS NOT NULL)
                    OR EXISTS (
                        SELECT 1
                          FROM account_partial_reconcile partial
                          JOIN account_move_line other
                            ON other.id IN (partial.debit_move_id,
                                            partial.credit_move_id)
                          JOIN account_move doc ON doc.id = other.move_id
                         WHERE aml.id IN (partial.debit_move_id,
                                          partial.credit_move_id)
                           AND doc.training_order_id IS NOT NULL))
            """,
            company=self.company_id.id,
            date=self.date,
        )

    def _get_prepaid_query(self):
        """Return the query of (line of a payment, document, amount not invoiced).

        What is matched with documents posted by the date is settled; the rest is told
        document by document, then what is matched with none.
        """
        return SQL(
            """
            WITH line AS (%(payments)s),
            match AS (
                SELECT line.id, other.move_id,
                       other.parent_state = 'posted' AND other.date <= %(date)s
                       AS is_settled,
                       partial.amount * SIGN(-line.balance) AS amount
                  FROM line
                  JOIN account_partial_reconcile partial
                    ON line.id IN (partial.debit_move_id, partial.credit_move_id)
                  JOIN account_move_line other
                    ON other.id = partial.debit_move_id + partial.credit_move_id
                                  - line.id
            )
            SELECT id AS line_id, move_id AS document_id, SUM(amount) AS amount
              FROM match
             WHERE NOT is_settled
             GROUP BY id, move_id
            UNION ALL
            SELECT line.id, NULL, -line.balance - COALESCE(SUM(match.amount), 0)
              FROM line
              LEFT JOIN match ON match.id = line.id
             GROUP BY line.id, line.balance
            HAVING ROUND(-line.balance - COALESCE(SUM(match.amount), 0), 6) != 0
             ORDER BY line_id, document_id
            """,
            payments=self._get_payment_query(),
            date=self.date,
        )

    def _prepare_prepaid_line(self, line, row):
        document = self.env["account.move"].browse(row["document_id"] or [])
        transaction = line.move_id.origin_payment_id.payment_transaction_id
        source = transaction.source_transaction_id or transaction
        amount = float(row["amount"])
        order = document.training_order_id or source.sale_order_ids[:1]
        order = order or source._get_training_orders()[:1]
        vat = self._get_missing_vat(document, amount)
        remark = False
        if amount < 0:
            remark = self.env._("Given back without a numbered credit note.")
        if vat:
            remark = self.env._("Taxable: to number at the payment's date.")
        return {
            "closing_id": self.id,
            "kind": "prepaid",
            "partner_id": line.partner_id.id,
            "account_id": line.account_id.id,
            "payment_move_id": line.move_id.id,
            "document_id": document.id,
            "order_id": order.id,
            "session_id": (
                document.training_session_id
                or source.training_session_id
                or source.invoice_ids.training_session_id[:1]
            ).id,
            "amount": amount,
            "amount_vat": vat,
            "is_error": bool(vat),
            "remark": remark,
        }

    def _get_missing_vat(self, document, amount):
        """Return the VAT in what was cashed: due, and on no numbered invoice."""
        if not document or not document.amount_total:
            return 0.0
        share = amount / document.amount_total
        return self.currency_id.round(document.amount_tax * share)

    # Invoiced, not delivered

    def _prepare_deferred_lines(self):
        """Return a line for each document whose session goes on after the date.

        An invoice that was wholly credited by then, and its credit notes, make nothing
        to carry over: they are left out together. An indemnity is earned the day it
        is kept: no session will deliver it.
        """
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", self.date),
                ("display_type", "=", "product"),
                ("account_id.account_type", "=", "income"),
                ("move_id.training_session_id.date_end", ">", self.date),
            ],
            ["move_id", "account_id"],
            ["balance:sum"],
        )
        left = defaultdict(float)
        for document, account, balance in groups:
            left[document.reversed_entry_id or document, account] += balance
        lines = []
        for document, account, balance in groups:
            invoice = document.reversed_entry_id or document
            is_over = self.currency_id.is_zero(left[invoice, account])
            if is_over or invoice.training_is_indemnity:
                continue
            delivery = self._get_delivery(document.training_session_id)
            amount = self.currency_id.round(
                float(Decimal(str(-balance)) * delivery.share_after)
            )
            if not self.currency_id.is_zero(amount):
                lines.append(
                    self._prepare_deferred_line(
                        document, account, -balance, delivery, amount
                    )
                )
        return lines

    def _get_delivery(self, session):
        """Return the hours of a session on both sides of the date, in its own zone."""
        zone = pytz.timezone(session.date_tz or "UTC")
        begin, end = (
            pytz.utc.localize(moment).astimezone(zone)
            for moment in (session.date_begin, session.date_end)
        )
        hours = session.programme_id.training_duration_hours
        return split_hours(begin, end, self.date, hours)

    def _prepare_deferred_line(self, document, account, base, delivery, amount):
        is_cancelled = document.training_session_id.kanban_state == "cancel"
        return {
            "closing_id": self.id,
            "kind": "deferred",
            "partner_id": document.commercial_partner_id.id,
            "account_id": account.id,
            "document_id": document.id,
            "order_id": document.training_order_id.id,
            "session_id": document.training_session_id.id,
            "amount_base": base,
            "hours": float(delivery.hours),
            "hours_after": float(delivery.hours_after),
            "amount": amount,
            "remark": is_cancelled
            and self.env._("Cancelled session: a credit note is expected."),
        }
