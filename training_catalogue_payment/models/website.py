# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain


class Website(models.Model):
    """The online catalogue is the e-shop: programmes on sale belong to it (A8)."""

    _inherit = "website"

    def sale_product_domain(self):
        """Add the programmes on sale, which stock hides as event products.

        Internal users see every product already; without Finance + nothing is
        added (A1).
        """
        domain = super().sale_product_domain()
        website = self.get_current_website()
        if self.env.user._is_internal() or not website._sells_training():
            return domain
        return Domain(domain) | (
            website._get_programme_domain() & Domain("sell_online_payment", "=", True)
        )

    def _get_programme_domain(self):
        """Return the programmes that this website shows: sold online, or on request."""
        self.ensure_one()
        return Domain.AND(
            [
                self._product_domain(),
                self.website_domain(),
                [
                    ("is_published", "=", True),
                    ("is_training_programme", "=", True),
                ],
            ]
        )

    def _sells_training(self):
        """Whether the organisation behind this website uses Finance + (A1)."""
        self.ensure_one()
        return self.sudo().company_id.finance_plus

    def _find_programme(self, programme_id):
        """Return the published programme with this id, or an empty recordset.

        Searched as the visitor: access rules hold, a guessed id finds nothing.
        """
        self.ensure_one()
        if not self._sells_training():
            return self.env["product.template"]
        company = self.sudo().company_id
        return self.env["product.template"].search(
            self._get_programme_domain()
            & Domain("id", "=", programme_id)
            & Domain("company_id", "in", (False, company.id)),
            limit=1,
        )

    def _find_session_sudo(self, session_id):
        """Return the session with this id if its programme is on this catalogue.

        Whether it can be bought is another question, with an answer in words; a
        session need not be published among the events for that.
        """
        self.ensure_one()
        session_sudo = self.env["event.event"].sudo().browse(session_id).exists()
        is_here = (
            session_sudo
            and session_sudo.company_id.id in (False, self.sudo().company_id.id)
            and session_sudo.website_id.id in (False, self.id)
            and self._find_programme(session_sudo.programme_id.id)
        )
        return session_sudo if is_here else session_sudo.browse()
