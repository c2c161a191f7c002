# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MarketplaceSale(models.Model):
    """A sale may call for something from its seller (B13, B14)."""

    _inherit = "marketplace.sale"

    def _ask_seller_documents(self):
        """Ask the seller for bank details or verification, where this sale calls for
        it. Idempotent: a step of the follow-up of the sale."""
        self.ensure_one()
        sale_sudo = self.sudo()
        seller_sudo = sale_sudo.seller_id
        contract_sudo = seller_sudo._get_marketplace_contract(sale_sudo.company_id)
        contract_sudo._ask_missing_documents(sale_sudo)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_sale_steps(self, sale):
        """Override: the seller is asked for what its sale calls for."""
        return [*super()._get_sale_steps(sale), sale._ask_seller_documents]


class PaymentTransaction(models.Model):
    """Under « KYC before the first sale » a payment names whom it is for (B14)."""

    _inherit = "payment.transaction"

    def _prepare_mangopay_payin(self, wallet):
        """Override: name the seller where verification comes first.

        All users named must be verified owners (release of 24 June 2026), else the
        payment is refused (002951). Otherwise nobody is named.
        """
        arguments = super()._prepare_mangopay_payin(wallet)
        seller_sudo = self.sale_order_ids[:1].sudo().marketplace_seller_id
        if not self.company_id.marketplace_kyc_first or not seller_sudo:
            return arguments
        owner_sudo = seller_sudo._get_mangopay_user(wallet.account_id, "OWNER")
        if owner_sudo.mangopay_id:
            arguments["beneficiaries"] = [owner_sudo.mangopay_id]
        return arguments

    def _stop_marketplace_programme(self, operation):
        """Override: the seller is asked for its verification."""
        super()._stop_marketplace_programme(operation)
        seller_sudo = self.sale_order_ids[:1].sudo().marketplace_seller_id
        contract_sudo = seller_sudo._get_marketplace_contract(self.company_id)
        if contract_sudo:
            contract_sudo._ask_verification()
