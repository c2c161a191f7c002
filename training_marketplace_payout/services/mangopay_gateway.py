# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The only door to Mangopay's API: plain values in, plain dictionaries out.

What comes back is Mangopay's own object, its names unchanged (docs.mangopay.com/
api-reference), amounts in minor units. Every creation takes a key of its own: used a
second time within 24 hours, Mangopay answers 409, and `MangopayGateway.outcome` says
what came of the first.
"""

import json
import re
from urllib.parse import quote, urlencode

from .mangopay_disputes import Disputes
from .mangopay_errors import GatewayError, explain_refusal, explain_status
from .mangopay_money import Money
from .mangopay_people import People
from .mangopay_transport import TIMEOUT, MemoryTokens, Transport

# 16 to 36 letters, digits or dashes (api-reference/overview/idempotency).
_KEY = re.compile(r"[A-Za-z0-9-]{16,36}")
PAGE = 100


def _is_made(answer, proof):
    """Tell an object from the body of an error, which has an Id too."""
    if not isinstance(answer, dict):
        return False
    if proof:
        return answer.get(proof) is not None
    return bool(answer.get("Id")) and bool(
        answer.get("CreationDate") or answer.get("Status")
    )


class MangopayGateway(Money, People, Disputes):
    """One client of Mangopay, in trial or real mode, seen with one API key.

    :param tokens: where tokens are kept (`MemoryTokens`, or a shared one)
    :param str base_url: another address than Mangopay's, ending in ``/v2.01/``
    """

    def __init__(
        self,
        client_id,
        api_key,
        *,
        is_live=False,
        tokens=None,
        base_url=None,
        timeout=TIMEOUT,
    ):
        self._transport = Transport(
            client_id,
            api_key,
            is_live=is_live,
            tokens=tokens or MemoryTokens(),
            base_url=base_url,
            timeout=timeout,
        )

    # How every method calls

    def _path(self, *parts, **query):
        """Build a path; an id that comes from outside cannot leave its place in it."""
        path = "".join(f"/{quote(str(part), safe='')}" for part in parts)
        query = {name: value for name, value in query.items() if value is not None}
        return f"{path}?{urlencode(query, doseq=True)}" if query else path

    def _create(self, *parts, body, key, proof=None):
        """POST under a key; the answer is the object that was made.

        :raise RefusedError: when it was made FAILED
        :raise GatewayError: ``unknown`` when the answer is not that of a creation
        """
        if not _KEY.fullmatch(key or ""):
            raise ValueError("An idempotency key has 16 to 36 letters, digits, dashes.")
        answer, _headers = self._transport.call("POST", self._path(*parts), body, key)
        return self._check_made(answer, body, proof)

    def _check_made(self, answer, body, proof=None):
        if not _is_made(answer, proof):
            raise GatewayError("malformed", "Unreadable answer.", unknown=True)
        if answer.get("Status") == "FAILED":
            raise explain_refusal(answer)
        asked = body.get("DebitedFunds")
        if asked and answer.get("DebitedFunds") not in (None, asked):
            raise GatewayError(
                "amount", f"{answer['Id']} is of another amount.", unknown=True
            )
        return answer

    def _update(self, *parts, body):
        """PUT only what changes, and return the object; may be repeated."""
        answer, _headers = self._transport.call("PUT", self._path(*parts), body)
        return self._check_object(answer)

    def _get(self, *parts, **query):
        answer, _headers = self._transport.call("GET", self._path(*parts, **query))
        return self._check_object(answer)

    def _list(self, *parts, limit=None, **query):
        """Return the objects of every page, or the ``limit`` first of them."""
        objects, page, pages = [], 1, 1
        while page <= pages and (limit is None or len(objects) < limit):
            path = self._path(*parts, page=page, per_page=PAGE, **query)
            answer, headers = self._transport.call("GET", path)
            if isinstance(answer, dict) and len(answer) == 1:
                # Recipients come as {"Recipients": […]}.
                [answer] = answer.values()
            if not isinstance(answer, list):
                raise GatewayError("malformed", "Unreadable list.", retryable=True)
            objects += answer
            pages = int(headers.get("x-number-of-pages") or 1)
            page += 1
        return objects[:limit]

    def _check_object(self, answer):
        if not isinstance(answer, dict):
            raise GatewayError("malformed", "Unreadable answer.", retryable=True)
        return answer

    # The client itself

    def client(self):
        """Return who the keys belong to: ClientId, Name, PlatformType…"""
        return self._get("clients")

    def outcome(self, key):
        """Say what came of a creation whose answer was lost, for 24 hours.

        :return: the object that was made, None when Mangopay has no trace of the key
            or kept an answer that says nothing
        :raise GatewayError: the refusal that was answered (definite: the key is
            spent), or what hinders asking (``unknown``)
        """
        try:
            response = self._get("responses", key)
        except GatewayError as error:
            if error.status == 404:
                return None
            error.unknown, error.retryable = True, False
            raise
        resource = response.get("Resource")
        if isinstance(resource, str):
            try:
                resource = json.loads(resource)
            except ValueError:
                resource = {}
        status = int(response.get("StatusCode") or 0)
        if not 200 <= status < 300:
            failure = explain_status(status, {}, resource, is_write=True)
            if failure.unknown:
                return None
            failure.retryable = False
            raise failure
        return self._check_made(resource, {})

    # Notifications

    def hooks(self):
        """Return every hook: EventType, Url, Status, Validity."""
        return self._list("hooks")

    def create_hook(self, event_type, url, key):
        """Ask to be called at an address for one type of event."""
        return self._create(
            "hooks", body={"EventType": event_type, "Url": url}, key=key
        )

    def update_hook(self, hook_id, **values):
        """Change Url, Status (ENABLED, DISABLED) or Validity (VALID) of a hook."""
        return self._update("hooks", hook_id, body=values)

    def events(self, event_type, after=None, before=None):
        """Return the events of one type, at most 45 days old.

        :param int after: Unix time
        :param int before: Unix time
        :return: dictionaries of ResourceId, EventType, Date
        """
        return self._list(
            "events", EventType=event_type, AfterDate=after, BeforeDate=before
        )
