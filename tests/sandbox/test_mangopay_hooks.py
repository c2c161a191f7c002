# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notifications: a GET that says little, sometimes twice, late, or out of order."""

import pytest
import requests
from mangopay.constants import EVENT_TYPE_CHOICES
from mangopay_stand_in import log_in
from stand_in import wait_until
from test_mangopay_books import load_part

CREATED, SUCCEEDED = "PAYIN_NORMAL_CREATED", "PAYIN_NORMAL_SUCCEEDED"


@pytest.fixture
def hooks(api, hook_listener):
    """Hooks for the two events of a pay-in."""
    return [
        api.post("/hooks", {"EventType": event, "Url": hook_listener.url})
        for event in (CREATED, SUCCEEDED)
    ]


def order(api, buyer, purse):
    return api.web_payin(buyer, purse)["Id"]


def test_what_a_notification_says(api, hooks, hook_listener, buyer, purse):
    """D14: EventType, RessourceId, Date, beside what the address had; no more."""
    payin = api.paid(buyer, purse)
    first, second = hook_listener.wait_for(2)
    assert first["EventType"] == CREATED
    assert first["RessourceId"] == second["RessourceId"] == payin["Id"]
    assert abs(int(first["Date"]) - payin["CreationDate"]) <= 1
    assert set(first) == {"path", "EventType", "RessourceId", "Date"}


def test_events_are_listed_too(api, mangopay_sandbox, buyer, purse):
    """D14: by type, which is required; the field is ResourceId there; 45 days."""
    payin = api.paid(buyer, purse)
    (event,) = api.get("/events", EventType=SUCCEEDED)
    assert event == {
        "ResourceId": payin["Id"],
        "EventType": SUCCEEDED,
        "Date": event["Date"],
    }
    assert api.refused("GET", "/events") == (400, "param_error")
    mangopay_sandbox.advance(46 * 86400)
    log_in(api)
    assert api.get("/events", EventType=SUCCEEDED) == []


def test_types_that_mangopay_does_not_have(api, mangopay_sandbox, hook_listener):
    """D14: 400 for a hook and for the list; so too for those that a client lacks."""
    wrong = {"EventType": "PAYIN_NORMAL_SUCCEDED", "Url": hook_listener.url}
    lacking = {"EventType": "USER_KYC_RENEWED", "Url": hook_listener.url}
    known = load_part("event_types").EVENT_TYPES
    assert known == {event for event, _label in EVENT_TYPE_CHOICES}
    mangopay_sandbox.set(refused_event_types=["USER_KYC_RENEWED"])
    for body in (wrong, lacking):
        assert api.refused("POST", "/hooks", body) == (400, "param_error")
        path = f"/events?EventType={body['EventType']}"
        assert api.refused("GET", path) == (400, "param_error")
    mangopay_sandbox.set(refused_event_types=[])
    assert api.post("/hooks", lacking)["Status"] == "ENABLED"
    slip = {"refused_event_types": ["USER_KYC_RENEWD"]}
    answer = requests.post(f"{mangopay_sandbox.url}/_settings", json=slip, timeout=5)
    assert answer.status_code == 400


def test_retries_follow_the_clock(
    api, mangopay_sandbox, hooks, hook_listener, buyer, purse
):
    """D14: after ten minutes for an hour, then eight hours for three days."""
    hook_listener.statuses = [500] * 7
    order(api, buyer, purse)
    hook_listener.wait_for(1)
    for count in range(2, 8):
        wait_until(lambda: failures(mangopay_sandbox) == count - 1)  # noqa: B023
        mangopay_sandbox.advance(601)
        hook_listener.wait_for(count)
    wait_until(lambda: failures(mangopay_sandbox) == 7)
    mangopay_sandbox.advance(601)
    assert len(hook_listener.received) == 7
    mangopay_sandbox.advance(8 * 3600)
    hook_listener.wait_for(8)
    wait_until(lambda: states(mangopay_sandbox) == ["delivered"])
    assert len({query["RessourceId"] for query in hook_listener.received}) == 1


def failures(sandbox):
    return sum(len(row["attempts"]) for row in sandbox.get("/_deliveries"))


def states(sandbox):
    return [row["state"] for row in sandbox.get("/_deliveries")]


