# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Mangopay stand-in as a process: where it listens, what it remembers."""

import json
import subprocess
import sys

import requests
from mangopay_stand_in import PROGRAM, Api, MangopayStandIn
from stand_in import wait_until


def test_refuses_other_names_and_other_pages(mangopay_sandbox):
    """D14: neither another host name, nor a form of a page of the web."""
    url = f"{mangopay_sandbox.url}/_state"
    answer = requests.get(url, headers={"Host": "evil.example.com"}, timeout=5)
    assert answer.status_code == 403
    form = requests.post(
        f"{mangopay_sandbox.url}/admin/settings",
        data={"regime": "old"},
        headers={"Origin": "https://evil.example.com"},
        timeout=5,
    )
    assert form.status_code == 403
    assert mangopay_sandbox.get("/_settings")["regime"] == "2026"


def test_remembers_over_a_restart(tmp_path):
    """D14: objects, money, keys, clock and what is to come survive."""
    state = tmp_path / "state.json"
    first = MangopayStandIn(state, "--bank-delay=0")
    api = Api(first)
    buyer = api.payer()
    purse = api.wallet(buyer)
    payin = api.paid(buyer, purse)
    late = api.web_payin(buyer, purse)
    key = "0123456789abcdef"
    api.post("/wallets", {"Owners": [buyer["Id"]], "Currency": "EUR",
                          "Description": "2"}, idempotency_key=key)  # fmt: skip
    first.advance(600)
    now = first.get("/_clock")["now"]
    first.stop()
    again = MangopayStandIn(state, port=first.port)
    try:
        api.sandbox = again
        assert api.get(f"/payins/{payin['Id']}")["Status"] == "SUCCEEDED"
        assert again.books()[purse["Id"]] == 12000
        assert api.get(f"/responses/{key}")["StatusCode"] == "200"
        assert 0 <= again.get("/_clock")["now"] - now < 60
        again.advance(301)
        assert api.get(f"/payins/{late['Id']}")["ResultCode"] == "101109"
    finally:
        again.stop()


def test_a_kill_leaves_a_whole_state(tmp_path):
    """D14: the file is written whole, or not at all."""
    state = tmp_path / "state.json"
    first = MangopayStandIn(state)
    api = Api(first)
    for _index in range(50):
        api.payer()
    wait_until(state.exists)
    first.stop(kill=True)
    assert json.loads(state.read_text())["format"] == 1
    again = MangopayStandIn(state)
    assert again.get("/_health")["status"] == "ok"
    again.stop()


def test_another_version_is_refused(tmp_path):
    """D14: said in a line, and nothing is overwritten."""
    state = tmp_path / "state.json"
    state.write_text('{"format": 0}')
    found = subprocess.run(
        [sys.executable, str(PROGRAM), "--port=1", f"--state={state}"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert found.returncode and "--from-scratch" in found.stderr
    assert state.read_text() == '{"format": 0}'


def test_only_json_and_no_card_number_in_the_state(tmp_path):
    """D14: no card number, and no page of a document, is ever kept."""
    state = tmp_path / "state.json"
    sandbox = MangopayStandIn(state)
    api = Api(sandbox)
    buyer = api.payer()
    payin = api.web_payin(buyer, api.wallet(buyer))
    data = {"cardNumber": "4970105181818183", "cardExpirationDate": "1230",
            "cardCvx": "987", "answer": "pay"}  # fmt: skip
    page = requests.post(payin["RedirectURL"], data=data, timeout=5)
    assert page.ok and "3ds" in page.url
    sandbox.stop()
    text = state.read_text()
    assert "4970105181818183" not in text and "497010XXXXXX8183" in text
