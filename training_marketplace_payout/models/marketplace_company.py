# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What the operator of the marketplace has decided for all its sellers (B1)."""

    _inherit = "res.company"

    marketplace_commission_rate = fields.Float(
        string="Commission of the marketplace",
        digits=(5, 2),
        help="Percentage of the untaxed amount of a sale, unless the seller or the "
        "category of the course has its own.",
    )
    marketplace_contest_days = fields.Integer(
        string="Days to contest an invoice",
        default=15,
        help="How long a seller may contest an invoice issued in its name: written in "
        "the mandates to come, those accepted keep theirs.",
    )

    marketplace_kyc_first = fields.Boolean(
        string="Verification before the first sale",
        help="A course is on sale once Mangopay has verified its seller, and each "
        "payment names whom it is for.",
    )

    marketplace_seller_threshold = fields.Monetary(
        string="A seller is verified above",
        default=1000.0,
        help="Tax included: what a seller sold over the months below, refunds left "
        "out, strictly above this amount.",
    )
    marketplace_seller_months = fields.Integer(
        string="Over the last months of sales", default=12
    )
    marketplace_document_days = fields.Integer(
        string="Days before a seller is reminded",
        default=7,
        help="How long after it was asked for bank details or documents a seller is "
        "reminded, once.",
    )

    _marketplace_seller_threshold_positive = models.Constraint(
        "CHECK(marketplace_seller_threshold >= 0)",
        "The amount above which sellers are verified is not negative.",
    )
    _marketplace_seller_window = models.Constraint(
        "CHECK(marketplace_seller_months > 0 AND marketplace_document_days > 0)",
        "Sellers are looked at over one month, and have one day, at least.",
    )
    _marketplace_commission_rate_percent = models.Constraint(
        "CHECK(marketplace_commission_rate >= 0 AND marketplace_commission_rate < 100)",
        "A commission is a percentage from 0 to 99.99.",
    )
    _marketplace_contest_days_positive = models.Constraint(
        "CHECK(marketplace_contest_days > 0)",
        "A seller has one day at least to contest an invoice.",
    )
