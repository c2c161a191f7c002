# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class ProductTemplate(models.Model):
    """A programme is the operator's own, or the course of one seller."""

    _inherit = "product.template"

    marketplace_seller_id = fields.Many2one(
        comodel_name="res.partner",
        string="Seller",
        domain=[("is_marketplace_seller", "=", True)],
        index="btree_not_null",
        ondelete="restrict",
        help="The training organisation that sells this course. Empty: your own.",
    )

    marketplace_stop = fields.Selection(
        selection=[("kyc", "Mangopay has not verified the seller")],
        string="Not on sale because",
        copy=False,
        readonly=True,
    )

    @api.constrains("marketplace_seller_id")
    def _check_marketplace_seller(self):
        """Accept as a seller only a contact marked so, whatever was posted."""
        for programme in self:
            seller = programme.marketplace_seller_id
            if seller and not seller.is_marketplace_seller:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is not a seller of the marketplace.",
                        partner=seller.display_name,
                    )
                )

    def action_resume_marketplace(self):
        """Put a course that Mangopay stopped back on sale (event managers)."""
        if not self.env.user.has_groups("event.group_event_manager,base.group_system"):
            raise AccessError(self.env._("Only event managers may do this."))
        self.check_access("read")
        self.sudo().marketplace_stop = False
