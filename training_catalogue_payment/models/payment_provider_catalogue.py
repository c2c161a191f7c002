# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.payment import utils as payment_utils


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    @api.model
    def _get_compatible_providers(
        self,
        *args,
        sale_order_id=None,
        is_express_checkout=False,
        report=None,
        **kwargs,
    ):
        """A training session is paid through the linked account, on the payment page
        (A13): a wallet's shortcut would replace the buyer by its own data."""
        providers = super()._get_compatible_providers(
            *args,
            sale_order_id=sale_order_id,
            is_express_checkout=is_express_checkout,
            report=report,
            **kwargs,
        )
        order_sudo = self.env["sale.order"].sudo().browse(sale_order_id or False)
        if not order_sudo.training_session_id:
            return providers
        allowed = (
            providers.browse()
            if is_express_checkout
            else providers & order_sudo._get_training_providers()
        )
        payment_utils.add_to_report(
            report,
            providers - allowed,
            available=False,
            reason=self.env._("not used for training sessions"),
        )
        return allowed
