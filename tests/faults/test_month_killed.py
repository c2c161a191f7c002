# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The 1st and the 15th of the month, and the server dies: on real servers.

Each kill is at a line: whoever is about to write a certain row is stopped, killed, and
what it had not committed is lost. Afterwards each sale is in one settlement, each
invoice numbered once and without a gap, each payout made once, and the books proved.
"""

import pytest
from faults.conftest import MODES
from faults.harness.months import is_settled, open_months, prove, read_sellers
from faults.harness.pause import Line, kill_at
from faults.harness.steps import in_the_end, start_job

#: Price and commission of each sale, minor units.
PRICE, COMMISSION = 10_000, 1_200


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Sellers with a month to settle, the first with two; in the end the books are
    proved."""
    folder = tmp_path_factory.mktemp("month")
    with open_months(folder, "month", [1, 4]) as shop:
        shop.sql("UPDATE marketplace_seller SET payout_hold = true")
        shop.mangopay.settings(payout_delay=None)
        shop.start(**MODES["threaded"])
        yield shop
        assert prove(shop) == "[]"


@pytest.fixture
def market(opened):
    """The same, healthy."""
    yield opened
    opened.repair()


@pytest.fixture
def settled(market):
    """The same, its commissions invoiced."""
    start_job(market, "settle_marketplace")
    in_the_end(market, lambda: is_settled(market), "all is settled")
    return market


def test_settlement(market):
    """B17, D12: killed at three lines of the settlement job.

    `_take_sales`, the settlement made and its sales not set; `_invoice`, the month
    before numbered and this one gathered only; `_invoice` again, an invoice posted and
    its settlement not saying so.
    """
    first, second, *_others = read_sellers(market)
    kill_at(
        market,
        Line(
            *("UPDATE", "marketplace_sale"),
            f"NEW.settlement_id > 0 AND NEW.seller_id = {first}",
            lambda: start_job(market, "settle_marketplace"),
        ),
        Line("INSERT", "account_move", f"NEW.partner_id = {second}"),
        Line(
            *("UPDATE", "marketplace_settlement"),
            f"NEW.move_id > 0 AND NEW.seller_id = {second}",
        ),
    )
    in_the_end(market, lambda: is_settled(market), "all is settled")
    rows = market.sql(
        """SELECT one.seller_id, one.month, one.sales_count, move.state, move.name,
                  (SELECT count(*) FROM marketplace_sale sale
                    WHERE sale.settlement_id = one.id)
             FROM marketplace_settlement one JOIN account_move move
               ON move.id = one.move_id ORDER BY move.sequence_number"""
    )
    assert len(rows) == 5
    assert len({row[:2] for row in rows}) == 5
    assert {(row[2], row[3], row[5]) for row in rows} == {(1, "posted", 1)}
    numbers = [int(row[4].rpartition("/")[2]) for row in rows]
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    ((moves,),) = market.sql(
        "SELECT count(*) FROM account_move WHERE marketplace_settlement_id IS NOT NULL"
    )
    assert moves == 5


def test_invoice_mailed(settled):
    """B17: numbered and not mailed; killed in `_send` with the file made and no mail,
    then with the mail queued and « sent » not written: one file, one mail."""
    market = settled
    seller = read_sellers(market)[-1]
    market.sql(
        "UPDATE marketplace_settlement SET send_state = 'none' WHERE seller_id != %s",
        seller,
    )
    ((settlement, move),) = market.sql(
        "SELECT id, move_id FROM marketplace_settlement WHERE seller_id = %s", seller
    )
    kill_at(
        market,
        Line(
            *("INSERT", "mail_message"),
            f"NEW.model = 'account.move' AND NEW.res_id = {move}",
            lambda: start_job(market, "send_settlements"),
        ),
        Line("UPDATE", "marketplace_settlement", "NEW.send_state = 'done'"),
    )
    sent = "SELECT 1 FROM marketplace_settlement WHERE id = %s AND send_state = 'done'"
    in_the_end(market, lambda: market.sql(sent, settlement), "it is sent")
    address = f"organisation{len(read_sellers(market)) - 1}@sellers.example.com"
    in_the_end(market, lambda: market.mailbox.to(address), "the mail is there")
    files = market.sql(
        """SELECT count(*) FROM ir_attachment WHERE res_model = 'account.move'
           AND res_id = %s AND res_field = 'invoice_pdf_report_file'""",
        move,
    )
    assert files == [(1,)]
    market.pass_time(minutes=60)
    ((number,),) = market.sql("SELECT name FROM account_move WHERE id = %s", move)
    letters = [text for text in market.mailbox.to(address) if number in text]
    assert len(letters) == 1


