# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22: each night, object by object, what Mangopay says is what was written down."""

import time
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .mangopay_double import refuse
from .marketplace_money_common import MarketplaceMoneyCommon

COMPARE_JOB = "training_marketplace_payout.ir_cron_compare_mangopay"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProofMangopay(MarketplaceMoneyCommon):
    def setUp(self):
        super().setUp()
        self.know_seller()
        self.sale = self.pay().marketplace_sale_id
        self.follow_up()
        self.transfer(self.sale)
        self.wallet = self.sale.tx_id.mangopay_wallet_id
        self.payin = self.operations(self.sale.tx_id, "payin")
        self.sent = self.operations(self.sale, "transfer")
        self.balance(0)

    def balance(self, minor):
        """Say what Mangopay shows in the buyer's wallet."""
        self.double.objects[self.wallet.mangopay_id]["Balance"] = {
            "Currency": "EUR",
            "Amount": minor,
        }

    def night(self, hours=24):
        """Let time go by, then run the job; return what it kept."""
        self.env.flush_all()
        for table, names in (
            ("mangopay_operation", "create_date date_compare"),
            ("marketplace_entry", "create_date"),
            ("mangopay_wallet", "date_compared"),
            ("marketplace_exception", "date_last"),
        ):
            for name in names.split():
                query = "UPDATE %s SET %s = %s - %s * INTERVAL '1 hour'"
                column = SQL.identifier(name)
                self.env.cr.execute(
                    SQL(query, SQL.identifier(table), column, column, hours)
                )
        self.env.invalidate_all()
        self.run_jobs(COMPARE_JOB)
        return self.env["marketplace.proof.run"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "mangopay")], limit=1
        )

    def found(self):
        """Return the open differences: (check, subject, expected, found)."""
        rows = self.env["marketplace.exception"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "closed")]
        )
        return [
            (row.check_code, row.res_model, row.res_id, row.expected, row.found)
            for row in rows
        ]

    def test_all_is_well(self):
        """B22: nothing differs; looked at again less and less often, then never."""
        run = self.night()
        self.assertEqual((run.state, run.difference_count), ("done", 0))
        # The payment, its transfer and the wallet.
        self.assertEqual(run.object_count, 3)
        self.assertEqual(self.found(), [])
        self.assertEqual(self.night(1).object_count, 0)
        self.assertEqual(self.night(48).object_count, 2)
        for days in (5, 30, 90):
            self.night(days * 24)
        self.assertFalse(self.payin.date_compare)
        self.double.journal.clear()
        self.assertEqual(self.night(24).object_count, 0)
        self.assertFalse(self.double.journal)

    def test_wallets_of_sellers_are_not_asked(self):
        """B22: Mangopay shows a seller's wallet to the seller alone."""
        self.double.journal.clear()
        self.night()
        asked = {call[1] for call in self.double.journal}
        self.assertIn(f"wallets/{self.wallet.mangopay_id}", asked)
        self.assertNotIn("wallets/wlt_seller", asked)

    def test_status_and_amount(self):
        """B22: undone or changed at Mangopay: it has its seller; mended, it is gone."""
        self.double.objects[self.sent.provider_reference]["Status"] = "FAILED"
        self.double.objects[self.payin.provider_reference]["Fees"] = {
            "Currency": "EUR",
            "Amount": 300,
        }
        run = self.night()
        self.assertEqual(run.difference_count, 2)
        self.assertEqual(
            sorted(self.found()),
            sorted(
                [
                    ("object", "mangopay.operation", self.sent.id, 1200.0, 0.0),
                    ("object", "mangopay.operation", self.payin.id, 0.0, 3.0),
                ]
            ),
        )
        blocked = self.env["marketplace.exception"]._get_blocked_sellers(self.company)
        self.assertEqual(blocked, self.seller)
        self.double.objects[self.sent.provider_reference]["Status"] = "SUCCEEDED"
        self.double.objects[self.payin.provider_reference]["Fees"]["Amount"] = 0
        self.night()
        self.assertEqual(self.found(), [])

    def test_done_after_all(self):
        """B22: what was declared failed, and was done."""
        self.sent.state = "failed"
        self.night()
        self.assertIn(
            ("object", "mangopay.operation", self.sent.id, 0.0, 1200.0), self.found()
        )

    def test_made_in_the_dashboard(self):
        """B22: a refund that nobody wrote down, once it is not fresh any more."""
        path = f"transfers/{self.sent.provider_reference}/refunds"
        funds = {"Currency": "EUR", "Amount": 5000}
        back = self.double.add(path, DebitedFunds=funds)
        self.night()
        self.assertEqual(self.found(), [])
        back["CreationDate"] = int(time.time()) - 7200
        self.night(48)
        self.assertEqual(
            self.found(),
            [("unknown_refund", "mangopay.operation", self.sent.id, 0.0, 50.0)],
        )
        row = self.env["marketplace.exception"].search([("state", "=", "open")])
        self.assertEqual((row.cause, row.detail), ("dashboard", back["Id"]))

    def test_refunds_of_ours_are_known(self):
        """B22: what we gave back and took back is no surprise."""
        self.sale.tx_id._refund_marketplace(500.0)
        for _step in range(3):
            self.run_jobs()
        self.assertEqual(self.sale.amount_refunded, 500.0)
        for one in self.double.objects.values():
            one["CreationDate"] = int(time.time()) - 90000
        self.night()
        self.assertEqual(self.found(), [])

    def test_wallet(self):
        """B22: a buyer's wallet that holds what the books do not know of."""
        self.balance(700)
        self.night()
        self.assertEqual(
            self.found(), [("wallet", "mangopay.wallet", self.wallet.id, 0.0, 7.0)]
        )
        self.balance(0)
        self.night()
        self.assertEqual(self.found(), [])

    def test_wallet_that_is_moving(self):
        """B22: what is under way is compared another night."""
        self.balance(700)
        self.sent.is_followed_up = False
        self.night()
        self.assertEqual(self.found(), [])
        self.sent.is_followed_up = True
        self.night()
        self.assertTrue(self.found())

    def test_forgotten_by_mangopay(self):
        """B22: not shown after 13 months is no difference; before, it is one."""
        self.double.answer(
            "GET",
            f"transfers/{self.sent.provider_reference}",
            *refuse(404, "ressource_not_found"),
        )
        self.night()
        self.assertEqual(
            self.found(),
            [("object", "mangopay.operation", self.sent.id, 1200.0, 0.0)],
        )
        self.night(400 * 24)
        self.assertEqual(self.found(), [])

    def test_limits(self):
        """B22, R5: over the limit, it stops, and goes on later where it was."""
        path = f"transfers/{self.sent.provider_reference}"
        self.double.fail("GET", path, 429)
        run = self.night()
        self.assertEqual((run.state, run.object_count), ("running", 1))
        cron = self.env.ref(COMPARE_JOB)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        now = fields.Datetime.now()
        self.assertTrue(triggers.filtered(lambda one: one.call_at > now))
        self.run_jobs(COMPARE_JOB)
        self.assertEqual((run.state, run.object_count), ("done", 3))

    def test_one_that_cannot_be_read(self):
        """B22: an object that cannot be read hides no other."""
        path = f"payins/{self.payin.provider_reference}"
        self.double.fail("GET", path, (200, [], {}), times=9)
        self.double.objects[self.sent.provider_reference]["Status"] = "FAILED"
        self.night()
        self.assertEqual(len(self.found()), 1)
        self.assertLess(self.payin.date_compare, fields.Datetime.now())

    def put_in_fees(self, amount):
        """Have the books say that this much is the operator's own at Mangopay."""
        company = self.company
        sides = (
            (company.marketplace_fees_account_id, amount),
            (company.marketplace_income_account_id, -amount),
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": company.marketplace_journal_id.id,
                "line_ids": [
                    fields.Command.create({"account_id": account.id, "balance": minor})
                    for account, minor in sides
                ],
            }
        )
        move.action_post()

    def say_fees(self, minor):
        """Say what Mangopay shows in the operator's wallet of fees."""
        balance = {"Balance": {"Currency": "EUR", "Amount": minor}}
        self.double.answer("GET", "clients/wallets/FEES/EUR", 200, balance)

    def under_way(self, kind, subject):
        """Return an operation of 100 that Mangopay has not ended."""
        operation = self.env["mangopay.operation"]._request(
            kind,
            subject,
            self.account,
            {},
            amount_minor=10000,
            currency_id=self.sale.currency_id.id,
        )
        operation.write({"state": "pending", "date_compare": False})
        return operation

    def test_fees_wallet(self):
        """B22, I3: the operator's wallet at Mangopay is what its account says."""
        self.put_in_fees(100.0)
        self.say_fees(9900)
        self.night()
        self.assertEqual(
            self.found(), [("fees", "res.company", self.company.id, 100.0, 99.0)]
        )
        self.say_fees(10000)
        self.night()
        self.assertEqual(self.found(), [])

    def test_fees_wallet_while_a_topup_waits(self):
        """B22, I3, B19: a transfer that the operator has not wired yet, which may take
        weeks, moves a seller's wallet alone; so does a payout that nets nothing."""
        refund = self.sale.tx_id._create_child_transaction(100.0, is_refund=True)
        topup = self.env["marketplace.topup"].create(
            {
                "refund_id": refund.id,
                "sale_id": self.sale.id,
                "amount_needed": 100.0,
                "deadline": fields.Date.today(),
            }
        )
        self.under_way("bankwire", topup)
        self.under_way("payout", self.make_payout(0.0))
        self.put_in_fees(100.0)
        self.say_fees(9900)
        self.night()
        self.assertEqual([row[0] for row in self.found()], ["fees"])

    def test_fees_wallet_while_it_moves(self):
        """B22, I3: a payout that nets something, or the settlement of a dispute, moves
        the operator's own: compared once that has ended."""
        self.put_in_fees(100.0)
        self.say_fees(9900)
        payout = self.under_way("payout", self.make_payout(10.0))
        self.night()
        self.assertEqual(self.found(), [])
        payout.write({"state": "succeeded", "is_followed_up": True})
        settlement = self.under_way("settlement", self.sale)
        self.night()
        self.assertEqual(self.found(), [])
        settlement.write({"state": "failed", "is_followed_up": True})
        self.night()
        self.assertEqual([row[0] for row in self.found()], ["fees"])

    def make_payout(self, netted):
        return self.env["marketplace.payout"].create(
            {
                "name": f"PAY {netted}",
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "currency_id": self.sale.currency_id.id,
                "until": fields.Date.today(),
                "state": "asked",
                "amount": 100.0,
                "fee_amount": netted,
            }
        )

    def test_old_operations_are_due(self):
        """B22: an operation of yesterday is due; one of nothing that moves is not."""
        self.assertTrue(self.payin.date_compare)
        users = self.env["mangopay.operation"].search([("kind", "=", "wallet")])
        self.assertTrue(users)
        self.assertFalse(any(users.mapped("date_compare")))
        self.assertLess(
            self.payin.date_compare, fields.Datetime.now() + timedelta(days=1, hours=1)
        )
