# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9: a company's account at Mangopay: keys, notifications, health, copies."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.misc import file_path

from ..services.mangopay_errors import GatewayError
from ..services.mangopay_kinds import EVENT_TYPES
from .mangopay_common import TOKEN, MangopayCommon, know_few_types
from .mangopay_double import refuse

REFRESH_JOB = "training_marketplace_payout.ir_cron_refresh_mangopay_accounts"
READY = ("ready", "")


@tagged("training_install", "standard", "post_install", "-at_install")
class TestMangopayHooks(MangopayCommon):
    def test_notifications_are_created_mended_and_woken(self):
        """D8: one hook for each type; those that Mangopay stopped are woken."""
        self.account.action_create_hooks()
        hooks = self.double.objects
        self.assertEqual(self.account.hook_state, "ready")
        types = {hook["EventType"] for hook in hooks.values()}
        self.assertEqual(types, set(EVENT_TYPES))
        [url] = {hook["Url"] for hook in hooks.values()}
        self.assertTrue(url.endswith(f"/marketplace/mangopay/hook/{TOKEN}"))
        count = len(hooks)
        first, second, *_rest = hooks.values()
        first["Validity"], second["Status"] = "INVALID", "DISABLED"
        self.account.action_refresh()
        self.assertEqual(self.account.hook_state, "invalid")
        self.assertIn(first["EventType"], self.account.hook_detail)
        self.run_jobs(REFRESH_JOB)
        self.assertEqual(self.account.hook_state, "ready")
        self.assertEqual((first["Validity"], second["Status"]), ("VALID", "ENABLED"))
        self.account.action_create_hooks()
        self.assertEqual(len(hooks), count)


