# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/run``: install, prepare the demonstration, serve it until Ctrl-C."""

import argparse
import contextlib
import signal

from . import (
    cluster,
    demo,
    install,
    journeys,
    marks,
    odoo,
    paths,
    services,
    year,
)
from .console import Failure, say, step, table

PORT = 8069


def main(arguments: list[str]) -> int:
    """Serve the demonstration, or walk its main journey and leave."""
    parser = argparse.ArgumentParser(prog="setup/run", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    parser.add_argument("--reset", action="store_true", help="make the database again")
    parser.add_argument(
        "--play", action="store_true", help="walk the main journey in a browser, leave"
    )
    parser.add_argument(
        "--year", action="store_true", help="live a year of the marketplace, prove it"
    )
    parser.add_argument(
        "--empty",
        action="store_true",
        help="leave out the year of sales, which takes some minutes, once",
    )
    options = parser.parse_args(arguments)
    if options.year:
        install.for_running()
        with cluster.running():
            return year.live()
    if not 1024 <= options.port <= 65531:
        raise Failure("--port takes a number from 1024 to 65531.")
    with _only_one():
        install.for_running(with_browser=options.play)
        with cluster.running(), _serving(options) as served:
            if options.play:
                return journeys.play(served[0])
            _welcome(*served)
            signal.pause()
    return 0


@contextlib.contextmanager
def _serving(options):
    """Run the stand-ins and Odoo on the demonstration database; yield all of them."""
    port, reset = options.port, options.reset
    smtp_port = port + 3
    mail = services.mailbox(port + 2, smtp_port, from_scratch=reset)
    stripe = services.stripe(port + 1, "demo", from_scratch=reset)
    mangopay = services.mangopay(port + 4, "demo", from_scratch=reset)
    config = odoo.config(
        "demo",
        demo.NAME,
        http_port=port,
        max_cron_threads=1,
        smtp_server=services.HOST,
        smtp_port=smtp_port,
    )
    web = services.Service(
        name="odoo",
        command=odoo.command(config),
        port=port,
        health="/web/health",
        environment={
            "TRAINING_STRIPE_SANDBOX_URL": stripe.url,
            "TRAINING_MANGOPAY_SANDBOX_URL": mangopay.url,
        },
    )
    for service in (web, stripe, mangopay, mail):
        services.check_port(service)
    demo.ensure(reset)
    with contextlib.ExitStack() as stack:
        with step("Starting the stand-ins of Stripe and Mangopay, and the mailbox"):
            stack.enter_context(services.running(stripe))
            stack.enter_context(services.running(mangopay))
            stack.enter_context(services.running(mail))
        demo.link_stripe(web.url, web.environment)
        if not (options.empty or options.play):
            demo.live_past(config, mangopay.url, port)
        with step("Starting Odoo"):
            stack.enter_context(services.running(web))
        yield web, mail, mangopay


@contextlib.contextmanager
def _only_one():
    """One demonstration at a time: they would share one database."""
    with marks.held("run") as free:
        if not free:
            raise Failure("A demonstration is already running; stop it first.")
        yield


def _welcome(web, mail, mangopay) -> None:
    say("\nReady.")
    table(
        [
            ("Catalogue (visitor)", f"{web.url}/shop"),
            ("Marketplace (visitor)", f"{web.url}/marketplace"),
            ("Back office", f"{web.url}/odoo"),
            ("Mails that were sent", mail.url),
            ("Mangopay, simulated", mangopay.url),
            ("Log of Odoo", str(paths.log_file("odoo"))),
        ]
    )
    say("\nLogins (the password is the login):")
    table([("admin", "Administrator"), *demo.logins()])
    say(
        "\nTest cards, any date to come, any code: 4242 4242 4242 4242 is accepted,\n"
        "4000 0000 0000 0002 refused. Sellers' courses are paid on the simulated\n"
        "Mangopay, whose page has its own: 4970 1071 1111 1119 is accepted.\n"
        "Ctrl-C stops everything."
    )
