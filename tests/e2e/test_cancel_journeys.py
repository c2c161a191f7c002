# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Staff cancel paid enrolments and give the money back, in a real browser.

Each journey prints the posted entries by account that it leaves.
"""

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest
from e2e import journey
from e2e.test_move_journeys import Desk

SESSION = f"{journey.ACTION}event_event_action_sessions"
OPERATIONS = "/odoo/training-payment-operations"
REASON = "Empêchement du stagiaire"
OTHER_COMPANY = {
    **journey.COMPANY,
    "company_name": "Ateliers Lefort SAS",
    "siret": "552 100 554 00013",
    "contact_name": "Paul Lefort",
    "email": "paul@lefort.example.com",
}
OTHER_LEARNERS = (("Luc Morel", "luc@lefort.example.com"),)


@pytest.fixture
def desk(tour, demo):
    """Staff signed in, and a purchase of two learners."""
    yield CancelDesk(tour, demo)
    demo.stripe.forget_faults()


class CancelDesk(Desk):
    """A purchase of two learners, and the person who cancels it."""

    def open_wizard(self):
        """Press « Cancel and refund » on the opportunity."""
        self.tour.open(f"/odoo/crm/{self.lead}")
        self.browser.click("button[name=action_open_training_cancel]")
        self.browser.wait(".modal [name=reason] input", 60)

    def cancel(self, picture):
        """Say why, press the button and wait for the end."""
        self.browser.fill(".modal [name=reason] input", REASON)
        self.browser.press("Tab")
        self.tour.picture(picture)
        self.browser.click(".modal button[name=action_cancel]")
        self.browser.wait_gone(".modal", 60)

    def keep(self, amount, left):
        """Keep an indemnity; wait until the summary says what is left to give back."""
        self.browser.click(".modal [name=indemnity_kind] input")
        self.browser.click("text=Conserver un montant")
        self.browser.fill(".modal [name=indemnity_value] input", amount)
        self.browser.press("Tab")
        self.browser.wait_for(
            "document.querySelector('.modal [name=summary]')"
            f".innerText.includes('{left},00')",
            30,
        )

    def learners(self):
        """Return [(state, prepaid state)] of the learners."""
        return self.demo.sql(
            """SELECT reg.state, reg.prepaid_state FROM event_registration reg
               JOIN sale_order sale ON sale.id = reg.sale_order_id
               WHERE sale.name = %s ORDER BY reg.id""",
            self.order,
        )

    def status(self):
        """Return the status of the opportunity and of the request."""
        return self.demo.sql(
            """SELECT lead.prepaid_status, request.state FROM crm_lead lead
               JOIN sale_order sale ON sale.id = lead.prepaid_order_id
               JOIN training_request request ON request.order_id = sale.id
               WHERE sale.name = %s""",
            self.order,
        )

    def session(self):
        """Return the id of the session that was bought."""
        ((session,),) = self.demo.sql(
            "SELECT training_session_id FROM sale_order WHERE name = %s", self.order
        )
        return session

    def credit_notes(self):
        """Return (id, number, owed) of the credit notes."""
        return self.demo.sql(
            """SELECT move.id, move.name, amount_residual FROM account_move move
               JOIN sale_order sale ON sale.id = move.training_order_id
               WHERE sale.name = %s AND move_type = 'out_refund' ORDER BY move.id""",
            self.order,
        )

    def refunds(self):
        """Return (id, state, minor units) of what was asked of Stripe."""
        return self.demo.sql(
            """SELECT operation.id, operation.state, operation.amount_minor
               FROM training_payment_operation operation
               JOIN sale_order sale
                 ON sale.training_paid_tx_id = operation.transaction_id
               WHERE sale.name = %s ORDER BY operation.ordinal, operation.id""",
            self.order,
        )

    def charged(self):
        """Return what the stand-in took and did not give back, in minor units."""
        ((reference,),) = self.demo.sql(
            """SELECT tx.reference FROM payment_transaction tx
               JOIN sale_order sale ON sale.training_paid_tx_id = tx.id
               WHERE sale.name = %s""",
            self.order,
        )
        return self.demo.stripe.charged(reference)

    def picture_of_finances(self, name):
        """Keep a picture of the session's finances, with what is folded there."""
        self.tour.open(f"{SESSION}/{self.session()}")
        tab = ".nav-link[name=training_finances]"
        self.browser.click(tab)
        self.browser.run(
            "document.querySelectorAll('details').forEach(one => one.open = true)"
        )
        self.tour.has_text("RFAC/")
        self.browser.run(f"document.querySelector('{tab}').scrollIntoView()")
        self.tour.picture(name)


