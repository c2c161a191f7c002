# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The server is killed once Stripe has refunded and before that is written here."""

from faults.harness.steps import pay_and_leave, wait_until_finished

REASON = "The session does not take place"


def cancel(shop, buyer):
    """« Cancel and refund » the whole purchase, by the interface's own calls."""
    learners = shop.call(
        "event.registration", "search", [("sale_order_id", "=", buyer.order_id)]
    )
    action = shop.call("event.registration", "action_open_training_cancel", learners)
    wizard = [action["res_id"]]
    shop.call("training.cancel", "write", wizard, {"reason": REASON})
    shop.call("training.cancel", "action_cancel", wizard)


def refund(shop, buyer):
    """Return (state, followed up) of the refunds of a purchase."""
    return shop.sql(
        """SELECT o.state, o.is_followed_up FROM training_payment_operation o
           JOIN sale_order s ON s.training_paid_tx_id = o.transaction_id
           WHERE s.id = %s""",
        buyer.order_id,
    )


def test_killed_between_the_refund_and_its_record(shop):
    """A23, R13: refunded once, found by asking, matched; nothing is left to pay."""
    buyer, session_id = pay_and_leave(shop, "refundkilled")
    wait_until_finished(shop, buyer, session_id)
    shop.stripe.fault(kind="timeout_after", path="/v1/refunds", seconds=60)
    cancel(shop, buyer)
    shop.wait(lambda: not shop.stripe.charged(buyer.reference), 60, "Stripe refunded")
    shop.odoo.kill()
    assert refund(shop, buyer) == [("sending", None)]
    shop.stripe.forget_faults()
    shop.restart()
    shop.pass_time(minutes=30)
    shop.wait(
        lambda: refund(shop, buyer) == [("succeeded", True)], 120, "it is recorded"
    )
    assert shop.stripe.charged(buyer.reference) == 0
    left = shop.sql(
        "SELECT move_type, amount_residual FROM account_move"
        " WHERE training_order_id = %s ORDER BY id",
        buyer.order_id,
    )
    assert left == [("out_invoice", 0), ("out_refund", 0)]
    assert shop.seats_taken(session_id) == 0
