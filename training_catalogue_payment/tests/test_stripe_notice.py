# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A2, A3: the managers are told; another account; two companies."""

from datetime import UTC, timedelta

from odoo import fields
from odoo.tests import mute_logger, tagged

from .stripe_common import ADDON
from .stripe_double import SECRET_KEY, make_account
from .test_stripe_link import GATEWAY, StripeLinkCommon

REFRESH = "training_catalogue_payment.ir_cron_refresh_training_links"
ACTIVITY = "training_catalogue_payment.mail_activity_stripe_link"


class StripeNoticeCommon(StripeLinkCommon):
    def setUp(self):
        super().setUp()
        self.manager = self._create_role(
            "sale_manager",
            "event.group_event_manager",
        )
        self.company.partner_id.lang = "en_US"
        self.manager.email = "manager@formation.example.com"
        self.link()

    def notices(self):
        return self.env["mail.mail"].search(
            [("model", "=", "payment.provider"), ("res_id", "=", self.provider.id)]
        )

    def activities(self):
        return self.company.partner_id.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref(ACTIVITY)
        )

    def add_second_account(self):
        self.double.accounts["acct_two"] = make_account("acct_two")
        self.double.secret_keys["sk_test_second"] = "acct_two"
        self.double.publishable_keys["pk_test_second"] = "acct_two"


@tagged("standard", "post_install", "-at_install")
class TestStripeNotice(StripeNoticeCommon):
    def test_sale_stops_with_a_notice(self):
        """A2, A3: switched off or deleted endpoint: told once; back: sale reopens."""
        webhook = self.double.objects[self.webhooks()[0]]
        webhook["status"] = "disabled"
        for _day in range(2):
            self.run_jobs(REFRESH)
        self.assertFalse(self.company.training_sale_open)
        self.assertEqual(len(self.notices()), 1)
        self.assertIn("manager@formation.example.com", self.notices().email_to)
        self.assertIn("switched the webhook off", self.notices().body_html)
        self.assertEqual(len(self.activities()), 1)
        self.assertTrue(self.activities().user_id.has_group("base.group_system"))
        webhook["status"] = "enabled"
        self.run_jobs(REFRESH)
        self.assertTrue(self.company.training_sale_open)
        self.assertFalse(self.activities())

    def test_deleted_endpoint(self):
        """A3: an endpoint deleted in Stripe's dashboard stops the sale and is told."""
        del self.double.owners[self.webhooks()[0]]
        self.run_jobs(REFRESH)
        self.assertFalse(self.company.training_sale_open)
        self.assertIn("gone at Stripe", self.notices().body_html)

    @mute_logger(GATEWAY)
    def test_silent_stripe_stops_nothing(self):
        """A2: a day without an answer is noted on the card, and sells on."""
        for _attempt in range(3):
            self.double.fail("GET", "account", "cut")
        self.provider.action_training_refresh()
        self.assertTrue(self.company.training_sale_open)
        self.assertTrue(self.provider.training_last_error)
        self.assertFalse(self.notices())

    def test_application_deauthorized(self):
        """A2: the key's application was withdrawn: the sale stops at once."""
        self.double.secret_keys.pop(SECRET_KEY)
        token = self.provider.training_webhook_token
        inbox = self.env["training.payment.event"]
        self.env.flush_all()
        body = (
            b'{"id": "evt_1", "type": "account.application.deauthorized",'
            b' "data": {"object": {"id": "ca_1"}}}'
        )
        self.assertTrue(inbox._receive(inbox._find_endpoint(token), body))
        self.run_events()
        self.assertEqual(self.provider.training_link_fault, "key_refused")
        self.assertFalse(self.company.training_sale_open)
        self.assertEqual(len(self.notices()), 1)

    def test_withdrawn_permission(self):
        """A2: a key that may not even read its account is a refused key."""
        self.double.fail("GET", "account", 403)
        self.provider.action_training_refresh()
        self.assertEqual(self.provider.training_link_fault, "key_refused")

    def _add_event(self, hours, type_="payment_intent.succeeded", object_id="pi_9"):
        moment = fields.Datetime.now() - timedelta(hours=hours)
        return self.double.add(
            "event",
            "evt",
            type=type_,
            created=int(moment.replace(tzinfo=UTC).timestamp()),
            data={"object": {"id": object_id}},
        )

    def test_undelivered_events(self):
        """A2: before Stripe gives the webhook up: told once, and nothing is lost."""
        self.provider.training_linked_at = "2020-01-01 00:00:00"
        tx, intent = self.pay()
        self._add_event(2, object_id=intent["id"])
        self._add_event(0.2, object_id="pi_young")
        self._add_event(100, object_id="pi_old")
        self._add_event(2, type_="customer.created")
        self.provider.action_training_refresh()
        self.assertEqual(self.provider.training_missed_events, 1)
        self.assertTrue(self.provider.training_missed_since)
        self.assertTrue(self.company.training_sale_open)
        self.assertEqual(len(self.notices()), 1)
        self.assertIn("could not deliver 1 events", self.notices().body_html)
        self.run_events()
        self.assertEqual(tx.state, "done", "the event that was missed is treated")
        self.provider.action_training_refresh()
        self.assertEqual(self.provider.training_missed_events, 0)
        self.assertEqual(len(self.notices()), 1)
        self.assertFalse(self.activities())

    def test_key_without_events(self):
        """A2: a restricted key that may not list events is no fault."""
        self.provider.training_linked_at = "2020-01-01 00:00:00"
        self.double.fail("GET", "events", 403)
        self.provider.action_training_refresh()
        self.assertFalse(self.provider.training_link_fault)
        self.assertTrue(self.company.training_sale_open)


