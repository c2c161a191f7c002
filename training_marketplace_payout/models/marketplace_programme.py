# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import models

from odoo.addons.training_catalogue_payment.services import vat
from odoo.addons.training_catalogue_payment.services.rules import TrainingRules

from ..services.marketplace_reasons import SellerFacts, seller_reasons


class ProductTemplate(models.Model):
    """A seller's course is sold under the rules of its seller (B24, D17)."""

    _inherit = "product.template"

    def _get_marketplace_contract(self, company):
        """Return the contract of the course's seller with an operator, with sudo.

        From what is cached of all the courses of a page: one query for all of them.
        """
        contracts_sudo = self.sudo().marketplace_seller_id.marketplace_contract_ids
        return contracts_sudo.filtered(lambda one: one.company_id == company)[:1]

    def _get_training_rules(self, company):
        """Override of the catalogue: the seller's regime, regulation and country."""
        seller_sudo = self.sudo().marketplace_seller_id
        if not seller_sudo:
            return super()._get_training_rules(company)
        contract_sudo = self._get_marketplace_contract(company)
        return TrainingRules(
            vat_regime=contract_sudo.vat_regime or None,
            has_attestation=contract_sudo.has_attestation,
            # Unknown is the stricter: what counts in the BPF is for companies only.
            is_regulated=not contract_sudo or contract_sudo.is_french_regulated,
            country=self._get_seller_country(seller_sudo, company),
        )

    def _get_seller_country(self, seller_sudo, company):
        home = company.account_fiscal_country_id.code or ""
        return seller_sudo.country_id.code or home

    def _get_training_company_facts(self, company):
        """Override of the catalogue: Mangopay is the way to be paid."""
        facts = super()._get_training_company_facts(company)
        if not self.sudo().marketplace_seller_id:
            return facts
        return replace(facts, provider_ready=company.is_mangopay_ready)

    def _get_training_company_reasons(self, company):
        """Override of the catalogue: the seller has a contract and gave its mandate."""
        reasons = super()._get_training_company_reasons(company)
        if not self.sudo().marketplace_seller_id:
            return reasons
        return seller_reasons(self._get_seller_facts(company), reasons)

    def _get_seller_facts(self, company):
        """Return what `services.marketplace_reasons` needs to know of the seller."""
        seller_sudo = self.sudo().marketplace_seller_id
        contract_sudo = self._get_marketplace_contract(company)
        home = company.account_fiscal_country_id.code or ""
        country = self._get_seller_country(seller_sudo, company)
        is_french = vat.find_home(country) != vat.Place.POSITION
        return SellerFacts(
            state=contract_sudo.state or "",
            has_mandate=contract_sudo.is_open,
            is_verified=not company.marketplace_kyc_first
            or seller_sudo._is_kyc_ready(company),
            is_taxed_here=country == home
            or (is_french and vat.find_home(home) != vat.Place.POSITION),
        )
