# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError


class AccountMove(models.Model):
    _inherit = "account.move"

    training_session_id = fields.Many2one(
        "event.event", string="Session", copy=True, index="btree_not_null"
    )
    training_order_id = fields.Many2one(
        "sale.order", string="Online purchase", copy=True, index="btree_not_null"
    )
    training_mention = fields.Char(
        string="Legal mention of training",
        copy=False,
        readonly=True,
        help="The sentence in force on the invoice's date, kept as it was printed.",
    )

    @api.depends("training_mention")
    def _compute_taxes_legal_notes(self):
        """Print the mention of training where Odoo prints those of the taxes."""
        super()._compute_taxes_legal_notes()
        for move in self.filtered("training_mention"):
            move.taxes_legal_notes = Markup("%s<p>%s</p>") % (
                move.taxes_legal_notes,
                move.training_mention,
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

    def _post(self, soft=True):
        """Number prepaid invoices without writing in a closed period (A21).

        A draft is matched at the payment's date, which may be locked by now: posting
        would be refused, or would write the VAT on cashing in the past. So the
        payment is taken off, the invoice numbered, the payment put back.
        """
        prepaid = self.filtered(
            lambda move: move.training_session_id and move.state == "draft"
        )
        matched = {move: move._detach_training_payments() for move in prepaid}
        prepaid._freeze_training_mention()
        posted = super()._post(soft)
        for move, lines in matched.items():
            move._reattach_training_payments(lines)
        return posted

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

    def _freeze_training_mention(self):
        """Keep the legal sentence in force on the invoice's date (A26)."""
        for move in self.filtered("training_session_id"):
            company = move.company_id
            is_bpf = not move.training_session_id.is_out_of_bpf
            regime = company._get_training_tax_regime(is_bpf)
            move.training_mention = company.with_context(
                lang=move.partner_id.lang
            )._get_training_mention(
                regime, move.invoice_date or fields.Date.context_today(move)
            )

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
