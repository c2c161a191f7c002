# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sellers and the tax office. Holds no test itself."""

from odoo.tests import new_test_user

from .marketplace_money_common import MarketplaceMoneyCommon


class Dac7Common(MarketplaceMoneyCommon):
    """An operator with its address, and a seller of whom nothing is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._ensure_marketplace_accounts()
        cls.company.write(
            {
                "company_registry": "55210055400013",
                "street": "2 rue du Port",
                "zip": "17000",
                "city": "La Rochelle",
            }
        )
        cls.accountant = new_test_user(
            cls.env, "dac7", groups="account.group_account_invoice"
        )

    def forget_tax_number(self):
        """Move the seller abroad, where a number of registration says nothing."""
        self.seller.write(
            {"company_registry": "0477472701", "country_id": self.env.ref("base.be").id}
        )
        self.assertIn("tax_number", self.contract._get_dac7_missing())
