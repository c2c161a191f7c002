# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.training_catalogue_payment.utils import (
    refuse_protected,
    refuse_protected_new,
)

PROTECTED = {
    "marketplace_elearning_date",
    "marketplace_elearning_ground",
    "marketplace_elearning_ok",
    "marketplace_elearning_user_id",
}
MANAGER = "training_marketplace_payout.group_marketplace_manager"
READERS = "training_marketplace_payout.group_marketplace_support"


class ProductTemplate(models.Model):
    """The operator's decision that a seller's e-learning may be sold (B3).

    An operator that authorises the charge is presumed to supply the e-learning itself,
    and would owe the VAT of the whole price. Selling it is therefore decided course by
    course, by a person, for a reason that is kept.
    """

    _inherit = "product.template"

    marketplace_elearning_ok = fields.Boolean(
        string="Paid e-learning decided", copy=False, readonly=True
    )
    marketplace_elearning_user_id = fields.Many2one(
        "res.users", string="Decided by", copy=False, readonly=True, groups=READERS
    )
    marketplace_elearning_date = fields.Datetime(
        string="Decided on", copy=False, readonly=True, groups=READERS
    )
    marketplace_elearning_ground = fields.Text(
        string="Ground of the decision", copy=False, readonly=True, groups=READERS
    )

    @api.model_create_multi
    def create(self, vals_list):
        refuse_protected_new(self, vals_list, PROTECTED)
        return super().create(vals_list)

    def write(self, vals):
        refuse_protected(self, vals, PROTECTED)
        if "marketplace_seller_id" in vals:
            # Decided for a seller: another one's course is decided anew.
            moved = self.filtered(
                lambda one: (
                    one.marketplace_elearning_ok
                    and one.marketplace_seller_id.id != vals["marketplace_seller_id"]
                )
            )
            moved.sudo().marketplace_elearning_ok = False
        return super().write(vals)

    def action_decide_elearning(self):
        """Ask for the ground, then decide (marketplace managers)."""
        self.ensure_one()
        self._check_elearning_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paid e-learning"),
            "res_model": "marketplace.elearning.decision",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_programme_id": self.id,
                "default_is_allowed": not self.marketplace_elearning_ok,
            },
        }

    def _check_elearning_manager(self):
        """:raise AccessError: for who is no marketplace manager"""
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only marketplace managers decide on paid e-learning.")
            )
        self.check_access("read")

    def _decide_elearning(self, is_allowed, ground):
        """Write the decision down, with its author, its date and its ground.

        :raise UserError: for the operator's own course, or without a ground
        """
        self.ensure_one()
        self._check_elearning_manager()
        programme_sudo = self.sudo()
        ground = (ground or "").strip()
        if not programme_sudo.marketplace_seller_id:
            raise UserError(self.env._("This course is your own: sell it freely."))
        if not ground:
            raise UserError(self.env._("Give the ground of the decision."))
        programme_sudo.write(
            {
                "marketplace_elearning_ok": is_allowed,
                "marketplace_elearning_user_id": self.env.uid,
                "marketplace_elearning_date": fields.Datetime.now(),
                "marketplace_elearning_ground": ground,
            }
        )
        programme_sudo.message_post(
            body=self.env._(
                "Paid e-learning is allowed for this course: %(ground)s", ground=ground
            )
            if is_allowed
            else self.env._(
                "Paid e-learning is stopped for this course: %(ground)s", ground=ground
            )
        )
