# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from urllib.parse import quote

from werkzeug.exceptions import Forbidden, NotFound

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import request, route
from odoo.tools.urls import urljoin

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.training_catalogue_payment.services.form import parse_count

from ..models.mangopay_operation import DECIDERS
from ..models.mangopay_sentences import describe_error
from ..services.mangopay_errors import GatewayError
from ..services.mangopay_kyc import LEGAL_FORMS
from ..services.seller_identity import check_identity
from .seller_messages import describe_form_errors
from .seller_page import FIELDS, SellerPage, both

_POST = {"type": "http", "auth": "user", "website": True, "methods": ["POST"]}
#: Field of the form → field of the contact.
_COUNTRIES = {
    "country": "country_id",
    "nationality": "marketplace_rep_nationality_id",
    "residence": "marketplace_rep_country_id",
}


class SellerPortal(SellerPage, CustomerPortal):
    """« My payments »: what Mangopay asks of a seller, step by step.

    A seller's users act for their own organisation, never for another. An accounting
    manager may open the page of a seller to send a document or an account for it, but
    neither accepts its terms nor takes its telephone's place.
    """

    def _get_seller(self, seller=None, own_only=False):
        """Return (contact, record at Mangopay or none, account), with sudo.

        On the buyers' page: of the buyer, or of the company one buys for.

        :raise NotFound: for who is not a seller, and for another one's
        :raise Forbidden: when only the seller itself may do it
        """
        user = request.env.user
        partner = user.partner_id.commercial_partner_id
        account_sudo = request.env["mangopay.account"]._get_of(
            request.website.company_id
        )
        if self._is_buyer_page():
            company = request.website.company_id
            partner = user.partner_id._get_buyer_to_verify(company)
            return self._get_buyer(partner.sudo(), account_sudo)
        if seller:
            partner = self._get_seller_of_manager(seller, account_sudo)
            if own_only:
                raise Forbidden(request.env._("Only the seller itself may do this."))
        partner_sudo = partner.sudo()
        if not partner_sudo.is_marketplace_seller:
            raise NotFound()
        seller_sudo = request.env["mangopay.user"].sudo()
        if account_sudo:
            seller_sudo = partner_sudo._get_mangopay_user(account_sudo, "OWNER")
        return partner_sudo, seller_sudo, account_sudo

    def _get_buyer(self, partner_sudo, account_sudo):
        """:raise NotFound: for whom nothing is asked of"""
        record_sudo = request.env["mangopay.user"].sudo()
        if account_sudo:
            record_sudo = partner_sudo._get_mangopay_user(account_sudo, "OWNER")
        if not record_sudo and not partner_sudo._was_ever_held():
            raise NotFound()
        return partner_sudo, record_sudo, account_sudo

    def _get_seller_of_manager(self, seller, account_sudo):
        user = request.env.user
        partner = request.env["res.partner"].browse(parse_count(seller) or 0)
        if (
            not user.has_groups(DECIDERS)
            or account_sudo.company_id not in user.company_ids
            or not partner.exists()
        ):
            raise NotFound()
        try:
            partner.check_access("read")
        except AccessError as error:
            raise NotFound() from error
        return partner.commercial_partner_id

    def _get_known_seller(self, seller=None, own_only=False):
        """Return (contact, record): Mangopay knows the seller."""
        partner_sudo, seller_sudo, _account = self._get_seller(seller, own_only)
        if not seller_sudo.mangopay_id:
            raise NotFound()
        return partner_sudo, seller_sudo

    @route(both(), type="http", auth="user", website=True, methods=["GET"])
    def seller_page(self, seller=None, done=None, **_kwargs):
        """Show a seller the steps, what is missing and why."""
        partner_sudo, seller_sudo, account_sudo = self._get_seller(seller)
        return self._render_seller(
            partner_sudo, seller_sudo, account_sudo, seller=seller, done=done
        )

    @route(both("/return"), type="http", auth="user", website=True, methods=["GET"])
    def seller_return(self, **_kwargs):
        """Come back from a page of Mangopay: what it says in the address is not
        believed, Mangopay is asked. What a notification is at work on is waited for:
        the page that follows must show it."""
        _partner, seller_sudo = self._get_known_seller()
        try:
            seller_sudo._refresh_patiently()
        except (GatewayError, UserError):
            # Asked again by the events and every day.
            return request.redirect(self._get_page())
        return request.redirect(self._get_page())

    # 1. Identity and terms

    @route(both("/identity"), **_POST)
    def seller_identity(self, **form):
        """Keep who the seller is, and announce it to Mangopay."""
        partner_sudo, seller_sudo, account_sudo = self._get_seller(
            form.get("seller"), own_only=True
        )
        if not account_sudo:
            raise NotFound()
        if seller_sudo.state not in (False, "draft", "refused"):
            return request.redirect(self._get_page())
        form = self._complete_form(partner_sudo, form)
        values, errors = check_identity(form, fields.Date.context_today(partner_sudo))
        if values["legal_form"] not in dict(self._get_legal_forms(partner_sudo)):
            errors["legal_form"] = "choice"
        if not form.get("terms") and not seller_sudo.terms_accepted_at:
            errors["terms"] = "terms"
        countries = self._find_countries(values, _COUNTRIES, errors)
        place = (partner_sudo, seller_sudo, account_sudo)
        if errors:
            messages = describe_form_errors(request.env, errors)
            return self._render_seller(*place, form=form, errors=messages)
        try:
            with request.env.cr.savepoint():
                partner_sudo.write(
                    {
                        **self._prepare_contact(partner_sudo, values),
                        **{_COUNTRIES[name]: one.id for name, one in countries.items()},
                    }
                )
                seller_sudo = self._write_seller(partner_sudo, account_sudo, values)
                operation_sudo = seller_sudo._announce()
        except UserError as error:
            return self._render_seller(*place, form=form, refusal=str(error))
        operation_sudo._send_now()
        is_known = bool(seller_sudo.mangopay_id)
        if seller_sudo.state == "refused":
            return request.redirect(self._get_page())
        return self._redirect_seller("identity" if is_known else "identity_waiting")

    def _complete_form(self, partner_sudo, form):
        """A private buyer stands for nobody else: one address, one e-mail."""
        if not self._is_buyer_page() or partner_sudo.is_company:
            return form
        email = form.get("rep_email")
        return {**form, "legal_form": "individual", "email": email}

    def _prepare_contact(self, partner_sudo, values):
        """Return what the form changes of the contact; a buyer is billed, and known
        again, by the address and the number given when buying."""
        written = {FIELDS[name]: values[name] for name in FIELDS}
        if self._is_buyer_page():
            for name in ("email", "company_registry"):
                written[name] = partner_sudo[name] or written[name]
        return written

    def _write_seller(self, partner_sudo, account_sudo, values):
        """Write the seller's record down, with who accepted the terms."""
        person = LEGAL_FORMS[values["legal_form"]][0]
        users = request.env["mangopay.user"]
        seller_sudo = users._ensure(account_sudo, partner_sudo, "OWNER", person)
        ip = request.httprequest.remote_addr
        seller_sudo._accept_terms(request.env.user, ip)
        return seller_sudo

    def _find_countries(self, values, names, errors):
        """Return name → country; an unknown one is an error of the form."""
        found = {}
        for name in names:
            country = self._get_countries().filtered(
                lambda one, code=values[name]: one.code == code
            )
            if not country and name not in errors:
                errors[name] = "country"
            found[name] = country
        return found

    # 2 and 3. Mangopay's own pages

    @route(both("/authentication"), **_POST)
    def seller_authentication(self, **form):
        """Lead the representative to the page where they record their telephone."""
        place = self._get_seller(form.get("seller"), own_only=True)
        seller_sudo = place[1]
        if not seller_sudo.mangopay_id:
            raise NotFound()
        try:
            gateway = seller_sudo.account_id._get_gateway()
            key = f"enrol-{secrets.token_hex(14)}"
            url = gateway.enroll_user(seller_sudo.mangopay_id, key=key)
        except GatewayError as error:
            return self._render_seller(
                *place, refusal=describe_error(request.env, error)
            )
        return self._redirect_to_mangopay(seller_sudo, url)

    @route(both("/verification"), **_POST)
    def seller_verification(self, **form):
        """Lead the seller to Mangopay's own verification."""
        place = self._get_seller(form.get("seller"), own_only=True)
        seller_sudo = place[1]
        if not seller_sudo.mangopay_id:
            raise NotFound()
        try:
            url = seller_sudo._get_verification_url(self._get_return_url(seller_sudo))
        except GatewayError as error:
            return self._render_seller(
                *place, refusal=describe_error(request.env, error)
            )
        except UserError as error:
            return self._render_seller(*place, refusal=str(error))
        return request.redirect(url, local=False)

    def _get_return_url(self, seller_sudo):
        return urljoin(
            seller_sudo.account_id._get_base_url(), f"{self._get_page()}/return"
        )

    def _redirect_to_mangopay(self, seller_sudo, url):
        """Leave for a page of strong authentication, which brings back here."""
        separator = "&" if "?" in url else "?"
        back = quote(self._get_return_url(seller_sudo), safe="")
        return request.redirect(f"{url}{separator}returnUrl={back}", local=False)
