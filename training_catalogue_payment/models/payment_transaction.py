# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import datetime, timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..utils import to_note

_logger = logging.getLogger(__name__)

MAX_TURNS = 10


class PaymentTransaction(models.Model):
    """The payment of a training: confirm what was paid for, or give the money back."""

    _inherit = "payment.transaction"

    training_session_id = fields.Many2one(
        "event.event",
        string="Session paid for",
        readonly=True,
        help="The session in the cart when the payment started.",
    )
    training_seats = fields.Integer(string="Seats paid for", readonly=True)
    training_refusal = fields.Selection(
        selection=[
            ("already_paid", "The order was already paid"),
            ("changed", "The order changed during the payment"),
            ("cancelled", "The order or the session was cancelled"),
            ("full", "No seat was left"),
        ],
        string="Refunded because",
        readonly=True,
    )
    training_refusal_told = fields.Boolean(readonly=True)

    _training_refusal_idx = models.Index(
        "(id) WHERE training_refusal IS NOT NULL AND NOT training_refusal_told"
    )

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        for tx in transactions:
            order = tx.sale_order_ids.filtered("training_session_id")[:1]
            if order and not tx.source_transaction_id:
                tx.training_session_id = order.training_session_id
                tx.training_seats = len(order._get_active_learners())
        return transactions

    def _get_processing_values(self):
        """Ask nothing of the provider for a training nobody has accepted the terms
        of, whichever page the payment comes from (A12)."""
        self._check_training_acceptance()
        return super()._get_processing_values()

    def _send_payment_request(self):
        """Charge no stored card for a training without the same proof (A12)."""
        self._check_training_acceptance()
        return super()._send_payment_request()

    def _check_training_acceptance(self):
        for tx in self.filtered("training_session_id"):
            acceptances_sudo = self.env["training.acceptance"].sudo()
            domain = [("transaction_id", "=", tx.id)]
            if not acceptances_sudo.search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "A training session is paid for on the payment page of the "
                        "online catalogue, where its terms of sale are accepted."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_training(self):
        started = self.sudo().filtered(lambda tx: tx.state != "draft")
        if started.training_session_id or started.invoice_ids.training_order_id:
            raise UserError(
                self.env._(
                    "This payment was made for a training: deleting it would lose the "
                    "trace of the money. Cancel the enrolment and refund it instead."
                )
            )

    def _post_process(self):
        """Decide on each paid training before Odoo confirms, and after it refund."""
        for tx in self:
            if tx._is_new_training_payment():
                tx.training_refusal = tx._get_training_refusal()
        super()._post_process()
        for tx in self:
            if tx.training_refusal and tx.state == "done":
                tx._refund_training_refusal()
            elif tx.training_session_id and tx.state in ("cancel", "error"):
                tx._release_failed_seats()
            if tx.operation == "refund" and tx.state == "done":
                tx._match_refund_of_refusal()

    def _is_new_training_payment(self):
        self.ensure_one()
        order = self.sale_order_ids
        return (
            self.state == "done"
            and bool(self.training_session_id)
            and self.operation not in ("refund", "validation")
            and not self.training_refusal
            and order.training_paid_tx_id != self
        )

    def _get_training_refusal(self):
        """Return why this captured payment cannot buy its order; False when it can.

        What was paid for is what is confirmed (bars R2, R3, R11), and nobody keeps
        paying for a seat that is gone (A15).
        """
        self.ensure_one()
        order = self.sale_order_ids
        if order.training_paid_tx_id:
            return "already_paid"
        session = self.training_session_id
        if order.state == "cancel" or session.kanban_state == "cancel":
            return "cancelled"
        if order.state not in ("draft", "sent"):
            # Staff sold it by hand while it was being paid: its learners are enrolled
            # and it is invoiced as staff agreed. Kept, this money would be attached to
            # nothing, or the same sale invoiced twice.
            return "changed"
        same = (
            order.training_session_id == session
            and len(order._get_active_learners()) == self.training_seats
            and not self.currency_id.compare_amounts(self.amount, order.amount_total)
        )
        if not same:
            return "changed"
        return False if self._secure_training_seats(order) else "full"

    def _secure_training_seats(self, order):
        """Turn the hold into seats; take new ones when it ran out before the money
        came. The new hold is committed by another cursor, invisible to this one, so
        the recount at commit replays the whole post-processing, which then sees it.

        Nothing of the hold is deleted before the other cursor is done: it would wait
        for this transaction, and this one for it.
        """
        holds = self.env["training.seat.hold"].sudo()
        # What ran out and nobody took since is as good as new.
        if holds._held_by(order, as_of=datetime.min) < self.training_seats:
            acquired = self.env["training.seat.counter"]._acquire(
                self.training_session_id,
                self.training_session_id.training_ticket_id,
                order.id,
                self.training_seats,
                fields.Datetime.now() + timedelta(minutes=5),
            )
            if not acquired:
                return False
        holds._consume(order)
        return True

    @api.private
    def _wait_for_turn(self):
        """Wait until no job and no other page is at work on this payment.

        The buyer's browser and the provider's event come back at the same moment. The
        one that comes second would do everything again only to be refused at commit;
        here it waits, and finds all done. To be called before anything is written.
        """
        if not self._pays_training():
            return
        query = SQL(
            "SELECT 1 FROM payment_transaction WHERE id = %s FOR UPDATE", self.id
        )
        for _attempt in range(MAX_TURNS):
            try:
                self.env.cr.execute(query, log_exceptions=False)
            except SerializationFailure:
                # The other one is done: look again, from now on.
                self.env.cr.rollback()
            else:
                return

    def _check_amount_and_confirm_order(self):
        """Confirm what can be; its learners become prepaid prospects first.

        Stock confirms what is merely authorized too; a training is bought by money
        that came in, and is treated when it is captured.
        """
        accepted = self.filtered(
            lambda tx: (
                not tx.training_refusal
                and (tx.state == "done" or not tx.training_session_id)
            )
        )
        for tx in accepted.filtered("training_session_id"):
            order = tx.sale_order_ids
            if not order.training_paid_tx_id and order.state in ("draft", "sent"):
                if order._must_be_held(tx):
                    order._become_held(tx)
                else:
                    order._become_prepaid(tx)
        # What waits is confirmed by its release, never by a payment (D17).
        accepted = accepted.filtered(
            lambda tx: not any(order._is_held() for order in tx.sale_order_ids)
        )
        # The salesperson's « assigned to you » would be written and sent now, while the
        # buyer waits; the job notifies the organisation (A18).
        is_quiet = bool(accepted.training_session_id)
        quiet = accepted.with_context(mail_auto_subscribe_no_notify=is_quiet)
        confirmed = super(PaymentTransaction, quiet)._check_amount_and_confirm_order()
        return confirmed.with_env(self.env)

    def _invoice_sale_orders(self):
        """Keep the database's automatic invoicing away from our draft invoices."""
        others = self.filtered(lambda tx: not tx.training_session_id)
        return super(PaymentTransaction, others)._invoice_sale_orders()

    def _release_failed_seats(self):
        """Give the seats back unless another payment of the order is under way, or was
        started after this one: the seats are held for it."""
        order = self.sale_order_ids
        others = (order.transaction_ids - self).filtered(
            lambda tx: (
                tx.state in ("pending", "authorized", "done")
                or (tx.state == "draft" and tx.id > self.id)
            )
        )
        if not others:
            order._release_training_seats()

    def _refund_training_refusal(self):
        """Ask for the refund of a payment that buys nothing, once."""
        self.ensure_one()
        self.env["training.payment.operation"].sudo()._request_refund(
            self, self.amount, self.training_refusal
        )
        self.env["sale.order"]._trigger_follow_up()

    def _match_refund_of_refusal(self):
        """Match the refund with the payment it gives back: the buyer owes nothing."""
        source = self.source_transaction_id
        if source.training_refusal:
            source._match_with_refund(self)

    def _match_with_refund(self, refund):
        """Match what is left of this payment with a refund of it."""
        lines = (self.payment_id + refund.payment_id).move_id.line_ids.filtered(
            lambda line: (
                line.account_id == self.payment_id.destination_account_id
                and not line.reconciled
            )
        )
        if len(lines.move_id) > 1:
            lines.reconcile()

    @api.model
    def _cron_tell_refused_buyers(self):
        """Tell the buyers whose payment is being given back, one commit each."""
        refused = self.search(
            [("training_refusal", "!=", False), ("training_refusal_told", "=", False)],
            limit=100,
        )
        for tx in refused.try_lock_for_update():
            tx._tell_refusal()
            self.env["ir.cron"]._commit_progress()

    def _tell_refusal(self):
        """Mail the buyer, once, and leave an activity to the session's manager."""
        self.ensure_one()
        if self.training_refusal_told:
            return
        self.training_refusal_told = True
        self.env.ref(
            "training_catalogue_payment.mail_template_prepaid_refused"
        )._send_soon(self.id)
        words = dict(self._fields["training_refusal"]._description_selection(self.env))
        self.sale_order_ids.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Payment given back to the buyer"),
            note=to_note(words[self.training_refusal]),
            user_id=self.training_session_id._get_training_responsible().id,
        )
