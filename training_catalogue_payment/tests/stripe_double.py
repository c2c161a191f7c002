# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small Stripe on 127.0.0.1, in the test's own process, that can fail on demand.

It answers the calls of the gateway over real HTTP, so that time-outs, lost answers and
the library's own behaviour are the real ones. Browser journeys use the sandbox instead.
"""

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl, urlsplit

SECRET_KEY = "sk_test_ours123"
PUBLISHABLE_KEY = "pk_test_ours123"


def make_account(account_id="acct_ours", **values):
    """Return an account as Stripe describes it."""
    return {
        "id": account_id,
        "object": "account",
        "country": "FR",
        "default_currency": "eur",
        "charges_enabled": True,
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": "Académie du Rivage"}},
        "business_profile": {"name": "Rivage"},
        **values,
    }


class StripeRefusal(Exception):
    """An error answer: status, code and message."""


class StripeDouble:
    """The state of the double, and what it does with one request."""

    def __init__(self):
        self.accounts = {"acct_ours": make_account()}
        self.secret_keys = {SECRET_KEY: "acct_ours"}
        self.publishable_keys = {PUBLISHABLE_KEY: "acct_ours"}
        self.objects = {}
        self.owners = {}
        self.replays = {}
        self.faults = []
        self.journal = []
        self.lock = threading.Lock()
        self.numbers = count(1)

    def start(self):
        """Listen on a free port; return the base address."""
        handler = type("Handler", (_Handler,), {"double": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, args=(0.01,), daemon=True
        ).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        """Free the port."""
        self.server.shutdown()
        self.server.server_close()

    def fail(self, method, path, action, times=1):
        """Make the next calls fail: a status, ``lost`` (done, no answer), ``cut``."""
        self.faults += [(method, path, action)] * times

    def calls(self, method, path):
        """Return the journal's calls of a kind."""
        return [call for call in self.journal if call[:2] == (method, path)]

    def add(self, kind, prefix, owner="acct_ours", **values):
        """Store an object and return it."""
        values.setdefault("id", f"{prefix}_{next(self.numbers)}")
        self.objects[values["id"]] = {"object": kind, **values}
        self.owners[values["id"]] = owner
        return self.objects[values["id"]]

    def add_payment(self, amount, reference, status="succeeded", **values):
        """Store a payment intent of the 2019-05-16 shape."""
        method = {"id": "pm_1", "type": "card", "card": {"brand": "visa"}}
        return self.add(
            "payment_intent",
            "pi",
            amount=amount,
            currency="eur",
            description=reference,
            status=status,
            payment_method=method,
            customer="cus_1",
            charges={"data": []},
            **values,
        )

    def take_fault(self, method, path):
        """Return the fault ordered for this call, once."""
        for fault in self.faults:
            if fault[:2] == (method, path):
                self.faults.remove(fault)
                return fault[2]
        return None

    def answer(self, method, path, params, headers):
        """Do what was asked, once per idempotency key."""
        key = headers.get("Idempotency-Key")
        with self.lock:
            self.journal.append((method, path, params, key))
            bearer = headers.get("Authorization", "").removeprefix("Bearer ")
            account = self.secret_keys.get(bearer)
            is_public = not account and bearer in self.publishable_keys
            account = account or self.publishable_keys.get(bearer)
            if not account:
                raise StripeRefusal(401, None, f"Invalid API Key provided: {bearer}")
            if method == "POST" and path == "refunds" and key in self.replays:
                return self.replays[key]
            parts = path.split("/")
            action = getattr(self, f"_{method.lower()}_{parts[0]}")
            result = action(account, params, *parts[1:])
            if is_public and params.get("client_secret") != result.get("client_secret"):
                raise StripeRefusal(401, None, "Not with a publishable key.")
            self.replays[key] = result
            return result

    def _find(self, account, object_id):
        if self.owners.get(object_id) != account:
            raise StripeRefusal(404, "resource_missing", f"No such object: {object_id}")
        return self.objects[object_id]

    def _get_account(self, account, params):
        return self.accounts[account]

    def _get_payment_intents(self, account, params, object_id):
        return self._find(account, object_id)

    _get_setup_intents = _get_charges = _get_webhook_endpoints = _get_payment_intents
    _get_disputes = _get_payment_intents

    def _post_payment_intents(self, account, params, object_id, action):
        intent = self._find(account, object_id)
        if intent["status"] in ("succeeded", "processing", "canceled"):
            raise StripeRefusal(
                400, "payment_intent_unexpected_state", f"It is {intent['status']}."
            )
        intent["status"] = "canceled"
        return intent

    def _post_setup_intents(self, account, params, object_id=None, action=None):
        if object_id:
            self._find(account, object_id)["status"] = "canceled"
            return self._find(account, object_id)
        intent = self.add(
            "setup_intent", "seti", account, status="requires_confirmation"
        )
        intent["client_secret"] = f"{intent['id']}_secret_abc"
        return intent

    def _post_webhook_endpoints(self, account, params):
        return self.add(
            "webhook_endpoint",
            "we",
            account,
            url=params["url"],
            status="enabled",
            secret="whsec_double",
            enabled_events=[v for k, v in params.items() if "enabled_events" in k],
            api_version=params["api_version"],
        )

    def _delete_webhook_endpoints(self, account, params, object_id):
        self._find(account, object_id)
        del self.owners[object_id]
        return {"id": object_id, "deleted": True}

    def _get_events(self, account, params):
        types = {v for k, v in params.items() if k.startswith("types[")}
        since, until = (int(params[f"created[{end}]"]) for end in ("gte", "lte"))
        events = [
            one
            for one in self.objects.values()
            if one["object"] == "event"
            and self.owners[one["id"]] == account
            and one["type"] in types
            and since <= one["created"] <= until
        ]
        return {"data": events, "has_more": False}

    def _refunds_of(self, intent_id):
        return [
            one
            for one in self.objects.values()
            if one["object"] == "refund" and one["payment_intent"] == intent_id
        ]

    def _get_refunds(self, account, params, object_id=None):
        if object_id:
            return self._find(account, object_id)
        refunds = self._refunds_of(params["payment_intent"])[::-1]
        ids = [refund["id"] for refund in refunds]
        if after := params.get("starting_after"):
            refunds = refunds[ids.index(after) + 1 :]
        size = int(params.get("limit", 10))
        return {"data": refunds[:size], "has_more": len(refunds) > size}

    def _post_refunds(self, account, params):
        intent = self._find(account, params["payment_intent"])
        amount = int(params["amount"])
        refunded = sum(
            refund["amount"]
            for refund in self._refunds_of(intent["id"])
            if refund["status"] != "failed"
        )
        if refunded + amount > intent["amount"]:
            raise StripeRefusal(400, "charge_already_refunded", "More than was paid.")
        return self.add(
            "refund",
            "re",
            account,
            amount=amount,
            currency=intent["currency"],
            payment_intent=intent["id"],
            status="succeeded",
            metadata={
                key.removeprefix("metadata[").removesuffix("]"): value
                for key, value in params.items()
                if key.startswith("metadata[")
            },
        )


