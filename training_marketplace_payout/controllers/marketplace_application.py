# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from odoo.addons.training_catalogue_payment.services.identifiers import (
    SIRET_COUNTRIES,
    check_rna,
    check_siret,
)

from ..models.marketplace_seller_application import OPEN_STATES
from ..services.marketplace_application import (
    LEGAL_FORMS,
    LONGEST_FILE,
    MESSAGE_LIMIT,
    TEXTS,
    check_application,
)
from ..services.safe_file import read_file
from .marketplace_messages import describe_application_errors

PAGE = "/marketplace/sell"
SELLER_PAGE = "/my/channel/seller"
UNPROCESSABLE = 422
#: What a visitor typed before signing in; never a file.
_TYPED = "marketplace_application"
_ROUTE = {"type": "http", "auth": "public", "website": True}


def identify(number, country, legal_form):
    """Return (number, error code): a French organisation has a SIRET, an association
    maybe an RNA only."""
    if not number:
        return "", "" if legal_form == "association" else "required"
    if country not in SIRET_COUNTRIES:
        return number, ""
    if legal_form == "association" and number.upper().startswith("W"):
        return check_rna(number)
    return check_siret(number)


class MarketplaceApplication(Controller):
    """« Sell on our marketplace »: a training organisation applies (B1)."""

    @route(PAGE, **_ROUTE, methods=["GET"], sitemap=True)
    def marketplace_sell(self, **_kwargs):
        """Show the form, with what was typed before signing in."""
        contract_sudo = self._get_contract()
        if contract_sudo and contract_sudo.state not in OPEN_STATES:
            return request.redirect(SELLER_PAGE)
        typed = {}
        if not request.env.user._is_public():
            typed = request.session.pop(_TYPED, {})
        return self._render(contract_sudo, {**self._prefill(contract_sudo), **typed})

    @route(PAGE, **_ROUTE, methods=["POST"], sitemap=False)
    def marketplace_sell_submit(self, attestation=None, **form):
        """Keep the application; a visitor signs in first and finds it as typed."""
        form = {name: str(form.get(name) or "") for name in (*TEXTS, "message")}
        if request.env.user._is_public():
            limits = {**TEXTS, "message": MESSAGE_LIMIT}
            request.session[_TYPED] = {
                name: form[name][:limit] for name, limit in limits.items()
            }
            return request.redirect_query("/web/login", {"redirect": PAGE})
        contract_sudo = self._get_contract()
        if contract_sudo and contract_sudo.state not in OPEN_STATES:
            return request.redirect(SELLER_PAGE)
        form |= self._get_known_identity()
        file = read_file(attestation, LONGEST_FILE)
        values, errors = self._check(contract_sudo, form, file)
        if errors:
            messages = describe_application_errors(request.env, errors)
            return self._render(contract_sudo, form, messages)
        try:
            with request.env.cr.savepoint():
                request.env["marketplace.seller"]._apply_from_website(
                    request.env.user,
                    request.website.company_id,
                    values,
                    file,
                    attestation.filename if file else "",
                )
        except UserError as error:
            return self._render(contract_sudo, form, refusal=str(error))
        return request.redirect(f"{SELLER_PAGE}?done=applied")

    def _check(self, contract_sudo, form, file):
        today = fields.Date.context_today(request.env.user)
        values, errors = check_application(
            form,
            file,
            today,
            identify=identify,
            has_file=contract_sudo.has_attestation,
        )
        countries = self._get_countries()
        if values["country"] not in countries.mapped("code"):
            errors.setdefault("country", "choice")
        other_sudo = request.env["marketplace.seller"]._find_by_number(
            values["number"],
            request.website.company_id,
            request.env.user.partner_id.commercial_partner_id,
        )
        if other_sudo:
            errors.setdefault("number", "taken")
        return values, errors

    # What is known of the visitor

    def _get_contract(self):
        """Return the contract of the visitor's organisation here, with sudo."""
        user = request.env.user
        partner = request.env["res.partner"]
        if not user._is_public():
            partner = user.partner_id.commercial_partner_id
        return partner._get_marketplace_contract(request.website.company_id)

    def _get_known_identity(self):
        """Return what of an organisation's identity a form does not change."""
        partner_sudo = request.env.user.sudo().partner_id.commercial_partner_id
        if request.env.user._is_public() or not partner_sudo.is_company:
            return {}
        known = {"name": partner_sudo.name}
        if partner_sudo.company_registry:
            known["number"] = partner_sudo.company_registry
        return known

    def _prefill(self, contract_sudo):
        user = request.env.user
        if user._is_public():
            return {"country": "FR"}
        person_sudo = user.sudo().partner_id
        partner_sudo = person_sudo.commercial_partner_id
        form = {
            name: partner_sudo[name] or ""
            for name in ("street", "street2", "zip", "city", "email", "phone")
        }
        day = contract_sudo.vat_attestation_date
        return {
            **form,
            "email": form["email"] or person_sudo.email or "",
            "country": partner_sudo.country_id.code or "FR",
            "legal_form": partner_sudo.marketplace_legal_form or "",
            "vat_regime": contract_sudo.vat_regime or "",
            "attestation_date": day.isoformat() if day else "",
            "nda_number": contract_sudo.nda_number or "",
            "message": contract_sudo.message or "",
            **self._get_known_identity(),
        }

    def _render(self, contract_sudo, form, errors=None, refusal=""):
        user = request.env.user
        regimes = request.env["marketplace.seller"]._get_vat_regimes()
        values = {
            "contract": contract_sudo,
            "is_visitor": user._is_public(),
            "is_staff": user._is_internal(),
            "known": self._get_known_identity(),
            "form": form,
            "field_form": form,
            "field_errors": errors or {},
            "errors": errors or {},
            "refusal": refusal,
            "countries": [(one.code, one.name) for one in self._get_countries()],
            "legal_forms": self._get_legal_forms(),
            "regimes": regimes,
        }
        return request.render(
            "training_marketplace_payout.application_page",
            values,
            status=UNPROCESSABLE if errors or refusal else 200,
        )

    def _get_legal_forms(self):
        field = request.env["res.partner"]._fields["marketplace_legal_form"]
        options = field._description_selection(request.env)
        return [option for option in options if option[0] in LEGAL_FORMS]

    def _get_countries(self):
        return request.env["res.country"].sudo().search([("code", "!=", False)])
