# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MarketplaceSeller(models.Model):
    """The commission of a seller: its own, else its course's, else the operator's."""

    _inherit = "marketplace.seller"

    has_own_rate = fields.Boolean(
        string="Own commission",
        tracking=True,
        help="Otherwise the category of the course decides, else the company.",
    )
    commission_rate = fields.Float(
        string="Commission (%)", digits=(5, 2), tracking=True
    )
    default_rate = fields.Float(
        string="Usual commission (%)",
        digits=(5, 2),
        compute="_compute_default_rate",
        compute_sudo=True,
        help="Of the company; a category of courses may have its own.",
    )

    _commission_rate_percent = models.Constraint(
        "CHECK(commission_rate >= 0 AND commission_rate < 100)",
        "A commission is a percentage from 0 to 99.99.",
    )

    @api.depends("company_id.marketplace_commission_rate")
    def _compute_default_rate(self):
        for contract in self:
            contract.default_rate = contract.company_id.marketplace_commission_rate

    def _get_commission_rate(self, programme):
        """Return the commission on a sale, in percent of its untaxed amount.

        :param programme: the course (``product.template``), empty for none in
            particular
        :rtype: float
        """
        self.ensure_one()
        contract_sudo = self.sudo()
        if contract_sudo.has_own_rate:
            return contract_sudo.commission_rate
        company = contract_sudo.company_id
        category_sudo = programme.sudo().with_company(company).categ_id
        rate = category_sudo._get_marketplace_rate()
        return company.marketplace_commission_rate if rate is None else rate
