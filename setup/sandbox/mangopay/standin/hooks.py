# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hooks, one per kind of event, and the list of the events themselves."""

from urllib.parse import urlsplit

from . import listing
from .call import route
from .checks import Reader
from .errors import ApiError, param_error
from .event_types import EVENT_TYPES
from .shapes import public

EVENTS_KEPT = 45 * 86400


def _url(reader, required):
    url = reader.text("Url", required)
    if url and (urlsplit(url).scheme not in ("http", "https") or "#" in url):
        reader.wrong("Url", "The Url field is not valid.")
    return url


def _has(tenant, reader, event):
    """Note a type of events that Mangopay, or this client of it, does not have."""
    refused = tenant.settings["refused_event_types"]
    if event and (event not in EVENT_TYPES or event in refused):
        reader.wrong("EventType", f"The value {event} is not valid for EventType.")


@route("POST", "/hooks")
def create(call):
    """A hook: where the events of one kind are told."""
    reader = Reader(call.body)
    event = reader.text("EventType", required=True)
    _has(call.tenant, reader, event)
    url, tag = _url(reader, required=True), reader.text("Tag")
    email = reader.email("Email")
    reader.done()
    if call.tenant.rows("hook", EventType=event):
        message = "A hook has already been registered for this EventType"
        raise ApiError(400, "param_error", message, {"EventType": message})
    return public(
        call.tenant.add(
            "hook",
            Url=url,
            Status="ENABLED",
            Validity="VALID",
            EventType=event,
            Email=email,
            Tag=tag,
            _failures=0,
        )
    )


@route("GET", "/hooks")
def view_all(call):
    """All hooks."""
    return listing.answer(call, call.tenant.rows("hook"))


@route("GET", "/hooks/{hook_id}")
def view(call, hook_id):
    """A hook, and whether it is still believed to listen."""
    return public(call.tenant.get("hook", hook_id))


@route("PUT", "/hooks/{hook_id}")
def update(call, hook_id):
    """Change a hook; to enable it, or say it VALID, forgets its failures.

    The Python SDK sends « Url » and « EventType » even when it has none: null changes
    nothing.
    """
    hook = call.tenant.get("hook", hook_id)
    reader = Reader(call.body)
    values = {
        "Url": _url(reader, required=False),
        "Tag": reader.text("Tag"),
        "Email": reader.email("Email"),
        "Status": reader.choice("Status", ("ENABLED", "DISABLED")),
        "Validity": reader.choice("Validity", ("VALID", "INVALID")),
    }
    reader.done()
    if values["Status"] == "ENABLED" or values["Validity"] == "VALID":
        hook["_failures"], hook["Validity"] = 0, "VALID"
    values.pop("Validity")
    hook.update({name: value for name, value in values.items() if value is not None})
    return public(hook)


@route("GET", "/events")
def events(call):
    """The events of a kind, of the last 45 days."""
    if not call.asked("EventType"):
        raise param_error(EventType="The EventType field is required.")
    reader = Reader({})
    for asked in call.asked_all("EventType"):
        for event in asked.split(","):
            _has(call.tenant, reader, event)
    reader.done()
    since = call.tenant.now() - EVENTS_KEPT
    rows = [row for row in call.tenant.data["events"] if row["Date"] > since]
    return listing.answer(call, rows, date="Date")
