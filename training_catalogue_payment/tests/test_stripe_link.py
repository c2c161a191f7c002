# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A2, A3: linking a Stripe account, its health and its end."""

import logging
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import mute_logger, new_test_user, tagged

from .stripe_common import ADDON, StripeCommon
from .stripe_double import PUBLISHABLE_KEY, SECRET_KEY, make_account

WIZARD = f"{ADDON}.wizards.training_stripe_link"
GATEWAY = f"{ADDON}.services.stripe_gateway"


class StripeLinkCommon(StripeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider._clear_training_link()
        # Odoo copies its providers into each new company; the wizard takes that one.
        cls.provider = cls.env["payment.provider"].search(
            [("code", "=", "stripe"), ("company_id", "=", cls.company.id)], limit=1
        )

    def link(self, secret=SECRET_KEY, publishable=PUBLISHABLE_KEY, company=None):
        wizard = self.env["training.stripe.link"].create(
            {
                "company_id": (company or self.company).id,
                "secret_key": secret,
                "publishable_key": publishable,
            }
        )
        wizard.action_link()
        return wizard

    def webhooks(self):
        found = self.double.objects.values()
        return [
            one["id"]
            for one in found
            if one["object"] == "webhook_endpoint" and one["id"] in self.double.owners
        ]

    def add_live_account(self, **values):
        self.double.accounts["acct_live"] = make_account("acct_live", **values)
        self.double.secret_keys["sk_live_ours"] = "acct_live"
        self.double.publishable_keys["pk_live_ours"] = "acct_live"


@tagged("standard", "post_install", "-at_install")
class TestStripeLink(StripeLinkCommon):
    def test_link_opens_the_sale(self):
        """A2, A3: checked keys are stored, the webhook signed, the sale opens."""
        self.assertFalse(self.company.training_sale_open)
        wizard = self.link(f" {SECRET_KEY} ")
        self.assertFalse(wizard.refusal)
        provider = self.company.training_stripe_provider_id
        self.assertEqual((provider.code, provider.state), ("stripe", "test"))
        self.assertTrue(provider.is_published)
        self.assertEqual(provider.stripe_secret_key, SECRET_KEY)
        self.assertEqual(provider.stripe_publishable_key, PUBLISHABLE_KEY)
        webhook = self.double.objects[provider.training_webhook_id]
        self.assertEqual(provider.stripe_webhook_secret, webhook["secret"])
        path = f"/training/stripe/webhook/{provider.training_webhook_token}"
        self.assertTrue(webhook["url"].endswith(path))
        self.assertIn("payment_intent.succeeded", webhook["enabled_events"])
        self.assertTrue(provider.training_link_ready)
        self.assertTrue(self.company.training_sale_open)

    def test_money_is_captured_at_once(self):
        """A13, A15: linking ends « capture manually », which nobody ticks after it."""
        self.provider.payment_method_ids = self.env.ref("payment.payment_method_card")
        self.provider.capture_manually = True
        self.link()
        provider = self.company.training_stripe_provider_id
        self.assertEqual(provider, self.provider)
        self.assertFalse(provider.capture_manually)
        with self.assertRaises(ValidationError):
            provider.capture_manually = True
        provider._clear_training_link()
        provider.capture_manually = True

    def test_health_card_shows_the_account(self):
        """A2: name, identifier, country, currency, mode, charges, payouts, webhook."""
        self.link()
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.training_account_name, "Académie du Rivage")
        self.assertEqual(settings.training_account_id, "acct_ours")
        self.assertEqual(settings.training_account_country, "FR")
        self.assertEqual(settings.training_account_currency, "EUR")
        self.assertFalse(settings.training_account_live)
        self.assertTrue(settings.training_charges_enabled)
        self.assertTrue(settings.training_payouts_enabled)
        self.assertEqual(settings.training_webhook_state, "enabled")
        self.assertFalse(settings.training_last_event_at)
        self.assertTrue(settings.training_checked_at)

    def test_refused_keys_change_nothing(self):
        """A2: each refusal says why; no value and no endpoint is left behind."""
        self.double.accounts["acct_other"] = make_account("acct_other")
        self.double.publishable_keys["pk_test_other"] = "acct_other"
        self.add_live_account(charges_enabled=False)
        before = self.provider.read()
        for secret, publishable, words in (
            ("", PUBLISHABLE_KEY, "not a secret or restricted key"),
            ("whsec_abcdef", PUBLISHABLE_KEY, "not a secret or restricted key"),
            (PUBLISHABLE_KEY, SECRET_KEY, "publishable key was entered as the secret"),
            (SECRET_KEY, "", "not a publishable key"),
            (SECRET_KEY, SECRET_KEY, "would be shown to visitors"),
            (SECRET_KEY, "pk_live_ours", "for trial, the other for real"),
            ("sk_test_revoked", PUBLISHABLE_KEY, "mistyped or was revoked"),
            (SECRET_KEY, "pk_test_other", "different Stripe accounts"),
            (SECRET_KEY, "pk_test_unknown", "does not know this publishable key"),
            ("sk_live_ours", "pk_live_ours", "only calls secure public addresses"),
        ):
            with self.subTest(secret=secret, publishable=publishable):
                wizard = self.link(secret, publishable)
                self.assertIn(words, wizard.refusal)
                self.assertFalse(wizard.secret_key)
                self.assertEqual(self.provider.read(), before)
                self.assertEqual(self.webhooks(), [])
        self.assertFalse(self.company.training_stripe_provider_id)

    @mute_logger(GATEWAY)
    def test_refusals_of_stripe_change_nothing(self):
        """A2: missing permission, no answer, no endpoint: said, nothing changed."""
        before = self.provider.read()
        for method, path, action, words in (
            ("GET", "account", 403, "lacks a permission"),
            ("GET", "account", "cut", "does not answer"),
            ("POST", "setup_intents", 500, "does not answer"),
            ("POST", "webhook_endpoints", 400, "It says: As ordered."),
        ):
            with self.subTest(path=path, action=action):
                self.double.fail(method, path, action, times=3)
                self.assertIn(words, self.link().refusal)
                self.double.faults.clear()
                self.assertEqual(self.provider.read(), before)
                self.assertEqual(self.webhooks(), [])

    def test_live_account_needs_charges_and_https(self):
        """A2: a live account that takes no payment is refused, else real mode is on."""
        self.add_live_account(charges_enabled=False)
        self.website.domain = "https://formation.example.com"
        wizard = self.link("sk_live_ours", "pk_live_ours")
        self.assertIn("finish its activation", wizard.refusal)
        self.add_live_account()
        self.link("sk_live_ours", "pk_live_ours")
        provider = self.company.training_stripe_provider_id
        self.assertEqual(provider.state, "enabled")
        self.assertTrue(provider.training_account_live)
        url = self.double.objects[provider.training_webhook_id]["url"]
        self.assertTrue(url.startswith("https://formation.example.com/training/"))

    def test_failed_write_leaves_no_endpoint(self):
        """A2: when the database refuses after Stripe agreed, the endpoint goes."""
        refusal = patch.object(
            type(self.provider), "write", side_effect=UserError("No.")
        )
        with refusal, self.assertRaises(UserError):
            self.link()
        self.assertEqual(len(self.webhooks()), 1)
        self.env.cr.postrollback.run()
        self.assertEqual(self.webhooks(), [])

    def test_linking_again_replaces_the_endpoint(self):
        """A2: after the new link is saved, the former endpoint is removed."""
        self.link()
        first = self.provider.training_webhook_id
        self.link()
        self.env.cr.postcommit.run()
        self.assertEqual(self.webhooks(), [self.provider.training_webhook_id])
        self.assertNotEqual(first, self.provider.training_webhook_id)

    def test_each_company_has_its_own_account(self):
        """A2: a company without a Stripe provider gets one of its own."""
        company = self.env["res.company"].create({"name": "Nouvelle"})
        own = [("code", "=", "stripe"), ("company_id", "=", company.id)]
        self.env["payment.provider"].search(own).unlink()
        self.env["account.journal"].create(
            {"name": "Banque", "type": "bank", "code": "BQ", "company_id": company.id}
        )
        self.assertFalse(self.link(company=company).refusal)
        provider = company.training_stripe_provider_id
        self.assertEqual(provider.company_id, company)
        self.assertNotEqual(provider, self.provider)
        self.assertTrue(provider.training_link_ready)
        self.assertFalse(self.company.training_stripe_provider_id)

    def test_company_without_bank_journal_is_told(self):
        """A2: payments need a journal; better said now than at the first one."""
        company = self.env["res.company"].create({"name": "Nouvelle"})
        self.assertIn("no bank journal", self.link(company=company).refusal)

    def test_keys_are_not_logged(self):
        """A2: at the most talkative level, no key and no secret is written."""
        with self.assertLogs(level="DEBUG") as logs:
            logging.getLogger("odoo.test").info("started")
            self.link()
        text = "\n".join(line for line in logs.output if "odoo.sql_db" not in line)
        for secret in (SECRET_KEY, self.provider.stripe_webhook_secret):
            self.assertNotIn(secret, text)


