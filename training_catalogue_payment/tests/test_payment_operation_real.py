# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A15: the outbox and the inbox under kills, races and retries, on real cursors.

The test cursor hides all of this: what is committed here is really committed, and
removed at the end.
"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, mute_logger, tagged
from odoo.tests.common import get_db_name

from ..services.stripe_gateway import StripeGateway
from .stripe_common import ADDON, SECRET, start_double
from .stripe_double import PUBLISHABLE_KEY, SECRET_KEY


class RealCursorsCommon(BaseCase):
    """A committed payment of 120.00 and eight partners to refund it for."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Odoo's runner holds this lock during the tests, as its own test mode knows.
        unlocked = patch.object(Registry, "_lock", DummyRLock())
        unlocked.start()
        self.addCleanup(unlocked.stop)
        # What a killed run left behind does not stop the next one.
        self.reference = f"REAL-{uuid4().hex}"
        self.double = start_double(self, self.registry["payment.provider"])
        self.intent = self.double.add_payment(12000, self.reference)
        # Entries in the books of a committed database could not be removed.
        booked = patch.object(
            self.registry["payment.transaction"],
            "_post_process",
            lambda transactions: transactions.write({"is_post_processed": True}),
        )
        booked.start()
        self.addCleanup(booked.stop)
        with self.environment() as env:
            self.prepare(env)
        self.addCleanup(self.remove)

    @contextmanager
    def environment(self):
        """Open a real cursor, committed at the end unless something is raised."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def prepare(self, env):
        provider = env.ref("payment.payment_provider_stripe").copy(
            {
                "name": self.reference,
                "stripe_secret_key": SECRET_KEY,
                "stripe_publishable_key": PUBLISHABLE_KEY,
                "stripe_webhook_secret": SECRET,
                "training_account_id": "acct_ours",
                "training_webhook_token": self.reference,
            }
        )
        names = [{"name": f"{self.reference} {number}"} for number in range(8)]
        self.partner_ids = env["res.partner"].create(names).ids
        transaction = env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": env.ref("payment.payment_method_card").id,
                "reference": self.reference,
                "provider_reference": self.intent["id"],
                "amount": 120.0,
                "currency_id": env.ref("base.EUR").id,
                "partner_id": self.partner_ids[0],
                "state": "done",
                "operation": "online_direct",
                "is_post_processed": True,
            }
        )
        self.provider_id, self.tx_id = provider.id, transaction.id

    def remove(self):
        with self.registry.cursor() as cr:
            for query in (
                "DELETE FROM training_payment_event WHERE provider_id = %s",
                "DELETE FROM training_payment_operation WHERE provider_id = %s",
                "DELETE FROM payment_transaction WHERE provider_id = %s AND operation"
                " = 'refund'",
                "DELETE FROM payment_transaction WHERE provider_id = %s",
                "DELETE FROM payment_provider WHERE id = %s",
            ):
                cr.execute(query, [self.provider_id])
            cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [self.partner_ids])

    def request_refund(self, env, amount=100.0, number=0):
        return env["training.payment.operation"]._request_refund(
            env["payment.transaction"].browse(self.tx_id),
            amount,
            "test",
            env["res.partner"].browse(self.partner_ids[number]),
        )

    def send(self):
        with self.environment() as env:
            env["training.payment.operation"]._cron_send_operations()

    def let_time_pass(self):
        with self.registry.cursor() as cr:
            for table in ("training_payment_operation", "training_payment_event"):
                cr.execute(
                    f"UPDATE {table} SET date_next = '2020-01-01'"
                    " WHERE date_next IS NOT NULL AND provider_id = %s",
                    [self.provider_id],
                )

    def read_rows(self, table, *columns):
        with self.registry.cursor() as cr:
            cr.execute(
                f"SELECT {', '.join(columns)} FROM {table}"
                " WHERE provider_id = %s ORDER BY id",
                [self.provider_id],
            )
            return cr.fetchall()

    def run_at_once(self, functions):
        """Run functions in threads of their own; return what each one raised."""
        with ThreadPoolExecutor(len(functions)) as pool:
            futures = [pool.submit(function) for function in functions]
        return [future.exception() for future in futures]

    def rename_partner(self, name):
        with self.environment() as env:
            env["res.partner"].browse(self.partner_ids[7]).name = name

    def refunds(self):
        return self.double._refunds_of(self.intent["id"])


