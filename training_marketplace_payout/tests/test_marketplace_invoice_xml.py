# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B12: the XML of a seller's invoice, checked by XSD and schematrons, case by case."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.marketplace_invoice_files import TEMPLATE
from ..services import invoice_cii
from .invoice_common import MarketplaceInvoiceCommon

SETTLEMENT = "//ram:ApplicableHeaderTradeSettlement"
TAX = f"{SETTLEMENT}/ram:ApplicableTradeTax"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceInvoiceXml(MarketplaceInvoiceCommon):
    def export(self, invoice):
        """Return the tree of a document, once it passed every check."""
        xml = invoice_cii.build(invoice._get_content())
        self.assertEqual(self.check_xml(xml), "")
        return etree.fromstring(xml)

    def get(self, tree, path):
        return [
            node.text for node in tree.xpath(path, namespaces=invoice_cii.NAMESPACES)
        ]

    def create_german_company(self):
        company = self.env["res.partner"].create(
            {
                "name": "Sprachen GmbH",
                "is_company": True,
                "vat": "DE123456788",
                "street": "Hauptstrasse 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref("base.de").id,
                "email": "office@sprachen.example.com",
            }
        )
        return self.env["res.partner"].create(
            {
                "name": "Petra Klein",
                "parent_id": company.id,
                "email": "petra@sprachen.example.com",
            }
        )

    def test_exempt_business(self):
        """B12: seller, invoicer, exempt category with its article, notes, paid."""
        invoice = self.issue()
        tree = self.export(invoice)
        seller = "//ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID"
        self.assertEqual(self.get(tree, seller), ["732829320"])
        invoicer = "//ram:InvoicerTradeParty"
        self.assertEqual(self.get(tree, f"{invoicer}/ram:RoleCode"), ["II"])
        number = f"{invoicer}/ram:SpecifiedLegalOrganization/ram:ID"
        self.assertEqual(self.get(tree, number), ["812876543"])
        mode = "//ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"
        self.assertEqual(self.get(tree, mode), ["S2"])
        self.assertEqual(self.get(tree, f"{TAX}/ram:CategoryCode"), ["E"])
        self.assertEqual(
            self.get(tree, f"{TAX}/ram:ExemptionReasonCode"), ["VATEX-FR-CGI261-4"]
        )
        codes = set(self.get(tree, "//ram:IncludedNote/ram:SubjectCode"))
        self.assertLessEqual({"PMT", "PMD", "AAB", "DCL", "REG"}, codes)
        self.assertEqual(self.get(tree, "//ram:DuePayableAmount"), ["0.00"])
        self.assertEqual(
            self.get(tree, "//ram:TotalPrepaidAmount"),
            self.get(tree, "//ram:GrandTotalAmount"),
        )
        means = "//ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"
        self.assertEqual(self.get(tree, means), ["48"])
        self.assertEqual(invoice.transmission, "none_needed")

    def test_franchise(self):
        """B12, A26: the seller's franchise, with its own sentence and code; it may
        have no VAT number."""
        self.set_regime("franchise")
        self.seller.vat = False
        invoice = self.issue()
        tree = self.export(invoice)
        self.assertEqual(
            self.get(tree, f"{TAX}/ram:ExemptionReasonCode"), ["VATEX-FR-FRANCHISE"]
        )
        self.assertIn("293 B", self.get(tree, f"{TAX}/ram:ExemptionReason")[0])
        self.assertEqual(invoice.vat_case, "franchise")
        # A franchise is in the scope of the reform (CGI art. 289 bis).
        self.assertEqual(invoice.transmission, "to_transmit")

    def test_taxable_business(self):
        """B12, B23: 20 %, to transmit by the approved platform."""
        self.set_regime("taxable")
        invoice = self.issue()
        tree = self.export(invoice)
        self.assertEqual(self.get(tree, f"{TAX}/ram:CategoryCode"), ["S"])
        self.assertEqual(self.get(tree, f"{TAX}/ram:CalculatedAmount"), ["240.00"])
        self.assertEqual(self.get(tree, f"{TAX}/ram:DueDateTypeCode"), ["72"])
        self.assertEqual(invoice.transmission, "to_transmit")
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (240.0, 1440.0))

    def test_french_vat_territory(self):
        """B23: Réunion is in it, French Guiana is not (CGI art. 294), on both sides."""
        content = {"vat_case": "taxable", "is_business": True}
        for seller, buyer, expected in (
            ("FR", "RE", "to_transmit"),
            ("MQ", "FR", "to_transmit"),
            ("GP", "DE", "e_reporting"),
            ("FR", "GF", "e_reporting"),
            ("FR", "MC", "e_reporting"),
            ("GF", "FR", "none_needed"),
        ):
            parties = {"seller": {"country": seller}, "buyer": {"country": buyer}}
            found = self.invoices._get_transmission({**content, **parties})
            self.assertEqual(found, expected, parties)

    def test_member_of_a_vat_group(self):
        """B12: mention 14 is printed and exported where the seller has one."""
        group = "Membre d'un assujetti unique : Groupe Rive, FR44732829320"
        self.contract.vat_group = group
        invoice = self.issue()
        legal = "//ram:SellerTradeParty/ram:Description"
        self.assertIn(group, self.get(self.export(invoice), legal)[0])
        invoice = invoice.with_context(lang="en_US")
        html = invoice.env["ir.qweb"]._render(TEMPLATE, invoice._prepare_print_values())
        self.assertIn("Groupe Rive", html)

    def test_taxable_individual(self):
        """B12, B23: to a consumer: mediator, no note on late payment, reported."""
        self.set_regime("taxable")
        self.sold_session.is_out_of_bpf = True
        invoice = self.issue(
            learners=1, kind="individual", contact=self._create_individual()
        )
        self.export(invoice)
        mentions = invoice._get_content()["mentions"]
        self.assertNotIn("business", mentions)
        self.assertIn("Médiation", mentions["mediator"])
        self.assertEqual(invoice.transmission, "e_reporting")
        self.assertFalse(invoice._get_content()["is_business"])

    def test_european_business(self):
        """B12: the compulsory word, both VAT numbers, reported."""
        self.set_regime("taxable")
        invoice = self.issue(contact=self.create_german_company())
        self.assertEqual(invoice.vat_case, "reverse_charge")
        tree = self.export(invoice)
        self.assertEqual(self.get(tree, f"{TAX}/ram:CategoryCode"), ["AE"])
        self.assertIn(
            "Autoliquidation", self.get(tree, f"{TAX}/ram:ExemptionReason")[0]
        )
        self.assertEqual(invoice.transmission, "e_reporting")

    def test_business_outside_the_union(self):
        """B12: outside the scope of VAT, with its article."""
        self.set_regime("taxable")
        contact = self.create_german_company()
        swiss = {"country_id": self.env.ref("base.ch").id, "vat": False}
        contact.parent_id.write(swiss)
        invoice = self.issue(contact=contact)
        self.assertEqual(invoice.vat_case, "non_eu")
        tree = self.export(invoice)
        self.assertIn("259", self.get(tree, f"{TAX}/ram:ExemptionReason")[0])

    def test_credit_note(self):
        """B12: 381, the invoice that it takes back and its date, refunded."""
        sale = self.sell()
        invoice = self.invoices._issue_for_sale(sale)
        credit = self.invoices._issue_credit_note(self.refund(sale, 100.0))
        tree = self.export(credit)
        path = "//rsm:ExchangedDocument/ram:TypeCode"
        self.assertEqual(self.get(tree, path), ["381"])
        origin = f"{SETTLEMENT}/ram:InvoiceReferencedDocument"
        self.assertEqual(
            self.get(tree, f"{origin}/ram:IssuerAssignedID"), [invoice.name]
        )
        self.assertEqual(
            self.get(tree, f"{origin}/ram:FormattedIssueDateTime/*"),
            [f"{invoice.date_issued:%Y%m%d}"],
        )

    def test_the_checks_do_refuse(self):
        """B12: a wrong total, or a note that French rules want, is not let through."""
        content = self.issue()._get_content()
        totals = {**content["totals"], "total": "1300.00"}
        wrong = invoice_cii.build({**content, "totals": totals})
        self.assertIn("CO-15", self.check_xml(wrong))
        notes = [note for note in content["xml_notes"] if note[0] != "PMT"]
        wrong = invoice_cii.build({**content, "xml_notes": notes})
        self.assertIn("BR-FR-05", self.check_xml(wrong))

    def test_no_vat_that_is_due(self):
        """B24: a taxable sale at home without VAT is never invoiced."""
        sale = self.sell()
        self.contract.vat_regime = "taxable"
        with self.assertRaises(UserError):
            self.invoices._issue_for_sale(sale)

    def test_mentions_are_dated(self):
        """B12, A26: the sentence in force is kept; without one nothing is issued."""
        invoice = self.issue()
        mention = self.env.ref(
            "training_catalogue_payment.training_tax_mention_exempt_cgi"
        )
        text = invoice._get_content()["mentions"]["vat"]
        self.assertEqual(text, mention.text)
        mention.date_to = "2021-01-01"
        self.assertEqual(invoice._get_content()["mentions"]["vat"], text)
        sale = self.sell()
        with self.assertRaises(UserError):
            self.invoices._issue_for_sale(sale)

    def test_whose_invoice_it_is(self):
        """B12: « Facture établie par … au nom et pour le compte de … », the seller's
        declaration of activity, session, dates and learners in the line."""
        invoice = self.issue()
        content = invoice._get_content()
        mandate = content["mentions"]["mandate"]
        self.assertIn(self.seller.name, mandate)
        self.assertIn("SIREN 812876543", mandate)
        self.assertIn(self.contract.nda_number, content["mentions"]["activity"])
        self.assertIn(invoice.sale_id.tx_id.reference, content["mentions"]["paid"])
        [line] = content["lines"]
        self.assertIn("Learner 1, Learner 2", line["details"][-1])
        self.assertIn(self.sold_session.name, line["details"])
