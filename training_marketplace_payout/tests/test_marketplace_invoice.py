# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B12: the invoice issued in the name and on behalf of a seller."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .invoice_common import MarketplaceInvoiceCommon
from .marketplace_money_common import FOLLOW_UP_JOB

FOLLOW_UP_LOGGER = "odoo.addons.training_catalogue_payment.models.sale_order_prepaid"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvoice(MarketplaceInvoiceCommon):
    def test_one_for_each_sale(self):
        """B12: number of the seller's own series, amounts of the sale, once."""
        sale = self.sell()
        invoice = self.invoices._issue_for_sale(sale)
        year = self.company._get_marketplace_today().year
        code = self.contract.series_code
        self.assertEqual(invoice.name, f"MKP-{code}-{year}-00001")
        self.assertLessEqual(len(invoice.name), 20)
        self.assertEqual(invoice.state, "issued")
        self.assertEqual(invoice.amount_total, sale.amount_total)
        self.assertEqual(invoice.amount_untaxed, sale.amount_untaxed)
        self.assertEqual(invoice.seller_id, self.seller)
        self.assertEqual(invoice.mandate_id, self.contract.mandate_id)
        self.assertEqual(self.invoices._issue_for_sale(sale), invoice)
        self.assertEqual(self.issue().rank, 2)

    def test_made_by_the_follow_up(self):
        """B12: a buyer pays at Mangopay, the job that follows issues the invoice."""
        order = self.pay()
        order._follow_up_purchase()
        order._follow_up_purchase()
        invoice = self.invoices.search([("order_id", "=", order.id)])
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_total, order.amount_total)
        self.assertEqual(order.training_request_id.marketplace_invoice_ids, invoice)

    @mute_logger(FOLLOW_UP_LOGGER)
    def test_buyer_is_told_without_it(self):
        """B11, R17: the invoice cannot be made: booked, confirmed and told all the
        same, each once; it is issued when the cause is mended."""
        order = self.pay()
        sale = order.marketplace_sale_id
        self.contract.mandate_id = False
        with patch.object(self.env.cr, "rollback", lambda: None):
            for _try in range(6):
                self.run_jobs(FOLLOW_UP_JOB)
        self.assertEqual(order.training_followup_state, "failed")
        self.assertFalse(self.invoices._find_first(sale))
        self.assertEqual(sale.entry_ids.state, "booked")
        self.assertTrue(sale.invitation_ids)
        self.assertTrue(self.contract.rib_asked_at)
        request, told = order.training_request_id, order.training_buyer_mail_date
        self.assertTrue(request and told and order.training_notice_mail_date)
        mails = [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        count = self.env["mail.mail"].search_count(mails)
        self.contract.mandate_id = self.contract.mandate_ids[:1]
        order.action_retry_training_follow_up()
        self.run_jobs(FOLLOW_UP_JOB)
        self.assertEqual(order.training_followup_state, "done")
        self.assertEqual(self.invoices._find_first(sale).rank, 1)
        self.assertEqual(order.training_buyer_mail_date, told)
        self.assertEqual(order.training_request_id, request)
        self.assertEqual(self.env["mail.mail"].search_count(mails), count)

    def test_refund_without_it(self):
        """B19, R17: what went back is booked though its credit note cannot be made."""
        sale = self.sell()
        self.refund(sale, 100.0)
        steps = [step.__name__ for step in sale.order_id._get_follow_up_steps()]
        self.assertEqual(steps[:2], ["_book_payment", "_book"])
        self.assertEqual(steps[-2:], ["_issue_invoice", "_issue_credit_note"])

    def test_never_an_entry_of_the_operator(self):
        """B12: nothing of it is in the operator's books, turnover or VAT."""
        before = self.env["account.move"].search_count([])
        sale = self.sell()
        self.invoices._issue_for_sale(sale)
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertFalse(sale.order_id.invoice_ids)

    def test_no_mandate_no_invoice(self):
        """B12: the mandate is written and prior: without it nothing is issued, and
        no number is lost."""
        sale = self.sell()
        self.contract.mandate_id = False
        with self.assertRaises(UserError):
            self.invoices._issue_for_sale(sale)
        self.contract.mandate_id = self.contract.mandate_ids[:1]
        self.assertEqual(self.invoices._issue_for_sale(sale).rank, 1)

    def test_rollback_leaves_no_gap(self):
        """B12: a number whose document is undone is given to the next one."""
        self.issue()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.issue()
            raise ZeroDivisionError
        self.assertEqual(self.issue().rank, 2)

    def test_series_of_years_and_kinds(self):
        """B12: a series a year and a kind; a date is never before the last one."""
        now = fields.Datetime.now()
        sales = [self.sell() for _one in range(3)]
        next_year = now.replace(year=now.year + 1, month=1, day=2)
        first = self.invoices._issue_for_sale(sales[0])
        with freeze_time(next_year):
            second = self.invoices._issue_for_sale(sales[1])
        self.assertEqual(second.rank, 1)
        self.assertIn(f"-{next_year.year}-", second.name)
        third = self.invoices._issue_for_sale(sales[2])
        self.assertEqual(third.date_issued, second.date_issued)
        self.assertEqual(third.rank, 2)
        credit = self.invoices._issue_credit_note(self.refund(sales[0], 100.0))
        self.assertEqual(credit.rank, 1)
        self.assertTrue(credit.name.startswith("MKA-"))
        self.assertEqual(credit.origin_id, first)
        self.assertEqual(second.previous_seal, first.seal)
        self.assertEqual(self.invoices._verify_chain(self.contract)[1], "")

    def test_nobody_changes_it(self):
        """B12: not the product itself; how it was received may change."""
        invoice = self.issue()
        for vals in ({"amount_total": 1}, {"name": "X"}, {"snapshot": "{}"}):
            with self.assertRaises(UserError):
                invoice.write(vals)
        with self.assertRaises(UserError):
            invoice.line_ids.write({"quantity": 5})
        for records in (invoice, invoice.line_ids):
            with self.assertRaises(UserError):
                records.unlink()
            with self.assertRaises(UserError):
                records.copy()
        insider = new_test_user(
            self.env,
            login="insider",
            groups="account.group_account_manager,base.group_system",
        )
        own = invoice.with_user(insider)
        self.assertEqual(own.amount_total, invoice.amount_total)
        for vals in ({"state": "accepted"}, {"exported_at": False}):
            with self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(AccessError):
            invoice.series_id.with_user(insider).last_rank = 7

    def test_who_reads_it(self):
        """B12: marketplace and accountants; not who runs events, not the seller's
        user by RPC."""
        invoice = self.issue()
        support = "training_marketplace_payout.group_marketplace_support"
        for login, group in (
            ("sup", support),
            ("acc", "account.group_account_invoice"),
        ):
            user = new_test_user(self.env, login=login, groups=group)
            self.assertTrue(invoice.with_user(user).read(["name"]))
        for login, group in (
            ("eve", "event.group_event_manager"),
            ("por", "base.group_portal"),
        ):
            user = new_test_user(self.env, login=login, groups=group)
            with self.assertRaises(AccessError):
                invoice.with_user(user).read(["name"])

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_one(self):
        """B12: one invoice a sale, whatever the code does."""
        invoice = self.issue()
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO marketplace_invoice (sale_id, kind, name, seller_id,"
                " series_id, rank, buyer_id, company_id, contract_id, currency_id,"
                " date_issued, send_state, mandate_id, order_id, seal, snapshot, state,"
                " transmission, vat_case) SELECT sale_id, kind, name || 'b', seller_id,"
                " series_id, 99, buyer_id, company_id, contract_id, currency_id,"
                " date_issued, send_state, mandate_id, order_id, seal, snapshot, state,"
                " transmission, vat_case FROM marketplace_invoice WHERE id = %s",
                [invoice.id],
            )

    def test_chain_tells_what_was_touched(self):
        """B12: a change in the database, a missing document, a changed amount."""
        first, second = self.issue(), self.issue()
        verify = self.invoices._verify_chain
        self.assertEqual(verify(self.contract), (self.invoices, ""))
        for query, broken, code in (
            ("UPDATE marketplace_invoice SET amount_total = 1", second, "columns"),
            (
                "UPDATE marketplace_invoice SET snapshot = replace(snapshot, '€', '$')",
                second,
                "chain",
            ),
            ("UPDATE marketplace_invoice SET rank = 9", second, "chain"),
        ):
            with self.subTest(query), self.env.cr.savepoint() as savepoint:
                self.env.flush_all()
                self.env.cr.execute(f"{query} WHERE id = %s", [second.id])
                self.env.invalidate_all()
                self.assertEqual(verify(self.contract), (broken, code))
                savepoint.rollback()
                self.env.invalidate_all()
        self.env.cr.execute(
            "UPDATE marketplace_invoice_series SET last_rank = 3 WHERE id = %s",
            [first.series_id.id],
        )
        self.env.invalidate_all()
        self.assertEqual(verify(self.contract), (second, "end"))
        self.assertEqual(first.action_verify()["params"]["type"], "danger")

    def test_accepted_when_the_delay_ends(self):
        """B23: after the days of the mandate the invoice is accepted, not before."""
        invoice = self.issue()
        days = self.contract.mandate_id.contest_days
        self.assertEqual(
            invoice.contest_deadline, invoice.date_issued + timedelta(days=days)
        )
        self.accept_now()
        self.assertEqual(invoice.state, "issued")
        with freeze_time(fields.Datetime.now() + timedelta(days=days + 1)):
            self.accept_now()
        self.assertEqual(invoice.state, "accepted")
