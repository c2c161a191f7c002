# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..utils import to_note

#: states of a move that is not done, and may be given up
UNDER_WAY = ("accepted", "waiting", "paid")


class TrainingMove(models.Model):
    """A move that is given up: its seats are free, its complement goes back (A22)."""

    _inherit = "training.move"

    def _abandon(self, keep_paid=False):
        """Give back the seats of moves that are not done, and credit complements.

        One that is paid may be given up too: its target may be full for good. Whoever
        is doing it holds its row until it is done, and then this is refused.

        :param bool keep_paid: leave the money alone: of a complement, only what nobody
            has paid is credited, and an accountant is asked about the rest
        :return: the credit notes of what the buyers had paid
        :raise UserError: for a move that is over
        """
        notes = self.env["account.move"]
        for record in self:
            if record.state not in UNDER_WAY:
                raise UserError(
                    self.env._("Only an assignment that is not done can be given up.")
                )
            record._claim()
            record.write({"state": "abandoned", "error_message": False})
            words = self.env._("The seats kept there are free again.")
            if record.complement_id:
                notes |= record._credit_complement(keep_paid)
                words = record._get_given_up_words()
            self.env["training.seat.counter"]._drop_hold(record.order_id.id)
            self.env["training.seat.counter"]._forget_cached_seats()
            record.order_id._log_training_move(
                self.env._(
                    "The assignment to %(session)s is given up. %(what)s",
                    session=record.session_id.display_name,
                    what=words,
                )
            )
        return notes

    def _credit_complement(self, keep_paid=False):
        """Take the complement back; what was paid of it is refunded, or asked for.

        Only what no credit note takes back yet: an accountant may have credited it,
        and given it back, before.

        :return: the credit notes that owe the buyer something
        """
        order, complement = self.order_id, self.complement_id
        order.lock_for_update()
        left = self._get_complement_left()
        if keep_paid:
            left = min(left, complement.amount_residual)
        if self.currency_id.is_zero(left):
            return self.env["account.move"]
        notes = order._credit_training(
            left,
            self.env._("Assignment to another session given up"),
            invoice=complement,
        ).filtered("amount_residual")
        for note in notes:
            order._refund_or_ask(note)
        return notes

    def _get_complement_left(self):
        """Return what no credit note takes back yet of the complement."""
        return sum(self.complement_id._get_training_left_to_credit().values())

    def _is_complement_credited(self):
        """Whether numbered credit notes take it back whole: a draft may go again."""
        is_whole = self.currency_id.is_zero(self._get_complement_left())
        notes = self.complement_id.reversal_move_ids
        return is_whole and "draft" not in notes.mapped("state")

    def _get_given_up_words(self):
        """Say what became of the complement, and ask for what a person has to do."""
        left = self._get_complement_left()
        if self.currency_id.is_zero(left):
            return self.env._("Its complement is credited, the seats free again.")
        words = self.env._(
            "%(amount)s was paid for it and stays paid: generate the credit note of "
            "%(document)s and refund it, in the finances of %(session)s.",
            amount=self.currency_id.format(left),
            document=self.complement_id.name,
            session=self.session_id.display_name,
        )
        self.complement_id.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Complement of an assignment that was given up"),
            note=to_note(words),
            user_id=self.complement_id._get_training_accountant().id,
        )
        return words

    def _check_complement(self):
        """Give no dearer session for a complement that went back to the buyer, or that
        the bank took back, since it was paid: the job tries again for weeks.

        :raise UserError: when it is no longer paid, or credited in part
        """
        complement = self.complement_id
        credited = complement.amount_total - self._get_complement_left()
        if not (
            self.currency_id.is_zero(credited)
            and self.currency_id.is_zero(complement.amount_residual)
        ):
            raise UserError(
                self.env._(
                    "%(document)s, the complement of this assignment, was credited or "
                    "is no longer paid: abandon the assignment.",
                    document=complement.name,
                )
            )