@tagged("training_install", "standard", "post_install", "-at_install")
class TestMangopayAccount(MangopayCommon):
    def setUp(self):
        super().setUp()
        know_few_types(self)

    def open_wizard(self, **values):
        values = {"client_id": "rivage", "api_key": "key-of-the-test-42", **values}
        return self.env["mangopay.link"].create(values)

    def test_keys_are_checked_before_anything_changes(self):
        """B9: wrong keys are refused with a sentence; the former ones stay."""
        wizard = self.open_wizard(api_key="wrong")
        action = wizard.action_link()
        self.assertIn("refuses these keys", wizard.refusal)
        self.assertEqual(action["res_id"], wizard.id)
        self.assertFalse(wizard.api_key)
        self.assertEqual(self.account.api_key, "key-of-the-test-42")
        wizard = self.open_wizard(api_key="")
        wizard.action_link()
        self.assertIn("Enter the client id", wizard.refusal)
        self.double.fail("POST", "oauth/token", 500)
        wizard = self.open_wizard()
        wizard.action_link()
        self.assertIn("does not answer", wizard.refusal)

    def test_right_keys_link_and_another_client_replaces(self):
        """B9: one account a company; what belongs to a former one stays with it."""
        self.open_wizard().action_link()
        accounts = self.env["mangopay.account"]
        self.assertEqual(accounts._get_of(self.company), self.account)
        self.assertEqual(self.account.name, "Académie du Rivage")
        self.assertEqual(self.account.hook_token, TOKEN)
        self.open_wizard(mode="live").action_link()
        second = accounts._get_of(self.company)
        self.assertTrue(second.is_live)
        self.assertEqual((self.account.active, self.account.api_key), (False, False))
        self.open_wizard().action_link()
        self.assertEqual(accounts._get_of(self.company), self.account)
        self.assertNotIn(self.account.hook_token, (False, TOKEN))

    def test_what_was_missed_is_taken_in_daily(self):
        """D8: the daily look fetches what was announced since the last one."""
        self.account.recovered_until = "2026-01-01 00:00:00"
        self.double.happen("USER_KYC_REGULAR", "user_1")
        # Whoever looks meanwhile takes nothing off it, nor a look that fails half-way.
        self.account.action_refresh()
        self.open_wizard().action_link()
        self.double.fail("GET", "events", 500, times=9)
        self.run_jobs(REFRESH_JOB)
        self.assertEqual(str(self.account.recovered_until), "2026-01-01 00:00:00")
        self.double.faults.clear()
        self.double.fail("GET", "events", refuse(400, "param_error", "Unknown type"))
        self.run_jobs(REFRESH_JOB)
        events = self.env["mangopay.event"].search([])
        self.assertEqual(events.mapped("object_id"), ["user_1"])
        self.assertGreater(self.account.recovered_until, self.account.create_date)

    def test_a_client_serves_one_company(self):
        """B9, D8: Mangopay notifies one address: a second company is refused."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        wizard = self.open_wizard(company_id=other.id)
        wizard.action_link()
        self.assertTrue(wizard.refusal)
        self.assertFalse(self.env["mangopay.account"]._get_of(other))

    def test_not_unlinked_while_money_is_on_its_way(self):
        """B9, D16: the key of real money stays as long as it moves."""
        self.account.is_live = True
        operation = self.request_transfer()
        self.run_sender()
        operation.state = "pending"
        with self.assertRaises(UserError):
            self.account.action_unlink_account()
        operation.state = "succeeded"
        self.account.action_unlink_account()
        self.assertFalse(self.account.active)

    def test_addresses_of_others_are_not_taken_silently(self):
        """D8: another system's hook is shown, and replaced only on demand."""
        url = "https://other.example/hook"
        hook = self.double.add("hooks", EventType="KYC_FAILED", Url=url)
        self.account.action_create_hooks()
        self.assertEqual(self.account.hook_state, "foreign")
        self.assertIn(url, self.account.hook_detail)
        self.assertEqual(hook["Url"], url)
        self.account.action_replace_hooks()
        self.assertEqual(self.account.hook_state, "ready")

    def test_a_type_that_mangopay_lacks_is_told(self):
        """D8: one type refused does not hinder the others."""
        self.double.fail("POST", "hooks", refuse(400, "param_error", "Unknown type"))
        self.account.action_create_hooks()
        self.assertEqual(self.account.hook_state, "ready")
        self.assertIn("Unknown type", self.account.hook_detail)
        self.run_jobs(REFRESH_JOB)
        self.assertEqual(self.account.hook_state, "ready")
        self.account.action_create_hooks()
        self.assertEqual((self.account.hook_state, self.account.hook_detail), READY)

    def test_refused_key_is_shown(self):
        """D8, D16: a key revoked later shows on the card; its end clears it."""
        self.double.api_key = "another"
        self.account.action_refresh()
        self.assertEqual(self.account.fault, "key_refused")
        self.assertFalse(self.account.is_ready)
        self.double.api_key = "key-of-the-test-42"
        self.account.action_refresh()
        self.assertFalse(self.account.fault)

    def test_secrets_are_for_administrators(self):
        """D16: nobody else reads the key or the address, nor links an account."""
        manager = new_test_user(self.env, "k-manager", "account.group_account_manager")
        account = self.account.with_user(manager)
        account.read(["client_id", "hook_state"])
        for name in ("api_key", "hook_token"):
            with self.assertRaises(AccessError):
                account.read([name])
        for action in (
            "action_refresh",
            "action_create_hooks",
            "action_unlink_account",
        ):
            with self.assertRaises(AccessError):
                getattr(account, action)()
        copy = self.account.copy_data()[0]
        self.assertFalse({"api_key", "hook_token"} & set(copy))

    def test_unlinked_account_keeps_nothing(self):
        """D16: unlinking stops the calls and forgets the key."""
        self.account.action_create_hooks()
        self.account.action_unlink_account()
        statuses = {hook["Status"] for hook in self.double.objects.values()}
        self.assertEqual(statuses, {"DISABLED"})
        self.assertFalse(self.account.api_key)
        with self.assertRaises(GatewayError):
            self.account._get_gateway()

    def test_copy_of_the_database_moves_nothing(self):
        """D16: a neutralized copy has no key, no address, nothing to send."""
        operation = self.request_transfer()
        self.account.hook_state = "ready"
        self.account._offer_payment()
        self.env.flush_all()
        path = file_path("training_marketplace_payout/data/neutralize.sql")
        with open(path) as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual((operation.state, operation.date_next), ("failed", False))
        self.assertFalse(self.account.api_key or self.account.hook_token)
        providers = self.env["payment.provider"]
        self.assertEqual(providers._get_mangopay_of(self.company).state, "disabled")
        self.assertFalse(self.company.is_mangopay_ready)
        self.run_sender()
        self.assertEqual(self.double.journal, [])

    def test_payment_follows_the_account(self):
        """D17: linked: offered, in the account's mode; unlinked: not offered."""
        providers = self.env["payment.provider"]
        self.account._offer_payment()
        provider = providers._get_mangopay_of(self.company)
        self.assertEqual((provider.state, provider.is_published), ("test", True))
        self.assertIn("card", provider.payment_method_ids.mapped("code"))
        self.account.is_live = True
        self.account._offer_payment()
        self.assertEqual(providers._get_mangopay_of(self.company), provider)
        self.assertEqual(provider.state, "enabled")
        self.account.action_unlink_account()
        self.assertEqual((provider.state, provider.is_published), ("disabled", False))
        other = self.env["res.company"].create({"name": "Another"})
        theirs = providers._ensure_mangopay(other)
        self.assertNotEqual(theirs, provider)
        self.assertEqual((theirs.company_id, theirs.state), (other, "disabled"))
