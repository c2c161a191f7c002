# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The two sides: stock Odoo that sells event tickets, and our addons."""

import contextlib
import inspect
import os

import fill
from faults.harness.shop import open_shop, prepared

#: Events of stock, each with a ticket: as many as there are buyers at once.
EVENTS = 9
STOCK = f"""
for number in range({EVENTS}):
    product = env["product.product"].create(
        {{
            "name": "Ticket",
            "type": "service",
            "service_tracking": "event",
            "invoice_policy": "order",
            "list_price": 600.0,
        }}
    )
    env["event.event"].create(
        {{
            "name": f"Conference {{number}}",
            "date_begin": "2035-03-05 08:00:00",
            "date_end": "2035-03-06 16:00:00",
            "is_published": True,
            "seats_limited": True,
            "seats_max": 10000,
            "event_ticket_ids": [
                (0, 0, {{"name": "Standard", "product_id": product.id, "price": 600.0}})
            ],
        }}
    )
demo = env["payment.provider"].search([("code", "=", "demo")], limit=1)
demo.write({{"state": "test", "is_published": True}})
demo.payment_method_ids.active = True
env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
"""
INSTALL = """
demo = env["ir.module.module"].search([("name", "=", "payment_demo")])
demo.button_immediate_install()
"""


@contextlib.contextmanager
def stock(folder):
    """Lend a stock Odoo with its demo provider and its automatic invoice."""
    folder.mkdir()
    with open_shop(folder, "bench_stock", None, source=_stock_template()) as shop:
        shop.script(INSTALL)
        shop.script(prepared(f"organisation(env, {shop.url!r})", STOCK))
        shop.tickets = shop.sql(
            "SELECT event_id, id FROM event_event_ticket ORDER BY event_id"
        )
        yield shop


@contextlib.contextmanager
def ours(folder):
    """Lend a shop with our addons, whose provider's events come after the buyer."""
    folder.mkdir()
    with open_shop(folder, "bench_ours", delay=3) as shop:
        yield shop


def fill_stock(shop, count):
    """Have so many products in the e-shop of stock."""
    shop.script(f"{inspect.getsource(fill)}\n\nproducts(env, {count})")


def fill_ours(shop, count, per_programme=5):
    """Have so many programmes, each with sessions."""
    values = {
        "is_training_programme": True,
        "sell_online_payment": True,
        "company_multi_learners": True,
    }
    shop.script(
        f"{inspect.getsource(fill)}\n\nproducts(env, {count}, **{values!r})\n"
        f"sessions(env, {per_programme})"
    )


def _stock_template() -> str:
    if named := os.environ.get("TRAINING_STOCK_TEMPLATE"):
        return named
    from workshop import databases

    return databases.ensure_stock()
