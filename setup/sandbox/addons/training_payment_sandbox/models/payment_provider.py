# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urljoin

from odoo import api, models
from odoo.exceptions import ValidationError

from ..services import live_keys, stand_in

STRIPE_JS = "https://js.stripe.com/v3/"


class PaymentProvider(models.Model):
    """Stripe replaced by the stand-in named by the server's environment."""

    _inherit = "payment.provider"

    @api.constrains("stripe_publishable_key", "stripe_secret_key")
    def _check_no_real_key(self):
        """A real key would pay nobody here, and may be misused: refuse it."""
        if not stand_in.read_url():
            return
        for provider_sudo in self.sudo():
            keys = (
                provider_sudo.stripe_publishable_key,
                provider_sudo.stripe_secret_key,
            )
            if any(live_keys.is_real(key) for key in keys):
                raise ValidationError(
                    self.env._(
                        "This database uses the payment sandbox: it takes test keys"
                        " only, never a live key of a real account."
                    )
                )

    def _register_hook(self):
        """Do not load a database with a real key while the stand-in is in place.

        :raise UserError: see `live_keys.refuse`.
        """
        super()._register_hook()
        if stand_in.read_url():
            live_keys.refuse(self.env)

    def _build_request_url(self, endpoint, *, is_proxy_request=False, **kwargs):
        """Override of `payment_stripe` to call the stand-in."""
        base_url = stand_in.read_url()
        if self.code != "stripe" or is_proxy_request or not base_url:
            return super()._build_request_url(
                endpoint, is_proxy_request=is_proxy_request, **kwargs
            )
        return urljoin(f"{base_url}/v1/", endpoint)

    def _get_stripe_gateway_options(self):
        """Override of `training_catalogue_payment` to call the stand-in."""
        options = super()._get_stripe_gateway_options()
        if base_url := stand_in.read_url():
            options["base_url"] = base_url
        return options

    @api.model
    def _get_stripe_js_url(self):
        """The script that the payment form loads: the stand-in's, or Stripe's own."""
        base_url = stand_in.read_url()
        return f"{base_url}/js.stripe.com/v3/" if base_url else STRIPE_JS
