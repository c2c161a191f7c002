# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import ValidationError

from ..services.stripe_gateway import GatewayError

#: States of a payment whose money is taken, or is being taken.
UNDER_WAY = ("pending", "authorized", "done")


class PaymentTransaction(models.Model):
    """One payment at a time for an order: the last one started (bars R2)."""

    _inherit = "payment.transaction"

    def _stripe_create_intent(self):
        """Keep the intent's id at once: a later payment of the order closes it."""
        intent = super()._stripe_create_intent()
        if intent and self._is_training_stripe() and self._pays_training():
            self.provider_reference = intent["id"]
        return intent

    def _close_other_payments(self):
        """Make sure that no other payment of this order can still take money.

        Called once the transaction exists and before anything is asked for it. What is
        open in another tab is closed at the provider first, and here after. The order
        was locked by the route, and is written by each payment that starts: of two at
        once, one is refused or sees the other.

        Should the process die after the provider closed a payment and before the
        commit: its row stays a draft, its event « canceled » comes and settles it, no
        money was taken. Died before: nothing has happened.

        :raise ValidationError: when another payment is being made, or may be
        """
        self.ensure_one()
        others = (self.sale_order_ids.transaction_ids - self).filtered(
            lambda tx: (
                tx.operation not in ("refund", "validation") and not tx.training_refusal
            )
        )
        if others.filtered(lambda tx: tx.state in UNDER_WAY):
            raise ValidationError(self._get_under_way_message())
        for tx in others.filtered(lambda tx: tx.state in ("draft", "error")):
            if not tx._close_payment():
                raise ValidationError(self._get_under_way_message())
            tx._set_canceled(extra_allowed_states=("error",))

    def _close_payment(self):
        """Hook: forbid the provider to take this payment's money from now on.

        :return: whether it can take none any more
        :raise ValidationError: when the provider does not say
        """
        self.ensure_one()
        if not self.provider_reference or not self._is_training_stripe():
            return True
        gateway = self.provider_id.sudo()._get_stripe_gateway()
        try:
            gateway.cancel_payment_intent(self.provider_reference)
        except GatewayError as error:
            if error.code == "resource_missing":
                return True
            if error.code != "payment_intent_unexpected_state":
                raise ValidationError(
                    self.env._(
                        "Your former attempt to pay could not be closed just now. "
                        "Wait a minute, then try again: nothing was taken."
                    )
                ) from error
            return self._is_closed_at_stripe(gateway)
        return True

    def _is_closed_at_stripe(self, gateway):
        try:
            intent = gateway.payment_intent(self.provider_reference)
        except GatewayError:
            # Its money may be taken: as long as Stripe does not say, it is.
            return False
        return intent["status"] == "canceled"

    def _get_under_way_message(self):
        return self.env._(
            "Another payment of this order is being made, maybe in another window. "
            "Wait until it ends: you will be told by e-mail. Nothing more was taken."
        )
