# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1, B14: a seller's record at Mangopay, from the first step to its renewal."""

from datetime import UTC, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .mangopay_double import refuse
from .seller_common import SellerCommon

JOB = "training_marketplace_payout.ir_cron_refresh_mangopay_sellers"


@tagged("standard", "post_install", "-at_install")
class TestMangopaySeller(SellerCommon):
    def test_announced_once_the_terms_are_accepted(self):
        """B1: no terms, nothing asked; accepted: who, when, from where, and asked."""
        with self.assertRaises(UserError):
            self.user._announce()
        self.user._accept_terms(self.env.user, "192.0.2.7")
        accepted = self.user.terms_accepted_at
        self.user._accept_terms(self.env.ref("base.user_root"), "192.0.2.9")
        self.assertEqual(self.user.terms_user_id, self.env.user)
        self.assertEqual(self.user.terms_ip, "192.0.2.7")
        self.assertEqual(self.user.terms_accepted_at, accepted)
        self.user._announce()
        self.assertEqual(self.user.state, "requested")
        self.run_sender()
        (sent, _headers, _query) = self.double.calls("POST", "sca/users/legal")[0]
        self.assertEqual(sent["UserCategory"], "OWNER")
        self.assertEqual(sent["CompanyNumber"], "73282932000074")
        self.assertEqual(sent["HeadquartersAddress"]["City"], "La Rochelle")
        self.assertEqual(self.user.steps["identity"], "done")

    def test_wallet_follows(self):
        """B1: a seller known to Mangopay has a wallet, made once."""
        self.announce()
        self.run_sender()
        wallet = self.user.wallet_ids
        self.assertEqual(wallet.state, "active")
        self.assertTrue(wallet.mangopay_id)
        self.assertEqual(len(self.double.calls("POST", "wallets")), 1)

    def test_no_address_is_kept(self):
        """D16: the page where a person enrols is asked for at each click, not kept."""
        self.announce()
        operation = self.user._get_mangopay_operations("user")
        self.set_user(PendingUserAction={"RedirectUrl": "https://sca.example/secret"})
        self.user._get_mangopay_operations("user")._apply_object(
            self.double.objects[self.user.mangopay_id]
        )
        self.assertNotIn("secret", str(operation.answer))

    def test_refused_then_corrected(self):
        """B1: Mangopay refuses the identity: both sides are told; corrected, asked."""
        self.double.fail("POST", "sca/users/legal", refuse(403, "fraud_policy", "No."))
        self.user._accept_terms(self.env.user, "192.0.2.7")
        self.user._announce()
        self.run_sender()
        self.assertEqual(self.user.state, "refused")
        self.assertEqual(self.user.steps["identity"], "refused")
        self.assertEqual(len(self.get_activities()), 1)
        mails = self.env["mail.mail"].search([("recipient_ids", "=", self.seller.id)])
        self.assertEqual(len(mails), 1)
        self.seller.marketplace_legal_form = "individual"
        self.user._announce()
        self.run_sender()
        self.assertTrue(self.user.mangopay_id)
        self.assertEqual(self.user.person, "natural")
        self.assertEqual(len(self.double.calls("POST", "sca/users/natural")), 1)

    def test_gaps_are_told_before_mangopay(self):
        """B1: nothing is asked while something of the identity is missing."""
        self.user._accept_terms(self.env.user, "192.0.2.7")
        self.seller.marketplace_rep_birthdate = False
        with self.assertRaises(UserError):
            self.user._announce()
        self.assertFalse(self.double.journal)

    def test_lost_answer_makes_one_user(self):
        """B1, D7: Mangopay made the user, the answer was lost: found by its key."""
        self.double.fail("POST", "sca/users/legal", "lost")
        self.user._accept_terms(self.env.user, "192.0.2.7")
        operation = self.user._announce()
        self.run_sender()
        self.assertFalse(self.user.mangopay_id)
        self.wait_for(operation)
        self.run_sender()
        self.assertTrue(self.user.mangopay_id)
        self.assertEqual(len(self.double.calls("POST", "sca/users/legal")), 1)

    def test_enrolment_is_seen_by_its_event(self):
        """B1: the person enrolled: the event makes us ask, and the step is done."""
        self.announce("PENDING_USER_ACTION")
        self.assertEqual(self.user.state, "pending")
        self.assertEqual(self.user.steps["bank"], "locked")
        self.set_user(UserStatus="ACTIVE")
        self.receive("SCA_ENROLLMENT_SUCCEEDED", self.user.mangopay_id)
        self.run_events()
        self.assertEqual(self.user.steps["authentication"], "done")

    def test_blocked_and_unblocked(self):
        """B14: a blocked seller is not paid; why is said; unblocked, as before."""
        self.announce()
        self.set_regulatory(outflows=True)
        event = self.receive("USER_OUTFLOWS_BLOCKED", self.user.mangopay_id)
        self.run_events()
        self.assertEqual(event.state, "done")
        self.assertEqual(self.user.state, "blocked")
        self.assertFalse(self.user.is_seller_ready)
        self.assertEqual(self.user.block_code, "008701")
        self.assertEqual(len(self.get_activities()), 1)
        self.set_regulatory()
        self.receive("USER_OUTFLOWS_UNBLOCKED", self.user.mangopay_id, "1790000001")
        self.run_events()
        self.assertEqual(self.user.state, "active")
        self.assertFalse(self.user.outflows_blocked)

    def test_verified_then_renewal_then_downgraded(self):
        """B14: verified; renewal near: told once; downgraded: asked again."""
        self.announce()
        self.set_user(KYCLevel="REGULAR")
        day = datetime.now(UTC) + timedelta(days=60)
        self.set_regulatory(deadline=int(day.timestamp()))
        self.receive("USER_KYC_RENEWAL_REQUIRED", self.user.mangopay_id)
        self.run_events()
        self.assertEqual(self.user.kyc_renewal_deadline, day.date())
        self.assertEqual(self.user.steps["documents"], "done")
        self.assertEqual(len(self.get_activities()), 1)
        self.user._refresh()
        self.assertEqual(len(self.get_activities()), 1)
        self.set_user(KYCLevel="LIGHT")
        self.receive("USER_KYC_LIGHT", self.user.mangopay_id)
        self.run_events()
        self.assertEqual(self.user.steps["documents"], "todo")
        self.assertEqual(len(self.get_activities()), 2)

    def test_forged_event_changes_nothing(self):
        """B14, D8: an event that lies: Mangopay is asked, and says otherwise."""
        self.announce()
        self.receive("USER_OUTFLOWS_BLOCKED", self.user.mangopay_id)
        self.receive("USER_KYC_REGULAR", self.user.mangopay_id)
        self.run_events()
        self.assertEqual(self.user.state, "active")
        self.assertEqual(self.user.kyc_level, "LIGHT")

    def test_daily_look(self):
        """B14: what no event said is seen within a day, and not asked all the time."""
        self.announce()
        self.set_user(KYCLevel="REGULAR")
        self.run_jobs(JOB)
        self.assertEqual(self.user.kyc_level, "LIGHT")
        self.user.refreshed_at = fields.Datetime.now() - timedelta(hours=21)
        self.run_jobs(JOB)
        self.assertEqual(self.user.kyc_level, "REGULAR")

    def test_mangopay_down_during_the_daily_look(self):
        """B14: Mangopay is silent: the run ends, the next one goes on."""
        self.announce()
        self.user.refreshed_at = False
        path = f"sca/users/{self.user.mangopay_id}"
        self.double.fail("GET", path, 503, times=3)
        self.run_jobs(JOB)
        self.assertFalse(self.user.refreshed_at)
        self.run_jobs(JOB)
        self.assertTrue(self.user.refreshed_at)

    def test_who_may_act(self):
        """B1: an event manager sees what is missing; only accounting managers act."""
        self.announce()
        reader = new_test_user(
            self.env, "event-manager", "base.group_user,event.group_event_manager"
        )
        seen = self.seller.with_user(reader)
        self.assertEqual(seen.mangopay_seller_id, self.user)
        self.assertTrue(seen.mangopay_seller_missing)
        with Form(seen) as form:
            self.assertEqual(form.mangopay_seller_state, "active")
            self.assertEqual(len(form.mangopay_seller_ids), 1)
        with self.assertRaises(AccessError):
            seen.action_mangopay_seller_refresh()
        with self.assertRaises(AccessError):
            seen.read(["marketplace_rep_birthdate"])
        actor = new_test_user(
            self.env, "adviser", "base.group_user,account.group_account_manager"
        )
        self.set_user(KYCLevel="REGULAR")
        self.seller.with_user(actor).action_mangopay_seller_refresh()
        self.assertEqual(self.user.kyc_level, "REGULAR")
        plain = new_test_user(self.env, "plain", "base.group_user")
        with self.assertRaises(AccessError):
            self.user.with_user(plain).read(["state"])
        with self.assertRaises(AccessError):
            self.seller.with_user(plain).action_mangopay_seller_retry()

    def test_buyers_are_not_shown_to_event_managers(self):
        """D16: who pays, and how, is the accountants' to know."""
        buyer = self.env["res.partner"].create({"name": "Garage Lefèvre"})
        users = self.env["mangopay.user"]
        payer = users._ensure(self.account, buyer, "PAYER", "legal")
        reader = new_test_user(
            self.env, "event-manager", "base.group_user,event.group_event_manager"
        )
        seen = users.with_user(reader).search([])
        self.assertIn(self.user, seen)
        self.assertNotIn(payer, seen)