# Paying


def let_go(market, seller):
    """Have a seller paid: what stopped its payouts is gone."""
    market.sql(
        "UPDATE marketplace_seller SET payout_hold = false WHERE partner_id = %s",
        seller,
    )
    market.sql(
        """UPDATE marketplace_payout_line SET date_next = now() at time zone 'utc'
           WHERE seller_id = %s AND state = 'blocked'""",
        seller,
    )
    start_job(market, "pay_sellers")


def read_payouts(market, seller):
    """Return (state, id at Mangopay) of the payouts of a seller."""
    return market.sql(
        "SELECT state, reference FROM marketplace_payout WHERE seller_id = %s", seller
    )


def made_payouts(market, seller):
    """Return the payouts that Mangopay made for a seller."""
    ((user,),) = market.sql(
        "SELECT mangopay_id FROM mangopay_user WHERE category = 'OWNER'"
        " AND partner_id = %s",
        seller,
    )
    return market.mangopay.rows("payout", AuthorId=user)


def entries(market, seller):
    """Return the kinds of booked entries of a seller's payouts, with how many."""
    return dict(
        market.sql(
            """SELECT entry.kind, count(DISTINCT entry.move_id)
                 FROM marketplace_entry entry
                 JOIN marketplace_payout payout ON payout.id = entry.payout_id
                WHERE payout.seller_id = %s AND entry.state = 'booked' GROUP BY 1""",
            seller,
        )
    )


def left_to_pay(market, seller):
    """Return what is open of a seller's commission invoices."""
    ((amount,),) = market.sql(
        """SELECT sum(amount_residual) FROM account_move
           WHERE marketplace_settlement_id IS NOT NULL AND partner_id = %s""",
        seller,
    )
    return amount


def settle_payout(market, seller):
    """Be the bank that takes the only payout of a seller."""
    [payout] = made_payouts(market, seller)
    market.mangopay.act("settle-payout", payout["Id"])


PAID = {"payout": 1, "payout_fees": 1}


def paid(market, seller):
    """Have a seller paid out, without any accident."""
    let_go(market, seller)
    in_the_end(
        market, lambda: [row for row in read_payouts(market, seller) if row[1]], "asked"
    )
    settle_payout(market, seller)
    in_the_end(market, lambda: entries(market, seller) == PAID, "paid and booked")


def test_payout(settled):
    """B18, D7: one payout, killed at each of its lines.

    Counted and not recorded (`_ask`); recorded and not sent (`_claim`); sent and its
    answer not recorded (`_apply_answer`); recorded and not followed (`_set_done`);
    followed, its first entry booked and the netting not (`_cron_book`).
    """
    market, seller = settled, read_sellers(settled)[0]
    operation = "mangopay_operation", "NEW.kind = 'payout'"
    kill_at(
        market,
        Line("INSERT", *operation, lambda: let_go(market, seller)),
        Line("UPDATE", operation[0], f"{operation[1]} AND NEW.state = 'sending'"),
        Line("UPDATE", operation[0], f"{operation[1]} AND NEW.provider_reference > ''"),
        Line(
            *("UPDATE", "marketplace_payout", "NEW.state = 'done'"),
            lambda: settle_payout(market, seller),
        ),
        Line("INSERT", "account_move", "NEW.marketplace_key ~ ':payout_fees$'"),
    )
    in_the_end(market, lambda: entries(market, seller) == PAID, "all is booked")
    [payout] = made_payouts(market, seller)
    assert read_payouts(market, seller) == [("done", payout["Id"])]
    assert payout["DebitedFunds"]["Amount"] == 2 * PRICE
    assert payout["Fees"]["Amount"] == 2 * COMMISSION
    assert not left_to_pay(market, seller)


