# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..utils import refuse_protected, with_defaults

# Whoever knows the token acts as the buyer: nobody chooses it.
PROTECTED = {"access_token", "is_prepaid", "lead_id", "order_id", "prepaid_status"}
# What a payment says for good: what it is about, whose it is, where it stands. The
# portal shows the purchase to its customer.
PURCHASE_FIELDS = {
    "company_id",
    "kind",
    "partner_id",
    "programme_id",
    "registration_ids",
    "session_id",
    "state",
}


class TrainingRequest(models.Model):
    """Only a payment makes a purchase, or changes what it is about (A19, A24)."""

    _inherit = "training.request"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_purchase_vals(with_defaults(self, vals))
        requests = super().create(vals_list)
        requests._check_enrolled()
        return requests

    def write(self, vals):
        self._refuse_purchase_vals(vals)
        result = super().write(vals)
        if "state" in vals:
            self._check_enrolled()
        return result

    def _check_enrolled(self):
        """:raise UserError: for an enrolment accepted without anybody being enrolled"""
        if self.env.su:
            return
        for request in self:
            is_accepted = request.kind == "enrolment" and request.state == "accepted"
            if is_accepted and not request.sudo().registration_ids:
                raise UserError(
                    self.env._(
                        "« Validate the enrolment » accepts %(name)s and enrols its "
                        "learners.",
                        name=request.name,
                    )
                )

    def _refuse_purchase_vals(self, vals):
        refuse_protected(self, vals, PROTECTED)
        if vals.get("kind") == "purchase" or self.sudo().filtered("is_prepaid"):
            refuse_protected(self, vals, PURCHASE_FIELDS)
