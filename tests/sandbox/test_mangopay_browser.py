# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mangopay's hosted pages and its admin page, in a real browser."""

import http.server
import threading

import chromium
import pytest
from mangopay_stand_in import CHALLENGE, FRICTIONLESS, REFUSED

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def browser():
    with chromium.Chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shop():
    """A shop to come back to."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<title>Shop</title>back")

        def log_message(self, *_args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def order(api, buyer, purse, shop):
    return api.web_payin(buyer, purse, ReturnURL=f"{shop}/back?order=7")


def fill(browser, number):
    browser.fill("#cardNumber", number)
    browser.fill("#cardExpirationDate", "12/30")
    browser.fill("#cardCvx", "123")
    browser.click("button[value=pay]")


def press(browser, action, then):
    """Press a button of the admin page, and wait for what it brings."""
    browser.wait_for("document.readyState == 'complete'")
    browser.click(f"form[action='/admin/{action}'] button")
    browser.wait_for(f"document.readyState == 'complete' && ({then})")


def came_back(browser, order):
    browser.wait_for("document.title == 'Shop'")
    assert browser.url.endswith(f"/back?order=7&transactionId={order['Id']}")


def test_a_buyer_pays(api, browser, order, mangopay_sandbox, purse):
    """D14: wrong number, told; then paid, and back in the shop; once, not twice."""
    browser.open(order["RedirectURL"])
    assert "120,00" in browser.run("document.querySelector('.amount').innerText")
    fill(browser, "4970107111111110")
    alert = browser.wait_for("document.querySelector('[role=alert]')?.innerText")
    assert alert == "Le numéro de carte n'est pas valide."
    fill(browser, FRICTIONLESS)
    came_back(browser, order)
    assert api.get(f"/payins/{order['Id']}")["Status"] == "SUCCEEDED"
    browser.open(order["RedirectURL"])
    came_back(browser, order)
    assert mangopay_sandbox.books()[purse["Id"]] == 12000


@pytest.mark.parametrize(
    ("number", "button", "code"),
    [
        (CHALLENGE, "accept", "000000"),
        (CHALLENGE, "refuse", "101301"),
        (REFUSED, None, "101101"),
    ],
)
def test_what_the_bank_says(api, browser, order, number, button, code):
    """D14: 3-D Secure authorised or refused; card refused: back in the shop."""
    browser.open(order["RedirectURL"])
    fill(browser, number)
    if button:
        browser.click(f"button[value={button}]")
    came_back(browser, order)
    assert api.get(f"/payins/{order['Id']}")["ResultCode"] == code


def test_a_buyer_gives_up(api, browser, order):
    """D14: 101002; the page speaks English when asked."""
    browser.open(order["RedirectURL"] + "&lang=en")
    assert "Pay €120.00" in browser.run("document.body.innerText")
    browser.click("button[value=cancel]")
    came_back(browser, order)
    assert api.get(f"/payins/{order['Id']}")["ResultCode"] == "101002"


def test_the_whole_address_is_required(browser, order):
    """D14: without its token the page is not there."""
    browser.open(order["RedirectURL"].partition("&token")[0])
    assert "not whole" in browser.run("document.body.innerText")


def test_a_seller_enrolls(api, browser, mangopay_sandbox):
    """D14: the code opens the account; a link serves once."""
    user = api.post(
        "/sca/users/natural",
        {
            "FirstName": "Paul",
            "LastName": "Durand",
            "Email": "paul@example.com",
            "Birthday": 315532800,
            "Nationality": "FR",
            "CountryOfResidence": "FR",
            "UserCategory": "OWNER",
            "TermsAndConditionsAccepted": True,
        },
    )
    browser.open(user["PendingUserAction"]["RedirectUrl"] + "&lang=fr")
    browser.fill("#code", "702100")
    browser.click("button[value=validate]")
    browser.wait_for("document.body.innerText.includes('vous êtes authentifié')")
    assert api.get(f"/sca/users/{user['Id']}")["UserStatus"] == "ACTIVE"
    browser.open(user["PendingUserAction"]["RedirectUrl"] + "&lang=fr")
    browser.wait_for("document.body.innerText.includes('a expiré')")


def test_the_admin_page(api, browser, mangopay_sandbox, buyer, purse):
    """D14: objects of everybody, in two languages; buttons that do; names escaped."""
    api.payer(FirstName="<b>Zoé</b>")
    order = api.web_payin(buyer, purse, Tag="S00042")
    browser.open(f"{mangopay_sandbox.url}/?lang=fr")
    text = browser.run("document.body.innerText")
    assert "Paiements entrants" in text and "<b>Zoé</b>" in text
    assert "Les comptes sont équilibrés." in text
    pay, dispute = (f"do/{name}/{order['Id']}" for name in ("pay", "dispute"))
    says = "document.body.innerText.includes('{}')".format
    press(browser, pay, says("réussi"))
    assert api.get(f"/payins/{order['Id']}")["Status"] == "SUCCEEDED"
    press(browser, dispute, says("attend la plateforme"))
    press(browser, dispute, "!!document.querySelector('[role=alert]')")
    browser.open(f"{mangopay_sandbox.url}/?lang=en")
    assert "Pay-ins" in browser.run("document.body.innerText")
    browser.run("document.querySelector('select[name=regime]').value = 'old'")
    # The choice shows before it is sent: the page that comes back is another one.
    browser.run("window.before = true")
    press(browser, "settings", "!window.before && document.readyState == 'complete'")
    assert mangopay_sandbox.get("/_settings")["regime"] == "old"
