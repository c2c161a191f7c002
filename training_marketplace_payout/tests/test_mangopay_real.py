# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D7: the outbox, the inbox and the tokens under kills and races, on real cursors.

The test cursor hides all of this: what is committed here is really committed, and
removed at the end.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, mute_logger, tagged
from odoo.tests.common import get_db_name

from .mangopay_common import TRANSFER, start_double
from .mangopay_double import API_KEY, CLIENT_ID


class RealCursorsCommon(BaseCase):
    """A committed company with its account, and eight sellers."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Odoo's runner holds this lock during the tests, as its own test mode knows.
        unlocked = patch.object(Registry, "_lock", DummyRLock())
        unlocked.start()
        self.addCleanup(unlocked.stop)
        self.double = start_double(self, self.registry["mangopay.account"])
        self.name = f"REAL-{uuid4().hex}"
        with self.environment() as env:
            company = env["res.company"].create({"name": self.name})
            account = env["mangopay.account"].create(
                {
                    "company_id": company.id,
                    "client_id": CLIENT_ID,
                    "api_key": API_KEY,
                    "hook_token": self.name,
                }
            )
            names = [{"name": f"{self.name} {number}"} for number in range(8)]
            self.partner_ids = env["res.partner"].create(names).ids
            self.account_id, self.company_id = account.id, company.id
        self.addCleanup(self.remove)

    @contextmanager
    def environment(self):
        """Open a real cursor, committed at the end unless something is raised."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def remove(self):
        with self.registry.cursor() as cr:
            for table in ("event", "operation"):
                cr.execute(
                    f"DELETE FROM mangopay_{table} WHERE account_id = %s",
                    [self.account_id],
                )
            cr.execute("DELETE FROM mangopay_account WHERE id = %s", [self.account_id])
            cr.execute("DELETE FROM mangopay_token")
            cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [self.partner_ids])
        with self.environment() as env:
            env["res.company"].browse(self.company_id).active = False

    def request(self, env, number=0):
        return env["mangopay.operation"]._request(
            "transfer",
            env["res.partner"].browse(self.partner_ids[number]),
            env["mangopay.account"].browse(self.account_id),
            TRANSFER,
            amount_minor=1000,
            currency_id=env.ref("base.EUR").id,
        )

    def send(self):
        with self.environment() as env:
            env["mangopay.operation"]._cron_send_operations()

    def let_time_pass(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE mangopay_operation SET date_next = '2020-01-01'"
                " WHERE date_next IS NOT NULL AND account_id = %s",
                [self.account_id],
            )

    def read_rows(self, *columns, table="operation"):
        with self.registry.cursor() as cr:
            cr.execute(
                f"SELECT {', '.join(columns)} FROM mangopay_{table}"
                " WHERE account_id = %s ORDER BY id",
                [self.account_id],
            )
            return cr.fetchall()

    def run_at_once(self, functions):
        """Run functions in threads of their own; return what each one raised."""
        with ThreadPoolExecutor(len(functions)) as pool:
            futures = [pool.submit(function) for function in functions]
        return [future.exception() for future in futures]

    def count_sent(self):
        return len(self.double.calls("POST", "transfers"))


