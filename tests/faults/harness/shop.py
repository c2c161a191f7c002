# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A training organisation that sells: its database, its Stripe and its server."""

import contextlib
import functools
import inspect
import threading
import xmlrpc.client
from pathlib import Path

from . import place, prepare, server
from .buyer import Buyer
from .mailbox import Mailbox
from .stand_in import Stripe

#: Times that the passing of time makes due.
CLOCKS = (
    ("ir_cron", "nextcall"),
    ("ir_cron_trigger", "call_at"),
    ("training_payment_event", "date_next"),
    ("training_payment_operation", "date_next"),
    ("training_seat_hold", "expires_at"),
)


class Shop:
    """What the tests act on; made by :func:`open_shop`."""

    def __init__(self, folder: Path, database: str, stand_in, mailbox, port: int):
        self.folder = folder
        self.database = database
        self.stand_in = stand_in
        self.stripe = Stripe(stand_in.url)
        self.mailbox = mailbox
        self.port = port
        self.odoo = None
        self.connection = place.connect(database)

    # The server

    def start(self, **changes) -> None:
        """Start Odoo, in the place of the one that runs."""
        self.stop()
        self.odoo = server.odoo(
            self.folder,
            "odoo",
            self.database,
            self.stand_in.url,
            self.port,
            smtp_server="127.0.0.1",
            smtp_port=self.mailbox.port,
            **changes,
        )
        self.odoo.start()

    def stop(self) -> None:
        """Stop Odoo."""
        if self.odoo:
            self.odoo.stop()

    def restart(self) -> None:
        """Start again the Odoo that was stopped or killed."""
        self.odoo.start()

    def script(self, text: str) -> str:
        """Run Python inside Odoo, with ``env``; it is committed."""
        return server.run_script(
            self.folder,
            self.database,
            self.stand_in.url,
            f"{inspect.cleandoc(text)}\n\nenv.cr.commit()\n",
        )

    # What is asked of it from outside

    @functools.cached_property
    def _models(self):
        return xmlrpc.client.ServerProxy(
            f"http://127.0.0.1:{self.port}/xmlrpc/2/object", allow_none=True
        )

    def call(self, model: str, method: str, *arguments, **named):
        """Call a method as the administrator, by RPC."""
        words = (self.database, 2, "admin", model, method, arguments, named)
        return self._models.execute_kw(*words)

    def sql(self, statement: str, *values) -> list[tuple]:
        """Return the rows of a statement, committed at once."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def pass_time(self, minutes: int) -> None:
        """Make due what would be in so many minutes, and wake the jobs."""
        for table, column in CLOCKS:
            self.sql(
                f"UPDATE {table} SET {column} = {column} - %s * interval '1 minute'",
                minutes,
            )
        self.wake_jobs()

    def wake_jobs(self) -> None:
        """Have the server look for due jobs now."""
        with contextlib.closing(place.connect("postgres")) as connection:
            connection.cursor().execute("NOTIFY cron_trigger, %s", [self.database])

    # The catalogue

    def new_session(self, seats: int, **values) -> int:
        """Create a session of the programme with so many seats."""
        return self.call(
            "event.event",
            "create",
            {
                "name": f"Session de {seats}",
                "programme_id": self.programme_id,
                "date_begin": "2035-03-05 08:00:00",
                "date_end": "2035-03-06 16:00:00",
                "date_tz": "Europe/Paris",
                "seats_limited": True,
                "seats_max": seats,
                "website_published": True,
                **values,
            },
        )

    @functools.cached_property
    def programme_id(self) -> int:
        """The programme of the tests."""
        ((found,),) = self.sql(
            "SELECT id FROM product_template WHERE is_training_programme"
            " ORDER BY id LIMIT 1"
        )
        return found

    def buyers(self, count: int, prefix: str = "b") -> list[Buyer]:
        """Return visitors who have not been here yet."""
        url = f"http://127.0.0.1:{self.port}"
        return [Buyer(url, f"{prefix}{number}") for number in range(1, count + 1)]

    # What happened

    def order(self, buyer: Buyer) -> dict:
        """Return what became of a buyer's order."""
        ((state, paid_by, follow_up),) = self.sql(
            """SELECT state, training_paid_tx_id, training_followup_state
               FROM sale_order WHERE id = %s""",
            buyer.order_id,
        )
        return {"state": state, "paid_by": paid_by, "follow_up": follow_up}

    def seats_taken(self, session_id: int) -> int:
        """Return how many learners of confirmed orders have a seat."""
        ((count,),) = self.sql(
            """SELECT count(*) FROM event_registration r
               JOIN sale_order o ON o.id = r.sale_order_id
               WHERE r.event_id = %s AND r.active AND r.state <> 'cancel'
               AND o.state = 'sale'""",
            session_id,
        )
        return count

    def refusal(self, buyer: Buyer) -> str | None:
        """Return why a buyer's payment was given back."""
        ((refusal,),) = self.sql(
            "SELECT training_refusal FROM payment_transaction WHERE reference = %s",
            buyer.reference,
        )
        return refusal

    def counters(self, session_id: int) -> list[tuple]:
        """Return (reserved, maximum) of the session's counters."""
        return self.sql(
            "SELECT reserved, maximum FROM training_seat_counter WHERE event_id = %s",
            session_id,
        )

    # Faults

    @contextlib.contextmanager
    def setting(self, key: str, value: str):
        """Give a system parameter another value as long as the block lasts."""
        before = self.call("ir.config_parameter", "get_param", key)
        self.call("ir.config_parameter", "set_param", key, value)
        try:
            yield
        finally:
            self.call("ir.config_parameter", "set_param", key, before or False)

    def repair(self) -> None:
        """Undo what a test may have broken, for the next one."""
        if self.odoo.popen is None:
            self.odoo.start()
        self.mailbox.open()
        self.stripe.forget_faults()

    def wait(self, condition, seconds: float, what: str):
        """Wait until ``condition`` is true, see :func:`server.wait_for`."""
        return server.wait_for(condition, seconds, what)


def together(work, people) -> list:
    """Have each of them do the same work at the same instant; return the results.

    What a thread raises is a result too.
    """
    gate = threading.Barrier(len(people))
    results = [None] * len(people)

    def run(index, person):
        gate.wait()
        try:
            results[index] = work(person)
        except Exception as error:  # noqa: BLE001 - given to the test as it is
            results[index] = error

    threads = [
        threading.Thread(target=run, args=(index, person))
        for index, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@contextlib.contextmanager
def open_shop(folder: Path):
    """Prepare a shop; its server is started by the test."""
    mailbox = Mailbox()
    stand_in = server.stripe(folder)
    with contextlib.ExitStack() as stack:
        mailbox.open()
        stack.callback(mailbox.close)
        database = stack.enter_context(place.database("faults"))
        stand_in.start()
        stack.callback(stand_in.stop)
        shop = Shop(folder, database, stand_in, mailbox, server.free_port())
        stack.callback(shop.connection.close)
        stack.callback(shop.stop)
        shop.script(
            f"{inspect.getsource(prepare)}\n\n"
            f"ready_to_sell(env, 'http://127.0.0.1:{shop.port}')\nprogramme(env)"
        )
        yield shop
