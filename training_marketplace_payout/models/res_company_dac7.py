# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.training_catalogue_payment.models.res_config_settings_accounts import (
    company_field,
)


class ResCompany(models.Model):
    _inherit = "res.company"

    marketplace_dac7 = fields.Boolean(
        string="Declare the sellers every year",
        default=True,
        help="Whether open sessions are in the scope of DAC7 is the company's own "
        "reading of the law: the data are asked for and kept all the same.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketplace_dac7 = company_field(fields.Boolean, "marketplace_dac7")
