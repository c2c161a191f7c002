# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _is_add_to_cart_allowed(self):
        """A programme is bought through its sessions, never by « Add to cart »."""
        self.ensure_one()
        if self.product_tmpl_id.is_training_programme:
            return False
        return super()._is_add_to_cart_allowed()

    def _website_show_quick_add(self):
        self.ensure_one()
        if self.product_tmpl_id.is_training_programme:
            return False
        return super()._website_show_quick_add()
