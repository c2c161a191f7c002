# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D7: what is asked of Mangopay is done once, or known not to have been."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.tests import mute_logger, new_test_user, tagged

from .mangopay_common import SENDER_JOB, MangopayCommon
from .mangopay_double import API_KEY, refuse


@tagged("standard", "post_install", "-at_install")
class TestMangopayOperation(MangopayCommon):
    def count_sent(self, path="transfers"):
        return len(self.double.calls("POST", path))

    def assert_state(self, operation, state, **values):
        self.assertEqual(operation.state, state, operation.error_message)
        for name, value in values.items():
            self.assertEqual(operation[name], value, name)

    def test_written_then_sent_then_followed_up(self):
        """D7: nothing leaves before the job; then once, tagged with its key."""
        operation = self.request_transfer(reason="Sale 12")
        self.assert_state(operation, "draft", attempts=0, amount=10.0)
        self.assertEqual(self.double.journal, [])
        with patch.object(type(operation), "_on_succeeded", autospec=True) as followed:
            self.run_sender()
            self.run_sender()
        [(body, headers, _query)] = self.double.calls("POST", "transfers")
        key = operation.idempotency_key
        self.assertEqual((body["Tag"], headers["Idempotency-Key"]), (key, key))
        self.assertEqual(body["DebitedFunds"], {"Currency": "EUR", "Amount": 1000})
        self.assert_state(operation, "succeeded", is_followed_up=True, date_next=False)
        self.assertEqual(followed.call_count, 1)
        self.assertFalse(operation.arguments)
        self.assertEqual(operation.answer["Status"], "SUCCEEDED")

    def test_asked_twice_is_one_row(self):
        """D7: one living operation of a kind for a subject; another amount is told."""
        operation = self.request_transfer()
        self.assertEqual(self.request_transfer(), operation)
        with self.assertRaisesRegex(UserError, "already asked"):
            self.request_transfer(2000)
        values = operation.copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            operation.create({**values, "arguments": {}})

    def test_lost_answer_is_found_by_its_key(self):
        """D7: a cut after the deed is « unknown », then found; never sent again."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", "lost")
        self.run_sender()
        self.assert_state(operation, "unknown", error_code="connection")
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "succeeded")
        self.assertEqual(self.count_sent(), 1)

    def test_lost_request_is_sent_again_under_its_key(self):
        """D7: a cut before the deed leaves no trace: the same key is sent again."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", "cut")
        self.run_sender()
        self.assert_state(operation, "unknown")
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "succeeded")
        keys = {
            headers["Idempotency-Key"]
            for _body, headers, _query in self.double.calls("POST", "transfers")
        }
        self.assertEqual(keys, {operation.idempotency_key})

    def test_unknown_is_found_by_events_and_tag_after_the_key_s_life(self):
        """D7: when Mangopay forgot the key, events of the time lead to the Tag."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", "lost")
        self.run_sender()
        self.age(operation, 30)
        self.double.responses.clear()
        stranger = self.double.add("transfers", Tag="another")
        [made] = [
            one
            for one in self.double.objects.values()
            if one.get("Tag") == operation.idempotency_key
        ]
        date = int(operation.date_sent.timestamp())
        for one in (stranger, made):
            self.double.happen("TRANSFER_NORMAL_CREATED", one["Id"], date)
        self.run_sender()
        self.assert_state(operation, "succeeded", provider_reference=made["Id"])
        self.assertEqual(self.count_sent(), 1)

    def test_unknown_without_trace_waits_for_a_person(self):
        """D7: after a day nothing is sent again; a person looks and decides."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", "cut")
        self.run_sender()
        with self.assertRaisesRegex(UserError, "24 hours"):
            operation.action_declare_failed()
        self.age(operation, 30)
        self.run_sender()
        self.assert_state(operation, "unknown", error_code="no_trace", date_next=False)
        self.assertEqual(len(operation.activity_ids), 1)
        with self.assertRaisesRegex(UserError, "definitely failed"):
            operation.action_retry()
        operation.action_declare_failed()
        self.run_sender()
        self.assert_state(operation, "failed", is_followed_up=True)
        self.assertFalse(operation.activity_ids)
        operation.action_retry()
        self.run_sender()
        second = self.operations.search([("res_id", "=", self.seller.id)], limit=1)
        self.assert_state(second, "succeeded", ordinal=2)
        self.assertNotEqual(second.idempotency_key, operation.idempotency_key)

    def test_wallets_that_only_the_owner_sees(self):
        """D7: an owner's wallets are not shown to a job: the key decides, for a day."""
        operation = self.operations._request(
            "wallet",
            self.seller,
            self.account,
            {"owner_id": "user_1", "currency": "EUR", "description": "Sales"},
        )
        self.double.fail("POST", "wallets", 503)
        refused = refuse(401, "unauthorized")
        refused[2]["WWW-Authenticate"] = 'PendingUserAction RedirectUrl="https://sca"'
        self.double.fail("GET", "users/user_1/wallets", refused, times=9)
        self.run_sender()
        self.assert_state(operation, "unknown")
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "succeeded")
        self.assertEqual(len(self.double.calls("POST", "wallets")), 2)

    def test_the_key_lives_from_the_first_real_call(self):
        """D7: days without a way to Mangopay take nothing off the life of the key."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", refuse(429, "rate_limit"))
        self.run_sender()
        self.assert_state(operation, "draft", error_code="rate_limit")
        self.age(operation, 50)
        self.double.fail("POST", "transfers", "cut")
        self.run_sender()
        self.assert_state(operation, "unknown")
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "succeeded")

    def test_asked_of_an_account_that_was_unlinked(self):
        """B9, D7: it waits, a person is told once, and it leaves once linked again."""
        operation = self.request_transfer()
        self.account.write({"active": False, "api_key": False})
        for _time in range(2):
            self.run_sender()
            self.assert_state(operation, "draft", error_code="unlinked")
            self.wait_for(operation)
        self.assertEqual(len(operation.activity_ids), 1)
        self.account.write({"active": True, "api_key": API_KEY})
        self.run_sender()
        self.assert_state(operation, "succeeded")
        self.assertFalse(operation.activity_ids)

    def test_refusals_are_definite_and_open_a_new_attempt(self):
        """D7: 4xx and 200-with-FAILED fail at once; retry has a new key."""
        failed = {"Id": "xfer_f", "Status": "FAILED", "CreationDate": 1}
        failed.update(ResultCode="001001", ResultMessage="Insufficient balance")
        for number, (answer, code, reference) in enumerate(
            (
                (refuse(400, "param_error"), "param_error", False),
                ((200, failed, {}), "001001", "xfer_f"),
                (refuse(404, "ressource_not_found"), "ressource_not_found", False),
            ),
            1,
        ):
            operation = self.request_transfer()
            self.double.fail("POST", "transfers", answer)
            with patch.object(type(operation), "_on_failed", autospec=True) as told:
                self.run_sender()
            self.assertEqual(told.call_count, 1)
            self.assert_state(
                operation,
                "failed",
                error_code=code,
                ordinal=number,
                provider_reference=reference,
                is_followed_up=True,
            )
        operation.action_retry()
        self.run_sender()
        attempts = self.operations._search_attempts("transfer", self.seller)
        self.assertEqual(
            attempts.mapped("state"), ["succeeded", "failed", "failed", "failed"]
        )
        self.assertEqual(len(set(attempts.mapped("idempotency_key"))), 4)

    def test_mangopay_down_for_an_hour(self):
        """D7: what could not be sent waits, less and less often, and then leaves."""
        others = self.env["res.partner"].create([{"name": str(n)} for n in range(3)])
        first, *_rest = rows = [self.request_transfer(subject=one) for one in others]
        self.double.fail("POST", "oauth/token", 503, times=4)
        for _hour in range(4):
            self.run_sender()
            for row in rows:
                self.wait_for(row)
        # One call a turn: the others of the account do not insist.
        self.assertEqual(len(self.double.calls("POST", "oauth/token")), 4)
        self.assertTrue(all(row.state == "draft" for row in rows))
        for _turn in range(4):
            self.run_sender()
            for row in rows:
                self.wait_for(row)
        self.assertTrue(all(row.state == "succeeded" for row in rows), first.state)
        self.assertEqual(self.count_sent(), 3)

    def test_rate_limit_is_respected(self):
        """D7: 429 moves nothing and stops the others until Mangopay's own date."""
        others = self.env["res.partner"].create([{"name": str(n)} for n in range(3)])
        rows = [self.request_transfer(subject=one) for one in others]
        headers = {
            "x-ratelimit": "2300",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": str(int(fields.Datetime.now().timestamp()) + 900),
        }
        self.double.fail("POST", "transfers", (429, {"Type": "rate_limit"}, headers))
        self.run_sender()
        self.assertEqual(self.count_sent(), 1)
        self.assert_state(rows[0], "draft", error_code="rate_limit")
        limit = fields.Datetime.now() + timedelta(minutes=10)
        self.assertGreater(rows[0].date_next, limit)
        self.assertEqual([row.state for row in rows], ["draft"] * 3)

    def test_killed_sender_is_asked_about(self):
        """D7: a row found « sending » is asked about, not sent again blindly."""
        operation = self.request_transfer()
        values = {"state": "sending", "date_sent": fields.Datetime.now()}
        operation.write({**values, "date_last_sent": fields.Datetime.now()})
        gateway = self.account._get_gateway()
        operation._make(gateway)
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "succeeded")
        self.assertEqual(self.count_sent(), 1)

    def test_pending_is_looked_at_until_its_end(self):
        """D7: a payment of the hosted page is pending, then what Mangopay says."""
        arguments = {"author_id": "u", "wallet_id": "w", "return_url": "https://x.fr"}
        operation = self.operations._request(
            "payin",
            self.seller,
            self.account,
            arguments,
            amount_minor=4200,
            currency_id=self.euro.id,
        )
        self.run_sender()
        self.assert_state(operation, "pending")
        self.assertIn("pay.example", operation.answer["RedirectURL"])
        self.double.fail("GET", f"payins/{operation.provider_reference}", 404)
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "pending", error_code="fault")
        made = self.double.objects[operation.provider_reference]
        made.update(Status="FAILED", ResultCode="101109", ResultMessage="Too late")
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "failed", error_code="101109")
        made.update(Status="CREATED")
        operation._apply_object(made)
        self.assert_state(operation, "failed")

    def test_another_amount_is_never_taken_for_ours(self):
        """D7: an object of another amount stops everything but a person."""
        operation = self.request_transfer()
        self.double.fail("POST", "transfers", "lost")
        self.run_sender()
        for one in self.double.responses.values():
            one["Resource"]["DebitedFunds"] = {"Currency": "EUR", "Amount": 999}
        self.wait_for(operation)
        self.run_sender()
        self.assert_state(operation, "unknown", date_next=False, error_code="amount")
        self.assertEqual(len(operation.activity_ids), 1)

    def test_broken_consequence_does_not_stop_the_others(self):
        """D7: what follows a success is made later, once; others go on."""
        other = self.env["res.partner"].create({"name": "Other"})
        rows = self.request_transfer() | self.request_transfer(subject=other)
        broken = {rows[0].id}

        def follow(operation):
            if operation.id in broken:
                raise ValueError("books closed")

        with patch.object(type(rows), "_on_succeeded", follow):
            with mute_logger(
                "odoo.addons.training_marketplace_payout.models.mangopay_operation_send"
            ):
                self.run_sender()
            self.assertEqual(rows.mapped("state"), ["succeeded"] * 2)
            self.assertEqual(rows.mapped("is_followed_up"), [False, True])
            broken.clear()
            self.wait_for(rows)
            self.run_sender()
        self.assertEqual(rows.mapped("is_followed_up"), [True, True])
        self.assertEqual(self.count_sent(), 2)

    def test_nothing_is_sent_without_keys(self):
        """D7: with the keys gone, nothing fails and nothing is lost."""
        operation = self.request_transfer()
        self.account.api_key = False
        self.run_sender()
        self.assert_state(operation, "draft", attempts=0)
        with self.assertRaisesRegex(UserError, "no known outcome"):
            self.account.action_unlink_account()

    def test_who_may_decide(self):
        """D7: accounting managers decide, accountants see, others do not."""
        operation = self.request_transfer()
        values = {"company_id": self.company.id}
        user = new_test_user(self.env, "k-user", "base.group_user", **values)
        biller = new_test_user(
            self.env, "k-biller", "account.group_account_invoice", **values
        )
        manager = new_test_user(
            self.env, "k-manager", "account.group_account_manager", **values
        )
        with self.assertRaises(AccessError):
            operation.with_user(user).read(["state"])
        operation.with_user(biller).read(["state"])
        for action in ("action_retry", "action_ask_now", "action_declare_failed"):
            with self.assertRaises(AccessError):
                getattr(operation.with_user(biller), action)()
        operation.with_user(manager).action_ask_now()
        for name in ("arguments", "state"):
            with self.assertRaises(AccessError):
                operation.with_user(manager).write({name: False})
        with self.assertRaises(AccessError):
            operation.with_user(manager).read(["arguments"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "k-stranger",
            "account.group_account_manager",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        with self.assertRaises(AccessError):
            operation.with_user(stranger).action_ask_now()
        self.assertFalse(self.operations.with_user(stranger).search([]))

    def test_met_or_killed_is_resumed_in_time(self):
        """D7: a row that met somebody, or whose sender died, wakes the job itself."""
        operation = self.request_transfer()
        job = self.env.ref(SENDER_JOB)
        for step, met in (
            ("_claim", LockError("met somebody")),
            ("_call", LockError("met somebody")),
            ("_follow_up", LockError("met somebody")),
            ("_claim", ConcurrencyError("somebody wrote the same")),
        ):
            operation.date_next = now = fields.Datetime.now()
            job_triggers = self.env["ir.cron.trigger"].search(
                [("cron_id", "=", job.id)]
            )
            with patch.object(type(operation), step, side_effect=met):
                self.run_sender()
            resumed = now if step == "_claim" else operation.date_next
            new = (
                self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
                - job_triggers
            )
            in_time = new.filtered(
                lambda one, resumed=resumed: (
                    resumed <= one.call_at <= resumed + timedelta(seconds=90)
                )
            )
            self.assertTrue(in_time, step)
            self.assertLess(resumed, now + timedelta(minutes=2), step)

    def test_what_was_sent_stays(self):
        """D7: what was sent cannot be deleted."""
        operation = self.request_transfer()
        self.run_sender()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            operation.unlink()
