# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The main journey, as people walk it: a company buys, the manager validates.

``walk(browser, url)`` goes from the catalogue to the numbered invoice on any running
server that holds the demonstration; `setup/run --play` and the tests call it.
"""

import time
from pathlib import Path

PROGRAMME = "entretiens professionnels"
COMPANY = {
    "company_name": "Menuiserie Durand SARL",
    "siret": "732 829 320 00074",
    "contact_name": "Claire Durand",
    "email": "claire@durand.example.com",
    "phone": "01 23 45 67 89",
    "street": "1 rue de la Paix",
    "zip": "75002",
    "city": "Paris",
}
LEARNERS = (("Jean Petit", "jean@durand.example.com"), ("Anne Roux", ""))
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 30", "cvc": "123"}
ACTION = "/odoo/action-training_catalogue_payment."
SLOW = 120  # the first page of the back office builds its assets
#: By account, what the documents of some orders, and what settles them, left there.
ENTRIES = """
    WITH document AS (
      SELECT move.id FROM account_move move
      JOIN sale_order sale ON sale.id = move.training_order_id
      WHERE sale.name = ANY(%s)),
    matched AS (
      SELECT debit.move_id AS one, credit.move_id AS other
      FROM account_partial_reconcile partial
      JOIN account_move_line debit ON debit.id = partial.debit_move_id
      JOIN account_move_line credit ON credit.id = partial.credit_move_id)
    SELECT account.code_store->>move.company_id::text, sum(line.debit),
           sum(line.credit)
    FROM account_move_line line
    JOIN account_move move ON move.id = line.move_id
    JOIN account_account account ON account.id = line.account_id
    WHERE move.state = 'posted' AND move.id IN (
      SELECT id FROM document
      UNION SELECT other FROM matched JOIN document ON one = document.id
      UNION SELECT one FROM matched JOIN document ON other = document.id)
    GROUP BY 1 ORDER BY 1"""


def walk(browser, url, screenshots=None):
    """Walk the whole journey and return what it left: ``{"order": name}``."""
    tour = Tour(browser, url, screenshots)
    order = buy_as_company(tour)
    tour.sign_in("responsable")
    session = find_prospect(tour)
    validate(tour)
    number_and_send(tour, session)
    return {"order": order}


class Tour:
    """A browser, where the server is, and where the pictures go."""

    def __init__(self, browser, url, screenshots=None):
        self.browser = browser
        self.url = url.rstrip("/")
        self.screenshots = screenshots and Path(screenshots)

    def open(self, path):
        """Go to a path of the server."""
        self.browser.open(f"{self.url}{path}")

    def picture(self, name):
        """Keep a picture of the whole page, if pictures are wanted."""
        if self.screenshots:
            self.browser.wait_for("document.readyState === 'complete'")
            self.browser.screenshot(self.screenshots / f"{name}.png", whole=True)

    def sign_in(self, login):
        """Sign in to the back office; the demonstration's passwords are the logins."""
        self.open("/web/session/logout?redirect=/web/login")
        self.browser.fill("input[name=login]", login)
        self.browser.fill("input[name=password]", login)
        self.browser.press("Enter")
        self.browser.wait_for("!location.pathname.includes('/web/login')", SLOW)

    def has_text(self, text, seconds=20):
        """Wait until the page says something."""
        self.browser.wait_for(f"document.body.innerText.includes({text!r})", seconds)


def buy_as_company(tour, programme=PROGRAMME, company=COMPANY, learners=LEARNERS):
    """Buy the first session on sale of a programme; return the order's name."""
    open_programme(tour, programme)
    tour.picture("1-programme")
    tour.browser.click("#training_sessions a[href*='/buy']")
    wait_for_scripts(tour)
    for name, value in company.items():
        tour.browser.fill(f"[name={name}]", value)
    fill_learners(tour, learners)
    tour.picture("2-buyer")
    continue_to_payment(tour)
    tour.picture("3-payment")
    pay(tour)
    tour.picture("4-confirmation")
    return order_name(tour)


def open_programme(tour, programme):
    """Find a programme in the catalogue, as a visitor does."""
    tour.open(f"/shop?search={programme.replace(' ', '+')}")
    wait_for_scripts(tour)
    tour.browser.click(".oe_product a[href*='/shop/']")
    tour.browser.wait("#training_sessions")
    wait_for_scripts(tour)


def wait_for_scripts(tour):
    """Wait until the page answers to what is typed, as it does before a person can.

    A page left too soon may leave its scripts half loaded for the next one: a person
    then loads the page again, and so does the journey.
    """
    ready = "document.body.getAttribute('is-ready') === 'true'"
    try:
        tour.browser.wait_for(ready, 30)
    except AssertionError:
        tour.browser.open(tour.browser.url)
        tour.browser.wait_for(ready, SLOW)


