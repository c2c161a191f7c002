# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A purchase above the amount waits until Mangopay has verified its buyer."""

import pytest
from e2e import journey
from e2e.identity import IdentitySteps
from e2e.test_market_journeys import CALLS, CHALLENGE, MarketTour
from faults.harness.shop import open_shop

from workshop import paths
from workshop.browser import Browser

#: Account → what the purchase leaves there, credits being negative (D9).
BOOKS = [("468100", -600), ("468200", 0), ("517100", 600)]


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """The demonstration; purchases of sellers' courses wait above one euro."""
    folder = tmp_path_factory.mktemp("held")
    calls = f"{CALLS}\nverify_buyers_above(env, 1)"
    with open_shop(folder, "e2eheld", calls, market=True) as shop:
        shop.start(workers=0, max_cron_threads=1)
        yield shop


@pytest.fixture
def tour(market):
    """A buyer's browser."""
    with Browser(width=1400, height=1000) as browser:
        url = f"http://127.0.0.1:{market.port}"
        yield HeldTour(browser, url, paths.folder("screenshots"), "held")
        assert not browser.errors


class HeldTour(IdentitySteps, MarketTour):
    """What a buyer does while the purchase waits."""

    page = "/my/identity"


def look(market, name):
    """Return the states of an order, of its sale and of its learner."""
    ((found),) = market.sql(
        """SELECT sale.state, marketplace.state, registration.prepaid_state
             FROM sale_order sale
             JOIN marketplace_sale marketplace ON marketplace.order_id = sale.id
             JOIN event_registration registration
               ON registration.sale_order_id = sale.id
            WHERE sale.name = %s""",
        name,
    )
    return found


def entries(market, name):
    """Return what a purchase left on each account."""
    return market.sql(
        """SELECT account.code_store->>'1', sum(line.balance)
             FROM account_move_line line
             JOIN account_account account ON account.id = line.account_id
             JOIN marketplace_entry entry ON entry.move_id = line.move_id
             JOIN marketplace_sale marketplace ON marketplace.id = entry.sale_id
             JOIN sale_order sale ON sale.id = marketplace.order_id
            WHERE sale.name = %s GROUP BY 1 ORDER BY 1""",
        name,
    )


def test_held_refused_then_released(tour, market):
    """B10: told at once, asked for identity, refused, verified, then confirmed."""
    tour.fill_cart()
    tour.browser.wait("[name=marketplace_hold_notice]")
    tour.picture("1-payment")
    tour.press_pay()
    tour.give_card(CHALLENGE)
    tour.authorise()
    tour.browser.wait("[name=marketplace_identity_link]")
    tour.picture("2-paid")
    name = journey.order_name(tour)
    assert look(market, name) == ("sent", "held", "held")
    letters = len(market.mailbox.to(journey.COMPANY["email"]))
    tour.browser.click("[name=marketplace_identity_link]")
    tour.picture("3-identity")
    tour.give_identity()
    tour.submit("authentication")
    tour.confirm_by_telephone()
    tour.be_verified("REFUSED")
    tour.browser.wait(".alert-danger")
    tour.picture("4-refused")
    assert look(market, name) == ("sent", "held", "held")
    tour.be_verified("VALIDATED")
    market.wait(
        lambda: look(market, name) == ("sale", "confirmed", "pending"), 120, "released"
    )
    tour.open(tour.page)
    tour.picture("5-validated")
    market.wait(
        lambda: len(market.mailbox.to(journey.COMPANY["email"])) > letters,
        120,
        "the confirmation is sent",
    )
    market.wait(lambda: entries(market, name) == BOOKS, 60, "the books say so")
