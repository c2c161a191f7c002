# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A mail server that keeps what it is given, and that can be down."""

import contextlib
import socketserver
import threading


class Mailbox:
    """An SMTP server on a port of 127.0.0.1; closed, it refuses every connection."""

    def __init__(self):
        self.letters = []
        self._server = None
        self.port = 0

    def open(self):
        """Answer from now on, always on the same port."""
        if self._server:
            return
        letters = self.letters

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(ConnectionError):
                    _converse(self.rfile, self.wfile, letters)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", self.port), Handler
        )
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Answer no more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def to(self, address: str) -> list[str]:
        """Return the letters sent to this address."""
        return [text for people, text in self.letters if address in people]


def _converse(lines, answers, letters):
    """Speak as much SMTP as Odoo needs."""
    answers.write(b"220 mailbox\r\n")
    people = []
    for line in lines:
        word = line[:4].upper()
        if word == b"RCPT":
            people.append(line.decode().partition("<")[2].partition(">")[0])
        if word == b"DATA":
            answers.write(b"354 go on\r\n")
            letters.append((people, _read_letter(lines)))
            people = []
        answers.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        if word == b"QUIT":
            return


def _read_letter(lines) -> str:
    text = []
    for line in lines:
        if line.rstrip(b"\r\n") == b".":
            break
        text.append(line)
    return b"".join(text).decode(errors="replace")
