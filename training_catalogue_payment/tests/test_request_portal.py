# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A customer's own requests on the portal."""

from odoo.tests import HttpCase, tagged

from .common import TrainingCommon


@tagged("training_install", "standard", "post_install", "-at_install")
class TestRequestPortal(TrainingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # HttpCase keeps the browser's session under this name.
        cls.training_session, cls.session = cls.session, None
        cls.portal = cls._create_role("portal_requests", "base.group_portal")
        cls.own, cls.other = cls.env["training.request"].create(
            [
                {
                    "name": "My question",
                    "kind": "information",
                    "partner_id": cls.portal.partner_id.id,
                    "programme_id": cls.programme.id,
                    "message": "Is lunch <b>included</b>?",
                    "company_id": cls.company.id,
                },
                {
                    "name": "Their question",
                    "kind": "information",
                    "partner_id": cls.buyer.id,
                    "company_id": cls.company.id,
                },
            ]
        )

    def test_list_shows_own_requests(self):
        """A19: the list holds one's own requests and nobody else's."""
        self.authenticate("portal_requests", "portal_requests")
        page = self.url_open("/my/training-requests")
        self.assertEqual(page.status_code, 200)
        self.assertIn("My question", page.text)
        self.assertNotIn("Their question", page.text)

    def test_page_of_own_request(self):
        """A19: the page shows the request, its text escaped."""
        self.authenticate("portal_requests", "portal_requests")
        page = self.url_open(f"/my/training-requests/{self.own.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Is lunch &lt;b&gt;included&lt;/b&gt;?", page.text)

    def test_page_of_another_is_refused(self):
        """A19: an identifier that is guessed opens nothing."""
        self.authenticate("portal_requests", "portal_requests")
        for target in (self.other.id, 2147483647):
            page = self.url_open(f"/my/training-requests/{target}")
            self.assertNotIn("Their question", page.text)
            self.assertNotIn("/my/training-requests/", page.url)

    def test_signed_link_without_account(self):
        """A19: the link of a mail opens the page; a wrong one does not."""
        url = self.other.get_portal_url()
        self.assertIn("Their question", self.url_open(url).text)
        wrong = f"/my/training-requests/{self.other.id}?access_token=wrong"
        self.assertNotIn("Their question", self.url_open(wrong).text)

    def test_purchase_page_tells_where_it_stands(self):
        """A19: a buyer reads in plain words what happens with the purchase."""
        order = self._purchase(session=self.training_session)
        page = self.url_open(order.training_request_id.get_portal_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn(order.name, page.text)
