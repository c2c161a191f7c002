# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class TrainingPurchaseMixin(models.AbstractModel):
    """What is kept about a purchase is named after its order, for who reads the record
    without being allowed to read orders too: event users are not."""

    _name = "training.purchase.mixin"
    _description = "Record Named after a Purchase"

    @api.depends("order_id.name")
    def _compute_display_name(self):
        """Override: the number of the order, whoever asks."""
        for record in self:
            record.display_name = record.sudo().order_id.name
