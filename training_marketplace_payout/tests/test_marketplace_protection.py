# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff cannot change of a seller's sale, by any route."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .payment_common import MangopayPaymentCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProtection(MangopayPaymentCommon):
    def test_whose_sale_it_is_stays(self):
        """B9, D17: nobody makes a seller's sale the operator's, nor moves its money."""
        order = self.pay()
        tx = order.training_paid_tx_id
        groups = "sales_team.group_sale_manager,account.group_account_manager"
        user = new_test_user(self.env, login="insider", groups=groups)
        with self.assertRaises(AccessError):
            order.with_user(user).marketplace_seller_id = False
        with self.assertRaises(AccessError):
            tx.with_user(user).mangopay_wallet_id = False
        orders = self.env["sale.order"].with_user(user)
        values = {"partner_id": order.partner_id.id}
        seller = order.marketplace_seller_id.id
        with self.assertRaises(AccessError):
            orders.create({**values, "marketplace_seller_id": seller})
        with self.assertRaises(AccessError):
            orders.with_context(default_marketplace_seller_id=seller).create(values)

    def test_wizards_are_ones_own(self):
        """B22, B23: what one person is filling in, nobody else reads or changes."""
        wizards = self.env["ir.model"].search(
            [
                ("transient", "=", True),
                "|",
                ("model", "=like", "marketplace.%"),
                ("model", "=like", "mangopay.%"),
            ]
        )
        self.assertTrue(wizards)
        for wizard in wizards:
            rules = wizard.rule_ids.filtered(lambda rule: not rule.groups)
            with self.subTest(model=wizard.model):
                self.assertIn("create_uid", "".join(rules.mapped("domain_force")))
