# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small Mangopay on 127.0.0.1, in the test's own process, that can fail on demand.

It answers over real HTTP to the real SDK, so that time-outs, lost answers and the
SDK's own ways are the real ones. Journeys use the stand-in of the sandbox instead.
"""

import base64
import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlsplit

CLIENT_ID = "rivage"
API_KEY = "key-of-the-test-42"
# What an object is when it has just been made, by the last word of its address.
STATUS = {
    "web": "CREATED",
    "bankwire": "CREATED",
    "direct": "CREATED",
    "transfers": "SUCCEEDED",
    "refunds": "SUCCEEDED",
    "recipients": "PENDING",
    "documents": "CREATED",
    "hooks": "ENABLED",
    "identity-verifications": "PENDING",
    "ubodeclarations": "CREATED",
}


class MangopayDouble:
    """The state of the double, and what it does with one request."""

    def __init__(self):
        self.objects = {}
        self.responses = {}
        self.events = []
        self.faults = []
        self.answers = {}
        self.journal = []
        self.tokens = []
        self.headers = {}
        self.api_key = API_KEY
        self.lock = threading.Lock()
        self.numbers = count(1)

    def start(self):
        """Listen on a free port; return the base address of the API."""
        handler = type("Handler", (_Handler,), {"double": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, args=(0.01,), daemon=True
        ).start()
        return f"http://127.0.0.1:{self.server.server_port}/v2.01/"

    def stop(self):
        """Free the port."""
        self.server.shutdown()
        self.server.server_close()

    def fail(self, method, path, action, times=1):
        """Make the next calls fail.

        :param action: a status; ``lost`` (done, no answer); ``cut`` (not even read);
            or an answer, (status, body, headers)
        """
        self.faults += [(method, path, action)] * times

    def answer(self, method, path, status, body, headers=None):
        """Always give this answer."""
        self.answers[method, path] = status, body, headers or {}

    def calls(self, method, path):
        """Return the bodies and headers of the calls of a kind, with their query."""
        return [call[2:] for call in self.journal if call[:2] == (method, path)]

    def add(self, path, **values):
        """Store an object made at an address, and return it."""
        parts = path.split("/")
        number = next(self.numbers)
        made = {
            "Id": f"{parts[-1]}_{number}",
            "CreationDate": int(time.time()),
            "Status": STATUS.get(parts[-1]),
            "path": path,
            **values,
        }
        if len(parts) > 2 and parts[-1] == "refunds":
            made["InitialTransactionId"] = parts[1]
        if parts[-1] == "web":
            made["RedirectURL"] = f"https://pay.example/{number}"
        if "bankwire" in parts:
            made["PaymentType"] = "BANK_WIRE"
            made["WireReference"] = f"WIRE{number}"
            made["BankAccount"] = {"OwnerName": "MANGOPAY", "IBAN": "FR76", "BIC": "M"}
        if "DebitedFunds" in made:
            made.update(ResultCode="000000", ResultMessage="Success")
        self.objects[made["Id"]] = made
        return made

    def happen(self, event_type, object_id, date=None):
        """Write an event in the list of events."""
        event = {
            "EventType": event_type,
            "ResourceId": object_id,
            "Date": date or int(time.time()),
        }
        self.events.append(event)

    def perform(self, method, parts, query, body, key):
        """Do what is asked; return the status and the body of the answer."""
        path = "/".join(parts)
        if (method, path) in self.answers:
            return self.answers[method, path]
        if method == "POST":
            return self._make(path, body, key)
        if method == "DELETE":
            return 204, None, {}
        return self._look(method, parts, query, body)

    def _make(self, path, body, key):
        if key in self.responses:
            return refuse(409, "idempotent_creation_conflict")
        made = self.add(path, **(body or {}))
        shown = {name: one for name, one in made.items() if name != "path"}
        if key:
            self.responses[key] = {"StatusCode": "200", "Resource": shown}
        return (204, None, {}) if path.endswith("pages") else (200, shown, {})

    def _look(self, method, parts, query, body):
        if parts[0] == "responses":
            found = self.responses.get(parts[-1])
            return (200, found, {}) if found else refuse(404, "ressource_not_found")
        if parts[0] == "events":
            return self._page(self._find_events(query), query)
        if parts == ["clients"]:
            return 200, {"ClientId": CLIENT_ID, "Name": "Académie du Rivage"}, {}
        found = self.objects.get(parts[-1])
        if found and method == "PUT":
            found.update(body)
        if found:
            return 200, {one: found[one] for one in found if one != "path"}, {}
        listed = [
            one for one in self.objects.values() if one["path"] == "/".join(parts)
        ]
        if listed or parts[-1] in {*STATUS, "wallets", "users", "transactions"}:
            return self._page(listed, query)
        return refuse(404, "ressource_not_found")

    def _find_events(self, query):
        after = int(query.get("AfterDate", [0])[0])
        before = int(query.get("BeforeDate", [2**40])[0])
        return [
            one
            for one in self.events
            if one["EventType"] == query["EventType"][0]
            and after <= one["Date"] <= before
        ]

    def _page(self, objects, query):
        size, page = int(query["per_page"][0]), int(query["page"][0])
        pages = -(-len(objects) // size)
        shown = objects[(page - 1) * size : page * size]
        return 200, shown, {"x-number-of-pages": str(pages)}


def refuse(status, code, message="Refused.", **fields):
    """Return an error as Mangopay writes it."""
    body = {
        "Message": message,
        "Type": code,
        "Id": "9c1f-uuid#1790000000",
        "Date": 1790000000.0,
        "errors": fields or None,
    }
    return status, body, {}


def refuse_recipient(**fields):
    """Return an error as Mangopay writes it of a recipient: « Errors », and a code
    before each sentence."""
    status, body, headers = refuse(400, "param_error")
    del body["errors"]
    return status, {**body, "Errors": fields}, headers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Say nothing: the journal knows."""

    def do_GET(self):
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET

    def _serve(self):
        address = urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(text) if text else None
        parts = address.path.removeprefix("/v2.01/").split("/")
        if parts == ["oauth", "token"]:
            return self._answer(*self._give_token(body))
        parts, query = parts[1:], parse_qs(address.query)
        path, double = "/".join(parts), self.double
        with double.lock:
            call = (self.command, path, body, dict(self.headers), query)
            double.journal.append(call)
            fault = self._take_fault(path)
            if fault == "cut":
                return self._cut()
            if isinstance(fault, int):
                return self._answer(*refuse(fault, "fault"))
            if isinstance(fault, tuple):
                return self._answer(*fault)
            if self.headers["Authorization"] != f"bearer {double.tokens[-1]}":
                return self._answer(*refuse(401, "invalid_credentials"))
            key = self.headers["Idempotency-Key"]
            answer = double.perform(self.command, parts, query, body, key)
        return self._cut() if fault == "lost" else self._answer(*answer)

    def _take_fault(self, path):
        for fault in self.double.faults:
            if fault[:2] == (self.command, path):
                self.double.faults.remove(fault)
                return fault[2]
        return None

    def _give_token(self, body):
        double = self.double
        double.journal.append(("POST", "oauth/token", body, dict(self.headers), {}))
        fault = self._take_fault("oauth/token")
        if fault:
            return refuse(fault, "fault")
        known = base64.b64encode(f"{CLIENT_ID}:{double.api_key}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {known}":
            return refuse(401, "invalid_credentials")
        double.tokens.append(f"token-{len(double.tokens) + 1}")
        token = {"access_token": double.tokens[-1], "token_type": "bearer"}
        return 200, {**token, "expires_in": 1200}, {}

    def _cut(self):
        """Close at once, as a machine that disappears."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def _answer(self, status, body, headers):
        text = b"" if body is None else body
        if not isinstance(text, bytes):
            text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**self.double.headers, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
