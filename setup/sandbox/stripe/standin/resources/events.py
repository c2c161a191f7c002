# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Events: what happened, kept and sent to the webhook endpoints."""

from localstripe import resources

from .. import versions
from ..delivery import sender
from ..engine import current_call, fetch, store
from ..listing import page
from ..objects import begin


class Event(resources.Event):
    """Something that happened to an object, with the object as it was then."""

    def __init__(self, type, data, previous=None):
        call = current_call.get()
        begin(self)
        self.type = type
        self.api_version = call.account.api_version
        self.request = {
            "id": None if call.method == "INTERNAL" else call.request_id,
            "idempotency_key": call.idempotency_key,
        }
        self.pending_webhooks = 0
        self._snapshot = data._export()
        self._previous = previous

    @property
    def data(self):
        """The object in the shape of the account's version."""
        return self._data_for(self.api_version)

    def _data_for(self, version):
        data = {"object": versions.render(self._snapshot, version)}
        if self._previous is not None:
            data["previous_attributes"] = self._previous
        return data

    def _payload_for(self, version):
        """The event as it is sent to an endpoint pinned to ``version``."""
        return {
            **self._export(),
            "api_version": version,
            "data": self._data_for(version),
        }


def publish(type, obj, previous=None):
    """Keep an event about ``obj`` and send it."""
    sender.send(Event(type, obj, previous))


# localstripe's own resources make and schedule events through these two names.
resources.Event = Event
resources.schedule_webhook = sender.send


def retrieve(call):
    """GET /v1/events/{id}"""
    call.params.done()
    return fetch("event", call.ids["id"])


def list_all(call):
    """GET /v1/events, by type, types and date."""
    params = call.params
    types = params.array("types") or []
    if only := params.string("type"):
        types = [*types, only]
    in_window = params.window()
    return page(
        call,
        "event",
        [
            event
            for event in store.of_kind("event")
            if in_window(event.created) and (not types or _matches(event.type, types))
        ],
    )


def _matches(type, wanted):
    return any(
        type == name or (name.endswith(".*") and type.startswith(name[:-1]))
        for name in wanted
    )


ROUTES = (
    ("GET", "/v1/events/{id}", retrieve),
    ("GET", "/v1/events", list_all),
)
