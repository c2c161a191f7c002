# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..utils import refuse_protected

# What a payment proves. Accountants may write payments in stock; a « done » typed by
# hand would confirm an enrolment that nobody paid.
PROTECTED = {
    "amount",
    "currency_id",
    "invoice_ids",
    "is_post_processed",
    "operation",
    "partner_id",
    "payment_id",
    "provider_id",
    "provider_reference",
    "reference",
    "sale_order_ids",
    "source_transaction_id",
    "state",
    "training_refusal",
    "training_refusal_told",
    "training_seats",
    "training_session_id",
}


class PaymentTransaction(models.Model):
    """What was paid for a training is what the provider says, nobody else (A24)."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        if not self.env.su:
            for tx, vals in zip(transactions, vals_list, strict=True):
                # What comes as a default of the context is no better.
                tx._refuse_training_proof({**vals, "state": tx.state})
        return transactions

    def write(self, vals):
        """Checked before and after: a payment must not become one of a training."""
        self._refuse_training_proof(vals)
        result = super().write(vals)
        self._refuse_training_proof(vals)
        return result

    def _refuse_training_proof(self, vals):
        if not self.env.su and PROTECTED & vals.keys() and self._pays_training():
            refuse_protected(self, vals, PROTECTED)

    def _pays_training(self):
        """Whether one of these payments, or what it refunds, pays for a training."""
        all_sudo = self.sudo() | self.sudo().source_transaction_id
        return bool(
            all_sudo.training_session_id
            or all_sudo.sale_order_ids.training_session_id
            or all_sudo.invoice_ids.training_order_id
        )

    def _process(self, provider_code, payment_data):
        """Write what the provider says as the superuser, whoever waits for it."""
        if self.env.su or not self._pays_training():
            return super()._process(provider_code, payment_data)
        processed = super(PaymentTransaction, self.sudo())._process(
            provider_code, payment_data
        )
        return processed.with_env(self.env)

    def action_post_process(self):
        """Follow up a payment at an accountant's request, with the rights it takes."""
        if self.env.su or not self._pays_training():
            return super().action_post_process()
        self.check_access("write")
        return super(PaymentTransaction, self.sudo()).action_post_process()
