# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Stripe stand-in as a process, and a listener for its webhooks."""

import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import requests
import stripe

PROGRAM = Path(__file__).resolve().parents[2] / "setup" / "sandbox" / "stripe"
QUICK = ("--webhook-delay=0.02", "--retry-delays=0.1,0.2", "--async-delay=0.2")


def free_port():
    """A port that nobody listens to."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, seconds=10):
    """Wait until ``condition()`` is true, and give its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"never true in {seconds} s")


class StandIn:
    """A running stand-in."""

    program = PROGRAM
    quick = QUICK

    def __init__(self, state, *options, port=None):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = subprocess.Popen(
            [
                sys.executable,
                str(self.program),
                f"--port={self.port}",
                f"--state={state}",
                *(options or self.quick),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        wait_until(self._is_up, seconds=20)

    def _is_up(self):
        if self._process.poll() is not None:
            raise AssertionError(self._process.stderr.read().decode())
        try:
            return self.get("/_health")["status"] == "ok"
        except requests.ConnectionError:
            return False

    def stop(self, kill=False):
        """End the process, politely or not."""
        self._process.kill() if kill else self._process.terminate()
        self._process.wait(timeout=10)
        self._process.stderr.close()

    def client(self, key="sk_test_acme_1", **options):
        """The unmodified SDK, pointed here; retries only when asked for."""
        options.setdefault("max_network_retries", 0)
        return stripe.StripeClient(key, base_addresses={"api": self.url}, **options)

    def get(self, path, /, **query):
        """GET a control path."""
        return requests.get(self.url + path, params=query, timeout=10).json()

    def post(self, path, data=None):
        """POST JSON to a control path."""
        answer = requests.post(self.url + path, json=data or {}, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def page(self):
        """The page for people."""
        return requests.get(self.url, timeout=10).text

    def fault(self, **fault):
        """Order a fault."""
        return self.post("/_faults", fault)

    def browser(self, method, path, key="pk_test_acme_1", **data):
        """A call as a browser makes it, with the publishable key."""
        data["key"] = key
        where = {"params" if method == "GET" else "data": data}
        return requests.request(method, f"{self.url}/v1/{path}", timeout=10, **where)


class Listener:
    """An HTTP server that keeps what it receives, and answers as it is told."""

    def __init__(self):
        self.received = []
        self.statuses = []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((dict(self.headers), body.decode()))
                status = listener.statuses.pop(0) if listener.statuses else 200
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def events(self):
        """The bodies, read."""
        return [json.loads(body) for _headers, body in self.received]

    @property
    def types(self):
        """The types of the events, in the order of their arrival."""
        return [event["type"] for event in self.events]

    def wait_for(self, count):
        """Wait until this many deliveries came, and give the events."""
        wait_until(lambda: len(self.received) >= count)
        return self.events
