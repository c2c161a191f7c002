# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B18: sellers are paid on the 15th, once, what is theirs."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .payout_common import PayoutCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplacePayout(PayoutCommon):
    def test_paid_and_netted(self):
        """B18, D9: the sale less the commission invoice, which is paid by it, its VAT
        due; asked and booked once."""
        self.sell()
        self.settle_month()
        [invoice] = self.seller._get_open_commissions(self.company, self.euro)
        self.assertEqual(invoice.amount_total, 144)
        before = self.seller._get_marketplace_balance(self.company, self.euro)
        self.assertEqual(
            before, (120000, 120000, 0, 120000, 14400, 0), "owed, wallet, payable…"
        )
        self.assertEqual(self.balance_of("445740"), -24)
        payout = self.pay_sellers()
        self.assertEqual(payout.state, "asked")
        [(body, _headers, _query)] = self.double.calls("POST", "payouts/bankwire")
        self.assertEqual(body["DebitedFunds"]["Amount"], 120000)
        self.assertEqual(body["Fees"]["Amount"], 14400)
        self.assertEqual(body["RecipientId"], "rec_1")
        self.assertEqual(body["DebitedWalletId"], "wlt_seller")
        self.assertEqual(body["BankWireRef"], payout.name)
        self.run_books()
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.succeed(payout)
        self.assertEqual((payout.state, self.line().state), ("done", "done"))
        self.assertBooks({"fees": 144})
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.balance_of("445740"), 0)
        self.assertEqual(self.balance_of("445710"), -24)
        self.assertEqual(self.wallet_of(self.seller), 0)
        self.look_again()
        self.pay_sellers()
        self.assertEqual(len(self.double.calls("POST", "payouts/bankwire")), 1)
        entries = payout.entry_ids
        self.assertEqual(set(entries.mapped("kind")), {"payout", "payout_fees"})
        self.assertEqual(
            entries.move_id.mangopay_operation_id.provider_reference, payout.reference
        )
        self.assertEqual(len(self.mails()), 1)

    def test_what_was_set_off_stays(self):
        """B18: undone by hand, a commission would be withheld once more."""
        self.sell()
        self.settle_month()
        [invoice] = self.seller._get_open_commissions(self.company, self.euro)
        self.succeed(self.pay_sellers())
        chief = new_test_user(
            self.env,
            "chief",
            "account.group_account_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(UserError):
            invoice.line_ids.with_user(chief).remove_move_reconcile()
        self.assertEqual(invoice.payment_state, "paid")

    def test_wallet_is_shared_out_once(self):
        """B18, B19: a payout and a refund that count on one wallet at the same moment
        meet on its version: the second is replayed."""
        self.sell()
        self.settle_month()
        before = self.wallet.money_version
        payout = self.pay_sellers()
        self.assertEqual(payout.wallet_id, self.wallet)
        self.assertGreater(self.wallet.money_version, before)

    def test_returned_with_its_fees(self):
        """B19: what the object says, fees included: the invoice is open again."""
        payout = self.paid_out()
        invoice = payout.fee_ids.move_id
        self.send_back(payout, fees=14400)
        self.assertEqual((payout.state, payout.fee_returned), ("returned", 144))
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(self.balance_of("445740"), -24)
        self.assertEqual(self.balance_of("445710"), 0)
        self.assertTrue(self.recipient.is_doubtful)
        self.look_again()
        self.pay_sellers()
        self.assertEqual(self.last_payout(), payout)
        self.assertEqual(self.line().state, "blocked")
        self.assertEqual(self.contract.payout_obstacles, "doubtful_recipient")
        self.give_account("DE89370400440532013000", "rec_2")
        self.look_again()
        self.assertTrue(payout.activity_ids)
        again = self.pay_sellers()
        self.assertNotEqual(again, payout)
        self.succeed(again)
        self.assertBooks({"fees": 144})
        self.assertFalse(payout.activity_ids)

    def test_problems_in_words(self):
        """B18, B19: a code is said in the reader's words; one that is not known stays,
        with what Mangopay says."""
        payout = self.payouts.new({"problem_code": "BANKACCOUNT_HAS_BEEN_CLOSED"})
        known = payout.problem
        self.assertNotIn("BANKACCOUNT", known)
        payout.problem_code = "AC04"
        self.assertEqual(payout.problem, known)
        payout.problem_said = "Closed in May"
        self.assertIn("Closed in May", payout.problem)
        self.assertIn(known, payout.problem)
        payout.problem_code = "999999"
        self.assertEqual(payout.problem, "Closed in May")
        payout.problem_said = False
        self.assertEqual(payout.problem, "999999")
        self.assertFalse(self.contract.payout_obstacles)

    def test_returned_without_its_fees(self):
        """B19: the fees stay paid when the object says nothing of them."""
        payout = self.paid_out()
        self.send_back(payout)
        self.assertBooks({"wallet": 1056, "seller": -1056, "fees": 144})
        self.assertEqual(payout.fee_ids.move_id.payment_state, "paid")
        self.recipient.action_trust()
        self.look_again()
        again = self.pay_sellers()
        self.assertEqual((again.amount, again.fee_amount), (1056, 0))

    def test_returned_with_a_part_of_its_fees(self):
        """B19: a part of the invoice is open again, and of its VAT."""
        payout = self.paid_out()
        self.send_back(payout, fees=3000)
        self.assertBooks({"wallet": 1086, "seller": -1086, "fees": 114})
        invoice = payout.fee_ids.move_id
        self.assertEqual(invoice.amount_residual, 30)
        self.assertEqual(self.balance_of("445740"), -5)

    def test_failed(self):
        """B18: refused: nothing is booked, the reason is told; asked again once
        somebody says so, counted anew."""
        self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        self.refuse(payout)
        self.assertEqual((payout.state, payout.problem_code), ("failed", "121001"))
        self.assertFalse(payout.entry_ids)
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.assertEqual(len(self.mails()), 1)
        self.look_again()
        self.pay_sellers()
        self.assertEqual(self.last_payout(), payout)
        self.assertEqual(self.contract.payout_obstacles, "failed")
        payout.action_try_again()
        again = self.pay_sellers()
        self.assertNotEqual(again, payout)
        self.succeed(again)
        self.assertBooks({"fees": 144})

    def test_transfers_come_first(self):
        """B18, D10: what is still in the buyer's wallet is brought over; the payout
        waits for it, then leaves."""
        sale = self.sell(transferred=False)
        sale.transfer_due = "2030-01-01 00:00:00"
        self.settle_month()
        self.pay_sellers()
        self.assertFalse(self.last_payout())
        self.assertEqual(self.sent("transfers"), [120000])
        payout = self.pay_sellers()
        self.assertEqual(payout.amount, 1200)

    def test_down_from_the_1st_to_the_15th(self):
        """B17, B18: nothing ran on either day, and the jobs come back in the wrong
        order: nothing leaves before its commission is known, then all of it, once."""
        self.sell()
        for _job in range(2):
            self.assertFalse(self.pay_sellers())
            self.look_again()
        self.settle_month()
        payout = self.pay_sellers()
        self.assertEqual((payout.amount, payout.fee_amount), (1200, 144))
        self.succeed(payout)
        self.look_again()
        self.assertEqual(self.pay_sellers(), payout)
        self.assertEqual(self.sent("payouts/bankwire"), [120000])
        self.assertBooks({"fees": 144})

    def test_fees_above_the_amount(self):
        """B18, B19: fees stay strictly below: the commission first, the debt as far as
        it fits; the rest is taken from the next payout."""
        self.sell()
        self.settle_month()
        line = self.owe(2000)
        payout = self.pay_sellers()
        [(body, _headers, _query)] = self.double.calls("POST", "payouts/bankwire")
        self.assertEqual(body["Fees"]["Amount"], 119999)
        self.assertEqual(payout.fee_ids.mapped("amount"), [144, 1055.99])
        self.assertEqual(payout.net_amount, 0.01)
        self.succeed(payout)
        self.assertEqual(line.amount_residual, 944.01)
        claims = self.payouts._get_claims(self.company, self.seller, self.euro)
        self.assertEqual(claims, [("debt", line, 94401)])

    def test_netted_once(self):
        """B18: what a payout paid, not booked yet, is not netted again by the next."""
        self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        journal = self.company.marketplace_journal_id
        self.company.marketplace_journal_id = False
        self.succeed(payout)
        self.assertEqual(set(payout.entry_ids.mapped("state")), {"blocked"})
        claims = self.payouts._get_claims(self.company, self.seller, self.euro)
        self.assertEqual(claims, [])
        money = self.seller._get_marketplace_balance(self.company, self.euro)
        self.assertEqual((money.owed, money.wallet, money.payable_now), (0, 0, 0))
        self.company.marketplace_journal_id = journal
        self.run_books()
        self.assertBooks({"fees": 144})

    def test_returned_before_it_is_known_as_paid(self):
        """B19, D8: events in disorder: the return waits for the payout, then counts
        once, however often it is announced."""
        self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        refund = self.send_back(payout, fees=14400)
        self.assertEqual(payout.state, "asked")
        self.succeed(payout)
        for number in range(2):
            self.announce("PAYOUT_REFUND_SUCCEEDED", refund["Id"], f"179000001{number}")
        self.run_books()
        self.assertEqual(payout.state, "returned")
        self.assertBooks({"wallet": 1200, "seller": -1200})
        self.assertEqual(len(payout.entry_ids), 3)

    def test_done_after_all(self):
        """D7: what a person had declared failed, and Mangopay did, is in the books."""
        self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        self.refuse(payout)
        self.settle(self.double.objects[payout.reference])
        self.announce("PAYOUT_NORMAL_SUCCEEDED", payout.reference, "1790000009")
        self.run_books()
        self.assertEqual(payout.state, "done")
        self.assertEqual(self.balances(), {"fees": 144})

    def test_lost_answer(self):
        """D7: Mangopay did it and its answer was lost: found, never asked twice."""
        self.sell()
        self.settle_month()
        self.double.fail("POST", "payouts/bankwire", "lost")
        payout = self.pay_sellers()
        operation = self.operations(payout, "payout")
        self.assertEqual((payout.state, operation.state), ("asked", "unknown"))
        self.look_again()
        self.wait_for(operation)
        self.pay_sellers()
        self.assertEqual(operation.state, "pending")
        self.assertEqual(len(self.double.calls("POST", "payouts/bankwire")), 1)
        self.succeed(payout)
        self.assertBooks({"fees": 144})
