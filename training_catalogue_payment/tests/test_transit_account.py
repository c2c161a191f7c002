# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts of what is cashed by Stripe."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestTransitAccount(TrainingCommon):
    def _lines(self, move):
        """Return ``{account code: balance}`` of an entry."""
        return {line.account_id.code: line.balance for line in move.line_ids}

    def test_french_defaults(self):
        """A30: the French chart's accounts are found by code, missing ones created."""
        expected = {
            "training_income_account_id": ("706000", "income"),
            "training_transit_account_id": ("511500", "asset_current"),
            "training_fee_account_id": ("627800", "expense"),
            "training_transfer_account_id": ("580000", "asset_cash"),
            "training_dispute_account_id": ("467200", "asset_current"),
            "training_prepaid_account_id": ("419100", "liability_current"),
            "training_deferred_account_id": ("487000", "liability_current"),
        }
        for name, (code, kind) in expected.items():
            account = self.company[name]
            self.assertEqual((account.code, account.account_type), (code, kind), name)
        self.assertTrue(self.company.training_transit_account_id.reconcile)
        self.assertFalse(self.company.training_dispute_loss_account_id)
        before = self.env["account.account"].search_count([])
        self.company._ensure_training_accounts()
        self.assertEqual(self.env["account.account"].search_count([]), before)

    def test_an_account_already_chosen_is_kept(self):
        """A30: what the accountant chose is never replaced."""
        chosen = self.company.training_deferred_account_id.copy()
        self.company.training_deferred_account_id = chosen
        self.company._ensure_training_accounts()
        self.assertEqual(self.company.training_deferred_account_id, chosen)

    def test_another_chart_is_left_to_its_accountant(self):
        """A30: outside the French chart nothing is guessed, and the lack is told."""
        company = self.env["res.company"].create({"name": "Other chart"})
        company._ensure_training_accounts()
        self.assertFalse(company.training_transit_account_id)
        with self.assertRaisesRegex(UserError, "Money in transit"):
            company._get_training_account("training_transit_account_id")

    def test_payment_and_refund_go_through_511500(self):
        """A30: payment Dr 511500 / Cr 411, refund Dr 411 / Cr 511500."""
        self.provider._use_training_transit_account()
        self.assertTrue(self.provider._has_training_transit_account())
        tx = self._purchase().training_paid_tx_id
        self.assertEqual(
            self._lines(tx.payment_id.move_id), {"511500": 1200.0, "411100": -1200.0}
        )
        self.assertEqual(tx.payment_id.journal_id.code, "STRIP")
        refund_tx = tx._create_child_transaction(450.0, is_refund=True)
        self._capture(refund_tx)
        self.assertEqual(
            self._lines(refund_tx.payment_id.move_id),
            {"411100": 450.0, "511500": -450.0},
        )

    def test_training_is_sold_on_706(self):
        """A30: not on the chart's default, which is for goods (707); a programme's own
        account wins."""
        line = self._purchase().invoice_ids.invoice_line_ids
        self.assertEqual(line.account_id.code, "706000")
        own = self.company.training_income_account_id.copy()
        self.programme.property_account_income_id = own
        self.assertEqual(self._purchase().invoice_ids.invoice_line_ids.account_id, own)

    def test_every_method_of_the_journal_uses_the_account(self):
        """A30: money in and money out, by hand too."""
        self.provider._use_training_transit_account()
        journal = self.company.training_stripe_journal_id
        lines = (
            journal.inbound_payment_method_line_ids
            + journal.outbound_payment_method_line_ids
        )
        self.assertEqual(
            lines.payment_account_id, self.company.training_transit_account_id
        )
        self.assertEqual(journal.default_account_id.code, "511500")
        self.provider._use_training_transit_account()
        self.assertEqual(self.company.training_stripe_journal_id, journal)

    def test_existing_link_gets_it_from_the_settings(self):
        """A30: an account linked before is moved by a button, which asks for rights."""
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.is_training_transit_used)
        user = self._create_role("seller", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            settings.with_user(user).action_training_use_transit_account()
        settings.action_training_use_transit_account()
        self.assertTrue(self.provider._has_training_transit_account())
