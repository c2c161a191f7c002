# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Mangopay has done it, and we do not know: killed, timed out, told twice, forged.

User, wallet, pay-in and refund, on real servers: nothing lost, nothing twice.
"""

import threading

import pytest
import requests
from faults.conftest import MODES
from faults.harness.mangopay import MarketBuyer
from faults.harness.shop import MARKET, open_shop, together

PRICE = 60_000
STEPS = {
    "user": "/sca/users/.*",
    "wallet": "/wallets",
    "payin": "/payins/card/web",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A database that sells a seller's course, and both stand-ins."""
    folder = tmp_path_factory.mktemp("market")
    with open_shop(folder, "market", MARKET, market=True) as shop:
        ((shop.sold_id,),) = shop.sql(
            "SELECT id FROM product_template WHERE marketplace_seller_id IS NOT NULL"
        )
        shop.start(**MODES["workers"])
        yield shop


@pytest.fixture
def market(opened):
    """The same, healthy."""
    yield opened
    opened.repair()


def press_pay(market, name):
    """Return a buyer who pressed « pay », and the session."""
    session_id = market.new_session(3, programme_id=market.sold_id)
    buyer = MarketBuyer(market.url, name)
    buyer.press_pay(session_id)
    return buyer, session_id


def payins(market, buyer):
    """Return the pay-ins that Mangopay has for a buyer's payment."""
    keys = market.sql(
        "SELECT idempotency_key FROM mangopay_operation"
        " WHERE kind = 'payin' AND reason = %s",
        buyer.reference,
    )
    return [row for (key,) in keys for row in market.mangopay.rows("payin", Tag=key)]


def wait_until_sold(market, buyer, session_id):
    """Sold within a minute by one payment; no entry of the operator."""
    market.wait(lambda: market.order(buyer)["state"] == "sale", 60, "it is confirmed")
    assert market.seats_taken(session_id) == 1
    assert market.books(buyer)["payments"] == 0
    assert market.books(buyer)["invoices"] == 0
    assert [row["Status"] for row in payins(market, buyer)] == ["SUCCEEDED"]


def open_in_the_end(market, buyer):
    """Have the buyer try as the waiting page does, until Mangopay's page opens."""
    market.pass_time(minutes=10)
    return market.wait(buyer.go_to_mangopay, 60, "Mangopay's page", pause=1)


@pytest.mark.parametrize("step", STEPS)
def test_killed_between_the_deed_and_its_record(market, step):
    """D7: SIGKILL after Mangopay made it and before our commit: found, not remade."""
    buyer, session_id = press_pay(market, f"killed{step}")
    before = {table: len(market.mangopay.rows(table)) for table in STEPS}
    market.mangopay.fault(
        kind="timeout_after", method="POST", path=f".*{STEPS[step]}", seconds=60
    )
    window = threading.Thread(target=ignore_errors, args=(buyer.open_start,))
    window.start()
    market.wait(
        lambda: len(market.mangopay.rows(step)) > before[step], 60, "it is made there"
    )
    market.odoo.kill()
    window.join()
    market.mangopay.forget_faults()
    market.restart()
    market.mangopay.act("pay", open_in_the_end(market, buyer))
    wait_until_sold(market, buyer, session_id)
    for table, count in before.items():
        assert len(market.mangopay.rows(table)) == count + 1, table


def ignore_errors(work):
    """Run what the death of the server ends."""
    try:
        work()
    except requests.RequestException:
        return


@pytest.mark.parametrize("step", STEPS)
def test_cut_after_the_deed(market, step):
    """D7: the connection is cut once it is done: the same one is found and used."""
    buyer, session_id = press_pay(market, f"cut{step}")
    before = len(market.mangopay.rows(step))
    market.mangopay.fault(
        kind="timeout_after", method="POST", path=f".*{STEPS[step]}", seconds=0
    )
    assert not buyer.go_to_mangopay()
    market.mangopay.act("pay", open_in_the_end(market, buyer))
    wait_until_sold(market, buyer, session_id)
    assert len(market.mangopay.rows(step)) == before + 1


