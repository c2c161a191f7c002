# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from math import isfinite

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .account_move_lean import CORRECTION

CREDIT_MOVES = ("out_invoice", "out_refund")


class SaleOrder(models.Model):
    """The money of one purchase: what was paid, credited and given back (A23).

    One payment may pay the documents of several orders (some learners were moved to
    another session), so what an order received is told by the matchings of its own
    documents, never by its payments.

    These methods check no right: who calls them does, and hands over a sudo'd order.
    """

    _inherit = "sale.order"

    training_money_version = fields.Integer(
        readonly=True,
        copy=False,
        help="Raised by each credit note, so that two at once cannot both pass.",
    )
    training_is_flat = fields.Boolean(
        string="Flat price",
        copy=False,
        readonly=True,
        help="Bought at one price for the enrolment, whatever the number of learners.",
    )

    # What there is

    def _get_training_documents(self):
        """Return the live invoices and credit notes of this order, oldest first."""
        self.ensure_one()
        return self.env["account.move"].search(
            [
                ("training_order_id", "=", self.id),
                ("move_type", "in", CREDIT_MOVES),
                ("state", "!=", "cancel"),
            ],
            order="id",
        )

    def _get_training_paid(self):
        """Return what payments settle of this order's invoices (tax included)."""
        moves = self._get_training_documents()
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        return self.currency_id.round(sum(invoices._get_training_settled().values()))

    def _get_training_refunded(self):
        """Return what was given back on this order's credit notes (tax included)."""
        moves = self._get_training_documents()
        credits = moves.filtered(lambda move: move.move_type == "out_refund")
        return self.currency_id.round(sum(credits._get_training_settled().values()))

    def _get_training_left_to_credit(self):
        """Return what no credit note takes back yet (tax included)."""
        left = self._get_documents_to_credit()._get_training_left_to_credit()
        return self.currency_id.round(sum(left.values()))

    def _get_documents_to_credit(self):
        """Return the documents without the complement of a move under way: it is
        credited only with that move, so that what was paid is what is given back."""
        return self._get_training_documents() - self._get_move_under_way().complement_id

    def _get_training_left_to_refund(self):
        """Return what may still be given back: paid, neither refunded nor asked for.

        A refund made in Stripe itself that has no credit note yet counts as well.
        """
        credits = self._get_training_documents().filtered(
            lambda move: move.move_type == "out_refund"
        )
        asked = sum(credits._get_refunds_under_way().mapped("amount"))
        refunds = self._get_training_transactions().child_transaction_ids.payment_id
        lines = refunds._get_training_unmatched_lines()
        unmatched = abs(sum(lines.mapped("amount_residual_currency")))
        gone = self._get_training_refunded() + asked + unmatched
        return self.currency_id.round(self._get_training_paid() - gone)

    def _get_training_transactions(self):
        """Return the online payments that settle documents of this order."""
        self.ensure_one()
        invoices = self._get_training_documents()
        lines = invoices.line_ids.matched_credit_ids.credit_move_id
        found = lines.move_id.origin_payment_id.payment_transaction_id
        return found.filtered(lambda tx: tx.state == "done" and tx.amount > 0)

    def _get_training_seat_price(self, registrations):
        """Return what these learners cost (tax included), for staff to start from.

        A flat enrolment has no price per learner: some of them cost nothing, all of
        them everything (A6).
        """
        self.ensure_one()
        left = self._get_training_left_to_credit()
        active = self._get_active_learners()
        if not active - registrations:
            return left
        line = self._get_training_line()
        if not self._is_priced_per_learner() or not line.product_uom_qty:
            return 0.0
        seats = len(registrations & active)
        price = self.currency_id.round(line.price_total / line.product_uom_qty * seats)
        return min(price, left)

    def _is_priced_per_learner(self):
        """Tell an order that pays for each learner from a flat enrolment (A6)."""
        self.ensure_one()
        return not self.training_is_flat

    def _get_training_line(self):
        return self.order_line.filtered(lambda line: line._is_training_line())[:1]

    def _ensure_prepaid_invoice(self):
        """Make the invoice now if the job that follows a payment did not come yet."""
        self.ensure_one()
        tx = self.training_paid_tx_id
        if tx.payment_id and not self._get_training_documents():
            self._make_prepaid_invoice()

    # What is done with it

    def _credit_training(self, amount, reason, invoice=None):
        """Number a credit note that takes back part or all of what was invoiced.

        Newest invoices are credited first; a draft is numbered before. All is written
        in the caller's transaction: a death at any line leaves nothing behind.

        :param float amount: tax included, in the order's currency
        :param str reason: why, printed on the credit note
        :param account.move invoice: the one to credit; by default those it takes
        :return: the posted credit notes, one for each invoice concerned
        :raise UserError: beyond what is left to credit
        """
        self.ensure_one()
        self = self.with_context(**CORRECTION)
        self._raise_money_version()
        self._ensure_prepaid_invoice()
        invoices = (
            invoice.with_env(self.env)
            if invoice
            else self._get_documents_to_credit().sorted(reverse=True)
        )
        left = invoices._get_training_left_to_credit()
        self._check_creditable(amount, sum(left.values()))
        credit_notes = self.env["account.move"]
        for move, creditable in left.items():
            part = self.currency_id.round(min(amount, creditable))
            if not self.currency_id.is_zero(part):
                credit_notes |= move._make_training_credit_note(part, reason)
                amount -= part
        self._follow_training_credit()
        return credit_notes

    def _check_creditable(self, amount, left):
        is_amount = isfinite(amount) and amount > 0
        if not is_amount or self.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(left)s is left to credit on %(order)s: enter an amount between "
                    "zero and that.",
                    left=self.currency_id.format(left),
                    order=self.name,
                )
            )

    def _raise_money_version(self):
        """Make the second of two clerks at work on one order be replayed.

        Under REPEATABLE READ a lock followed by a sum would add up what was there
        before the first one; the update fails instead, and Odoo tries again.
        """
        self.flush_recordset()
        query = SQL(
            """
            UPDATE sale_order
               SET training_money_version = COALESCE(training_money_version, 0) + 1
             WHERE id = %s
            """,
            self.id,
        )
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(["training_money_version"])

    def _get_seats_to_credit(self):
        """Return how many of what was ordered is cancelled and not credited yet."""
        self.ensure_one()
        line = self._get_training_line()
        learners = len(self._get_active_learners())
        if not learners:
            return line.qty_invoiced
        if not self._is_priced_per_learner():
            return 0
        return max(line.qty_invoiced - learners, 0)

    def _follow_training_credit(self):
        """Have the order ask for what is left of it: nobody invoices it again.

        Stock sets a credited order back to « to invoice ». Fewer learners: fewer are
        ordered. None left: the order is cancelled, once its documents are numbered;
        never set to zero, which would make it a free one.
        """
        self.ensure_one()
        learners = self._get_active_learners()
        moves = self._get_training_documents()
        if not learners:
            if self.state == "sale" and "draft" not in moves.mapped("state"):
                self._action_cancel()
            return
        line = self._get_training_line()
        if self._is_priced_per_learner() and line.product_uom_qty > len(learners):
            self._set_training_quantity(line, len(learners))

    def _set_training_quantity(self, line, quantity):
        """Lower the ordered quantity, of a locked order too."""
        was_locked = self.locked
        if was_locked:
            self.locked = False
        line.product_uom_qty = quantity
        if was_locked:
            self.locked = True

    def _cancel_training(
        self, registrations, amount, reason, refund=True, indemnity=0.0
    ):
        """Cancel learners and give back their money, in one transaction.

        Their seats are freed, nobody is told « you are registered », opportunity and
        request follow; where the provider cannot refund, a person is asked to.

        :param event.registration registrations: the learners to cancel
        :param float amount: to credit, tax included; zero leaves the money alone
        :param bool refund: ask the provider for the money now
        :param float indemnity: part of the amount that the organisation keeps
        :return: the credit notes
        """
        self.ensure_one()
        self._give_up_move_of(registrations)
        (registrations & self.training_registration_ids)._cancel_prepaid()
        if self.currency_id.is_zero(amount):
            return self.env["account.move"]
        credit_notes = self._credit_training(amount, reason)
        if indemnity:
            credit_notes._keep_training_indemnity(indemnity, reason)
        credit_notes._match_known_refunds()
        if refund:
            for credit_note in credit_notes.filtered("amount_residual"):
                self._refund_or_ask(credit_note)
        return credit_notes
