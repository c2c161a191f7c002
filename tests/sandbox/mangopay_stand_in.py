# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Mangopay stand-in as a process, clients for it, and a listener for its hooks."""

import http.server
import re
import threading
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import mangopay
import requests
from mangopay.auth import StorageStrategyBase
from stand_in import StandIn, wait_until

PROGRAM = Path(__file__).resolve().parents[2] / "setup" / "sandbox" / "mangopay"
ADDRESS = {
    "AddressLine1": "1 rue de Lyon",
    "City": "Paris",
    "PostalCode": "75012",
    "Country": "FR",
}
FRICTIONLESS, CHALLENGE = "4970107111111119", "4970105181818183"
REFUSED = "4242424242424242"
IBAN = "FR7630004000031234567890143"
BROWSER = {
    "AcceptHeader": "text/html",
    "JavaEnabled": False,
    "JavascriptEnabled": True,
    "Language": "FR",
    "ColorDepth": 24,
    "ScreenHeight": 900,
    "ScreenWidth": 1400,
    "TimeZoneOffset": 60,
    "UserAgent": "Test",
}


def eur(amount):
    """Euros, in cents."""
    return {"Currency": "EUR", "Amount": amount}


class MangopayStandIn(StandIn):
    """A running stand-in of Mangopay."""

    program = PROGRAM
    quick = ("--hook-delay=0.01", "--bank-delay=0")

    def set(self, **settings):
        """Change how it behaves."""
        return self.post("/_settings", settings)

    def do(self, action, id_, **data):
        """Be Mangopay, a bank, or a person."""
        return self.post(f"/_do/{action}/{id_}", data)

    def advance(self, seconds):
        """Move its clock."""
        return self.post("/_clock", {"advance": seconds})["now"]

    def books(self, client="acme"):
        """Balances of a client, once the books are known to be right."""
        found = self.get("/_ledger")[client]
        assert found["wrong"] == []
        return found["balances"]

    def sdk(self, client_id="acme", key="key-of-acme"):
        """The unmodified SDK, pointed here.

        Some of its helpers ignore the handler they are given, and use one that is made
        once for the whole process: so that one is pointed here.
        """
        mangopay.client_id, mangopay.apikey = client_id, key
        handler = mangopay.get_default_handler()
        handler.client_id, handler.apikey = client_id, key
        handler.api_url, handler.timeout = f"{self.url}/v2.01/", 5
        handler.auth_manager.storage_strategy = Tokens()
        return handler


class Tokens(StorageStrategyBase):
    """Tokens of one handler, and of no other."""

    def __init__(self):
        self.kept = {}

    def get(self, env_key):
        return self.kept.get(env_key)

    def store(self, token, env_key):
        self.kept[env_key] = token


