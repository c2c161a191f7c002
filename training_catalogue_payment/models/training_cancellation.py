# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..utils import to_note
from .training_inbox_mixin import COLLISIONS

_logger = logging.getLogger(__name__)

BATCH = 50
MAX_TRIES = 5
#: who may cancel enrolments
STAFF_GROUPS = (
    "event.group_event_user",
    "sales_team.group_sale_salesman",
    "account.group_account_invoice",
)
#: who may read a document: listing it to others is an error, not an empty list
READER_GROUPS = (
    "account.group_account_invoice,account.group_account_readonly,"
    "sales_team.group_sale_salesman"
)


class TrainingCancellation(models.Model):
    """Learners of one order cancelled together, and what became of their money (A23).

    Kept as history. Asked for one by one it is applied at once; asked for together it
    waits for the job, which commits each: a job that dies is resumed where it was.
    """

    _name = "training.cancellation"
    _description = "Cancellation of Paid Enrolments"
    _inherit = ["mail.thread", "training.purchase.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict", index=True
    )
    session_id = fields.Many2one(
        "event.event", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Buyer")
    registration_ids = fields.Many2many(
        "event.registration", string="Learners", readonly=True
    )
    reason = fields.Char(required=True, readonly=True)
    is_whole_price = fields.Boolean(
        readonly=True, help="The amount is what these learners paid."
    )
    amount = fields.Monetary(string="To credit", readonly=True)
    indemnity = fields.Monetary(string="Kept indemnity", readonly=True)
    amount_refunded = fields.Monetary(string="To give back", readonly=True)
    refund_way = fields.Selection(
        selection=[
            ("stripe", "Refund now by Stripe"),
            ("later", "Not now: leave it to the accountant"),
            ("other", "Refunded otherwise"),
        ],
        required=True,
        readonly=True,
        default="stripe",
    )
    journal_id = fields.Many2one("account.journal", readonly=True)
    has_credit = fields.Boolean(
        string="Credit note now",
        default=True,
        readonly=True,
        help="Unticked for who may not invoice: the accountant is asked to.",
    )
    tell_buyer = fields.Boolean(readonly=True, default=True)
    credit_note_ids = fields.Many2many(
        "account.move",
        string="Credit notes",
        readonly=True,
        groups=READER_GROUPS,
    )
    state = fields.Selection(
        selection=[("todo", "To do"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="todo",
    )
    attempts = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)

    _todo_index = models.Index("(attempts, id) WHERE state = 'todo'")

    def action_retry(self):
        """Have the job try again what failed, at a person's request.

        Whoever may cancel may: nothing is decided anew. What is credited and given
        back was settled by who asked for the cancellation, and nobody writes it.

        :raise AccessError: for who may not cancel
        """
        if not self.env.user.has_groups(",".join(STAFF_GROUPS)):
            raise AccessError(self.env._("Only staff cancel enrolments."))
        self.check_access("read")
        failed_sudo = self.sudo().filtered(lambda row: row.state == "failed")
        failed_sudo.write({"state": "todo", "attempts": 0})
        self._trigger_job()

    @api.model
    def _trigger_job(self):
        job = self.env.ref("training_catalogue_payment.ir_cron_apply_cancellations")
        job.sudo()._trigger()

    @api.model
    def _cron_apply(self):
        """Apply what waits, one commit each; those that failed least come first."""
        domain = [("state", "=", "todo")]
        rows = self.search(domain, order="attempts, id", limit=BATCH)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for row in rows:
            row._try_to_apply()
            if not progress(1):
                break

    def _try_to_apply(self):
        """Apply one row: its attempt is committed before, its failure told.

        Dying in between leaves it to do: everything it does is in one transaction.
        """
        progress = self.env["ir.cron"]._commit_progress
        try:
            row = self.try_lock_for_update().filtered(lambda row: row.state == "todo")
            if not row:
                return
            row.attempts += 1
            progress()
            row.lock_for_update()
            row.with_context(tz=row.company_id._get_training_zone())._apply()
            progress()
        except COLLISIONS as collision:
            self.env.cr.rollback()
            _logger.info("Cancellation %s is taken again: %s", self.id, collision)
        except (UserError, ValueError, psycopg2.Error) as error:
            self.env.cr.rollback()
            _logger.warning("Cancellation %s failed", self.id, exc_info=error)
            self._set_failed(str(error))
        else:
            return
        if self.state == "todo" and self.attempts >= MAX_TRIES:
            self._set_failed(self.env._("It never came to its turn."))
        self._trigger_job()

    def _set_failed(self, message):
        self.write({"state": "failed", "error": message[:500]})
        self.session_id.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("A cancellation failed"),
            note=to_note(
                self.env._(
                    "%(order)s: %(error)s", order=self.order_id.name, error=message
                )
            ),
            user_id=self.session_id._get_training_responsible().id or self.env.uid,
        )

    def _apply(self):
        """Cancel, credit, refund and tell the buyer, all or nothing.

        :raise UserError: when somebody else cancelled one of the learners meanwhile
        """
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        order._complete_accepted_moves()
        order._raise_money_version()
        gone = self.registration_ids - order._get_active_learners()
        if gone:
            raise UserError(
                self.env._(
                    "%(names)s was cancelled meanwhile: start again.",
                    names=", ".join(reg.name or reg.display_name for reg in gone),
                )
            )
        if self.has_credit:
            self._apply_with_money(order)
        else:
            order._give_up_move_of(self.registration_ids)
            self.registration_ids._cancel_prepaid()
            self._ask_for_credit(order)
        self.write({"state": "done", "error": False})
        if self.tell_buyer:
            self._tell_buyer()

    def _apply_with_money(self, order):
        order._ensure_prepaid_invoice()
        # What was paid of a complement goes back with it, to the card that paid it.
        complements = order._give_up_move_of(self.registration_ids)
        if self.is_whole_price:
            self.amount = order._get_training_seat_price(self.registration_ids)
            self.amount_refunded = self.amount - self.indemnity
        credit_notes = order._cancel_training(
            self.registration_ids,
            self.amount,
            self.reason,
            refund=self.refund_way == "stripe",
            indemnity=self.indemnity,
        )
        self.credit_note_ids = notes = credit_notes | complements
        if notes:
            # Less than planned where a part was given back before.
            self.amount_refunded = sum(notes.mapped("amount_residual"))
        for credit_note in credit_notes.filtered("amount_residual"):
            if self.refund_way == "other":
                credit_note._pay_training_document(self.journal_id, self.reason)
            elif self.refund_way == "later":
                order._ask_for_refund(credit_note)

    def _ask_for_credit(self, order):
        """Leave the money to the accountant: who cancelled may not move it."""
        documents = order._get_training_documents()
        subject = documents[:1] or order
        user = documents[:1]._get_training_accountant() if documents else self.env.user
        subject.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Refund to do"),
            note=to_note(
                self.env._(
                    "%(learners)s of %(order)s cancelled: %(reason)s. %(amount)s is "
                    "to be credited and given back, from the finances of the session.",
                    learners=", ".join(
                        reg.name or reg.display_name for reg in self.registration_ids
                    ),
                    order=order.name,
                    reason=self.reason,
                    amount=order.currency_id.format(self.amount),
                )
            ),
            user_id=user.id,
        )

    def _tell_buyer(self):
        """Queue the one mail that tells the buyer, in the buyer's language."""
        template = self.env.ref(
            "training_catalogue_payment.mail_template_cancellation",
            raise_if_not_found=False,
        )
        if template:
            template.sudo()._send_soon(self.id)

    def _get_refund_sentence(self):
        """Tell the buyer what becomes of the money, in plain words."""
        self.ensure_one()
        if not self.amount_refunded:
            return ""
        amount = self.currency_id.format(self.amount_refunded)
        is_asked = self.sudo().credit_note_ids._get_refund_operations()
        if self.has_credit and self.refund_way == "stripe" and is_asked:
            return self.env._(
                "%(amount)s is being refunded to the card you paid with; your bank "
                "shows it within five to ten days.",
                amount=amount,
            )
        if self.has_credit and self.refund_way == "other":
            return self.env._("%(amount)s has been given back to you.", amount=amount)
        return self.env._("%(amount)s will be given back to you.", amount=amount)
