# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_open_training_document(self):
        """Open one of the documents listed in a session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def unlink(self):
        # Not an ondelete hook: account takes the payment off before those run.
        self._check_carries_no_payment()
        return super().unlink()

    def button_cancel(self):
        """A prepaid invoice is credited, not cancelled: its payment would float."""
        self._check_carries_no_payment()
        return super().button_cancel()

    def _check_carries_no_payment(self):
        """A draft that carries a payment is not waste paper (A24)."""
        for move in self.filtered("training_order_id"):
            if move._get_training_matched_lines():
                raise UserError(
                    self.env._(
                        "A payment is attached to this document of %(order)s: deleting "
                        "or cancelling it would lose the trace of the money. Number "
                        "it, then generate a credit note instead.",
                        order=move.sudo().training_order_id.name,
                    )
                )

    def _get_training_matched_lines(self):
        """Return the receivable lines that are matched with something."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and (line.matched_debit_ids or line.matched_credit_ids)
            )
        )


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def unlink(self):
        # Not an ondelete hook: account deletes the entry before those run.
        self._check_not_taken_online()
        return super().unlink()

    def action_draft(self):
        """What was cashed stays cashed: only a payment that failed is undone."""
        self.filtered(
            lambda payment: payment.sudo().payment_transaction_id.state == "done"
        )._check_not_taken_online()
        return super().action_draft()

    def _check_not_taken_online(self):
        """The payment of an online purchase is cancelled by a refund (A24)."""
        for payment in self:
            orders_sudo = payment.sudo().payment_transaction_id.sale_order_ids
            if orders_sudo.filtered("training_session_id"):
                raise UserError(
                    self.env._(
                        "This payment was taken online for a training: deleting it "
                        "would lose the trace of the money. Credit the invoice and "
                        "refund the payment instead."
                    )
                )
