# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Staff assign paid learners to another session, in a real browser.

Each journey prints the posted entries by account that it leaves.
"""

import pytest
from e2e import journey

LEARNERS = (
    ("Jean Petit", "jean@durand.example.com"),
    ("Anne Roux", "anne@durand.example.com"),
)
WIZARD = ".modal .o_form_view"


@pytest.fixture
def desk(tour, demo):
    """The browser, what staff do with it, and the books of the demonstration."""
    return Desk(tour, demo)


class Desk:
    """A purchase of two learners, and the person who assigns them elsewhere."""

    def __init__(self, tour, demo):
        self.tour, self.browser, self.demo = tour, tour.browser, demo
        self.order = journey.buy_as_company(tour, learners=LEARNERS)
        self.lead = demo.wait(self._find_lead, 120, "the opportunity of the purchase")
        tour.sign_in("responsable")
        self.browser.wait(".o_main_navbar", journey.SLOW)

    def _find_lead(self):
        found = self.demo.sql(
            """SELECT lead.id FROM crm_lead lead
               JOIN sale_order sale ON sale.id = lead.prepaid_order_id
               JOIN training_request request ON request.order_id = sale.id
               WHERE sale.name = %s AND sale.training_followup_state = 'done'""",
            self.order,
        )
        return found and found[0][0]

    def new_session(self, name, difference=0.0):
        """Create a session of the same programme, dearer or cheaper."""
        ((programme, price),) = self.demo.sql(
            """SELECT event.programme_id, line.price_unit FROM sale_order sale
               JOIN sale_order_line line ON line.order_id = sale.id
               JOIN event_event event ON event.id = sale.training_session_id
               WHERE sale.name = %s""",
            self.order,
        )
        return self.demo.new_session(
            20,
            name=name,
            programme_id=programme,
            session_price=float(price) + difference,
        )

    def choose_session(self, name):
        """Search the target session and wait for what the wizard says of it."""
        self.tour.open(f"/odoo/crm/{self.lead}")
        self.browser.wait("button[name=action_move_prepaid]", journey.SLOW)
        self.browser.click("button[name=action_move_prepaid]")
        field = f"{WIZARD} [name=session_id] input"
        self.browser.wait(field, 60)
        self.browser.fill(field, name)
        self.browser.wait_for(
            "(document.querySelector('.o-autocomplete--dropdown-item')?.innerText"
            f" || '').startsWith({name!r})",
            30,
        )
        self.browser.press("Enter")
        self.browser.wait(f"{WIZARD} .o_training_move_plan", 60)

    def leave_one(self):
        """Untick the first learner of the list."""
        self.browser.click(f"{WIZARD} .o_data_row [name=is_moved] input")
        self.browser.wait_for(
            "document.querySelector('.o_training_move_plan th')"
            ".innerText.includes(': 1 ')",
            30,
        )

    def assign(self, picture):
        """Press the button and wait for the end, that of the job included."""
        self.tour.picture(picture)
        self.browser.click(".modal button[name=action_move]")
        self.browser.wait_gone(".modal", 60)
        self.tour.picture(f"{picture}-assigned")
        self.demo.wait(
            lambda: "accepted" not in self.states(), 60, "the documents are made"
        )

    def states(self):
        """Return the states of the moves of this purchase."""
        rows = self.demo.sql(
            """SELECT move.state FROM training_move move
               JOIN sale_order sale ON sale.id = move.order_id WHERE sale.name = %s""",
            self.order,
        )
        return [state for (state,) in rows]

    def sessions(self):
        """Return {session: (learners, states)} of this purchase and its split."""
        rows = self.demo.sql(
            """SELECT event.name->>'en_US', count(*), min(reg.prepaid_state)
               FROM event_registration reg
               JOIN sale_order sale ON sale.id = reg.sale_order_id
               JOIN event_event event ON event.id = reg.event_id
               LEFT JOIN sale_order origin ON origin.id = sale.training_origin_order_id
               WHERE %s IN (sale.name, origin.name) GROUP BY 1""",
            self.order,
        )
        return {name: (count, state) for name, count, state in rows}

    def documents(self):
        """Return (kind, state, total, left) of the documents, in their order."""
        rows = self.demo.sql(
            """SELECT move_type, move.state, move.amount_total, amount_residual
               FROM account_move move
               JOIN sale_order sale ON sale.id = move.training_order_id
               LEFT JOIN sale_order origin ON origin.id = sale.training_origin_order_id
               WHERE %s IN (sale.name, origin.name) AND move.state <> 'cancel'
               ORDER BY move.id""",
            self.order,
        )
        return [(*words, float(total), float(left)) for *words, total, left in rows]

    def balances(self, journey_name):
        """Return, and print, the entries of this buyer's documents and payments."""
        rows = self.demo.sql(
            """SELECT account.code_store->>move.company_id::text, sum(line.balance)
               FROM account_move_line line
               JOIN account_move move ON move.id = line.move_id
               JOIN account_account account ON account.id = line.account_id
               WHERE move.state = 'posted' AND move.id IN (
                 SELECT move.id FROM account_move move
                 JOIN sale_order sale ON sale.id = move.training_order_id
                 LEFT JOIN sale_order origin
                   ON origin.id = sale.training_origin_order_id
                 WHERE %s IN (sale.name, origin.name)
                 UNION
                 SELECT other.move_id FROM account_partial_reconcile partial
                 JOIN account_move_line own
                   ON own.id IN (partial.debit_move_id, partial.credit_move_id)
                 JOIN account_move_line other
                   ON other.id IN (partial.debit_move_id, partial.credit_move_id)
                 JOIN account_move document ON document.id = own.move_id
                 JOIN sale_order sale ON sale.id = document.training_order_id
                 LEFT JOIN sale_order origin
                   ON origin.id = sale.training_origin_order_id
                 WHERE %s IN (sale.name, origin.name))
               GROUP BY 1 HAVING sum(line.balance) <> 0 ORDER BY 1""",
            self.order,
            self.order,
        )
        print(f"\n{journey_name}, {self.order}:")
        for code, balance in rows:
            print(f"  {code}  {balance:>10}")
        found = {}
        for code, balance in rows:
            found[code[:3]] = found.get(code[:3], 0) + float(balance)
        return found

    def number_all(self):
        """Number the drafts that are left, as the accountant does."""
        drafts = self.demo.sql(
            """SELECT move.id FROM account_move move
               JOIN sale_order sale ON sale.id = move.training_order_id
               LEFT JOIN sale_order origin ON origin.id = sale.training_origin_order_id
               WHERE %s IN (sale.name, origin.name) AND move.state = 'draft'""",
            self.order,
        )
        for (draft,) in drafts:
            self.demo.call("account.move", "action_post", [draft])

    def wait_for_refund(self):
        """Wait until Stripe gave the money back and the books say so."""
        self.demo.wait(
            lambda: all(left == 0 for *_words, left in self.documents()),
            120,
            "the refund is matched with its credit note",
        )

    def pay_complement(self):
        """Open the link of the mail and pay by card."""
        ((move,),) = self.demo.sql(
            """SELECT move.id FROM training_move move
               JOIN sale_order sale ON sale.id = move.order_id WHERE sale.name = %s""",
            self.order,
        )
        [record] = self.demo.call("training.move", "read", [move], ["complement_url"])
        self.tour.open("/web/session/logout?redirect=/")
        self.browser.open(record["complement_url"])
        journey.wait_for_scripts(self.tour)
        self.tour.picture("move-complement")
        # The link opens the payment form by itself.
        self.browser.wait("#pay_with.show", 60)
        # Where other providers are installed one chooses the card.
        self.browser.click("[name=o_payment_radio][data-payment-method-code=card]")
        self.tour.picture("move-complement-form")
        self.browser.wait("input[name=number]", 60)
        for name, value in journey.CARD.items():
            self.browser.fill(f"input[name={name}]", value)
        self.tour.picture("move-complement-card")
        self.browser.click("[name=o_payment_submit_button]")
        self.demo.wait(
            lambda: self.demo.sql(
                "SELECT 1 FROM training_move WHERE id = %s AND state = 'done'", move
            ),
            180,
            "the learners moved once the complement was paid",
        )