class BalanceDouble(StripeDouble):
    """The double, with a balance that moves."""

    def move(self, category, amount, fee=0, source=None, created=0, **values):
        """Store a movement of the balance; return it."""
        return self.add(
            "balance_transaction",
            "txn",
            type=values.pop("type", category),
            reporting_category=category,
            amount=amount,
            fee=fee,
            net=amount - fee,
            currency=values.pop("currency", "eur"),
            created=created,
            available_on=created + 2 * 86400,
            source=source or {"id": f"src_{category}"},
            payout=values.pop("payout", None),
            **values,
        )

    def _movements(self):
        return [
            one
            for one in self.objects.values()
            if one["object"] == "balance_transaction"
        ]

    def _get_balance(self, account, params):
        total = sum(movement["net"] for movement in self._movements())
        pending = sum(movement.get("pending", 0) for movement in self._movements())
        return {
            "available": [{"currency": "eur", "amount": total - pending}],
            "pending": [{"currency": "eur", "amount": pending}],
        }

    def _get_balance_transactions(self, account, params):
        payout = params.get("payout")
        since = int(params.get("created[gte]", 0))
        found = [
            movement
            for movement in self._movements()[::-1]
            if (not payout or movement["payout"] == payout)
            and movement["created"] >= since
        ]
        ids = [movement["id"] for movement in found]
        if after := params.get("starting_after"):
            found = found[ids.index(after) + 1 :]
        size = min(int(params.get("limit", 10)), self.page_size)
        return {"data": found[:size], "has_more": len(found) > size}

    page_size = 100


class _Handler(BaseHTTPRequestHandler):
    """One request: parse, order a fault or let the double answer."""

    double = None

    def _handle(self):
        length = int(self.headers.get("Content-Length") or 0)
        url = urlsplit(self.path)
        body = self.rfile.read(length).decode() or url.query
        path = url.path.removeprefix("/v1/")
        fault = self.double.take_fault(self.command, path)
        if fault == "cut":
            return self._hang_up()
        if isinstance(fault, int):
            return self._write(fault, {"error": {"message": "As ordered."}})
        try:
            result = self.double.answer(
                self.command, path, dict(parse_qsl(body)), self.headers
            )
        except StripeRefusal as refusal:
            status, code, message = refusal.args
            return self._write(status, {"error": {"code": code, "message": message}})
        if fault == "lost":
            return self._hang_up()
        return self._write(200, result)

    do_GET = do_POST = do_DELETE = _handle

    def _hang_up(self):
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def _write(self, status, result):
        content = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Request-Id", "req_double")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Say nothing on the console."""
