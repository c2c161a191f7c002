# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B19: equal partial refunds of one payment within a day (005407)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .unhappy_common import UnhappyCommon

DAY = timedelta(hours=24)


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceRefundQueue(UnhappyCommon):
    def next_day(self, operation):
        """Let the time come at which a refund is sent."""
        operations = self.env["mangopay.operation"].search([("attempts", ">", 0)])
        for sent in operations.filtered("date_last_sent"):
            sent.date_last_sent -= DAY + timedelta(minutes=5)
        operation.date_next = "2020-01-01 00:00:00"
        self.run_jobs()

    def test_seven_of_one_price(self):
        """B19: seven equal parts: one a day, in order, none refused, none lost."""
        sale = self.sell()
        refunds = [sale.tx_id._refund_marketplace(100.0) for _part in range(7)]
        operations = [self.operations(one, "payin_refund") for one in refunds]
        moments = [one.date_next for one in operations]
        for before, after in zip(moments, moments[1:], strict=False):
            self.assertGreater(after - before, DAY)
        self.run_jobs()
        for number, operation in enumerate(operations):
            self.assertEqual(len(self.sent_refunds(sale)), max(number, 1))
            if number:
                self.next_day(operation)
            states = [one.state for one in refunds]
            self.assertEqual(
                states, ["done"] * (number + 1) + ["pending"] * (6 - number)
            )
        self.assertEqual(self.sent_refunds(sale), [10000] * 7)
        self.run_books()
        self.assertBooks({"wallet": 500, "seller": -500})

    def test_others_do_not_wait(self):
        """B19: another amount, another payment: at once."""
        sale = self.sell()
        sale.tx_id._refund_marketplace(100.0)
        other = sale.tx_id._refund_marketplace(200.0)
        self.run_jobs()
        self.assertEqual(other.state, "done")
        self.sold_session = self._create_session(self.sold)
        again = self.sell().tx_id._refund_marketplace(100.0)
        self.run_jobs()
        self.assertEqual(again.state, "done")

    def test_after_the_transfer(self):
        """B19: taken back from the seller one a day as well."""
        sale = self.sell(is_transferred=True)
        first = sale.tx_id._refund_marketplace(100.0)
        second = sale.tx_id._refund_marketplace(100.0)
        self.run_jobs()
        self.run_jobs()
        self.assertEqual((first.state, second.state), ("done", "pending"))
        back = self.operations(second, "transfer_refund")
        self.assertGreater(back.date_next, fields.Datetime.now() + DAY)
        self.next_day(back)
        self.run_jobs()
        self.assertEqual(second.state, "done")
        self.assertEqual(self.sent_back(sale), [10000, 10000])

    def test_made_at_mangopay(self):
        """B19: one that nobody here knew of: refused, and asked again tomorrow, as
        often as it takes."""
        sale = self.sell()
        self.fail_next(f"payins/{sale.payin_reference}/refunds", "005407", times=8)
        refund = sale.tx_id._refund_marketplace(100.0)
        self.run_jobs()
        for _day in range(8):
            self.assertEqual(refund.state, "pending")
            self.next_day(self.operations(refund, "payin_refund")[0])
        self.assertEqual(refund.state, "done")

    def queue_second(self, sale):
        """Return the second of two equal refunds, which waits for the next day."""
        sale.tx_id._refund_marketplace(100.0)
        self.run_jobs()
        refund = sale.tx_id._refund_marketplace(100.0)
        self.run_jobs()
        self.assertEqual(refund.state, "pending")
        return refund

    def test_payment_lost_meanwhile(self):
        """B19: what waits for its day is not sent once the bank gave the money back:
        all of it is settled, and the seller owes nothing."""
        sale = self.sell()
        refund = self.queue_second(sale)
        made = self.dispute(sale, 110000)
        self.close(made, "LOST")
        found = self.find(made)
        self.assertEqual((found.amount_settled, found.amount_debt), (1100, 0))
        self.assertEqual(refund.state, "error")
        self.assertTrue(sale.order_id.activity_ids)
        self.next_day(self.operations(refund, "payin_refund"))
        self.assertEqual(self.sent_refunds(sale), [10000])
        self.run_books()
        self.assertBooks({})

    def test_disputed_meanwhile(self):
        """B19: disputed, it waits for the bank's decision; won, it leaves on its day,
        taken back from the seller first where it has to be."""
        for is_transferred in (False, True):
            with self.subTest(is_transferred):
                self.sold_session = self._create_session(self.sold)
                sale = self.sell(is_transferred=is_transferred)
                refund = self.queue_second(sale)
                kind = "transfer_refund" if is_transferred else "payin_refund"
                made = self.dispute(sale, 50000)
                self.run_jobs()
                self.assertEqual(self.operations(refund, kind).state, "failed")
                self.assertEqual(refund.state, "pending")
                self.close(made, "WON")
                self.assertEqual(self.sent_refunds(sale), [10000])
                self.next_day(self.operations(refund, kind)[0])
                self.run_jobs()
                self.assertEqual(refund.state, "done")
                self.assertEqual(self.sent_refunds(sale), [10000, 10000])
                self.run_books()
                self.assertProved()
