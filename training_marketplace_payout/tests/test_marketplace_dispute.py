# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B19, EB12: payments that buyers contest at their bank, to their end."""

from base64 import b64encode
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .unhappy_common import UnhappyCommon

ANSWER_JOB = "training_marketplace_payout.ir_cron_answer_disputes"
FOLLOW_JOB = "training_marketplace_payout.ir_cron_follow_disputes"
LOST = {"repudiation": -1200, "dispute": 1200}
PDF = b64encode(b"%PDF-1.4 attendance")


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceDispute(UnhappyCommon):
    def test_opened(self):
        """B19: seen, dated, told; the money stays where it is; not refunded besides."""
        sale = self.sell()
        made = self.dispute(sale)
        found = self.find(made)
        self.assertEqual((found.state, found.reason), ("to_answer", "FRAUD"))
        self.assertEqual((found.sale_id, found.seller_id), (sale, self.seller))
        self.assertEqual(fields.Datetime.to_string(found.deadline)[:10], "2026-10-03")
        self.assertEqual(str(found.activity_ids.date_deadline), "2026-10-03")
        self.assertEqual(self.mails_to(self.seller, found), 1)
        self.assertNotIn("FRAUD", self.env["mail.mail"].search([], limit=1).body_html)
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [])
        euro = sale.currency_id
        self.assertEqual(self.seller._get_disputed(self.company, euro), 120000)
        with self.assertRaises(ValidationError):
            sale.tx_id._refund_marketplace(100.0)
        self.run_books()
        self.assertBooks({"wallet": 1200, "seller": -1200, **LOST})

    def test_events_in_any_order(self):
        """B19: the repudiation first, duplicates, the end before the beginning: one
        dispute, one entry."""
        sale = self.sell()
        made = self.dispute(sale)
        taken = made["RepudiationId"]
        for number, (event, about) in enumerate(
            [
                ("PAYIN_REPUDIATION_SUCCEEDED", taken),
                ("DISPUTE_CREATED", made["Id"]),
                ("PAYIN_REPUDIATION_SUCCEEDED", taken),
            ]
        ):
            self.announce(event, about, str(1790000100 + number))
        self.assertEqual(len(self.find(made)), 1)
        self.assertEqual(self.mails_to(self.seller, self.find(made)), 1)
        self.close(made, "WON")
        self.announce("DISPUTE_ACTION_REQUIRED", made["Id"], "1790000900")
        self.assertEqual(self.find(made).result, "WON")
        self.run_books()
        self.assertBooks({"wallet": 1200, "seller": -1200})

    def test_repudiation_alone(self):
        """B19: only the repudiation was announced: its dispute is found."""
        sale = self.sell()
        made = self.dispute(sale)
        self.env["marketplace.entry"].search([("kind", "=", "dispute")])
        other = self.find(made)
        self.assertEqual(other.amount_repudiated, 1200.0)

    def test_won(self):
        """B19: given back: the sale goes on, its money is the seller's."""
        sale = self.sell()
        made = self.dispute(sale)
        self.close(made, "WON")
        found = self.find(made)
        self.assertEqual((found.state, found.result), ("closed", "WON"))
        self.assertEqual((found.amount_repudiated, found.recovery), (0.0, "none"))
        self.assertEqual(self.seller._get_disputed(self.company, sale.currency_id), 0)
        self.assertFalse(found.activity_ids)
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [120000])
        self.run_books()
        self.assertBooks({"wallet": 1200, "seller": -1200})

    def test_lost_before_the_transfer(self):
        """B19: settled from the buyer's wallet; the seller is owed nothing more."""
        sale = self.sell()
        made = self.dispute(sale)
        self.close(made, "LOST")
        found = self.find(made)
        path = f"repudiations/{made['RepudiationId']}/settlementtransfer"
        self.assertEqual(self.sent(path), [120000])
        self.assertEqual((found.recovery, found.amount_settled), ("done", 1200.0))
        self.close(made, "LOST", "1790000600")
        self.assertEqual(self.sent(path), [120000])
        self.transfer(sale)
        self.assertEqual(self.sent("transfers"), [])
        self.run_books()
        self.assertBooks({})
        self.assertEqual(self.mails_to(self.seller, found), 2)

    def test_lost_after_the_transfer(self):
        """B19: taken back from the seller's wallet first, then settled."""
        sale = self.sell(is_transferred=True)
        made = self.dispute(sale, 50000)
        self.close(made, "LOST")
        self.assertEqual(self.sent_back(sale), [50000])
        self.assertEqual(self.find(made).amount_settled, 500.0)
        self.run_books()
        self.assertEqual(self.wallet_of(self.seller), 700)
        self.assertBooks({"wallet": 700, "seller": -700})

    def test_lost_after_the_payout(self):
        """B19: what the wallet has not is owed, and netted from later payouts."""
        sale = self.sell_paid_out(left=300.0)
        made = self.dispute(sale)
        self.close(made, "LOST")
        found = self.find(made)
        self.assertEqual(self.sent_back(sale), [30000])
        self.assertEqual((found.amount_settled, found.amount_debt), (300.0, 900.0))
        self.run_books()
        self.assertBooks({"repudiation": -900, "debit": 900})
        self.assertEqual(self.debts(), [900.0])

    def test_settlement_refused(self):
        """B19: refused by Mangopay: owed by the seller, told."""
        sale = self.sell()
        made = self.dispute(sale)
        path = f"repudiations/{made['RepudiationId']}/settlementtransfer"
        self.fail_next(path, "003011")
        self.close(made, "LOST")
        found = self.find(made)
        self.assertEqual((found.recovery, found.amount_debt), ("done", 1200.0))
        self.assertTrue(found.activity_ids)
        self.run_books()
        self.assertBooks(
            {"repudiation": -1200, "debit": 1200, "wallet": 1200, "seller": -1200}
        )

    def test_settled_after_all(self):
        """B19: refused, then asked again by a person: the seller owes it no more."""
        sale = self.sell()
        made = self.dispute(sale)
        path = f"repudiations/{made['RepudiationId']}/settlementtransfer"
        self.fail_next(path, "003011")
        self.close(made, "LOST")
        self.run_books()
        self.assertEqual(self.debts(), [1200])
        found = self.find(made)
        self.operations(found, "settlement").action_retry()
        for _step in range(3):
            self.run_jobs()
        self.run_books()
        self.assertEqual((found.amount_settled, found.amount_debt), (1200, 0))
        self.assertEqual(self.debts(), [])
        self.assertBooks({})

    def test_not_taken_back_twice(self):
        """B19: what the wallet did not give back is owed: it is not asked for again."""
        sale = self.sell(is_transferred=True)
        path = f"transfers/{sale._get_transfers().provider_reference}/refunds"
        self.fail_next(path, "001001")
        made = self.dispute(sale, 50000)
        self.close(made, "LOST")
        found = self.find(made)
        self.assertEqual((found.recovery, found.amount_debt), ("done", 500))
        with self.assertRaises(UserError):
            self.operations(found, "transfer_refund").action_retry()
        self.assertEqual(self.sent_back(sale), [50000])

    def test_contested(self):
        """B19: evidence and amount are sent once; kept no longer than that."""
        sale = self.sell()
        made = self.dispute(sale)
        found = self.find(made)
        support = new_test_user(
            self.env, "help4", "training_marketplace_payout.group_marketplace_support"
        )
        with self.assertRaises(AccessError):
            found.with_user(support).action_accept()
        accountant = new_test_user(self.env, "bill4", "account.group_account_invoice")
        self.contest(found.with_user(accountant))
        document = found.document_ids
        base = f"disputes/{made['Id']}"
        self.double.answer(
            "PUT", f"{base}/submit", 200, {**made, "Status": "SUBMITTED"}
        )
        self.run_jobs(ANSWER_JOB)
        self.assertEqual((document.state, document.content), ("sent", False))
        self.assertEqual(len(self.double.calls("POST", f"{base}/documents")), 1)
        self.assertEqual((found.state, found.answer_state), ("submitted", "done"))
        [(body, _headers, _query)] = self.double.calls("PUT", f"{base}/submit")
        self.assertEqual(body["ContestedFunds"]["Amount"], 100000)
        self.run_jobs(ANSWER_JOB)
        self.assertEqual(len(self.double.calls("PUT", f"{base}/submit")), 1)
        with self.assertRaises(UserError):
            found.with_user(accountant).action_accept()

    def contest(self, found, content=PDF):
        action = found.action_contest()
        wizard = found.env["marketplace.dispute.contest"].create(
            {
                "dispute_id": action["context"]["default_dispute_id"],
                "amount": 1000.0,
                "line_ids": [
                    fields.Command.create(
                        {
                            "document_type": "DELIVERY_PROOF",
                            "content": content,
                            "filename": "sheet.pdf",
                        }
                    )
                ],
            }
        )
        wizard.action_contest()

    def test_evidence_is_a_document(self):
        """B19: what is neither a PDF nor a picture is refused."""
        found = self.find(self.dispute(self.sell()))
        with self.assertRaises(UserError):
            self.contest(found, b64encode(b"<html><script>"))

    def test_accepted(self):
        """B19: accepted as lost by an accountant."""
        sale = self.sell()
        made = self.dispute(sale)
        found = self.find(made)
        closed = {**made, "Status": "CLOSED", "ResultCode": "LOST"}
        path = f"disputes/{made['Id']}/close"
        self.double.answer("PUT", path, 200, closed)
        found.action_accept()
        self.run_jobs(ANSWER_JOB)
        made.update(closed)
        for _step in range(3):
            self.run_jobs()
        self.assertEqual((found.result, found.amount_settled), ("LOST", 1200.0))

    def test_nobody_announced_it(self):
        """B19: the daily job finds what was decided."""
        sale = self.sell()
        made = self.dispute(sale)
        made.update(Status="CLOSED", ResultCode="LOST", ClosedDate=1790500000)
        self.run_jobs(FOLLOW_JOB)
        self.run_jobs()
        self.assertEqual(self.find(made).recovery, "done")

    def test_lost_before_it_was_taken(self):
        """B19: lost, and Mangopay takes the money later without a word: the daily job
        finds it, and has it taken from what is the seller's."""
        sale = self.sell()
        with patch.object(type(self), "announce"):
            made = self.dispute(sale)
        taken = self.double.objects[made["RepudiationId"]]
        taken["Status"] = "CREATED"
        self.close(made, "LOST")
        found = self.find(made)
        self.assertEqual((found.result, found.amount_repudiated), ("LOST", 0))
        taken["Status"] = "SUCCEEDED"
        self.run_jobs(FOLLOW_JOB)
        for _step in range(3):
            self.run_jobs()
        self.assertEqual((found.recovery, found.amount_settled), ("done", 1200))
        self.run_books()
        self.assertBooks({})

    def test_held_payment(self):
        """B10, B19: lost before it was sold: taken from what is held."""
        self.know_seller()
        sale = self.pay_held()
        made = self.dispute(sale)
        self.close(made, "LOST")
        self.run_books()
        self.assertBooks({})

    def test_payment_that_bought_nothing(self):
        """B19: no sale, no seller: the operator's own; an accountant is told."""
        sale = self.sell()
        transactions = type(sale.tx_id)
        nothing = self.env["marketplace.sale"]
        with patch.object(
            transactions, "_get_marketplace_sale", lambda transaction: nothing
        ):
            made = self.dispute(sale)
        found = self.find(made)
        self.assertFalse(found.sale_id)
        self.close(made, "LOST")
        self.assertEqual((found.recovery, found.amount_repudiated), ("none", 1200.0))
        self.assertTrue(found.activity_ids)

    def test_forged(self):
        """D8: what Mangopay does not know, or is about nobody here, changes nothing."""
        self.double.add(
            "payins/other/disputes",
            Id="dispute_of_others",
            DisputedFunds={"Currency": "EUR", "Amount": 100},
            InitialTransactionId="payin_of_others",
        )
        for event, about in (
            ("DISPUTE_CREATED", "forged"),
            ("DISPUTE_CREATED", "dispute_of_others"),
            ("PAYIN_REPUDIATION_SUCCEEDED", "forged"),
            ("TRANSFER_SETTLEMENT_SUCCEEDED", "forged"),
        ):
            self.announce(event, about)
        self.assertFalse(self.env["marketplace.dispute"].search([]))
        self.assertFalse(self.env["marketplace.entry"].search([]))
