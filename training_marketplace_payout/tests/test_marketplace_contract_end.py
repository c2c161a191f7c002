# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B19: a contract that ends with money left."""

from odoo.tests import new_test_user, tagged

from .unhappy_common import UnhappyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceContractEnd(UnhappyCommon):
    def find_left(self):
        action = self.env.ref(
            "training_marketplace_payout.marketplace_seller_closed_action"
        )
        sellers = self.env["marketplace.seller"]
        return sellers.search(
            [("state", "=", "closed"), ("has_money_left", "=", True)]
        ), action

    def test_owed_and_no_bank_account(self):
        """B19: said, listed, given to an accountant; nothing is taken to income."""
        self.sell(is_transferred=True)
        self.run_books()
        before = len(self.contract.message_ids)
        self.assertFalse(self.find_left()[0])
        wizard = self.env["marketplace.seller.decision"].create(
            {"seller_id": self.contract.id, "decision": "close", "reason": "Over"}
        )
        self.assertTrue(wizard.money_left)
        wizard.action_confirm()
        contract = self.contract
        self.assertEqual((contract.money_owed, contract.money_wallet), (1200.0, 1200.0))
        self.assertGreater(len(contract.message_ids), before)
        self.assertEqual(len(contract.activity_ids), 1)
        found, action = self.find_left()
        self.assertEqual(found, contract)
        self.assertTrue(action.view_ids)
        self.assertBooks({"wallet": 1200, "seller": -1200})
        support = new_test_user(
            self.env, "help5", "training_marketplace_payout.group_marketplace_support"
        )
        self.assertEqual(contract.with_user(support).money_owed, 1200.0)

    def test_nothing_left(self):
        """B19: nothing left: nothing said."""
        self.contract._decide("close", "Over")
        self.assertFalse(self.contract.activity_ids)
        self.assertFalse(self.find_left()[0])

    def test_refund_after_the_end(self):
        """B19: what was sold under a closed contract is refunded as any other."""
        sale = self.sell_paid_out()
        self.contract._decide("close", "Over")
        refund = self.lack(sale, 600.0)
        self.receive_wire(self.topup_of(refund), 60000)
        self.assertEqual(refund.state, "done")
        self.run_books()
        self.assertEqual(self.contract.money_debt, 600.0)
        self.assertEqual(self.find_left()[0], self.contract)
