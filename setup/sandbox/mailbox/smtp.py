# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""As much SMTP as Odoo speaks: a letter is taken whole, to whomever it is."""

import contextlib
import socketserver


def server(address, letters) -> socketserver.BaseServer:
    """Return a server that keeps what it is given in ``letters``."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            with contextlib.suppress(ConnectionError):
                _converse(self.rfile, self.wfile, letters)

    return Server(address, Handler)


class Server(socketserver.ThreadingTCPServer):
    """A server whose port can be taken again at once."""

    allow_reuse_address = True
    daemon_threads = True


def _converse(lines, answers, letters) -> None:
    answers.write(b"220 mailbox\r\n")
    for line in lines:
        word = line[:4].strip().upper()
        if word == b"DATA":
            answers.write(b"354 go on\r\n")
            letters.keep(_read_letter(lines))
        answers.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        if word == b"QUIT":
            return


def _read_letter(lines) -> bytes:
    content = []
    for line in lines:
        if line.rstrip(b"\r\n") == b".":
            break
        # A line that begins with a dot is sent with a second one.
        content.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(content)
