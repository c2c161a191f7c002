# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..services import stripe_signature

_logger = logging.getLogger(__name__)

# Stripe's events are far smaller; what is larger is not read.
MAX_BODY = 1024 * 1024


class StripeWebhook(http.Controller):
    """The address that Stripe calls: authenticate, write down, answer (D8)."""

    @http.route(
        "/training/stripe/webhook/<string:token>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def training_stripe_webhook(self, token):
        """Keep a signed event for the job; all the rest leaves no trace."""
        inbox = request.env(user=SUPERUSER_ID)["training.payment.event"]
        endpoint = inbox._find_endpoint(token)
        if not endpoint:
            return self._answer(404)
        if (request.httprequest.content_length or 0) > MAX_BODY:
            return self._answer(413)
        body = request.httprequest.get_data()
        header = request.httprequest.headers.get("Stripe-Signature")
        try:
            stripe_signature.verify(body, header, endpoint.secret)
        except stripe_signature.SignatureRefused as refusal:
            _logger.warning(
                "Stripe event refused for provider %s: %s",
                endpoint.provider_id,
                refusal,
            )
            return self._answer(400)
        is_understood = inbox._receive(endpoint, body)
        return self._answer(200 if is_understood else 400)

    def _answer(self, status):
        return request.make_response("", status=status)
