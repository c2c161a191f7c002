# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Command


class AccountMove(models.Model):
    """Making credit notes of online purchases, to the cent (A23)."""

    _inherit = "account.move"

    def action_open_training_credit(self):
        """Open « Generate the credit note » on an invoice of a session."""
        self.ensure_one()
        return self.env["training.credit"]._open_for(self)

    def action_open_training_payment(self):
        """Open « Enter a payment » on a document of a session."""
        self.ensure_one()
        return self.env["training.session.payment"]._open_for(
            self.training_session_id, self
        )

    def _keep_training_indemnity(self, amount, reason):
        """Charge what the organisation keeps of a cancelled enrolment.

        An indemnity is no price of a training: it carries no VAT, is booked apart
        (758100 in the French chart) and is not part of what a funder pays. So the
        enrolment is credited whole and the indemnity invoiced, then taken off what
        the credit note owes.
        """
        for credit_note in self:
            part = min(amount, credit_note.amount_residual)
            if credit_note.currency_id.is_zero(part):
                continue
            amount -= part
            values = credit_note._prepare_training_indemnity_vals(part, reason)
            invoice = self.create(values)
            invoice.action_post()
            lines = credit_note._get_training_receivable_lines()
            invoice._reattach_training_payments(lines)

    def _prepare_training_indemnity_vals(self, amount, reason):
        self.ensure_one()
        today = fields.Date.context_today(self)
        tax = self.company_id._get_training_indemnity_tax()
        label = self.with_context(lang=self.partner_id.lang).env._(
            "Indemnity kept on the cancellation of %(session)s: outside the scope of "
            "VAT",
            session=self.training_session_id.name,
        )
        return {
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "journal_id": self.journal_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_origin": self.name,
            "ref": reason,
            "training_order_id": self.training_order_id.id,
            "training_session_id": self.training_session_id.id,
            "training_is_indemnity": True,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": label,
                        "quantity": 1,
                        "price_unit": amount,
                        "tax_ids": [Command.set(tax.ids)],
                        "account_id": self._get_training_indemnity_account().id,
                    }
                )
            ],
        }

    def _get_training_indemnity_account(self):
        """Hook: return where indemnities go: 758100, else the income of the sale."""
        self.ensure_one()
        company = self.company_id
        chart = self.env["account.chart.template"].with_company(company)
        return (
            chart.ref("pcg_7581", raise_if_not_found=False)
            or self.invoice_line_ids.account_id[:1]
        )

    def _make_training_credit_note(self, amount, reason):
        """Number a credit note of this invoice, which is numbered first (A23).

        The invoice keeps the payment it is matched with; what it still owes, the
        credit note takes off it.

        :param float amount: tax included, at most what is left to credit
        """
        self.ensure_one()
        if self.state == "draft":
            self.action_post()
        credit_note = self._draft_training_credit_note(amount, reason)
        credit_note.action_post()
        if not self.currency_id.is_zero(self.amount_residual):
            credit_note._reattach_training_payments(
                self._get_training_receivable_lines()
            )
        return credit_note

    def _draft_training_credit_note(self, amount, reason, seats=None):
        """Make a credit note of this numbered invoice, without number yet.

        :param int seats: how many of what was ordered it takes back; by default what
            is cancelled and not credited yet
        """
        self.ensure_one()
        is_whole = not self.currency_id.compare_amounts(amount, self.amount_total)
        if seats is None:
            seats = self.training_order_id._get_seats_to_credit()
        today = fields.Date.context_today(self)
        lang_self = self.with_context(lang=self.partner_id.lang)
        credit_note = lang_self._reverse_moves(
            [
                {
                    "ref": reason,
                    "invoice_date": today,
                    "date": today,
                    "invoice_date_due": today,
                    "invoice_payment_term_id": False,
                    "invoice_origin": self.name,
                }
            ]
        ).with_env(self.env)
        if not is_whole:
            credit_note._reduce_training_credit(amount, seats)
        return credit_note

    def _reduce_training_credit(self, amount, seats):
        """Bring this draft credit note to an amount, to the cent, taxes in proportion.

        :param int seats: how many of what was ordered it takes back; none for a
            reduction of price, which leaves the ordered quantity invoiced
        """
        taxes = self.env["account.tax"]
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        reduced = taxes._reduce_base_lines_to_target_amount(
            base_lines,
            self.company_id,
            "fixed",
            amount,
            computation_key=f"training_credit,{self.id}",
        )
        taxes._fix_base_lines_tax_details_on_manual_tax_amounts(
            reduced, self.company_id
        )
        kept = self.env["account.move.line"]
        commands = []
        for base_line in reduced:
            line = self.line_ids.browse(base_line["id"])
            kept |= line
            base_line["quantity"] = seats or 1
            base_line["price_unit"] /= seats or 1
            values = {
                "quantity": base_line["quantity"],
                "discount": 0,
                "price_unit": base_line["price_unit"],
                "extra_tax_data": taxes._export_base_line_extra_tax_data(base_line),
            }
            if not seats:
                values["sale_line_ids"] = [Command.clear()]
            commands.append(Command.update(line.id, values))
        others = self.invoice_line_ids - kept
        self.invoice_line_ids = commands + [Command.delete(x.id) for x in others]
