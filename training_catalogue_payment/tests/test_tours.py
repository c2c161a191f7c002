# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The purchase page in a real browser."""

from unittest.mock import patch

from odoo.tests import tagged

from .http_common import TrainingHttpCommon


@tagged("training_install", "post_install", "-at_install", "e2e")
class TestTours(TrainingHttpCommon):
    """What the page's own script shows, hides and fills in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The tours end on the payment page: a provider that loads no script of its
        # own keeps Stripe's, which is on another server, out of them.
        cls.other_provider = cls._create_other_provider()
        cls.startClassPatcher(
            patch.object(
                cls.registry["sale.order"],
                "_get_training_providers",
                lambda order: cls.other_provider.with_env(order.env),
            )
        )

    def test_company_buys_for_three_learners(self):
        """A11: rows and total follow the number; « I am the learner » fills a row."""
        self.start_tour(self.programme.website_url, "training_purchase_company")
        order = self._carts()
        self.assertEqual(order.amount_total, 1800)
        self.assertEqual(order.partner_invoice_id.name, "Menuiserie Durand SARL")
        self.assertEqual(
            sorted(order.training_registration_ids.mapped(lambda r: r.email or "")),
            ["", "bob@durand.example.com", "claire@durand.example.com"],
        )

    def test_individual_buys(self):
        """A9: out of BPF the page turns from company to individual (A11)."""
        session = self._create_session(is_out_of_bpf=True)
        self.start_tour(self._buy_url(session), "training_purchase_individual")
        order = self._carts()
        self.assertEqual(order.training_buyer_kind, "individual")
        self.assertEqual(order.amount_total, 720)
        self.assertEqual(order.partner_id.name, "Paul Martin")
