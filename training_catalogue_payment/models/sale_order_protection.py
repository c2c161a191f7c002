# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..utils import refuse_protected, refuse_protected_new, with_defaults

# What a purchase is and what proves its payment; the mails that were sent and the right
# of withdrawal hang on some of them.
PROTECTED = {
    "training_acceptance_id",
    "training_account_id",
    "training_agreed_amount",
    "training_buyer_kind",
    "training_buyer_mail_date",
    "training_followup_attempts",
    "training_followup_state",
    "training_held_since",
    "training_is_flat",
    "training_is_self_employed",
    "training_money_version",
    "training_notice_mail_date",
    "training_origin_order_id",
    "training_paid_tx_id",
    "training_session_id",
    "training_withdrawal_case",
}
# Who bought, when, and for how much: settled by the payment. The date is the one
# from which the days of withdrawal are counted (L221-18).
PAID_ORDER_FIELDS = {
    "amount_tax",
    "amount_total",
    "amount_untaxed",
    "company_id",
    "currency_id",
    "date_order",
    "partner_id",
}
PAID_LINE_FIELDS = {
    "discount",
    "event_id",
    "event_ticket_id",
    "order_id",
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrder(models.Model):
    """A paid order stays what was paid for, whoever calls (A24)."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        orders = super().create(vals_list)
        for order, vals in zip(orders, vals_list, strict=True):
            order._refuse_training_payments(with_defaults(self, vals))
        return orders

    def write(self, vals):
        """Payments are checked before and after: one must not become, nor stop being,
        that of a purchase."""
        refuse_protected(self, vals, PROTECTED)
        if PAID_ORDER_FIELDS & vals.keys() and self.sudo().training_paid_tx_id:
            refuse_protected(self, vals, PAID_ORDER_FIELDS)
        self._refuse_training_payments(vals)
        result = super().write(vals)
        self._refuse_training_payments(vals)
        return result

    def _refuse_training_payments(self, vals):
        if "transaction_ids" not in vals or self.env.su:
            return
        orders_sudo = self.sudo()
        if (
            orders_sudo.training_session_id
            or orders_sudo.transaction_ids._pays_training()
        ):
            refuse_protected(self, vals, {"transaction_ids"})


class SaleOrderLine(models.Model):
    """What was sold, and its price, follow a move to another session only (A22)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_not_added_to_paid(
                [with_defaults(self, vals) for vals in vals_list]
            )
        return super().create(vals_list)

    def write(self, vals):
        if PAID_LINE_FIELDS & vals.keys() and not self.env.su:
            if self.sudo().order_id.training_paid_tx_id:
                refuse_protected(self, vals, PAID_LINE_FIELDS)
            self._check_not_added_to_paid([vals])
        return super().write(vals)

    @api.model
    def _check_not_added_to_paid(self, vals_list):
        """:raise UserError: for a line, other than a text, on a paid training order"""
        orders_sudo = (
            self.env["sale.order"]
            .sudo()
            .browse(
                vals["order_id"]
                for vals in vals_list
                if vals.get("order_id") and not vals.get("display_type")
            )
        )
        if orders_sudo.exists().training_paid_tx_id:
            raise UserError(self.env._("A training session is bought alone."))
