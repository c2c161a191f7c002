# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Webhook endpoints, managed by the API as from the dashboard."""

from urllib.parse import urlsplit

from localstripe.resources import StripeObject

from .. import versions
from ..engine import clock, current_call, fetch, new_id, store
from ..errors import ApiError
from ..listing import page
from ..objects import begin, merge_metadata

MAX_PER_MODE = 16


class WebhookEndpoint(StripeObject):
    """Where an account's events are sent. The secret is told once, at creation."""

    object = "webhook_endpoint"
    _id_prefix = "we_"

    def __init__(self, url, enabled_events, api_version, description, metadata):
        begin(self)
        self.url = url
        self.enabled_events = enabled_events
        self.api_version = api_version
        self.description = description
        self.metadata = metadata or {}
        self.application = None
        self.status = "enabled"
        self._account_version = current_call.get().account.api_version
        # (secret, valid until), the newest first.
        self._secrets = [(new_id("whsec_", 32), None)]

    @property
    def _version(self):
        return self.api_version or self._account_version

    def _wants(self, event_type):
        return self.status == "enabled" and (
            "*" in self.enabled_events or event_type in self.enabled_events
        )

    def _valid_secrets(self):
        return [
            secret
            for secret, until in self._secrets
            if until is None or until > clock.now()
        ]

    def _roll_secret(self, expires_in):
        """A new secret; the old one still signs, beside it, for that long."""
        current = self._secrets[0][0]
        self._secrets = [
            (new_id("whsec_", 32), None),
            (current, clock.now() + expires_in),
        ]
        return self._secrets[0][0]


def create(call):
    """POST /v1/webhook_endpoints: the only answer that holds the secret."""
    params = call.params
    url = _check_url(params.string("url", required=True))
    events = _check_events(params.array("enabled_events"))
    version = params.string("api_version")
    if version:
        versions.check(version)
    description = params.string("description")
    metadata = params.mapping("metadata")
    params.boolean("connect")
    params.done()
    if len(store.of_kind(WebhookEndpoint.object)) >= MAX_PER_MODE:
        mode = "live" if call.livemode else "test"
        raise ApiError(
            400, f"You have reached the maximum of {MAX_PER_MODE} {mode} webhook"
            " endpoints.",
        )  # fmt: skip
    endpoint = WebhookEndpoint(url, events, version, description, metadata)
    return {**endpoint._export(), "secret": endpoint._secrets[0][0]}


def retrieve(call):
    """GET /v1/webhook_endpoints/{id}"""
    call.params.done()
    return fetch(WebhookEndpoint.object, call.ids["id"])


def update(call):
    """POST /v1/webhook_endpoints/{id}"""
    endpoint = fetch(WebhookEndpoint.object, call.ids["id"])
    params = call.params
    url = params.string("url")
    events = params.array("enabled_events")
    disabled = params.boolean("disabled")
    description = params.string("description")
    metadata = params.mapping("metadata")
    params.done()
    if url:
        endpoint.url = _check_url(url)
    if events:
        endpoint.enabled_events = _check_events(events)
    if disabled is not None:
        endpoint.status = "disabled" if disabled else "enabled"
    if description is not None:
        endpoint.description = description
    merge_metadata(endpoint, metadata)
    return endpoint


def delete(call):
    """DELETE /v1/webhook_endpoints/{id}"""
    endpoint = fetch(WebhookEndpoint.object, call.ids["id"])
    del store[f"{WebhookEndpoint.object}:{endpoint.id}"]
    return {"id": endpoint.id, "object": WebhookEndpoint.object, "deleted": True}


def list_all(call):
    """GET /v1/webhook_endpoints"""
    return page(call, WebhookEndpoint.object, store.of_kind(WebhookEndpoint.object))


def _check_url(url):
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError(400, "Not a valid URL", code="url_invalid", param="url")
    return url


def _check_events(events):
    if not events or not all(isinstance(name, str) and name for name in events):
        raise ApiError(
            400,
            "You must provide a list of event types to enable, or '*'.",
            param="enabled_events",
            code="parameter_missing",
            saved=False,
        )
    return events


ROUTES = (
    ("POST", "/v1/webhook_endpoints", create),
    ("GET", "/v1/webhook_endpoints", list_all),
    ("GET", "/v1/webhook_endpoints/{id}", retrieve),
    ("POST", "/v1/webhook_endpoints/{id}", update),
    ("DELETE", "/v1/webhook_endpoints/{id}", delete),
)
