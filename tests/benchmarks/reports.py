# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P10: the finance reports over 1 000 000 sales of 2 000 sellers in two years.

Each report is beside the statement that PostgreSQL needs for the same figures, in the
same run. The sales are generated without the orders and payments that they name: the
constraints are dropped from the database of the benchmark, which is thrown away. Their
entries are copied in the ledger from one that Odoo made.
"""

import inspect
import json

import reports_fill
import reports_measure

SELLERS = 2_000
SIZES = (100_000, 1_000_000)
#: Sales that have their entries.
BOOKED = 100_000
BAR = 3.0
LABELS = {
    "sales": "sales, by seller and month",
    "pivot": "the whole pivot, totals and names",
    "commissions": "commissions, by month and state",
    "money": "money, by owner",
    "balances": "balances, by seller and age",
}


def run(shop, table, sizes=SIZES):
    """Fill the table, measure, and add the lines of P10."""
    source = "\n\n".join(
        inspect.getsource(module) for module in (reports_fill, reports_measure)
    )
    before = 0
    for size in sizes:
        booked = BOOKED if size == sizes[0] else 0
        calls = f"fill(env, {SELLERS}, {before}, {size}, {booked})\nmeasure(env)"
        said = shop.script(f"{source}\n\n{calls}")
        before = size
        result = json.loads(said.partition("RESULT ")[2].splitlines()[0])
        for name, (floor, ours) in result.items():
            is_ledger = name in ("money", "balances")
            if is_ledger and not booked:
                continue
            # The whole pivot is the same statement, and 50 000 cells that Odoo formats.
            has_bar = name in ("sales", "commissions")
            count = booked if is_ledger else size
            label = f"P10 {LABELS[name]}, {count} sales: ms"
            bar, held = (f"<= {BAR}", ours / floor <= BAR) if has_bar else ("", None)
            values = (f"{floor:.0f} (SQL)", f"{ours:.0f}")
            table.add(label, *values, ours / floor, bar, held)
