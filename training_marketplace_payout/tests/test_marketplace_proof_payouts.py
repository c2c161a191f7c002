# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22, B18: payouts and commissions are proved as well, and what is wrong is seen."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..services.marketplace_entries import plan_fees, plan_payout, plan_return
from .settlement_common import SettlementCommon, at


class ProofCommon(SettlementCommon):
    """What the proof finds. Holds no test itself."""

    def find(self, *codes):
        """Return the checks, among these or all, that see a difference."""
        found = self.env["marketplace.proof"]._check_invariants(self.company)
        return sorted({one.check for one in found if not codes or one.check in codes})

    def tamper(self, statement, *values):
        """Change the database behind the product's back."""
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, *values))
        self.env.invalidate_all()

    def assert_seen(self, expected, statement, *values):
        """Something changed in the database is seen; undone, all is well again."""
        self.env.flush_all()
        with self.subTest(statement), self.env.cr.savepoint() as savepoint:
            self.tamper(statement, *values)
            self.assertEqual(self.find(), expected)
            savepoint.rollback()
        self.env.invalidate_all()


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProofPayouts(ProofCommon):
    def setUp(self):
        super().setUp()
        self.wallet = self.know_seller()
        self.sale = self.pay().marketplace_sale_id
        self.follow_up()
        self.transfer(self.sale)
        self.payout = self.pay_out(1000.0, 200.0)
        self.run_books()
        self.assertProved()

    def owe(self, amount):
        """Return the line of something that the seller owes."""
        company = self.company
        move = self.env["account.move"].create(
            {
                "journal_id": company.marketplace_journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.seller.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (company.marketplace_debit_account_id, amount),
                        (company.marketplace_fees_account_id, -amount),
                    )
                ],
            }
        )
        move.action_post()
        return move.line_ids.sorted("balance")[-1]

    def create_recipient(self):
        """Return the account to which the seller is paid."""
        user = self.wallet.user_id
        return self.env["mangopay.recipient"].create(
            {
                "user_id": user.id,
                "bank_id": user._find_or_create_bank(
                    "FR7630004000031234567890143", self.seller.name
                ).id,
                "holder": self.seller.name,
                "currency_id": self.currency.id,
            }
        )

    def make_operation(self, payout):
        """Have Mangopay have made a payout."""
        self.env["mangopay.operation"].create(
            {
                "kind": "payout",
                "res_model": payout._name,
                "res_id": payout.id,
                "account_id": self.account.id,
                "amount_minor": round(payout.amount * 100),
                "currency_id": self.currency.id,
                "state": "succeeded",
                "is_followed_up": True,
                "provider_reference": "po_1",
                "date_next": False,
            }
        )

    def pay_out(self, net, fee):
        """Return a payout that Mangopay made, which netted something; in the books."""
        line = self.owe(fee)
        recipient = self.create_recipient()
        payout = self.env["marketplace.payout"].create(
            {
                "name": "PAY/1",
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "contract_id": self.contract.id,
                "currency_id": self.currency.id,
                "until": fields.Date.today(),
                "state": "done",
                "amount": net + fee,
                "fee_amount": fee,
                "net_amount": net,
                "fee_ids": [
                    Command.create(
                        {"kind": "debt", "move_line_id": line.id, "amount": fee}
                    )
                ],
                "recipient_id": recipient.id,
                "wallet_id": self.wallet.id,
                "reference": "po_1",
            }
        )
        self.make_operation(payout)
        seller = self.seller.id
        netted = [("debit", round(fee * 100), line.id)]
        self.book(payout, "payout", plan_payout(seller, round(net * 100)))
        self.book(payout, "payout_fees", plan_fees(seller, netted))
        return payout

    def book(self, payout, kind, lines):
        return self.env["marketplace.entry"]._write_down(
            kind,
            f"po_1:{kind}",
            self.company,
            self.currency,
            lines,
            payout_id=payout.id,
            reference="po_1",
        )

    def test_paid_and_booked(self):
        """B22, I7, I11, I12: what was paid, netted, booked, asked and for whom."""
        payout = self.payout.id
        set_payout = "UPDATE marketplace_payout SET "
        self.assert_seen(
            ["I11", "I12"], f"{set_payout} amount = amount + 1 WHERE id = %s", payout
        )
        self.assert_seen(
            ["I7"],
            "UPDATE marketplace_payout_fee SET amount = 1 WHERE payout_id = %s",
            payout,
        )
        self.assert_seen(
            ["I12", "I7"],
            f"{set_payout} fee_amount = fee_amount + 1 WHERE id = %s",
            payout,
        )
        self.assert_seen(
            ["I11"],
            "UPDATE marketplace_entry SET payout_id = NULL"
            " WHERE kind = 'payout' AND payout_id = %s",
            payout,
        )
        self.assert_seen(
            ["I12", "derived"],
            "UPDATE mangopay_operation SET amount_minor = amount_minor + 5"
            " WHERE kind = 'payout' AND res_id = %s",
            payout,
        )
        self.assert_seen(
            ["I12"], f"{set_payout} recipient_id = NULL WHERE id = %s", payout
        )

    def test_never_negative(self):
        """B22, I12: more left the wallet than there was."""
        lines = plan_payout(self.seller.id, 500)
        self.env["marketplace.entry"]._write_down(
            "payout", "po_2:payout", self.company, self.currency, lines
        )
        self.assertIn("I12", self.find())

    def test_returned(self):
        """B22, I7, I11: what the bank sent back, fees included, is owed again."""
        line = self.payout.fee_ids.move_line_id
        netted = [("debit", 20000, line.id)]
        self.book(
            self.payout, "payout_return", plan_return(self.seller.id, 100000, netted)
        )
        self.assertEqual(self.find("I11", "I7"), ["I11", "I7"])
        self.payout.write(
            {"state": "returned", "amount_returned": 1000.0, "fee_returned": 200.0}
        )
        self.payout.fee_ids.amount_returned = 200.0
        self.assertProved()

    def test_it_stops_the_next_payout(self):
        """B22, B18: an open difference of a seller is an obstacle; explained, not."""
        self.tamper("UPDATE marketplace_payout SET amount = amount + 1")
        run = self.env["marketplace.proof.run"]._prove_company(self.company)
        self.assertTrue(run.difference_count)
        payouts = self.env["marketplace.payout"]
        found = payouts._get_blocking_exceptions(self.company, self.seller)
        self.assertEqual(found.seller_id, self.seller)
        self.assertEqual(set(found.mapped("check_code")), {"I11", "I12"})
        self.assertFalse(payouts._get_blocking_exceptions(self.company, self.buyer))
        for row in found:
            row._explain("Known.")
        self.assertFalse(payouts._get_blocking_exceptions(self.company, self.seller))


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProofCommissions(ProofCommon):
    def settle(self):
        self.sell_many([at("2025-01-03 10:00"), at("2025-01-28 10:00")])
        refunded = self.sell(at("2025-01-29 10:00"))
        self.give_back(refunded, at("2025-01-30 10:00"), 50.0)
        self.settle_on("2025-02-01 01:10:00")
        return self.settlements()

    def test_commissions(self):
        """B22, I6: each sale in one month, and what is invoiced is what they say."""
        settlement = self.settle()
        self.assertEqual(settlement.commission_amount, 25.0)
        self.assertEqual(self.find("I6", "I7", "I8", "I9", "I10"), [])
        for statement in (
            "UPDATE marketplace_settlement SET commission_amount = 1 WHERE id = %s",
            "UPDATE marketplace_settlement SET invoiced_amount = 1 WHERE id = %s",
            "UPDATE marketplace_sale SET settlement_id = NULL WHERE settlement_id = %s",
            "UPDATE marketplace_refund SET commission = 1 WHERE settlement_id = %s",
            "UPDATE account_move SET state = 'draft'"
            " WHERE marketplace_settlement_id = %s",
        ):
            self.env.flush_all()
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                self.tamper(statement, settlement.id)
                self.assertEqual(self.find("I6"), ["I6"])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_vat_on_payment(self):
        """B22, I9: what is netted in part makes that part of the VAT due."""
        move = self.settle().move_id
        claim = move.line_ids.filtered(
            lambda one: one.account_id.account_type == "asset_receivable"
        )
        fees = self.company.marketplace_fees_account_id
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company.marketplace_journal_id.id,
                "line_ids": [
                    Command.create({"account_id": fees.id, "balance": 10.0}),
                    Command.create(
                        {
                            "account_id": claim.account_id.id,
                            "partner_id": self.seller.id,
                            "balance": -10.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        paid = entry.line_ids.filtered(lambda one: one.account_id == claim.account_id)
        (claim | paid).reconcile()
        self.assertEqual(move.amount_residual, 20.0)
        self.assertEqual(self.find("I9"), [])
        self.tamper(
            "UPDATE account_move SET tax_cash_basis_origin_move_id = NULL"
            " WHERE tax_cash_basis_origin_move_id = %s",
            move.id,
        )
        self.assertEqual(self.find("I9"), ["I9"])

    def test_commission_left_open(self):
        """B22, I7: a seller was paid while an older commission was left open."""
        move = self.settle().move_id
        self.env["marketplace.payout"].create(
            {
                "name": "PAY/1",
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "currency_id": self.currency.id,
                "until": "2025-02-01",
                "state": "done",
                "amount": 5.0,
                "net_amount": 5.0,
            }
        )
        self.tamper(
            "UPDATE account_move SET create_date = create_date - INTERVAL '1 hour'"
            " WHERE id = %s",
            move.id,
        )
        self.assertEqual(self.find("I7"), ["I7"])
        self.tamper("UPDATE marketplace_payout SET net_amount = 0.01")
        self.assertEqual(self.find("I7"), [])
