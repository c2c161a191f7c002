# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The bars P1 to P4, beside stock in the same run; started by ``setup/benchmark``.

Odoo's configuration is named by ``ODOO_RC``; ``tests`` and ``setup`` are on the path.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import catalogue
import purchase
import shops


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
    parser.add_argument("--only", choices=("catalogue", "purchase"))
    parser.add_argument(
        "--programmes", type=int, default=catalogue.LARGE, help="the large catalogue"
    )
    options = parser.parse_args(arguments)
    # However it is asked to stop, it stops its servers and drops its databases.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            shops.stock(folder / "stock") as stock,
            shops.ours(folder / "ours") as ours,
        ):
            table = Table()
            if options.only != "catalogue":
                purchase.run(stock, ours, table)
            if options.only != "purchase":
                catalogue.run(stock, ours, table, options.programmes)
    return 0 if table.is_held else 1


if __name__ == "__main__":
    sys.exit(main())
