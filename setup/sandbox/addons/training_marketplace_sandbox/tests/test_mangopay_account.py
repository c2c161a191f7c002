# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D14: the stand-in is called only where the environment names it, on this machine."""

import os
from unittest.mock import patch

from odoo.tests import TransactionCase, mute_logger, tagged

from ..models.mangopay_account import URL_VARIABLE


@tagged("standard", "post_install", "-at_install")
class TestMangopayAccount(TransactionCase):
    def read_address(self, url):
        with patch.dict(os.environ, {URL_VARIABLE: url}):
            return self.env["mangopay.account"]._get_gateway_options().get("base_url")

    def test_stand_in_named_by_the_environment(self):
        """D14: the address of the stand-in, with the version and the final slash."""
        self.assertEqual(
            self.read_address("http://localhost:8424/"), "http://127.0.0.1:8424/v2.01/"
        )

    @mute_logger("odoo.addons.training_payment_sandbox.services.stand_in")
    def test_nothing_else_is_a_stand_in(self):
        """D14: another machine, or nothing: Odoo talks to Mangopay itself."""
        for url in ("", "https://elsewhere.example", "http://10.0.0.1:8424"):
            self.assertIsNone(self.read_address(url))
