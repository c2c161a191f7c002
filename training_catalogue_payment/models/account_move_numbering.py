# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

# Entries of cash basis are written as they are made: nothing follows from them.
BARE = {
    "skip_account_move_synchronization": True,
    "skip_invoice_line_sync": True,
    "skip_invoice_sync": True,
    "tracking_disable": True,
}


class AccountMove(models.Model):
    """Numbering prepaid invoices without writing in a closed period (A21).

    A draft that is matched has its entry of the VAT on cashing in draft as well. Odoo
    numbers it with the invoice, at the payment's date, which may be locked by now, and
    without the number of its invoice: it would be refused, or would write in the
    past. So that entry is given the date that it would have if the payment were
    matched now; where that date is locked it is dropped and made anew. The payment
    itself stays where it is.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        prepaid = self.filtered(
            lambda move: move.training_session_id and move.state == "draft"
        )
        matched = {move: move._prepare_training_cash_basis() for move in prepaid}
        prepaid.sudo()._freeze_training_mentions()
        posted = super()._post(soft)
        for move, counterparts in matched.items():
            if counterparts:
                move._complete_training_cash_basis(counterparts)
        return posted

    def _get_training_partials(self):
        lines = self._get_training_matched_lines()
        return lines.matched_credit_ids | lines.matched_debit_ids

    def _get_training_cash_basis(self, partials):
        return self.search([("tax_cash_basis_rec_id", "in", partials.ids)])

    def _prepare_training_cash_basis(self):
        """Date the draft entries of a draft invoice, or drop them.

        :return: the lines that the invoice is matched with
        """
        self.ensure_one()
        partials = self._get_training_partials()
        if partials.exchange_move_id:
            # A difference of exchange would be numbered at its old date.
            return self._detach_training_payments()
        counterparts = (
            partials.credit_move_id | partials.debit_move_id
        ) - self.line_ids
        if counterparts:
            entries = self._get_training_cash_basis(partials)
            drafts = entries.filtered(lambda entry: entry.state == "draft")
            today = fields.Date.context_today(self)
            numbered_on = self.invoice_date or today
            day = max([numbered_on, *counterparts.mapped("date")])
            if self._is_training_locked(numbered_on) or any(
                entry._is_training_locked(day) for entry in drafts
            ):
                drafts.unlink()
            else:
                drafts.filtered(lambda entry: entry.date != day).date = day
        return counterparts

    def _is_training_locked(self, day):
        return bool(self._get_violated_lock_dates(day, True))

    def _complete_training_cash_basis(self, counterparts):
        """Number the entries of what this invoice is matched with, and name it there.

        Odoo takes a payment off a draft that changed since it was matched: it is put
        back.
        """
        partials = self._get_training_partials()
        entries = self._get_training_cash_basis(partials)
        missing = partials - entries.tax_cash_basis_rec_id
        missing._create_tax_cash_basis_moves()
        missing._set_draft_caba_move_vals()
        if self.state == "posted":
            entries.filtered(lambda entry: entry.state == "draft")._post(soft=False)
        for entry in entries:
            entry._name_training_cash_basis(entry.tax_cash_basis_origin_move_id.name)
        lost = counterparts - partials.credit_move_id - partials.debit_move_id
        self._reattach_training_payments(lost)

    def _name_training_cash_basis(self, name):
        """Write the number of its invoice where the entry had none to be given."""
        if name and self.ref != name:
            entry = self.with_context(**BARE)
            entry.ref = name
            entry.line_ids.filtered(lambda line: not line.name).name = name
