# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B12, B19: credit notes of a seller's invoice, right to the cent."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .invoice_common import MarketplaceInvoiceCommon


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvoiceCredit(MarketplaceInvoiceCommon):
    def test_one_for_each_refund(self):
        """B19: once, whatever runs twice; a refund before the sale has none."""
        sale = self.sell()
        refund = self.refund(sale, 100.0)
        credit = self.invoices._issue_credit_note(refund)
        self.assertEqual(credit.amount_total, 100.0)
        self.assertEqual(credit.kind, "credit_note")
        self.assertEqual(self.invoices._issue_credit_note(refund), credit)
        self.assertEqual(credit.origin_id, self.invoices._find_first(sale))
        held = self.refund(self.sell(), 100.0)
        held.is_held = True
        self.assertFalse(self.invoices._issue_credit_note(held))

    def test_parts_sum_to_the_whole(self):
        """B19: amounts that do not divide: each total is what was refunded, and tax
        and base end where the invoice's are."""
        self.set_regime("taxable")
        tax = self.company.training_taxable_tax_id
        for price_include in ("tax_excluded", "tax_included"):
            with self.subTest(price_include):
                tax.price_include_override = price_include
                sale = self.sell(learners=1)
                invoice = self.invoices._issue_for_sale(sale)
                left = sale.amount_total
                for amount in (33.33, 0.01, 71.07, 199.99):
                    credit = self.invoices._issue_credit_note(self.refund(sale, amount))
                    self.assertAlmostEqual(credit.amount_total, amount)
                    self.assertAlmostEqual(
                        credit.amount_untaxed + credit.amount_tax, amount
                    )
                    left -= amount
                self.invoices._issue_credit_note(self.refund(sale, round(left, 2)))
                credits = invoice.credit_ids
                self.assertAlmostEqual(
                    sum(credits.mapped("amount_tax")), invoice.amount_tax
                )
                self.assertAlmostEqual(
                    sum(credits.mapped("amount_untaxed")), invoice.amount_untaxed
                )
        self.assertEqual(self.invoices._verify_chain(self.contract)[1], "")

    def test_never_beyond_the_invoice(self):
        """B19: more than the invoice is refused, and takes no number."""
        sale = self.sell()
        self.invoices._issue_credit_note(self.refund(sale, 1100.0))
        with self.assertRaises(UserError):
            self.invoices._issue_credit_note(self.refund(sale, 100.01))
        last = self.invoices._issue_credit_note(self.refund(sale, 100.0))
        self.assertEqual(last.rank, 2)

    def test_cancelled_before_the_invoice(self):
        """B12, B19: learners who leave before the job comes: the invoice is of what
        was paid, the credit note of what was given back."""
        sale = self.sell()
        sale.order_id.order_line.product_uom_qty = 1
        refund = self.refund(sale, 600.0)
        credit = self.invoices._issue_credit_note(refund)
        invoice = credit.origin_id
        self.assertEqual(invoice.amount_total, sale.amount_total)
        self.assertEqual(credit.amount_total, 600.0)
