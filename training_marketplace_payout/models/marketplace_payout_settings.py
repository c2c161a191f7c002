# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.training_catalogue_payment.models.res_config_settings_accounts import (
    company_field,
)


class ResCompany(models.Model):
    """What the operator has decided of its payouts (B18)."""

    _inherit = "res.company"

    marketplace_payout_minimum = fields.Monetary(
        string="Smallest payout",
        default=0.0,
        help="Below this amount, counted before what is netted, nothing leaves: it "
        "waits for the next sales.",
    )
    marketplace_reserve_days = fields.Integer(
        string="Days kept after the session",
        default=0,
        help="A sale is paid out this many days after the end of its session at the "
        "earliest; after the sale, for e-learning. 0: as soon as its month is over.",
    )
    marketplace_payout_approval = fields.Boolean(
        string="Payouts are approved",
        help="Payouts are prepared on the 15th, and leave once somebody approved them.",
    )
    marketplace_payout_four_eyes = fields.Boolean(
        string="By somebody else",
        help="Whoever started the payouts does not approve them.",
    )

    _marketplace_payout_positive = models.Constraint(
        "CHECK(marketplace_payout_minimum >= 0 AND marketplace_reserve_days >= 0)",
        "The smallest payout and the days kept are not negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketplace_payout_minimum = company_field(
        fields.Monetary, "marketplace_payout_minimum"
    )
    marketplace_reserve_days = company_field(fields.Integer, "marketplace_reserve_days")
    marketplace_payout_approval = company_field(
        fields.Boolean, "marketplace_payout_approval"
    )
    marketplace_payout_four_eyes = company_field(
        fields.Boolean, "marketplace_payout_four_eyes"
    )
