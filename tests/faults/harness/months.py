# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A marketplace on the day after the months that :mod:`month` fills, from outside."""

import contextlib

from .shop import open_shop

CALLS = "ready_to_sell(env, {url!r})\nlink_mangopay(env)"
FILL = """
import sys

sys.path[:0] = ["setup/sandbox", "tests"]
from faults.harness import month

month.fill(env, {months!r})
"""
PROOF = "print(env['marketplace.proof']._check_invariants(env.company))"


@contextlib.contextmanager
def open_months(folder, use, months):
    """Lend a marketplace whose last months are not settled yet; no server is started,
    and no notification of what is past is on its way.

    :param months: see :func:`month.fill`
    """
    with open_shop(folder, use, CALLS, market=True) as shop:
        shop.mangopay.fault(kind="drop_hook", count=1_000_000)
        shop.script(FILL.format(months=months))
        shop.mangopay.forget_faults()
        yield shop


def prove(shop):
    """Return the differences that the proof of the books finds, as it says them."""
    return shop.script(PROOF).strip().splitlines()[-1]


def read_sellers(shop):
    """Return the ids of the sellers' contacts, the first one first."""
    rows = shop.sql("SELECT partner_id FROM marketplace_seller ORDER BY id")
    return [seller for (seller,) in rows]


def is_settled(shop):
    """Tell whether each sale is in a settlement, and each settlement invoiced."""
    return shop.sql(
        """SELECT NOT EXISTS (SELECT FROM marketplace_sale WHERE settlement_id IS NULL)
              AND NOT EXISTS (SELECT FROM marketplace_settlement WHERE state = 'draft')
        """
    ) == [(True,)]
