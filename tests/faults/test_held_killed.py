# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A purchase waits for its buyer's verification, and the server dies at the verdict.

Mangopay has validated the buyer; the server is killed at each line until the purchase
is released and what follows it is done: released once, one mail, one invoice.
"""

import re

import pytest
from faults.conftest import MODES
from faults.harness.mangopay import MarketBuyer, Seller
from faults.harness.months import prove
from faults.harness.pause import Line, kill_at
from faults.harness.shop import MARKET, open_shop
from faults.harness.steps import in_the_end

CALLS = f"{MARKET}\nverify_buyers_above(env, 1)"


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A marketplace whose purchases wait above one euro; its books are proved."""
    folder = tmp_path_factory.mktemp("verdict")
    with open_shop(folder, "verdict", CALLS, market=True) as shop:
        shop.start(**MODES["threaded"])
        yield shop
        assert prove(shop) == "[]"


def buy(market, name):
    """Return a buyer whose payment is held, and the id of its sale."""
    ((sold_id,),) = market.sql(
        "SELECT id FROM product_template WHERE marketplace_seller_id IS NOT NULL"
    )
    buyer = MarketBuyer(market.url, name)
    buyer.press_pay(market.new_session(3, programme_id=sold_id))
    market.mangopay.act("pay", buyer.go_to_mangopay())
    buyer.return_to_site()
    held = "SELECT id FROM marketplace_sale WHERE order_id = %s AND state = 'held'"
    ((sale_id,),) = in_the_end(
        market, lambda: market.sql(held, buyer.order_id), "it is held"
    )
    return buyer, sale_id


def give_identity(market, buyer, sale_id):
    """Give what Mangopay asks for; return the id there of the buyer, who waits."""
    Seller.post(buyer, "/my/identity/identity", read="/my/identity", **Seller.IDENTITY)
    known = """SELECT one.mangopay_id FROM mangopay_user one JOIN marketplace_sale sale
                   ON sale.buyer_id = one.partner_id
                WHERE one.category = 'OWNER' AND sale.id = %s
                  AND one.mangopay_id IS NOT NULL"""
    ((user,),) = in_the_end(
        market, lambda: market.sql(known, sale_id), "Mangopay knows them"
    )
    market.mangopay.act("authenticate", user)
    enrolled = "SELECT 1 FROM mangopay_user WHERE mangopay_id = %s AND state = 'active'"
    in_the_end(market, lambda: market.sql(enrolled, user), "enrolled")
    return user


def what_followed(market, sale_id):
    """Return the state of a sale, its invoices, its learners and its entries."""
    ((state, invoices, learners),) = market.sql(
        """SELECT sale.state, (SELECT count(*) FROM marketplace_invoice invoice
                                WHERE invoice.sale_id = sale.id),
                  (SELECT count(*) FROM event_registration learner
                    WHERE learner.sale_order_id = sale.order_id AND learner.active
                      AND learner.state != 'cancel')
             FROM marketplace_sale sale WHERE sale.id = %s""",
        sale_id,
    )
    booked = market.sql(
        """SELECT kind FROM marketplace_entry
            WHERE sale_id = %s AND state = 'booked' AND kind != 'transfer'
            ORDER BY kind""",
        sale_id,
    )
    return state, invoices, learners, [kind for (kind,) in booked]


def subjects(market, buyer):
    """Return what each mail to a buyer is about: the wait, the order, the invoice."""
    found = [
        re.search(r"-openerp-\d+-([a-z.]+)@", text).group(1)
        for text in market.letters(buyer)
    ]
    return sorted(found)


def test_verdict(market):
    """B10, D8: killed where the verdict is read and where it is followed.

    The event is in the inbox, the verdict not written (`_apply_mangopay_user`); it is
    written, the purchase not released (`_release`); released, its confirmation not
    sent, then its invoice not made (`_run_follow_up_steps`).
    """
    buyer, sale_id = buy(market, "verdict")
    user = give_identity(market, buyer, sale_id)
    in_the_end(market, lambda: market.letters(buyer), "told that it is held")
    sale, order = f"NEW.id = {sale_id}", f"NEW.id = {buyer.order_id}"
    kill_at(
        market,
        Line(
            *("UPDATE", "mangopay_user"),
            f"NEW.mangopay_id = '{user}' AND NEW.kyc_level = 'REGULAR'",
            lambda: market.mangopay.act("verify-user", user),
        ),
        Line("UPDATE", "marketplace_sale", f"{sale} AND NEW.state = 'confirmed'"),
        Line(
            "UPDATE",
            "sale_order",
            f"{order} AND NEW.training_buyer_mail_date > '2000-1-1'",
        ),
        Line("INSERT", "marketplace_invoice", f"NEW.sale_id = {sale_id}"),
    )
    whole = ("confirmed", 1, 1, ["hold", "release"])
    in_the_end(
        market, lambda: what_followed(market, sale_id) == whole, "all has followed"
    )
    in_the_end(market, lambda: len(subjects(market, buyer)) >= 3, "told")
    market.pass_time(minutes=60)
    assert market.order(buyer)["follow_up"] == "done"
    assert subjects(market, buyer) == [
        "marketplace.invoice",
        "marketplace.sale",
        "sale.order",
    ]
