# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..services import cancellation
from ..utils import refuse_protected

MONEY_GROUP = "account.group_account_invoice"


class TrainingCancel(models.TransientModel):
    """« Cancel and refund »: the whole of A23 in one action, for all or some learners.

    Opened by our own actions, which check who may; nobody creates one by himself, so
    that nobody cancels what the actions would not have opened.
    """

    _name = "training.cancel"
    _description = "Cancel and Refund Enrolments"

    order_ids = fields.Many2many("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("training.cancel.line", "wizard_id", string="Learners")
    is_together = fields.Boolean(compute="_compute_is_together", compute_sudo=True)
    may_move_money = fields.Boolean(compute="_compute_may_move_money")
    reason = fields.Char()
    amount = fields.Monetary(
        string="To credit",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Tax included. A flat enrolment has no price per learner: nothing is "
        "credited for some of them unless you enter an amount.",
    )
    amount_paid = fields.Monetary(string="Paid", compute="_compute_before")
    amount_left = fields.Monetary(string="Left to credit", compute="_compute_before")
    indemnity_kind = fields.Selection(
        selection=[
            ("none", "Nothing is kept"),
            ("amount", "Keep an amount"),
            ("percent", "Keep a percentage"),
        ],
        string="Indemnity",
        required=True,
        default="none",
        help="Only what the terms that the buyer accepted provide for.",
    )
    indemnity_value = fields.Float(string="Amount or percentage kept")
    amount_kept = fields.Monetary(compute="_compute_shares")
    amount_refund = fields.Monetary(string="To give back", compute="_compute_shares")
    refund_way = fields.Selection(
        selection=[
            ("stripe", "Refund now by Stripe"),
            ("later", "Not now"),
            ("other", "Refunded otherwise"),
        ],
        required=True,
        default="stripe",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )
    tell_buyer = fields.Boolean(string="Tell the buyer by mail", default=True)
    summary = fields.Html(compute="_compute_summary")

    @api.depends("order_ids")
    def _compute_is_together(self):
        for wizard in self:
            wizard.is_together = len(wizard.order_ids) > 1

    @api.depends_context("uid")
    def _compute_may_move_money(self):
        self.may_move_money = self.env.user.has_group(MONEY_GROUP)

    @api.depends("order_ids", "line_ids.is_cancelled")
    def _compute_amount(self):
        for wizard in self:
            registrations = wizard._get_registrations()
            wizard.amount = sum(
                order._get_training_seat_price(
                    registrations & order.training_registration_ids
                )
                for order in wizard._get_orders()
            )

    @api.depends("order_ids")
    def _compute_before(self):
        for wizard in self:
            orders = wizard._get_orders()
            wizard.amount_paid = sum(o._get_training_paid() for o in orders)
            wizard.amount_left = sum(o._get_training_left_to_credit() for o in orders)

    @api.depends("amount", "indemnity_kind", "indemnity_value", "is_together")
    def _compute_shares(self):
        for wizard in self:
            kind = "none" if wizard.is_together else wizard.indemnity_kind
            try:
                wizard.amount_kept, wizard.amount_refund = cancellation.share_of(
                    wizard.amount, kind, wizard.indemnity_value
                )
            except ValueError:
                wizard.amount_kept = wizard.amount_refund = 0.0

    @api.depends("amount_kept", "amount_refund", "line_ids.is_cancelled", "refund_way")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard._get_summary()

    def _get_summary(self):
        """Return what is now and what will be, side by side, in words."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "training_catalogue_payment.cancellation_summary",
            {"rows": self._get_summary_rows()},
        )

    def _get_summary_rows(self):
        orders = self._get_orders()
        chosen = self._get_registrations()
        learners = sum((o._get_active_learners() for o in orders), chosen.browse())
        stay = len(learners - chosen)
        documents = sum(
            (o._get_training_documents() for o in orders), self.env["account.move"]
        ).sudo()
        drafts = documents.filtered(lambda move: move.state == "draft")
        money = self.currency_id.format
        rows = [(self.env._("Learners"), len(learners), stay)]
        if not self.amount or not self.may_move_money:
            kept = self.env._("%(paid)s, untouched", paid=money(self.amount_paid))
            return rows + [(self.env._("Paid"), money(self.amount_paid), kept)]
        invoice = (
            self.env._("numbered, then credited of %(amount)s")
            if drafts
            else self.env._("credited of %(amount)s")
        ) % {"amount": money(self.amount)}
        numbers = ", ".join(documents.filtered("name").mapped("name"))
        rows.append(
            (
                self.env._("Invoice"),
                self.env._("draft, paid") if drafts else numbers,
                invoice,
            )
        )
        if self.amount_kept:
            label = self.env._("invoiced apart: %(kept)s", kept=money(self.amount_kept))
            rows.append((self.env._("Indemnity"), self.env._("none"), label))
        ways = dict(self._fields["refund_way"]._description_selection(self.env))
        after = f"{money(self.amount_refund)} – {ways[self.refund_way]}"
        before = sum(order.sudo()._get_training_refunded() for order in orders)
        given = money(before) if before else self.env._("nothing")
        rows.append((self.env._("Given back"), given, after))
        return rows

    @api.model
    def _open_for(self, registrations):
        """Return the action that opens the wizard; its callers checked the rights.

        :param event.registration registrations: those proposed for cancelling
        :raise UserError: when none of them is a paid, live enrolment
        """
        live_sudo = registrations.sudo().filtered(
            lambda reg: reg.prepaid_state in ("pending", "validated")
        )
        orders = live_sudo.sale_order_id.filtered("training_paid_tx_id")
        if not orders:
            raise UserError(self.env._("No paid enrolment is left to cancel here."))
        if len(orders.company_id) > 1:
            raise UserError(self.env._("Cancel one organisation's enrolments at once."))
        if len(orders) == 1:
            orders._ensure_prepaid_invoice()
        learners = orders.training_registration_ids.filtered(
            lambda reg: reg.prepaid_state in ("pending", "validated")
        )
        if len(orders) > 1:
            learners &= live_sudo
        lines = [
            {"registration_id": reg.id, "is_cancelled": reg in live_sudo}
            for reg in learners.sorted(lambda reg: (reg.sale_order_id.id, reg.id))
        ]
        wizard = self.sudo().create(
            {
                "order_ids": [Command.set(orders.ids)],
                "company_id": orders.company_id.id,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel and refund"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def write(self, vals):
        refuse_protected(self, vals, {"order_ids", "company_id"})
        return super().write(vals)

    def _get_orders(self):
        # While the form is edited, records are copies: those of the database count.
        return self._origin.sudo().order_ids

    def _get_registrations(self):
        lines_sudo = self.sudo().line_ids.filtered("is_cancelled")
        return lines_sudo._origin.registration_id

    def action_cancel(self):
        """Cancel, credit and refund what is chosen; many orders are left to the job.

        :raise UserError: when nothing is chosen or the reason is missing
        """
        self.ensure_one()
        self.check_access("write")
        registrations = self._get_registrations()
        if not registrations or not (self.reason or "").strip():
            raise UserError(self.env._("Choose at least one learner and say why."))
        if self.refund_way == "other" and not self.journal_id:
            raise UserError(self.env._("Say from which journal it was given back."))
        if not self.is_together:
            self._get_orders()._complete_accepted_moves()
        rows_sudo = (
            self.env["training.cancellation"]
            .sudo()
            .create(
                [
                    self._prepare_cancellation_vals(order, registrations)
                    for order in self._get_orders()
                    if registrations & order.training_registration_ids
                ]
            )
        )
        if self.is_together:
            rows_sudo._trigger_job()
            return self._notify(
                self.env._(
                    "%(count)s cancellations are under way: each buyer is told.",
                    count=len(rows_sudo),
                )
            )
        rows_sudo._apply()
        return self._notify(self.env._("The enrolment is cancelled."))

    def _prepare_cancellation_vals(self, order, registrations):
        """Return one order's row; what moves money is taken only from who may."""
        self._compute_shares()
        if not self.is_together:
            self._check_amounts(order)
        learners = registrations & order.training_registration_ids
        return {
            "order_id": order.id,
            "session_id": order.training_session_id.id,
            "registration_ids": [Command.set(learners.ids)],
            "reason": self.reason.strip(),
            "is_whole_price": self.is_together,
            "amount": 0.0 if self.is_together else self.amount,
            "indemnity": 0.0 if self.is_together else self.amount_kept,
            "amount_refunded": 0.0 if self.is_together else self.amount_refund,
            "refund_way": self.refund_way,
            "journal_id": self.refund_way == "other" and self.journal_id.id,
            "has_credit": self.may_move_money,
            "tell_buyer": self.tell_buyer,
        }

    def _check_amounts(self, order):
        try:
            cancellation.share_of(
                self.amount, self.indemnity_kind, self.indemnity_value
            )
        except ValueError as error:
            raise ValidationError(
                self.env._("What is kept is part of what is credited.")
            ) from error
        if self.amount:
            order._check_creditable(self.amount, order._get_training_left_to_credit())

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
