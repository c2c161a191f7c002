# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D10, B14: the money of a sale goes to its seller's wallet, once, and when it may."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged

from .marketplace_money_common import TRANSFER_JOB, MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceTransfer(MarketplaceMoneyCommon):
    def test_transfer(self):
        """B18, D10: asked, done, booked from one wallet to the other, once."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        self.assertEqual(sale.transfer_state, "waiting")
        self.assertGreater(sale.transfer_due, sale.confirmed_at)
        self.run_jobs(TRANSFER_JOB)
        self.assertEqual(sale.transfer_state, "waiting")
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [120000])
        [(body, _headers, _query)] = self.double.calls("POST", "transfers")
        source = sale.tx_id.mangopay_wallet_id
        self.assertEqual(body["AuthorId"], source.user_id.mangopay_id)
        self.assertEqual(body["DebitedWalletId"], source.mangopay_id)
        self.assertEqual(body["CreditedWalletId"], "wlt_seller")
        self.assertEqual((sale.transfer_state, sale.amount_transferred), ("done", 1200))
        self.run_books()
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.assertEqual(self.wallet_of(self.seller), 1200)
        self.assertEqual(self.wallet_of(source.partner_id), 0)
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [120000])
        operation = sale._get_transfers()
        move = sale.entry_ids.filtered(lambda one: one.kind == "transfer").move_id
        self.assertEqual(move.mangopay_operation_id, operation)
        self.assertEqual(move.ref, operation.provider_reference)

    def test_somebody_asked_the_same(self):
        """D7, D10: a transfer that somebody else asks for at the same moment is asked
        for a minute later; the job goes on."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        sale.transfer_due = "2020-01-01 00:00:00"
        met = ConcurrencyError("somebody wrote the same")
        operations = type(self.env["mangopay.operation"])
        with patch.object(operations, "_request", side_effect=met):
            self.run_jobs(TRANSFER_JOB)
        self.assertEqual(sale.transfer_state, "waiting")
        soon = [
            ("cron_id", "=", self.env.ref(TRANSFER_JOB).id),
            ("call_at", ">", fields.Datetime.now()),
            ("call_at", "<", fields.Datetime.now() + timedelta(seconds=90)),
        ]
        self.assertTrue(self.env["ir.cron.trigger"].search_count(soon))
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [120000])

    def test_consumer_may_still_withdraw(self):
        """B24, D10: nothing leaves before the end of the days of withdrawal."""
        self.know_seller()
        order = self.pay()
        sale = order.marketplace_sale_id
        order.sudo().training_buyer_kind = "individual"
        order.partner_id.commercial_partner_id.is_company = False
        self.assertTrue(order._can_withdraw())
        self.transfer(sale)
        self.assertEqual(sale.transfer_state, "waiting")
        self.assertGreater(
            sale.transfer_due, fields.Datetime.now() + timedelta(days=12)
        )
        order.sudo().date_order -= timedelta(days=30)
        self.transfer(sale)
        self.assertEqual(sale.transfer_state, "done")

    def test_seller_without_wallet(self):
        """B14: the sale stands; the money waits, and leaves once the wallet is made."""
        sale = self.pay().marketplace_sale_id
        self.transfer(sale)
        self.assertEqual((sale.state, sale.transfer_state), ("confirmed", "waiting"))
        self.assertTrue(sale.transfer_reason)
        self.assertGreater(sale.transfer_due, fields.Datetime.now())
        self.assertEqual(self.sent("transfers"), [])
        wallet = self.know_seller()
        wallet.write({"mangopay_id": False, "state": "draft"})
        wallet._request_creation()
        self.run_jobs()
        self.run_jobs(TRANSFER_JOB)
        self.run_jobs()
        self.assertEqual((sale.transfer_state, sale.transfer_reason), ("done", False))

    def test_unverified_seller(self):
        """B14: 002951: to transfer, with the reason; tried again when verified."""
        wallet = self.know_seller()
        sale = self.pay().marketplace_sale_id
        self.fail_next("transfers", "002951")
        contracts = type(self.env["marketplace.seller"])
        with patch.object(contracts, "_ask_verification", autospec=True) as asked:
            self.transfer(sale)
        contract = self.seller._get_marketplace_contract(self.company)
        self.assertEqual([one.args[0].id for one in asked.mock_calls], contract.ids)
        self.assertEqual(sale.transfer_state, "waiting")
        self.assertEqual(sale.transfer_reason, "002951")
        self.assertGreater(sale.transfer_due, fields.Datetime.now())
        wallet.user_id._apply_mangopay_user({"KYCLevel": "REGULAR"})
        self.run_jobs(TRANSFER_JOB)
        self.run_jobs()
        self.assertEqual(sale.transfer_state, "done")
        self.run_books()
        self.assertEqual(self.wallet_of(self.seller), 1200)

    def test_refused_for_good(self):
        """D7: another refusal is told; a person's retry counts anew what is left."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        self.fail_next("transfers", "101108")
        self.transfer(sale)
        self.assertEqual(sale.transfer_state, "failed")
        self.assertEqual(len(sale.order_id.activity_ids), 1)
        self.transfer(sale)
        self.assertEqual(len(self.sent("transfers")), 1)
        sale.tx_id._refund_marketplace(200.0)
        self.run_jobs()
        failed = sale._get_mangopay_operations("transfer")
        failed.action_retry()
        self.run_jobs()
        self.assertEqual(self.sent("transfers"), [120000, 100000])
        self.assertEqual(sale.transfer_state, "done")
        with self.assertRaises(UserError):
            failed.action_retry()

    def test_less_what_goes_back(self):
        """B19: what was refunded or is asked, or promised, is not transferred."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        sale.tx_id._refund_marketplace(200.0)
        sale.tx_id._promise_marketplace_refund(300.0)
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [70000])
        whole = self.pay(self._create_session(self.sold)).marketplace_sale_id
        whole.tx_id._refund_marketplace(1200.0)
        self.assertEqual(whole.transfer_state, "none")
        self.transfer(whole)
        self.assertEqual(self.sent("transfers"), [70000])

    def test_what_was_kept_goes_after_all(self):
        """B19: a promise that is given up: the rest follows in a second transfer, and
        can be taken back from both."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        sale.tx_id._promise_marketplace_refund(300.0)
        self.transfer(sale)
        sale.action_forget_promised()
        self.assertEqual(sale.transfer_state, "waiting")
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [90000, 30000])
        refund = sale.tx_id._refund_marketplace(1200.0)
        for _step in range(4):
            self.run_jobs()
        self.assertEqual(refund.state, "done")
        self.assertEqual(self.sent_refunds(sale), [120000])
        self.assertEqual((sale.transfer_state, sale.amount_transferred), ("none", 0))
        self.run_books()
        self.assertBooks({})

    def test_held_is_not_transferred(self):
        """B10: what is held stays at the buyer's."""
        self.know_seller()
        sale = self.pay_held()
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [])
        self.release(sale)
        self.assertTrue(sale.transfer_due)

    def test_many_sellers_and_a_crash(self):
        """R13: asked for, not sent, asked again: one transfer for a sale."""
        wallet = self.know_seller()
        sales = self.pay().marketplace_sale_id
        sales |= self.pay(self._create_session(self.sold)).marketplace_sale_id
        sales.transfer_due = "2020-01-01 00:00:00"
        for _time in range(2):
            self.run_jobs(TRANSFER_JOB)
        self.assertEqual(sales.mapped("transfer_state"), ["asked", "asked"])
        self.assertFalse(sales[0]._ask_transfer(wallet))
        self.run_jobs()
        self.run_jobs()
        self.assertEqual(len(self.sent("transfers")), 2)
        self.assertEqual(sales.mapped("transfer_state"), ["done", "done"])

    def test_lost_answer(self):
        """R13: a time-out after the deed: found by its key, booked once."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        self.double.fail("POST", "transfers", "lost")
        self.transfer(sale)
        self.assertEqual(sale.transfer_state, "asked")
        self.wait_for(sale._get_mangopay_operations("transfer"))
        self.run_jobs()
        self.assertEqual(
            (sale.transfer_state, len(self.sent("transfers"))), ("done", 1)
        )
        self.run_books()
        self.assertEqual(self.wallet_of(self.seller), 1200)
