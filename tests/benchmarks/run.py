# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The bars, beside stock in the same run; started by ``setup/benchmark``.

Odoo's configuration is named by ``ODOO_RC``; ``tests`` and ``setup`` are on the path.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cancels
import catalogue
import moves
import payouts
import purchase
import reports
import settle
import shops
import threshold
import webhook

PARTS = (
    *("purchase", "webhook", "moves", "cancels", "catalogue"),
    *("threshold", "settle", "payout", "reports"),
)
# What fills the sales has a database to itself.
ALONE = {
    "threshold": lambda shop, table, _sales: threshold.run(shop, table),
    "settle": settle.run,
    "reports": lambda shop, table, _sales: reports.run(shop, table),
}
# What is measured in shops that are open at the same time, stock's beside ours.
SIDE_BY_SIDE = {"purchase", "webhook", "moves", "cancels", "catalogue"}


class Table:
    """The lines measured so far."""

    HEAD = ("measure", "stock", "ours", "ratio", "bar", "held")
    WIDTHS = (52, 14, 14, 6, 8, 4)

    def __init__(self):
        self.is_held = True
        self._print(self.HEAD)
        self._print(["-" * width for width in self.WIDTHS])

    def compare(self, label, stock, ours, bar):
        """Add a line whose bar is a ratio to stock."""
        ratio = ours / stock
        values = (f"{stock:.1f}", f"{ours:.1f}")
        self.add(label, *values, ratio, f"<= {bar}", ratio <= bar)

    def add(self, label, stock, ours, ratio, bar="", held=None):
        """Add a line; ``held`` is None where there is no bar."""
        word = {True: "yes", False: "NO", None: ""}[held]
        self.is_held &= held is not False
        self._print([label, stock, ours, f"{ratio:.2f}", bar, word])

    def _print(self, cells):
        padded = [
            str(cell).ljust(width)
            for cell, width in zip(cells, self.WIDTHS, strict=True)
        ]
        print(" | ".join(padded), flush=True)


def main(arguments=None) -> int:
    """Measure, print, and return 0 when every bar is held."""
    parser = argparse.ArgumentParser(prog="setup/benchmark", description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument(
        "--programmes", type=int, default=catalogue.LARGE, help="the large catalogue"
    )
    parser.add_argument(
        "--sellers", type=int, default=payouts.SELLERS, help="who is paid on the 15th"
    )
    parser.add_argument(
        "--sales", type=int, help="in the large month that is settled, and in the proof"
    )
    options = parser.parse_args(arguments)
    # However it is asked to stop, it stops its servers and drops its databases.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = Table()
        parts = (options.only,) if options.only else PARTS
        if SIDE_BY_SIDE.intersection(parts):
            with (
                shops.stock(folder / "stock") as stock,
                shops.ours(folder / "ours") as ours,
            ):
                _compare(parts, stock, ours, table, options.programmes)
        for part in parts:
            if part == "payout":
                payouts.run(folder / part, table, options.sellers, options.sales)
            elif part in ALONE:
                with shops.ours(folder / part) as ours:
                    ALONE[part](ours, table, options.sales)
    return 0 if table.is_held else 1


def _compare(parts, stock, ours, table, programmes):
    if "purchase" in parts:
        purchase.run(stock, ours, table)
    if "webhook" in parts:
        webhook.run(stock, ours, table)
    if "moves" in parts:
        moves.run(ours, table)
    if "cancels" in parts:
        cancels.run(ours, table)
    if "catalogue" in parts:
        catalogue.run(stock, ours, table, programmes)


if __name__ == "__main__":
    sys.exit(main())
