# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import isfinite

from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices and credit notes of an online purchase, and what settles them."""

    _inherit = "account.move"

    training_is_indemnity = fields.Boolean(
        string="Cancellation indemnity", copy=False, readonly=True
    )

    def _get_training_settled(self):
        """Return for each document what payments, not credit notes, settle of it.

        :rtype: dict[account.move, float]
        """
        settled = dict.fromkeys(self, 0.0)
        for move in self:
            lines = move._get_training_matched_lines()
            for partial in lines.matched_credit_ids:
                if not partial.credit_move_id.move_id.is_sale_document():
                    settled[move] += partial.debit_amount_currency
            for partial in lines.matched_debit_ids:
                if not partial.debit_move_id.move_id.is_sale_document():
                    settled[move] += partial.credit_amount_currency
        return settled

    def _get_training_left_to_credit(self):
        """Return for each invoice what no credit note takes back yet.

        :rtype: dict[account.move, float]
        """
        invoices = self.filtered(
            lambda move: (
                move.move_type == "out_invoice" and not move.training_is_indemnity
            )
        )
        credits = self.search(
            [
                ("reversed_entry_id", "in", invoices.ids),
                ("move_type", "=", "out_refund"),
                ("state", "!=", "cancel"),
            ]
        ).grouped("reversed_entry_id")
        return {
            move: move.currency_id.round(
                move.amount_total
                - sum(credits.get(move, self.browse()).mapped("amount_total"))
            )
            for move in invoices
        }

    def _split_training_refund(self, amount):
        """Say which online payments give back how much of an amount.

        One that has enough left gives it all; else each gives what it has, so that a
        complement paid apart is given back too.

        :return: (transaction, amount) of each; empty when they have not enough left
        :rtype: list[tuple[payment.transaction, float]]
        """
        self.ensure_one()
        shares = self.training_order_id._get_refundable_shares()
        wanted = next(iter(shares))._to_stripe_amount(amount) if shares else 0
        enough = [tx for tx, minor in shares.items() if minor >= wanted]
        parts = []
        for tx in enough[:1] or shares:
            part = min(wanted, shares[tx])
            if part > 0:
                parts.append((tx, tx._from_stripe_amount(part)))
                wanted -= part
        return [] if wanted else parts

    def _get_refund_operations(self):
        """Return the refunds asked of the provider for these credit notes."""
        return self.env["training.payment.operation"].search(
            [
                ("kind", "=", "refund"),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )

    def _get_refunds_under_way(self):
        """Return those whose money is not matched with its credit note yet."""
        return self._get_refund_operations().filtered(
            lambda operation: (
                operation.state != "failed" and not operation.is_followed_up
            )
        )

    def _get_training_owed(self):
        """Return what this credit note owes and nobody is giving back."""
        self.ensure_one()
        asked = sum(self._get_refunds_under_way().mapped("amount"))
        return self.currency_id.round(self.amount_residual - asked)

    def _get_training_accountant(self):
        """Return who is asked to deal with the money of this document.

        Who follows the session or the order if they may, else the first accountant.
        """
        self.ensure_one()
        group = self.env.ref("account.group_account_invoice")
        accountants = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        order = self.training_order_id
        known = order.training_session_id._get_training_responsible() | order.user_id
        return (known & accountants or accountants.sorted("id") or self.env.user)[:1]

    def _pay_training_document(self, journal, memo, amount=None, date=None):
        """Record a payment of this document that did not go through Stripe (A23).

        Money leaves for a credit note and comes in for an invoice.

        :param account.journal journal: bank or cash
        :param float amount: what is left by default
        :return: the payment, matched
        :raise UserError: beyond what is left
        """
        self.ensure_one()
        amount = self.amount_residual if amount is None else amount
        left = self.amount_residual
        is_amount = isfinite(amount) and amount > 0
        if not is_amount or self.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(left)s is left on %(document)s: enter an amount between zero "
                    "and that.",
                    left=self.currency_id.format(left),
                    document=self.name or self.env._("this draft"),
                )
            )
        payment = self.env["account.payment"].create(
            {
                **self._prepare_training_payment_vals(journal),
                "amount": amount,
                "memo": memo,
                "date": date or fields.Date.context_today(self),
            }
        )
        payment.action_post()
        self._match_training_refund(payment)
        return payment

    def _prepare_training_payment_vals(self, journal):
        is_refund = self.move_type == "out_refund"
        receivable = self._get_training_receivable_lines().account_id[:1]
        return {
            "payment_type": "outbound" if is_refund else "inbound",
            "partner_type": "customer",
            "partner_id": self.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "destination_account_id": receivable.id,
        }

    def _match_known_refunds(self):
        """Match these credit notes with what was given back without one already, in
        Stripe itself for instance: nobody gives it back again.

        The refund of a payment that other orders share is left to a person.
        """
        for credit_note in self:
            order = credit_note.training_order_id
            for tx in order._get_training_transactions():
                if tx._get_training_orders() != order:
                    continue
                for payment in tx.child_transaction_ids.payment_id:
                    if payment._get_training_unmatched_lines():
                        credit_note._match_training_refund(payment)

    def _match_training_refund(self, payment):
        """Match a payment with what is left of this document."""
        self.ensure_one()
        lines = (payment.move_id.line_ids + self.line_ids).filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        if len(lines.move_id) > 1:
            lines.reconcile()
        is_settled = self.currency_id.is_zero(self.amount_residual)
        if self.move_type == "out_refund" and is_settled:
            self._close_training_refund_activities()

    def _close_training_refund_activities(self):
        """What asked a person to give this money back is done, whoever did it."""
        self.sudo().activity_feedback(
            ["mail.mail_activity_data_todo", "mail.mail_activity_data_warning"],
            feedback=self.env._("The money was given back."),
        )
