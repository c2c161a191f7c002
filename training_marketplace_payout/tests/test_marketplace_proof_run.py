# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B22: every night each check is made, kept and told; one that fails hides no other."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .marketplace_money_common import MarketplaceMoneyCommon

PROOF_JOB = "training_marketplace_payout.ir_cron_prove_marketplace"
RUN = "odoo.addons.training_marketplace_payout.models.marketplace_proof_run"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProofRun(MarketplaceMoneyCommon):
    def prove(self):
        """Run the nightly job; return what it kept for this company."""
        self.run_jobs(PROOF_JOB)
        return self.env["marketplace.proof.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def find_open(self, **values):
        domain = [("company_id", "=", self.company.id), ("state", "=", "open")]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["marketplace.exception"].search(domain)

    def test_a_good_night(self):
        """B22: all checks made, nothing found, kept."""
        self.pay()
        self.follow_up()
        run = self.prove()
        french = run.with_context(lang="fr_FR")
        self.assertIn(f"{run.date:%d/%m/%Y}", french.display_name)
        self.assertEqual((run.difference_count, run.failed_count), (0, 0))
        self.assertEqual(len(run.check_ids), run.check_count)
        self.assertGreater(run.check_count, 12)
        self.assertFalse(self.find_open())

    def test_a_difference_of_a_seller(self):
        """B22: seen at night, it has its seller; mended, it is gone the next night."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        sale.amount_refunded = 100.0
        run = self.prove()
        self.assertTrue(run.difference_count)
        found = self.find_open(check_code="I4")
        self.assertEqual((found.seller_id, found.difference), (self.seller, -100.0))
        blocked = self.env["marketplace.exception"]._get_blocked_sellers(self.company)
        self.assertEqual(blocked, self.seller)
        sale.amount_refunded = 0.0
        self.prove()
        self.assertEqual(found.state, "closed")
        self.assertFalse(self.find_open())

    def test_a_check_that_fails_hides_no_other(self):
        """B22: its error is kept; what it found before stays, others are made."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        sale.amount_refunded = 100.0
        self.prove()
        sale.amount_refunded = 0.0
        proof = type(self.env["marketplace.proof"])

        def fail(self, company):
            return self.env.execute_query(SQL("SELECT 1 / 0"))

        with (
            patch.object(proof, "_check_wallets", fail),
            mute_logger("odoo.sql_db", RUN),
        ):
            run = self.prove()
        self.assertEqual(run.failed_count, 1)
        failed = run.check_ids.filtered("error")
        self.assertEqual(failed.check_code, "I2")
        self.assertEqual(set(self.find_open().mapped("check_code")), {"I2"})
        self.prove()
        self.assertFalse(self.find_open())

    def test_too_many(self):
        """B22: a thousand rows of one check at most; the others are not gone."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        sale.amount_refunded = 100.0
        with patch(f"{RUN}.MOST", 1):
            run = self.prove()
            line = run.check_ids.filtered(lambda one: one.check_code == "I2")
            self.assertEqual(line.difference_count, 2)
            self.assertEqual(len(self.find_open(check_code="I2")), 1)
        self.prove()
        self.assertEqual(len(self.find_open(check_code="I2")), 2)
        with patch(f"{RUN}.MOST", 1):
            self.prove()
        self.assertEqual(len(self.find_open(check_code="I2")), 2)

    def test_roles(self):
        """B22: accountants and auditors read; the job is asked by accountants."""
        run = self.prove()
        for group, may_ask in (("invoice", True), ("readonly", False)):
            user = new_test_user(
                self.env, login=f"u_{group}", groups=f"account.group_account_{group}"
            )
            seen = run.with_user(user)
            self.assertTrue(seen.check_ids.mapped("check_code"))
            if may_ask:
                self.assertTrue(seen.action_prove_now())
            else:
                with self.assertRaises(AccessError):
                    seen.action_prove_now()
            with self.assertRaises(AccessError):
                seen.write({"difference_count": 0})
