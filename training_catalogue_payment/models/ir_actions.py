# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

TREATING_ACTIONS = (
    "training_catalogue_payment.action_validate_prepaid",
    "training_catalogue_payment.action_cancel_and_refund",
    "training_catalogue_payment.action_move_prepaid",
)


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        """Override of `base`: the list of learners offers what treats prepaid
        prospects to who may do it only.

        One of an action's own groups is enough: they cannot ask for Finance + (A1) and
        for a role at once.
        """
        bindings = super().get_bindings(model_name)
        registrations = self.env["event.registration"]
        if model_name != registrations._name or registrations._may_treat_prepaid():
            return bindings
        find = self.env["ir.model.data"]._xmlid_to_res_id
        ours = {find(name) for name in TREATING_ACTIONS}
        return {
            kind: [action for action in actions if action["id"] not in ours]
            for kind, actions in bindings.items()
        }