@tagged("standard", "post_install", "-at_install")
class TestMangopayReal(RealCursorsCommon):
    def kill_at(self, method):
        killed = patch.object(
            self.registry["mangopay.operation"], method, side_effect=SystemExit
        )
        with killed, self.assertRaises(SystemExit):
            self.send()

    def assert_done_once(self):
        rows = self.read_rows("state", "is_followed_up")
        self.assertEqual(rows, [("succeeded", True)])
        self.assertEqual((self.count_sent(), len(self.double.objects)), (1, 1))

    def test_killed_between_answer_and_commit(self):
        """D7: Mangopay did it, the process died: found by its key, not sent again."""
        with self.environment() as env:
            self.request(env)
        self.kill_at("_apply_answer")
        self.assertEqual(self.read_rows("state"), [("sending",)])
        self.send()
        self.assertEqual(self.read_rows("state"), [("sending",)])
        self.let_time_pass()
        self.send()
        self.assert_done_once()

    def test_killed_before_the_call(self):
        """D7: died with nothing sent: asked about, then sent under the same key."""
        with self.environment() as env:
            self.request(env)
        self.kill_at("_call")
        self.assertEqual(self.count_sent(), 0)
        self.let_time_pass()
        self.send()
        self.assert_done_once()

    def test_killed_before_the_consequences(self):
        """D7: died after the answer was committed: what follows is done, once."""
        with self.environment() as env:
            self.request(env)
        self.kill_at("_follow_up")
        self.assertEqual(
            self.read_rows("state", "is_followed_up"), [("succeeded", None)]
        )
        self.let_time_pass()
        self.send()
        self.assert_done_once()

    def test_rolled_back_request_sent_nothing(self):
        """D7: what the business takes back was never asked."""
        with self.assertRaises(ZeroDivisionError), self.environment() as env:
            self.request(env)
            raise ZeroDivisionError
        self.send()
        self.assertEqual((self.read_rows("id"), self.double.journal), ([], []))

    @mute_logger("odoo.sql_db")
    def test_two_senders_at_once(self):
        """D7: three workers share a backlog; each thing is asked once."""
        with self.environment() as env:
            for number in range(8):
                self.request(env, number)
        self.run_at_once([self.send] * 3)
        self.let_time_pass()
        self.send()
        self.assertEqual(self.read_rows("state"), [("succeeded",)] * 8)
        self.assertEqual((self.count_sent(), len(self.double.objects)), (8, 8))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_asked_at_the_same_moment(self):
        """D7: four requests for one subject at once leave one row."""

        def ask():
            with self.environment() as env:
                retrying(lambda: self.request(env), env)

        raised = self.run_at_once([ask] * 4)
        self.assertEqual(raised, [None] * 4)
        self.assertEqual(len(self.read_rows("id")), 1)

    @mute_logger("odoo.sql_db")
    def test_sent_while_the_visitor_waits(self):
        """D7: a second request sends what the first one committed, once."""
        with self.environment() as env:
            operation_id = self.request(env).id

        def start():
            with self.environment() as env:
                env["mangopay.operation"].browse(operation_id)._send_now()

        self.assertEqual(self.run_at_once([start] * 3), [None] * 3)
        self.assert_done_once()

    @mute_logger("odoo.sql_db")
    def test_event_while_the_sender_waits(self):
        """D8: an event treated during the call, then the answer: one success."""
        with self.environment() as env:
            self.request(env)
        operations = self.registry["mangopay.operation"]
        call = operations._call

        def overtaken(operation, gateway, state):
            answer = call(operation, gateway, state)
            with self.environment() as env:
                inbox = env["mangopay.event"]
                account = inbox._find_account(self.name)
                inbox._receive(account, "TRANSFER_NORMAL_SUCCEEDED", answer["Id"], "1")
            with self.environment() as env:
                env["mangopay.event"]._cron_process_events()
            return answer

        with (
            patch.object(operations, "_call", overtaken),
            patch.object(operations, "_on_succeeded", autospec=True) as followed,
        ):
            self.send()
        self.assertEqual(self.read_rows("state", table="event"), [("done",)])
        self.assertEqual(followed.call_count, 1)
        self.assert_done_once()

    @mute_logger("odoo.sql_db")
    def test_same_notification_many_times_at_once(self):
        """D8, P5: one row, no error, whatever arrives together."""

        def receive():
            with self.environment() as env:
                inbox = env["mangopay.event"]
                account = inbox._find_account(self.name)
                inbox._receive(account, "KYC_FAILED", "doc_1", "1")

        raised = self.run_at_once([receive] * 12)
        self.assertEqual(raised, [None] * 12)
        self.assertEqual(len(self.read_rows("id", table="event")), 1)

    @mute_logger("odoo.sql_db")
    def test_workers_share_one_token(self):
        """B9: T8: eight gateways at once, in as many transactions, ask one token."""

        def look():
            with self.environment() as env:
                account = env["mangopay.account"].browse(self.account_id)
                account._get_gateway().client()

        self.assertEqual(self.run_at_once([look] * 8), [None] * 8)
        self.assertEqual(len(self.double.tokens), 1)
        self.double.tokens.append("somebody-else-s")
        look()
        self.assertEqual(len(self.double.tokens), 3)
