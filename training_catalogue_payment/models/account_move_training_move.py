# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Command


class AccountMove(models.Model):
    """The documents of a purchase whose learners go to another session (A22).

    A numbered invoice is never edited; a draft is, with its payment taken off and put
    back, because Odoo drops the matching when a price changes.
    """

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        """Override of `account`: a complement that is paid sets its move going."""
        result = super()._invoice_paid_hook()
        waiting_sudo = (
            self.env["training.move"]
            .sudo()
            .search([("complement_id", "in", self.ids), ("state", "=", "waiting")])
        )
        waiting_sudo._set_paid()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._give_up_credited_moves()
        return posted

    def _give_up_credited_moves(self):
        """Give up the moves whose complement these credit notes take back whole.

        Whoever credits it, by whatever button, wants no more money for that move: it
        must not be done for nothing, nor stand in the way of what comes next.
        """
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        complements_sudo = notes.sudo().reversed_entry_id.filtered("training_order_id")
        if not complements_sudo:
            return
        moves_sudo = complements_sudo.env["training.move"].search(
            [
                ("complement_id", "in", complements_sudo.ids),
                ("state", "in", ("waiting", "paid")),
            ]
        )
        moves_sudo.filtered(lambda record: record._is_complement_credited())._abandon()

    def _set_training_total(self, amount, quantity):
        """Bring this draft to a total, to the cent, its taxes in proportion."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_total, amount):
            self._reduce_training_credit(amount, quantity)

    def _take_off_training_payments(self):
        """Take these documents' matchings apart.

        :return: the receivable lines of payments and credit notes
        :rtype: account.move.line
        """
        lines = self.env["account.move.line"]
        for move in self:
            lines |= move._detach_training_payments()
        return lines

    def _put_back_training_payments(self, taken):
        """Match these invoices with what is left of payments, then of credit notes.

        In this order, so that what is too much stays open on the newest credit note,
        from where it is refunded.
        """
        credits = taken.move_id.filtered(lambda move: move.move_type == "out_refund")
        payments = taken - credits.line_ids
        for move in self:
            lines = payments.filtered(lambda line: not line.reconciled)
            if lines and move._get_training_receivable_lines():
                move._reattach_training_payments(lines)
            own = credits.filtered(
                lambda note, move=move: note.reversed_entry_id == move
            )
            for note in own.sorted("id"):
                if note._get_training_receivable_lines():
                    move._reconcile_reversed_moves(note, True)

    def _rename_for_training_move(self, order):
        """Have a draft name the session of its order; nothing else changes."""
        self.ensure_one()
        self.training_session_id = order.training_session_id
        self._rename_lines_of(order)

    def _rename_lines_of(self, order):
        line = order._get_training_line()
        lines = self.invoice_line_ids.filtered(lambda own: line in own.sale_line_ids)
        lines.name = line._get_training_invoice_text()

    def _rewrite_for_training_move(self, order, total):
        """Have a draft sell what its order sells now, at a total, tax included."""
        self.ensure_one()
        line = order._get_training_line()
        [invoice_line, *others] = self.invoice_line_ids
        values = line._prepare_invoice_line(quantity=line.product_uom_qty)
        self.write(
            {
                "training_session_id": order.training_session_id.id,
                "invoice_line_ids": [
                    Command.update(
                        invoice_line.id,
                        {**values, "sale_line_ids": [Command.set(line.ids)]},
                    ),
                    *(Command.delete(other.id) for other in others),
                ],
            }
        )
        self._set_training_total(total, line.product_uom_qty)
