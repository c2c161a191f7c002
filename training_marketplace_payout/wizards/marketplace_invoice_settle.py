# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MarketplaceInvoiceSettle(models.TransientModel):
    """The seller corrected a contested document itself, in its own series."""

    _name = "marketplace.invoice.settle"
    _description = "Document Corrected by the Seller"

    invoice_id = fields.Many2one(
        "marketplace.invoice", string="Contested", required=True, readonly=True
    )
    seller_reference = fields.Char(
        string="Number of the seller's own document", required=True
    )

    def default_get(self, fields):
        """Settle the document that is open."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "marketplace.invoice":
            values["invoice_id"] = self.env.context.get("active_id")
        return values

    def action_confirm(self):
        """Note the seller's own document."""
        self.ensure_one()
        self.invoice_id.action_corrected_by_seller(self.seller_reference)
        return {"type": "ir.actions.act_window_close"}
