# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends_context("training_with_customer")
    def _compute_display_name(self):
        """Say whose document it is and what is left on it, where one of several is
        chosen; negative where it is owed to the customer."""
        super()._compute_display_name()
        if not self.env.context.get("training_with_customer"):
            return
        for move in self:
            sign = -1 if move.move_type == "out_refund" else 1
            left = move.currency_id.format(sign * move.amount_residual)
            customer = move.partner_id.display_name or ""
            move.display_name = f"{customer} – {move.display_name} – {left}"

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

    def button_draft(self):
        """A numbered document of a purchase is never edited: it is credited (A24)."""
        for move in self.filtered("training_order_id"):
            if move.state == "posted":
                raise UserError(
                    self.env._(
                        "%(document)s of %(order)s is numbered and cannot be changed "
                        "any more: generate a credit note instead.",
                        document=move.name,
                        order=move.sudo().training_order_id.name,
                    )
                )
        return super().button_draft()

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
        self._check_settles_no_training()
        return super().unlink()

    def action_draft(self):
        self._check_not_cashed_online()
        return super().action_draft()

    def action_cancel(self):
        self._check_not_cashed_online()
        return super().action_cancel()

    def action_reject(self):
        self._check_not_cashed_online()
        return super().action_reject()

    def _check_not_cashed_online(self):
        """What was cashed stays cashed: only a payment that failed is undone (A24)."""
        self.filtered(
            lambda payment: payment.sudo().payment_transaction_id.state == "done"
        )._check_not_taken_online()

    def _check_not_taken_online(self):
        """The payment of an online purchase is cancelled by a refund (A24)."""
        for payment in self:
            tx_sudo = payment.sudo().payment_transaction_id
            if tx_sudo.sale_order_ids.filtered(
                "training_session_id"
            ) or tx_sudo.invoice_ids.filtered("training_order_id"):
                raise UserError(
                    self.env._(
                        "This payment was taken online for a training: deleting it "
                        "would lose the trace of the money. Credit the invoice and "
                        "refund the payment instead."
                    )
                )

    def _check_settles_no_training(self):
        """What settles a document is taken off it before it is deleted (A24)."""
        for payment in self:
            lines_sudo = payment.sudo().move_id.line_ids
            partials = lines_sudo.matched_debit_ids | lines_sudo.matched_credit_ids
            moves = (partials.debit_move_id | partials.credit_move_id).move_id
            orders = moves.training_order_id
            if orders:
                raise UserError(
                    self.env._(
                        "This payment settles documents of %(orders)s: deleting it "
                        "would lose the trace of the money. If it was entered by "
                        "mistake, reset it to draft first.",
                        orders=", ".join(orders.mapped("name")),
                    )
                )
