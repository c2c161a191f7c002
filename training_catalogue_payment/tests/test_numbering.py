# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbering a prepaid invoice, whatever was closed since the payment."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import TrainingCommon

PAID_ON = "2026-03-10 09:00:00"
CLOSED_UNTIL = date(2026, 3, 31)
NUMBERED_ON = "2026-04-07 09:00:00"
LOCK_DATES = (
    "fiscalyear_lock_date",
    "tax_lock_date",
    "sale_lock_date",
    "hard_lock_date",
)


@tagged("post_install", "-at_install")
class TestNumbering(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        with freeze_time(PAID_ON):
            super().setUpClass()

    def _prepaid_invoice(self, taxable):
        self.company.training_numbered_at_payment = False
        self.session.is_out_of_bpf = taxable
        with freeze_time(PAID_ON):
            invoice = self._purchase().invoice_ids
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.payment_state, "paid")
        return invoice

    def _check_numbered_after(self, invoice, taxable):
        """The invoice is numbered, paid, and nothing was written when closed."""
        before = self._get_moves()
        with freeze_time(NUMBERED_ON):
            invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_residual, 0)
        self.assertGreater(invoice.date, CLOSED_UNTIL)
        new_moves = self._get_moves() - before
        self.assertFalse(new_moves.filtered(lambda move: move.date <= CLOSED_UNTIL))
        vat = self._get_balance("44571") if taxable else 0
        self.assertEqual(vat, -240 if taxable else 0)

    def _get_moves(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )

    def _get_balance(self, prefix):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_id.code", "=like", f"{prefix}%"),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_exempt_invoice_across_each_lock_date(self):
        """A21: an exempt invoice is numbered after each kind of closing."""
        for lock_date in LOCK_DATES:
            with self.subTest(lock_date):
                invoice = self._prepaid_invoice(taxable=False)
                self.company[lock_date] = CLOSED_UNTIL
                self._check_numbered_after(invoice, taxable=False)

    def _test_taxable(self, lock_date):
        invoice = self._prepaid_invoice(taxable=True)
        self.company[lock_date] = CLOSED_UNTIL
        self._check_numbered_after(invoice, taxable=True)

    def test_taxable_invoice_after_the_fiscal_year_is_locked(self):
        """A21: a taxable draft is numbered after the general closing."""
        self._test_taxable("fiscalyear_lock_date")

    def test_taxable_invoice_after_the_tax_return(self):
        """A21: a taxable draft is numbered after the tax return is locked."""
        self._test_taxable("tax_lock_date")

    def test_taxable_invoice_after_sales_are_locked(self):
        """A21: a taxable draft is numbered after sales are locked."""
        self._test_taxable("sale_lock_date")

    def test_taxable_invoice_after_the_hard_lock(self):
        """A21: a taxable draft is numbered after the irreversible closing."""
        self._test_taxable("hard_lock_date")

    def test_entries_of_the_vat_carry_day_and_number(self):
        """A21, A26: drafts numbered together keep their payments; the entries of the
        VAT on cashing are of that day and name their invoice."""
        invoices = self._prepaid_invoice(True) | self._prepaid_invoice(True)
        matching = invoices._get_training_partials()
        with freeze_time(NUMBERED_ON):
            invoices.action_post()
        self.assertEqual(invoices._get_training_partials(), matching)
        for invoice in invoices:
            entry = invoice.tax_cash_basis_created_move_ids
            self.assertEqual(entry.state, "posted")
            self.assertEqual((entry.date, entry.ref), (invoice.date, invoice.name))
            self.assertTrue(all(line.name for line in entry.line_ids))
        self.assertEqual(self._get_balance("44571"), -480)
        self.assertEqual(self._get_balance("44574"), 0)
