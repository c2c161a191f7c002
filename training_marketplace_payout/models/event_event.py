# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, models

from odoo.addons.training_catalogue_payment.services.sellability import Reason

from ..services.marketplace_reasons import SellerReason


class EventEvent(models.Model):
    """A seller's session is on sale when its seller may sell and Mangopay can take the
    money (D4, D17)."""

    _inherit = "event.event"

    @api.depends(
        "company_id.finance_plus",
        "company_id.is_mangopay_ready",
        "company_id.marketplace_kyc_first",
        "company_id.training_exempt_tax_id",
        "company_id.training_franchise_tax_id",
        "company_id.training_taxable_tax_id",
        "programme_id.marketplace_seller_id.country_id",
        "programme_id.marketplace_seller_id.mangopay_seller_ids.is_kyc_ready",
        "programme_id.marketplace_seller_id.marketplace_contract_ids.has_attestation",
        "programme_id.marketplace_seller_id.marketplace_contract_ids.is_open",
        "programme_id.marketplace_seller_id.marketplace_contract_ids.state",
        "programme_id.marketplace_seller_id.marketplace_contract_ids.vat_regime",
        "programme_id.marketplace_stop",
    )
    def _compute_online_sale_ok(self):
        return super()._compute_online_sale_ok()

    def _get_sale_facts(self):
        """Override of the catalogue: Mangopay may have stopped a course."""
        facts = super()._get_sale_facts()
        return replace(
            facts,
            sold_online=facts.sold_online and not self.programme_id.marketplace_stop,
        )

    def _get_reason_words(self, programme):
        words = super()._get_reason_words(programme)
        programme_sudo = programme.sudo()
        seller = programme_sudo.marketplace_seller_id.display_name
        if not seller:
            return words
        words |= self._get_contract_words(seller) | self._get_seller_words(seller)
        if programme_sudo.marketplace_stop:
            words[Reason.NOT_SOLD_ONLINE] = self.env._(
                "Mangopay takes no payment for this course until its seller is "
                "verified."
            )
        return words

    def _get_own_course_message(self):
        return self.env._("This course is your own: it is bought by others.")

    def _get_contract_words(self, seller):
        """Return the catalogue's reasons as a seller's course tells them."""
        _ = self.env._
        return {
            Reason.STRIPE_NOT_LINKED: _(
                "Card payment is not ready: link the Mangopay account and create its "
                "notifications in the settings."
            ),
            Reason.VAT_REGIME_MISSING: _(
                "The contract of %(seller)s does not say its VAT regime.",
                seller=seller,
            ),
            Reason.ATTESTATION_MISSING: _(
                "The date and the file of the VAT exemption attestation of %(seller)s "
                "are missing in its contract.",
                seller=seller,
            ),
        }

    def _get_seller_words(self, seller):
        _ = self.env._
        return {
            SellerReason.NO_CONTRACT: _(
                "%(seller)s has no contract: it applies on the page « Sell on our "
                "marketplace ».",
                seller=seller,
            ),
            SellerReason.NOT_APPROVED: _(
                "The application of %(seller)s is not approved.", seller=seller
            ),
            SellerReason.SUSPENDED: _("%(seller)s is suspended.", seller=seller),
            SellerReason.CLOSED: _(
                "The contract of %(seller)s is closed.", seller=seller
            ),
            SellerReason.MANDATE: _(
                "%(seller)s has not accepted the mandate to invoice and cash in its "
                "name.",
                seller=seller,
            ),
            SellerReason.VERIFICATION: _(
                "Mangopay has not verified %(seller)s: see what is missing on the "
                "seller's form.",
                seller=seller,
            ),
            SellerReason.ABROAD: _(
                "%(seller)s is established in a country whose taxes are not known "
                "here: its courses can only be requested.",
                seller=seller,
            ),
        }

    def _tell_paid_are_to_treat(self):
        """Override of the catalogue: held purchases of a cancelled session are given
        back by the job, now."""
        result = super()._tell_paid_are_to_treat()
        if self.programme_id.marketplace_seller_id:
            self.env["marketplace.sale"]._trigger_hold_job()
        return result
