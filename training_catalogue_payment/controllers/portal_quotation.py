# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Domain

from odoo.addons.sale.controllers.portal import CustomerPortal


class TrainingQuotations(CustomerPortal):
    """Stock's « Quotations to review », on the portal."""

    def _prepare_quotations_domain(self, partner):
        """Leave out what is paid: an order that is held until its buyer is verified
        is not confirmed yet, and no quotation to review."""
        domain = super()._prepare_quotations_domain(partner)
        return Domain(domain) & Domain("training_paid_tx_id", "=", False)
