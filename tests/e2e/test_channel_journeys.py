# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Visitor, seller and learner on the public channel, in a real browser.

Under Mangopay's regime of 2026: nothing is credited to a seller who is not verified.
"""

import email
import re

import pytest
from e2e import journey
from e2e.identity import IdentitySteps
from e2e.test_held_journey import entries
from e2e.test_journeys import PERSON
from e2e.test_market_journeys import CHALLENGE, LEARNERS, PROGRAMME, MarketTour
from e2e.test_seller_journey import SellerTour
from faults.harness.shop import DEMONSTRATION, open_shop

from workshop import paths
from workshop.browser import Browser

TEAM = "atelier"
TEAM_EMAIL = f"{TEAM}@x.example"
WELCOME = "Votre compte"
FREE, ONLINE = "Dire bonjour", "Anglais en ligne"
CALLS = f"{DEMONSTRATION}\nlink_mangopay(env)\nchannel(env, {TEAM!r})"
LINK = re.compile(r"http://[^\s\"<>]+(/marketplace/invitation/[\w-]+)")
PROOF = "print(env['marketplace.proof']._check_invariants(env.company))"


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """The demonstration, and a seller with courses, whom Mangopay does not know."""
    folder = tmp_path_factory.mktemp("channel")
    with open_shop(folder, "e2echannel", CALLS, market=True) as shop:
        shop.start(workers=0, max_cron_threads=1)
        yield shop
        assert shop.script(PROOF).strip().endswith("[]")


@pytest.fixture
def tour(market):
    """A visitor's browser, in which the seller signs in too."""
    with Browser(width=1400, height=1000) as browser:
        url = f"http://127.0.0.1:{market.port}"
        yield ChannelTour(browser, url, paths.folder("screenshots"), "channel")
        assert not browser.errors


class ChannelTour(IdentitySteps, MarketTour):
    """What the visitor, the seller's team and a learner do in turn."""

    page = SellerTour.page
    give_account = SellerTour.give_account

    def open_course(self, name):
        """Find a course on the page of the marketplace."""
        self.open(f"/marketplace?search={name.replace(' ', '+')}")
        journey.wait_for_scripts(self)
        self.browser.click("#wrap a[href*='/shop/']")
        self.browser.wait("#training_sessions")
        journey.wait_for_scripts(self)

    def leave(self):
        """Sign out, and be there when the next page comes."""
        self.open("/web/session/logout?redirect=/marketplace")
        journey.wait_for_scripts(self)

    def ask(self, kind, message, name):
        """Fill in a form about the free course, create an account, send."""
        self.leave()
        self.open_course(FREE)
        self.browser.click(f"a[href^='/training/'][href*='/{kind}']")
        self.browser.wait("[name=channel_needs_account]")
        journey.wait_for_scripts(self)
        self.browser.fill("[name=contact_name]", name)
        self.browser.fill("[name=email]", "typed@elsewhere.example.com")
        self.browser.fill("[name=message]", message)
        self.send("o_training_request_form")
        login = self.sign_up("[name=message]", name)
        journey.wait_for_scripts(self)
        kept = self.browser.run("document.querySelector('[name=message]').value")
        assert kept == message
        self.picture(f"{kind}-kept")
        self.send("o_training_request_form")
        self.browser.wait("[name=channel_sent]", 60)
        return login

    def send(self, form):
        """Press the button of a form, once the page answers."""
        journey.wait_for_scripts(self)
        self.browser.click(f"form.{form} button[type=submit]")

    def press(self, action):
        """Press the button of one of the forms of the portal."""
        journey.wait_for_scripts(self)
        opened = "document.querySelectorAll('details').forEach(one => one.open = true)"
        self.browser.run(opened)
        self.browser.click(f"form[action$='/{action}'] button[type=submit]")

    def open_request(self, tab, name):
        """Sign in as the seller and open what somebody asked."""
        self.sign_in(TEAM)
        self.open(f"/my/channel/{tab}")
        self.browser.click(f"text={name}")
        self.browser.wait("[name=channel_visitor]")

    def buy(self, programme, fill):
        """Buy a course with a new account; return the order's name."""
        self.leave()
        self.open_course(programme)
        self.browser.click("#training_sessions a[href*='/buy']")
        self.sign_up("form.o_training_purchase_form")
        journey.wait_for_scripts(self)
        fill()
        journey.continue_to_payment(self)
        journey.wait_for_scripts(self)
        consents = "document.querySelectorAll('[name=training_recap_consents] input')"
        self.browser.run(f"{consents}.forEach(one => one.checked || one.click())")
        self.press_pay()
        self.give_card(CHALLENGE)
        self.authorise()
        self.picture(f"bought-{programme}")
        return journey.order_name(self)

    def fill_company(self):
        for name, value in journey.COMPANY.items():
            self.browser.fill(f"[name={name}]", value)
        journey.fill_learners(self, LEARNERS)

    def fill_person(self):
        self.browser.click("input[name=buyer_kind][value=individual]")
        for name, value in PERSON.items():
            self.browser.fill(f"input[name={name}]", value)
        self.browser.click("input[name=private_declaration]")
        self.browser.click("input[name=buyer_is_learner]")

    def invite(self, sale_id):
        """Invite every learner of a sale, as its seller."""
        self.sign_in(TEAM)
        self.open(f"/my/channel/sales/{sale_id}/learners")
        self.press("learners/invite")
        self.browser.wait(".alert-success")
        self.picture(f"invited-{sale_id}")

    def join(self, path, password):
        """Follow an invitation as a learner who has no account; see the course."""
        self.open(f"/web/session/logout?redirect={path}")
        self.press("accept")
        self.browser.wait("form.oe_signup_form")
        for name in ("password", "confirm_password"):
            self.browser.fill(f"form.oe_signup_form [name={name}]", password)
        self.browser.click("form.oe_signup_form button[type=submit]")
        self.browser.wait_for("!location.pathname.includes('/signup')", 60)
        if "/my/learning" not in self.browser.url:
            self.press("accept")
        self.browser.wait_for("location.pathname.startsWith('/my/learning/')", 60)
        self.picture(f"learning-{password}")


