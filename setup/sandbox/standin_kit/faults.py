# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults on demand.

A fault waits for a request (``method``, ``path``) or a notification (``event``) that it
matches, lets ``skip`` of them pass, strikes ``count`` times, and is gone.
"""

import asyncio
import re
import secrets
from dataclasses import asdict, dataclass

from aiohttp import web


@dataclass
class Fault:
    """One fault; ``after`` makes an ``http_500`` come once the work is done.

    ``code`` is the reason that a refusal gives, where the provider gives one.
    """

    id: str
    kind: str
    method: str = ".*"
    path: str = ".*"
    event: str = ".*"
    count: int = 1
    skip: int = 0
    seconds: float = 1.0
    after: bool = False
    code: str = ""

    @property
    def status(self):
        """The HTTP status of an ``http_<status>`` fault, None for another one."""
        _prefix, found, status = self.kind.rpartition("http_")
        return int(status) if found else None

    def strikes(self, *pairs):
        """Whether the fault strikes here and now; counts it if so."""
        if not all(re.fullmatch(pattern, value) for pattern, value in pairs):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.count -= 1
        return True


class Faults:
    """The faults that wait.

    :param statuses: the HTTP statuses that the provider can be made to answer
    :param effects: the kinds that change how an operation ends
    :param hooks: the kinds that strike notifications
    """

    def __init__(self, statuses, effects, hooks):
        self.requests = {"delay", "timeout_before", "timeout_after"}
        self.requests |= {f"http_{status}" for status in statuses}
        self.effects, self.hooks = set(effects), set(hooks)
        self.waiting = []

    def add(self, data):
        """Add a fault from its JSON form.

        :raise ValueError: with what is wrong.
        """
        known = Fault.__dataclass_fields__.keys() - {"id"}
        if unknown := set(data) - known:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        kinds = self.requests | self.effects | self.hooks
        if data.get("kind") not in kinds:
            raise ValueError(f"kind must be one of {', '.join(sorted(kinds))}")
        unread = {"method", "path"} if data["kind"] in self.hooks else {"event"}
        if unread := unread & set(data):
            said = ", ".join(sorted(unread))
            raise ValueError(f"{data['kind']} does not look at: {said}")
        for name in ("method", "path", "event"):
            try:
                re.compile(data.get(name, ""))
            except re.error as error:
                raise ValueError(f"{name}: {error}") from None
        fault = Fault(f"fault_{secrets.token_hex(4)}", **data)
        self.waiting.append(fault)
        return fault

    def list(self):
        """The waiting faults in their JSON form."""
        return [asdict(fault) for fault in self.waiting]

    def clear(self):
        """Forget them all."""
        self.waiting.clear()

    def for_request(self, method, path):
        """The faults of requests that strike this one."""
        return self._take(self.requests, ("method", method), ("path", path))

    def for_effects(self, method, path):
        """The faults that change how what this request asks will end."""
        return self._take(self.effects, ("method", method), ("path", path))

    def for_effect(self, kind, method, path):
        """The fault of this kind that changes how what is asked ends, or None."""
        return next(iter(self._take({kind}, ("method", method), ("path", path))), None)

    def for_hook(self, event_type):
        """The faults that strike this notification."""
        return self._take(self.hooks, ("event", event_type))

    def _take(self, kinds, *pairs):
        struck = [
            fault
            for fault in self.waiting
            if fault.kind in kinds
            and fault.strikes(*((getattr(fault, name), value) for name, value in pairs))
        ]
        self.waiting = [fault for fault in self.waiting if fault.count > 0]
        return struck


async def before(request, struck, make_error):
    """What strikes before the work is done.

    :param make_error: gives the provider's own error for an HTTP status
    :raise Unanswered: the client gets no answer and nothing was done.
    """
    for fault in struck:
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "timeout_before":
            await _hang_up(request, fault.seconds)
        elif fault.status and not fault.after:
            raise make_error(fault.status)


async def after(request, struck, make_error):
    """What strikes once the work is done: the client does not learn its result."""
    for fault in struck:
        if fault.kind == "timeout_after":
            await _hang_up(request, fault.seconds)
        elif fault.status and fault.after:
            raise make_error(fault.status)


class Unanswered(web.HTTPException):
    """The connection was cut instead of answered."""

    status_code = 500


async def _hang_up(request, seconds):
    """Say nothing for some time, or until the client gives up; then cut."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        if request.transport is None or request.transport.is_closing():
            break
        await asyncio.sleep(0.05)
    if request.transport is not None:
        request.transport.abort()
    raise Unanswered()
