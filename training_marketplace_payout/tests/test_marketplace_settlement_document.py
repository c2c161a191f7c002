# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B17: the invoice of a month, its annex, its Factur-X, its sending; its cost (P8)."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree, html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.training_catalogue_payment.services.facturx import NAMESPACES

from .settlement_common import SettlementCommon, at

SEND_JOB = "training_marketplace_payout.ir_cron_send_settlements"
SENDING = "odoo.addons.training_marketplace_payout.models.marketplace_sending_mixin"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceSettlementDocument(SettlementCommon):
    def settle_november(self, **values):
        """Return the settlement of two sales, with a refund of one."""
        sales = self.sell_many([at("2026-11-03 10:00"), at("2026-11-30 22:30")])
        self.give_back(sales[0], at("2026-11-20 10:00"), 40, **values)
        self.settle_on("2026-12-01 01:10:00")
        return self.settlements()

    # The document

    def render(self, move):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", move.ids
        )
        return html.fromstring(content)

    def read_table(self, page, name):
        rows = page.xpath(f"//table[@name='{name}']/tbody/tr")
        return [[cell.text_content() for cell in row.iter("td")] for row in rows]

    def test_annex(self):
        """B17: the annex lists each sale and each refund, and the total."""
        settlement = self.settle_november()
        page = self.render(settlement.move_id)
        sales = self.read_table(page, "commission_sales")
        orders = settlement.sale_ids.sorted("confirmed_at").order_id
        self.assertEqual([row[0] for row in sales], orders.mapped("name"))
        self.assertEqual([row[2] for row in sales], ["03/11/2026", "30/11/2026"])
        self.assertIn("10,00", sales[0][5])
        [refund] = self.read_table(page, "commission_refunds")
        self.assertIn("-40,00", refund[3])
        self.assertIn("-4,00", refund[5])
        [annex] = page.xpath("//div[@name='commission_annex']")
        self.assertIn("16,00", annex.text_content())
        [note] = page.xpath("//div[@name='comment']")
        signed = settlement.contract_id.mandate_id.accepted_at
        self.assertIn(f"{signed:%d/%m/%Y}", note.text_content())

    def test_annex_of_kept_commission(self):
        """B17: nothing is deducted of a refund whose commission is kept."""
        self.company.marketplace_refund_policy = "kept"
        settlement = self.settle_november()
        [refund] = self.read_table(
            self.render(settlement.move_id), "commission_refunds"
        )
        self.assertIn("0,00", refund[5])
        self.assertEqual(settlement.commission_amount, 20)

    def test_annex_names_the_mandated_invoice(self):
        """B17, B12: the annex names the invoice issued in the seller's name."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        sale.confirmed_at = at("2026-01-15 10:00")
        self.settle_on("2026-02-01 01:10:00")
        [row] = self.read_table(
            self.render(self.settlements().move_id), "commission_sales"
        )
        invoice = self.env["marketplace.invoice"].search([("sale_id", "=", sale.id)])
        self.assertEqual(row[1], invoice.name)

    def test_own_invoice_has_no_annex(self):
        """D2: other invoices of the operator are untouched."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.seller.id,
                "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 5})],
            }
        )
        move.action_post()
        self.assertFalse(self.render(move).xpath("//div[@name='commission_annex']"))
        move.button_draft()

    def find(self, tree, path):
        return [node.text for node in tree.xpath(path, namespaces=NAMESPACES)]

    def export(self, move):
        xml, errors = self.env["account.edi.xml.cii"]._export_invoice(move)
        return etree.fromstring(xml), errors

    def test_factur_x(self):
        """B17, facts 3.6: set off (97), VAT due on payment, the month as period."""
        self.company.partner_id.write(
            {"vat": "FR23334175221", "company_registry": "33417522101010"}
        )
        tree, _errors = self.export(self.settle_november().move_id)
        means = "//ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"
        self.assertEqual(self.find(tree, means), ["97"])
        self.assertEqual(self.find(tree, "//ram:DueDateTypeCode"), ["72"])
        mode = "//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
        self.assertEqual(self.find(tree, mode), ["S1"])
        period = "//ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod//*"
        days = [text for text in self.find(tree, period) if text.strip()]
        self.assertEqual(days, ["20261101", "20261130"])
        notes = self.find(tree, "//ram:IncludedNote/ram:SubjectCode")
        self.assertEqual(set(notes), {"AAB", "PMD", "PMT"})

    def test_factur_x_of_a_credit_note(self):
        """B17: a credit note names the invoices whose commission it gives back; a
        reverse charge tells its reason."""
        seller = self.create_seller("Atelier belge", "be", vat="BE0477472701")
        sale = self.sell(at("2026-10-03 10:00"), seller=seller)
        self.settle_on("2026-11-01 01:10:00")
        self.give_back(sale, at("2026-11-05 10:00"))
        self.settle_on("2026-12-01 01:10:00")
        invoice, credit = self.settlements(seller).move_id.sorted("id")
        tree, _errors = self.export(credit)
        path = "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
        self.assertEqual(self.find(tree, path), [invoice.name])
        tree, _errors = self.export(invoice)
        [reason] = self.find(
            tree, "//ram:ApplicableHeaderTradeSettlement//ram:ExemptionReason"
        )
        self.assertEqual(reason, invoice.training_mention)
        page = self.render(credit)
        [named] = page.xpath("//p[@name='commission_credited']")
        self.assertIn(invoice.name, named.text_content())

    # Sending

    def test_sending(self):
        """B17: sent once by a job, PDF and Factur-X, in the seller's language."""
        self.seller.email = "compta@atelier.example"
        settlement = self.settle_november()
        move = settlement.move_id
        self.assertEqual(settlement.send_state, "todo")
        for _time in range(2):
            self.run_jobs(SEND_JOB)
        self.assertEqual(
            (settlement.send_state, settlement.send_error), ("done", False)
        )
        self.assertTrue(move.invoice_pdf_report_id)
        mails = self.env["mail.mail"].search(
            [("model", "=", "account.move"), ("res_id", "=", move.id)]
        )
        notified = move.message_ids.filtered(lambda one: one.message_type == "comment")
        self.assertEqual(len(notified), 1)
        self.assertEqual(notified.partner_ids, settlement._get_recipients())
        self.assertLessEqual(len(mails), 1)

    def test_sending_fails(self):
        """B17: a document that fails stops nothing, and is told after a few tries."""
        with patch.object(
            type(self.env["account.move.send"]),
            "_generate_and_send_invoices",
            side_effect=UserError("no paper"),
        ):
            settlement = self.settle_november()
            self.assertEqual(settlement.move_id.state, "posted")
            with mute_logger(SENDING):
                for _time in range(6):
                    self.run_jobs(SEND_JOB)
        self.assertEqual(settlement.send_state, "failed")
        self.assertEqual(len(settlement.activity_ids), 1)
        settlement.action_send_again()
        self.run_jobs(SEND_JOB)
        self.assertEqual(settlement.send_state, "done")

    def test_never_paid_online(self):
        """B17: what is set off is not offered for payment to the seller."""
        self.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", "True"
        )
        self.assertFalse(self.settle_november().move_id._has_to_be_paid())

    # What it costs

    def count_queries(self, now):
        self.env.invalidate_all()
        self.env.flush_all()
        before = self.cr.sql_log_count
        crons = type(self.env["ir.cron"])
        endless = patch.object(crons, "_commit_progress", lambda *a, **k: float("inf"))
        with freeze_time(now), endless:
            self.env["marketplace.settlement"]._cron_settle()
            self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_queries_follow_sellers(self):
        """P8: as many statements for forty sales as for four; a second run: five."""
        other = self.create_seller("Atelier des sons")
        self.sell(at("2026-09-03 10:00"))
        self.count_queries("2026-10-01 01:10:00")
        found = []
        for month, number in ((10, 2), (11, 20)):
            for seller in (self.seller, other):
                moment = at(f"2026-{month}-03 10:00")
                self.sell_many([moment] * number, seller=seller)
            found.append(self.count_queries(f"2026-{month + 1}-01 01:10:00"))
        few, many = found
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(self.count_queries("2026-12-01 02:10:00"), 5)
        self.assertEqual(len(self.settlements(other)), 2)
        self.assertEqual(self.settlements(other)[-1].month, date(2026, 11, 1))
