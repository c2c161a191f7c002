# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    """A seller as the public channel shows it (B2)."""

    _inherit = "res.partner"

    marketplace_description = fields.Html(
        string="Presentation on the marketplace",
        translate=True,
        sanitize_overridable=False,
        help="Shown on the seller's public page.",
    )

    def _get_channel_url(self):
        """Return the address of a seller's public page."""
        self.ensure_one()
        slug = self.env["ir.http"]._slug((self.id, self.sudo().name or "seller"))
        return f"/marketplace/seller/{slug}"

    def _get_channel_identity(self, company):
        """Return who a seller is, as buyers must be able to read it.

        Consumer code art. L111-7 and D111-8 (status of the seller), regulation (EU)
        2022/2065 art. 30 (7): name, address, telephone, e-mail, register and its
        number. Of a private person nothing but the name is said.

        :param company: the operator
        :rtype: dict
        """
        self.ensure_one()
        seller_sudo = self.sudo()
        form = seller_sudo.marketplace_legal_form
        is_professional = form != "individual"
        contract_sudo = seller_sudo._get_marketplace_contract(company)
        identity = {
            "name": seller_sudo.name,
            "is_professional": is_professional,
            "form": dict(
                self._fields["marketplace_legal_form"]._description_selection(self.env)
            ).get(form, ""),
        }
        if not is_professional:
            return identity
        address = seller_sudo._display_address(without_company=True)
        return {
            **identity,
            "address": [line for line in address.split("\n") if line.strip()],
            "registry": seller_sudo.company_registry or "",
            "vat": seller_sudo.vat or "",
            "nda": contract_sudo.nda_number or "",
            "email": seller_sudo.email or "",
            "phone": seller_sudo.phone or "",
            "website": seller_sudo.website or "",
        }
