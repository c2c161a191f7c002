# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.http import request, route

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing
from odoo.addons.payment_stripe.controllers.main import StripeController


class TrainingPaymentStatus(PaymentPostProcessing):
    """The buyer's browser and the job of the inbox finish a payment in turn."""

    @route()
    def poll_status(self, **kwargs):
        """Let the job end what it has begun, then say how the payment ended."""
        self._get_monitored_transaction()._wait_for_turn()
        return super().poll_status(**kwargs)


class TrainingStripeReturn(StripeController):
    @route()
    def stripe_return(self, **data):
        """Let the job end what it has begun, then take the buyer's return."""
        transactions_sudo = request.env["payment.transaction"].sudo()
        transactions_sudo._search_by_reference("stripe", data)._wait_for_turn()
        return super().stripe_return(**data)
