# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models

# What a business must read on an invoice (C. com. L441-9, L441-10, D441-5), with the
# codes that French e-invoices give these notes (BR-FR-05).
BUSINESS_NOTES = {"discount": "AAB", "penalty": "PMD", "indemnity": "PMT"}


class AccountMove(models.Model):
    """What the law wants printed on an invoice of training (A26, facts 2.2 and 3.3)."""

    _inherit = "account.move"

    training_mention = fields.Char(
        string="Legal mention of training",
        copy=False,
        readonly=True,
        help="The sentence in force on the invoice's date, kept as it was printed.",
    )
    training_business_notes = fields.Json(copy=False, readonly=True)
    training_activity_note = fields.Char(copy=False, readonly=True)

    @api.depends("training_mention")
    def _compute_taxes_legal_notes(self):
        """Print the mention of training where Odoo prints those of the taxes."""
        super()._compute_taxes_legal_notes()
        for move in self.filtered("training_mention"):
            notes = move.taxes_legal_notes or Markup()
            if move.training_mention not in notes:
                move.taxes_legal_notes = Markup("%s<p>%s</p>") % (
                    notes,
                    move.training_mention,
                )

    def _freeze_training_mentions(self):
        """Keep the sentences in force on the invoice's date, in the buyer's language.

        :raise UserError: when the law wants a mention and none is in force
        """
        for move in self.filtered("training_session_id"):
            company = move.company_id.with_context(lang=move.partner_id.lang)
            date = move.invoice_date or fields.Date.context_today(move)
            notes = {
                code: company._get_training_mention(name, date)
                for name, code in BUSINESS_NOTES.items()
                if move._is_training_business()
            }
            move.write(
                {
                    "training_mention": move._get_training_vat_mention(company, date),
                    "training_activity_note": company._get_training_activity_note(date),
                    "training_business_notes": {k: v for k, v in notes.items() if v},
                }
            )

    def _get_training_vat_mention(self, company, date):
        """Return the sentence that says why a training bears no VAT; none where an
        indemnity is kept or given up, which is no training and outside its scope.

        :param res.company company: who sells, in the buyer's language
        :raise UserError: when the law wants a mention and none is in force
        """
        self.ensure_one()
        if (self | self.reversed_entry_id).filtered("training_is_indemnity"):
            return False
        regime = self._get_training_regime()
        mention = company._get_training_mention(regime, date)
        if not mention:
            # Told to who numbers it, not to the buyer.
            self.company_id._check_training_mention(regime, date)
        return mention

    def _get_training_regime(self):
        """Return the VAT case of this document, the buyer's country included."""
        self.ensure_one()
        company = self.company_id
        is_bpf = not self.training_session_id.is_out_of_bpf
        regime = company._get_training_tax_regime(is_bpf)
        country = self.partner_id.country_id
        if regime != "taxable" or self.amount_tax or not country:
            return regime
        if country == company.account_fiscal_country_id:
            return regime
        europe = self.env.ref("base.europe").country_ids
        return "reverse_charge" if country in europe else "non_eu"

    def _is_training_business(self):
        """Whether the buyer bought for a business, self-employed people included."""
        self.ensure_one()
        kind = self.sudo().training_order_id.training_buyer_kind
        return kind != "individual" if kind else self.commercial_partner_id.is_company

    def _get_training_card_payments(self):
        """Return the online payments that settle this document."""
        self.ensure_one()
        payments_sudo = self.sudo()._get_reconciled_payments()
        return payments_sudo.filtered("payment_transaction_id")
