# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A private buyer withdraws after a move, or while it waits for its complement."""

from odoo.tests import mute_logger, tagged

from .move_common import MoveCommon

GATEWAY = "odoo.addons.training_catalogue_payment.services.stripe_gateway"


@tagged("standard", "post_install", "-at_install")
class TestWithdrawalMove(MoveCommon):
    def test_waiting_move_is_given_up(self):
        """A28, A22: what was paid is refunded, the unpaid complement is credited."""
        order = self._sold(
            numbered=False,
            session=self._target(600, taxable=True),
            learners=1,
            kind="individual",
            contact=self._create_individual(),
        )
        record = self._move(order, self._target(750, taxable=True))
        self.assertEqual(record.state, "waiting")
        declaration = {"name": "Paul", "email": "paul@martin.example.com"}
        withdrawal = order._withdraw_training(declaration)
        self.assertEqual(withdrawal.amount, 720)
        self.run_jobs("training_catalogue_payment.ir_cron_treat_withdrawals")
        self.assertEqual(record.state, "abandoned")
        self.assertEqual(withdrawal.treatment_state, "done")
        note = withdrawal.credit_note_ids
        self.assertEqual(note.amount_total, 720)
        self.assertNotEqual(note.reversed_entry_id, record.complement_id)
        refund = self.env["training.payment.operation"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", note.id)]
        )
        self.assertEqual(refund.amount, 720)

    @mute_logger(GATEWAY)
    def test_refund_that_failed_before(self):
        """A28, A22: what a cheaper session gave back, and Stripe refused, is asked
        again with the rest: who withdraws gets back all that was paid."""
        order = self._sold(
            numbered=False,
            session=self._target(600, taxable=True),
            learners=1,
            kind="individual",
            contact=self._create_individual(),
        )
        self.double.fail("POST", "refunds", 400)
        self._move(order, self._target(500, taxable=True))
        self.assertFalse(self._refund())
        declaration = {"name": "Paul", "email": "paul@martin.example.com"}
        withdrawal = order._withdraw_training(declaration)
        self.assertEqual(withdrawal.amount, 720)
        self.run_jobs("training_catalogue_payment.ir_cron_treat_withdrawals")
        self.assertEqual(withdrawal.treatment_state, "done")
        self.assertEqual(sorted(self._refund().mapped("amount")), [120, 600])
        self.assertEqual(withdrawal.state, "refunded")
        self.assertFalse(self._balances())
        self._check_settled(order)