class Api:
    """A plain HTTP client: any client must be served, not the SDK alone."""

    def __init__(self, sandbox, client_id="acme", key="key-of-acme"):
        self.sandbox, self.client_id, self.key = sandbox, client_id, key
        self.token = self.log_in().json()["access_token"]

    def log_in(self):
        """Ask for a token."""
        return requests.post(
            f"{self.sandbox.url}/v2.01/oauth/token",
            auth=(self.client_id, self.key),
            data={"grant_type": "client_credentials"},
            timeout=5,
        )

    def request(
        self, method, path, body=None, idempotency_key=None, timeout=5, **query
    ):
        """A request, and its whole response."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        return requests.request(
            method,
            f"{self.sandbox.url}/v2.01/{self.client_id}{path}",
            json=body,
            headers=headers,
            params=query,
            timeout=timeout,
        )

    def get(self, path, **query):
        """GET what must be there."""
        return self._good(self.request("GET", path, **query))

    def post(self, path, body=None, **options):
        """POST what must be accepted."""
        return self._good(self.request("POST", path, body or {}, **options))

    def put(self, path, body=None):
        """PUT what must be accepted."""
        return self._good(self.request("PUT", path, body or {}))

    def refused(self, method, path, body=None):
        """``(status, type)`` of what must be refused."""
        answer = self.request(method, path, body)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json().get("Type")

    @staticmethod
    def _good(answer):
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    # What journeys are made of.

    def payer(self, **values):
        """A buyer."""
        return self.post(
            "/sca/users/natural",
            {
                "FirstName": "Léa",
                "LastName": "Martin",
                "Email": "lea@example.com",
                "UserCategory": "PAYER",
                "TermsAndConditionsAccepted": False,
                **values,
            },
        )

    def owner(self, verified=True, **values):
        """A seller who enrolled, verified unless told otherwise."""
        user = self.post(
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
                **values,
            },
        )
        self.sandbox.do("authenticate", user["Id"])
        if verified:
            self.sandbox.do("verify-user", user["Id"])
        return user

    def wallet(self, user, currency="EUR"):
        """A wallet of a user."""
        return self.post(
            "/wallets",
            {"Owners": [user["Id"]], "Currency": currency, "Description": "Test"},
        )

    def web_payin(self, user, wallet, amount=12000, fees=0, **values):
        """A pay-in on the hosted page, still to be paid."""
        return self.post(
            "/payins/card/web",
            {
                "AuthorId": user["Id"],
                "CreditedWalletId": wallet["Id"],
                "DebitedFunds": eur(amount),
                "Fees": eur(fees),
                "ReturnURL": "http://127.0.0.1:1/back?order=7",
                "CardType": "CB_VISA_MASTERCARD",
                "Culture": "FR",
                **values,
            },
        )

    def paid(self, user, wallet, amount=12000, fees=0, **values):
        """A pay-in that was paid."""
        payin = self.web_payin(user, wallet, amount, fees, **values)
        return self.sandbox.do("pay", payin["Id"])

    def transfer(self, author, source, target, amount=12000, fees=0, **values):
        """A transfer from wallet to wallet."""
        return self.post(
            "/transfers",
            {
                "AuthorId": author["Id"],
                "DebitedWalletId": source["Id"],
                "CreditedWalletId": target["Id"],
                "DebitedFunds": eur(amount),
                "Fees": eur(fees),
                **values,
            },
        )

    def recipient_body(self, name="Paul Durand", iban=IBAN):
        """A recipient as the schema wants it."""
        first, _space, last = name.partition(" ")
        return {
            "DisplayName": name,
            "PayoutMethodType": "LocalBankTransfer",
            "RecipientType": "Individual",
            "Currency": "EUR",
            "Country": "FR",
            "IndividualRecipient": {
                "FirstName": first,
                "LastName": last,
                "Address": ADDRESS,
            },
            "LocalBankTransfer": {"EUR": {"IBAN": iban}},
        }

    def recipient(self, user, active=True, **values):
        """A recipient, active unless told otherwise."""
        found = self.post(
            f"/users/{user['Id']}/recipients", self.recipient_body(**values)
        )
        if active:
            self.sandbox.do("activate-recipient", found["Id"])
        return found

    def payout(self, user, wallet, recipient, amount=10000, fees=0, **values):
        """A payout."""
        return self.post(
            "/payouts/bankwire",
            {
                "AuthorId": user["Id"],
                "DebitedWalletId": wallet["Id"],
                "DebitedFunds": eur(amount),
                "Fees": eur(fees),
                "RecipientId": recipient["Id"],
                "BankWireRef": "JUIN 2026",
                **values,
            },
        )


class HookListener:
    """An HTTP server that keeps the notifications, and answers as it is told."""

    def __init__(self):
        self.received = []
        self.statuses = []
        self.wait = threading.Event()
        self.wait.set()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                query = dict(parse_qsl(urlsplit(self.path).query))
                listener.received.append(query)
                listener.wait.wait(5)
                status = listener.statuses.pop(0) if listener.statuses else 200
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?path=secret"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop listening."""
        self.wait.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def types(self):
        """The kinds of events, in the order of their arrival."""
        return [query["EventType"] for query in self.received]

    def wait_for(self, count):
        """Wait until this many came."""
        wait_until(lambda: len(self.received) >= count)
        return self.received


def token_of(url):
    """The token of a hosted page's address."""
    return re.search("token=([^&]+)", url)[1]


def log_in(api):
    """A new token, once the clock was moved."""
    api.token = api.log_in().json()["access_token"]


def outcome(row):
    """How a transaction ended."""
    return row["Status"], row["ResultCode"]


def refund(api, row, debited=None, fees=None, table="payin"):
    """Ask for a refund; of the whole unless told otherwise."""
    body = {"AuthorId": row["AuthorId"]}
    if debited is not None:
        body["DebitedFunds"] = eur(debited)
    if fees is not None:
        body["Fees"] = eur(fees)
    return api.post(f"/{table}s/{row['Id']}/refunds", body)
