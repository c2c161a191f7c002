# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A visitor who buys: the requests that a browser makes, in their order."""

import dataclasses
import json
import time

import requests
from lxml import html

from .stand_in import CARD, Stripe

SIRET = "73282932000074"
TIMEOUT = 120


@dataclasses.dataclass
class Answer:
    """One answer of the site: what was asked, and what came of it."""

    path: str
    status: int
    seconds: float
    error: str = ""


class Refused(Exception):
    """The site said no, in words."""


class Visitor:
    """A browser with a session of its own; everything answered is kept."""

    def __init__(self, url: str, name: str):
        self.url = url
        self.name = name
        self.http = requests.Session()
        self.answers: list[Answer] = []

    def error_pages(self) -> list[Answer]:
        """Return the answers that no visitor should ever see."""
        return [answer for answer in self.answers if answer.status >= 500]

    def wait_for_outcome(self, seconds: float = 60) -> str:
        """Poll as the status page does, then read the page it leads to."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                outcome = self.rpc("/payment/status/poll")
            except Refused as refusal:
                if "retry" not in str(refusal):
                    raise
                outcome = {"state": "draft"}
            if outcome["state"] in ("done", "cancel", "error", "authorized"):
                self.get(outcome["landing_route"])
                return outcome["state"]
            time.sleep(0.5)
        raise AssertionError(f"{self.name}: the payment has no outcome")

    def get(self, path: str, **query):
        """Open a page."""
        return self.call("GET", path, params=query)

    def rpc(self, path: str, **params):
        """Call what a page's script calls.

        :raise Refused: with the message of the error
        """
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        answer = self.call("POST", path, json=body).json()
        if error := answer.get("error"):
            data = error.get("data") or {}
            self.answers[-1].error = data.get("name", "")
            raise Refused(data.get("message") or error["message"])
        return answer.get("result")

    def call(self, method: str, path: str, **arguments):
        """Send a request and follow where it leads."""
        url = path if path.startswith("http") else self.url + path
        begin = time.monotonic()
        answer = self.http.request(method, url, timeout=TIMEOUT, **arguments)
        seconds = time.monotonic() - begin
        self.answers.append(Answer(path, answer.status_code, seconds))
        return answer


class Buyer(Visitor):
    """One visitor with a session of their own; everything answered is kept."""

    def __init__(self, url: str, name: str):
        super().__init__(url, name)
        self.reference = self.order_id = None
        self._page = None
        self._payment = {}
        self._accepted = {}

    # The purchase, step by step

    def fill_cart(self, session_id: int, learners: int = 1) -> None:
        """Fill in the purchase page and go on to the payment page.

        :raise Refused: when the page says why it cannot be bought
        """
        page = self.get(f"/training/session/{session_id}/buy")
        form = self._purchase_form(page, learners)
        page = self.call("POST", f"/training/session/{session_id}/buy", data=form)
        if not page.url.endswith("/shop/payment"):
            raise Refused(_alert(page))
        self._page = page

    def read_payment_page(self) -> None:
        """Read what the payment page's script would.

        :raise Refused: when the page says why it cannot be paid
        """
        page = html.fromstring(self._page.content)
        forms = page.xpath("//form[@id='o_payment_form']")
        radios = page.xpath(
            "//input[@name='o_payment_radio'][@data-payment-option-type="
            "'payment_method']"
        )
        if not forms or not radios:
            raise Refused(" ".join(page.xpath("//main//text()")).strip()[:500])
        inline = page.xpath("//@data-stripe-inline-form-values")
        consents = page.xpath("//*[@name='training_recap_consents']")[0]
        self._accepted = {
            "terms": int(consents.get("data-terms")),
            "consents": consents.xpath(".//input[@required]/@name"),
        }
        self._payment = {
            **forms[0].attrib,
            **radios[0].attrib,
            **(json.loads(inline[0]) if inline else {}),
        }

    def start_payment(self, flow: str = "direct") -> dict:
        """Press « pay »: create the transaction, for which the seats are held.

        :param flow: ``redirect`` where the provider has a page of its own
        :return: the values with which the provider's script goes on
        :raise Refused: when the seats are gone or the order may not be paid
        """
        values = self._payment
        processing = self.rpc(
            values["data-transaction-route"],
            provider_id=int(values["data-provider-id"]),
            payment_method_id=int(values["data-payment-option-id"]),
            token_id=None,
            amount=float(values["data-amount"]),
            flow=flow,
            tokenization_requested=False,
            landing_route=values["data-landing-route"],
            is_validation=False,
            access_token=values["data-access-token"],
            training_accepted=self._accepted,
        )
        self.reference = processing["reference"]
        self.order_id = int(values["data-transaction-route"].rpartition("/")[2])
        self._payment = {**values, **processing}
        return processing

    def confirm(self, stripe: Stripe, card: str = CARD) -> dict:
        """Pay by card at the provider; nothing of it passes through the site."""
        return stripe.confirm(
            self._payment["publishable_key"], self._payment["client_secret"], card
        )

    def come_back(self) -> str:
        """Return from the provider to the site, and wait for the outcome.

        :return: the state of the payment
        """
        secret = self._payment["client_secret"]
        self.get(
            self._payment["return_url"],
            payment_intent=secret.partition("_secret_")[0],
            payment_intent_client_secret=secret,
            redirect_status="succeeded",
        )
        return self.wait_for_outcome()

    def buy(self, session_id: int, stripe: Stripe, learners: int = 1) -> str:
        """Make the whole purchase and return the state of its payment."""
        self.fill_cart(session_id, learners)
        self.read_payment_page()
        self.start_payment()
        self.confirm(stripe)
        return self.come_back()

    def _purchase_form(self, page, learners: int) -> dict:
        fields = html.fromstring(page.content).xpath(
            "//form[contains(@class, 'o_training_purchase_form')]"
        )
        if not fields:
            raise Refused(_alert(page))
        totals = json.loads(fields[0].get("data-totals"))
        form = {
            "csrf_token": _value(fields[0], "csrf_token"),
            "shown_total": totals[learners - 1]["total"],
            "buyer_kind": "company",
            "country_code": "FR",
            "company_name": f"Menuiserie {self.name}",
            "siret": SIRET,
            "contact_name": f"Claire {self.name}",
            "email": f"{self.name}@acheteurs.example.com",
            "phone": "+33 1 23 45 67 89",
            "street": "1 rue de la Paix",
            "zip": "75002",
            "city": "Paris",
            "learner_count": str(learners),
        }
        for number in range(1, learners + 1):
            form[f"learner_{number}_name"] = f"Stagiaire {self.name} {number}"
            form[f"learner_{number}_email"] = f"{self.name}.{number}@example.com"
        return form


def _value(form, name: str) -> str:
    return form.xpath(f".//input[@name='{name}']/@value")[0]


def _alert(page) -> str:
    """Return the words with which a page refuses."""
    alerts = html.fromstring(page.content).xpath(
        "//*[@role='alert' or contains(@class, 'invalid-feedback')]"
    )
    words = " ".join(" ".join(alert.itertext()) for alert in alerts)
    return " ".join(words.split()) or f"{page.status_code} {page.url}"
