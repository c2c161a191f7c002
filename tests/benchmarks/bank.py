# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A Mangopay that does at once what it is asked, so that only our share is measured."""

import contextlib
import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """What is made is CREATED; whoever looks at it finds that it SUCCEEDED."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Say nothing."""

    def do_GET(self):
        """Show an object."""
        made = self.server.objects[self.path.rpartition("/")[2]]
        self._answer({**made, "Status": "SUCCEEDED"})

    def do_POST(self):
        """Give a token, or make an object."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/oauth/token"):
            token = {"access_token": "t", "token_type": "bearer", "expires_in": 3600}
            return self._answer(token)
        made = {
            **json.loads(body),
            "Id": f"payout_{next(self.server.numbers)}",
            "Status": "CREATED",
            "CreationDate": int(time.time()),
            "ExecutionDate": int(time.time()),
            "ResultCode": "000000",
        }
        self.server.objects[made["Id"]] = made
        return self._answer(made)

    def _answer(self, body):
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextlib.contextmanager
def open_bank():
    """Lend its address as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.objects, server.numbers = {}, itertools.count(1)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with open_bank() as address:
        print(address, flush=True)
        threading.Event().wait()
