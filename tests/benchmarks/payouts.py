# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P9: the payouts of the 15th, and the nightly proof of the books.

Mangopay answers at once: what is measured is our own share, Odoo's processor time and
PostgreSQL's (where both run on this machine), job after job, for sellers with fifty
sales each. Every payout is asked, announced, booked with what it nets, and told by a
mail, which is outside of the bar: it is sent by a job of its own and stops no money.

Our own share is what is left of the total when what stock Odoo needs for the same
entries alone is taken off (`payouts_floor`, measured in the same run). It is small
because we match invoices and make their VAT due for half of what stock takes; what is
done beside the entries, which the table gives as well, is above 50 ms by itself.
"""

import json
from pathlib import Path

import bank
import shops

SELLERS = 200
SALES_EACH = 50
BAR = 50
SECONDS = 120
STEPS = {
    "begin": "counted and asked",
    "send": "sent",
    "learn": "announced, looked at again",
    "book": "booked, VAT made due",
}
SCRIPT = """
import sys

sys.path.insert(0, {folder!r})

import market_books
import payouts_measure

month = payouts_measure.get_month(env)
market_books.fill_market(env, {sales}, {sellers}, month)
payouts_measure.prove(env)
payouts_measure.measure(env)
"""


def run(folder, table, sellers=SELLERS, sales=None):
    """Pay so many sellers of so many sales; add the lines of P9 and of the proof."""
    sales = sales or sellers * SALES_EACH
    with bank.open_bank() as address, shops.ours(folder) as shop:
        shop.use_mangopay(address)
        here = str(Path(__file__).resolve().parent)
        said = shop.script(SCRIPT.format(folder=here, sales=sales, sellers=sellers))
    words = dict(
        line.split(" ", 1)
        for line in said.splitlines()
        if line[:6] in ("RESULT", "PROOF ")
    )
    _tell_proof(table, json.loads(words["PROOF"]), sales)
    _tell_payouts(table, json.loads(words["RESULT"]), sellers)


def _tell_proof(table, proof, sales):
    seconds, worst = proof["seconds"], proof["worst"]
    label = f"proof of the books, {sales} sales: s"
    held = seconds <= SECONDS
    table.add(label, "-", f"{seconds:.1f}", seconds / SECONDS, f"<= {SECONDS}", held)
    slowest = proof["slowest"]
    table.add(f"   its slowest check ({slowest}): s", "-", f"{worst:.1f}", worst)
    found = proof["differences"]
    table.add("   differences", 0, found, found, "0", not found)


def _tell_payouts(table, result, sellers):
    total = 0
    for name, label in STEPS.items():
        odoo, database, statements = (one / sellers for one in result[name])
        ours = (odoo + database) * 1000
        total += ours
        values = (f"{statements:.0f} SQL", f"{ours:.1f}")
        table.add(f"   {label}: CPU ms each", *values, ours / BAR)
    floor = sum(result["floor"][:2]) * 1000 / sellers
    own = total - floor
    apart = total - ours
    for label, part in (
        (f"in all, {sellers} sellers", total),
        ("its entries alone", ours),
    ):
        values = (f"{floor:.1f}", f"{part:.1f}")
        table.add(f"   {label}: CPU ms each", *values, part / floor)
    table.add("   all but its entries: CPU ms each", "-", f"{apart:.1f}", apart / BAR)
    label = "P9 payout, our own share: CPU ms each"
    table.add(label, "-", f"{own:.1f}", own / BAR, f"<= {BAR}", own <= BAR)
    mails = sum(result["tell"][:2]) * 1000 / sellers
    table.add(
        "   the mail that tells it: CPU ms each", "-", f"{mails:.1f}", mails / BAR
    )
    done = result["done"]
    table.add("   paid", sellers, done, done / sellers, "all", done == sellers)
    booked = result["booked"]
    is_booked = booked == 2 * sellers
    table.add("   booked", 2 * sellers, booked, booked / sellers / 2, "all", is_booked)
    found = result["differences"]
    table.add("   differences in the books", 0, found, found, "0", not found)
