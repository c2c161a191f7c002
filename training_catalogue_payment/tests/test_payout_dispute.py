# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payouts, disputes, and the page that compares the ledger with Stripe."""

from datetime import date

from odoo.tests import tagged

from .balance_common import BOOK_JOB, READ_JOB, BalanceCommon, at
from .stripe_double import StripeRefusal


@tagged("post_install", "-at_install")
class TestPayout(BalanceCommon):
    def _pay_out(self, order=None):
        tx, _row = self.charge(order, fee=1825, payout="po_1")
        payout = self.double.move(
            "payout", -118175, source={"id": "po_1"}, payout="po_1",
            created=at("2026-03-13"),
        )  # fmt: skip
        return tx, payout

    def test_payout_then_bank_statement(self):
        """A30: payout Dr 580000 / Cr 511500; the bank's line clears 580000; the
        lines of the payout are matched with each other."""
        tx, row = self._pay_out()
        self.read_and_book()
        move = self.find(row).move_id
        self.assertEqual(self.entry(move), {"580000": 1181.75, "511500": -1181.75})
        self.assertEqual(move.date, date(2026, 3, 13))
        self.assertEqual(self.ledger("511500"), 0)
        transit = (tx.payment_id.move_id + move).line_ids.filtered(
            lambda line: line.account_id.code == "511500"
        )
        self.assertTrue(all(transit.mapped("reconciled")))
        bank = self.env["account.journal"].search(
            [
                ("type", "=", "bank"),
                ("company_id", "=", self.company.id),
                ("id", "!=", self.company.training_stripe_journal_id.id),
            ],
            limit=1,
        )
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": "2026-03-14",
                "payment_ref": "STRIPE",
                "amount": 1181.75,
            }
        )
        _liquidity, suspense, _other = statement._seek_for_lines()
        suspense.account_id = self.company.training_transfer_account_id
        self.assertEqual(self.ledger("580000"), 0)

    def test_payout_event_has_the_balance_read(self):
        """A30: a payout announced by Stripe is booked without waiting for the day."""
        _tx, row = self._pay_out()
        self.receive("payout.paid", "po_1")
        self.run_events()
        self.run_jobs(READ_JOB, BOOK_JOB)
        self.assertEqual(self.find(row).state, "booked")

    def test_returned_payout(self):
        """A30: a payout that the bank sends back is reversed, whatever its kind."""
        self._pay_out()
        row = self.double.move(
            "payout_reversal", 118175, type="payout_failure", source={"id": "po_1"},
            created=at("2026-03-17"),
        )  # fmt: skip
        self.read_and_book()
        self.assertEqual(
            self.entry(self.find(row).move_id),
            {"511500": 1181.75, "580000": -1181.75},
        )
        self.assertEqual(self.ledger("580000"), 0)
        self.assertTrue(self.compare().is_balanced)

    def test_manual_payout_has_no_list(self):
        """A30: Stripe refuses the list of a manual payout: booked all the same."""
        _tx, row = self._pay_out()
        original = self.double._get_balance_transactions

        def refuse(account, params):
            if params.get("payout"):
                raise StripeRefusal(400, None, "Only automatic payouts.")
            return original(account, params)

        self.double._get_balance_transactions = refuse
        self.read_and_book()
        self.assertEqual(self.find(row).state, "booked")
        self.assertTrue(self.find(row).is_payout_read)


