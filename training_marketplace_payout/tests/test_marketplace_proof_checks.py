# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22: each invariant of facts 4.5 sees what it is there for, in the database."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..services.seller_balances import Movement, derive_balances
from .marketplace_common import accept_mandate
from .marketplace_money_common import MarketplaceMoneyCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProofChecks(MarketplaceMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write(
            {
                "share_capital": "SAS au capital de 10 000 €",
                "registry": "RCS La Rochelle",
                "consumer_mediator": "Médiation, 12 rue Haute, Paris",
            }
        )
        cls.seller.vat = "FR44732829320"
        cls.company.write(
            {
                "company_registry": "81287654300011",
                "street": "24 boulevard Voltaire",
                "zip": "75011",
                "city": "Paris",
            }
        )
        accept_mandate(cls.contract)

    def find(self):
        """Return the checks that see a difference."""
        found = self.env["marketplace.proof"]._check_invariants(self.company)
        return sorted({one.check for one in found})

    def tamper(self, statement, *values):
        """Change the database behind the product's back."""
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, *values))
        self.env.invalidate_all()

    def live(self):
        """Return a sale that was invoiced, transferred and refunded in part."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        self.transfer(sale)
        sale.tx_id._refund_marketplace(500.0)
        for _step in range(3):
            self.run_jobs()
        self.follow_up()
        self.run_books()
        self.assertEqual(sale.amount_refunded, 500.0)
        self.assertProved()
        return sale

    def book(self, journal, *lines):
        """Post an entry by hand: (account, partner, debit)."""
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner and partner.id,
                            "debit": max(amount, 0.0),
                            "credit": max(-amount, 0.0),
                        }
                    )
                    for account, partner, amount in lines
                ],
            }
        )
        move.action_post()
        return move

    def test_invoices_are_payments(self):
        """B22, I5: an invoice that is missing or of another amount."""
        sale = self.live()
        invoices = self.env["marketplace.invoice"].search([("sale_id", "=", sale.id)])
        self.assertEqual(sorted(invoices.mapped("kind")), ["credit_note", "invoice"])
        self.tamper(
            "UPDATE marketplace_invoice SET amount_signed = amount_signed + 1"
            " WHERE id = %s",
            invoices[0].id,
        )
        self.assertEqual(self.find(), ["I5"])

    def test_held_in_part(self):
        """B22, I5, B10: what went back while it was held is never invoiced."""
        sale = self.pay_held()
        sale.tx_id._refund_marketplace(200.0)
        for _step in range(2):
            self.run_jobs()
        self.release(sale)
        self.follow_up()
        self.run_books()
        invoice = self.env["marketplace.invoice"].search([("sale_id", "=", sale.id)])
        self.assertEqual(invoice.amount_total, 1000.0)
        self.assertProved()

    def test_invoice_that_is_late(self):
        """B22, I5: on its way it is no difference; two days later it is."""
        sale = self.pay().marketplace_sale_id
        self.assertEqual(sale.order_id.training_followup_state, "todo")
        self.assertEqual(self.find(), [])
        sale.confirmed_at = "2020-01-01 00:00:00"
        self.assertEqual(self.find(), ["I5"])

    def test_series_and_seals(self):
        """B22, I10: a number, a date, a content, an amount, a seal that was touched."""
        sale = self.live()
        invoice = self.env["marketplace.invoice"].search(
            [("sale_id", "=", sale.id), ("kind", "=", "invoice")]
        )
        for statement in (
            "UPDATE marketplace_invoice SET rank = 7 WHERE id = %s",
            "UPDATE marketplace_invoice SET snapshot = REPLACE(snapshot, '1200', '12')"
            " WHERE id = %s",
            "UPDATE marketplace_invoice SET amount_total = 1 WHERE id = %s",
            "UPDATE marketplace_invoice SET previous_seal = 'x' WHERE id = %s",
            "UPDATE marketplace_invoice SET name = 'X-1' WHERE id = %s",
            "UPDATE marketplace_invoice_series SET last_rank = 2 WHERE id ="
            " (SELECT series_id FROM marketplace_invoice WHERE id = %s)",
        ):
            self.env.flush_all()
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                self.tamper(statement, invoice.id)
                self.assertIn("I10", self.find())
                savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.find(), [])

    def test_dates_never_go_back(self):
        """B22, I10: the second invoice of a series is not older than the first."""
        self.live()
        self.pay(self._create_session(self.sold))
        self.follow_up()
        self.assertEqual(self.find(), [])
        self.tamper(
            "UPDATE marketplace_invoice SET date_issued = date_issued - 30"
            " WHERE rank = 2 AND kind = 'invoice' AND seller_id = %s",
            self.seller.id,
        )
        self.assertEqual(self.find(), ["I10"])

    def test_journal_numbers(self):
        """B22, I10: an entry that was deleted, or renumbered, leaves a gap in the
        operator's own series; the first one of a series leaves one too."""
        company = self.company
        cash = company.marketplace_fees_account_id
        income = company.marketplace_income_account_id
        for journal in (
            company.marketplace_journal_id,
            company.marketplace_commission_journal_id,
        ):
            first, second, third = (
                self.book(journal, (cash, False, 10.0), (income, False, -10.0))
                for _entry in range(3)
            )
            self.assertEqual(third.sequence_number, first.sequence_number + 2)
            self.assertEqual(self.find(), [])
            for statement, move in (
                ("DELETE FROM account_move WHERE id = %s", second),
                ("DELETE FROM account_move WHERE id = %s", first),
                (
                    "UPDATE account_move SET sequence_number = 12 WHERE id = %s",
                    third,
                ),
            ):
                self.env.flush_all()
                with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                    self.tamper(statement, move.id)
                    self.assertEqual(self.find(), ["I10"])
                    savepoint.rollback()
                self.env.invalidate_all()
            self.assertEqual(self.find(), [])

    def test_accounts(self):
        """B22, I8: income elsewhere, a claim on a buyer, VAT on others' money."""
        company = self.company
        journal = company.marketplace_journal_id
        income = company.marketplace_income_account_id
        other = income.copy({"code": "708900"})
        claims = self.env["account.account"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("company_ids", "in", company.ids),
                ("id", "!=", company.marketplace_debit_account_id.id),
            ],
            limit=1,
        )
        cash = company.marketplace_fees_account_id
        self.book(journal, (cash, False, 10.0), (income, False, -10.0))
        self.assertEqual(self.find(), [])
        self.book(journal, (claims, self.seller, 10.0), (income, False, -10.0))
        self.assertEqual(self.find(), [])
        self.book(journal, (claims, self.buyer, 10.0), (income, False, -10.0))
        self.assertEqual(self.find(), ["I8"])
        self.tamper(
            "UPDATE res_partner SET is_marketplace_seller = TRUE WHERE id = %s",
            self.buyer.commercial_partner_id.id,
        )
        self.assertEqual(self.find(), [])
        move = self.book(journal, (cash, False, 10.0), (other, False, -10.0))
        self.assertEqual(self.find(), ["I8"])
        tax = self.env["account.tax"].search(
            [("company_id", "=", company.id), ("type_tax_use", "=", "sale")], limit=1
        )
        self.tamper(
            "UPDATE account_move_line SET account_id = %s, tax_line_id = %s"
            " WHERE move_id = %s AND credit > 0",
            income.id,
            tax.id,
            move.id,
        )
        self.assertEqual(self.find(), ["I8"])

    def test_own_money(self):
        """B22, I3: more was taken out of the wallet of fees than it had."""
        company = self.company
        cash = company.marketplace_fees_account_id
        income = company.marketplace_income_account_id
        self.book(
            company.marketplace_journal_id, (cash, False, -10.0), (income, False, 10.0)
        )
        self.assertEqual(self.find(), ["I3"])

    def test_derived(self):
        """B22: an operation and its entry changed together are seen all the same."""
        sale = self.live()
        self.tamper(
            "UPDATE mangopay_operation SET amount_minor = amount_minor + 100"
            " WHERE kind = 'transfer' AND res_model = 'marketplace.sale'"
            " AND res_id = %s",
            sale.id,
        )
        self.assertEqual(self.find(), ["I11", "derived"])

    def test_derived_again(self):
        """B22: held, refused, released, abandoned: counted from operations alone."""
        held = self.pay_held()
        self.assertProved()
        proof = self.env["marketplace.proof"]
        owner = held.tx_id.mangopay_wallet_id.partner_id.id
        euro = held.currency_id.id
        expected = {("wallet", owner, euro): 120000, ("hold", owner, euro): 120000}
        self.assertEqual(
            derive_balances(proof._iterate_movements(self.company)), expected
        )
        self.release(held)
        expected = {
            ("wallet", owner, euro): 120000,
            ("seller", self.seller.id, euro): 120000,
        }
        self.env.flush_all()
        self.assertEqual(
            derive_balances(proof._iterate_movements(self.company)), expected
        )

    def test_unknown_kind(self):
        """B22: a kind of movement that nobody counts stops the count."""
        with self.assertRaises(ValueError):
            derive_balances([Movement("gift", 5, 1)])