def test_returned(settled):
    """B19: the bank sends a payout back; killed in `_record_return`, the entry written
    and the payout not saying so, then in `_unmatch_fee`, half of it undone: the
    reversal is whole, once, and nothing is paid again to that account."""
    market, seller = settled, read_sellers(settled)[1]
    paid(market, seller)
    [payout] = made_payouts(market, seller)
    reason = "BANKACCOUNT_HAS_BEEN_CLOSED"
    kill_at(
        market,
        Line(
            *("UPDATE", "marketplace_payout", "NEW.state = 'returned'"),
            lambda: market.mangopay.act("return-payout", payout["Id"], reason=reason),
        ),
        Line("DELETE", "account_partial_reconcile"),
    )
    whole = {**PAID, "payout_return": 1}
    in_the_end(market, lambda: entries(market, seller) == whole, "reversed")
    assert read_payouts(market, seller) == [("returned", payout["Id"])]
    assert left_to_pay(market, seller) * 100 == COMMISSION
    assert len(made_payouts(market, seller)) == 1


# A refund after the payout


def refund(market, seller):
    """« Cancel and refund » the only purchase of a seller's course."""
    learners = market.call(
        "event.registration",
        "search",
        [("event_id.programme_id.marketplace_seller_id", "=", seller)],
    )
    action = market.call("event.registration", "action_open_training_cancel", learners)
    wizard = [action["res_id"]]
    market.call("training.cancel", "write", wizard, {"reason": "Cancelled"})
    market.call("training.cancel", "action_cancel", wizard)


def receive_wire(market):
    """Be the bank: what the operator sends arrives in the seller's wallet."""
    announced = "SELECT 1 FROM marketplace_topup WHERE state = 'waiting'"
    in_the_end(market, lambda: market.sql(announced), "the transfer is announced")
    [wire] = market.mangopay.rows("payin", PaymentType="BANK_WIRE")
    market.mangopay.act("receive-wire", wire["Id"])


def read_topups(market):
    """Return (state, what its sale gave back, in how many times, its entries)."""
    return market.sql(
        """SELECT topup.state, sale.amount_refunded,
                  (SELECT count(*) FROM marketplace_refund refund
                    WHERE refund.sale_id = sale.id),
                  (SELECT count(*) FROM marketplace_entry entry
                    WHERE entry.topup_id = topup.id AND entry.state = 'booked')
             FROM marketplace_topup topup
             JOIN marketplace_sale sale ON sale.id = topup.sale_id"""
    )


def test_topup(settled):
    """B19: a refund after the payout, killed at each line of the operator's transfer.

    Mangopay said that the wallet is empty, and nothing is opened yet (`_open`); the
    transfer announced, and its answer not recorded; arrived, and not written down
    (`_receive`); given back to the buyer, and its answer not recorded. One transfer,
    one refund, and the seller owes it once.
    """
    market, seller = settled, read_sellers(settled)[2]
    paid(market, seller)
    answered = "NEW.provider_reference > '' AND NEW.kind"
    kill_at(
        market,
        Line("INSERT", "marketplace_topup", act=lambda: refund(market, seller)),
        Line("UPDATE", "mangopay_operation", f"{answered} = 'bankwire'"),
        Line(
            *("INSERT", "marketplace_entry", "NEW.kind = 'topup'"),
            lambda: receive_wire(market),
        ),
        Line("UPDATE", "mangopay_operation", f"{answered} = 'payin_refund'"),
    )
    expected = [("done", PRICE / 100, 1, 1)]
    in_the_end(market, lambda: read_topups(market) == expected, "given back, booked")
    assert len(market.mangopay.rows("payin", PaymentType="BANK_WIRE")) == 1
    refunds = market.mangopay.rows("refund", Status="SUCCEEDED")
    kinds = sorted(one["InitialTransactionType"] for one in refunds)
    assert [kind for kind in kinds if kind != "PAYOUT"] == ["PAYIN", "TRANSFER"]
    debts = """SELECT sum(line.amount_residual) FROM account_move_line line
                 JOIN res_company company
                   ON company.marketplace_debit_account_id = line.account_id
                WHERE line.partner_id = %s"""
    assert market.sql(debts, seller) == [(PRICE / 100,)]
