# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The money of a sale moves, and the server dies: on real servers.

Hold and release, transfer, refund before and after the transfer, mandated invoice:
killed after Mangopay's answer and before our commit, or in the middle of our own job.
Afterwards nothing is lost, nothing was done twice, and the invariants hold.
"""

import time

import pytest
from faults.conftest import MODES
from faults.harness.mangopay import MarketBuyer, Seller
from faults.harness.shop import MARKET, open_shop

PRICE = 60_000
TEAM = "atelier"
CALLS = f"""{MARKET}
portal_user(env, env["marketplace.seller"].search([]).partner_id, {TEAM!r})
env.company.marketplace_transfer_days = 0
"""
PROOF = "print(env['marketplace.proof']._check_invariants(env.company))"
JOB = "UPDATE ir_cron SET nextcall = now() at time zone 'utc'"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A marketplace with a verified seller; in the end its books are proved."""
    folder = tmp_path_factory.mktemp("money")
    with open_shop(folder, "money", CALLS, market=True) as shop:
        ((shop.sold_id,),) = shop.sql(
            "SELECT id FROM product_template WHERE marketplace_seller_id IS NOT NULL"
        )
        shop.start(**MODES["threaded"])
        verify_seller(shop)
        yield shop
        assert shop.script(PROOF).strip().endswith("[]")


@pytest.fixture
def market(opened):
    """The same, healthy."""
    yield opened
    opened.repair()


def in_the_end(market, condition, what):
    """Wait, and let time pass: what met a job at work waits for its turn."""
    begun = time.monotonic()

    def look():
        found = condition()
        if not found and time.monotonic() > begun + 5:
            market.sql(JOB)
            market.pass_time(minutes=5)
        return found

    return market.wait(look, 120, what, pause=0.5)


def verify(market, partner_id):
    """Have Mangopay verify the one it knows for a contact."""
    known = """SELECT mangopay_id, state FROM mangopay_user
               WHERE category = 'OWNER' AND partner_id = %s"""
    [(user, _state)] = in_the_end(
        market,
        lambda: [row for row in market.sql(known, partner_id) if row[0]],
        "Mangopay knows them",
    )
    market.mangopay.act("authenticate", user)
    market.mangopay.act("verify-user", user)
    return user


def verify_seller(market):
    """Have the seller give who it is, and Mangopay verify it; it has a wallet."""
    seller = Seller(market.url, TEAM)
    seller.sign_in()
    seller.give_identity()
    ((partner_id,),) = market.sql("SELECT partner_id FROM marketplace_seller")
    user = verify(market, partner_id)
    in_the_end(
        market, lambda: market.mangopay.rows("wallet", Owners=[user]), "it has a wallet"
    )


def pay(market, name):
    """Return a buyer who paid, and the session."""
    session_id = market.new_session(3, programme_id=market.sold_id)
    buyer = MarketBuyer(market.url, name)
    buyer.press_pay(session_id)
    market.mangopay.act("pay", buyer.go_to_mangopay())
    buyer.return_to_site()
    return buyer, session_id


def look(market, buyer):
    """Return the states of the sale of a buyer's order, and what was moved."""
    rows = market.sql(
        """SELECT sale.state, sale.transfer_state, sale.amount_refunded,
                  (SELECT count(*) FROM marketplace_invoice one
                   WHERE one.sale_id = sale.id)
             FROM marketplace_sale sale WHERE sale.order_id = %s""",
        buyer.order_id,
    )
    return rows[0] if rows else None


def kill_once(market, is_done):
    """Kill the server when Mangopay has done it and we do not know; start again."""
    in_the_end(market, is_done, "it is done at Mangopay")
    market.odoo.kill()
    market.mangopay.forget_faults()
    market.restart()
    market.pass_time(minutes=20)


def count(market, table):
    """Return how many objects of a kind Mangopay has."""
    return len(market.mangopay.rows(table))


def refund_all(market, buyer):
    """« Cancel and refund » the whole purchase, by the interface's own calls."""
    learners = market.call(
        "event.registration", "search", [("sale_order_id", "=", buyer.order_id)]
    )
    action = market.call("event.registration", "action_open_training_cancel", learners)
    wizard = [action["res_id"]]
    market.call("training.cancel", "write", wizard, {"reason": "Cancelled"})
    market.call("training.cancel", "action_cancel", wizard)


def lose_answer(market, path):
    """Have Mangopay do the next one and not answer."""
    market.mangopay.fault(kind="timeout_after", method="POST", path=path, seconds=60)


def transferred(market, name):
    """Return a buyer whose payment is at the seller's."""
    buyer, _session = pay(market, name)
    in_the_end(
        market, lambda: (look(market, buyer) or [""] * 2)[1] == "done", "transferred"
    )
    return buyer


def test_transfer(market):
    """B11: the money is at the seller's, and we do not know: moved once."""
    before = count(market, "transfer")
    lose_answer(market, ".*/transfers/?")
    buyer, _session = pay(market, "transfer")
    kill_once(market, lambda: count(market, "transfer") > before)
    in_the_end(market, lambda: look(market, buyer)[1] == "done", "it is known")
    assert count(market, "transfer") == before + 1


@pytest.mark.parametrize("step", ["transfers", "payins"])
def test_refund_after_the_transfer(market, step):
    """B19: taken back from the seller, then given back: each once."""
    buyer = transferred(market, f"after{step}")
    before, held = count(market, "refund"), market.mangopay.held()
    lose_answer(market, f".*/{step}/[^/]+/refunds/?")
    refund_all(market, buyer)
    expected = before + (1 if step == "transfers" else 2)
    kill_once(market, lambda: count(market, "refund") == expected)
    in_the_end(market, lambda: look(market, buyer)[2] == PRICE / 100, "given back")
    assert count(market, "refund") == before + 2
    assert held - market.mangopay.held() == PRICE


def test_held_released_and_refunded(market):
    """B10, B19: released by Mangopay's verdict; killed while the invoice is written:
    one; then refunded before any transfer: once."""
    market.call("res.company", "write", [1], {"marketplace_buyer_threshold": 1})
    market.call("res.company", "write", [1], {"marketplace_transfer_days": 30})
    buyer, session_id = pay(market, "held")
    in_the_end(market, lambda: look(market, buyer), "it is held")
    assert look(market, buyer)[0] == "held"
    Seller.post(buyer, "/my/identity/identity", read="/my/identity", **Seller.IDENTITY)
    ((partner_id,),) = market.sql(
        "SELECT buyer_id FROM marketplace_sale WHERE order_id = %s", buyer.order_id
    )
    with market.locked("marketplace_invoice"):
        verify(market, partner_id)
        in_the_end(market, lambda: market.waiters("marketplace_invoice"), "in the job")
        market.odoo.kill()
    market.restart()
    in_the_end(market, lambda: look(market, buyer)[3] == 1, "the invoice is there")
    assert look(market, buyer)[:2] == ("confirmed", "waiting")
    assert market.seats_taken(session_id) == 1
    before, held = count(market, "refund"), market.mangopay.held()
    lose_answer(market, ".*/payins/[^/]+/refunds/?")
    refund_all(market, buyer)
    kill_once(market, lambda: count(market, "refund") > before)
    in_the_end(market, lambda: look(market, buyer)[2:] == (PRICE / 100, 2), "credited")
    assert count(market, "refund") == before + 1
    assert held - market.mangopay.held() == PRICE
