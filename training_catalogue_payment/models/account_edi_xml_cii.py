# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import models

from ..services import facturx


class AccountEdiXmlCii(models.AbstractModel):
    """Factur-X of the documents of training (A26); others are left to Odoo."""

    _inherit = "account.edi.xml.cii"

    def _get_scheduled_delivery_time(self, invoice):
        """The session's dates are told as the period; nothing is delivered on one."""
        if invoice.training_session_id:
            return None
        return super()._get_scheduled_delivery_time(invoice)

    def _export_invoice_vals(self, invoice):
        """Tell the session's period, the buyer's own order number and the mention."""
        vals = super()._export_invoice_vals(invoice)
        session = invoice.training_session_id
        if session:
            vals["billing_start"] = session.date_begin
            vals["billing_end"] = session.date_end
            vals["purchase_order_reference"] = invoice.ref or ""
            buyer = invoice.with_context(lang=invoice.partner_id.lang)
            for details in vals["tax_details"]["tax_details"].values():
                if details["tax_category_code"] == facturx.OUTSIDE_SCOPE:
                    reason = buyer.env._("Outside the scope of VAT")
                    details["tax_exemption_reason"] = reason
                if details["tax_category_code"] == "E" and invoice.training_mention:
                    details["tax_exemption_reason"] = invoice.training_mention
        return vals

    def _export_invoice_constraints(self, invoice, vals):
        """An invoice paid by card needs no account to be paid on."""
        constraints = super()._export_invoice_constraints(invoice, vals)
        if invoice.training_session_id:
            for name in (
                "seller_payment_instructions_1",
                "seller_payment_instructions_2",
            ):
                constraints.pop(name, None)
        return constraints

    def _export_invoice(self, invoice):
        """Mend in the tree what the builder's template fixes (facts 3.7)."""
        xml, errors = super()._export_invoice(invoice)
        if not invoice.training_session_id:
            return xml, errors
        tree = etree.fromstring(xml)
        facturx.name_lines(tree)
        facturx.split_siret(tree)
        facturx.set_electronic_addresses(tree)
        facturx.set_billing_mode(tree, not invoice.amount_residual)
        facturx.repeat_exemption_on_lines(tree)
        facturx.set_vat_due_on_payment(tree)
        facturx.set_outside_scope(tree)
        facturx.set_notes(tree, self._get_training_notes(invoice))
        if invoice._get_training_card_payments():
            facturx.set_paid_by_card(tree)
        original = invoice.reversed_entry_id
        if original.invoice_date:
            facturx.set_original_invoice(tree, original.name, original.invoice_date)
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8"), errors

    def _get_training_notes(self, invoice):
        notes = dict(invoice.training_business_notes or {})
        if invoice.training_activity_note:
            notes["REG"] = invoice.training_activity_note
        return notes
