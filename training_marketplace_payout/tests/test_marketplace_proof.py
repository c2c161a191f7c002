# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22, D9: the invariants hold after each step of each path, and see what is wrong."""

from odoo.fields import Command
from odoo.tests import tagged

from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProof(MarketplaceMoneyCommon):
    def find(self):
        """Return the checks that see a difference."""
        found = self.env["marketplace.proof"]._check_invariants(self.company)
        return sorted({one.check for one in found})

    def test_each_step_of_a_sale(self):
        """B22: before and after each entry, from the payment to the last refund."""
        self.know_seller()
        self.assertProved()
        sale = self.pay().marketplace_sale_id
        self.assertProved()
        self.follow_up()
        self.assertProved()
        self.transfer(sale)
        self.assertProved()
        self.run_books()
        self.assertProved()
        sale.tx_id._refund_marketplace(500.0)
        self.assertProved()
        for _step in range(2):
            self.run_jobs()
            self.assertProved()
        self.follow_up()
        self.run_books()
        self.assertProved()

    def test_held_and_refused(self):
        """B22, B10: what is held, released, given up, or bought nothing."""
        held = self.pay_held()
        self.assertProved()
        self.run_books()
        self.assertProved()
        self.release(held)
        self.assertProved()
        given_up = self.pay_held(self._create_session(self.sold))
        given_up.tx_id._refund_marketplace(200.0)
        self.run_jobs()
        self.assertProved()
        given_up.state = "abandoned"
        given_up.tx_id._refund_marketplace(1000.0)
        self.run_jobs()
        self.assertProved()
        tx = self.start(self._create_session(self.sold))
        payin = self.open_page(tx)
        tx.training_session_id.kanban_state = "cancel"
        self.settle(payin)
        self.visit(tx, "return")
        self.assertProved()
        self.run_jobs()
        self.run_books()
        self.assertProved()

    def test_companies(self):
        """B22: another company's books are its own."""
        self.pay()
        self.run_books()
        other = self.env["res.company"].create({"name": "Ailleurs"})
        proof = self.env["marketplace.proof"]
        self.assertEqual(proof._check_invariants(other), [])

    def test_what_is_wrong_is_seen(self):
        """B22: an entry that is gone, changed or made by hand; a sale that lies."""
        sale = self.pay().marketplace_sale_id
        self.run_books()
        self.assertEqual(self.find(), [])
        sale.amount_refunded = 100.0
        self.assertEqual(self.find(), ["I2", "I4"])
        sale.write({"amount_refunded": 0.0, "amount_transferred": 50.0})
        self.assertEqual(self.find(), ["I2"])
        sale.amount_transferred = 0.0
        entry = sale.entry_ids
        entry.sudo().lines = [[role, who, 2 * much] for role, who, much in entry.lines]
        self.assertEqual(self.find(), ["I11"])
        entry.sudo().lines = [[role, who, much // 2] for role, who, much in entry.lines]
        self.assertEqual(self.find(), [])

    def test_what_is_made_by_hand_is_seen(self):
        """B22, I8: an entry of a person on the accounts of the marketplace."""
        company = self.company
        wallet = {
            "account_id": company.marketplace_wallet_account_id.id,
            "partner_id": self.seller.id,
            "debit": 10.0,
        }
        income = {
            "account_id": company.marketplace_income_account_id.id,
            "credit": 10.0,
        }
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": company.marketplace_journal_id.id,
                "line_ids": [Command.create(wallet), Command.create(income)],
            }
        )
        move.action_post()
        self.assertEqual(self.find(), ["I1", "I2", "derived", "manual"])

    def test_movement_without_entry_is_seen(self):
        """B22, I11: something done at Mangopay that nobody wrote down."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        self.transfer(sale)
        self.assertEqual(self.find(), [])
        transfer = sale.entry_ids.filtered(lambda one: one.kind == "transfer")
        transfer.reference = "xfer_other"
        self.assertEqual(self.find(), ["I11"])
