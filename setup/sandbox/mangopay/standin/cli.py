# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The command line."""

from standin_kit.serving import HOST, make_parser, run

from .app import build
from .world import World


def main(arguments=None):
    """Read the command line, and serve until a signal."""
    options = _parse(arguments)
    world = World(
        options.state,
        base_url=f"http://{HOST}:{options.port}",
        settings={
            "regime": options.regime,
            "payout_delay": options.bank_delay,
            "kyc_delay": options.bank_delay,
            "hook_delay": options.hook_delay,
        },
    )
    run("Mangopay", build, world, options)


def _parse(arguments):
    parser = make_parser("Mangopay", port=8430)
    parser.add_argument(
        "--regime", choices=("2026", "old"), default="2026",
        help="rules of 2026, or the old yearly limits (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--hook-delay", type=float, default=0.05,
        help="seconds before the first try of a notification",
    )  # fmt: skip
    parser.add_argument(
        "--bank-delay", type=float, default=1,
        help="seconds before a payout succeeds, or a document is decided by its tag",
    )  # fmt: skip
    return parser.parse_args(arguments)