@tagged("post_install", "-at_install")
class TestDispute(BalanceCommon):
    def _dispute(self, status="needs_response"):
        self.tx, _row = self.charge()
        self.data = self.double.add(
            "dispute", "dp", amount=120000, currency="eur", status=status,
            reason="fraudulent", payment_intent=self.tx.provider_reference,
            evidence_details={"due_by": at("2026-03-25")},
        )  # fmt: skip
        self.taken = self.double.move(
            "dispute", -120000, fee=2000, type="adjustment", created=at("2026-03-12"),
            source={
                "id": self.data["id"],
                "payment_intent": self.tx.provider_reference,
            },
        )  # fmt: skip
        return self._announce("created")

    def _announce(self, what):
        self.receive(f"charge.dispute.{what}", self.data["id"], f"evt_{what}")
        self.run_events()
        self.read_and_book()
        return self.env["training.dispute"].search([])

    def test_opened(self):
        """A30: Dr 467200 amount, Dr 627800 fee / Cr 511500; the accountant is told."""
        dispute = self._dispute()
        self.assertEqual(dispute.status, "needs_response")
        self.assertEqual(dispute.transaction_id, self.tx)
        self.assertEqual(dispute.amount, 1200)
        self.assertEqual(len(dispute.activity_ids), 1)
        self.assertEqual(dispute.activity_ids.date_deadline, date(2026, 3, 25))
        move = self.find(self.taken).move_id
        self.assertEqual(
            self.entry(move), {"467200": 1200.0, "627800": 20.0, "511500": -1220.0}
        )
        partner = self.tx.partner_id.commercial_partner_id
        disputed = move.line_ids.filtered(lambda ln: ln.account_id.code == "467200")
        self.assertEqual(disputed.partner_id, partner)
        self.assertTrue(self.compare().is_balanced)

    def test_without_payment_intent(self):
        """A30: a dispute of what was charged without an intent is of none of our
        payments: the accountant is told, no customer of ours owes it."""
        given_up = self._start_payment(self._buy())
        self.assertFalse(given_up.provider_reference)
        self.data = self.double.add(
            "dispute", "dp", amount=5000, currency="eur", status="lost",
            reason="fraudulent", payment_intent=None,
        )  # fmt: skip
        dispute = self._announce("closed")
        self.assertEqual(dispute.status, "lost")
        self.assertFalse(dispute.transaction_id)
        self.assertFalse(dispute.lost_move_id)
        self.assertEqual(len(dispute.activity_ids), 1)

    def test_won(self):
        """A30: the money comes back, 467200 is nil again, nobody owes anything."""
        dispute = self._dispute()
        self.data["status"] = "won"
        self.double.move(
            "dispute_reversal", 120000, type="adjustment", created=at("2026-04-02"),
            source={
                "id": self.data["id"],
                "payment_intent": self.tx.provider_reference,
            },
        )  # fmt: skip
        self._announce("funds_reinstated")
        self.assertEqual(dispute.status, "won")
        self.assertEqual(self.ledger("467200"), 0)
        self.assertFalse(dispute.lost_move_id)
        self.assertTrue(self.compare().is_balanced)

    def test_lost(self):
        """A30: lost, the customer owes again: Dr 411 / Cr 467200, once."""
        dispute = self._dispute()
        self.data["status"] = "lost"
        self._announce("closed")
        self._announce("updated")
        self.assertEqual(
            self.entry(dispute.lost_move_id), {"411100": 1200.0, "467200": -1200.0}
        )
        self.assertEqual(self.ledger("467200"), 0)
        self.assertEqual(len(dispute.activity_ids), 2)
        self.assertTrue(self.compare().is_balanced)

    def test_lost_as_a_loss(self):
        """A30: with a loss account, the organisation bears it: Dr 654100."""
        loss = self.env["account.account"].search(
            [("code", "=", "654100"), ("company_ids", "in", self.company.ids)]
        )
        self.company.training_dispute_loss_account_id = loss
        dispute = self._dispute("lost")
        self.assertEqual(
            self.entry(dispute.lost_move_id), {"654100": 1200.0, "467200": -1200.0}
        )


@tagged("post_install", "-at_install")
class TestTransit(BalanceCommon):
    def test_agreement(self):
        """A30: ledger = available + pending at Stripe."""
        self.charge(pending=100000)
        self.read_and_book()
        transit = self.compare()
        self.assertEqual(transit.stripe_balance, 1197.95)
        self.assertEqual((transit.available, transit.pending), (197.95, 1000.0))
        self.assertEqual(transit.ledger_balance, 1197.95)
        self.assertTrue(transit.is_balanced)
        self.assertFalse(transit.line_ids)

    def test_difference_is_explained_line_by_line(self):
        """A30: a payment without movement, a movement not booked, an entry without
        object, and what was there before: they add up to the difference."""
        self._purchase()
        self.double.move("topup", 5000, created=at("2026-03-02"))
        self.double.move("fee", -900, created=at("2025-06-02"))
        self.env["account.move"].create(
            {
                "journal_id": self.company.training_stripe_journal_id.id,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": amount})
                    for account, amount in (
                        (self.company.training_transit_account_id, 33.0),
                        (self.company.training_fee_account_id, -33.0),
                    )
                ],
            }
        ).action_post()
        self.read_and_book()
        transit = self.compare()
        self.assertFalse(transit.is_balanced)
        self.assertEqual(
            {line.kind: line.amount for line in transit.line_ids},
            {"payment": 1200.0, "movement": -50.0, "entry": 33.0, "earlier": 9.0},
        )
        self.assertEqual(transit.difference, 1200 + 33 - (50 - 9))
        self.assertAlmostEqual(
            sum(transit.line_ids.mapped("amount")), transit.difference
        )
        for line in transit.line_ids.filtered(lambda one: one.kind != "earlier"):
            self.assertTrue(line.action_open_object()["res_id"])

    def test_stripe_does_not_answer(self):
        """A30: no answer is said, and nothing is called balanced."""
        self.double.fail("GET", "balance", 400)
        transit = self.compare()
        self.assertTrue(transit.fault)
        self.assertFalse(transit.is_balanced)
