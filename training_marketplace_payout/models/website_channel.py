# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class Website(models.Model):
    """The public channel: the courses of every open seller on one website (B2)."""

    _inherit = "website"

    def _has_channel(self):
        """Whether this website shows the marketplace."""
        self.ensure_one()
        return self._sells_training()

    @api.model
    def _get_open_seller_domain(self):
        """Return the domain of the contacts that may sell now."""
        company = self.get_current_website().sudo().company_id
        return Domain(
            "marketplace_contract_ids",
            "any",
            [("is_open", "=", True), ("company_id", "=", company.id)],
        )

    def _get_channel_domain(self):
        """Return the courses that this website's channel shows.

        Who sells is asked in the same statement, whatever the number of sellers.
        """
        self.ensure_one()
        sellers_sudo = self.env["res.partner"].sudo()
        query = sellers_sudo._search(self._get_open_seller_domain())
        company = self.sudo().company_id
        return (
            self._get_programme_domain()
            & Domain("company_id", "in", (False, company.id))
            & Domain("marketplace_seller_id", "in", query)
        )

    def _find_channel_seller_sudo(self, slug):
        """Return the open seller whose page has this address, or nothing."""
        self.ensure_one()
        _name, seller_id = self.env["ir.http"]._unslug(slug)
        sellers_sudo = self.env["res.partner"].sudo()
        if not seller_id or not 0 < seller_id < 2**31 or not self._has_channel():
            return sellers_sudo
        return sellers_sudo.search(
            self._get_open_seller_domain() & Domain("id", "=", seller_id), limit=1
        )

    @api.model
    def _get_channel_seller_url(self, seller):
        """Return the address of a seller's public page, nothing where it has none:
        the course of a seller that may not sell now is still published."""
        seller_sudo = seller.sudo()
        if not seller_sudo.filtered_domain(self._get_open_seller_domain()):
            return ""
        return seller_sudo._get_channel_url()

    @api.model
    def _open_channel_accounts(self):
        """Let visitors create an account: to act on the channel they need one (B4).

        Run once, when the addon is installed; each website changes it in its settings.
        """
        closed = self.search([("auth_signup_uninvited", "!=", "b2c")])
        closed.auth_signup_uninvited = "b2c"
