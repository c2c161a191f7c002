# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe.js of the stand-in, in a real browser, without Odoo."""

import http.server
import threading

import chromium
import pytest

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8">
<script src="{url}/js.stripe.com/v3/"></script></head><body>
<div id="form"></div><button id="pay">Payer</button><p id="error"></p>
<script>
const stripe = Stripe("pk_test_acme_1", {{apiVersion: "2019-05-16"}});
const elements = stripe.elements({{mode: "payment", amount: 12000, currency: "eur",
                                  paymentMethodTypes: ["card"]}});
elements.create("payment").mount("#form");
document.getElementById("pay").onclick = async () => {{
    await elements.submit();
    const outcome = await stripe.confirmPayment({{elements, clientSecret: "{secret}",
        confirmParams: {{return_url: location.origin + "/back?reference=S00042"}}}});
    document.getElementById("error").textContent = outcome.error.message;
}};
</script></body></html>"""


@pytest.fixture(scope="module")
def browser():
    with chromium.Chromium() as running:
        yield running


@pytest.fixture
def shop(sandbox, client):
    """A shop with one page, on a port of its own."""
    intent = client.v1.payment_intents.create({"amount": 12000, "currency": "eur"})
    page = PAGE.format(url=sandbox.url, secret=intent.client_secret).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page if self.path == "/" else b"back in the shop")

        def log_message(self, *_args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.intent = intent.id
    yield server
    server.shutdown()
    server.server_close()


def pay(browser, shop, number, cvc="123"):
    """Type a card, and press the button."""
    browser.open(shop.url + "/")
    browser.fill("input[name=number]", number)
    browser.fill("input[name=expiry]", "12/31")
    browser.fill("input[name=cvc]", cvc)
    browser.click("#pay")


def wait_for_return(browser):
    """The address to which the buyer came back."""
    browser.wait_for("location.pathname == '/back'")
    return browser.url


def test_card_accepted(browser, shop, sandbox):
    """D14: 4242: back in the shop, paid."""
    pay(browser, shop, "4242 4242 4242 4242")
    url = wait_for_return(browser)
    assert "reference=S00042" in url and "redirect_status=succeeded" in url
    assert f"payment_intent={shop.intent}" in url
    assert sandbox.get("/_journal")[0]["amount"] == 12000


def test_card_refused_then_another(browser, shop, sandbox):
    """D14: 0002: told in French on the page; the next card pays."""
    pay(browser, shop, "4000 0000 0000 0002")
    browser.wait_for("document.querySelector('#error').textContent")
    message = browser.run("document.querySelector('#error').textContent")
    assert message == "Votre carte a été refusée."
    assert not sandbox.get("/_journal")
    pay(browser, shop, "4242 4242 4242 4242")
    wait_for_return(browser)


def test_incomplete_card(browser, shop, sandbox):
    """D14: nothing is sent; the form says why."""
    pay(browser, shop, "4242 4242 4242 4242", cvc="")
    browser.wait_for("document.querySelector('#form [role=alert]').textContent")
    assert not sandbox.get("/_requests", key_kind="pk")


def test_challenge_accepted(browser, shop, sandbox):
    """D14: 3155: « Autoriser » over the page, then back, paid."""
    pay(browser, shop, "4000 0025 0000 3155")
    browser.click(".stripe-standin-challenge button[name=accept]")
    assert "redirect_status=succeeded" in wait_for_return(browser)
    assert len(sandbox.get("/_journal")) == 1


def test_challenge_refused(browser, shop, sandbox):
    """D14: 3155: « Refuser »: told on the page, not paid."""
    pay(browser, shop, "4000 0025 0000 3155")
    browser.click(".stripe-standin-challenge button[name=refuse]")
    browser.wait_for("document.querySelector('#error').textContent")
    assert not sandbox.get("/_journal")


@pytest.mark.parametrize(
    ("answer", "status"), [("accept", "succeeded"), ("refuse", "failed")]
)
def test_challenge_on_the_bank_page(browser, shop, answer, status):
    """D14: 3184: the bank's own page, then back with the result."""
    pay(browser, shop, "4000 0027 6000 3184")
    browser.wait_for("location.pathname.startsWith('/_3ds/')")
    browser.click(f"button[value={answer}]")
    assert f"redirect_status={status}" in wait_for_return(browser)