def letters(market, address, part=""):
    """Return the texts sent to somebody in which something is said, Odoo's own
    welcome to a new account left out."""
    texts = map(read, market.mailbox.to(address))
    return [one for one in texts if part in one and not one.startswith(WELCOME)]


def read(letter):
    """Return the words of a letter, its parts one after the other."""
    parts = email.message_from_string(letter).walk()
    return "\n".join(
        part.get_payload(decode=True).decode(errors="replace")
        for part in parts
        if part.get_content_maintype() == "text"
    )


def state_of(market, login):
    """Return the states of what a visitor asked, with the learners that came of it."""
    return market.sql(
        """SELECT request.kind, request.state,
                  (SELECT count(*) FROM event_registration learner
                   WHERE learner.training_request_id = request.id
                     AND learner.state <> 'cancel')
             FROM training_request request WHERE request.email = %s""",
        login,
    )


def sale_of(market, name):
    """Return the id and states of the sale of an order."""
    ((found),) = market.sql(
        """SELECT sale.id, sale.state, sale.transfer_state
             FROM marketplace_sale sale JOIN sale_order one ON one.id = sale.order_id
            WHERE one.name = %s""",
        name,
    )
    return found


def test_question_answered(tour, market):
    """B4, B5: what was typed is kept through the sign-up; one mail to the other side
    for each message."""
    login = tour.ask("question", "Y a-t-il un niveau débutant ?", "Nora Question")
    market.wait(lambda: letters(market, login), 60, "the visitor has a receipt")
    market.wait(lambda: letters(market, TEAM_EMAIL), 60, "the seller is told")
    assert (len(letters(market, login)), len(letters(market, TEAM_EMAIL))) == (1, 1)
    tour.open_request("requests", "Nora Question")
    tour.browser.fill("[name=message]", "Oui, chaque semaine.")
    tour.picture("question-answered")
    tour.press("message")
    tour.has_text("Oui, chaque semaine.")
    market.wait(
        lambda: letters(market, login, "Oui, chaque semaine."), 60, "it is answered"
    )
    assert (len(letters(market, login)), len(letters(market, TEAM_EMAIL))) == (2, 1)
    assert state_of(market, login) == [("information", "progress", 0)]


