# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError


class AccountMove(models.Model):
    _inherit = "account.move"

    training_session_id = fields.Many2one(
        "event.event", string="Session", copy=False, index="btree_not_null"
    )
    training_order_id = fields.Many2one(
        "sale.order", string="Online purchase", copy=False, index="btree_not_null"
    )

    def _attach_training_payment(self, payment):
        """Match this invoice, draft or not, with what was paid; nothing is left due.

        Odoo 19 reconciles drafts (facts, section 1).
        """
        self.ensure_one()
        lines = payment.move_id.line_ids.filtered(
            lambda line: (
                line.account_id == payment.destination_account_id
                and not line.reconciled
            )
        )
        for line in lines:
            self.js_assign_outstanding_line(line.id)

    def _postpone_training_draft(self, date):
        """Give draft invoices a later accounting date; their payment stays attached."""
        for move in self:
            lines = move._detach_training_payments()
            move.date = date
            move._reattach_training_payments(lines)

    def _reattach_training_payments(self, lines):
        if lines:
            (self._get_training_receivable_lines() + lines).reconcile()

    def _get_training_receivable_lines(self):
        return self.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )

    def _detach_training_payments(self):
        """Take the payments off a draft invoice and return their lines."""
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        counterparts = (
            lines.matched_credit_ids.credit_move_id
            + lines.matched_debit_ids.debit_move_id
        )
        if counterparts:
            lines.remove_move_reconcile()
        return counterparts

    def action_training_number_and_send(self):
        """Number the session's draft invoices and send them to their buyers (A21).

        :raise AccessError: for who may not invoice
        """
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants number invoices."))
        self.check_access("write")
        self.filtered(lambda move: move.state == "draft").action_post()
        self.filtered(lambda move: not move.is_move_sent)._send_training_invoice()

    def _send_training_invoice(self):
        """Send these invoices by mail, as PDF with Factur-X."""
        for move in self:
            self.env["account.move.send"]._generate_and_send_invoices(
                move, sending_methods=["email"], allow_fallback_pdf=True
            )
