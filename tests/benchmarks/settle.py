# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P8: the 1st of the month, beside what stock takes to make as many invoices.

Processor time is Odoo's own: what PostgreSQL takes is in neither side.
"""

import inspect
import json

import settle_measure

SMALL = (1_000, 50)
SALES, SELLERS = 100_000, 2_000
MEMORY = 300


def run(shop, table, sales=None):
    """Settle a month of some sales, then of many; add the lines of P8."""
    sizes = (SMALL, (sales or SALES, SELLERS))
    source = inspect.getsource(settle_measure)
    found = []
    for month, (sales, sellers) in enumerate(sizes, start=1):
        said = shop.script(f"{source}\n\nmeasure(env, {sales}, {sellers}, {month})")
        result = json.loads(said.partition("RESULT ")[2].splitlines()[0])
        found.append((sellers, result["statements"]))
        _tell(table, f"P8 {sales} sales, {sellers} sellers", sellers, result)
    (few, before), (many, after) = found
    growth = (after / many) / (before / few)
    table.add(
        "P8 statements a seller, many sellers beside few",
        f"{before / few:.1f}",
        f"{after / many:.1f}",
        growth,
        "<= 1.2",
        growth <= 1.2,
    )


def _tell(table, label, sellers, result):
    stock, ours = result["stock"], result["cpu"]
    is_small = sellers == SMALL[1]
    bar = stock + 1.0 if is_small else None
    table.add(
        f"{label}: CPU s",
        f"{stock:.2f}",
        f"{ours:.2f}",
        ours / stock,
        f"<= {bar:.2f}" if is_small else "",
        ours <= bar if is_small else None,
    )
    done = result["done"]
    table.add("   settled and numbered", sellers, done, done / sellers, "", None)
    memory = result["memory"]
    table.add(
        "   MB over the base", "-", f"{memory:.0f}", memory / MEMORY, "< 300",
        memory < MEMORY,
    )  # fmt: skip
    again = result["again"]
    table.add(
        "   a second run: statements", "-", again, again / 5, "<= 5", again <= 5
    )  # fmt: skip
