# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..services import prospect
from ..utils import to_note

_logger = logging.getLogger(__name__)

MAX_TRIES = 5
BATCH = 50


class TrainingWithdrawal(models.Model):
    """What a withdrawal leads to: the seat, the credit note and the refund.

    If the process dies
    - before the page's commit: nothing was declared, the buyer sees an error and
      confirms again;
    - between that commit and the job: the row is « to do », the job finds it;
    - in the job, before its commit: nothing was credited nor asked of the provider
      (the refund is an intent in the same transaction, D7), the job starts again;
    - after it: the row is « done » and never treated again; the outbox sends the
      refund under its own key, and tells when it succeeded.
    """

    _inherit = "training.withdrawal"

    @api.model
    def _trigger_treatment(self, at=None):
        self.env.ref(
            "training_catalogue_payment.ir_cron_treat_withdrawals"
        ).sudo()._trigger(at)

    @api.model
    def _cron_treat_withdrawals(self):
        """Credit and refund what was withdrawn from, each in its own transaction."""
        cron = self.env["ir.cron"]
        domain = Domain("treatment_state", "=", "todo")
        found = self.search(domain, order="treatment_attempts, id", limit=BATCH)
        cron._commit_progress(remaining=self.search_count(domain))
        for withdrawal in found:
            withdrawal = withdrawal.try_lock_for_update().filtered_domain(domain)
            if not withdrawal:
                continue
            company = withdrawal.company_id
            withdrawal.with_context(
                lang=company.partner_id.lang, tz=company._get_training_zone()
            )._try_treat()
            if not cron._commit_progress(1):
                break

    def _try_treat(self):
        """Treat one, counting the tries; the last failure becomes an activity.

        The job that follows a payment has its turn first: it makes the invoice.
        """
        self.ensure_one()
        if self.order_id.training_followup_state == "todo":
            self._trigger_treatment(fields.Datetime.now() + timedelta(minutes=1))
            return
        self.treatment_attempts += 1
        self.env["ir.cron"]._commit_progress()
        try:
            with self.env.cr.savepoint():
                self._treat()
        except (ConcurrencyError, UserError, ValueError, psycopg2.Error) as error:
            self.env.invalidate_all()
            _logger.warning(
                "Withdrawal %s could not be treated", self.id, exc_info=True
            )
            self.treatment_error = str(error)
            if self.treatment_attempts >= MAX_TRIES:
                self._give_up()
            else:
                delay = timedelta(minutes=self.treatment_attempts)
                self._trigger_treatment(fields.Datetime.now() + delay)

    def _treat(self):
        """Do what is left to do: every step finds its own result."""
        self.lock_for_update()
        order = self.order_id
        self._acknowledge()
        if order.training_followup_state == "failed":
            order._make_prepaid_invoice()
        failed = self._get_failed_credit_notes()
        # An unpaid complement would be credited before what was paid; one that was
        # paid goes back whole, so what the buyer owes is kept from the rest.
        moves = order._get_move_under_way() | order._get_accepted_moves()
        complements = moves._abandon()
        owed = sum(note._get_training_owed() for note in failed)
        for note in failed:
            order._refund_or_ask(note)
        left = order._get_training_left_to_credit() - self.amount_kept
        amount = order.currency_id.round(min(self.amount - owed, left))
        credit_notes = failed | complements
        credit_notes |= order._cancel_training(
            order._get_active_learners(), max(amount, 0), self._get_reason()
        )
        self._close_opportunity()
        self.write(
            {
                "credit_note_ids": credit_notes.ids,
                "treatment_state": "done",
                "treatment_error": False,
            }
        )

    def _get_failed_credit_notes(self):
        """Return what was credited before and did not reach the buyer: Stripe refused
        it, or the bank returned it. It is owed as well, and asked for again."""
        return self.order_id._get_training_documents().filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.currency_id.compare_amounts(move._get_training_owed(), 0) > 0
            )
        )

    def _close_opportunity(self):
        """An opportunity made after the declaration was never told of it."""
        lead = self.order_id._get_prepaid_opportunity()
        if lead.active and lead.prepaid_status in prospect.CLOSED:
            lead.action_set_lost()

    def _get_reason(self):
        self.ensure_one()
        return self.env._("Withdrawal of %(date)s", date=self._get_date_text())

    def _give_up(self):
        self.treatment_state = "failed"
        responsible = self.session_id._get_training_responsible()
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Withdrawal to refund by hand"),
            note=to_note(
                self.env._(
                    "The withdrawal is acknowledged and the seat is free, but the "
                    "credit note or the refund failed: %(error)s. The law gives until "
                    "%(date)s.",
                    error=self.treatment_error or "",
                    date=format_date(self.env, self.refund_before),
                )
            ),
            user_id=responsible.id or self.env.ref("base.user_root").id,
        )

    def action_retry_treatment(self):
        """Have the job try a failed refund again.

        :raise AccessError: for whoever may not read the withdrawal
        """
        self.check_access("read")
        failed_sudo = self.sudo().filtered(lambda one: one.treatment_state == "failed")
        failed_sudo.write({"treatment_state": "todo", "treatment_attempts": 0})
        self._trigger_treatment()

    def action_view_order(self):
        """Open the order that was withdrawn from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    def _compute_payment_state(self):
        """Have withdrawals follow the payment of their credit notes."""
        super()._compute_payment_state()
        notes = self.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.state == "posted"
                and move.training_order_id
            )
        )
        if notes:
            withdrawals_sudo = (
                self.env["training.withdrawal"]
                .sudo()
                .search([("credit_note_ids", "in", notes.ids)])
            )
            state = withdrawals_sudo._fields["state"]
            self.env.add_to_compute(state, withdrawals_sudo)
