# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..utils import to_note
from .training_inbox_mixin import COLLISIONS

_logger = logging.getLogger(__name__)

MAX_FOLLOW_UP_TRIES = 5
FOLLOW_UP_ROUNDS = 3
FOLLOW_UP_BATCH = 50


class SaleOrder(models.Model):
    """What happens once a purchase is paid.

    Seat and payment are committed at once; invoice, opportunity, request and mails
    follow in a job, so that no document can undo a payment (decision D6, bars R17).
    """

    _inherit = "sale.order"

    training_paid_tx_id = fields.Many2one(
        "payment.transaction",
        string="Paid by",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    training_followup_state = fields.Selection(
        selection=[("todo", "To do"), ("done", "Done"), ("failed", "Failed")],
        string="Follow-up",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    training_followup_attempts = fields.Integer(copy=False, readonly=True)
    training_followup_error = fields.Text(copy=False, readonly=True)

    def _compute_attendee_count(self):
        """An accountant opens the order of a purchase, and reads no registration."""
        ours_sudo = self.sudo().filtered("training_session_id")
        for orders in filter(None, (self - ours_sudo, ours_sudo)):
            super(SaleOrder, orders)._compute_attendee_count()

    def _get_training_providers(self):
        """Hook: return the payment providers that may take this purchase."""
        self.ensure_one()
        return self.company_id.sudo().training_stripe_provider_id

    def _become_prepaid(self, tx):
        """Turn the learners of a paid order into prepaid prospects.

        Called just before the order is confirmed, in the same transaction: stock
        confirmation leaves pending learners in draft and sends them nothing.
        """
        self.ensure_one()
        self._get_active_learners().prepaid_state = "pending"
        self.write(self._prepare_paid_vals(tx))
        self._trigger_follow_up()

    def _prepare_paid_vals(self, tx):
        return {
            "training_paid_tx_id": tx.id,
            "training_followup_state": "todo",
            "training_followup_attempts": 0,
        }

    def _send_order_confirmation_mail(self):
        """The buyer of a training gets the catalogue's own mail, sent by the job."""
        others = self.filtered(lambda order: not order._is_training_purchase())
        return super(SaleOrder, others)._send_order_confirmation_mail()

    def _send_payment_succeeded_for_order_mail(self):
        others = self.filtered(lambda order: not order._is_training_purchase())
        return super(SaleOrder, others)._send_payment_succeeded_for_order_mail()

    def _action_cancel(self):
        result = super()._action_cancel()
        self.training_registration_ids._follow_cancellation()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid_training(self):
        if self.filtered("training_paid_tx_id"):
            raise UserError(
                self.env._(
                    "This order was paid online: deleting it would lose the trace of "
                    "the money. Cancel the enrolment instead."
                )
            )

    # Invoice

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        if self.training_session_id:
            values["training_session_id"] = self.training_session_id.id
            values["training_order_id"] = self.id
        return values

    def _make_prepaid_invoice(self):
        """Make the draft invoice with its payment attached (A21, decision D6).

        The link from invoice to transaction is cleared: stock posts every draft
        invoice linked to a transaction that is processed again.
        """
        self.ensure_one()
        tx = self.training_paid_tx_id
        invoice = self.invoice_ids.filtered(lambda move: move.state != "cancel")[:1]
        if not invoice:
            invoice = self.with_company(self.company_id)._create_invoices()
        invoice._attach_training_payment(tx.payment_id)
        invoice.transaction_ids -= tx
        if self._is_numbered_at_payment() and invoice.state == "draft":
            invoice.action_post()

    def _is_numbered_at_payment(self):
        """A taxable sale is numbered when cashed, because its VAT is due then."""
        self.ensure_one()
        is_bpf = not self.training_session_id.is_out_of_bpf
        company = self.company_id
        return (
            company.training_numbered_at_payment
            and company._get_training_tax_regime(is_bpf) == "taxable"
        )

    def _send_numbered_invoice(self):
        """Send the invoices that were numbered at payment, once."""
        invoices = self.invoice_ids.filtered(
            lambda move: move.state == "posted" and not move.is_move_sent
        )
        if invoices and self._is_numbered_at_payment():
            invoices._send_training_invoice()

    # Job

    def _get_follow_up_steps(self):
        """Return the steps that follow a payment, in order.

        Each is idempotent: after a crash the whole list runs again.
        """
        if self.training_held_since:
            return self._get_hold_steps()
        # One mail tells the organisation (A18), not one for each document as well; and
        # these mails write on the buyer, whom the confirmation page may be writing too.
        order = self.with_context(mail_auto_subscribe_no_notify=True)
        return [
            order._make_prepaid_invoice,
            order._create_prepaid_opportunity,
            order._create_purchase_request,
            order._send_prepaid_mails,
            order._send_numbered_invoice,
        ]

    def _follow_up_purchase(self):
        """Run every step that follows the payment of this order."""
        self.ensure_one()
        for step in self._get_follow_up_steps():
            step()
        self._close_follow_up()

    def _close_follow_up(self):
        self.write(
            {"training_followup_state": "done", "training_followup_error": False}
        )

    def action_retry_training_follow_up(self):
        """Have the job try a failed follow-up again (salespeople)."""
        self.check_access("write")
        failed_sudo = self.sudo().filtered(
            lambda order: order.training_followup_state == "failed"
        )
        failed_sudo.write(
            {"training_followup_state": "todo", "training_followup_attempts": 0}
        )
        self._trigger_follow_up()

    @api.model
    def _cron_follow_up_purchases(self):
        """Follow up paid orders, those that failed least first.

        The attempt is committed before the work: an order that kills its worker goes
        to the end of the line and stops after a few tries, with an activity.
        """
        cron = self.env["ir.cron"]
        domain = Domain("training_followup_state", "=", "todo")
        order_by = "training_followup_attempts, id"
        orders = self.search(domain, order=order_by, limit=FOLLOW_UP_BATCH)
        cron._commit_progress(remaining=self.search_count(domain))
        for order in orders:
            order = order.try_lock_for_update().filtered_domain(domain)
            if not order:
                continue
            # What the team reads is written in the language of the organisation.
            company = order.company_id
            order = order.with_context(
                lang=company.partner_id.lang, tz=company._get_training_zone()
            )
            if order.training_followup_attempts >= MAX_FOLLOW_UP_TRIES:
                order._give_up_follow_up()
            else:
                order._try_follow_up()
            if not cron._commit_progress(1):
                break
        self.env["payment.transaction"]._cron_tell_refused_buyers()

    def _try_follow_up(self):
        """Run the steps, committing each: a mail that fails leaves the invoice.

        Meeting a page or another job on the same rows is no failure: the steps are
        run again at once.
        """
        self.training_followup_attempts += 1
        self.env["ir.cron"]._commit_progress()
        error = None
        for _round in range(FOLLOW_UP_ROUNDS):
            try:
                self._run_follow_up_steps()
            except COLLISIONS as collision:
                self.env.cr.rollback()
                error = collision
            except (UserError, ValueError, psycopg2.Error) as failure:
                self.env.cr.rollback()
                error = failure
                break
            else:
                return
        _logger.warning("Follow-up of order %s failed", self.id, exc_info=error)
        self.training_followup_error = str(error)
        self._trigger_follow_up(minutes=self.training_followup_attempts)

    def _run_follow_up_steps(self):
        for step in self._get_follow_up_steps():
            step()
            self.env["ir.cron"]._commit_progress()
        self._close_follow_up()
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _trigger_follow_up(self, minutes=0):
        """Have the job run, now or later."""
        job_sudo = self.env.ref(
            "training_catalogue_payment.ir_cron_follow_up_purchases"
        ).sudo()
        later = fields.Datetime.now() + timedelta(minutes=minutes)
        job_sudo._trigger(later if minutes else None)

    def _give_up_follow_up(self):
        self.training_followup_state = "failed"
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Paid enrolment to finish by hand"),
            note=to_note(
                self.env._(
                    "The payment and the seat are safe, but the follow-up failed: "
                    "%(error)s",
                    error=self.training_followup_error or "",
                )
            ),
            user_id=self.training_session_id._get_training_responsible().id,
        )