def test_same_price(desk):
    """A22: from the opportunity, at the same price: everything follows, no money."""
    desk.new_session("Cible au même prix")
    desk.choose_session("Cible au même prix")
    desk.assign("move-equal")
    assert desk.sessions() == {"Cible au même prix": (2, "pending")}
    assert desk.documents() == [("out_invoice", "draft", 1200, 0)]
    desk.number_all()
    assert desk.balances("Same price") == {"511": 1200, "706": -1200}


def test_cheaper(desk):
    """A22: to a cheaper session: the difference is credited and refunded."""
    desk.new_session("Cible moins chère", -100)
    desk.choose_session("Cible moins chère")
    desk.assign("move-cheaper")
    assert desk.sessions() == {"Cible moins chère": (2, "pending")}
    desk.wait_for_refund()
    assert desk.balances("Cheaper by 200") == {"511": 1000, "706": -1000}


def test_dearer(desk):
    """A22: to a dearer session: the buyer pays the complement by the link first."""
    desk.new_session("Cible plus chère", 100)
    desk.choose_session("Cible plus chère")
    desk.assign("move-dearer")
    assert "Cible plus chère" not in desk.sessions()
    desk.pay_complement()
    assert desk.sessions() == {"Cible plus chère": (2, "pending")}
    desk.number_all()
    assert all(left == 0 for *_words, left in desk.documents())
    assert desk.balances("Dearer by 200") == {"511": 1400, "706": -1400}


def test_some_learners_of_a_numbered_purchase(desk):
    """A22: one of two, the invoice numbered: credit note, order and invoice of its
    own, the payment on both."""
    desk.number_all()
    desk.new_session("Cible pour une personne")
    desk.choose_session("Cible pour une personne")
    desk.leave_one()
    desk.assign("move-some")
    sessions = desk.sessions()
    assert sessions.pop("Cible pour une personne") == (1, "pending")
    assert [count for count, _state in sessions.values()] == [1]
    assert desk.documents() == [
        ("out_invoice", "posted", 1200, 0),
        ("out_refund", "posted", 600, 0),
        ("out_invoice", "posted", 600, 0),
    ]
    assert desk.balances("One of two") == {"511": 1200, "706": -1200}
