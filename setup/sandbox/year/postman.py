# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Mangopay's notifications on their way to Odoo, of which no server runs here."""

import contextlib
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Postman:
    """Takes in the notifications as the server would, and hands them over later."""

    def __init__(self, port: int = 0):
        self._letters = queue.Queue()
        self._port = port
        self.url = ""

    @contextlib.contextmanager
    def at_work(self):
        """Answer on a port as long as the block lasts."""
        letters = self._letters

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: one[0] for name, one in parse_qs(parts.query).items()}
                if "/mangopay/hook/" in parts.path and "EventType" in query:
                    letters.put((parts.path.rpartition("/")[2], query))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments):
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def deliver(self, env) -> int:
        """Put what came into the inbox, as the controller does; return how many."""
        inbox = env["mangopay.event"].sudo()
        count = 0
        while not self._letters.empty():
            token, query = self._letters.get()
            inbox._receive(
                inbox._find_account(token),
                query["EventType"],
                query["RessourceId"],
                query["Date"],
            )
            count += 1
        return count