def test_two_windows_and_two_workers(market):
    """D7: our second request made eight times at once: one of each at Mangopay."""
    buyer, session_id = press_pay(market, "windows")
    before = {table: len(market.mangopay.rows(table)) for table in STEPS}
    twins = [MarketBuyer(market.url, f"twin{number}") for number in range(8)]
    for twin in twins:
        twin.start, twin.query = buyer.start, buyer.query
    together(lambda twin: twin.open_start(), twins)
    assert not [twin.error_pages() for twin in twins if twin.error_pages()]
    market.mangopay.act("pay", open_in_the_end(market, buyer))
    wait_until_sold(market, buyer, session_id)
    for table, count in before.items():
        assert len(market.mangopay.rows(table)) == count + 1, table


def test_notifications_doubled_disordered_and_forged(market):
    """D8: with returns of the buyer among them: sold once, the money is there once."""
    held = market.mangopay.held()
    buyer, session_id = press_pay(market, "hooks")
    for kind in ("duplicate_hook", "reorder_hook", "forge_hook"):
        market.mangopay.fault(kind=kind, event="PAYIN_.*", count=2)
    payin = buyer.go_to_mangopay()
    market.mangopay.act("pay", payin)
    twins = [MarketBuyer(market.url, f"back{number}") for number in range(4)]
    for twin in twins:
        twin.start, twin.query = buyer.start, buyer.query
    together(lambda twin: twin.return_to_site(), twins)
    wait_until_sold(market, buyer, session_id)
    assert not [twin.error_pages() for twin in twins if twin.error_pages()]
    assert market.mangopay.held() - held == PRICE


def test_forged_notification_sells_nothing(market):
    """D8: « succeeded » said of a payment that is not: it stays to be paid."""
    buyer, _session_id = press_pay(market, "forged")
    payin = buyer.go_to_mangopay()
    ((token,),) = market.sql("SELECT hook_token FROM mangopay_account WHERE active")
    answer = buyer.get(
        f"/marketplace/mangopay/hook/{token}",
        EventType="PAYIN_NORMAL_SUCCEEDED",
        RessourceId=payin,
        Date="1790000000",
    )
    assert answer.status_code == 200
    market.wait(
        lambda: market.sql(
            "SELECT 1 FROM mangopay_event WHERE object_id = %s AND state = 'done'",
            payin,
        ),
        60,
        "it is treated",
    )
    assert market.order(buyer)["state"] == "draft"


def refund_all(market, buyer):
    """« Cancel and refund » the whole purchase, by the interface's own calls."""
    learners = market.call(
        "event.registration", "search", [("sale_order_id", "=", buyer.order_id)]
    )
    action = market.call("event.registration", "action_open_training_cancel", learners)
    wizard = [action["res_id"]]
    market.call("training.cancel", "write", wizard, {"reason": "Cancelled"})
    market.call("training.cancel", "action_cancel", wizard)


def refunds(market, payin):
    """Return the refunds that Mangopay has of a pay-in."""
    return market.mangopay.rows("refund", InitialTransactionId=payin)


@pytest.mark.parametrize("is_killed", [True, False])
def test_refund_once(market, is_killed):
    """A23, R13: killed, or cut, once Mangopay refunded: recorded later, never twice."""
    buyer, session_id = press_pay(market, f"refund{is_killed:d}")
    payin = buyer.go_to_mangopay()
    market.mangopay.act("pay", payin)
    wait_until_sold(market, buyer, session_id)
    held = market.mangopay.held()
    seconds = 60 if is_killed else 0
    market.mangopay.fault(
        kind="timeout_after", method="POST", path=".*/refunds", seconds=seconds
    )
    refund_all(market, buyer)
    market.wait(lambda: refunds(market, payin), 60, "Mangopay refunded")
    if is_killed:
        market.odoo.kill()
        market.mangopay.forget_faults()
        market.restart()
    market.pass_time(minutes=30)
    market.wait(
        lambda: market.sql(
            """SELECT 1 FROM payment_transaction tx
               JOIN payment_transaction paid ON paid.id = tx.source_transaction_id
               WHERE paid.reference = %s AND tx.state = 'done'
               AND tx.is_post_processed""",
            buyer.reference,
        ),
        120,
        "it is recorded",
    )
    assert [row["Status"] for row in refunds(market, payin)] == ["SUCCEEDED"]
    assert held - market.mangopay.held() == PRICE
    assert market.seats_taken(session_id) == 0
