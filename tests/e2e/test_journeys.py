# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""People buy and staff treat, in a real browser against the Stripe stand-in."""

import pytest
from e2e import journey

LEISURE = "Yoga du rire"
REFUSED_CARD = journey.CARD | {"number": "4000 0000 0000 0002"}
CHALLENGED_CARD = journey.CARD | {"number": "4000 0025 0000 3155"}
PERSON = {
    "individual_name": "Paul Martin",
    "email": "paul.martin@example.com",
    "phone": "06 12 34 56 78",
    "street": "2 rue Haute",
    "zip": "69001",
    "city": "Lyon",
}


def balances(demo, order):
    """Return the posted entries of an order, by the first digits of the account."""
    rows = demo.sql(
        """
        SELECT left(account.code_store->>move.company_id::text, 3), sum(line.balance)
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN account_account account ON account.id = line.account_id
         WHERE move.state = 'posted' AND (
               move.id IN (SELECT id FROM account_move WHERE invoice_origin = %s)
            OR move.id IN (
               SELECT payment.move_id FROM account_payment payment
                 JOIN sale_order_transaction_rel rel
                   ON rel.transaction_id = payment.payment_transaction_id
                 JOIN sale_order sale ON sale.id = rel.sale_order_id
                WHERE sale.name = %s)
            OR move.tax_cash_basis_origin_move_id IN (
               SELECT id FROM account_move WHERE invoice_origin = %s))
         GROUP BY 1 HAVING sum(line.balance) <> 0
        """,
        *[order] * 3,
    )
    return {code: float(balance) for code, balance in rows}


def invoice_of(demo, order):
    """Return (state, payment state, left to pay) of the invoice of an order."""
    ((state, payment_state, residual),) = demo.sql(
        """SELECT state, payment_state, amount_residual FROM account_move
           WHERE invoice_origin = %s AND move_type = 'out_invoice'""",
        order,
    )
    return state, payment_state, float(residual)


def test_company_buys_and_manager_validates(tour, demo):
    """A8, A11, A13, A16-A21: from the catalogue to the invoice, numbered and sent."""
    order = journey.walk(tour.browser, tour.url, tour.screenshots)["order"]
    assert invoice_of(demo, order) == ("posted", "paid", 0)
    states = demo.sql(
        """SELECT registration.state, prepaid_state FROM event_registration registration
           JOIN sale_order sale ON sale.id = registration.sale_order_id
           WHERE sale.name = %s""",
        order,
    )
    assert states == [("open", "validated")] * 2
    assert balances(demo, order) == {"511": 1200, "706": -1200}


def test_individual_buys_outside_professional_training(tour, demo):
    """A9, A11, A21: an individual pays tax included, numbered at once."""
    journey.open_programme(tour, LEISURE)
    tour.browser.click("#training_sessions a[href*='/buy']")
    journey.wait_for_scripts(tour)
    tour.browser.click("input[name=buyer_kind][value=individual]")
    for name, value in PERSON.items():
        tour.browser.fill(f"input[name={name}]", value)
    tour.browser.click("input[name=private_declaration]")
    tour.browser.click("input[name=buyer_is_learner]")
    tour.picture("individual")
    journey.continue_to_payment(tour)
    journey.pay(tour)
    order = journey.order_name(tour)
    demo.wait(
        lambda: demo.sql(
            "SELECT 1 FROM account_move WHERE invoice_origin = %s AND state = 'posted'",
            order,
        ),
        120,
        "the invoice is numbered at payment",
    )
    assert invoice_of(demo, order) == ("posted", "paid", 0)
    found = balances(demo, order)
    assert found["706"] * -0.2 == pytest.approx(-found["445"])
    assert found["511"] == pytest.approx(-found["706"] - found["445"])


def test_individual_is_not_offered_professional_training(tour):
    """A9: on a BPF session nobody can choose to buy as an individual."""
    journey.open_programme(tour, journey.PROGRAMME)
    tour.browser.click("#training_sessions a[href*='/buy']")
    journey.wait_for_scripts(tour)
    kinds = tour.browser.run(
        "[...document.querySelectorAll('[name=buyer_kind]')].map(i => i.value).join()"
    )
    assert kinds == "company"


def test_refused_card_then_another(tour, demo):
    """A13, A15: a refused card is told on the page; another one then pays."""
    journey.open_programme(tour, journey.PROGRAMME)
    tour.browser.click("#training_sessions a[href*='/buy']")
    journey.wait_for_scripts(tour)
    for name, value in journey.COMPANY.items():
        tour.browser.fill(f"[name={name}]", value)
    journey.fill_learners(tour, [("Jean Petit", "jean@durand.example.com")])
    journey.continue_to_payment(tour)
    for name, value in REFUSED_CARD.items():
        tour.browser.fill(f"input[name={name}]", value)
    journey.accept_terms(tour)
    tour.browser.click("[name=o_payment_submit_button]")
    tour.browser.wait(".modal, .alert-danger", 60)
    tour.picture("refused")
    tour.open("/shop/payment")
    journey.pay(tour)
    order = journey.order_name(tour)
    paid = demo.sql(
        """SELECT count(*) FROM payment_transaction tx
           JOIN sale_order_transaction_rel rel ON rel.transaction_id = tx.id
           JOIN sale_order sale ON sale.id = rel.sale_order_id
           WHERE sale.name = %s AND tx.state = 'done'""",
        order,
    )
    assert paid == [(1,)]
