# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the purchase page already knows of its visitor."""

from odoo.http import request

from ..services.identifiers import SIRET_COUNTRIES, check_siret
from ..services.sellability import COMPANY, INDIVIDUAL


def prefill_from_cart(session_sudo):
    """Return the form of the visitor who comes back from the payment page."""
    cart_sudo = request.cart
    if (
        not cart_sudo
        or cart_sudo.training_session_id != session_sudo
        or not cart_sudo.training_buyer_kind
    ):
        return {}
    contact_sudo = cart_sudo.partner_id
    form = {
        **_get_partner_form(contact_sudo, cart_sudo.partner_invoice_id),
        "buyer_kind": cart_sudo.training_buyer_kind,
        "order_reference": cart_sudo.client_order_ref or "",
        "is_self_employed": "1" if cart_sudo.training_is_self_employed else "",
    }
    learners_sudo = cart_sudo._get_active_learners().sorted("id")
    form["learner_count"] = str(len(learners_sudo) or 1)
    for index, learner_sudo in enumerate(learners_sudo, start=1):
        if learner_sudo.email:
            form[f"learner_{index}_name"] = learner_sudo.name or ""
            form[f"learner_{index}_email"] = learner_sudo.email
        else:
            form[f"learner_{index}_later"] = "1"
    return form


def prefill_from_user(user):
    """Return the form of a signed-in portal user; staff type the buyer's details."""
    if not user._is_portal():
        return {}
    contact_sudo = user.partner_id.sudo()
    company_sudo = contact_sudo.commercial_partner_id
    return {
        **_get_partner_form(contact_sudo, company_sudo),
        "buyer_kind": COMPANY if company_sudo.is_company else INDIVIDUAL,
    }


def _get_partner_form(contact_sudo, address_sudo):
    company_sudo = contact_sudo.commercial_partner_id
    is_company = company_sudo.is_company
    form = {
        "email": contact_sudo.email or "",
        "phone": contact_sudo.phone or company_sudo.phone or "",
        "street": address_sudo.street or "",
        "street2": address_sudo.street2 or "",
        "zip": address_sudo.zip or "",
        "city": address_sudo.city or "",
        "country_code": address_sudo.country_id.code or "",
    }
    if not is_company:
        return {**form, "individual_name": contact_sudo.name or ""}
    return {
        **form,
        **_get_registry_form(company_sudo, form["country_code"]),
        "company_name": company_sudo.name or "",
        "contact_name": contact_sudo.name or "" if contact_sudo != company_sudo else "",
        "vat": company_sudo.vat or "",
    }


def _get_registry_form(company_sudo, country_code):
    registry = company_sudo.company_registry or ""
    if country_code and country_code not in SIRET_COUNTRIES:
        return {"foreign_registry": registry}
    if registry and not check_siret(registry)[1]:
        return {"siret": registry}
    return {"rna": registry, "is_association": "1"} if registry[:1] == "W" else {}