@tagged("standard", "post_install", "-at_install")
class TestOutboxReal(RealCursorsCommon):
    def assert_one_refund(self):
        states = self.read_rows("training_payment_operation", "state", "is_followed_up")
        self.assertEqual(states, [("succeeded", True)])
        self.assertEqual([one["amount"] for one in self.refunds()], [10000])
        children = self.read_rows("payment_transaction", "operation", "amount", "state")
        self.assertEqual(len(children), 2)
        self.assertEqual(children[1], ("refund", -100, "done"))

    def kill_at(self, method):
        killed = patch.object(
            self.registry["training.payment.operation"], method, side_effect=SystemExit
        )
        with killed, self.assertRaises(SystemExit):
            self.send()

    def test_killed_between_answer_and_commit(self):
        """A15 (D7): Stripe refunded, the process died: found by asking, one refund."""
        with self.environment() as env:
            self.request_refund(env)
        self.kill_at("_apply_answer")
        self.assertEqual(len(self.refunds()), 1)
        self.assertEqual(
            self.read_rows("training_payment_operation", "state"), [("sending",)]
        )
        self.send()
        self.assertEqual(len(self.double.calls("GET", "refunds")), 0)
        self.let_time_pass()
        self.send()
        self.assert_one_refund()
        self.assertEqual(len(self.double.calls("POST", "refunds")), 1)

    def test_killed_before_the_call(self):
        """A15 (D7): died with nothing sent: asked, then sent with the same key."""
        with self.environment() as env:
            self.request_refund(env)
        self.kill_at("_call")
        self.assertEqual(self.refunds(), [])
        self.let_time_pass()
        self.send()
        self.assert_one_refund()

    def test_killed_before_the_entries(self):
        """A15 (D7): died after the refund was recorded: the entries follow."""
        with self.environment() as env:
            self.request_refund(env)
        self.kill_at("_follow_up")
        state = self.read_rows("training_payment_operation", "state", "is_followed_up")
        self.assertEqual(state, [("succeeded", None)])
        self.let_time_pass()
        self.send()
        self.assert_one_refund()

    @mute_logger("odoo.service.model", "odoo.sql_db")
    def test_retried_request_refunds_once(self):
        """A15 (R13): Odoo runs the request again: one row, one call."""
        runs = []
        with self.environment() as env:

            def request():
                self.request_refund(env)
                env.flush_all()
                runs.append(True)
                if len(runs) < 3:
                    # Somebody else writes the same row first: a real collision.
                    self.rename_partner(f"Renamed {len(runs)}")
                    partner = env["res.partner"].browse(self.partner_ids[7])
                    partner.name = "Mine"
                    env.flush_all()

            retrying(request, env)
        self.assertEqual(len(runs), 3)
        self.send()
        self.assert_one_refund()

    def test_rolled_back_request_sends_nothing(self):
        """A15 (D7): what was not committed was not asked."""
        with suppress(SystemExit), self.environment() as env:
            self.request_refund(env)
            env.flush_all()
            raise SystemExit
        self.send()
        self.assertEqual(self.double.journal, [])

    @mute_logger("odoo.sql_db")
    def test_two_senders_send_once(self):
        """A15 (D7): two workers at the same moment: one call."""
        with self.environment() as env:
            self.request_refund(env)
        barrier = threading.Barrier(4)

        def send():
            barrier.wait(10)
            self.send()

        errors = self.run_at_once([send] * 4)
        self.assertFalse(any(errors), errors)
        # Whoever met another worker on a row leaves the rest to a later run.
        self.let_time_pass()
        self.send()
        self.assert_one_refund()
        self.assertEqual(len(self.double.calls("POST", "refunds")), 1)

    def test_nothing_is_locked_during_the_call(self):
        """A15 (D7): while Stripe works, the payment and the row can be written."""
        with self.environment() as env:
            self.request_refund(env)
        refund = StripeGateway.refund

        def check_locks(gateway, *args):
            with self.registry.cursor() as cr:
                for table in ("payment_transaction", "training_payment_operation"):
                    cr.execute(
                        f"SELECT id FROM {table} WHERE provider_id = %s"
                        " FOR UPDATE NOWAIT",
                        [self.provider_id],
                    )
            return refund(gateway, *args)

        with patch.object(StripeGateway, "refund", check_locks):
            self.send()
        self.assert_one_refund()

    def ask_twice_at_once(self):
        """Ask for 100.00 of 120.00 twice, both checked before either is committed."""
        operations = self.registry["training.payment.operation"]
        create, barrier = operations._create_refund, threading.Barrier(2)

        def wait_and_create(records, *args):
            with suppress(threading.BrokenBarrierError):
                barrier.wait(2)
            return create(records, *args)

        def ask(number):
            with self.environment() as env:
                retrying(lambda: self.request_refund(env, 100.0, number), env)

        with patch.object(operations, "_create_refund", wait_and_create):
            return self.run_at_once([lambda: ask(0), lambda: ask(1)])

    @mute_logger("odoo.service.model", "odoo.sql_db")
    def test_two_requests_cannot_exceed_the_payment(self):
        """A23 (R12): two refunds asked at the same moment: the second is refused."""
        errors = self.ask_twice_at_once()
        self.assertEqual(len(self.read_rows("training_payment_operation", "id")), 1)
        refused = [error for error in errors if error]
        self.assertEqual([type(error) for error in refused], [ValidationError])

    def test_control_without_the_guard(self):
        """A23 (R12): with the guard switched off, the same race does exceed it."""
        unguarded = patch.object(
            self.registry["payment.transaction"],
            "_raise_refund_version",
            lambda transactions: None,
        )
        with unguarded:
            errors = self.ask_twice_at_once()
        self.assertFalse(any(errors), errors)
        self.assertEqual(len(self.read_rows("training_payment_operation", "id")), 2)


