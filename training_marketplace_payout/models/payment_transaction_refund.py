# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
from datetime import timedelta

from odoo import models
from odoo.exceptions import ValidationError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.training_catalogue_payment.utils import to_note

from ..services.mangopay_outcomes import refund_delay


class PaymentTransaction(models.Model):
    """Refunds of what was paid through Mangopay, whole and partial (A23).

    A refund is a child transaction, written before anything is asked: it counts at once
    among what was given back, so that never more than what was paid can be.
    """

    _inherit = "payment.transaction"

    def action_refund(self, amount_to_refund=None):
        """Say at once what cannot be refunded: stock would leave a failed refund.

        :raise ValidationError: with what is left to refund
        """
        payment_utils.check_rights_on_recordset(self)
        for tx_sudo in self.sudo().filtered(lambda tx: tx.provider_code == "mangopay"):
            amount = tx_sudo.amount if amount_to_refund is None else amount_to_refund
            if not math.isfinite(amount):
                raise ValidationError(self.env._("Enter an amount to refund."))
            tx_sudo._check_refundable(
                payment_utils.to_minor_currency_units(amount, tx_sudo.currency_id)
            )
        return super().action_refund(amount_to_refund=amount_to_refund)

    def _ensure_provider_is_not_disabled(self):
        """Let an account that sells no more give back what it was paid."""
        if self.provider_code != "mangopay":
            super()._ensure_provider_is_not_disabled()

    def _send_refund_request(self):
        """Override of `payment`: write the refund down; the outbox sends it (D7)."""
        if self.provider_code != "mangopay":
            return super()._send_refund_request()
        source = self.source_transaction_id
        source._check_refundable(self._get_mangopay_minor(), besides=self)
        self._set_pending()
        self._start_mangopay_refund()
        return None

    def _request_mangopay_refund(self, delay=None):
        """Ask for the refund that this child transaction stands for, now or later."""
        source = self.source_transaction_id
        wallet = source.mangopay_wallet_id
        arguments = {
            "payin_id": source.provider_reference,
            "author_id": wallet.user_id.mangopay_id,
        }
        operation = self.env["mangopay.operation"]._request(
            "payin_refund",
            self,
            wallet.account_id,
            arguments,
            amount_minor=self._get_mangopay_minor(),
            currency_id=self.currency_id.id,
            reason=self.reference,
        )
        equals = source.child_transaction_ids._get_refund_operations("payin_refund")
        operation._queue_refund(equals, delay)
        return operation

    def _refund_marketplace(self, amount):
        """Give back a part or all of this payment.

        :param float amount: in the payment's currency
        :return: the refund's transaction
        :raise ValidationError: when less than that is left to refund
        """
        self.ensure_one()
        minor = payment_utils.to_minor_currency_units(amount, self.currency_id)
        self._check_refundable(minor)
        return self._refund(amount_to_refund=amount)

    def _get_live_refunds(self):
        """Return the refunds of these payments that were made or still may be."""
        return self.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state not in ("error", "cancel")
        )

    def _refund_training_refusal(self):
        """Override of the catalogue: what buys nothing goes back, once."""
        if self.provider_code != "mangopay":
            return super()._refund_training_refusal()
        self.ensure_one()
        self._raise_refund_version()
        if not self._get_live_refunds():
            self._refund_marketplace(self.amount)
        self.env["sale.order"]._trigger_follow_up()
        return None

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "payin_refund":
            self._set_done()
            if not self.is_post_processed:
                self._post_process()
        return result

    def _on_mangopay_failed(self, operation):
        """Ask again what Mangopay takes tomorrow; the rest is told to a person."""
        if operation.kind == "payin_refund":
            days = refund_delay(operation.error_code, operation.ordinal)
            if days:
                self._request_mangopay_refund(delay=timedelta(days=days, minutes=5))
            else:
                self._set_error(operation.error_message or operation.error_code)
                self._tell_failed_refund(operation)
        return super()._on_mangopay_failed(operation)

    def _tell_failed_refund(self, operation):
        """Leave an activity on the order: the buyer did not get this money back."""
        source = self.source_transaction_id
        order = source.sale_order_ids[:1]
        order.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("A refund failed"),
            note=to_note(
                self.env._(
                    "%(amount)s was not given back to %(buyer)s. Mangopay says: "
                    "%(reason)s",
                    amount=self.currency_id.format(-self.amount),
                    buyer=source.partner_id.display_name,
                    reason=operation.error_message or operation.error_code,
                )
            ),
            user_id=source._get_mangopay_accountant().id,
        )

    def _get_mangopay_accountant(self):
        """Return who is asked to deal with the money of this payment."""
        self.ensure_one()
        group_sudo = self.env.ref("account.group_account_invoice").sudo()
        accountants_sudo = group_sudo.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return accountants_sudo.sorted("id")[:1] or self.env.user

    def _record_mangopay_refund(self, refund):
        """Record a refund of this payment made at Mangopay itself, and tell somebody.

        The version is raised first: of two that record it at once, the second is
        played again and finds the first one's.

        :param dict refund: the refund as Mangopay gives it
        """
        self.ensure_one()
        self._raise_refund_version()
        known = self.child_transaction_ids.filtered(
            lambda tx: tx.provider_reference == refund["Id"]
        )
        if known:
            return known
        minor = refund["DebitedFunds"]["Amount"]
        amount = payment_utils.to_major_currency_units(minor, self.currency_id)
        child = self._create_child_transaction(
            amount, is_refund=True, provider_reference=refund["Id"]
        )
        child._set_done()
        child._post_process()
        order = self.sale_order_ids[:1]
        order.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Refund made at Mangopay itself"),
            note=to_note(
                self.env._(
                    "%(amount)s was given back to %(buyer)s in Mangopay's dashboard: "
                    "the learners of this order are still enrolled.",
                    amount=self.currency_id.format(amount),
                    buyer=self.partner_id.display_name,
                )
            ),
            user_id=self._get_mangopay_accountant().id,
        )
        return child