def test_whole_purchase(desk):
    """A23: « Cancel and refund » of a whole purchase: status, seats, credit note,
    refund and books, all at once; nothing is left."""
    seats = desk.demo.seats_taken(desk.session())
    desk.open_wizard()
    desk.cancel("cancel-whole")
    assert desk.learners() == [("cancel", "cancelled")] * 2
    assert desk.demo.seats_taken(desk.session()) == seats - 2
    assert desk.status() == [("cancelled", "cancelled")]
    [(_id, number, _owed)] = desk.credit_notes()
    assert number.startswith("RFAC/")
    desk.wait_for_refund()
    assert [words for _id, *words in desk.refunds()] == [["succeeded", 120_000]]
    assert desk.charged() == 0
    assert desk.documents() == [
        ("out_invoice", "posted", 1200, 0),
        ("out_refund", "posted", 1200, 0),
    ]
    assert journey.entries(desk.demo, "Whole purchase", desk.order) == {}
    desk.picture_of_finances("cancel-finances")


def test_one_of_two_with_an_indemnity(desk):
    """A23: one of two learners, 100 kept of 600: credited whole, the indemnity
    invoiced apart, the rest given back; the other learner keeps the seat."""
    desk.open_wizard()
    desk.browser.click(".modal .o_data_row [name=is_cancelled] input")
    desk.browser.wait_for(
        "document.querySelector('.modal [name=amount] input').value.startsWith('600')"
    )
    desk.keep(100, left=500)
    desk.cancel("cancel-indemnity")
    assert sorted(desk.learners()) == [("cancel", "cancelled"), ("draft", "pending")]
    assert desk.status()[0][0] == "prepaid"
    desk.wait_for_refund()
    assert [words for _id, *words in desk.refunds()] == [["succeeded", 50_000]]
    assert desk.charged() == 70_000
    assert desk.documents() == [
        ("out_invoice", "posted", 1200, 0),
        ("out_refund", "posted", 600, 0),
        ("out_invoice", "posted", 100, 0),
    ]
    left = journey.entries(desk.demo, "One of two, 100 kept", desk.order)
    assert left == {"511": 700, "706": -600, "758": -100}
    desk.picture_of_finances("cancel-indemnity-finances")


def test_stripe_refuses_then_pays(desk):
    """A23, R13: Stripe refuses the refund: the credit note stays owed and the
    accountant is told; asked again by a person, it is paid, once."""
    desk.demo.stripe.fault(kind="refund_failed", path="/v1/refunds")
    desk.open_wizard()
    desk.cancel("cancel-refused")
    desk.demo.wait(
        lambda: [words for _id, *words in desk.refunds()] == [["failed", 120_000]],
        120,
        "Stripe refused the refund",
    )
    [(credit_note, _number, owed)] = desk.credit_notes()
    assert owed == 1200
    assert desk.charged() == 120_000
    left = journey.entries(desk.demo, "Refused", desk.order)
    assert left == {"411": -1200, "511": 1200}
    asked = """SELECT count(*) FROM mail_activity
               WHERE res_model = 'account.move' AND res_id = %s AND active"""
    assert desk.demo.sql(asked, credit_note) == [(1,)]
    desk.tour.open(f"{OPERATIONS}/{desk.refunds()[0][0]}")
    desk.browser.wait("button[name=action_retry]", 60)
    desk.tour.picture("cancel-refused-operation")
    desk.browser.click("button[name=action_retry]")
    desk.browser.click(".modal .btn-primary")
    desk.wait_for_refund()
    states = [words for _id, *words in desk.refunds()]
    assert states == [["failed", 120_000], ["succeeded", 120_000]]
    assert desk.charged() == 0
    assert journey.entries(desk.demo, "Refused, then paid", desk.order) == {}
    assert desk.demo.sql(asked, credit_note) == [(0,)]


