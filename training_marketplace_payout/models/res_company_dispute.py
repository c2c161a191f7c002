# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.training_catalogue_payment.models.res_company_accounts import (
    ANY_ACCOUNT,
    Account,
)


class ResCompany(models.Model):
    """The accounts of disputed payments and of what the operator sends to wallets."""

    _inherit = "res.company"

    marketplace_repudiation_account_id = fields.Many2one(
        "account.account",
        string="Disputes at Mangopay",
        domain=ANY_ACCOUNT,
        help="The operator's wallet from which banks take disputed payments back: "
        "517300 in the French chart.",
    )

    @api.model
    def _get_marketplace_french_accounts(self):
        """Override: add those of disputes and of bank transfers."""
        _ = self.env._
        rows = [
            (
                *("marketplace_repudiation_account_id", "517300", "asset_cash", False),
                _("Operator's wallet of disputes at Mangopay"),
            ),
            (
                *("training_dispute_account_id", "467200", "asset_current", True),
                _("Disputed card payments"),
            ),
            (
                *("training_transfer_account_id", "580000", "asset_current", True),
                _("Internal transfers"),
            ),
        ]
        return [
            *super()._get_marketplace_french_accounts(),
            *(Account(*row) for row in rows),
        ]
