# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.training_catalogue_payment.utils import to_note


class SaleOrder(models.Model):
    """The money of a seller's order: told by its payment, for the operator has no
    document of it (D17).

    As in the catalogue, these methods check no right: who calls them does.
    """

    _inherit = "sale.order"

    def _get_training_paid(self):
        if not self.marketplace_seller_id:
            return super()._get_training_paid()
        return self.training_paid_tx_id.amount

    def _get_training_refunded(self):
        if not self.marketplace_seller_id:
            return super()._get_training_refunded()
        refunds = self.training_paid_tx_id._get_live_refunds()
        done = refunds.filtered(lambda tx: tx.state == "done")
        return self.currency_id.round(-sum(done.mapped("amount")))

    def _get_withdrawal_balance(self):
        """Override of the catalogue: told by the payment, refunds deducted."""
        if not self.marketplace_seller_id or not self.training_paid_tx_id:
            return super()._get_withdrawal_balance()
        return self._get_training_paid(), self._get_training_left_to_refund()

    def _get_training_left_to_credit(self):
        if not self.marketplace_seller_id:
            return super()._get_training_left_to_credit()
        return self._get_training_left_to_refund()

    def _get_training_left_to_refund(self):
        if not self.marketplace_seller_id:
            return super()._get_training_left_to_refund()
        payment = self.training_paid_tx_id
        asked = -sum(payment._get_live_refunds().mapped("amount"))
        return self.currency_id.round(payment.amount - asked)

    def _cancel_training(
        self, registrations, amount, reason, refund=True, indemnity=0.0
    ):
        """Override of the catalogue: the learners go, and their money goes back by
        Mangopay, all or nothing in one transaction.

        Nothing is sent before the commit (D7): dying at any line leaves nothing behind.
        """
        if not self.marketplace_seller_id:
            return super()._cancel_training(
                registrations, amount, reason, refund=refund, indemnity=indemnity
            )
        self.ensure_one()
        self._raise_money_version()
        (registrations & self.training_registration_ids)._cancel_prepaid()
        nothing = self.env["account.move"]
        if self.currency_id.is_zero(amount):
            return nothing
        self._check_creditable(amount, self._get_training_left_to_credit())
        given = self.currency_id.round(amount - indemnity)
        payment = self.training_paid_tx_id
        self._follow_training_credit()
        if self.currency_id.is_zero(given):
            return nothing
        if refund:
            payment._refund_marketplace(given)
        else:
            self._ask_for_marketplace_refund(given, reason)
        return nothing

    def _ask_for_marketplace_refund(self, amount, reason):
        """Keep this money for the buyer, and have an accountant send it later."""
        self.training_paid_tx_id._promise_marketplace_refund(amount)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Refund to do"),
            note=to_note(
                self.env._(
                    "%(amount)s is to be given back to %(buyer)s by Mangopay: "
                    "%(reason)s",
                    amount=self.currency_id.format(amount),
                    buyer=self.partner_id.display_name,
                    reason=reason,
                )
            ),
            user_id=self.training_paid_tx_id._get_mangopay_accountant().id,
        )
