# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..utils import refuse_protected, with_defaults

ENROLLED = ("open", "done")


class EventRegistration(models.Model):
    """What no call from outside does to a paid learner, or to the learners of a paid
    order (A24): the product's own methods run as the superuser."""

    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals = with_defaults(self, vals)
                self._check_no_paid_order(vals)
                self._check_no_purchase(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_paid_learner(vals)
            self._check_no_paid_order(vals)
            self._check_no_purchase(vals)
        return super().write(vals)

    def _check_paid_learner(self, vals):
        """:raise AccessError: for a paid learner that is archived, enrolled without
        its validation, taken back once cancelled, or parted from its purchase"""
        paid = self.filtered("prepaid_state")
        if not paid:
            return
        refuse_protected(self, vals, {"active", "training_request_id"})
        if paid.filtered(lambda learner: learner.prepaid_state == "held"):
            refuse_protected(self, vals, {"state"})
        state = vals.get("state", "cancel")
        closed = paid.filtered(lambda learner: learner.prepaid_state == "cancelled")
        pending = paid.filtered(lambda learner: learner.prepaid_state == "pending")
        if (state != "cancel" and closed) or (state in ENROLLED and pending):
            refuse_protected(self, vals, {"state"})

    @api.model
    def _check_no_paid_order(self, vals):
        """A learner who joins a paid order would be enrolled for nothing.

        :raise AccessError: for an order that was paid online
        """
        order_sudo = self.env["sale.order"].sudo().browse(vals.get("sale_order_id"))
        line_sudo = (
            self.env["sale.order.line"].sudo().browse(vals.get("sale_order_line_id"))
        )
        if (order_sudo | line_sudo.order_id).exists().training_paid_tx_id:
            refuse_protected(self, vals, {"sale_order_id", "sale_order_line_id"})

    @api.model
    def _check_no_purchase(self, vals):
        """:raise AccessError: for the request of a purchase"""
        request_id = vals.get("training_request_id")
        request_sudo = self.env["training.request"].sudo().browse(request_id)
        if request_sudo.exists().is_prepaid:
            refuse_protected(self, vals, {"training_request_id"})


class EventEvent(models.Model):
    _inherit = "event.event"

    def write(self, vals):
        if "company_id" in vals and not self.env.su:
            self._check_company_of_paid_learners(vals["company_id"])
        return super().write(vals)

    def _check_company_of_paid_learners(self, company_id):
        """:raise AccessError: for who may not write on the session
        :raise UserError: when somebody else would owe what was paid for"""
        self.check_access("write")
        moved = self.filtered(lambda event: event.company_id.id != company_id)
        paid_sudo = (
            self.env["event.registration"]
            .sudo()
            .with_context(active_test=False)
            .search_count(
                [("event_id", "in", moved.ids), ("prepaid_state", "!=", False)], limit=1
            )
        )
        if paid_sudo:
            raise UserError(
                self.env._(
                    "Learners have paid for this session: it stays with the "
                    "organisation that was paid."
                )
            )
