# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What surrounds every call: keys, tokens, errors, pages, limits, faults."""

import threading
import time
import uuid

import pytest
import requests
from mangopay_stand_in import Api, eur

USER = {
    "FirstName": "Léa",
    "LastName": "Martin",
    "Email": "lea@example.com",
    "UserCategory": "PAYER",
    "TermsAndConditionsAccepted": False,
}


def test_tokens_expire(api, mangopay_sandbox):
    """D14: a token lives as long as it says, then 401 invalid_credentials."""
    assert api.log_in().json()["expires_in"] == 1200
    mangopay_sandbox.advance(1201)
    answer = api.request("GET", "/users")
    assert (answer.status_code, answer.json()["Type"]) == (401, "invalid_credentials")
    assert {"Message", "Type", "Date"} <= set(answer.json())
    api.token = api.log_in().json()["access_token"]
    assert api.get("/users") == []


def test_the_token_body_may_be_json_called_a_form(mangopay_sandbox):
    """D14: what the Python SDK sends is accepted."""
    answer = requests.post(
        f"{mangopay_sandbox.url}/v2.01/oauth/token",
        auth=("acme", "key-of-acme"),
        data='{"grant_type": "client_credentials"}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=5,
    )
    assert answer.ok and answer.json()["token_type"] == "bearer"


@pytest.mark.parametrize("key", ["another-key", "live-key", "wrong", "revoked-1"])
def test_wrong_keys(api, key):
    """D14: another key, a key of production, a revoked one: 401."""
    api.key = key
    answer = api.log_in()
    assert (answer.status_code, answer.json()["Type"]) == (401, "invalid_credentials")


def test_too_many_wrong_keys_lock(api, mangopay_sandbox):
    """D14: 400 unauthorized_client, even with the right key, for a while."""
    right, api.key = api.key, "another"
    for _index in range(10):
        assert api.log_in().status_code == 401
    api.key = right
    assert api.log_in().json()["error"] == "unauthorized_client"
    mangopay_sandbox.advance(901)
    assert api.log_in().ok


def test_production_is_elsewhere(mangopay_sandbox):
    """D14: a live key opens /production/ only, and sees nothing of the sandbox."""
    base = f"{mangopay_sandbox.url}/production/v2.01"
    auth = ("acme", "live-key")
    token = requests.post(f"{base}/oauth/token", auth=auth, timeout=5).json()
    assert token["expires_in"] == 3600
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(f"{base}/acme/users", headers=headers, timeout=5).ok
    other = base.replace("/production", "")
    answer = requests.get(f"{other}/acme/users", headers=headers, timeout=5)
    assert answer.status_code == 401


def test_clients_do_not_see_each_other(api, mangopay_sandbox):
    """D14: an id of another client is unknown; its token opens nothing here."""
    user = api.payer()
    other = Api(mangopay_sandbox, "other", "key-of-other")
    assert other.refused("GET", f"/users/{user['Id']}") == (404, "ressource_not_found")
    other.client_id = "acme"
    assert other.refused("GET", "/users")[0] == 401


def test_error_envelopes(api):
    """D14: 400 with each wrong field, 404, 405, 413."""
    answer = api.request("POST", "/sca/users/natural", {"UserCategory": "PAYER"})
    body = answer.json()
    assert (answer.status_code, body["Type"]) == (400, "param_error")
    assert set(body["errors"]) == {"FirstName", "LastName", "Email"}
    assert body["Id"].count("#") == 1 and isinstance(body["Date"], float)
    assert api.refused("GET", "/payins/none") == (404, "ressource_not_found")
    assert api.refused("GET", "/nowhere") == (404, "ressource_not_found")
    assert api.refused("DELETE", "/wallets")[0] == 405
    huge = {"File": "x" * (10 * 1024 * 1024)}
    assert api.refused("POST", "/wallets", huge)[0] == 413
    answer = api.request("POST", "/wallets", None)
    assert answer.json()["errors"].keys() == {"Description", "Currency", "Owners"}


def test_business_refusals_are_http_200(api):
    """D14: not enough money is a transaction that FAILED, not an HTTP error."""
    buyer, seller = api.payer(), api.owner()
    transfer = api.transfer(buyer, api.wallet(buyer), api.wallet(seller), 100)
    assert (transfer["Status"], transfer["ResultCode"]) == ("FAILED", "001001")
    assert transfer["ExecutionDate"] is None


