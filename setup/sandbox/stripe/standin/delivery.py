# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signed delivery of events to the webhook endpoints, retried with a back-off."""

import asyncio
import hashlib
import hmac
import json
import logging
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

import aiohttp
from standin_kit.serving import LOOPBACK

from .engine import clock, current_call, new_id, store

_logger = logging.getLogger(__name__)

FORGED_SECRET = "whsec_forged"


@dataclass
class Settings:
    """Times of the deliveries, in seconds."""

    first_delay: float = 0.2
    retry_delays: tuple = (1, 2, 4, 8)
    timeout: float = 10.0
    reorder_wait: float = 5.0


@dataclass
class Delivery:
    """One event on its way to one endpoint."""

    id: str
    scope: tuple
    event: str
    type: str
    endpoint: str
    url: str
    state: str = "pending"
    attempts: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def sign(payload, secrets, timestamp):
    """The Stripe-Signature header; one v1 for each secret that is still valid."""
    signed = f"{timestamp}.{payload}".encode()
    digests = [
        hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        for secret in secrets
    ]
    return ",".join([f"t={timestamp}", *(f"v1={digest}" for digest in digests)])


class Sender:
    """Sends events, and keeps the log of what became of them."""

    def __init__(self):
        self.deliveries = []
        self.settings = Settings()
        self.faults = None
        self._tasks = set()
        self._session = None
        self._held = {}

    def send(self, event):
        """Send an event to the endpoints of the current scope that want it."""
        for endpoint in store.of_kind("webhook_endpoint"):
            if endpoint._wants(event.type):
                self.deliver(event, endpoint)

    def deliver(self, event, endpoint):
        """Send one event to one endpoint, whatever it wants."""
        faults = self.faults.for_hook(event.type) if self.faults else []
        kinds = [fault.kind for fault in faults]
        delivery = Delivery(
            id=new_id("del_", 12),
            scope=current_call.get().scope,
            event=event.id,
            type=event.type,
            endpoint=endpoint.id,
            url=endpoint.url,
            faults=kinds,
        )
        self.deliveries.append(delivery)
        if "drop_webhook" in kinds:
            delivery.state = "dropped"
            return delivery
        event.pending_webhooks += 1
        wait = sum(f.seconds for f in faults if f.kind == "delay_webhook")
        self._start(delivery, self.settings.first_delay + wait)
        return delivery

    def resume(self):
        """Take up again the deliveries that were pending when the process ended."""
        for delivery in self.deliveries:
            if delivery.state == "pending":
                self._start(delivery, self.settings.first_delay)

    async def close(self):
        """Stop; what is pending stays so in the saved state."""
        for task in self._tasks:
            task.cancel()
        if self._session:
            await self._session.close()

    def export(self):
        """The log, oldest first."""
        return [asdict(delivery) for delivery in self.deliveries]

    def clear(self):
        """Forget everything, and send nothing more."""
        for task in self._tasks:
            task.cancel()
        self.deliveries.clear()
        self._held.clear()

    def _start(self, delivery, wait):
        task = asyncio.ensure_future(self._run(delivery, wait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, delivery, wait):
        await asyncio.sleep(wait)
        if "reorder_webhook" in delivery.faults:
            await self._wait_for_next(delivery)
        for pause in (*self.settings.retry_delays, None):
            done = await self._attempt(delivery)
            if done and "duplicate_webhook" in delivery.faults:
                await self._attempt(delivery)
            if done or pause is None:
                break
            await asyncio.sleep(pause)
        delivery.state = "delivered" if done else "failed"
        if event := store.find(delivery.scope, "event", delivery.event):
            event.pending_webhooks -= 1
        if "reorder_webhook" not in delivery.faults:
            self._release(delivery.endpoint)

    async def _wait_for_next(self, delivery):
        """Let the endpoint's next event overtake this one."""
        overtaken = self._held.setdefault(delivery.endpoint, asyncio.Event())
        try:
            await asyncio.wait_for(overtaken.wait(), self.settings.reorder_wait)
        except asyncio.TimeoutError:
            _logger.info("%s: nothing overtook %s", delivery.endpoint, delivery.event)

    def _release(self, endpoint):
        if held := self._held.pop(endpoint, None):
            held.set()

    async def _attempt(self, delivery):
        """One POST; True if the endpoint answered 2xx."""
        endpoint = store.find(delivery.scope, "webhook_endpoint", delivery.endpoint)
        event = store.find(delivery.scope, "event", delivery.event)
        attempt = {"at": clock.now(), "status": None, "error": None}
        if endpoint is None or endpoint.status != "enabled":
            attempt["error"] = "the endpoint was disabled or deleted"
        elif urlsplit(endpoint.url).hostname not in LOOPBACK:
            attempt["error"] = "not sent: the stand-in does not leave this machine"
        else:
            await self._post(delivery, endpoint, event, attempt)
        delivery.attempts.append(attempt)
        return bool(attempt["status"]) and 200 <= attempt["status"] < 300

    async def _post(self, delivery, endpoint, event, attempt):
        payload = json.dumps(
            event._payload_for(endpoint._version), indent=2, sort_keys=True
        )
        secrets = endpoint._valid_secrets()
        if "forge_webhook" in delivery.faults:
            secrets = [FORGED_SECRET]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(payload, secrets, clock.now()),
            "User-Agent": "Stripe/1.0 (stand-in)",
        }
        try:
            async with self._http().post(
                endpoint.url, data=payload.encode(), headers=headers,
                allow_redirects=False,
            ) as response:  # fmt: skip
                attempt["status"] = response.status
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            attempt["error"] = f"{type(error).__name__}: {error}"

    def _http(self):
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self.settings.timeout)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session


sender = Sender()
