# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What the operator sets for its public channel."""

    _inherit = "res.company"

    marketplace_answer_days = fields.Integer(
        string="Days before a reminder",
        default=3,
        help="A message of a visitor that nobody has answered for so many days is "
        "recalled to the seller's team, once. 0: never.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketplace_answer_days = fields.Integer(
        related="company_id.marketplace_answer_days", readonly=False
    )