def fill_learners(tour, learners):
    """Name the learners; one without e-mail is left « to complete later »."""
    browser = tour.browser
    browser.fill("[name=learner_count]", len(learners))
    browser.press("Tab")
    for number, (name, email) in enumerate(learners, 1):
        if email:
            browser.fill(f"[name=learner_{number}_name]", name)
            browser.fill(f"[name=learner_{number}_email]", email)
        else:
            browser.click(f"[name=learner_{number}_later]")


def continue_to_payment(tour):
    """Send the purchase page and arrive on the payment page."""
    tour.browser.click(".o_training_purchase_form button.btn-primary[type=submit]")
    tour.browser.wait_for("location.pathname.endsWith('/shop/payment')", 60)


def accept_terms(tour):
    """Tick the terms; on a page that still moves a first click may fall beside."""
    ticked = "document.querySelector('[name=training_terms]').checked"
    for _attempt in range(3):
        if not tour.browser.run(ticked):
            tour.browser.click("[name=training_terms]")
            time.sleep(0.5)
    tour.browser.wait_for(ticked, 10)


def pay(tour, card=CARD):
    """Fill in the card form and press the button that obliges to pay."""
    for name, value in card.items():
        tour.browser.fill(f"input[name={name}]", value)
    accept_terms(tour)
    tour.browser.click("[name=o_payment_submit_button]")
    tour.browser.wait_for("location.pathname.endsWith('/shop/confirmation')", 90)


def order_name(tour):
    """Read the order's name on the confirmation page."""
    return tour.browser.wait_for(r"(document.body.innerText.match(/S\d{5}/) || [])[0]")


def find_prospect(tour):
    """See the prospect in the requests (green) and in the pipeline.

    Return the name of the session that was bought.
    """
    browser = tour.browser
    wait_for_follow_up(tour)
    browser.wait(".o_data_row.text-success [name=is_prepaid] input:checked")
    session = browser.text(".o_data_row.text-success [name=session_id]")
    tour.picture("5-requests")
    tour.open("/odoo/crm")
    browser.wait(".o_kanban_record", SLOW)
    tour.has_text("Menuiserie Durand SARL")
    tour.picture("6-pipeline")
    return session


def wait_for_follow_up(tour):
    """Open the requests until the job that follows a payment has listed it."""
    deadline = time.monotonic() + SLOW
    while time.monotonic() < deadline:
        tour.open(f"{ACTION}training_request_action")
        tour.browser.wait(".o_list_view", SLOW)
        if tour.browser.run("!!document.querySelector('.o_data_row.text-success')"):
            return
        time.sleep(2)
    raise AssertionError("The purchase is not in the list of requests.")


def validate(tour):
    """Open the prospect from the requests, check its learners, validate."""
    browser = tour.browser
    tour.open(f"{ACTION}training_request_action")
    browser.click(".o_data_row.text-success [name=contact_name]")
    browser.wait(".o_form_view", 60)
    tour.picture("7-request")
    browser.click(".o_statusbar_buttons button[name=action_validate]")
    browser.wait(".modal button[name=action_validate]", 60)
    tour.picture("8-validation")
    browser.click(".modal button[name=action_validate]")
    browser.wait_gone(".modal", 60)


def number_and_send(tour, session):
    """Number and send the invoice in the session's finances; nothing is left to pay."""
    browser = tour.browser
    tour.open(f"{ACTION}event_event_action_sessions")
    browser.click(f"text={session}")
    browser.click(".nav-link[name=training_finances]")
    browser.wait("[name=training_document_ids] .o_data_row", 60)
    tour.picture("9-finances-draft")
    # Other journeys may have left documents in this session, drafts too.
    draft = "[name=training_document_ids] .o_data_row.text-info"
    drafts = f"document.querySelectorAll('{draft}').length"
    before = browser.run(drafts)
    browser.click(f"{draft} button[name=action_training_number_and_send]")
    browser.wait_for(f"{drafts} < {before}", 90)
    tour.has_text("FAC/", 90)
    tour.picture("10-finances-numbered")


def entries(demo, title, *orders):
    """Print debit and credit by account; return the balances, zeros left out.

    Accounts are named by their first three digits.
    """
    rows = demo.sql(ENTRIES, list(orders))
    assert rows
    print(f"\n{title}, {', '.join(orders)}:")
    left = {}
    for code, debit, credit in rows:
        print(f"  {code}  {debit:>10} {credit:>10}  {debit - credit:>10}")
        left[code[:3]] = left.get(code[:3], 0) + float(debit - credit)
    return {code: balance for code, balance in left.items() if balance}
