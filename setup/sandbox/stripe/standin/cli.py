# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The command line."""

from standin_kit.serving import make_parser, run

from .app import build
from .delivery import sender
from .resources.payment_intents import ASYNC_DELAY
from .world import World


def main(arguments=None):
    """Read the command line, and serve until a signal."""
    options = _parse(arguments)
    sender.settings.first_delay = options.webhook_delay
    sender.settings.retry_delays = options.retry_delays
    sender.settings.timeout = options.webhook_timeout
    ASYNC_DELAY["seconds"] = options.async_delay
    run("Stripe", build, World(options.state), options)


def _parse(arguments):
    parser = make_parser("Stripe", port=8420)
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
    return parser.parse_args(arguments)


def _seconds(text):
    return tuple(float(part) for part in text.split(",") if part)