def test_free_course_accepted_and_refused(tour, market):
    """B6: accepted, a learner has a seat and a ticket; refused, the reason is told."""
    accepted = tour.ask("request", "Une place, merci.", "Anna Accepted")
    refused = tour.ask("request", "Une place pour moi.", "Rémi Refused")
    tour.open_request("enrolments", "Anna Accepted")
    tour.press("accept")
    market.wait(
        lambda: state_of(market, accepted) == [("enrolment", "accepted", 1)],
        60,
        "the learner is added",
    )
    tour.picture("request-accepted")
    tour.open_request("enrolments", "Rémi Refused")
    tour.browser.run(
        "document.querySelector('[name=reason]').closest('details').open=1"
    )
    tour.browser.fill("[name=reason]", "Le groupe est complet.")
    tour.press("refuse")
    market.wait(
        lambda: letters(market, refused, "Le groupe est complet."), 60, "it is told"
    )
    assert state_of(market, refused) == [("enrolment", "refused", 0)]
    market.wait(
        lambda: letters(market, accepted, "/my_tickets"), 60, "the session's own mail"
    )
    assert len(letters(market, accepted)) == 3, "receipt, answer, ticket"
    assert len(letters(market, refused)) == 2


def test_first_sales_of_a_new_seller(tour, market):
    """B8, B13–B16: bank details asked at the first sale, verification above the amount,
    both given, the money follows; the learners are invited and follow."""
    live = tour.buy(PROGRAMME, tour.fill_company)
    asked = lambda: len(letters(market, TEAM_EMAIL, "/my/mangopay"))  # noqa: E731
    market.wait(lambda: asked() == 1, 90, "bank details are asked for")
    online = tour.buy(ONLINE, tour.fill_person)
    market.wait(lambda: asked() == 2, 90, "verification is asked for")
    for name, amount in ((live, 600), (online, 720)):
        books = [("468100", -amount), ("517100", amount)]
        market.wait(lambda n=name, b=books: entries(market, n) == b, 60, "the books")
        assert sale_of(market, name)[1:] == ("confirmed", "waiting")
    follow(tour, market, live, LEARNERS[0][1])
    follow(tour, market, online, PERSON["email"])
    tour.browser.wait("[name=course_open]")
    become_ready(tour)
    market.sql("UPDATE marketplace_sale SET transfer_due = now() at time zone 'utc'")
    market.pass_time(24 * 60)
    for name in (live, online):
        market.wait(
            lambda n=name: sale_of(market, n)[2] == "done", 120, "the money follows"
        )
    assert asked() == 2


def follow(tour, market, name, learner):
    """Invite the learner of a sale, who joins."""
    sale_id = sale_of(market, name)[0]
    tour.invite(sale_id)
    market.wait(
        lambda: letters(market, learner, "/marketplace/invitation/"), 60, "invited"
    )
    [letter] = letters(market, learner, "/marketplace/invitation/")
    tour.join(LINK.search(letter)[1], learner)
    assert market.sql(
        "SELECT state FROM marketplace_invitation WHERE sale_id = %s", sale_id
    ) == [("used",)]


def become_ready(tour):
    """Give Mangopay all that it asks of the seller."""
    tour.sign_in(TEAM)
    tour.open(tour.page)
    tour.give_identity()
    tour.browser.wait(f"form[action='{tour.page}/authentication']", 60)
    tour.submit("authentication")
    tour.confirm_by_telephone()
    tour.be_verified("VALIDATED")
    tour.browser.wait_gone(f"form[action='{tour.page}/verification']", 60)
    tour.give_account()
    tour.picture("ready")
