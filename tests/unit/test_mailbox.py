# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""setup: the demonstration's mailbox keeps every letter and lets it be read."""

import smtplib
import sys
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from workshop import paths, services


@pytest.fixture
def mailbox(tmp_path, monkeypatch):
    monkeypatch.setenv("TRAINING_HOME", str(tmp_path))
    ports = services.free_port(), services.free_port()
    service = services.mailbox(*ports)
    service.command[0] = sys.executable
    with services.running(service):
        yield ports


def letter(**changes):
    message = EmailMessage()
    heads = {"From": "a@x.example", "To": "b@x.example", "Subject": "Inscription"}
    for name, value in {**heads, **changes}.items():
        message[name] = value
    message.set_content("Bonjour,\n.\nÀ bientôt")
    return message


def send(port, message):
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.send_message(message)


def read(port, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.read().decode(), answer.headers


def test_letter_is_listed_and_read(mailbox):
    """setup: a letter with its lines, a dot alone among them, and its accents."""
    page, smtp = mailbox
    send(smtp, letter())
    assert "Inscription" in read(page)[0]
    body, _headers = read(page, "/1/body")
    assert "Bonjour,\n.\nÀ bientôt" in body.replace("\r", "")


def test_attached_document_is_opened(mailbox):
    """setup: the invoice of a mail can be looked at."""
    page, smtp = mailbox
    message = letter()
    message.add_attachment(
        b"%PDF-1.4", maintype="application", subtype="pdf", filename="facture.pdf"
    )
    send(smtp, message)
    assert "facture.pdf" in read(page, "/1")[0]
    content, headers = read(page, "/1/0")
    assert (content, headers["Content-Type"]) == ("%PDF-1.4", "application/pdf")


def test_letter_is_shown_and_not_run(mailbox):
    """setup: a script in a subject or in a body stays text or stays still."""
    page, smtp = mailbox
    message = letter(Subject="<script>alert(1)</script>")
    message.add_alternative("<script>alert(2)</script>", subtype="html")
    send(smtp, message)
    assert "<script>" not in read(page)[0]
    assert read(page, "/1/body")[1]["Content-Security-Policy"].startswith("sandbox")


def test_letters_are_files(mailbox):
    """setup: a letter is a file; what is not there is not found."""
    page, smtp = mailbox
    send(smtp, letter())
    assert [path.name for path in paths.folder("letters").iterdir()] == ["00001.eml"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(page, "/2")


def test_new_demonstration_has_no_old_letter(mailbox):
    """setup: `--reset` begins with an empty mailbox; a restart keeps the letters."""
    send(mailbox[1], letter())
    for from_scratch, expected in ((False, True), (True, False)):
        ports = services.free_port(), services.free_port()
        service = services.mailbox(*ports, from_scratch=from_scratch)
        service.command[0] = sys.executable
        with services.running(service):
            assert ("Inscription" in read(ports[0])[0]) is expected
