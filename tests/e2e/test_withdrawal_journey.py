# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A private person buys, then withdraws without an account, in a real browser."""

from e2e import journey
from e2e.test_journeys import LEISURE, PERSON


def buy_as_person(tour):
    """Buy the first session outside professional training; return the order's name."""
    journey.open_programme(tour, LEISURE)
    tour.browser.click("#training_sessions a[href*='/buy']")
    journey.wait_for_scripts(tour)
    tour.browser.click("input[name=buyer_kind][value=individual]")
    for name, value in PERSON.items():
        tour.browser.fill(f"input[name={name}]", value)
    tour.browser.click("input[name=private_declaration]")
    tour.browser.click("input[name=buyer_is_learner]")
    journey.continue_to_payment(tour)
    journey.pay(tour)
    return journey.order_name(tour)


def withdrawal_of(demo, order):
    """Return (state, amount, IP) of the withdrawal from an order, by rows."""
    return demo.sql(
        """SELECT withdrawal.state, withdrawal.amount, withdrawal.ip_address
             FROM training_withdrawal withdrawal
             JOIN sale_order sale ON sale.id = withdrawal.order_id
            WHERE sale.name = %s""",
        order,
    )


def turnover_of(demo, order):
    """Return what the documents of an order leave on the accounts of sales."""
    ((balance,),) = demo.sql(
        """SELECT sum(line.balance)
             FROM account_move_line line
             JOIN account_move move ON move.id = line.move_id
             JOIN account_account account ON account.id = line.account_id
             JOIN sale_order sale ON sale.id = move.training_order_id
            WHERE move.state = 'posted' AND account.account_type = 'income'
              AND sale.name = %s""",
        order,
    )
    return balance


def documents_of(demo, order):
    """Return (kind, state, left to pay) of the documents of an order."""
    return demo.sql(
        """SELECT move.move_type, move.state, move.amount_residual
             FROM account_move move
             JOIN sale_order sale ON sale.id = move.training_order_id
            WHERE sale.name = %s ORDER BY move.move_type""",
        order,
    )


def test_person_withdraws_and_is_refunded(tour, demo):
    """A28: link, declaration, confirmation, acknowledgement; the money goes back."""
    order = buy_as_person(tour)
    tour.browser.click("[name=training_withdrawal_link]")
    tour.browser.wait("[name=withdrawal_confirm]", 60)
    assert not withdrawal_of(demo, order)
    tour.picture("withdrawal-declaration")
    tour.browser.click("[name=withdrawal_confirm]")
    tour.browser.wait("[name=withdrawal_acknowledged]", 60)
    tour.picture("withdrawal-acknowledged")
    ((_state, amount, address),) = withdrawal_of(demo, order)
    assert address
    ((paid,),) = demo.sql("SELECT amount_total FROM sale_order WHERE name = %s", order)
    assert amount == paid
    states = demo.sql(
        """SELECT registration.state, prepaid_state FROM event_registration registration
           JOIN sale_order sale ON sale.id = registration.sale_order_id
           WHERE sale.name = %s""",
        order,
    )
    assert states == [("cancel", "cancelled")]
    demo.wait(
        lambda: withdrawal_of(demo, order)[0][0] == "refunded",
        180,
        "the credit note is numbered and the refund has succeeded",
    )
    refunds = demo.sql(
        """SELECT operation.state, operation.amount_minor
             FROM training_payment_operation operation
             JOIN account_move move ON move.id = operation.res_id
             JOIN sale_order sale ON sale.id = move.training_order_id
            WHERE operation.res_model = 'account.move' AND sale.name = %s""",
        order,
    )
    assert refunds == [("succeeded", round(paid * 100))]
    assert turnover_of(demo, order) == 0
    assert documents_of(demo, order) == [
        ("out_invoice", "posted", 0),
        ("out_refund", "posted", 0),
    ]


def test_the_link_shown_again_is_the_acknowledgement(tour, demo):
    """A28: a second tab, confirmed later, finds what the first one declared."""
    order = buy_as_person(tour)
    url = tour.browser.run(
        "document.querySelector('[name=training_withdrawal_link]').href"
    )
    path = url.split(str(demo.port), 1)[1]
    for _tab in range(2):
        tour.open(path)
        tour.browser.wait("[name=withdrawal_confirm], [name=withdrawal_acknowledged]")
        if tour.browser.run("!!document.querySelector('[name=withdrawal_confirm]')"):
            journey.wait_for_scripts(tour)
            tour.browser.click("[name=withdrawal_confirm]")
            tour.browser.wait("[name=withdrawal_acknowledged]", 60)
    assert len(withdrawal_of(demo, order)) == 1
