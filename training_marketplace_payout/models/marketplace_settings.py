# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What the operator decides for all its sellers."""

    _inherit = "res.config.settings"

    marketplace_commission_rate = fields.Float(
        related="company_id.marketplace_commission_rate", readonly=False
    )
    marketplace_kyc_first = fields.Boolean(
        related="company_id.marketplace_kyc_first", readonly=False
    )
    marketplace_seller_threshold = fields.Monetary(
        related="company_id.marketplace_seller_threshold", readonly=False
    )
    marketplace_seller_months = fields.Integer(
        related="company_id.marketplace_seller_months", readonly=False
    )
    marketplace_document_days = fields.Integer(
        related="company_id.marketplace_document_days", readonly=False
    )
    marketplace_contest_days = fields.Integer(
        related="company_id.marketplace_contest_days", readonly=False
    )
