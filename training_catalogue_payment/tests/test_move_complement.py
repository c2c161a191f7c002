# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The card payments of a complement: paid twice, refunded elsewhere, returned."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import mute_logger, tagged

from .move_common import MoveCommon

GATEWAY = "odoo.addons.training_catalogue_payment.services.stripe_gateway"
STOCK = "odoo.addons.payment.models.payment_transaction"


@tagged("standard", "post_install", "-at_install")
class TestMoveComplement(MoveCommon):
    def setUp(self):
        super().setUp()
        self.order = self._sold(numbered=True)
        self.record = self._move(self.order, self._target(750))

    def _operations(self, tx):
        return self.env["training.payment.operation"].search(
            [("transaction_id", "=", tx.id)]
        )

    def _told(self, record):
        return record.activity_ids

    def _paid_once(self):
        """Return the payment of a complement whose learners have moved."""
        tx = self._start_complement(self.record)
        self._finish_complement(tx)
        self.assertEqual(self.record.state, "done")
        return tx

    def _prepaid_lines(self, tx):
        """Return what a closing of today says of a payment that settles nothing."""
        closing = self.env["training.closing"].create(
            {"date": fields.Date.today(), "company_id": self.company.id}
        )
        lines = [
            values
            for values in closing._prepare_prepaid_lines()
            if values["payment_move_id"] == tx.payment_id.move_id.id
        ]
        closing.unlink()
        return lines

    def test_paid_twice(self):
        """R2, R11: two people open one link and both pay: the second payment goes
        back, once, staff are told, and until then the closing lists it."""
        second = self._start_complement(self.record)
        self._paid_once()
        before = self._told(self.order)
        self._finish_complement(second)
        self.assertEqual(len(self._told(self.order) - before), 1)
        [line] = self._prepaid_lines(second)
        self.assertEqual(
            (line["amount"], line["order_id"], line["session_id"]),
            (300, self.order.id, self.record.session_id.id),
        )
        second._post_process()
        self.assertEqual(self._operations(second).amount, 300)
        self._refund()
        self._check_settled(self.order)
        self.assertFalse(self._prepaid_lines(second))
        self.assertEqual(self._balances(), {"512": 1500, "70": -1500})
        second._post_process()
        self.assertEqual(len(self._operations(second)), 1)
        self.assertEqual(len(self._told(self.order) - before), 1)

    def test_paid_in_parts(self):
        """R11: a part was paid, then the whole of it in another page: the rest goes
        back, and a credit note's refund afterwards does not touch it."""
        second = self._start_complement(self.record)
        self._finish_complement(self._start_complement(self.record, 100))
        self._finish_complement(second)
        self.assertEqual(self.record.state, "done")
        self.assertEqual(self._refund().amount, 100)
        self._check_settled(self.order)
        self.order._cancel_training(self.record.registration_ids, 1500, "Ill")
        self.assertEqual(sum(self._refund().mapped("amount")), 1600)
        self._check_settled(self.order)
        self.assertFalse(self._balances())

    def test_one_page_pays_twice(self):
        """R11: one page has two intents paid: the second one is recorded and goes
        back, for the complement too."""
        tx = self._paid_once()
        intent = self.double.add_payment(30000, tx.reference)
        self.receive("payment_intent.succeeded", intent["id"])
        self.run_events()
        second = tx.search([("provider_reference", "=", intent["id"])])
        self.assertEqual(self._operations(second).amount, 300)
        self.assertFalse(self._operations(tx))
        self._refund()
        self._check_settled(self.order)
        self.assertEqual(self._balances(), {"512": 1500, "70": -1500})

    @mute_logger(GATEWAY)
    def test_refund_fails(self):
        """R11: what Stripe refuses to give back is told on the purchase."""
        second = self._start_complement(self.record)
        self._paid_once()
        self._finish_complement(second)
        before = self._told(self.order)
        self.double.fail("POST", "refunds", 400)
        self.assertFalse(self._refund())
        self.assertEqual(len(self._told(self.order) - before), 1)

    def _refund_in_dashboard(self, tx, amount_minor):
        refund = self.double._post_refunds(
            "acct_ours",
            {"payment_intent": tx.provider_reference, "amount": str(amount_minor)},
        )
        self.receive("refund.created", refund["id"])
        self.run_events()
        return refund

    def test_refunded_in_the_dashboard(self):
        """A23: refunded in Stripe itself: it waits for its credit note in the
        session's finances, and an accountant is asked for it."""
        tx = self._paid_once()
        documents = self.order._get_training_documents()
        self._refund_in_dashboard(tx, 30000)
        self.assertEqual(len(documents.activity_ids), 1)
        view = self.record.session_id.with_user(self.manager)
        payment = view.training_unmatched_refund_ids
        self.assertEqual(payment.amount, 300)
        note = self.order._credit_training(300, "Gesture")
        note._match_known_refunds()
        self.env.invalidate_all()
        self.assertFalse(view.training_unmatched_refund_ids)
        self.assertEqual(note.amount_residual, 0)

    def test_second_payment_refunded_in_the_dashboard(self):
        """R11: who sees the second payment in Stripe and refunds it there has done
        what we ask for: matched, and not given back again."""
        second = self._start_complement(self.record)
        self._paid_once()
        self._finish_complement(second)
        self._refund_in_dashboard(second, 30000)
        self._check_settled(self.order)
        self.assertFalse(self.order._get_training_documents().activity_ids)

    @mute_logger(STOCK)
    def test_refund_returned_by_the_bank(self):
        """A23: failed after it succeeded: the credit note is owed again, and given
        back by another attempt."""
        tx = self._paid_once()
        notes = self.order._cancel_training(self.record.registration_ids, 1500, "Ill")
        self._refund()
        self._check_settled(self.order)
        [operation] = self._operations(tx)
        [refund] = self.double._refunds_of(tx.provider_reference)
        refund.update(status="failed", failure_reason="expired_card")
        self.receive("refund.failed", refund["id"])
        self.run_events()
        self.assertEqual(operation.state, "failed")
        self.assertEqual(sum(notes.mapped("amount_residual")), 300)
        operation._open_new_attempt()
        self._refund()
        self._check_settled(self.order)

    def test_payment_is_kept(self):
        """A24: the intent is known from its making on, a payment is never deleted."""
        tx = self._start_complement(self.record)
        intent = {"id": "pi_new", "client_secret": "pi_new_secret_x"}
        with patch.object(
            type(self.provider), "_send_api_request", return_value=intent
        ):
            tx._stripe_create_intent()
        self.assertEqual(tx.provider_reference, "pi_new")
        tx._set_pending()
        with self.assertRaises(UserError):
            tx.unlink()
