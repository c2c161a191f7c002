# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..services.balance import BOOKED_ELSEWHERE, Account, plan_entry

_logger = logging.getLogger(__name__)

BATCH = 200
RETRY = timedelta(hours=12)
COMPANY_ACCOUNTS = {
    Account.TRANSIT: "training_transit_account_id",
    Account.FEE: "training_fee_account_id",
    Account.TRANSFER: "training_transfer_account_id",
    Account.DISPUTE: "training_dispute_account_id",
}


class NotBookable(Exception):
    """Why a movement cannot be booked: a value of the field ``problem``."""


class TrainingBalanceTransaction(models.Model):
    """How a movement becomes an entry, once (A30).

    Its row is locked, the entry made and posted, its state written: one transaction.
    Wherever the process dies before the commit nothing is kept and the movement is
    still to book; after it, the state says booked.
    """

    _inherit = "training.balance.transaction"

    @api.model
    def _cron_book(self):
        """Book what was read, and look again at what could not be, one commit each."""
        domain = [
            ("state", "in", ("todo", "exception")),
            ("date_next", "<=", fields.Datetime.now()),
        ]
        movements = self.search(domain, order="created_at, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for movement in movements:
            movement = movement.try_lock_for_update().filtered_domain(domain)
            if movement:
                movement._try_to_book()
            if not progress(1):
                return
        if len(movements) < BATCH:
            self._match_payouts()

    def _try_to_book(self):
        """Book one movement, or write down why not; the next one can be booked."""
        self.ensure_one()
        movement = self.with_company(self.company_id).with_context(
            lang=self.company_id.partner_id.lang
        )
        try:
            with self.env.cr.savepoint():
                movement._book()
        except NotBookable as reason:
            self._set_problem(str(reason))
        except UserError as error:
            self._set_problem("refused", str(error))
        except psycopg2.Error as error:
            _logger.exception("Movement %s could not be booked", self.reference)
            self._set_problem("refused", str(error))

    def _set_problem(self, problem, detail=False):
        self.write(
            {
                "state": "exception",
                "problem": problem,
                "problem_detail": detail and detail[:500],
                "date_next": fields.Datetime.now() + RETRY,
            }
        )

    def _book(self):
        """Make the entry of this movement.

        :raise NotBookable: with the value of ``problem``
        """
        try:
            plan = plan_entry(self.category, self.amount_minor, self.fee_minor)
        except ValueError as error:
            raise NotBookable("unknown") from error
        self._find_payment()
        values = {
            "state": "booked" if self.undo_move_id else "nothing",
            "problem": False,
            "problem_detail": False,
        }
        if plan:
            move = self.env["account.move"].create(self._prepare_move(plan))
            move.action_post()
            values.update(state="booked", move_id=move.id)
        self.write({**values, "date_next": False})

    def _find_payment(self):
        """Find what books the amount of a charge or a refund, and check it.

        :raise NotBookable: with the value of ``problem``
        """
        reference = (
            self.source_reference
            if self.category in ("refund", "refund_failure")
            else self.payment_reference
        )
        if reference and not self.transaction_id:
            self.transaction_id = self.env["payment.transaction"].search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("provider_reference", "=", reference),
                ],
                limit=1,
            )
        if self.category in BOOKED_ELSEWHERE:
            self._check_payment()

    def _check_payment(self):
        transaction = self.transaction_id
        if not transaction:
            raise NotBookable("no_payment")
        if transaction.currency_id != self.currency_id:
            raise NotBookable("currency")
        sign = -1 if self.category == "refund_failure" else 1
        if transaction._to_stripe_amount(transaction.amount) != (
            sign * self.amount_minor
        ):
            raise NotBookable("amount")
        move = transaction.payment_id.move_id
        if self.category == "refund_failure":
            move = move.reversal_move_ids.filtered(lambda one: one.state == "posted")
        if move.state != "posted":
            raise NotBookable("not_posted")
        if self.category == "refund_failure":
            self.undo_move_id = move
        else:
            self.payment_id = transaction.payment_id

    def _prepare_move(self, plan):
        """Return the values of the entry, at the movement's own date if it is open."""
        label = self._get_entry_label()
        date, note = self._get_open_date()
        notes = [note, self._get_vat_note() if self.fee_minor else ""]
        journal = self.company_id.training_stripe_journal_id
        return {
            "move_type": "entry",
            "journal_id": (journal or self.provider_id.journal_id).id,
            "date": date,
            "ref": f"{label} {self.reference}",
            "narration": "\n".join(filter(None, notes)),
            "company_id": self.company_id.id,
            "line_ids": [
                Command.create(self._prepare_line(role, minor, date, label))
                for role, minor in plan.items()
            ],
        }

    def _prepare_line(self, role, minor, date, label):
        amount = self._to_major(minor)
        company = self.company_id
        return {
            "account_id": self._get_account(role).id,
            "partner_id": self._get_entry_partner(role).id,
            "name": f"{label} {self.source_reference or self.reference}",
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": self.currency_id._convert(
                amount, company.currency_id, company, date
            ),
        }

    def _get_account(self, role):
        """Return the account that plays a role.

        :raise NotBookable: when it was not chosen
        """
        account = self.company_id[COMPANY_ACCOUNTS[role]]
        if not account:
            raise NotBookable("accounts")
        return account

    def _get_entry_partner(self, role):
        """Name the customer on what it may have to answer for."""
        if role == Account.DISPUTE:
            return self.transaction_id.partner_id.commercial_partner_id
        return self.env["res.partner"]

    def _get_entry_label(self):
        categories = dict(self._fields["category"]._description_selection(self.env))
        return f"Stripe - {categories[self.category]}"

    def _get_open_date(self):
        """Return the movement's day, else the first open one after it, and why."""
        journal = (
            self.company_id.training_stripe_journal_id or self.provider_id.journal_id
        )
        locks = self.company_id._get_violated_lock_dates(self.date, False, journal)
        if not locks:
            return self.date, ""
        date = max(lock_date for lock_date, _name in locks) + timedelta(days=1)
        return date, self.env._(
            "Moved by Stripe on %(day)s: that period was closed when it was booked.",
            day=format_date(self.env, self.date),
        )

    def _get_vat_note(self):
        """What is known of the VAT on Stripe's fees (facts 4.2).

        No tax is booked here: it depends on Stripe's own monthly invoice.
        """
        return self.env._(
            "Fees invoiced each month by Stripe, established outside France. VAT "
            "follows that invoice: payment services are exempt (CGI art. 261 C, 1°), "
            "any other service is reverse-charged. No VAT is booked by this entry."
        )

    def _match_payouts(self):
        """Match on the transit account what each automatic payout paid to the bank."""
        payouts = self.search(
            [
                ("category", "=", "payout"),
                ("payout_reference", "!=", False),
                ("state", "in", ("booked", "manual")),
                ("is_payout_matched", "=", False),
            ],
            order="id",
            limit=BATCH,
        )
        for payout in payouts.try_lock_for_update():
            payout._match_payout()
            self.env["ir.cron"]._commit_progress()

    def _match_payout(self):
        """Match the lines of a payout when all are booked and nothing is left over.

        What came back from the bank is a movement of its own: it stays unmatched.
        """
        self.ensure_one()
        movements = self.search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("payout_reference", "=", self.payout_reference),
            ]
        )
        if movements.filtered(lambda movement: movement.state in ("todo", "exception")):
            return
        account = self.company_id.training_transit_account_id
        moves = movements._get_moves()
        lines = moves.line_ids.filtered(
            lambda line: (
                line.account_id == account
                and not line.reconciled
                and line.parent_state == "posted"
            )
        )
        left = sum(lines.mapped("amount_residual_currency"))
        if lines and self.currency_id.is_zero(left):
            lines.reconcile()
        self.is_payout_matched = True
