# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D7: what a person found at Mangopay is compared before it is believed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .mangopay_common import MangopayCommon


@tagged("standard", "post_install", "-at_install")
class TestMangopayAttach(MangopayCommon):
    def setUp(self):
        super().setUp()
        self.manager = new_test_user(self.env, "m", "account.group_account_manager")
        self.operation = self.request_transfer()
        self.double.fail("POST", "transfers", "lost")
        self.run_sender()
        self.double.responses.clear()
        self.age(self.operation, 30)
        self.run_sender()
        self.assertEqual(self.operation.error_code, "no_trace")
        [self.made] = self.double.objects.values()

    def attach(self, reference, user=None):
        wizards = self.env["mangopay.attach"].with_user(user or self.manager)
        wizard = wizards.with_context(active_id=self.operation.id).create(
            {"reference": reference}
        )
        return wizard.action_attach()

    def test_found(self):
        """D7: the right one ends the doubt; what follows is done by the job."""
        self.attach(f" {self.made['Id']} ")
        operation = self.operation
        self.assertEqual(operation.state, "succeeded")
        self.assertEqual(operation.provider_reference, self.made["Id"])
        self.assertFalse(operation.activity_ids)
        self.assertIn(self.manager.name, operation.message_ids[:1].body)
        self.run_sender()
        self.assertTrue(operation.is_followed_up)
        with self.assertRaises(UserError):
            self.attach(self.made["Id"])

    def test_another_one(self):
        """D7: another Tag, amount or currency, or none at all: refused, unchanged."""
        for changes in (
            {"Tag": "odoo-of-another"},
            {"Tag": None},
            {"DebitedFunds": {"Currency": "EUR", "Amount": 999}},
            {"DebitedFunds": {"Currency": "USD", "Amount": 1000}},
            {"DebitedFunds": None},
        ):
            with self.subTest(**changes), self.assertRaises(UserError):
                self.double.objects["other"] = {**self.made, "Id": "other", **changes}
                self.attach("other")
        for nothing in ("nothing_there", "../clients", "x" * 200):
            with self.subTest(nothing), self.assertRaises(UserError):
                self.attach(nothing)
        self.assertEqual(self.operation.state, "unknown")

    def test_already_another_operation_s(self):
        """D7: one object is never the result of two operations."""
        other = self.request_transfer(subject=self.seller.copy())
        self.run_sender()
        self.made["Id"] = other.provider_reference
        self.double.objects[other.provider_reference] = self.made
        with self.assertRaises(UserError):
            self.attach(other.provider_reference)

    def test_rights(self):
        """D7: for accounting managers only."""
        clerk = new_test_user(self.env, "c", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.attach(self.made["Id"], clerk)
