# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each role finds by itself what it has to do."""

from odoo.tests import TransactionCase, new_test_user, tagged

ADDON = "training_marketplace_payout"
MENUS = ("root", "payout_look", "payout", "dac7")
VISIBLE = {
    "account.group_account_manager": {"root", "payout_look", "payout", "dac7"},
    "account.group_account_invoice": {"root", "payout", "dac7"},
    f"{ADDON}.group_marketplace_manager": {"root", "payout_look", "payout", "dac7"},
    "sales_team.group_sale_salesman": set(),
    "event.group_event_user": set(),
}


@tagged("training_install", "post_install", "-at_install")
class TestMenus(TransactionCase):
    def find_visible(self, user):
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        return {
            name
            for name in MENUS
            if self.env.ref(f"{ADDON}.menu_marketplace_{name}").id in visible
        }

    def test_payouts_and_declaration(self):
        """B18, B23: who pays and declares has a menu for it, others have none."""
        for number, (group, expected) in enumerate(VISIBLE.items()):
            user = new_test_user(self.env, f"menus{number}", group)
            with self.subTest(group):
                self.assertEqual(self.find_visible(user), expected)
