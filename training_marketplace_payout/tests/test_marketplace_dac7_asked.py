# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B23: what a seller is asked for the tax office, and what waits until it is given."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.modules.migration import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools.misc import file_path

from .dac7_common import Dac7Common
from .marketplace_common import ATTESTATION, make_contract

MIGRATIONS = "training_marketplace_payout/migrations"
MODELS = "odoo.addons.training_marketplace_payout.models"
REMINDER_JOB = "training_marketplace_payout.ir_cron_remind_seller_documents"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceDac7Asked(Dac7Common):
    def obstacles(self):
        payouts = self.env["marketplace.payout"]
        return payouts._get_obstacles(self.contract, self.company.currency_id)

    def stop(self):
        """Let the time pass in which a seller was asked and reminded in vain."""
        asked = fields.Datetime.now() - timedelta(days=60, minutes=1)
        self.contract.write({"dac7_asked_at": asked, "dac7_reminders": 2})
        self.contract._remind_dac7()
        self.assertTrue(self.contract.is_dac7_stopped)

    def test_asked_reminded_stopped(self):
        """B23: asked with the first sale, reminded twice, stopped after sixty days,
        started again when everything is there."""
        sale = self.pay().marketplace_sale_id
        self.forget_tax_number()
        self.contract._ask_missing_documents(sale)
        asked = self.contract.dac7_asked_at
        self.assertTrue(asked)
        self.contract._ask_missing_documents(sale)
        self.assertEqual(self.contract.dac7_asked_at, asked)
        states = []
        for days in (10, 20, 21, 40, 59, 60):
            moment = fields.Datetime.now() - timedelta(days=days, minutes=1)
            self.contract.dac7_asked_at = moment
            self.contract._remind_dac7()
            states.append((self.contract.dac7_reminders, self.contract.is_dac7_stopped))
        self.assertEqual(
            states,
            [(0, False), (1, False), (1, False), (2, False), (2, False), (2, True)],
        )
        self.assertIn("dac7", self.obstacles())
        self.assertTrue(self.contract._get_dac7_sentence())
        self.seller.marketplace_tax_number = "BE0477472701"
        self.assertNotIn("dac7", self.obstacles())
        self.run_jobs(REMINDER_JOB)
        self.assertFalse(self.contract.is_dac7_stopped)
        self.assertFalse(self.contract.dac7_asked_at)

    def test_each_seller_is_looked_at(self):
        """B23: however many wait, each is reminded; a run that is cut short goes on
        with the others, and nobody is looked at twice a day."""
        self.forget_tax_number()
        other = self.env["res.partner"].create(
            {"name": "Voisin", "country_id": self.env.ref("base.be").id}
        )
        both = self.contract | make_contract(
            self.env, other, self.company, vat_regime="exempt", **ATTESTATION
        )
        crons = type(self.env["ir.cron"])
        with patch(f"{MODELS}.marketplace_seller_dac7.BATCH", 1):
            both.dac7_asked_at = fields.Datetime.now() - timedelta(days=21)
            self.run_jobs(REMINDER_JOB)
            self.assertEqual(both.mapped("dac7_reminders"), [1, 1])
            both.write({"dac7_asked_at": "2025-01-01", "dac7_looked_on": "2025-02-01"})
            with patch.object(crons, "_commit_progress", lambda *a, **kw: 0):
                for expected in ([1, 2], [2, 2], [2, 2]):
                    self.env["marketplace.seller"]._cron_remind_documents()
                    self.assertEqual(sorted(both.mapped("dac7_reminders")), expected)

    def test_hold_of_a_manager_stays(self):
        """B18, B23: what a manager holds is not released by a tax number."""
        sale = self.pay().marketplace_sale_id
        self.forget_tax_number()
        self.contract._ask_missing_documents(sale)
        self.contract.write({"payout_hold": True, "payout_hold_reason": "Doubt"})
        self.seller.marketplace_tax_number = "BE0477472701"
        self.run_jobs(REMINDER_JOB)
        self.assertTrue(self.contract.payout_hold)

    def test_hold_put_on_a_stopped_seller(self):
        """B18, B23: nobody lifts a manager's hold by giving a tax number; and who
        lifts the hold leaves the stop that the law asks for."""
        self.forget_tax_number()
        hold = {"payout_hold": True, "payout_hold_reason": "Fraud under inquiry"}
        self.stop()
        self.assertFalse(self.contract.payout_hold)
        self.contract.write(hold)
        self.seller.marketplace_tax_number = "BE0477472701"
        self.contract._ask_dac7()
        self.assertFalse(self.contract.is_dac7_stopped)
        self.assertEqual(self.contract.payout_hold_reason, "Fraud under inquiry")
        self.assertIn("hold", self.obstacles())
        self.seller.marketplace_tax_number = False
        self.stop()
        self.contract.payout_hold = False
        self.run_jobs(REMINDER_JOB)
        self.assertFalse(self.contract.payout_hold)
        self.assertIn("dac7", self.obstacles())

    def test_holds_of_the_version_before(self):
        """B23: what the job alone held is held by nobody any more, and still stopped;
        what a manager wrote stays."""
        manager = new_test_user(
            self.env,
            "holder",
            groups="training_marketplace_payout.group_marketplace_manager",
        )
        self.forget_tax_number()
        self.stop()
        contract = self.contract.with_context(
            tracking_disable=False, mail_notrack=False
        )
        for user, is_held in ((self.env.ref("base.user_root"), False), (manager, True)):
            reason = f"Held for {user.login}"
            contract.write({"payout_hold": True, "payout_hold_reason": "Tax number"})
            self.env.cr.flush()
            contract.with_user(user).payout_hold_reason = reason
            self.env.cr.flush()
            path = file_path(f"{MIGRATIONS}/19.0.1.1.0/post-dac7.py")
            load_script(path, "post-dac7").migrate(self.env.cr, None)
            self.env.invalidate_all()
            self.assertEqual(contract.payout_hold, is_held)
            self.assertIn("dac7", self.obstacles())
        self.assertEqual(contract.payout_hold_reason, reason)

    def test_complete_seller_is_not_asked(self):
        """B23: a French company is known by its SIREN: nothing is asked of it."""
        self.contract._ask_missing_documents(self.pay().marketplace_sale_id)
        self.assertFalse(self.contract.dac7_asked_at)
