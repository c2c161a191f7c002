# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Two servers with several workers settle and pay the same month, and one dies.

Whichever server is in the middle of a job is killed there; the other one goes on, and
the first comes back: nobody is settled or paid twice, nobody is forgotten.
"""

import re

import pytest
from faults.harness import pause, server
from faults.harness.months import is_settled, open_months, prove, read_sellers
from faults.harness.pause import Line
from faults.harness.steps import in_the_end, start_job

SELLERS = 20
WORKERS = {"workers": 2, "max_cron_threads": 2}
#: Paid for a sale of 100 less the commission, minor units.
NET = 8_800


@pytest.fixture
def market(tmp_path):
    """A month of sales of many sellers, and two servers on their database."""
    with open_months(tmp_path, "two", [SELLERS]) as shop:
        shop.start(db_app_name="first", **WORKERS)
        second = server.odoo(
            tmp_path,
            "second",
            shop.database,
            shop.urls,
            server.free_port(),
            smtp_server="127.0.0.1",
            smtp_port=shop.mailbox.port,
            db_app_name="second",
            **WORKERS,
        )
        second.start()
        shop.servers = {"first": shop.odoo, "second": second}
        yield shop
        second.stop()


def kill_in_the_middle(market, line, condition, what):
    """Kill the server that comes to a line; wait until the other one has done all, and
    have it come back."""
    with pause.before(market, line) as stop:
        line.act()
        victim = market.servers[in_the_end(market, stop.who, f"at {line[:3]}")]
        victim.kill()
        stop.bury()
    in_the_end(market, condition, what, minutes=800)
    victim.start()


def count_paid(market):
    """Return how many sellers have a payout that is done, with all its entries."""
    ((count,),) = market.sql(
        """SELECT count(*) FROM marketplace_payout payout
            WHERE state = 'done' AND 2 = (
                  SELECT count(*) FROM marketplace_entry entry
                   WHERE entry.payout_id = payout.id AND entry.state = 'booked')"""
    )
    return count


def pay(market):
    """Have the day of the payouts come."""
    market.sql(
        "UPDATE marketplace_payout_line SET date_next = now() at time zone 'utc'"
    )
    start_job(market, "pay_sellers")


def test_one_dies(market):
    """B17, B18, D12, D15: each seller is settled once and paid once."""
    sellers = read_sellers(market)
    assert len(sellers) == SELLERS
    kill_in_the_middle(
        market,
        Line(
            *("INSERT", "account_move", f"NEW.partner_id = {sellers[SELLERS // 2]}"),
            lambda: start_job(market, "settle_marketplace"),
        ),
        lambda: is_settled(market),
        "all are settled",
    )
    settled = market.sql(
        """SELECT one.seller_id, one.sales_count, move.state, count(sale.id)
             FROM marketplace_settlement one
             JOIN account_move move ON move.marketplace_settlement_id = one.id
             JOIN marketplace_sale sale ON sale.settlement_id = one.id
            GROUP BY one.id, move.id ORDER BY 1"""
    )
    assert settled == [(seller, 1, "posted", 1) for seller in sorted(sellers)]
    kill_in_the_middle(
        market,
        Line(
            *("INSERT", "marketplace_payout"),
            f"NEW.seller_id = {sellers[SELLERS // 2]}",
            lambda: pay(market),
        ),
        lambda: count_paid(market) == SELLERS,
        "all are paid",
    )
    payouts = market.mangopay.rows("payout")
    net = [one["DebitedFunds"]["Amount"] - one["Fees"]["Amount"] for one in payouts]
    assert net == [NET] * SELLERS
    assert len({one["AuthorId"] for one in payouts}) == SELLERS
    assert prove(market) == "[]"
    for one in market.servers.values():
        assert re.search("ir_cron: Job .* starting", one.log()), "it did nothing"
