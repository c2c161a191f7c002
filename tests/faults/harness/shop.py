# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A training organisation that sells: its database, its Stripe and its server."""

import concurrent.futures
import contextlib
import functools
import inspect
import threading
import xmlrpc.client
from pathlib import Path

from . import place, prepare, server
from .buyer import Buyer
from .evidence import Evidence
from .mailbox import Mailbox
from .mangopay import Mangopay
from .stand_in import Stripe

#: Times that the passing of time makes due.
CLOCKS = (
    ("ir_cron", "nextcall"),
    ("ir_cron_trigger", "call_at"),
    ("training_payment_event", "date_next"),
    ("training_payment_operation", "date_next"),
    ("mangopay_event", "date_next"),
    ("mangopay_operation", "date_next"),
    ("training_seat_hold", "expires_at"),
)


class Shop(Evidence):
    """What the tests act on; made by :func:`open_shop`."""

    def __init__(self, folder: Path, database: str, stand_in, mailbox, port: int):
        self.folder = folder
        self.database = database
        self.stand_in = stand_in
        self.stripe = Stripe(stand_in.url)
        self.urls = {"TRAINING_STRIPE_SANDBOX_URL": stand_in.url}
        self.mailbox = mailbox
        self.port = port
        self.url = f"http://{server.HOST}:{port}"
        self.odoo = self.mode = self.mangopay = None
        self.connection = place.connect(database)

    # The server

    def start(self, **changes) -> None:
        """Start Odoo, in the place of the one that runs."""
        self.stop()
        self.odoo = server.odoo(
            self.folder,
            "odoo",
            self.database,
            self.urls,
            self.port,
            smtp_server="127.0.0.1",
            smtp_port=self.mailbox.port,
            **changes,
        )
        self.odoo.start()

    def use_mangopay(self, url: str) -> None:
        """Have the servers to come find the stand-in of Mangopay."""
        self.mangopay = Mangopay(url)
        self.urls["TRAINING_MANGOPAY_SANDBOX_URL"] = url

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
            self.urls,
            f"{inspect.cleandoc(text)}\n\nenv.cr.commit()\n",
        )

    # What is asked of it from outside

    @functools.cached_property
    def _models(self):
        return xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object", allow_none=True)

    def call(self, model: str, method: str, *arguments, **named):
        """Call a method as the administrator, by RPC."""
        words = (self.database, 2, "admin", model, method, arguments, named)
        return self._models.execute_kw(*words)

    def pass_time(self, minutes: int, patient=True) -> None:
        """Make due what would be in so many minutes, and wake the jobs.

        :param bool patient: whether what a job is at work on is waited for
        """
        # No key: what is at work may still trigger a job while one waits for it.
        lock = "FOR NO KEY UPDATE" if patient else "FOR NO KEY UPDATE SKIP LOCKED"
        for table, column in CLOCKS:
            self.sql(
                f"UPDATE {table} SET {column} = {column} - %s * interval '1 minute'"
                f" WHERE id IN (SELECT id FROM {table} {lock})",
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
        return [Buyer(self.url, f"{prefix}{n}") for n in range(1, count + 1)]

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

    @contextlib.contextmanager
    def locked(self, table: str):
        """Keep everybody from writing in a table as long as the block lasts."""
        with contextlib.closing(place.connect(self.database)) as connection:
            connection.autocommit = False
            mode = "SHARE ROW EXCLUSIVE"
            connection.cursor().execute(f'LOCK TABLE "{table}" IN {mode} MODE')
            yield

    def waiters(self, table: str) -> int:
        """Return how many transactions wait for the lock of a table."""
        ((count,),) = self.sql(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND relation = %s::regclass",
            table,
        )
        return count

    def start_without_pdf(self) -> None:
        """Start again where no PDF engine is found, until a test asks for a mode."""
        self.odoo.stop()
        self.odoo.environment["PATH"] = "/nowhere"
        self.odoo.start()
        self.mode = None

    def repair(self) -> None:
        """Undo what a test may have broken, for the next one."""
        if self.odoo.popen is None:
            self.odoo.start()
        self.mailbox.open()
        self.stripe.forget_faults()
        if self.mangopay:
            self.mangopay.forget_faults()

    def wait(self, condition, seconds: float, what: str, pause: float = 0.1):
        """Wait until ``condition`` is true, see :func:`server.wait_for`."""
        return server.wait_for(condition, seconds, what, pause)


def together(work, people) -> list:
    """Have each of them do the same work at the same instant; return the results.

    What a thread raises is a result too.
    """
    gate = threading.Barrier(len(people))

    def run(person):
        gate.wait()
        return work(person)

    with concurrent.futures.ThreadPoolExecutor(len(people)) as threads:
        futures = [threads.submit(run, person) for person in people]
    return [future.exception() or future.result() for future in futures]


#: What `prepare` does by default: an organisation with one programme.
SELLING = "ready_to_sell(env, {url!r})\nprogramme(env)"
#: The same, which also sells a seller's course through Mangopay.
MARKET = f"{SELLING}\nlink_mangopay(env)\nseller_programme(env)"
#: The organisation of the demonstration data, linked to the stand-in.
DEMONSTRATION = "demonstration(env, {url!r})"


def prepared(*calls: str) -> str:
    """Return a script that calls what ``prepare`` holds."""
    return "\n".join([inspect.getsource(prepare), "", *calls])


@contextlib.contextmanager
def open_shop(
    folder: Path, use="faults", calls=SELLING, *, source=None, delay=0.3, market=False
):
    """Lend a prepared database, a mail box and a stand-in; the server is not started.

    :param use: what the database is named after
    :param calls: what of ``prepare`` is called; None leaves the copy as it is
    :param source: the database to copy, one with our addons by default
    :param delay: seconds after which the stand-in sends its events
    :param market: whether the stand-in of Mangopay runs as well
    """
    mailbox = Mailbox()
    stand_in = server.stripe(folder, delay)
    with contextlib.ExitStack() as stack:
        mailbox.open()
        stack.callback(mailbox.close)
        database = stack.enter_context(place.database(use, source))
        stand_in.start()
        stack.callback(stand_in.stop)
        shop = Shop(folder, database, stand_in, mailbox, server.free_port())
        stack.callback(shop.connection.close)
        stack.callback(shop.stop)
        if market:
            mangopay = server.mangopay(folder)
            mangopay.start()
            stack.callback(mangopay.stop)
            shop.use_mangopay(mangopay.url)
        if calls:
            shop.script(prepared(calls.format(url=shop.url)))
        yield shop
