# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every menu of ours opens for who sees it: its list, its form."""

from odoo.tests import new_test_user, tagged

from odoo.addons.training_catalogue_payment.tests.menu_common import MenusMixin

from .mangopay_common import MangopayCommon

ROLES = {
    "planner": "event.group_event_manager",
    "biller": "account.group_account_invoice",
    "adviser": "account.group_account_manager",
    "system": "base.group_system",
    "head": "event.group_event_manager,account.group_account_manager",
}


@tagged("training_install", "post_install", "-at_install")
class TestMangopayMenus(MenusMixin, MangopayCommon):
    menu_module = "training_marketplace_payout"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            name: new_test_user(cls.env, login=f"menu_{name}", groups=groups)
            for name, groups in ROLES.items()
        }

    def test_every_menu_opens_for_who_sees_it(self):
        """B9, B13, B14: no menu ends in an error, whatever the role."""
        self.seller.email = "atelier@example.com"
        self.seller.is_marketplace_seller = True
        self.seller._ensure_mangopay_payer(self.account)
        self.request_transfer()
        self.run_sender()
        self.assert_menus_open(6)
