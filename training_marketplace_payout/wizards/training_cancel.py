# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class TrainingCancel(models.TransientModel):
    """« Cancel and refund » of a seller's course: the money goes back as it came."""

    _inherit = "training.cancel"

    refund_way = fields.Selection(
        selection_add=[("stripe", "Refund now to the card that paid")]
    )

    def action_cancel(self):
        """Override of the catalogue: no other way than Mangopay leads back."""
        sellers = self._get_orders().marketplace_seller_id
        if sellers and self.refund_way == "other":
            raise UserError(
                self.env._(
                    "What was paid to %(seller)s is held by Mangopay: it can only be "
                    "given back to the card that paid.",
                    seller=sellers[:1].display_name,
                )
            )
        return super().action_cancel()