def new_session_first(demo):
    """Put a session on sale before all others of the programme; return its id."""
    ((programme,),) = demo.sql(
        "SELECT id FROM product_template WHERE name->>'fr_FR' ILIKE %s",
        f"%{journey.PROGRAMME}%",
    )
    day = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
    return demo.new_session(
        8,
        name="Session à annuler",
        programme_id=programme,
        date_begin=f"{day} 08:00:00",
        date_end=f"{day} 16:00:00",
    )


def buy_both(tour, demo):
    """Have two companies buy that session; return them with the session."""
    session = new_session_first(demo)
    desk = CancelDesk(tour, demo)
    tour.open("/web/session/logout?redirect=/")
    other = journey.buy_as_company(tour, company=OTHER_COMPANY, learners=OTHER_LEARNERS)
    assert desk.session() == session
    tour.sign_in("responsable")
    return desk, other, session


def treat_together(desk, session):
    """Cancel the session, list who paid from its banner, cancel and refund them."""
    desk.tour.open(f"{SESSION}/{session}")
    desk.browser.click(".nav-link[name=prepaid_prospects]")
    desk.tour.picture("cancel-session")
    desk.browser.click("button[name=action_cancel_training_session]")
    desk.browser.click(".modal .btn-primary")
    desk.browser.wait(".o_list_view", 60)
    desk.tour.open(f"{SESSION}/{session}")
    desk.browser.wait("[name=training_to_treat]", 60)
    desk.tour.picture("cancel-session-banner")
    desk.browser.click("button[name=action_view_prepaid_to_treat]")
    desk.browser.wait("thead .o_list_record_selector input", 60)
    desk.tour.has_text("Luc Morel")
    desk.tour.picture("cancel-session-list")
    desk.browser.click("thead .o_list_record_selector input")
    desk.browser.click(".o_control_panel button[name=action_open_training_cancel]")
    desk.browser.wait(".modal [name=reason] input", 60)
    desk.cancel("cancel-session-wizard")


def letters(demo, order, address):
    """Return the subjects of the mails that tell this buyer of the cancellation."""
    subjects = [
        email.message_from_string(text, policy=email.policy.default)["subject"]
        for text in demo.mailbox.to(address)
    ]
    return [one for one in subjects if "annulée" in one and order in one]


def test_session_cancelled_with_two_prospects(tour, demo):
    """A23, R14: a session is cancelled: banner, list, both purchases treated together
    by the job, one mail to each buyer, both refunded."""
    desk, other, session = buy_both(tour, demo)
    treat_together(desk, session)
    orders = (desk.order, other)
    demo.wait(
        lambda: (
            demo.sql(
                """SELECT count(*), sum(amount_refunded) FROM training_cancellation
                   WHERE session_id = %s AND state = 'done'""",
                session,
            )
            == [(2, 1800)]
        ),
        120,
        "the job cancelled both",
    )
    assert demo.seats_taken(session) == 0
    demo.wait(
        lambda: not journey.entries(demo, "Session", *orders), 120, "both are refunded"
    )
    for name, buyer in zip(orders, (journey.COMPANY, OTHER_COMPANY), strict=True):
        told = [name, buyer["email"]]
        demo.wait(lambda told=told: letters(demo, *told), 120, "the buyer is told")
        assert len(letters(demo, *told)) == 1
    tour.open(f"{SESSION}/{session}")
    tour.browser.wait(".o_form_view", 60)
    tour.browser.wait_gone("[name=training_to_treat]")
    tour.picture("cancel-session-treated")
