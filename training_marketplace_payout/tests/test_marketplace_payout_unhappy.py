# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B18, B19: what is paid to sellers whose sales are disputed, refunded, or who owe."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext

from .hold_common import HoldCommon
from .payout_common import PayoutCommon
from .unhappy_common import UnhappyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplacePayoutUnhappy(PayoutCommon, UnhappyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # No purchase here waits for its buyer's documents.
        cls.company.marketplace_buyer_threshold = 100000

    def sell_again(self):
        self.sold_session = self._create_session(self.sold)
        return self.sell()

    def test_disputed_money_stays(self):
        """B18, B19: what is disputed is not paid out; won, it is, by the same run; its
        commission was netted already."""
        disputed, _other = self.sell(), self.sell_again()
        made = self.dispute(disputed, 50000)
        self.settle_month()
        payout = self.pay_sellers()
        self.assertEqual(
            (payout.amount, payout.fee_amount, payout.net_amount), (1900, 288, 1612)
        )
        self.succeed(payout)
        self.assertEqual(self.wallet_of(self.seller), 500)
        self.look_again()
        self.assertEqual(self.pay_sellers(), payout)
        self.close(made, "WON")
        self.assertEqual(self.wallet_of(self.seller), 500)
        self.assertProved()

    def test_disputed_then_lost(self):
        """B18, B19: lost after the payout: taken from what was kept in the wallet for
        it; the seller owes nothing."""
        disputed, _other = self.sell(), self.sell_again()
        made = self.dispute(disputed, 50000)
        self.settle_month()
        self.succeed(self.pay_sellers())
        self.close(made, "LOST")
        self.run_books()
        self.assertEqual(self.find(made).amount_settled, 500)
        self.assertEqual(self.debts(), [])
        self.assertBooks({"fees": 288})

    def test_last_cent_of_a_wallet(self):
        """B19: 1 200 - 1 056 - 144 + 1 056 - 1 055.99 is a cent, not a hair less: it is
        taken for the dispute that was lost, and nothing is owed."""
        sale = self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        self.succeed(payout)
        self.send_back(payout)
        made = self.dispute(sale, 1)
        self.give_account(name="rec_2")
        self.look_again()
        again = self.pay_sellers()
        self.assertEqual(again.amount, 1055.99)
        self.succeed(again)
        self.close(made, "LOST")
        self.run_books()
        self.assertEqual(self.find(made).amount_settled, 0.01)
        self.assertBooks({"fees": 144})

    def test_refund_beside_a_dispute(self):
        """B18, B19: a refund under way and a dispute of one payment keep back no more
        than the payment; the other sale is wholly paid."""
        sale, _other = self.sell(), self.sell_again()
        sale.tx_id._refund_marketplace(300.0)
        self.run_jobs()
        # Equal refunds are a day apart: the second one waits.
        refund = sale.tx_id._refund_marketplace(300.0)
        self.run_jobs()
        self.assertEqual((sale.amount_refunded, refund.state), (300, "pending"))
        self.dispute(sale)
        self.run_books()
        self.settle_month()
        balance = self.seller._get_marketplace_balance(self.company, self.euro)
        self.assertEqual((balance.owed, balance.payable_now), (210000, 120000))
        self.assertEqual(self.pay_sellers().amount, 1200)

    def test_debts_by_age(self):
        """B18, B19: a lost dispute, then a refund, both after a payout: netted from a
        later payout, the oldest first, as far as it goes; before them its commission,
        120 less the 80 that the refund gives back, and its VAT."""
        first, second = self.sell(), self.sell_again()
        self.settle_month()
        self.succeed(self.pay_sellers())
        self.close(self.dispute(first), "LOST")
        refund = self.lack(second, 800.0)
        self.receive_wire(self.topup_of(refund), 80000, day=10)
        self.run_books()
        self.assertEqual(self.debts(), [1200, 800])
        self.live_next_month()
        self.assertEqual(self.line().obstacles, False)
        payout = self.last_payout()
        netted = [(fee.kind, fee.amount) for fee in payout.fee_ids]
        self.assertEqual(netted, [("commission", 48), ("debt", 1151.99)])
        self.assertEqual(payout.net_amount, 0.01)
        self.assertEqual(self.debts(), [48.01, 800])
        self.assertProved()

    def live_next_month(self):
        """Sell as much again, and have it paid out on the 15th after it."""
        self.sold_session = self._create_session(self.sold)
        self.sell(f"{self.until} 12:00:00")
        due = (self.until + timedelta(days=32)).replace(day=15)
        with freeze_time(f"{due} 08:00:00"):
            self.settle_month(self.until)
            self.succeed(self.pay_sellers())

    def test_back_after_a_later_payout(self):
        """B19, B22, I7: fees that come back after a later payout open a commission
        that it could not net; one that was open before it, it should have netted."""
        first = self.paid_out()
        self.live_next_month()
        invoice = first.fee_ids.move_line_id.move_id
        self.send_back(first, fees=14400)
        self.assertEqual(invoice.amount_residual, 144)
        returned = self.env["marketplace.entry"].search(
            [("payout_id", "=", first.id), ("kind", "=", "payout_return")]
        )
        self.date_rows("account_move", invoice, "2020-01-01")
        self.date_rows("marketplace_payout", self.last_payout(), "2020-01-03")
        self.date_rows("marketplace_entry", returned, "2020-01-04")
        self.assertProved()
        self.date_rows("marketplace_entry", returned, "2020-01-02")
        found = self.env["marketplace.proof"]._check_invariants(self.company)
        self.assertEqual(
            [(one.check, one.res_id) for one in found], [("I7", invoice.id)]
        )

    def date_rows(self, table, records, moment):
        """Have rows been created at another moment."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id IN %s",
                SQL.identifier(table),
                moment,
                tuple(records.ids),
            )
        )
        self.env.invalidate_all()

    def test_back_in_two_parts(self):
        """B19: fees that come back in two parts open that much of the commission, and
        make no VAT due."""
        payout = self.paid_out()
        invoice = payout.fee_ids.move_line_id.move_id
        for part in (4400, 5000):
            funds = {"Currency": "EUR", "Amount": part + 100}
            self.send_back(payout, fees=part, CreditedFunds=funds)
        self.assertEqual(payout.fee_returned, 94)
        self.assertEqual(invoice.amount_residual, 94)
        self.assertBooks({"wallet": 96, "seller": -96, "fees": 50})
        self.give_account(name="rec_2")
        self.look_again()
        again = self.pay_sellers()
        self.assertEqual((again.amount, again.fee_amount), (96, 94))
        self.succeed(again)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertBooks({"fees": 144})

    def test_commission_eats_all(self):
        """B18, B17: a commission above the sale: all but a cent is netted (001014), and
        the rest stays owed; nothing in the wallet, nothing is asked."""
        self.company.marketplace_commission_rate = 99
        self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        self.assertEqual(
            (payout.amount, payout.fee_amount, payout.net_amount), (1200, 1199.99, 0.01)
        )
        self.succeed(payout)
        [invoice] = self.seller._get_open_commissions(self.company, self.euro)
        self.assertEqual(invoice.amount_residual, 225.61)
        self.assertBooks({"fees": 1199.99})
        self.look_again()
        self.assertEqual(self.pay_sellers(), payout)

    def test_nothing_left_to_pay(self):
        """B18: all was refunded: no payout, and nobody is told of an obstacle."""
        sale = self.sell()
        sale.tx_id._refund_marketplace(1200.0)
        for _step in range(3):
            self.run_jobs()
        self.run_books()
        self.settle_month()
        self.assertFalse(self.pay_sellers())
        self.assertFalse(self.sent("payouts/bankwire"))
        self.assertFalse(self.mails())
        self.assertProved()

    def test_payout_that_fails_serves_a_refund(self):
        """B19: what a payout did not take after all is there for the refund that
        waits."""
        sale, _other = self.sell(), self.sell_again()
        self.settle_month()
        payout = self.pay_sellers()
        refund = self.lack(sale, 300.0)
        self.assertEqual(self.topup_of(refund).amount, 300)
        self.refuse(payout)
        for _step in range(3):
            self.run_jobs()
        self.assertEqual(refund.state, "done")
        self.assertFalse(self.topup_of(refund).is_open)


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceDisputeLost(UnhappyCommon):
    def test_two_refunds_of_one_sale(self):
        """B19: both wait for the wallet: each asks the operator for its own part, and
        leaves when that has come."""
        sale = self.sell_paid_out()
        refunds = self.lack(sale, 300.0), self.lack(sale, 400.0)
        topups = [self.topup_of(refund) for refund in refunds]
        self.assertEqual([one.amount for one in topups], [300, 400])
        self.receive_wire(topups[1], 40000)
        self.assertEqual([one.state for one in refunds], ["pending", "done"])
        self.receive_wire(topups[0], 30000)
        self.assertEqual([one.state for one in refunds], ["done", "done"])
        self.run_books()
        self.assertBooks({"debit": 700, "transit": -700})

    def test_wallet_is_counted_on_once(self):
        """B19: what a refund counts on in the wallet, another sale's does not take."""
        sale, other = self.sell_paid_out(left=200.0), self.sell_paid_out()
        waiting = self.topup_of(self.lack(sale, 300.0))
        self.assertEqual(waiting.amount, 100)
        second = other.tx_id._refund_marketplace(150.0)
        for _step in range(3):
            self.run_jobs()
        self.assertEqual(self.topup_of(second).amount, 150)
        self.receive_wire(waiting, 10000)
        self.assertEqual(waiting.refund_id.state, "done")
        self.receive_wire(self.topup_of(second), 15000)
        self.assertEqual(second.state, "done")

    def test_what_is_left_to_do(self):
        """B19: lost: the operator is told what to do, with what is concerned."""
        self.company.marketplace_commission_rate = 10
        sale = self.sell()
        self.follow_up()
        made = self.dispute(sale)
        self.close(made, "LOST")
        note = html2plaintext(self.find(made).activity_ids.note)
        invoice = self.env["marketplace.invoice"].search([("sale_id", "=", sale.id)])
        for named in (sale.order_id.name, invoice.name, self.seller.name, "120"):
            self.assertIn(named, note)

    def test_places_are_freed(self):
        """B19: after a lost dispute learners are cancelled; nothing is refunded."""
        sale = self.sell()
        self.follow_up()
        self.close(self.dispute(sale), "LOST")
        order = sale.order_id
        self.assertEqual(order._get_training_left_to_refund(), 0)
        learners = order.training_registration_ids
        action = learners.action_open_training_cancel()
        wizard = self.env["training.cancel"].browse(action["res_id"])
        wizard.reason = "The bank took the payment back"
        wizard.action_cancel()
        self.run_jobs()
        self.assertEqual(set(learners.mapped("prepaid_state")), {"cancelled"})
        self.assertEqual(self.sent_refunds(sale), [])
        self.assertFalse(sale.has_promised)

    def test_promised_refund(self):
        """B19: a refund that was left for later is the bank's business once it took
        the payment back: all that is there is settled, the seller owes nothing."""
        sale = self.sell()
        refund = sale.tx_id._promise_marketplace_refund(1200.0)
        self.close(self.dispute(sale), "LOST")
        dispute = sale.dispute_ids
        self.assertEqual((dispute.amount_settled, dispute.amount_debt), (1200, 0))
        self.assertFalse(sale.has_promised)
        self.assertFalse(refund and refund.state == "pending")
        self.run_books()
        self.assertBooks({})


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceDisputeHeld(UnhappyCommon, HoldCommon):
    def test_held_waits_for_the_bank(self):
        """B10, B19: a disputed purchase is neither sold nor refunded before the bank
        has decided; won, it is sold; lost, its places are freed."""
        self.know_seller()
        for result, state in (("WON", "confirmed"), ("LOST", "abandoned")):
            with self.subTest(result):
                self.sold_session = self._create_session(self.sold)
                sale = self.pay_held()
                made = self.dispute(sale)
                self.know()
                self.treat(self.later(days=60))
                self.assertEqual(sale.state, "held")
                self.close(made, result)
                self.treat(self.later(days=60))
                self.assertEqual(sale.state, state)
                self.assertEqual(self.sent_refunds(sale), [])
                self.run_books()
                self.assertProved()

    def lose(self, sale, minor):
        """Have the bank take back a part of a payment for good; return the dispute."""
        self.close(self.dispute(sale, minor), "LOST")
        self.treat(self.later(days=60))
        for _step in range(3):
            self.run_jobs()
        self.run_books()
        return sale.dispute_ids

    def test_held_lost_in_part(self):
        """B10, B19: the rest of what was never sold goes back to its buyer."""
        self.know_seller()
        sale = self.pay_held()
        dispute = self.lose(sale, 50000)
        self.assertEqual((sale.state, sale.hold_end), ("abandoned", "disputed"))
        self.assertEqual(self.sent_refunds(sale), [70000])
        self.assertEqual((dispute.amount_settled, dispute.amount_debt), (500, 0))
        self.assertBooks({})
        with self.assertRaises(ValidationError):
            sale.tx_id._refund_marketplace(0.01)

    def test_rest_is_refused(self):
        """B10, B19: Mangopay refuses the rest (005408): a person is told, and may ask
        for it again, never for what the bank took."""
        self.know_seller()
        sale = self.pay_held()
        self.fail_next(f"payins/{sale.payin_reference}/refunds", "005408")
        self.lose(sale, 50000)
        self.assertBooks({"wallet": 700, "hold": -700})
        self.assertIn("700", "".join(sale.order_id.activity_ids.mapped("note")))
        with self.assertRaises(ValidationError):
            sale.tx_id._refund_marketplace(700.01)
        sale.tx_id._refund_marketplace(700.0)
        self.run_jobs()
        self.run_books()
        self.assertBooks({})

    def test_lost_after_it_was_given_up(self):
        """B10, B19: given back already, and the bank takes it back as well: the seller
        had nothing of it, and owes nothing; a person is told."""
        self.know_seller()
        sale = self.pay_held()
        self.assertTrue(sale._abandon("staff"))
        self.run_jobs()
        self.assertEqual(self.sent_refunds(sale), [120000])
        dispute = self.lose(sale, 120000)
        self.assertEqual((dispute.recovery, dispute.amount_debt), ("done", 0))
        self.assertEqual(self.debts(), [])
        self.assertEqual(len(dispute.activity_ids), 2)
        self.assertBooks({"repudiation": -1200, "dispute": 1200})

    def test_lost_while_it_was_given_up(self):
        """B10, B19: disputed in part before its refund was sent: the rest goes back."""
        self.know_seller()
        sale = self.pay_held()
        self.assertTrue(sale._abandon("staff"))
        made = self.dispute_before_sending(sale, 50000)
        self.run_jobs()
        self.assertEqual(self.sent_refunds(sale), [])
        self.close(made, "LOST")
        self.run_jobs()
        self.run_books()
        self.assertEqual(self.sent_refunds(sale), [70000])
        self.assertBooks({})

    def dispute_before_sending(self, sale, minor):
        """Have the bank be quicker than the outbox."""
        operations = self.env["mangopay.operation"].search([("state", "=", "draft")])
        operations.date_next = "2100-01-01 00:00:00"
        made = self.dispute(sale, minor)
        operations.filtered(
            lambda one: one.state == "draft"
        ).date_next = "2020-01-01 00:00:00"
        return made