def test_a_hundred_failures_make_a_hook_invalid(
    api, mangopay_sandbox, hooks, hook_listener, buyer, purse
):
    """D14: nothing is sent any more, until it is enabled again."""
    hook_listener.statuses = [500] * 100
    for _index in range(100):
        order(api, buyer, purse)
    path = f"/hooks/{hooks[0]['Id']}"
    wait_until(lambda: api.get(path)["Validity"] == "INVALID")
    order(api, buyer, purse)
    assert len(mangopay_sandbox.get("/_deliveries")) == 100
    assert api.put(path, {"Status": "ENABLED"})["Validity"] == "VALID"
    last = order(api, buyer, purse)
    wait_until(lambda: hook_listener.received[-1]["RessourceId"] == last)


def test_only_200_counts_and_within_two_seconds(
    api, mangopay_sandbox, hooks, hook_listener, buyer, purse
):
    """D14: 204 is a failure, and so is an answer that comes too late."""
    hook_listener.statuses = [204]
    order(api, buyer, purse)
    wait_until(lambda: failures(mangopay_sandbox) == 1)
    assert states(mangopay_sandbox) == ["pending"]
    hook_listener.wait.clear()
    order(api, buyer, purse)
    wait_until(lambda: failures(mangopay_sandbox) == 2)
    (attempt,) = mangopay_sandbox.get("/_deliveries")[1]["attempts"]
    assert attempt["status"] is None and "Timeout" in attempt["error"]


def test_twice(api, mangopay_sandbox, hooks, hook_listener, buyer, purse):
    """D14: the same notification, two times."""
    mangopay_sandbox.fault(kind="duplicate_hook", event=CREATED)
    order(api, buyer, purse)
    first, second = hook_listener.wait_for(2)
    assert first == second


def test_out_of_order(api, mangopay_sandbox, hooks, hook_listener, buyer, purse):
    """D14: succeeded before created."""
    mangopay_sandbox.fault(kind="reorder_hook", event=CREATED)
    api.paid(buyer, purse)
    hook_listener.wait_for(2)
    assert hook_listener.types == [SUCCEEDED, CREATED]


def test_dropped_then_sent_again(
    api, mangopay_sandbox, hooks, hook_listener, buyer, purse
):
    """D14: never sent; a person may send it after all."""
    mangopay_sandbox.fault(kind="drop_hook", event=CREATED)
    payin = order(api, buyer, purse)
    (dropped,) = mangopay_sandbox.get("/_deliveries", state="dropped")
    assert hook_listener.received == []
    mangopay_sandbox.post(f"/_deliveries/{dropped['id']}/send")
    (sent,) = hook_listener.wait_for(1)
    assert (sent["EventType"], sent["RessourceId"]) == (CREATED, payin)


def test_forged(api, mangopay_sandbox, hooks, hook_listener, buyer, purse):
    """D14: of an object that is not there: nothing tells it from a true one."""
    mangopay_sandbox.fault(kind="forge_hook", event=CREATED)
    payin = order(api, buyer, purse)
    forged, true = hook_listener.wait_for(2)
    assert true["RessourceId"] == payin
    assert api.refused("GET", f"/payins/{forged['RessourceId']}")[0] == 404


def test_before_the_answer(api, mangopay_sandbox, hooks, hook_listener, buyer, purse):
    """D14: the notification comes while the creating request still waits."""
    mangopay_sandbox.fault(kind="hook_before_answer", event=CREATED)
    payin = order(api, buyer, purse)
    assert [query["RessourceId"] for query in hook_listener.received] == [payin]
    mangopay_sandbox.set(hooks_before_answer=True)
    order(api, buyer, purse)
    assert len(hook_listener.received) == 2


def test_never_leaves_the_machine(api, mangopay_sandbox, buyer, purse):
    """D14: an address elsewhere is not called."""
    api.post("/hooks", {"EventType": CREATED, "Url": "https://example.com/hook"})
    order(api, buyer, purse)
    wait_until(lambda: failures(mangopay_sandbox) == 1)
    (row,) = mangopay_sandbox.get("/_deliveries")
    assert "does not leave" in row["attempts"][0]["error"]
