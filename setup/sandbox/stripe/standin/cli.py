# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The command line."""

import argparse
import errno
import logging
import sys
from pathlib import Path

from aiohttp import web

from .app import HOST, build
from .delivery import sender
from .resources.payment_intents import ASYNC_DELAY
from .world import World


def main(arguments=None):
    """Read the command line, and serve until a signal."""
    options = _parse(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    sender.settings.first_delay = options.webhook_delay
    sender.settings.retry_delays = options.retry_delays
    sender.settings.timeout = options.webhook_timeout
    ASYNC_DELAY["seconds"] = options.async_delay
    world = World(options.state)
    if options.from_scratch:
        world.save()
    else:
        try:
            world.load()
        except ValueError as error:
            sys.exit(f"{error}. Start with --from-scratch to begin anew.")
    try:
        web.run_app(
            build(world),
            host=HOST,
            port=options.port,
            access_log=logging.getLogger("access") if options.verbose else None,
            print=lambda text: print(
                f"Stripe stand-in on http://{HOST}:{options.port}", flush=True
            ),
            shutdown_timeout=2,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.exit(f"Port {options.port} is busy. Choose another one with --port.")


def _parse(arguments):
    parser = argparse.ArgumentParser(description="A Stripe on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8420)
    parser.add_argument("--state", type=Path, help="file in which to keep everything")
    parser.add_argument(
        "--from-scratch", action="store_true", help="forget what the file holds"
    )
    parser.add_argument(
        "--webhook-delay", type=float, default=0.2,
        help="seconds before the first try of a webhook",
    )  # fmt: skip
    parser.add_argument(
        "--retry-delays", type=_seconds, default=(1, 2, 4, 8),
        help="seconds before each further try, with commas",
    )  # fmt: skip
    parser.add_argument("--webhook-timeout", type=float, default=10)
    parser.add_argument(
        "--async-delay", type=float, default=1,
        help="seconds before a bank answers a debit or a refund",
    )  # fmt: skip
    parser.add_argument("--verbose", action="store_true", help="log each request")
    return parser.parse_args(arguments)


def _seconds(text):
    return tuple(float(part) for part in text.split(",") if part)