def test_paths_are_read_generously(api):
    """D14: case, double and last slashes do not count; unknown keys are ignored."""
    user = api.owner()
    document = api.post(
        f"/users/{user['Id']}//KYC/Documents/",
        {"Type": "IDENTITY_PROOF", "Unknown": 1},
    )
    assert api.get(f"/kyc/documents/{document['Id']}/")["Status"] == "CREATED"


def test_every_field_is_there(api):
    """D14: nulls where empty; ids with a prefix and a ULID."""
    user = api.payer()
    assert user["Birthday"] is None and user["PendingUserAction"] is None
    assert user["Id"].startswith("user_m_") and len(user["Id"]) == 33
    payin = api.web_payin(user, api.wallet(user), Billing={"FirstName": "Léa"})
    assert payin["Billing"]["Address"]["Region"] is None
    assert payin["ExecutionDate"] is None and payin["DebitedWalletId"] is None


def test_idempotency(api, mangopay_sandbox):
    """D14: the second use is 409, whatever the first was; the answer can be read."""
    key = str(uuid.uuid4())
    user = api.post("/sca/users/natural", USER, idempotency_key=key)
    again = api.request("POST", "/sca/users/natural", USER, idempotency_key=key)
    assert again.status_code == 409
    assert again.json()["Type"] == "idempotent_creation_conflict"
    said = "A resource has already been created with this Idempotency Key"
    assert again.json()["Message"] == said
    kept = api.get(f"/responses/{key}")
    assert (kept["StatusCode"], kept["Resource"]["Id"]) == ("200", user["Id"])
    assert kept["RequestURL"].endswith("/v2.01/acme/sca/users/natural")
    bad = str(uuid.uuid4())
    first = api.request("POST", "/wallets", {}, idempotency_key=bad)
    second = api.request("POST", "/wallets", {}, idempotency_key=bad)
    assert (first.status_code, second.status_code) == (400, 409)
    assert api.get(f"/responses/{bad}")["StatusCode"] == "400"
    mangopay_sandbox.advance(24 * 3600)
    api.token = api.log_in().json()["access_token"]
    assert api.refused("GET", f"/responses/{key}")[0] == 404
    assert api.post("/sca/users/natural", USER, idempotency_key=key)["Id"]


def test_one_key_used_at_once(api):
    """D14: of twenty at the same time, one does it and the others are told 409."""
    key, statuses = str(uuid.uuid4()), []

    def use():
        answer = api.request("POST", "/sca/users/natural", USER, idempotency_key=key)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=use) for _index in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 19
    assert len(api.get("/users")) == 1


@pytest.mark.parametrize("key", ["short", "x" * 37, "has a space in the middle"])
def test_keys_of_the_wrong_shape(api, key):
    """D14: 16 to 36 characters, alphanumeric or dashes."""
    answer = api.request("POST", "/sca/users/natural", USER, idempotency_key=key)
    assert (answer.status_code, answer.json()["Type"]) == (400, "param_error")
    assert api.get("/users") == []


def test_pages(api):
    """D14: pages, their headers, the order, 100 at most."""
    ids = [api.post("/sca/users/natural", USER)["Id"] for _index in range(12)]
    first = api.request("GET", "/users")
    assert [user["Id"] for user in first.json()] == ids[:10]
    assert first.headers["x-number-of-pages"] == "2"
    assert first.headers["x-number-of-items"] == "12"
    assert 'rel="next"' in first.headers["link"]
    second = api.request("GET", "/users", page=2, per_page=5)
    assert [user["Id"] for user in second.json()] == ids[5:10]
    newest = api.get("/users", Sort="CreationDate:DESC", per_page=1000)
    assert [user["Id"] for user in newest] == ids[::-1]
    assert api.refused("GET", "/users?page=0") == (400, "param_error")
    assert api.get("/users", page=3) == []


def test_filters(api, mangopay_sandbox):
    """D14: transactions by status, repeated or not, by type and by date."""
    user = api.payer()
    wallet = api.wallet(user)
    api.web_payin(user, wallet)
    paid = api.paid(user, wallet)
    mangopay_sandbox.do("refuse-payin", api.web_payin(user, wallet)["Id"])
    path = f"/wallets/{wallet['Id']}/transactions"
    assert [row["Id"] for row in api.get(path, Status="SUCCEEDED")] == [paid["Id"]]
    assert len(api.get(path, Status=["SUCCEEDED", "FAILED"])) == 2
    assert len(api.get(path, Status="SUCCEEDED,FAILED")) == 2
    assert api.get(path, Type="PAYOUT") == []
    assert api.get(path, AfterDate=paid["CreationDate"] + 10) == []


