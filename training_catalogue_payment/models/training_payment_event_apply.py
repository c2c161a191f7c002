# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .training_inbox_mixin import UnknownObject


class TrainingPaymentEvent(models.Model):
    """What each kind of event leads to: ask Stripe, then apply what it says now."""

    _inherit = "training.payment.event"

    def _apply(self):
        """Bring what the event is about to Stripe's present state.

        :raise UnknownObject: when nothing here corresponds to it, for now
        :raise GatewayError: when Stripe does not say
        """
        self.ensure_one()
        family = self.event_type.split(".")[0]
        if self.event_type == "charge.refunded":
            self._apply_charge_refunded()
        elif family == "refund" or self.event_type.startswith("charge.refund."):
            self._apply_refund(self._get_gateway().get_refund(self.object_id))
        elif family == "payment_intent":
            self._apply_payment_intent()
        elif family == "setup_intent":
            self._apply_setup_intent()
        elif family == "account":
            self.provider_id.sudo()._refresh_training_link()

    def _get_gateway(self):
        return self.provider_id.sudo()._get_stripe_gateway()

    def _apply_payment_intent(self):
        intent = self._get_gateway().payment_intent(self.object_id)
        transaction = self._find_transaction(intent)
        if not transaction._is_other_intent(intent):
            transaction._process_stripe_object("payment_intent", intent)
            self._finish(transaction)
        elif intent["status"] == "succeeded":
            self._apply_second_capture(transaction, intent)

    def _apply_second_capture(self, transaction, intent):
        """Give back at once what was paid for an order that another payment pays."""
        second = transaction._create_second_capture(intent)
        second._process_stripe_object("payment_intent", intent)
        self.transaction_id = second
        if not second._pays_complement():
            # A complement may be paid in parts: its rest is given back as it is known.
            operations = self.env["training.payment.operation"].sudo()
            operations._request_refund(second, second.amount, "already_paid")
        self._finish(second)

    def _apply_setup_intent(self):
        intent = self._get_gateway().setup_intent(self.object_id)
        transaction = self._find_transaction(intent)
        transaction._process_stripe_object("setup_intent", intent)
        self._finish(transaction)

    def _apply_charge_refunded(self):
        gateway = self._get_gateway()
        charge = gateway.charge(self.object_id)
        intent_id = charge.get("payment_intent")
        if not intent_id:
            # Asked without it, Stripe would list the refunds of the whole account.
            raise UnknownObject(f"no payment intent of charge {charge['id']}")
        for refund in gateway.refunds(intent_id):
            self._apply_refund(refund)

    def _apply_refund(self, refund):
        """Apply the present state of a refund, whoever asked for it."""
        operation = self.env["training.payment.operation"]._find_by_refund(refund)
        if operation:
            self.transaction_id = operation.transaction_id
            operation.lock_for_update()
            operation._apply_refund(refund)
            return
        transactions = self.env["payment.transaction"].sudo()
        source = transactions._find_by_intent(
            self.provider_id, refund.get("payment_intent")
        )
        if not source:
            raise UnknownObject(f"no payment for refund {refund['id']}")
        self._finish(source._record_stripe_refund(refund))

    def _find_transaction(self, intent):
        """Return the locked transaction of an intent, by its id, else its reference.

        :raise LockError: when another job or page is at work on it
        """
        transactions = self.env["payment.transaction"].sudo()
        domain = [("provider_id", "=", self.provider_id.id)]
        transaction = transactions.search(
            [*domain, ("provider_reference", "=", intent["id"])], limit=1
        ) or transactions.search(
            [*domain, ("reference", "=", intent.get("description") or "")], limit=1
        )
        if not transaction:
            raise UnknownObject(f"no transaction for {intent['id']}")
        transaction.lock_for_update()
        self.transaction_id = transaction
        return transaction

    def _finish(self, transaction):
        """Do at once what the buyer's browser would have asked for (R16).

        The new state is committed before: what follows may fail without losing it.
        """
        self.env["ir.cron"]._commit_progress()
        if transaction.state != "draft" and not transaction.is_post_processed:
            transaction.lock_for_update()
            transaction._post_process()
