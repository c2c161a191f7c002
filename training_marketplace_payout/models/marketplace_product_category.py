# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ProductCategory(models.Model):
    """A kind of courses may have a commission of its own (B1)."""

    _inherit = "product.category"

    has_marketplace_rate = fields.Boolean(
        string="Own commission",
        company_dependent=True,
        help="Courses of this category, and of those below it, have a commission of "
        "their own on the marketplace.",
    )
    marketplace_commission_rate = fields.Float(
        string="Commission (%)", digits=(5, 2), company_dependent=True
    )

    def _get_marketplace_rate(self):
        """Return the commission of the nearest category that has one, from this one
        up; None when none has.

        :rtype: float | None
        """
        for category_id in reversed((self.parent_path or "").split("/")[:-1]):
            category = self.browse(int(category_id))
            if category.has_marketplace_rate:
                return category.marketplace_commission_rate
        return None
