# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P6: what it costs to assign the learners of a purchase to another session."""

import contextlib
import xmlrpc.client

import measure
from purchase import Ours

TIMES = 4
BAR = 0.3
#: How the purchase is and where it goes: words, numbered, price of the target.
CASES = (
    ("same price, draft", False, 600),
    ("same price, numbered", True, 600),
    ("cheaper, draft", False, 500),
    ("cheaper, numbered", True, 500),
    ("dearer: complement and hold", False, 700),
)
#: The line of the payment that settles an invoice.
PAYMENT_LINE = """
    SELECT partial.credit_move_id
      FROM account_partial_reconcile partial
      JOIN account_move_line line ON line.id = partial.debit_move_id
      JOIN account_account account ON account.id = line.account_id
     WHERE line.move_id = %s AND account.account_type = 'asset_receivable'
"""


def run(ours, table):
    """Measure the request that moves, warm: what the user waits for.

    Where documents are numbered a job makes them after it, which is measured too, for
    what it is, beside what stock takes while its user waits.
    """
    side = Ours(ours)
    side.start()
    for words, is_numbered, price in CASES:
        target = side.shop.new_session(10_000, session_price=price)
        spent, together = [], []
        for _time in range(TIMES + 1):
            wizard = _prepare(side, target, is_numbered)
            side.rest()
            before = measure.cpu_seconds(side.shop.odoo)
            answer = side.shop.call("training.move.wizard", "action_move", [wizard])
            spent.append(measure.cpu_seconds(side.shop.odoo) - before)
            _wait_for_job(side.shop)
            # It says that the documents come.
            if answer.get("tag") == "display_notification":
                together.append(measure.cpu_seconds(side.shop.odoo) - before)
        cpu = measure.median(spent[1:])
        table.add(
            f"P6 move, {words}: CPU ms",
            "-",
            f"{cpu * 1000:.0f}",
            cpu / BAR,
            f"<= {BAR * 1000:.0f}",
            cpu <= BAR,
        )
        if together:
            cpu = measure.median(together[1:])
            words = "   the same with the job that makes the documents"
            table.add(words, "-", f"{cpu * 1000:.0f}", cpu / BAR)
    _run_floor(side, table)
    side.shop.stop()


def _run_floor(side, table):
    """Measure what stock alone takes for the documents of a numbered purchase.

    Its own « Reverse and create invoice » takes the payment off, credits and makes the
    new invoice; numbering it and matching the payment again are clicks of their own.
    """
    spent = []
    for _time in range(TIMES + 1):
        order, _registration = buy_one(side, True)
        invoice = _invoice_of(side.shop, order)
        ((line,),) = side.shop.sql(PAYMENT_LINE, invoice)
        journal = side.shop.call("account.move", "read", [invoice], ["journal_id"])
        reversal = side.shop.call(
            "account.move.reversal",
            "create",
            {
                "move_ids": [(6, 0, [invoice])],
                "journal_id": journal[0]["journal_id"][0],
                "reason": "P6",
            },
        )
        side.rest()
        before = measure.cpu_seconds(side.shop.odoo)
        action = side.shop.call("account.move.reversal", "modify_moves", [reversal])
        side.shop.call("account.move", "action_post", [action["res_id"]])
        # It gives nothing back, which XML-RPC refuses to say once it is done.
        with contextlib.suppress(xmlrpc.client.Fault):
            side.shop.call(
                "account.move", "js_assign_outstanding_line", [action["res_id"]], line
            )
        spent.append(measure.cpu_seconds(side.shop.odoo) - before)
        _check_paid(side.shop, action["res_id"])
    cpu = measure.median(spent[1:])
    table.add(
        "   floor: stock's clicks for these documents: CPU ms",
        f"{cpu * 1000:.0f}",
        "-",
        cpu / BAR,
    )


def _wait_for_job(shop):
    """Wait until the last move is done, or waits for its complement.

    :raise RuntimeError: when it is neither
    """
    query = "SELECT state FROM training_move ORDER BY id DESC LIMIT 1"
    shop.wait(lambda: shop.sql(query) != [("accepted",)], 60, "the job", pause=0.02)
    ((after,),) = shop.sql(query)
    if after not in ("done", "waiting"):
        raise RuntimeError(f"the move is {after}")


def _check_paid(shop, invoice):
    """:raise RuntimeError: when the payment is not on the new invoice"""
    ((left, state),) = shop.sql(
        "SELECT amount_residual, state FROM account_move WHERE id = %s", invoice
    )
    if left or state != "posted":
        raise RuntimeError(f"the new invoice is {state}, {left} is left")


def _prepare(side, target, is_numbered):
    """Buy a seat, have its follow-up done, fill in the wizard; return its id."""
    shop = side.shop
    _order, registration = buy_one(side, is_numbered)
    action = shop.call("event.registration", "action_move_prepaid", [registration])
    shop.call(
        "training.move.wizard", "write", [action["res_id"]], {"session_id": target}
    )
    return action["res_id"]


def buy_one(side, is_numbered):
    """Buy a seat, have its follow-up done; return the ids of order and learner."""
    shop = side.shop
    if side.buy() != "done":
        raise RuntimeError("the purchase failed")
    shop.wait(lambda: not _open_follow_ups(shop), 120, "the follow-up")
    ((order, registration),) = shop.sql(
        """SELECT sale_order_id, id FROM event_registration
           WHERE prepaid_state = 'pending' ORDER BY id DESC LIMIT 1"""
    )
    if is_numbered:
        shop.call("account.move", "action_post", [_invoice_of(shop, order)])
    return order, registration


def _invoice_of(shop, order):
    ((invoice,),) = shop.sql(
        "SELECT id FROM account_move WHERE training_order_id = %s", order
    )
    return invoice


def _open_follow_ups(shop):
    return shop.sql("SELECT 1 FROM sale_order WHERE training_followup_state = 'todo'")
