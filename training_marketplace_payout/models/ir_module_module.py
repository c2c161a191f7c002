# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _get_training_addons(self):
        """Override: this one too."""
        return [*super()._get_training_addons(), "training_marketplace_payout"]
