# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The pages: the list of letters, a letter, a file that is attached to it."""

import html
import http.server
import re
from http import HTTPStatus

STYLE = "font-family: sans-serif; max-width: 60em; margin: 2em auto"
# What is in a letter is shown, not run: no script, nothing fetched from elsewhere.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:"
LETTER = re.compile(r"/(\d{1,6})(?:/(\d{1,3}|body))?")


def server(address, letters) -> http.server.ThreadingHTTPServer:
    """Return a server of pages that show ``letters``."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            _answer(self, letters)

        def log_message(self, *_arguments):
            """Say nothing: the letters are the log."""

    return http.server.ThreadingHTTPServer(address, Handler)


def _answer(request, letters) -> None:
    found = LETTER.fullmatch(request.path)
    letter = letters.one(int(found[1])) if found else None
    if request.path == "/":
        _send(request, _list(letters.all()))
    elif not letter:
        _send(request, "No such letter.", status=HTTPStatus.NOT_FOUND)
    elif found[2] is None:
        _send(request, _frame(found[1], letter))
    elif found[2] == "body":
        _send(request, _body(letter), policy=f"sandbox; {POLICY}")
    else:
        _send_file(request, list(letter.iter_attachments()), int(found[2]))


def _list(letters) -> str:
    lines = "".join(
        f"<tr><td>{_said(letter, 'Date')}</td><td>{_said(letter, 'To')}</td>"
        f'<td><a href="/{number}">{_said(letter, "Subject")}</a></td></tr>'
        for number, letter in letters
    )
    return _page("Letters", f"<table cellpadding='6'>{lines}</table>")


def _frame(number: str, letter) -> str:
    names = [part.get_filename() or "file" for part in letter.iter_attachments()]
    files = " ".join(
        f'<a href="/{number}/{rank}">{html.escape(name)}</a>'
        for rank, name in enumerate(names)
    )
    heads = "".join(
        f"<div><b>{name}</b> {_said(letter, name)}</div>"
        for name in ("From", "To", "Cc", "Date")
        if letter[name]
    )
    frame = f'<iframe src="/{number}/body" sandbox width="100%" height="900"></iframe>'
    return _page(_said(letter, "Subject"), f"{heads}<p>{files}</p>{frame}")


def _body(letter) -> str:
    part = letter.get_body(("html", "plain"))
    if part is None:
        return ""
    text = part.get_content()
    is_html = part.get_content_subtype() == "html"
    return text if is_html else f"<pre>{html.escape(text)}</pre>"


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><meta charset="utf-8"><title>{title}</title>'
        f'<body style="{STYLE}"><a href="/">Letters</a><h2>{title}</h2>{content}'
    )


def _said(letter, name: str) -> str:
    return html.escape(str(letter[name] or ""))


def _send_file(request, parts, rank: int) -> None:
    if rank >= len(parts):
        _send(request, "No such file.", status=HTTPStatus.NOT_FOUND)
        return
    content = parts[rank].get_payload(decode=True) or b""
    is_pdf = parts[rank].get_content_type() == "application/pdf"
    kind = "application/pdf" if is_pdf else "application/octet-stream"
    _write(request, content, {"Content-Type": kind})


def _send(request, text: str, status=HTTPStatus.OK, policy=None) -> None:
    framed = f"{POLICY}; frame-src 'self'"
    headers = {"Content-Security-Policy": policy or framed}
    headers["Content-Type"] = "text/html; charset=utf-8"
    _write(request, text.encode(), headers, status)


def _write(request, content: bytes, headers: dict, status=HTTPStatus.OK) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
