# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a test asks of the stand-in of Mangopay, and a buyer who pays there."""

from urllib.parse import urlsplit

import requests
from lxml import html

from .buyer import Buyer, Visitor

CLIENT = "faults"
CARD = "4970107111111119"


class Mangopay:
    """The stand-in, seen from outside of Odoo."""

    def __init__(self, url: str):
        self.url = url

    def fault(self, **fault) -> None:
        """Have the stand-in do something wrong, see its README."""
        requests.post(f"{self.url}/_faults", json=fault, timeout=10).raise_for_status()

    def has_struck(self) -> bool:
        """Tell whether no fault waits any more."""
        answer = requests.get(f"{self.url}/_faults", timeout=10)
        answer.raise_for_status()
        return not answer.json()

    def forget_faults(self) -> None:
        """Have the stand-in behave again."""
        requests.delete(f"{self.url}/_faults", timeout=10).raise_for_status()

    def act(self, action: str, id_: str, **data) -> dict:
        """Be a bank, a person or Mangopay."""
        path = f"{self.url}/_do/{action}/{id_}"
        answer = requests.post(path, json=data, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def settings(self, **values) -> None:
        """Change rules and times of the stand-in, see its README."""
        path = f"{self.url}/_settings"
        requests.post(path, json=values, timeout=10).raise_for_status()

    def rows(self, table: str, **fields) -> list[dict]:
        """Return the objects of a kind that have these values."""
        state = requests.get(f"{self.url}/_state", timeout=10).json()
        rows = state["clients"].get(CLIENT, {}).get(table, [])
        return [
            row for row in rows if all(row.get(name) == fields[name] for name in fields)
        ]

    def held(self) -> int:
        """Return what all wallets hold; the books must be right."""
        books = requests.get(f"{self.url}/_ledger", timeout=10).json()[CLIENT]
        assert books["wrong"] == []
        ids = {row["Id"] for row in self.rows("wallet")}
        return sum(amount for name, amount in books["balances"].items() if name in ids)


class MarketBuyer(Buyer):
    """A buyer of a seller's course, who pays on Mangopay's page."""

    def press_pay(self, session_id: int) -> None:
        """Fill in everything and press « pay »; our second request is not made yet."""
        self.sign_up()
        self.fill_cart(session_id)
        self.read_payment_page()
        processing = self.start_payment(flow="redirect")
        form = html.fromstring(processing["redirect_form_html"])
        self.start = form.get("action")
        self.query = {one.get("name"): one.get("value") for one in form.inputs}

    def sign_up(self) -> None:
        """Create an account: nobody buys a seller's course without one."""
        page = html.fromstring(self.get("/web/signup").content)
        form = {
            "csrf_token": page.xpath("//input[@name='csrf_token']/@value")[-1],
            "login": f"{self.name}@buyers.example.com",
            "name": self.name,
            "password": f"password of {self.name}",
            "confirm_password": f"password of {self.name}",
        }
        self.call("POST", "/web/signup", data=form)

    def open_start(self):
        """Make our second request, as the browser does; return the answer."""
        return self.call("GET", self.start, params=self.query, allow_redirects=False)

    def go_to_mangopay(self) -> str:
        """Return the id of the pay-in whose page our second request leads to; empty
        while we are told to wait."""
        address = self.open_start().headers.get("Location", "")
        query = dict(
            part.split("=", 1) for part in urlsplit(address).query.split("&") if part
        )
        return query.get("transactionId", "")

    def return_to_site(self) -> str:
        """Come back from Mangopay's page; return the address this leads to."""
        path = self.start.replace("/start", "/return")
        answer = self.call("GET", path, params=self.query, allow_redirects=False)
        return answer.headers.get("Location", "")


class Seller(Visitor):
    """Somebody of a seller, on « My payments »; the password is the login."""

    PAGE = "/my/mangopay"
    IDENTITY = {
        "legal_form": "company",
        "company_number": "732 829 320 00074",
        "street": "3 rue du Port",
        "zip": "17000",
        "city": "La Rochelle",
        "country": "FR",
        "email": "contact@atelier.example",
        "firstname": "Claire",
        "lastname": "Dupuis",
        "rep_email": "claire@atelier.example",
        "birthdate": "1980-05-04",
        "nationality": "FR",
        "residence": "FR",
        "terms": "1",
    }

    def sign_in(self) -> None:
        """Sign in, under their own name."""
        form = {"login": self.name, "password": self.name}
        self.post("/web/login", read="/web/login", **form)

    def post(self, path: str, read: str = PAGE, files=None, **form):
        """Read a page, and post one of its forms; return the answer."""
        page = html.fromstring(self.get(read).content)
        form["csrf_token"] = page.xpath("//input[@name='csrf_token']/@value")[0]
        return self.call("POST", path, data=form, files=files, allow_redirects=False)

    def give_identity(self):
        """Step 1: who the seller is, and the terms."""
        return self.post(f"{self.PAGE}/identity", **self.IDENTITY)

    def give_account(self, iban: str, holder: str):
        """Step 4: where the seller is paid."""
        return self.post(f"{self.PAGE}/bank", iban=iban, holder=holder)

    def give_document(self, kind: str, content: bytes):
        """Step 3: a document."""
        files = {"pages": ("document.png", content, "image/png")}
        return self.post(f"{self.PAGE}/document", files=files, document_type=kind)
