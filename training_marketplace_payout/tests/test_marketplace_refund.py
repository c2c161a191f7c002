# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B19, D9: refunds of sales, whole and partial, before and after the transfer."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import mute_logger, new_test_user, tagged

from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceRefund(MarketplaceMoneyCommon):
    def sell(self, is_transferred=False):
        """Return a sale, in its buyer's or its seller's wallet."""
        self.know_seller()
        orders = type(self.env["sale.order"])
        with patch.object(orders, "_get_marketplace_rate", lambda order: 10.0):
            sale = self.pay().marketplace_sale_id
        if is_transferred:
            self.transfer(sale)
        return sale

    def test_before_the_transfer(self):
        """B19: one refund of the payment; row, books, commission, credit note once."""
        sale = self.sell()
        refunds = type(self.env["marketplace.refund"])
        sale.tx_id._refund_marketplace(400.0)
        self.run_jobs()
        issue = refunds._issue_credit_note
        with patch.object(
            refunds, "_issue_credit_note", autospec=True, side_effect=issue
        ) as issued:
            self.follow_up()
        refund = sale.refund_ids
        self.assertEqual(issued.call_args.args[0], refund)
        self.assertEqual((refund.amount, refund.commission), (400.0, 40.0))
        self.assertEqual(sale.amount_refunded, 400.0)
        self.assertBooks({"wallet": 800, "seller": -800})
        move = sale.entry_ids.filtered(lambda one: one.kind == "refund").move_id
        self.assertEqual(move.ref, refund.tx_id.provider_reference)
        self.assertEqual(move.mangopay_operation_id.kind, "payin_refund")
        sale.tx_id._refund_marketplace(800.0)
        self.run_jobs()
        self.follow_up()
        self.assertBooks({})
        self.assertEqual(sum(sale.refund_ids.mapped("commission")), sale.commission)
        self.assertEqual(sale.transfer_state, "none")
        self.assertEqual(self.sent("transfers"), [])

    def test_after_the_transfer(self):
        """B19: taken back first; then, once that is done, given back; both booked."""
        sale = self.sell(is_transferred=True)
        refund = sale.tx_id._refund_marketplace(500.0)
        self.assertEqual(self.sent_refunds(sale), [])
        self.run_jobs()
        self.assertEqual(self.sent_back(sale), [50000])
        [(body, _headers, _query)] = self.double.calls(
            "POST", f"transfers/{sale._get_transfers().provider_reference}/refunds"
        )
        self.assertEqual(
            body["AuthorId"], sale.tx_id.mangopay_wallet_id.user_id.mangopay_id
        )
        self.run_jobs()
        self.assertEqual((refund.state, self.sent_refunds(sale)), ("done", [50000]))
        self.assertEqual(sale.amount_transferred, 700.0)
        self.follow_up()
        self.run_books()
        self.assertBooks({"wallet": 700, "seller": -700})
        self.assertEqual(self.wallet_of(self.seller), 700)
        kinds = sorted(sale.entry_ids.mapped("kind"))
        self.assertEqual(kinds, ["purchase", "refund", "transfer", "transfer_back"])

    def test_back_is_slow(self):
        """B19: no refund of the payment before the money is back."""
        sale = self.sell(is_transferred=True)
        transfer = sale._get_transfers()
        path = f"transfers/{transfer.provider_reference}/refunds"
        made = self.double.add(
            path,
            Status="CREATED",
            DebitedFunds={"Currency": "EUR", "Amount": 120000},
        )
        self.double.fail("POST", path, (200, made, {}))
        refund = sale.tx_id._refund_marketplace(1200.0)
        self.run_jobs()
        self.assertEqual((refund.state, self.sent_refunds(sale)), ("pending", []))
        sale._advance_refund(refund)
        self.run_jobs()
        self.assertEqual(len(self.sent(path)), 1)
        self.settle(made)
        self.announce("TRANSFER_REFUND_SUCCEEDED", made["Id"])
        self.run_jobs()
        self.assertEqual((refund.state, self.sent_refunds(sale)), ("done", [120000]))

    def test_while_the_transfer_is_under_way(self):
        """B19, R12: the refund waits for the transfer's end, whichever it is."""
        for code, backs in (("000000", [50000]), ("002951", [])):
            sale = self.sell()
            made = self.double.add(
                "transfers",
                Status="CREATED",
                DebitedFunds={"Currency": "EUR", "Amount": 120000},
            )
            self.double.fail("POST", "transfers", (200, made, {}))
            self.transfer(sale)
            refund = sale.tx_id._refund_marketplace(500.0)
            self.run_jobs()
            self.assertEqual(sale.transfer_state, "asked")
            self.assertEqual((refund.state, self.sent_refunds(sale)), ("pending", []))
            status = "FAILED" if backs == [] else "SUCCEEDED"
            self.settle(made, status, code)
            self.announce(f"TRANSFER_NORMAL_{status}", made["Id"])
            self.run_jobs()
            self.assertEqual((refund.state, self.sent_refunds(sale)), ("done", [50000]))
            self.assertEqual(self.sent(f"transfers/{made['Id']}/refunds"), backs)
            self.sold_session = self._create_session(self.sold)

    def test_same_amount_twice(self):
        """B19: 005407 at the seller's wallet: the second part comes back tomorrow."""
        sale = self.sell(is_transferred=True)
        path = f"transfers/{sale._get_transfers().provider_reference}/refunds"
        self.fail_next(path, "005407")
        refund = sale.tx_id._refund_marketplace(600.0)
        self.run_jobs()
        self.assertEqual(refund.state, "pending")
        last, first = self.operations(refund, "transfer_refund")
        self.assertEqual((first.state, last.state), ("failed", "draft"))
        self.assertGreater(last.date_next, first.date_sent)
        self.wait_for(last)
        self.run_jobs()
        self.run_jobs()
        self.assertEqual((refund.state, self.sent_refunds(sale)), ("done", [60000]))

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_seller_is_blocked(self):
        """B19: refused for good: told; nothing is given back from what others paid."""
        sale = self.sell(is_transferred=True)
        path = f"transfers/{sale._get_transfers().provider_reference}/refunds"
        self.fail_next(path, "008716")
        refund = sale.tx_id._refund_marketplace(600.0)
        self.run_jobs()
        self.assertEqual((refund.state, self.sent_refunds(sale)), ("error", []))
        self.assertEqual(len(sale.order_id.activity_ids), 1)
        self.assertEqual(sale.order_id._get_training_left_to_refund(), 1200.0)
        self.assertEqual(sale.transfer_state, "done")
        failed = self.operations(refund, "transfer_refund")
        with self.assertRaises(UserError):
            failed.action_retry()

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_back_but_not_given(self):
        """B19: taken back, then refused by the bank: the next refund uses it, and the
        seller gets it again otherwise."""
        sale = self.sell(is_transferred=True)
        self.fail_next(f"payins/{sale.payin_reference}/refunds", "005403")
        refund = sale.tx_id._refund_marketplace(500.0)
        self.run_jobs()
        self.run_jobs()
        self.assertEqual(refund.state, "error")
        self.assertEqual(sale.transfer_state, "waiting")
        again = sale.tx_id._refund_marketplace(200.0)
        self.run_jobs()
        self.assertEqual((again.state, self.sent_back(sale)), ("done", [50000]))
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [120000, 30000])
        self.run_books()
        self.assertEqual(self.wallet_of(self.seller), 1000)
        self.assertBooks({"wallet": 1000, "seller": -1000})

    def test_at_mangopay_s_dashboard(self):
        """B19: recorded as any other; what is missing is taken back by itself."""
        sale = self.sell(is_transferred=True)
        made = self.double.add(
            f"payins/{sale.payin_reference}/refunds",
            DebitedFunds={"Currency": "EUR", "Amount": 20000},
        )
        for date in ("1790000000", "1790000009"):
            self.announce("PAYIN_REFUND_SUCCEEDED", made["Id"], date)
        self.assertEqual(sale.refund_ids.amount, 200.0)
        self.assertEqual(sale.refund_ids.refund_reference, made["Id"])
        self.run_jobs()
        self.assertEqual(self.sent_back(sale), [20000])
        self.assertEqual(sale.refund_ids.refund_reference, made["Id"])
        self.run_books()
        self.assertBooks({"wallet": 1000, "seller": -1000})
        self.assertEqual(self.wallet_of(self.seller), 1000)

    def test_later_counts(self):
        """B19, R12: « not now » is kept for the buyer until an accountant sends it."""
        sale = self.sell()
        order = sale.order_id
        learner = order.training_registration_ids[:1]
        order._cancel_training(learner, 600.0, "Later", refund=False)
        self.assertEqual(order._get_training_left_to_refund(), 600.0)
        self.assertTrue(sale.has_promised)
        self.assertEqual(sale.amount_promised, 600.0)
        found = sale.search([("has_promised", "=", True)])
        self.assertEqual(found, sale)
        with self.assertRaises(ValidationError):
            sale.tx_id._refund_marketplace(600.01)
        self.run_jobs()
        self.transfer(sale)
        self.assertEqual(
            (self.sent_refunds(sale), self.sent("transfers")), ([], [60000])
        )
        clerk = new_test_user(self.env, "clerk", "event.group_event_manager")
        with self.assertRaises(AccessError):
            sale.with_user(clerk).action_refund_promised()
        billing = new_test_user(self.env, "bill2", "account.group_account_invoice")
        sale.with_user(billing).action_refund_promised()
        sale.with_user(billing).action_refund_promised()
        self.run_jobs()
        self.assertEqual(self.sent_refunds(sale), [60000])
        self.assertFalse(sale.has_promised)
        self.assertFalse(order.activity_ids)
        with self.assertRaises(AccessError):
            sale.tx_id.with_user(billing).marketplace_is_promised = True

    def test_cancelled_by_who_may_not_refund(self):
        """B19: the seats are free, the money is kept for the buyer, asked once."""
        sale = self.sell()
        order = sale.order_id
        clerk = self._create_role("clerk", "event.group_event_user")
        learners = order.training_registration_ids
        action = learners.with_user(clerk).action_open_training_cancel()
        wizard = self.env["training.cancel"].with_user(clerk).browse(action["res_id"])
        wizard.reason = "The trainer is ill"
        wizard.action_cancel()
        self.run_jobs()
        self.assertEqual(set(learners.mapped("prepaid_state")), {"cancelled"})
        self.assertEqual(order._get_training_left_to_refund(), 0)
        self.assertEqual(self.sent_refunds(sale), [])
        self.assertTrue(sale.has_promised)
        self.assertEqual(sale.transfer_state, "none")
        sale.action_refund_promised()
        self.run_jobs()
        self.assertEqual(self.sent_refunds(sale), [120000])

    def test_order_is_not_cancelled_beside_its_money(self):
        """B19: « Cancel » of the order would leave the money with the seller; so would
        a call from outside."""
        order = self.sell().order_id
        manager = self._create_role("sales", "sales_team.group_sale_manager")
        own = order.with_user(manager)
        for cancel in (own.action_cancel, lambda: own.write({"state": "cancel"})):
            with self.assertRaises(UserError):
                cancel()
        self.assertEqual(order.state, "sale")
        order.training_paid_tx_id._refund_marketplace(order.amount_total)
        own.action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_refund_of_what_is_held(self):
        """B10, B19: held, refunded in part, released: the rest is the seller's."""
        self.know_seller()
        sale = self.pay_held()
        sale.tx_id._refund_marketplace(200.0)
        self.run_jobs()
        self.run_books()
        self.assertTrue(sale.refund_ids.is_held)
        self.assertBooks({"wallet": 1000, "hold": -1000})
        self.release(sale)
        self.follow_up()
        self.assertBooks({"wallet": 1000, "seller": -1000})
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [100000])

    def test_abandoned(self):
        """B10, D9: given up: all of it goes back, and the account is empty."""
        sale = self.pay_held()
        sale.state = "abandoned"
        sale.tx_id._refund_marketplace(1200.0)
        self.run_jobs()
        self.run_books()
        self.assertBooks({})
        account = self.company.marketplace_hold_account_id
        lines = sale.entry_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == account
        )
        self.assertEqual(set(lines.mapped("reconciled")), {True})
