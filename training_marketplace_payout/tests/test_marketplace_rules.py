# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1, B24: a seller's course is sold under the seller's contract, regime and taxes."""

from odoo.tests import tagged

from odoo.addons.training_catalogue_payment.services.sellability import Reason

from ..services.marketplace_reasons import SellerReason
from .marketplace_common import accept_mandate, make_contract
from .payment_common import MangopayPaymentCommon


@tagged("training_install", "post_install", "-at_install")
class TestMarketplaceRules(MangopayPaymentCommon):
    def reasons(self, session=None):
        """Return why a seller's session is not on sale; what is stored must agree."""
        session = session or self.sold_session
        reasons = session._get_sale_reasons()
        self.assertEqual(session.online_sale_ok, not reasons)
        found = self.env["event.event"].search([("is_sellable_online", "=", True)])
        self.assertEqual(session in found, not reasons)
        words = session._get_reason_messages(reasons)
        self.assertEqual(len(words), len(set(words)))
        return reasons

    def tax_of(self, contact, kind="company", session=None):
        order = self._buy(
            session or self.sold_session, learners=1, kind=kind, contact=contact
        )
        order._recompute_taxes()
        return order.order_line.tax_ids

    def company_in(self, code):
        company = self.buyer.parent_id.copy(
            {
                "country_id": self.env.ref(f"base.{code}").id,
                "vat": False,
                "company_registry": False,
            }
        )
        return self.buyer.copy({"parent_id": company.id})

    def test_course_is_on_sale_while_the_contract_is_in_force(self):
        """B1: approved and mandate accepted; else the course says what is missing."""
        self.assertEqual(self.reasons(), [])
        for decision, reason in (
            ("suspend", SellerReason.SUSPENDED),
            ("resume", None),
            ("close", SellerReason.CLOSED),
            ("reopen", SellerReason.NOT_APPROVED),
            ("refuse", SellerReason.NOT_APPROVED),
        ):
            with self.subTest(decision=decision):
                self.contract._decide(decision, "Because")
                self.assertEqual(self.reasons(), [reason] if reason else [])
                panel = self.sold.online_sale_blockers or ""
                self.assertEqual(self.seller.name in panel, bool(reason))

    def test_course_without_contract_is_not_on_sale(self):
        """B1: marked as a seller by hand is not enough: contract, then mandate."""
        other = self.env["res.partner"].create(
            {
                "name": "Institut du bâtiment",
                "is_company": True,
                "is_marketplace_seller": True,
            }
        )
        session = self._create_session(
            self._create_programme(marketplace_seller_id=other.id)
        )
        self.assertEqual(self.reasons(session), [SellerReason.NO_CONTRACT])
        contract = make_contract(self.env, other, accepted=False)
        self.assertEqual(self.reasons(session), [SellerReason.MANDATE])
        accept_mandate(contract)
        self.assertEqual(self.reasons(session), [])
        other.country_id = self.env.ref("base.de")
        accept_mandate(contract)
        self.assertEqual(self.reasons(session), [SellerReason.ABROAD])

    def test_regime_is_the_seller_s(self):
        """B24: regime, attestation and panel are the seller's, not the operator's."""
        self.company.training_vat_regime = False
        self.company.training_vat_attestation = False
        self.assertEqual(self.reasons(), [])
        self.assertIn(Reason.VAT_REGIME_MISSING, self.course._get_sale_reasons())
        self.contract.vat_attestation = False
        self.assertEqual(self.reasons(), [Reason.ATTESTATION_MISSING])
        self.contract.vat_regime = False
        accept_mandate(self.contract)
        self.assertEqual(self.reasons(), [Reason.VAT_REGIME_MISSING])
        self.contract.vat_regime = "franchise"
        accept_mandate(self.contract)
        self.assertEqual(self.reasons(), [])
        self.company.training_franchise_tax_id = False
        self.assertEqual(self.reasons(), [Reason.TAX_MISSING])

    def test_lines_bear_the_seller_s_tax(self):
        """B24: the tax of a line follows the seller's regime and the course's BPF flag,
        whatever the operator's regime; the operator's own sessions keep theirs."""
        company = self.company
        company.training_vat_regime = "franchise"
        outside = self._create_session(self.sold, is_out_of_bpf=True)
        expected = {
            ("exempt", self.sold_session): company.training_exempt_tax_id,
            ("exempt", outside): company.training_taxable_tax_id,
            ("franchise", self.sold_session): company.training_franchise_tax_id,
            ("franchise", outside): company.training_franchise_tax_id,
            ("taxable", self.sold_session): company.training_taxable_tax_id,
        }
        for (regime, session), tax in expected.items():
            with self.subTest(regime=regime, out=session.is_out_of_bpf):
                self.contract.vat_regime = regime
                accept_mandate(self.contract)
                self.assertEqual(self.tax_of(self.buyer, session=session), tax)
                prices = session._get_training_prices()
                self.assertEqual(bool(prices["tax"]), bool(tax.amount))
        own = self.tax_of(self.buyer, session=self.course)
        self.assertEqual(own, company.training_franchise_tax_id)

    def test_taxes_of_buyers_elsewhere(self):
        """B24: buyers overseas and in Europe, as from the seller's country."""
        company = self.company
        company.training_vat_regime = "exempt"
        self.contract.vat_regime = "taxable"
        accept_mandate(self.contract)
        self.assertEqual(self.tax_of(self.company_in("re")).amount, 8.5)
        intra = self.company_in("be")
        intra.parent_id.vat = "BE0477472701"
        self.assertFalse(self.tax_of(intra).amount)
        self.seller.country_id = self.env.ref("base.re")
        accept_mandate(self.contract)
        self.assertEqual(self.reasons(), [])
        self.assertEqual(self.tax_of(self.company_in("re")).amount, 8.5)
        self.assertEqual(self.tax_of(self.buyer), company.training_taxable_tax_id)

    def test_individuals_follow_the_seller_s_regulation(self):
        """B24: a BPF course is refused to an individual under the seller's regulation,
        whatever the operator's own; the operator's sessions keep theirs."""
        person = self._create_individual()
        self.company.write(
            {
                "french_training_regulation": False,
                "french_training_regulation_off_reason": "Leisure only",
            }
        )
        refused = self.sold_session._get_sale_reasons(buyer_kind="individual")
        self.assertIn(Reason.COMPANIES_ONLY, refused)
        self.assertFalse(self.course._get_sale_reasons(buyer_kind="individual"))
        self.company.french_training_regulation = True
        self.contract.is_french_regulated = False
        accept_mandate(self.contract)
        self.assertFalse(self.sold_session._get_sale_reasons(buyer_kind="individual"))
        order = self._buy(
            self.sold_session, learners=1, kind="individual", contact=person
        )
        self.assertEqual(order.training_session_id, self.sold_session)

    def test_verification_comes_first_where_it_is_asked(self):
        """B14: with « KYC before the first sale » the course waits for Mangopay."""
        self.company.marketplace_kyc_first = True
        self.assertEqual(self.reasons(), [SellerReason.VERIFICATION])
        user = self.env["mangopay.user"]._ensure(
            self.account, self.seller, "OWNER", "legal"
        )
        user.write({"state": "active", "kyc_level": "REGULAR", "mangopay_id": "u1"})
        self.assertEqual(self.reasons(), [SellerReason.VERIFICATION])
        user._accept_terms(self.env.user, "192.0.2.7")
        user._get_wallet(self.company.currency_id).mangopay_id = "w1"
        self.assertEqual(self.reasons(), [])
        user.kyc_level = "LIGHT"
        self.assertEqual(self.reasons(), [SellerReason.VERIFICATION])
        self.company.marketplace_kyc_first = False
        self.assertEqual(self.reasons(), [])
