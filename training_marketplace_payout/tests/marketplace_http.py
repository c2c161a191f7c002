# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sellers and applicants on the website. Holds no test itself."""

from odoo.http import Request
from odoo.tests import HttpCase

from .seller_common import create_portal_user, fill_seller

FILE = b"%PDF-1.7" + b" " * 2000
FORM = {
    "name": "École du jardin",
    "legal_form": "association",
    "country": "FR",
    "number": "W751234567",
    "street": "1 rue Haute",
    "zip": "69001",
    "city": "Lyon",
    "email": "contact@jardin.example",
    "vat_regime": "exempt",
    "attestation_date": "2024-01-15",
    "nda_number": "84 69 12345 69",
    "message": "Gardens",
}


class MarketplaceHttp(HttpCase):
    """Posts the pages' forms like a browser, cookies and CSRF included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.env.ref("website.default_website").company_id = cls.company
        partners = cls.env["res.partner"]
        cls.seller = fill_seller(cls.env, partners.create({"name": "Atelier"}))
        cls.seller.company_registry = "55208131766522"
        cls.claire = create_portal_user(cls.env, cls.seller, "claire@a.example")
        cls.rival = fill_seller(cls.env, partners.create({"name": "Institut"}))
        cls.rival.company_registry = "44306184100054"
        cls.paul = create_portal_user(cls.env, cls.rival, "paul@b.example")
        cls.person = create_portal_user(cls.env, partners, "zoe@c.example")

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def post(self, path, form, files=None):
        return self.url_open(
            path,
            data={**form, "csrf_token": Request.csrf_token(self)},
            files=files,
            allow_redirects=False,
        )

    def apply(self, file=FILE, filename="attestation.pdf", **values):
        files = {"attestation": (filename, file, "application/pdf")} if file else None
        return self.post("/marketplace/sell", {**FORM, **values}, files)

    def contract_of(self, partner):
        self.env.invalidate_all()
        return partner.commercial_partner_id._get_marketplace_contract(self.company)

    def mails_to(self, partner):
        """Return the mails that a contact is sent."""
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])
