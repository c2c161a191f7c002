# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """A training organisation that sells on the marketplace is a marked contact."""

    _inherit = "res.partner"

    is_marketplace_seller = fields.Boolean(
        string="Marketplace Seller",
        help="This organisation sells its own courses on the marketplace.",
    )

    @api.constrains("is_marketplace_seller")
    def _check_seller_without_course(self):
        """Refuse to unmark a seller that still has courses: they would be nobody's."""
        unmarked = self.filtered(lambda partner: not partner.is_marketplace_seller)
        programme = self.env["product.template"].search(
            [("marketplace_seller_id", "in", unmarked.ids)], limit=1
        )
        if programme:
            raise ValidationError(
                self.env._(
                    "%(seller)s still sells %(programme)s: give its courses to another "
                    "seller first.",
                    seller=programme.marketplace_seller_id.display_name,
                    programme=programme.display_name,
                )
            )
