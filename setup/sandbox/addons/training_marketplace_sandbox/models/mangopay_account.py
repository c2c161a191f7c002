# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os

from odoo import api, models

from odoo.addons.training_payment_sandbox.services import stand_in

URL_VARIABLE = "TRAINING_MANGOPAY_SANDBOX_URL"


class MangopayAccount(models.Model):
    """Mangopay replaced by the stand-in named by the server's environment."""

    _inherit = "mangopay.account"

    @api.model
    def _get_gateway_options(self):
        """Override of `training_marketplace_payout` to call the stand-in."""
        options = super()._get_gateway_options()
        url = stand_in.read_url({stand_in.URL_VARIABLE: os.environ.get(URL_VARIABLE)})
        return {**options, "base_url": f"{url}/v2.01/"} if url else options
