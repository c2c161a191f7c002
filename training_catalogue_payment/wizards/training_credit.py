# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..utils import refuse_protected


class TrainingCredit(models.TransientModel):
    """« Generate the credit note »: also of a draft, which is numbered first (A23)."""

    _name = "training.credit"
    _description = "Generate the Credit Note of a Purchase"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    refund_payment_id = fields.Many2one(
        "account.payment", string="Refund made in Stripe", readonly=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    move_state = fields.Selection(related="move_id.state")
    partner_id = fields.Many2one(related="move_id.partner_id", string="Customer")
    amount_total = fields.Monetary(related="move_id.amount_total", string="Invoiced")
    amount_left = fields.Monetary(
        string="Left to credit", compute="_compute_amount_left"
    )
    amount = fields.Monetary(string="To credit")
    reason = fields.Char()

    @api.depends("move_id")
    def _compute_amount_left(self):
        for wizard in self:
            left = wizard.move_id.sudo()._get_training_left_to_credit()
            wizard.amount_left = sum(left.values())

    @api.model
    def _open_for(self, move):
        """Return the action that opens the wizard on an invoice.

        :raise UserError: when nothing is left to credit
        """
        self._check_may()
        move.check_access("write")
        left = sum(move.sudo()._get_training_left_to_credit().values())
        if not move.training_order_id or not left:
            raise UserError(self.env._("Nothing is left to credit on this document."))
        return self._open({"move_id": move.id, "amount": left})

    @api.model
    def _open_for_refund(self, payment):
        """Return the action for a refund that was made in Stripe without a note."""
        self._check_may()
        payment.check_access("read")
        tx_sudo = payment.sudo().payment_transaction_id
        lines_sudo = payment.sudo()._get_training_unmatched_lines()
        orders_sudo = tx_sudo.source_transaction_id._get_training_orders()
        amount = abs(sum(lines_sudo.mapped("amount_residual_currency")))
        for order_sudo in orders_sudo:
            documents = order_sudo._get_training_documents()
            for move, left in documents._get_training_left_to_credit().items():
                if left:
                    vals = {"move_id": move.id, "refund_payment_id": payment.id}
                    return self._open({**vals, "amount": min(left, amount)})
        raise UserError(self.env._("Everything this refund could be for is credited."))

    def _open(self, vals):
        wizard = self.sudo().create(vals)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate the credit note"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_may(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants make credit notes."))

    def write(self, vals):
        refuse_protected(self, vals, {"move_id", "refund_payment_id"})
        return super().write(vals)

    def action_credit(self):
        """Number the credit note, and match the refund it was made for."""
        self.ensure_one()
        self._check_may()
        self.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: it is printed on the credit note."))
        move_sudo = self.sudo().move_id
        order_sudo = move_sudo.training_order_id.with_company(move_sudo.company_id)
        order_sudo._complete_accepted_moves()
        credit_notes_sudo = order_sudo._credit_training(
            self.amount, self.reason.strip(), invoice=move_sudo
        )
        if payment_sudo := self.sudo().refund_payment_id:
            for credit_note_sudo in credit_notes_sudo:
                credit_note_sudo._match_training_refund(payment_sudo)
        credit_notes_sudo._match_known_refunds()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
