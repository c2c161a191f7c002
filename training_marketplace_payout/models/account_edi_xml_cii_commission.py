# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import etree

from odoo import models

from odoo.addons.training_catalogue_payment.services import facturx

from ..services.settlement import get_next_month


class AccountEdiXmlCii(models.AbstractModel):
    """Factur-X of the invoices of commissions (facts 3.3 F2, 3.6)."""

    _inherit = "account.edi.xml.cii"

    def _export_invoice_vals(self, invoice):
        """Override: the month is the period, the mention is told with the tax."""
        vals = super()._export_invoice_vals(invoice)
        settlement = invoice.marketplace_settlement_id
        if settlement:
            vals["billing_start"] = settlement.month
            vals["billing_end"] = get_next_month(settlement.month) - timedelta(days=1)
            for details in vals["tax_details"]["tax_details"].values():
                if invoice.training_mention and not details["amount"]:
                    details["tax_exemption_reason"] = invoice.training_mention
        return vals

    def _export_invoice_constraints(self, invoice, vals):
        """Override: what is set off needs no account to be paid on."""
        constraints = super()._export_invoice_constraints(invoice, vals)
        if invoice.marketplace_settlement_id:
            for number in (1, 2):
                constraints.pop(f"seller_payment_instructions_{number}", None)
        return constraints

    def _export_invoice(self, invoice):
        """Override: paid by setting off (97), VAT due on payment, and the rest."""
        xml, errors = super()._export_invoice(invoice)
        settlement = invoice.marketplace_settlement_id
        if not settlement:
            return xml, errors
        tree = etree.fromstring(xml)
        facturx.split_siret(tree)
        facturx.set_electronic_addresses(tree)
        facturx.set_billing_mode(tree, not invoice.amount_residual)
        facturx.set_vat_due_on_payment(tree)
        facturx.set_notes(tree, invoice.training_business_notes or {})
        facturx.set_payment_means(tree, facturx.CLEARING)
        if invoice.move_type == "out_refund":
            for original in settlement._get_credited_invoices():
                facturx.set_original_invoice(tree, original.name, original.invoice_date)
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8"), errors
