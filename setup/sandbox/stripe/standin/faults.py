# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults on demand.

A fault waits for a request (``method``, ``path``) or a webhook (``event``) that it
matches, lets ``skip`` of them pass, strikes ``count`` times, and is gone.
"""

import asyncio
import re
from dataclasses import asdict, dataclass

from aiohttp import web

from .engine import new_id
from .errors import ApiError

HTTP_ERRORS = {
    409: ("lock_timeout", "This object cannot be accessed right now because another"
          " API request or Stripe process is currently accessing it."),
    429: ("rate_limit", "Request rate limit exceeded. Learn more about rate limits"
          " here https://docs.stripe.com/rate-limits."),
    500: (None, "An unknown error occurred"),
    503: (None, "Stripe is temporarily unavailable"),
}  # fmt: skip
REQUEST_KINDS = {"delay", "timeout_before", "timeout_after"} | {
    f"http_{status}" for status in HTTP_ERRORS
}
EFFECT_KINDS = {"refund_pending", "refund_failed", "payment_processing"}
WEBHOOK_KINDS = {
    "duplicate_webhook",
    "reorder_webhook",
    "drop_webhook",
    "delay_webhook",
    "forge_webhook",
}
KINDS = REQUEST_KINDS | EFFECT_KINDS | WEBHOOK_KINDS


@dataclass
class Fault:
    """One fault; ``after`` makes an ``http_500`` come once the work is done."""

    id: str
    kind: str
    method: str = ".*"
    path: str = ".*"
    event: str = ".*"
    count: int = 1
    skip: int = 0
    seconds: float = 1.0
    after: bool = False

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
    """The faults that wait."""

    def __init__(self):
        self.waiting = []

    def add(self, data):
        """Add a fault from its JSON form.

        :raise ValueError: with what is wrong.
        """
        known = Fault.__dataclass_fields__.keys() - {"id"}
        if unknown := set(data) - known:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        if data.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}")
        for name in ("method", "path", "event"):
            try:
                re.compile(data.get(name, ""))
            except re.error as error:
                raise ValueError(f"{name}: {error}") from None
        fault = Fault(new_id("fault_", 8), **data)
        self.waiting.append(fault)
        return fault

    def list(self):
        """The waiting faults in their JSON form."""
        return [asdict(fault) for fault in self.waiting]

    def clear(self):
        """Forget them all."""
        self.waiting.clear()

    def for_request(self, method, path):
        """The faults of requests and effects that strike this one."""
        pairs = lambda fault: ((fault.method, method), (fault.path, path))  # noqa: E731
        return self._take(REQUEST_KINDS | EFFECT_KINDS, pairs)

    def for_webhook(self, event_type):
        """The faults that strike this delivery."""
        return self._take(WEBHOOK_KINDS, lambda fault: ((fault.event, event_type),))

    def _take(self, kinds, pairs):
        struck = [
            fault
            for fault in self.waiting
            if fault.kind in kinds and fault.strikes(*pairs(fault))
        ]
        self.waiting = [fault for fault in self.waiting if fault.count > 0]
        return struck


async def before(request, faults):
    """What strikes before the work is done.

    :raise ApiError: for an HTTP fault.
    :raise Unanswered: the client gets no answer and nothing was done.
    """
    for fault in faults:
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "timeout_before":
            await _hang_up(request, fault.seconds)
        elif fault.kind.startswith("http_") and not fault.after:
            raise http_error(fault)


async def after(request, faults):
    """What strikes once the work is done: the client does not learn its result."""
    for fault in faults:
        if fault.kind == "timeout_after":
            await _hang_up(request, fault.seconds)
        elif fault.kind.startswith("http_") and fault.after:
            raise http_error(fault)


def http_error(fault):
    """The error of an ``http_<status>`` fault."""
    status = int(fault.kind.removeprefix("http_"))
    code, message = HTTP_ERRORS[status]
    return ApiError(
        status,
        message,
        type="api_error" if status >= 500 else "invalid_request_error",
        code=code,
        saved=False,
    )


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