@tagged("standard", "post_install", "-at_install")
class TestInboxReal(RealCursorsCommon):
    def receive(self, event_id, intent_id):
        event = {
            "id": event_id,
            "type": "payment_intent.succeeded",
            "data": {"object": {"id": intent_id}},
        }
        with self.environment() as env:
            inbox = env["training.payment.event"]
            endpoint = inbox._find_endpoint(self.reference)
            self.assertTrue(inbox._receive(endpoint, json.dumps(event).encode()))

    def treat(self):
        with self.environment() as env:
            env["training.payment.event"]._cron_process_events()

    def test_many_identical_events_at_once(self):
        """A13 (P5): the same event twenty times at once: one row, nobody fails."""
        barrier = threading.Barrier(20)

        def receive():
            with self.environment() as env:
                inbox = env["training.payment.event"]
                # The transaction begins before anyone has inserted: the worst case.
                endpoint = inbox._find_endpoint(self.reference)
                barrier.wait(20)
                inbox._insert_event(
                    endpoint, "evt_1", "payment_intent.succeeded", "pi_1"
                )

        errors = self.run_at_once([receive] * 20)
        self.assertFalse(any(errors), errors)
        rows = self.read_rows("training_payment_event", "event_id", "state")
        self.assertEqual(rows, [("evt_1", "received")])

    def test_event_that_kills_does_not_come_first_again(self):
        """A13: the attempt is committed first, so the others get their turn."""
        self.receive("evt_killer", "pi_killer")
        self.receive("evt_good", self.intent["id"])
        events = self.registry["training.payment.event"]
        apply = events._apply

        def kill(event):
            if event.object_id == "pi_killer":
                raise SystemExit
            return apply(event)

        with patch.object(events, "_apply", kill):
            with suppress(SystemExit):
                self.treat()
            self.treat()
        rows = self.read_rows("training_payment_event", "event_id", "state", "attempts")
        self.assertEqual(rows[0], ("evt_killer", "received", 1))
        self.assertEqual(rows[1], ("evt_good", "done", 1))

    def test_two_jobs_treat_each_event_once(self):
        """A13: the planned job and one started by hand share the backlog."""
        for number in range(6):
            self.receive(f"evt_{number}", self.intent["id"])
        with mute_logger(f"{ADDON}.models.training_inbox_mixin", "odoo.sql_db"):
            errors = self.run_at_once([self.treat, self.treat, self.treat])
        self.assertFalse(any(errors), errors)
        rows = self.read_rows("training_payment_event", "attempts")
        self.assertEqual(rows, [(1,)] * 6)
