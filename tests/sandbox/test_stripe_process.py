# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Stripe stand-in as a process: where it listens, what it remembers."""

import socket
import subprocess
import sys

import pytest
import requests
from stand_in import PROGRAM, QUICK, StandIn, wait_until

PAYMENT = {
    "amount": 12000,
    "currency": "eur",
    "payment_method": "pm_card_visa",
    "confirm": True,
    "description": "<b>S00042</b>",
}


def test_listens_to_this_machine_only(sandbox):
    """D14: bound to 127.0.0.1, neither to IPv6 nor to the network's address."""
    for family, address in ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.2")):
        with socket.socket(family) as attempt, pytest.raises(OSError):
            attempt.connect((address, sandbox.port))


def test_refuses_another_host_name(sandbox):
    """D14: a web page cannot come through a name that points to 127.0.0.1."""
    headers = {"Host": "evil.example.com"}
    answer = requests.get(f"{sandbox.url}/_state", headers=headers, timeout=5)
    assert answer.status_code == 403


def test_remembers_over_a_restart(tmp_path):
    """D14: objects, journal and idempotency survive; --from-scratch forgets."""
    state = tmp_path / "state.bin"
    first = StandIn(state)
    key = {"idempotency_key": "key-1"}
    paid = first.client().v1.payment_intents.create(PAYMENT, key)
    first.stop()
    second = StandIn(state)
    again = second.client().v1.payment_intents.create(PAYMENT, key)
    assert again.id == paid.id
    assert len(second.get("/_journal")) == 1
    second.stop()
    third = StandIn(state, "--from-scratch", *QUICK)
    assert third.get("/_journal") == []
    third.stop()


def test_busy_port_is_said(sandbox, tmp_path):
    """D14: a sentence, not a traceback."""
    command = [sys.executable, str(PROGRAM), f"--port={sandbox.port}"]
    ended = subprocess.run(command, capture_output=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert b"is busy" in ended.stderr and b"Traceback" not in ended.stderr


def test_state_of_another_version_is_said(tmp_path):
    """D14: a file that cannot be read names the way out."""
    state = tmp_path / "state.bin"
    state.write_bytes(b"not a state")
    command = [sys.executable, str(PROGRAM), "--port=0", f"--state={state}"]
    ended = subprocess.run(command, capture_output=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert b"--from-scratch" in ended.stderr and b"Traceback" not in ended.stderr


def test_page_for_people(sandbox, client):
    """D14: payments and movements are shown, and what buyers typed is escaped."""
    client.v1.payment_intents.create(PAYMENT)
    page = requests.get(sandbox.url, timeout=5).text
    assert "120,00 EUR" in page and "&lt;b&gt;S00042" in page
    assert "<b>S00042" not in page


def test_requests_are_counted(sandbox, client):
    """D14: tests can count the calls, and see what was replayed."""
    for _time in range(2):
        client.v1.payment_intents.create(PAYMENT, {"idempotency_key": "key-1"})
    seen = sandbox.get("/_requests", path="/v1/payment_intents")
    assert [line["replayed"] for line in seen] == [False, True]
    assert sandbox.get("/_requests", idempotency_key="key-1") == seen


def test_reset_forgets_everything(sandbox, client):
    """D14: each test starts from nothing."""
    client.v1.payment_intents.create(PAYMENT)
    sandbox.fault(kind="delay", path="/nowhere")
    sandbox.post("/_reset")
    assert sandbox.get("/_journal") == sandbox.get("/_faults") == []
    assert sandbox.get("/_state")["accounts"] == {}
    assert not client.v1.payment_intents.list().data


def test_unknown_part_of_the_api_is_said(sandbox):
    """D14: 404 in Stripe's envelope, for what the stand-in does not have."""
    headers = {"Authorization": "Bearer sk_test_acme_1"}
    answer = requests.get(f"{sandbox.url}/v1/prices", headers=headers, timeout=5)
    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]


def test_pending_webhooks_survive_a_restart(tmp_path, listener):
    """D14: what was not delivered yet is, once it is up again."""
    state = tmp_path / "state.bin"
    first = StandIn(state, "--webhook-delay=60")
    first.client().v1.webhook_endpoints.create(
        {"url": listener.url, "enabled_events": ["payment_intent.succeeded"]}
    )
    first.client().v1.payment_intents.create(PAYMENT)
    first.stop()
    assert not listener.received
    second = StandIn(state)
    wait_until(lambda: listener.types == ["payment_intent.succeeded"])
    second.stop()