def test_rate_limits(api, mangopay_sandbox):
    """D14: four periods in the headers; above, 429 with them, and nothing is done."""
    answer = api.request("GET", "/users")
    assert answer.headers["x-ratelimit"] == "1, 1, 1, 1"
    assert answer.headers["x-ratelimit-remaining"].startswith("2299, 4499")
    resets = answer.headers["x-ratelimit-reset"].split(", ")
    assert int(resets[1]) - int(resets[0]) == 900
    now = mangopay_sandbox.get("/_clock")["now"]
    mangopay_sandbox.post("/_clients/acme", {"windows": [[now, 2299]] * 4})
    assert api.request("GET", "/users").status_code == 200
    over = api.request("POST", "/sca/users/natural", USER)
    assert (over.status_code, over.json()["Type"]) == (429, "rate_limit")
    assert over.headers["x-ratelimit-remaining"].startswith("0, ")
    mangopay_sandbox.advance(901)
    assert api.request("GET", "/users").status_code == 200


def test_time_out_before(api, mangopay_sandbox):
    """D14: no answer, and nothing was done: the key is free."""
    mangopay_sandbox.fault(kind="timeout_before", method="POST", seconds=5)
    key = str(uuid.uuid4())
    with pytest.raises(requests.ReadTimeout):
        api.request(
            "POST", "/sca/users/natural", USER, idempotency_key=key, timeout=0.3
        )
    assert api.get("/users") == []
    assert api.refused("GET", f"/responses/{key}")[0] == 404
    assert api.post("/sca/users/natural", USER, idempotency_key=key)


def test_time_out_after(api, mangopay_sandbox):
    """D14: no answer, all was done: the key tells what."""
    path = ".*/sca/users/natural"
    mangopay_sandbox.fault(kind="timeout_after", path=path, seconds=0)
    key = str(uuid.uuid4())
    with pytest.raises(requests.ConnectionError):
        api.request("POST", "/sca/users/natural", USER, idempotency_key=key)
    (user,) = api.get("/users")
    assert api.get(f"/responses/{key}")["Resource"]["Id"] == user["Id"]


def test_http_faults(api, mangopay_sandbox):
    """D14: 429, 500 before, 500 after; skip and count."""
    mangopay_sandbox.fault(kind="http_429", path=".*/users", skip=1, count=2)
    statuses = [api.request("GET", "/users").status_code for _index in range(4)]
    assert statuses == [200, 429, 429, 200]
    key = str(uuid.uuid4())
    mangopay_sandbox.fault(kind="http_500", method="POST")
    answer = api.request("POST", "/sca/users/natural", USER, idempotency_key=key)
    assert answer.status_code == 500 and api.get("/users") == []
    mangopay_sandbox.fault(kind="http_500", method="POST", after=True)
    answer = api.request("POST", "/sca/users/natural", USER, idempotency_key=key)
    assert answer.status_code == 500 and len(api.get("/users")) == 1
    assert api.get(f"/responses/{key}")["StatusCode"] == "200"
    assert mangopay_sandbox.get("/_faults") == []


def test_delays_do_not_hold_the_others(api, mangopay_sandbox):
    """D14: while one request is slow, the others are served."""
    mangopay_sandbox.fault(kind="delay", path=".*/clients", seconds=1.0)
    slow = threading.Thread(target=api.get, args=("/clients",))
    slow.start()
    time.sleep(0.1)
    start = time.monotonic()
    assert api.get("/users") == []
    assert time.monotonic() - start < 0.7
    slow.join()


def test_wrong_faults_are_refused(mangopay_sandbox):
    """D14: a fault that would never strike is a mistake."""
    wrong = (
        {"kind": "no"},
        {"kind": "delay", "if": 1},
        {"kind": "delay", "path": "("},
        {"kind": "delay", "event": "KYC_CREATED"},
        {"kind": "drop_hook", "path": ".*/wallets"},
    )
    for fault in wrong:
        answer = requests.post(f"{mangopay_sandbox.url}/_faults", json=fault, timeout=5)
        assert answer.status_code == 400 and "error" in answer.json()


def test_currencies_must_agree(api):
    """D14: 400 currency_incompatibility."""
    user = api.payer()
    wallet = api.wallet(user, "USD")
    body = {
        "AuthorId": user["Id"],
        "CreditedWalletId": wallet["Id"],
        "DebitedFunds": eur(100),
        "Fees": eur(0),
        "ReturnURL": "http://127.0.0.1:1/",
        "CardType": "CB_VISA_MASTERCARD",
        "Culture": "FR",
    }
    refused = api.refused("POST", "/payins/card/web", body)
    assert refused == (400, "currency_incompatibility")
