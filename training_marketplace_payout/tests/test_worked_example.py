# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B17, B18, B19, B22, D9: the books at the end of the worked example, by hand.

Commission 10 %, VAT 20 % on it; the seller is exempt, so 1 000 is 1 000.

=========  ===============================================================  ======
5 October  A: 1 000 paid, held; sold on the 8th                             EB1
6 October  B: 600 paid; wholly given back on the 9th, not transferred yet   EB1, 2
25 Oct.    A goes to the seller's wallet
1 Nov.     commissions of October: 100 + 60 - 60 = 100, VAT 20              EB3
15 Nov.    payout of 1 000: 120 netted, 880 to the bank; its VAT is due     EB4, 5
18 Nov.    the bank returns 880; paid anew to another account on the 19th   EB6, 5
20 Nov.    A is wholly refunded: the operator funds the empty wallet        EB9
22 Nov.    C: 2 000 paid; in the seller's wallet in December                EB1
1 Dec.     commissions of November: 200 - 100 given back = 100, VAT 20      EB10, 3
15 Dec.    payout of 2 000: 120 and the 1 000 advanced netted, 880 paid     EB11, 4, 5
22 Dec.    D: 500 paid                                                      EB1
23 Dec.    E: 300 paid; on the 28th its buyer's bank took it back for good  EB1, 12
31 Dec.    closing: commissions on D and E to invoice: 50 + 30, VAT 16      EB14
=========  ===============================================================  ======
"""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.sql_db import BaseCursor
from odoo.tests import tagged

from .mangopay_common import SENDER_JOB
from .marketplace_money_common import TRANSFER_JOB
from .payout_common import PayoutCommon
from .settlement_common import SETTLE_JOB
from .unhappy_common import UnhappyCommon

# Account: debit, credit, balance. Computed by hand from the entries of D9.
CLOSING = {
    # Commissions of November 120, of December 120; each netted by its payout.
    "411100": (240, 240, 0),
    # Commissions on D and E to invoice, VAT included: 60 + 36.
    "418100": (96, 0, 96),
    # VAT of the two commissions that were netted: 20 + 20.
    "445710": (0, 40, -40),
    # The same, until they were netted: 20 + 20 in, 20 + 20 out.
    "445740": (40, 40, 0),
    # VAT of the commissions to invoice on D and E: 10 + 6.
    "445870": (0, 16, -16),
    # Advanced for the refund of A: 1 000; recovered from C: 1 000.
    "467100": (1000, 1000, 0),
    # E, contested: taken by the bank 300; taken from what was the seller's 300.
    "467200": (300, 300, 0),
    # Debit: B refunded 600; paid 880 and 120; paid anew 880; A refunded 1 000;
    # paid 880 and 1 120; E lost 300. Credit: A 1 000, B 600; returned 880; wallet
    # funded 1 000; C 2 000, D 500, E 300. Left: D, owed to the seller.
    "468100": (5780, 6280, -500),
    # A, held then sold.
    "468200": (1000, 1000, 0),
    # Debit: A 1 000, B 600; A to the seller 1 000; returned 880; wallet funded 1 000;
    # A taken back 1 000; C 2 000, to the seller 2 000; D 500, E 300. Credit: B 600; A
    # to the seller 1 000; 880, 120; 880; A taken back 1 000, refunded 1 000; C to the
    # seller 2 000; 880, 1 120; E 300. Left: D, in its buyer's wallet.
    "517100": (10280, 9780, 500),
    # Fees of the payouts: 120 + 1 120 (a commission and what was advanced).
    "517200": (1240, 0, 1240),
    # E: taken by the bank 300, settled from its buyer's wallet 300.
    "517300": (300, 300, 0),
    # The bank transfer that funded the wallet; the bank's statement settles it.
    "580000": (0, 1000, -1000),
    # Credit: 100 + 100 invoiced, 50 + 30 to invoice. Besides, when VAT becomes due,
    # Odoo debits and credits its base, 100 + 100, for the tax return.
    "706200": (200, 480, -280),
}
# What 1 January adds: the accrual is reversed, the commissions on D and E invoiced.
OPENING = {
    **CLOSING,
    "411100": (336, 240, 96),
    "418100": (96, 96, 0),
    "445740": (40, 56, -16),
    "445870": (16, 16, 0),
    "706200": (280, 560, -280),
}


@tagged("standard", "post_install", "-at_install")
@freeze_time("2026-10-05 08:00:00")
class TestWorkedExample(PayoutCommon, UnhappyCommon):
    def setUp(self):
        # A cursor asks PostgreSQL for the time, which nobody freezes.
        clock = patch.object(BaseCursor, "now", lambda cursor: datetime.now())
        clock.start()
        self.addCleanup(clock.stop)
        # Only the first purchase is held, as the example wants it.
        self.company.marketplace_buyer_threshold = 100000
        super().setUp()

    @contextmanager
    def on(self, day):
        """Live a day, and have everything booked at its end."""
        with freeze_time(f"{day} 08:00:00"):
            yield
            for _step in range(3):
                self.run_jobs()
            self.follow_up()
            self.run_books()

    def session_at(self, amount):
        """Return a session that costs an amount for two learners."""
        programme = self._create_programme(
            marketplace_seller_id=self.seller.id, list_price=amount / 2
        )
        return self._create_session(programme)

    def purchase(self, amount):
        sale = self.pay(self.session_at(amount)).marketplace_sale_id
        self.assertEqual((sale.amount_total, sale.state), (amount, "confirmed"))
        return sale

    def let_transfer(self):
        """Run the job of transfers: what can no longer be withdrawn leaves."""
        self.run_jobs(TRANSFER_JOB)
        self.run_jobs(SENDER_JOB)

    def trial_balance(self, until):
        """Return (debit, credit, balance) of every account that moved, by code."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", until),
            ],
            ["account_id"],
            ["debit:sum", "credit:sum", "balance:sum"],
        )
        return {
            account.code: tuple(round(amount, 2) for amount in amounts)
            for account, *amounts in groups
            if any(amounts)
        }

    def test_whole_case(self):
        """B17, B18, B19, B22: the trial balance, account by account, is that by
        hand."""
        self.live_october()
        self.live_november()
        self.live_december()
        self.assertEqual(sum(balance for *_sides, balance in CLOSING.values()), 0)
        self.assertEqual(self.trial_balance("2026-12-31"), CLOSING)
        with self.on("2027-01-01"):
            self.run_jobs(SETTLE_JOB)
        self.assertEqual(self.trial_balance("2027-01-01"), OPENING)
        self.assertProved()

    def live_october(self):
        with self.on("2026-10-05"):
            self.sale = self.pay_held(self.session_at(1000))
        self.assertEqual(self.balances(), {"wallet": 1000, "hold": -1000})
        with self.on("2026-10-06"):
            given_back = self.purchase(600)
        with self.on("2026-10-08"):
            self.release(self.sale)
        self.assertEqual(self.balances(), {"wallet": 1600, "seller": -1600})
        with self.on("2026-10-09"):
            given_back.tx_id._refund_marketplace(600.0)
        self.assertEqual(self.balances(), {"wallet": 1000, "seller": -1000})
        with self.on("2026-10-25"):
            self.let_transfer()
        self.assertEqual(self.wallet_of(self.seller), 1000)

    def live_november(self):
        with self.on("2026-11-01"):
            self.run_jobs(SETTLE_JOB)
        with self.on("2026-11-15"):
            payout = self.pay_sellers()
            self.succeed(payout)
        self.assertEqual((payout.fee_amount, payout.net_amount), (120, 880))
        self.assertEqual(self.balances(), {"fees": 120})
        self.assertProved()
        with self.on("2026-11-18"):
            self.send_back(payout)
        self.assertEqual(self.balances(), {"wallet": 880, "seller": -880, "fees": 120})
        with self.on("2026-11-19"):
            self.give_account("FR1420041010050500013M02606", "rec_2")
            self.look_again()
            anew = self.pay_sellers()
            self.succeed(anew)
        self.assertEqual((anew.fee_amount, anew.net_amount), (0, 880))
        with self.on("2026-11-20"):
            refund = self.lack(self.sale, 1000.0)
            self.assertEqual(refund.state, "pending")
            self.receive_wire(self.topup_of(refund), 100000)
        self.assertEqual(refund.state, "done")
        self.assertEqual(
            self.balances(), {"fees": 120, "debit": 1000, "transit": -1000}
        )
        with self.on("2026-11-22"):
            self.purchase(2000)

    def live_december(self):
        with self.on("2026-12-01"):
            self.run_jobs(SETTLE_JOB)
        with self.on("2026-12-10"):
            self.let_transfer()
        with self.on("2026-12-15"):
            payout = self.pay_sellers()
            self.succeed(payout)
        self.assertEqual((payout.fee_amount, payout.net_amount), (1120, 880))
        self.assertProved()
        with self.on("2026-12-22"):
            self.purchase(500)
        with self.on("2026-12-23"):
            disputed = self.purchase(300)
        with self.on("2026-12-28"):
            self.close(self.dispute(disputed, 30000), "LOST")
        with self.on("2026-12-31"):
            closing = self.env["training.closing"].create({"date": "2026-12-31"})
            closing.action_compute()
            closing.action_book()
