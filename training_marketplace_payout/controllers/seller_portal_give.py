# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.mangopay_sentences import describe_error
from ..services.bank_account import check_iban
from ..services.mangopay_errors import GatewayError
from ..services.mangopay_kyc import ACCEPTED, LONGEST, MAX_PAGES, check_pages
from ..services.seller_identity import check_owner
from .seller_messages import describe_form_errors, describe_upload
from .seller_page import PAGE, both
from .seller_portal import _POST, SellerPortal

_OWNER_COUNTRIES = ("nationality", "country", "birth_country")


class SellerPortalGive(SellerPortal):
    """What a seller gives once it is known: documents, owners, bank account."""

    # 3. Documents

    @route(both("/document"), **_POST)
    def seller_document(self, **form):
        """Pass a document on to Mangopay; nothing of it stays here."""
        seller = form.get("seller")
        partner_sudo, seller_sudo = self._get_known_seller(seller)
        kind = form.get("document_type")
        code, number = "kind", 0
        if kind in ACCEPTED.get(partner_sudo.marketplace_legal_form, ()):
            contents = self._read_pages()
            code, number = check_pages(kind, contents)
            if not code:
                try:
                    code = seller_sudo._send_document(kind, contents)
                except UserError:
                    # Somebody of the same seller is sending at the same moment.
                    code = "busy"
        if code:
            refusal = describe_upload(request.env, code, number)
            return self._render_seller(
                partner_sudo, seller_sudo, refusal=refusal, seller=seller
            )
        return self._redirect_seller("document", seller)

    def _read_pages(self):
        """Return the files of the form, each read no further than is allowed."""
        files = request.httprequest.files.getlist("pages")
        return [
            page.read(LONGEST + 1) for page in files[: MAX_PAGES + 1] if page.filename
        ]

    # 4. Beneficial owners

    @route(both("/owner"), **_POST)
    def seller_owner(self, **form):
        """Keep one beneficial owner."""
        seller = form.get("seller")
        partner_sudo, seller_sudo = self._get_editable_owners(seller)
        today = fields.Date.context_today(partner_sudo)
        values, errors = check_owner(form, today)
        countries = self._find_countries(values, _OWNER_COUNTRIES, errors)
        if errors:
            messages = describe_form_errors(request.env, errors)
            return self._render_seller(
                partner_sudo,
                seller_sudo,
                form={**self._prefill(partner_sudo), "owner": form},
                errors={"owner": messages},
                seller=seller,
            )
        for name, country in countries.items():
            del values[name]
            values[f"{name}_id"] = country.id
        try:
            seller_sudo._add_owner(values)
        except UserError as error:
            return self._render_seller(
                partner_sudo, seller_sudo, refusal=str(error), seller=seller
            )
        return self._redirect_seller("owner", seller)

    @route(both("/owner/<int(max=2147483647):owner_id>/remove"), **_POST)
    def seller_owner_remove(self, owner_id, **form):
        """Take a beneficial owner off the list."""
        seller = form.get("seller")
        _partner, seller_sudo = self._get_editable_owners(seller)
        owner_sudo = seller_sudo.ubo_ids.filtered(lambda one: one.id == owner_id)
        if not owner_sudo:
            raise NotFound()
        owner_sudo.unlink()
        return self._redirect_seller(seller=seller, step="owners")

    @route(both("/owners"), **_POST)
    def seller_owners(self, **form):
        """Send the declaration of the owners to Mangopay."""
        seller = form.get("seller")
        partner_sudo, seller_sudo = self._get_editable_owners(seller)
        if not seller_sudo.ubo_ids:
            refusal = request.env._("Name at least one owner first.")
            return self._render_seller(
                partner_sudo, seller_sudo, refusal=refusal, seller=seller
            )
        try:
            seller_sudo._declare_owners()
        except (GatewayError, UserError) as error:
            return self._render_seller(
                partner_sudo, seller_sudo, refusal=self._say(error), seller=seller
            )
        return self._redirect_seller("owners", seller)

    def _get_editable_owners(self, seller):
        partner_sudo, seller_sudo = self._get_known_seller(seller)
        if not seller_sudo._needs_owners() or not seller_sudo._can_edit_owners():
            raise NotFound()
        return partner_sudo, seller_sudo

    def _say(self, error):
        if isinstance(error, GatewayError):
            return describe_error(request.env, error)
        return str(error)

    # 5. Bank account

    @route(f"{PAGE}/bank", **_POST)
    def seller_bank(self, **form):
        """Keep an IBAN, then lead the seller to where they confirm it."""
        seller = form.get("seller")
        partner_sudo, seller_sudo = self._get_known_seller(seller)
        number, code = check_iban(form.get("iban"))
        holder = " ".join((form.get("holder") or "").split())[:100]
        errors = {"iban": code} if code else {}
        if not holder:
            errors["holder"] = "required"
        if errors:
            return self._render_seller(
                partner_sudo,
                seller_sudo,
                form={**self._prefill(partner_sudo), **form},
                errors=describe_form_errors(request.env, errors),
                seller=seller,
            )
        try:
            with request.env.cr.savepoint():
                recipient_sudo = seller_sudo._write_bank_account(number, holder)
        except UserError as error:
            return self._render_seller(
                partner_sudo, seller_sudo, refusal=str(error), seller=seller
            )
        if seller:
            return self._redirect_seller("bank", seller)
        return self._confirm_account(partner_sudo, seller_sudo, recipient_sudo)

    @route(f"{PAGE}/bank/confirm", **_POST)
    def seller_bank_confirm(self, **form):
        """Lead the seller to where they confirm the account that waits for it."""
        partner_sudo, seller_sudo = self._get_known_seller(
            form.get("seller"), own_only=True
        )
        waiting = self._prepare_accounts(seller_sudo)["waiting_account"]
        if not waiting:
            return self._redirect_seller(step="bank")
        return self._confirm_account(partner_sudo, seller_sudo, waiting)

    def _confirm_account(self, partner_sudo, seller_sudo, recipient_sudo):
        """Register an account and leave for Mangopay's page.

        An account whose confirmation ran out or failed is registered anew.
        """
        if seller_sudo.state == "pending":
            refusal = request.env._(
                "First do step 2: it opens your access at Mangopay."
            )
            return self._render_seller(partner_sudo, seller_sudo, refusal=refusal)
        try:
            if recipient_sudo.state == "draft":
                seller_sudo._register_recipient(recipient_sudo)
            elif recipient_sudo.state != "active" and not recipient_sudo._get_link():
                recipient_sudo = seller_sudo._renew_recipient(recipient_sudo)
                seller_sudo._register_recipient(recipient_sudo)
        except (GatewayError, UserError) as error:
            return self._render_seller(
                partner_sudo, seller_sudo, refusal=self._say(error)
            )
        link = recipient_sudo._get_link()
        if not link:
            return self._redirect_seller(step="bank")
        return self._redirect_to_mangopay(seller_sudo, link)
