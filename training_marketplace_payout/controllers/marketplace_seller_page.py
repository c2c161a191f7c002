# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.training_catalogue_payment.services.terms import hash_text

from .marketplace_application import PAGE as SELL_PAGE
from .marketplace_application import SELLER_PAGE

CONFLICT = 409
_ROUTE = {"type": "http", "auth": "user", "website": True}


class MarketplaceSellerPage(CustomerPortal):
    """« My contract »: where the application stands, what is missing, the mandate.

    A user acts for its own organisation only: nothing in the address names another.
    """

    def _get_own_contract(self):
        """Return the contract of the user's organisation here, with sudo; or none."""
        partner = request.env.user.partner_id.commercial_partner_id
        return partner._get_marketplace_contract(request.website.company_id)

    @route(SELLER_PAGE, **_ROUTE, methods=["GET"])
    def marketplace_seller(self, done=None, **_kwargs):
        """Show the state of the contract and what is left to do."""
        contract_sudo = self._get_own_contract()
        if not contract_sudo:
            return request.redirect(SELL_PAGE)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="marketplace_seller",
            contract=contract_sudo,
            todo=contract_sudo._get_todo(),
            done=self._describe_done(done),
        )
        return request.render("training_marketplace_payout.contract_page", values)

    def _describe_done(self, done):
        _ = request.env._
        return {
            "applied": _("Thank you: we have your application and will answer you."),
            "mandate": _("Thank you: the mandate is accepted."),
        }.get(done, "")

    @route(f"{SELLER_PAGE}/mandate", **_ROUTE, methods=["GET"])
    def marketplace_mandate(self, **_kwargs):
        """Show the mandate to accept, or the one that was accepted."""
        return self._render_mandate()

    @route(f"{SELLER_PAGE}/mandate", **_ROUTE, methods=["POST"])
    def marketplace_mandate_accept(self, text_hash="", empowered=None, **_kwargs):
        """Keep the acceptance of the text that was read."""
        contract_sudo = self._get_own_contract()
        if not contract_sudo:
            raise NotFound()
        if not empowered:
            return self._render_mandate(
                request.env._("Tick the box: only who may bind the seller accepts.")
            )
        environment = request.httprequest
        try:
            with request.env.cr.savepoint():
                contract_sudo._accept_mandate(
                    text_hash,
                    request.env.user,
                    environment.remote_addr,
                    environment.user_agent.string,
                )
        except (AccessError, UserError) as error:
            return self._render_mandate(str(error))
        return request.redirect(f"{SELLER_PAGE}?done=mandate")

    def _render_mandate(self, refusal=""):
        contract_sudo = self._get_own_contract()
        if not contract_sudo.is_mandate_due and not contract_sudo.mandate_id:
            raise NotFound()
        text = False
        if contract_sudo.is_mandate_due:
            text = contract_sudo._render_mandate()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="marketplace_mandate",
            contract=contract_sudo,
            text=text,
            # Rendered by our own template, which escapes what the seller typed.
            text_markup=Markup(text or ""),
            text_hash=text and hash_text(text),
            mandate=contract_sudo.mandate_id,
            refusal=refusal,
        )
        return request.render(
            "training_marketplace_payout.mandate_page",
            values,
            status=CONFLICT if refusal else 200,
        )

    @route(
        f"{SELLER_PAGE}/mandate/<int(max=2147483647):version>/document",
        **_ROUTE,
        methods=["GET"],
    )
    def marketplace_mandate_document(self, version, **_kwargs):
        """Give a mandate that was accepted, as a file."""
        mandate_sudo = self._get_own_contract().mandate_ids.filtered(
            lambda one: one.version == version
        )
        if not mandate_sudo:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                attachment_sudo = mandate_sudo._ensure_pdf()
        except UserError:
            # The printer is out of order: the job will make the document.
            return request.redirect(f"{SELLER_PAGE}/mandate")
        return request.make_response(
            attachment_sudo.raw,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(attachment_sudo.name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
