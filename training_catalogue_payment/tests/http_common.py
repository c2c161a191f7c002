# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A visitor of the online catalogue, over HTTP. Holds no test itself."""

import json

from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .common import TrainingCommon


class TrainingHttpCommon(TrainingCommon, HttpCase):
    """Posts the public pages' forms like a browser, cookies and CSRF included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # HttpCase keeps the HTTP session under that name.
        cls.course, cls.session = cls.session, None
        english = cls.env["res.lang"]._activate_lang("en_US")
        cls.website.write(
            {
                "language_ids": [(6, 0, english.ids)],
                "default_lang_id": english.id,
            }
        )

    @classmethod
    def _create_other_provider(cls):
        """Return a published provider that is not the linked account."""
        card = cls.env.ref("payment.payment_method_card")
        return cls.env["payment.provider"].create(
            {
                "name": "Another way",
                "code": "none",
                "company_id": cls.company.id,
                "payment_method_ids": [(6, 0, card.ids)],
                "state": "test",
                "is_published": True,
            }
        )

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _get(self, url):
        """Return (response, page) of a page."""
        response = self.url_open(url, allow_redirects=False)
        return response, html.fromstring(response.text or "<html/>")

    def _post(self, url, form):
        """Return (response, page) of a form posted with its CSRF token."""
        response = self.url_open(
            url,
            data={**form, "csrf_token": Request.csrf_token(self)},
            allow_redirects=False,
        )
        return response, html.fromstring(response.text or "<html/>")

    def _jsonrpc_error(self, url, params):
        """Return the sentence with which a JSON route refuses, "" when it does not."""
        with mute_logger("odoo.http"):
            # Not « json= »: what comes from outside may hold a NaN.
            answer = self.url_open(
                url,
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
        return answer.get("error", {}).get("data", {}).get("message", "")

    def _buy_url(self, session=None):
        return f"/training/session/{(session or self.course).id}/buy"

    def _company_form(self, **values):
        """Return the purchase page as a company fills it in, for one learner."""
        return {
            "buyer_kind": "company",
            "country_code": "FR",
            "company_name": "Menuiserie Durand SARL",
            "siret": "732 829 320 00074",
            "contact_name": "Claire Durand",
            "email": "claire@durand.example.com",
            "phone": "01 23 45 67 89",
            "street": "1 rue de la Paix",
            "zip": "75002",
            "city": "Paris",
            "learner_count": "1",
            "learner_1_name": "Bob Durand",
            "learner_1_email": "bob@durand.example.com",
            "shown_total": "600.00",
            **values,
        }

    def _individual_form(self, **values):
        return {
            "buyer_kind": "individual",
            "country_code": "FR",
            "individual_name": "Paul Martin",
            "private_declaration": "1",
            "email": "paul@martin.example.com",
            "phone": "06 12 34 56 78",
            "street": "2 rue Haute",
            "zip": "69001",
            "city": "Lyon",
            "buyer_is_learner": "1",
            "shown_total": "720.00",
            **values,
        }

    def _carts(self):
        """Return the website's unpaid orders."""
        return self.env["sale.order"].search(
            [("website_id", "=", self.website.id), ("state", "=", "draft")]
        )

    def _text(self, page, xpath):
        """Return the text of the first match, spaces made plain."""
        nodes = page.xpath(xpath)
        return " ".join(nodes[0].text_content().split()) if nodes else ""

    def _errors(self, page):
        return self._text(page, "//*[contains(@class, 'o_training_errors')]")
