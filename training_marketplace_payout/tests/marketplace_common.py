# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sellers with a contract. Holds no test itself."""

from base64 import b64encode

#: Of an exempt seller.
ATTESTATION = {
    "vat_attestation_date": "2024-01-15",
    "vat_attestation": b64encode(b"%PDF-1.4 attestation"),
    "vat_attestation_filename": "attestation.pdf",
}


def make_contract(env, partner, company=None, *, accepted=True, **values):
    """Give a contact an approved contract, and its mandate.

    :param bool accepted: whether the mandate is accepted
    :param dict values: of the contract; a taxable seller by default
    """
    partner.sudo().write(
        {
            "is_company": True,
            "marketplace_legal_form": partner.marketplace_legal_form or "company",
            "company_registry": partner.company_registry or "73282932000074",
            "street": partner.street or "3 rue du Port",
            "zip": partner.zip or "17000",
            "city": partner.city or "La Rochelle",
            "country_id": (partner.country_id or env.ref("base.fr")).id,
            "email": partner.email or "contact@atelier.example",
        }
    )
    if values.get("vat_regime", "taxable") == "taxable" and not partner.vat:
        partner.sudo().vat = "FR44732829320"
    contract = (
        env["marketplace.seller"]
        .sudo()
        .create(
            {
                "partner_id": partner.id,
                "company_id": (company or env.company).id,
                "vat_regime": "taxable",
                "nda_number": "75170000017",
                "share_capital": "SAS au capital de 10 000 €",
                "registry": "RCS La Rochelle",
                **values,
            }
        )
    )
    contract._decide("approve")
    if accepted:
        accept_mandate(contract)
    return contract


def accept_mandate(contract, user=None):
    """Let a person accept the mandate of a contract."""
    text = contract._render_mandate()
    user = user or contract.env.user
    mandate = contract._write_mandate(text, user, "192.0.2.7", "Test")
    contract.mandate_id = mandate
    return mandate
