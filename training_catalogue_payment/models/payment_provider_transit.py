# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class PaymentProvider(models.Model):
    """Payments of a linked account wait on the account of money in transit (A30)."""

    _inherit = "payment.provider"

    def _use_training_transit_account(self):
        """Have these providers book payments and refunds on the transit account.

        Odoo Community would otherwise fall back on « Outstanding Receipts » (facts
        4.2). What was booked before stays where it is.
        """
        for provider in self:
            company = provider.company_id
            company._ensure_training_accounts()
            journal = company._ensure_training_stripe_journal()
            provider.journal_id = journal
            lines = (
                journal.inbound_payment_method_line_ids
                + journal.outbound_payment_method_line_ids
            )
            account = company._get_training_account("training_transit_account_id")
            lines.payment_account_id = account

    def _has_training_transit_account(self):
        """Tell whether payments of this provider go to the transit account."""
        self.ensure_one()
        line = self.env["account.payment.method.line"].search(
            [("payment_provider_id", "=", self.id), ("journal_id", "!=", False)],
            limit=1,
        )
        account = self.company_id.training_transit_account_id
        return bool(account) and line.payment_account_id == account
