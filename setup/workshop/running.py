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
    options = parser.parse_args(arguments)
    if not 1024 <= options.port <= 65532:
        raise Failure("--port takes a number from 1024 to 65532.")
    with _only_one():
        install.for_running(with_browser=options.play)
        with cluster.running(), _serving(options.port, options.reset) as (web, mail):
            if options.play:
                return journeys.play(web)
            _welcome(web, mail)
            signal.pause()
    return 0


@contextlib.contextmanager
def _serving(port: int, reset: bool):
    """Run the stand-ins and Odoo on the demonstration database; yield all of them."""
    mail, smtp_port = services.mailbox(port + 2, port + 3), port + 3
    stripe = services.stripe(port + 1, "demo", from_scratch=reset)
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
        environment={"TRAINING_STRIPE_SANDBOX_URL": stripe.url},
    )
    for service in (web, stripe, mail):
        services.check_port(service)
    demo.ensure(reset)
    with contextlib.ExitStack() as stack:
        with step("Starting the stand-in of Stripe and the mailbox"):
            stack.enter_context(services.running(stripe))
            stack.enter_context(services.running(mail))
        demo.link_stripe(web.url, web.environment)
        with step("Starting Odoo"):
            stack.enter_context(services.running(web))
        yield web, mail


@contextlib.contextmanager
def _only_one():
    """One demonstration at a time: they would share one database."""
    with marks.held("run") as free:
        if not free:
            raise Failure("A demonstration is already running; stop it first.")
        yield


def _welcome(web: services.Service, mail: services.Service) -> None:
    say("\nReady.")
    table(
        [
            ("Catalogue (visitor)", f"{web.url}/shop"),
            ("Back office", f"{web.url}/odoo"),
            ("Mails that were sent", mail.url),
            ("Log of Odoo", str(paths.log_file("odoo"))),
        ]
    )
    say("\nLogins (the password is the login):")
    table([("admin", "Administrator"), *demo.logins()])
    say(
        "\nTest cards: 4242 4242 4242 4242 is accepted, 4000 0000 0000 0002 refused,\n"
        "any date to come, any code. Ctrl-C stops everything."
    )
