# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The server is killed between a move to a cheaper session and its refund, or between
who assigned and the job that makes the documents; two are at work on one move."""

import concurrent.futures
import contextlib
import time
import xmlrpc.client

import pytest
from faults.harness.server import wait_for
from faults.harness.steps import PRICE, pay_and_leave, wait_until_finished
from faults.test_move_last_seat import open_wizard

DIFFERENCE = 10_000
#: What XML-RPC says of a UserError.
REFUSED = 2


def move(shop, buyer, target):
    """« Assign to another session » the only learner; return who it is."""
    [learner] = shop.call(
        "event.registration", "search", [("sale_order_id", "=", buyer.order_id)]
    )
    shop.call(
        "training.move.wizard", "action_move", [open_wizard(shop, learner, target)]
    )
    return learner


def refunds(shop, buyer):
    """Return (state, followed up, minor units) of the refunds of a purchase."""
    return shop.sql(
        """SELECT o.state, o.is_followed_up, o.amount_minor
           FROM training_payment_operation o
           JOIN sale_order s ON s.training_paid_tx_id = o.transaction_id
           WHERE s.id = %s""",
        buyer.order_id,
    )


def balances(shop, buyer):
    """Return by account what the documents of a purchase and its payments leave."""
    return dict(
        shop.sql(
            """SELECT left(account.code_store->>line.company_id::text, 3),
                      sum(line.balance)
               FROM account_move_line line
               JOIN account_account account ON account.id = line.account_id
               JOIN account_move move ON move.id = line.move_id
               LEFT JOIN account_payment payment ON payment.move_id = move.id
               LEFT JOIN payment_transaction tx
                 ON tx.id = payment.payment_transaction_id
               JOIN sale_order s ON s.id = move.training_order_id
                 OR s.training_paid_tx_id IN (tx.id, tx.source_transaction_id)
               WHERE s.id = %s AND move.state = 'posted'
               GROUP BY 1 HAVING sum(line.balance) <> 0""",
            buyer.order_id,
        )
    )


def finish(shop, buyer):
    """Let minutes pass; True when the refund has succeeded and its entries are made."""
    shop.pass_time(minutes=10)
    return refunds(shop, buyer) == [("succeeded", True, DIFFERENCE)]


@pytest.mark.parametrize("moment", ["timeout_before", "timeout_after"])
def test_killed_between_the_move_and_its_refund(shop, moment):
    """A22, R13: killed before or after Stripe refunds the difference: moved once,
    refunded once, the books balanced."""
    buyer, source = pay_and_leave(shop, f"moved{moment.replace('_', '')}")
    wait_until_finished(shop, buyer, source)
    target = shop.new_session(3, session_price=500.0)
    shop.stripe.fault(kind=moment, path="/v1/refunds", method="POST", seconds=60)
    learner = move(shop, buyer, target)
    is_refunded = moment == "timeout_after"
    shop.wait(
        lambda: (
            refunds(shop, buyer) == [("sending", None, DIFFERENCE)]
            and shop.stripe.charged(buyer.reference) == PRICE - DIFFERENCE * is_refunded
        ),
        60,
        "the refund is under way",
    )
    shop.odoo.kill()
    assert shop.seats_taken(target) == 1
    shop.stripe.forget_faults()
    shop.restart()
    # What collides with another job of the restart is taken again minutes later.
    wait_for(
        lambda: finish(shop, buyer), 120, "the difference is refunded, once", pause=10
    )
    assert shop.stripe.charged(buyer.reference) == PRICE - DIFFERENCE
    assert shop.sql(
        "SELECT event_id, state FROM event_registration WHERE id = %s", learner
    ) == [(target, "draft")]
    assert (shop.seats_taken(source), shop.seats_taken(target)) == (0, 1)
    assert (shop.counters(source), shop.counters(target)) == ([(0, 3)], [(1, 3)])
    left = shop.sql(
        "SELECT move_type, state, amount_residual FROM account_move"
        " WHERE training_order_id = %s AND state <> 'cancel' ORDER BY id",
        buyer.order_id,
    )
    assert left == [("out_invoice", "posted", 0), ("out_refund", "posted", 0)]
    assert balances(shop, buyer) == {"511": 500, "706": -500}


def state(shop, buyer):
    """Return the state of the only move of a purchase."""
    ((found,),) = shop.sql(
        "SELECT state FROM training_move WHERE order_id = %s", buyer.order_id
    )
    return found


def documents(shop, buyer):
    """Return the documents of a purchase, oldest first."""
    return shop.sql(
        "SELECT move_type, state, amount_residual FROM account_move"
        " WHERE training_order_id = %s AND state <> 'cancel' ORDER BY id",
        buyer.order_id,
    )


def number(shop, buyer):
    """Give the invoice of a purchase its number, as the accountant does."""
    ((invoice,),) = shop.sql(
        "SELECT id FROM account_move WHERE training_order_id = %s", buyer.order_id
    )
    shop.call("account.move", "action_post", [invoice])


def accept(shop, name):
    """Have a numbered purchase accepted elsewhere; its job waits for a table.

    :return: buyer, source and target
    """
    buyer, source = pay_and_leave(shop, name)
    wait_until_finished(shop, buyer, source)
    number(shop, buyer)
    return buyer, source, shop.new_session(3)


def wait_for_job(shop, buyer, source, target):
    """The job is at work, nothing of it is committed; the seats are held."""
    shop.wait(lambda: shop.waiters("account_move"), 60, "the job makes documents")
    assert state(shop, buyer) == "accepted"
    assert (shop.counters(source), shop.counters(target)) == ([(1, 3)], [(1, 3)])
    assert documents(shop, buyer) == [("out_invoice", "posted", 0)]


def assert_moved_once(shop, buyer, source, target):
    """Credit note and new invoice, once, the payment on the latter."""
    shop.wait(lambda: state(shop, buyer) == "done", 120, "the learner moved")
    assert documents(shop, buyer) == [
        ("out_invoice", "posted", 0),
        ("out_refund", "posted", 0),
        ("out_invoice", "posted", 0),
    ]
    assert (shop.seats_taken(source), shop.seats_taken(target)) == (0, 1)
    assert (shop.counters(source), shop.counters(target)) == ([(0, 3)], [(1, 3)])
    assert balances(shop, buyer) == {"511": 600, "706": -600}


def test_killed_before_the_documents(shop):
    """A22, P6: who assigned was told so; the server dies before the job commits: the
    next start does it, once."""
    buyer, source, target = accept(shop, "accepted")
    with shop.locked("account_move"):
        move(shop, buyer, target)
        wait_for_job(shop, buyer, source, target)
        shop.odoo.kill()
    assert state(shop, buyer) == "accepted"
    shop.restart()
    assert_moved_once(shop, buyer, source, target)


def test_two_at_work(shop):
    """A22, P6: another job leaves what one is at work on; who tries again, or gives
    up, waits for it and finds it done."""
    buyer, source, target = accept(shop, "twojobs")
    ask = xmlrpc.client.ServerProxy(f"{shop.url}/xmlrpc/2/object", allow_none=True)
    words = (shop.database, 2, "admin", "training.move")
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        with shop.locked("account_move"):
            move(shop, buyer, target)
            wait_for_job(shop, buyer, source, target)
            shop.script("env['training.move']._cron_training_moves()")
            assert state(shop, buyer) == "accepted"
            ((row,),) = shop.sql(
                "SELECT id FROM training_move WHERE order_id = %s", buyer.order_id
            )
            giving_up = threads.submit(
                ask.execute_kw, *words, "action_abandon", [[row]]
            )
            time.sleep(1)
            assert not giving_up.done()
        with pytest.raises(xmlrpc.client.Fault) as refusal:
            giving_up.result(60)
    assert refusal.value.faultCode == REFUSED, refusal.value.faultString
    # It gives nothing back, which XML-RPC refuses to say once it is done.
    with contextlib.suppress(xmlrpc.client.Fault):
        shop.call("training.move", "action_retry", [row])
    assert_moved_once(shop, buyer, source, target)
