# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..utils import refuse_protected, refuse_protected_new, with_defaults

# What ties a document to a purchase, and what it says of it.
LINKS = {"training_order_id", "training_session_id"}
PROTECTED = LINKS | {
    "training_activity_note",
    "training_business_notes",
    "training_is_indemnity",
    "training_mention",
}


class AccountMove(models.Model):
    """The documents of a purchase are those that the product makes (A24).

    An invoice that anybody tied to a purchase would count as sold, paid and refundable.
    """

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        moves = super().create(vals_list)
        for move, vals in zip(moves, vals_list, strict=True):
            move._refuse_training_payments(with_defaults(self, vals))
        return moves

    def write(self, vals):
        """Payments are checked before and after: one must not become, nor stop being,
        that of a purchase."""
        refuse_protected(self, vals, PROTECTED)
        self._refuse_training_payments(vals)
        result = super().write(vals)
        self._refuse_training_payments(vals)
        return result

    def _refuse_training_payments(self, vals):
        if "transaction_ids" not in vals or self.env.su:
            return
        if (
            self.sudo().training_order_id
            or self.sudo().transaction_ids._pays_training()
        ):
            refuse_protected(self, vals, {"transaction_ids"})

    def copy_data(self, default=None):
        """A credit note, and what replaces a credited invoice, belong to its purchase;
        a plain copy does not."""
        result = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            for move, vals in zip(self, result, strict=True):
                for name in LINKS:
                    vals.setdefault(name, move[name].id)
        return result
