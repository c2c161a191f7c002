# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A buyer pays a seller's course on Mangopay's page, in a real browser."""

import uuid

import pytest
from e2e import journey
from faults.harness.shop import DEMONSTRATION, open_shop

from workshop import paths
from workshop.browser import Browser

PROGRAMME = "Photographie de chantier"
CALLS = f"{DEMONSTRATION}\nlink_mangopay(env)\nseller_session(env)"
CHALLENGE, REFUSED = "4970105181818183", "4242424242424242"
LEARNERS = (("Jean Petit", "jean@durand.example.com"),)


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """The demonstration, which also sells a seller's course."""
    folder = tmp_path_factory.mktemp("market")
    with open_shop(folder, "e2emarket", CALLS, market=True) as shop:
        shop.start(workers=0, max_cron_threads=1)
        yield shop


@pytest.fixture(params=[1400, 390])
def tour(market, request):
    """A browser, of a desktop's and of a telephone's width."""
    pictures = paths.folder("screenshots")
    with Browser(width=request.param, height=1000) as browser:
        url = f"http://127.0.0.1:{market.port}"
        yield MarketTour(browser, url, pictures, request.param)
        browser.screenshot(pictures / "last.png")
        assert not browser.errors


class MarketTour(journey.Tour):
    """What a buyer does, up to Mangopay's page and back."""

    def __init__(self, browser, url, screenshots, width):
        super().__init__(browser, url, screenshots)
        self.width = width

    def picture(self, name):
        """Keep the widths apart."""
        super().picture(f"market-{self.width}-{name}")

    def fill_cart(self):
        """Buy the course as a company; arrive on the payment page."""
        journey.open_programme(self, PROGRAMME)
        self.browser.click("#training_sessions a[href*='/buy']")
        self.sign_up()
        journey.wait_for_scripts(self)
        for name, value in journey.COMPANY.items():
            self.browser.fill(f"[name={name}]", value)
        journey.fill_learners(self, LEARNERS)
        journey.continue_to_payment(self)

    def sign_up(self, then="[name=company_name]", name="Claire Durand"):
        """Create the account without which nobody acts here; come back to the page.

        :return: the login, which is the e-mail
        """
        self.browser.wait("form.oe_login_form")
        self.browser.click("a[href*='/web/signup']")
        self.browser.wait("form.oe_signup_form")
        journey.wait_for_scripts(self)
        login = f"{uuid.uuid4().hex[:12]}@buyers.example.com"
        for field, value in {
            "login": login,
            "name": name,
            "password": login,
            "confirm_password": login,
        }.items():
            self.browser.fill(f"form.oe_signup_form [name={field}]", value)
        self.browser.click("form.oe_signup_form button[type=submit]")
        self.browser.wait(then, 60)
        return login

    def press_pay(self):
        """Accept the terms and press the button that obliges to pay."""
        journey.wait_for_scripts(self)
        journey.accept_terms(self)
        self.browser.click("[name=o_payment_submit_button]")
        self.browser.wait("[name=cardNumber]", 60)

    def give_card(self, number):
        """Fill in Mangopay's page."""
        for name, value in {
            "cardNumber": number,
            "cardExpirationDate": "1234",
            "cardCvx": "123",
        }.items():
            self.browser.fill(f"[name={name}]", value)
        self.browser.click("button.main")

    def authorise(self):
        """Say yes on the bank's page, and wait until the purchase is confirmed."""
        self.browser.click("button[value=accept]")
        self.browser.wait_for("location.pathname.endsWith('/shop/confirmation')", 90)


def order(market, name):
    """Return the state of an order and how its payment ended."""
    return market.sql(
        """SELECT sale.state, tx.state, provider.code FROM sale_order sale
           JOIN payment_transaction tx ON tx.id = sale.training_paid_tx_id
           JOIN payment_provider provider ON provider.id = tx.provider_id
           WHERE sale.name = %s""",
        name,
    )


def test_paid_with_the_bank_s_approval(tour, market):
    """B9: catalogue, terms, Mangopay's page, 3-D Secure, confirmation."""
    tour.fill_cart()
    tour.picture("1-payment")
    tour.press_pay()
    tour.picture("2-mangopay")
    tour.give_card(CHALLENGE)
    tour.authorise()
    tour.picture("3-confirmation")
    name = journey.order_name(tour)
    assert order(market, name) == [("sale", "done", "mangopay")]


def test_refused_then_paid(tour, market):
    """B9: the bank's refusal is told where the buyer may pay again, and does."""
    tour.fill_cart()
    tour.press_pay()
    tour.give_card(REFUSED)
    tour.browser.wait("[name=mangopay_failure]", 60)
    journey.wait_for_scripts(tour)
    tour.picture("4-refused")
    tour.open("/shop/payment")
    tour.browser.wait("[name=mangopay_failure]", 60)
    tour.press_pay()
    tour.give_card(CHALLENGE)
    tour.authorise()
    assert order(market, journey.order_name(tour)) == [("sale", "done", "mangopay")]