@tagged("standard", "post_install", "-at_install")
class TestStripeHealth(StripeLinkCommon):
    def setUp(self):
        super().setUp()
        self.link()

    def test_unlinking_undoes_everything(self):
        """A2: the endpoint is deleted, the keys are gone, the sale is closed."""
        self.assertTrue(self.company.training_sale_open)
        self.provider.action_training_unlink()
        self.assertEqual(self.webhooks(), [])
        self.assertEqual(self.provider.state, "disabled")
        self.assertFalse(self.provider.is_published)
        for name in self.provider._fields:
            if (
                name.startswith(("stripe_", "training_"))
                and "webhook_state" not in name
            ):
                self.assertFalse(self.provider[name], name)
        self.assertFalse(self.company.training_stripe_provider_id)
        self.assertFalse(self.company.training_sale_open)

    @mute_logger(f"{ADDON}.models.payment_provider_health", GATEWAY)
    def test_unlinking_works_without_stripe(self):
        """A2: an account that cannot be reached is unlinked, and the rest is told."""
        self.double.fail("DELETE", f"webhook_endpoints/{self.webhooks()[0]}", "cut")
        action = self.provider.action_training_unlink()
        self.assertIn("remove it in Stripe's dashboard", action["params"]["message"])
        self.assertFalse(self.provider.stripe_secret_key)

    def test_refund_on_its_way_stops_unlinking(self):
        """A2: money whose outcome is not known needs the account's key."""
        tx, intent = self.pay()
        tx._process_stripe_object("payment_intent", intent)
        self.env["training.payment.operation"]._request_refund(tx, 1, "test")
        with self.assertRaises(UserError):
            self.provider.action_training_unlink()
        self.assertTrue(self.provider.training_link_ready)

    def test_revoked_key_stops_the_sale_until_it_works(self):
        """A2: a check finds the revoked key; the card tells; later all is well."""
        account = self.double.secret_keys.pop(SECRET_KEY)
        self.provider.action_training_refresh()
        self.assertEqual(self.provider.training_link_fault, "key_refused")
        self.assertIn("Invalid API Key", self.provider.training_last_error)
        self.assertNotIn(SECRET_KEY, self.provider.training_last_error)
        self.assertFalse(self.company.training_sale_open)
        self.double.secret_keys[SECRET_KEY] = account
        self.run_jobs("training_catalogue_payment.ir_cron_refresh_training_links")
        self.assertFalse(self.provider.training_link_fault)
        self.assertTrue(self.company.training_sale_open)

    def test_lost_webhook_stops_the_sale(self):
        """A3: an endpoint switched off or deleted at Stripe closes the sale."""
        self.double.objects[self.webhooks()[0]]["status"] = "disabled"
        self.provider.action_training_refresh()
        self.assertEqual(self.provider.training_webhook_state, "disabled")
        self.assertFalse(self.company.training_sale_open)
        del self.double.owners[self.webhooks()[0]]
        self.provider.action_training_refresh()
        self.assertEqual(self.provider.training_webhook_state, "missing")

    def test_missing_secret_stops_the_sale(self):
        """A3: without the signing secret nothing can be sold."""
        self.provider.stripe_webhook_secret = False
        self.assertFalse(self.provider.training_link_ready)
        self.assertFalse(self.company.training_sale_open)

    def test_keys_changed_by_hand_stop_the_sale(self):
        """A2: keys that were not checked together do not sell."""
        self.provider.stripe_secret_key = "sk_test_someoneelse"
        self.assertEqual(self.provider.training_link_fault, "keys_changed")
        self.assertFalse(self.company.training_sale_open)

    def test_suspended_charges_stop_the_sale(self):
        """A2: an account that Stripe suspends sells nothing."""
        self.add_live_account()
        self.website.domain = "https://formation.example.com"
        self.link("sk_live_ours", "pk_live_ours")
        self.add_live_account(charges_enabled=False, payouts_enabled=False)
        self.provider.action_training_refresh()
        self.assertFalse(self.provider.training_charges_enabled)
        self.assertFalse(self.provider.training_payouts_enabled)
        self.assertFalse(self.company.training_sale_open)

    def test_only_administrators_may_link(self):
        """A2: managers, accountants and visitors reach no step of it, by RPC either."""
        for groups in (
            "base.group_user,event.group_event_manager",
            "base.group_user,account.group_account_manager",
            "base.group_portal",
            "base.group_public",
        ):
            with self.subTest(groups=groups):
                login = f"user_{groups}"
                user = new_test_user(
                    self.env, login, groups, company_id=self.company.id
                )
                wizards = self.env["training.stripe.link"].with_user(user)
                with self.assertRaises(AccessError):
                    wizards.create({"secret_key": SECRET_KEY})
                provider = self.provider.with_user(user)
                for action in ("action_training_refresh", "action_training_unlink"):
                    with self.assertRaises(AccessError):
                        getattr(provider, action)()
                settings = self.env["res.config.settings"].create({}).with_user(user)
                with self.assertRaises(AccessError):
                    settings.action_training_stripe_unlink()
