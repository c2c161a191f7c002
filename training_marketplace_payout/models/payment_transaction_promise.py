# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)


class PaymentTransaction(models.Model):
    """Refunds of sales: now, after a transfer was taken back, or later (B19)."""

    _inherit = "payment.transaction"

    marketplace_is_promised = fields.Boolean(
        string="Refund left for later",
        copy=False,
        readonly=True,
        help="It counts as given back; an accountant sends it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, {"marketplace_is_promised"})
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, {"marketplace_is_promised"})
        return super().write(vals)

    def _promise_marketplace_refund(self, amount):
        """Keep a part of this payment for its buyer; a person sends it later.

        Nobody can give it to the seller, nor back twice, meanwhile.

        :param float amount: in the payment's currency
        :return: the refund's transaction, pending, nothing asked of Mangopay
        """
        self.ensure_one()
        minor = payment_utils.to_minor_currency_units(amount, self.currency_id)
        self._check_refundable(minor)
        sale_sudo = self._get_marketplace_sale()
        sale_sudo._raise_money_version()
        child = self.sudo()._create_child_transaction(
            amount, is_refund=True, marketplace_is_promised=True
        )
        child._set_pending()
        sale_sudo._follow_money()
        return child

    def _has_mangopay_under_way(self):
        """Whether something asked for this refund is done or not known to have
        failed: taking back that is over does not count."""
        self.ensure_one()
        backs = self._get_mangopay_operations("transfer_refund")
        return bool(
            backs.filtered(lambda one: one.state not in ("failed", "succeeded"))
            or self._get_mangopay_operations("payin_refund").filtered(
                lambda one: one.state != "failed"
            )
        )

    def _start_mangopay_refund(self):
        """Ask for this refund, or for what has to come before it."""
        sale_sudo = self.source_transaction_id._get_marketplace_sale()
        if sale_sudo:
            sale_sudo._advance_refund(self.sudo())
        else:
            self._request_mangopay_refund()

    def _on_mangopay_succeeded(self, operation):
        result = super()._on_mangopay_succeeded(operation)
        if operation.kind == "transfer_refund":
            sale_sudo = self.source_transaction_id._get_marketplace_sale()
            sale_sudo._on_taken_back(self, operation)
        return result

    def _on_mangopay_failed(self, operation):
        result = super()._on_mangopay_failed(operation)
        if operation.kind not in ("payin_refund", "transfer_refund"):
            return result
        sale_sudo = self.source_transaction_id._get_marketplace_sale()
        if sale_sudo:
            sale_sudo._raise_money_version()
            if operation.kind == "transfer_refund":
                sale_sudo._on_not_taken_back(self, operation)
            elif self.state == "error":
                sale_sudo._follow_money()
        return result

    def _retry_mangopay(self, operation):
        """Override: a refund that failed is asked anew, from what is left now."""
        if operation.kind in ("payin_refund", "transfer_refund"):
            raise UserError(
                self.env._(
                    "Ask for another refund of the payment: what is left to refund is "
                    "counted again."
                )
            )
        return super()._retry_mangopay(operation)
