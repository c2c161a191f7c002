# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P1: the pages of the catalogue. P2: which sessions can be sold."""

import inspect
import json

import measure
import sellable
import shops
from faults.harness.buyer import Visitor

SMALL, LARGE = 10, 10_000
SESSIONS_OF_P2 = 10_000
PER_PROGRAMME = 5
TIMES = 25


def run(stock, ours, table, large=LARGE):
    """Measure the pages at two sizes, stock and ours in turn."""
    sides = {"stock": stock, "ours": ours}
    pages = {}
    for size in (SMALL, large):
        shops.fill_stock(stock, size)
        if size != SMALL:
            shops.fill_ours(ours, min(SESSIONS_OF_P2 // PER_PROGRAMME, large))
            _sellable(ours, table)
        shops.fill_ours(ours, size)
        pages[size] = _visit(sides)
    for page in ("/shop", "product"):
        _tell(table, page, pages, large)


def _visit(sides) -> dict:
    """Return the queries, the median and the CPU ms of each page on each side."""
    found = {}
    for shop in sides.values():
        shop.start(workers=0, max_cron_threads=0)
    addresses = {
        name: {"/shop": "/shop", "product": _product(shop)}
        for name, shop in sides.items()
    }
    for number in range(TIMES + 3):
        for name, shop in sides.items():
            for page, address in addresses[name].items():
                reader = measure.Reader(shop.odoo)
                before = measure.cpu_seconds(shop.odoo)
                Visitor(shop.url, "visitor").get(address)
                (one,) = measure.requests(reader.read())[-1:]
                one["cpu"] = measure.cpu_seconds(shop.odoo) - before
                if one["status"] != 200:
                    raise RuntimeError(f"{name} {address}: {one}")
                if number >= 3:
                    found.setdefault((name, page), []).append(one)
    for shop in sides.values():
        shop.stop()
    return {
        key: (
            measure.median([one["queries"] for one in many]),
            measure.median([one["seconds"] for one in many]) * 1000,
            # The clock of the processor is too coarse for a median.
            sum(one["cpu"] for one in many) / len(many) * 1000,
        )
        for key, many in found.items()
    }


def _product(shop) -> str:
    """Return the address of one product page, without its redirection."""
    ((product_id,),) = shop.sql(
        "SELECT id FROM product_template WHERE default_code = 'BENCH-5'"
    )
    name = f"article-5-{product_id}"
    return f"/shop/{name}"


def _tell(table, page, pages, large):
    label = {"/shop": "catalogue", "product": "programme page"}[page]
    few = pages[SMALL]["ours", page][0]
    many, ours_ms, ours_cpu = pages[large]["ours", page]
    stock_few = pages[SMALL]["stock", page][0]
    stock_many, stock_ms, stock_cpu = pages[large]["stock", page]
    table.add(
        f"P1 {label}: queries, {SMALL}x5 then {large}x5",
        f"{stock_few:.0f} then {stock_many:.0f}",
        f"{few:.0f} then {many:.0f}",
        many / few,
        "no more",
        many <= few,
    )
    table.compare(f"P1 {label}: p50 ms at {large}x5", stock_ms, ours_ms, 1.1)
    table.add(
        "   of which CPU ms",
        f"{stock_cpu:.1f}",
        f"{ours_cpu:.1f}",
        ours_cpu / stock_cpu,
    )


def _sellable(ours, table):
    said = ours.script(f"{inspect.getsource(sellable)}\n\nmeasure(env)")
    result = json.loads(said.partition("RESULT ")[2].splitlines()[0])
    table.add(
        f"P2 sellable of {result['sessions']} sessions: statements",
        "1",
        result["statements"],
        result["statements"],
        "1",
        result["statements"] == 1,
    )
    table.compare(
        "P2 the same: ms, against SQL by hand", result["floor"], result["search"], 2
    )
