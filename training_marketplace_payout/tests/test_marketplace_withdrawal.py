# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B24: a private buyer withdraws from what a seller sold: who is told, who is paid."""

from odoo.tests import tagged

from .mangopay_common import SENDER_JOB
from .seller_common import create_portal_user
from .test_marketplace_hold_lawful import TREAT_JOB
from .unhappy_common import UnhappyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceWithdrawal(UnhappyCommon):
    def setUp(self):
        super().setUp()
        self.know_seller()
        self.sold_session.is_out_of_bpf = True
        self.order = self.consume()
        self.follow_up()
        self.sale = self.order.marketplace_sale_id
        self.assertEqual(self.sale.state, "confirmed")

    def consume(self):
        """Return the order of a private person, who paid 720."""
        order = self._buy(self.sold_session, 1, "individual", self._create_individual())
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
        )
        self.settle(self.open_page(tx))
        self.visit(tx, "return")
        return order

    def withdraw(self):
        """Return the withdrawal from the order, treated."""
        withdrawal = self.declare()
        self.run_jobs(TREAT_JOB)
        self.assertEqual(withdrawal.treatment_state, "done")
        return withdrawal

    def declare(self):
        return self.order._withdraw_training(
            {
                "name": "Paul",
                "contract_reference": self.order.name,
                "email": "paul@martin.example.com",
            }
        )

    def refused(self):
        """Return a withdrawal whose refund Mangopay refuses for good."""
        self.fail_next(f"payins/{self.sale.payin_reference}/refunds", "001001")
        withdrawal = self.withdraw()
        self.run_jobs(SENDER_JOB)
        self.assertEqual(self.sale.tx_id.child_transaction_ids.state, "error")
        return withdrawal

    def test_refunded_once_the_money_is_back(self):
        """B24, A28: nobody is told « refunded » while Mangopay has sent nothing."""
        withdrawal = self.withdraw()
        self.assertEqual(self.sale.tx_id.child_transaction_ids.state, "pending")
        self.assertEqual(withdrawal.state, "acknowledged")
        asked = self.order._get_training_status_sentence()
        self.run_jobs(SENDER_JOB)
        self.assertEqual(self.sent_refunds(self.sale), [72000])
        self.assertEqual(withdrawal.state, "refunded")
        self.assertNotEqual(self.order._get_training_status_sentence(), asked)

    def test_refund_that_waits_for_its_day(self):
        """B24, B19: a refund that is queued behind its equal is not back yet."""
        self.sale.tx_id._refund_marketplace(360.0)
        self.run_jobs(SENDER_JOB)
        self.follow_up()
        withdrawal = self.withdraw()
        self.run_jobs(SENDER_JOB)
        self.assertEqual((withdrawal.amount, withdrawal.state), (360.0, "acknowledged"))

    def test_refund_refused_then_made(self):
        """B24, B19: what Mangopay refuses is owed, until another refund is made."""
        withdrawal = self.refused()
        self.assertEqual(withdrawal.state, "acknowledged")
        self.sale.tx_id._refund_marketplace(720.0)
        self.assertEqual(withdrawal.state, "acknowledged")
        self.run_jobs(SENDER_JOB)
        self.assertEqual(withdrawal.state, "refunded")

    def test_refused_and_given_back_by_the_bank(self):
        """B24, B19: the buyer's bank gave the money back: nothing is owed any more."""
        withdrawal = self.refused()
        made = self.dispute(self.sale, 72000)
        self.assertEqual(withdrawal.state, "acknowledged")
        self.close(made, "LOST")
        self.assertEqual(withdrawal.state, "refunded")

    def test_what_the_buyer_owes_is_kept(self):
        """B24, A28: refunded, less the part that the buyer has had."""
        withdrawal = self.declare()
        withdrawal.write({"amount": 500.0, "amount_kept": 220.0})
        self.run_jobs(TREAT_JOB)
        self.assertEqual(withdrawal.state, "acknowledged")
        self.run_jobs(SENDER_JOB)
        self.assertEqual(self.sent_refunds(self.sale), [50000])
        self.assertEqual(withdrawal.state, "refunded")

    # Who is told

    def test_seller_is_told_once(self):
        """B24: each of the seller's people reads it once, whatever runs twice."""
        users = [
            create_portal_user(self.env, self.seller, f"{name}@atelier.example")
            for name in ("claire", "marc")
        ]
        withdrawal = self.declare()
        for _turn in range(2):
            for user in users:
                self.assertEqual(self.mails_to(user.partner_id, withdrawal), 1)
            self.run_jobs(TREAT_JOB)
            withdrawal._tell_marketplace_seller()
        self.assertTrue(withdrawal.seller_told_at)

    def test_seller_is_told_of_the_sale_first(self):
        """B11, B24: who withdraws within the minute of the payment is told of after
        the sale, once the job that follows it has run."""
        self.sold_session = self._create_session(self.sold, is_out_of_bpf=True)
        self.order = self.consume()
        self.assertEqual(self.order.training_followup_state, "todo")
        withdrawal = self.declare()
        self.run_jobs(TREAT_JOB)
        self.assertEqual(self.mails_to(self.seller, withdrawal), 0)
        self.follow_up()
        self.run_jobs(TREAT_JOB)
        self.assertEqual(withdrawal.treatment_state, "done")
        self.assertEqual(self.mails_to(self.seller, withdrawal), 1)
