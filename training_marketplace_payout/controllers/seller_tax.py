# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .marketplace_application import SELLER_PAGE

TAX_PAGE = f"{SELLER_PAGE}/tax"
LIMIT = 40
CONFLICT = 409
_ROUTE = {"type": "http", "auth": "user", "website": True}


class SellerTaxPage(CustomerPortal):
    """« Tax office »: what is asked of the user's own organisation, and its copies."""

    def _find_seller_contract(self):
        partner = request.env.user.partner_id.commercial_partner_id
        contract_sudo = partner._get_marketplace_contract(request.website.company_id)
        if not contract_sudo:
            raise NotFound()
        return contract_sudo

    @route(TAX_PAGE, **_ROUTE, methods=["GET"])
    def seller_tax(self, done=None, **_kwargs):
        """Show what is missing, and what was told of earlier years."""
        return self._render_tax(self._find_seller_contract(), done=bool(done))

    @route(TAX_PAGE, **_ROUTE, methods=["POST"])
    def seller_tax_give(self, tax_number="", tax_country="", **_kwargs):
        """Keep the tax number of the organisation."""
        contract_sudo = self._find_seller_contract()
        number = " ".join(str(tax_number).replace("\x00", "").split())
        country = request.env["res.country"].search([("code", "=", str(tax_country))])
        if not number or len(number) > LIMIT or not country:
            return self._render_tax(
                contract_sudo,
                refusal=request.env._("Give the number and the country that gave it."),
            )
        contract_sudo.partner_id.write(
            {
                "marketplace_tax_number": number,
                "marketplace_tax_country_id": country[:1].id,
            }
        )
        contract_sudo._ask_dac7()
        return request.redirect(f"{TAX_PAGE}?done=1")

    def _render_tax(self, contract_sudo, done=False, refusal=""):
        person = contract_sudo.partner_id._prepare_dac7_person(contract_sudo.company_id)
        missing = contract_sudo._get_dac7_missing()
        statements_sudo = request.env["marketplace.dac7.statement"].sudo()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="marketplace_seller",
            contract=contract_sudo,
            done=done,
            refusal=refusal,
            missing=contract_sudo._describe_dac7_missing(),
            is_asked="tax_number" in missing
            or bool(contract_sudo.partner_id.marketplace_tax_number),
            tax_number=person.tax_number,
            tax_country=person.tax_country,
            countries=request.env["res.country"].search([]),
            statements=statements_sudo.search(
                [
                    ("seller_id", "=", contract_sudo.partner_id.id),
                    ("company_id", "=", contract_sudo.company_id.id),
                    ("declaration_id.state", "!=", "draft"),
                ],
                order="year desc",
            ),
        )
        return request.render(
            "training_marketplace_payout.seller_tax_page",
            values,
            status=CONFLICT if refusal else 200,
        )