@tagged("standard", "post_install", "-at_install")
class TestStripeAccounts(StripeNoticeCommon):
    def _take_payment(self):
        tx, intent = self.pay()
        tx.provider_id = self.provider
        tx._process_stripe_object("payment_intent", intent)
        return tx, intent

    def test_another_account_leaves_the_first_its_payments(self):
        """A2: relinked to another account, the first one's payments are refunded by
        the first one's key, and its endpoint stays."""
        tx, intent = self._take_payment()
        first = self.provider
        self.add_second_account()
        self.assertFalse(self.link("sk_test_second", "pk_test_second").refusal)
        second = self.company.training_stripe_provider_id
        self.assertNotEqual(second, first)
        self.assertEqual(second.training_account_id, "acct_two")
        self.assertTrue(self.company.training_sale_open)
        self.assertEqual((first.state, first.is_published), ("disabled", False))
        self.env.cr.postcommit.run()
        self.assertEqual(len(self.webhooks()), 2)
        tx._refund(10)
        self.run_sender()
        refunds = self.double._refunds_of(intent["id"])
        self.assertEqual([refund["amount"] for refund in refunds], [1000])
        self.run_jobs(REFRESH)
        self.assertFalse(self.notices())

    def test_former_account_without_key(self):
        """A2: the keys of an account that sells no more are emptied: the daily job
        passes it over and ends, instead of failing after each round and starting
        again."""
        self._take_payment()
        first = self.provider
        self.add_second_account()
        self.link("sk_test_second", "pk_test_second")
        second = self.company.training_stripe_provider_id
        first.write({"stripe_secret_key": False, "stripe_publishable_key": False})
        self.assertEqual(first.training_account_id, "acct_ours")
        (first | second).training_checked_at = False
        asked = len(self.double.calls("GET", "account"))
        self.run_jobs(REFRESH)
        self.assertEqual(len(self.double.calls("GET", "account")), asked + 1)
        self.assertTrue(second.training_checked_at)
        self.assertFalse(first.training_checked_at)
        self.assertEqual(first.training_link_fault, "keys_changed")
        self.assertTrue(self.company.training_sale_open)

    def test_back_to_the_first_account(self):
        """A2: the first account, linked again, is the same provider as before."""
        self._take_payment()
        self.add_second_account()
        self.link("sk_test_second", "pk_test_second")
        self.link()
        self.assertEqual(self.company.training_stripe_provider_id, self.provider)
        self.assertEqual(self.provider.state, "test")

    def test_unlinked_then_another_account(self):
        """A2: even unlinked, the provider of old payments is not given another key."""
        self._take_payment()
        self.provider.action_training_unlink()
        self.add_second_account()
        self.link("sk_test_second", "pk_test_second")
        self.assertNotEqual(self.company.training_stripe_provider_id, self.provider)
        self.assertFalse(self.provider.stripe_secret_key)
        self.link()
        self.assertEqual(self.company.training_stripe_provider_id, self.provider)

    def test_account_that_took_nothing_is_replaced(self):
        """A2: without payments, the same provider takes the other account."""
        self.add_second_account()
        self.link("sk_test_second", "pk_test_second")
        self.assertEqual(self.company.training_stripe_provider_id, self.provider)
        self.env.cr.postcommit.run()
        self.assertEqual(len(self.webhooks()), 1)

    @mute_logger(f"{ADDON}.models.payment_provider_health")
    def test_two_companies(self):
        """A2: two companies, two accounts: one's trouble is not the other's."""
        other = self.env["res.company"].create({"name": "Nouvelle"})
        self.env["account.journal"].create(
            {"name": "Banque", "type": "bank", "code": "BQ", "company_id": other.id}
        )
        self.add_second_account()
        self.link("sk_test_second", "pk_test_second", company=other)
        provider = other.training_stripe_provider_id
        self.assertEqual(provider.company_id, other)
        self.assertEqual(provider.training_account_id, "acct_two")
        self.assertEqual(self.provider.training_account_id, "acct_ours")
        self.assertNotEqual(
            provider.training_webhook_token, self.provider.training_webhook_token
        )
        self.double.secret_keys.pop("sk_test_second")
        self.run_jobs(REFRESH)
        self.assertEqual(provider.training_link_fault, "key_refused")
        self.assertTrue(self.provider.training_link_ready)
        provider.action_training_unlink()
        self.assertFalse(other.training_stripe_provider_id)
        self.assertTrue(self.company.training_sale_open)
