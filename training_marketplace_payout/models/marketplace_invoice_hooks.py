# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class MarketplaceSale(models.Model):
    _inherit = "marketplace.sale"

    def _issue_invoice(self):
        """Override: issue the seller's invoice of this sale, once (D11)."""
        super()._issue_invoice()
        return self.env["marketplace.invoice"]._issue_for_sale(self)


class MarketplaceRefund(models.Model):
    _inherit = "marketplace.refund"

    def _issue_credit_note(self):
        """Override: issue the seller's credit note of this refund, once (D11)."""
        super()._issue_credit_note()
        return self.env["marketplace.invoice"]._issue_credit_note(self)


class TrainingRequest(models.Model):
    _inherit = "training.request"

    marketplace_invoice_ids = fields.Many2many(
        "marketplace.invoice",
        string="Documents of the seller",
        compute="_compute_marketplace_invoice_ids",
        compute_sudo=True,
        groups="training_marketplace_payout.group_marketplace_support,"
        "account.group_account_invoice",
    )

    @api.depends("order_id")
    def _compute_marketplace_invoice_ids(self):
        found = self.env["marketplace.invoice"].search(
            [("order_id", "in", self.order_id.ids)], order="id"
        )
        by_order = found.grouped("order_id")
        for request in self:
            request.marketplace_invoice_ids = by_order.get(request.order_id, False)
