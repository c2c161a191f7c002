# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notifications: GET to the hook's address with EventType, RessourceId and Date.

Only 200 counts. A failure is tried again every ten minutes for an hour, then every
eight hours for three days, on the stand-in's own clock: move it to see them come. The
hundredth failure in a row makes the hook INVALID, and nothing is sent to it any more.
"""

import asyncio
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import aiohttp
from standin_kit.serving import LOOPBACK

from .clock import on_time

RETRIES = [600] * 6 + [8 * 3600] * 9
MOST_FAILURES = 100
MOST_KEPT = 5000
REORDER_WAIT = 5


class Sender:
    """Sends events to hooks, and keeps the log of what became of them."""

    def __init__(self, world):
        self.world = world
        self._tasks = set()
        self._session = None
        self._held = {}

    def send(self, tenant, event):
        """Send an event to the hook of its kind, if there is one that listens."""
        for hook in tenant.rows("hook", EventType=event["EventType"]):
            if hook["Status"] == "ENABLED" and hook["Validity"] == "VALID":
                self._send(tenant, event, hook)

    def _send(self, tenant, event, hook):
        faults = self.world.faults.for_hook(event["EventType"])
        kinds = [fault.kind for fault in faults]
        log = self.world.data["deliveries"]
        delivery = {
            "id": f"delivery_{log[-1]['_number'] + 1 if log else 1}",
            "_number": log[-1]["_number"] + 1 if log else 1,
            "client": tenant.name,
            "hook": hook["Id"],
            "url": hook["Url"],
            "EventType": event["EventType"],
            "RessourceId": event["ResourceId"],
            "Date": event["Date"],
            "state": "dropped" if "drop_hook" in kinds else "pending",
            "faults": kinds,
            "attempts": [],
        }
        log.append(delivery)
        del log[:-MOST_KEPT]
        if delivery["state"] == "pending":
            late = sum(f.seconds for f in faults if f.kind == "delay_hook")
            self._start(delivery, late)

    def again(self, delivery):
        """Send once more what was sent already."""
        self._start({**delivery, "faults": [], "attempts": []}, 0)

    def resume(self):
        """Take up the first tries that were under way when the process ended."""
        for delivery in self.world.data["deliveries"]:
            if delivery["state"] == "pending" and not delivery["attempts"]:
                self._start(delivery, 0)

    def retry(self, tenant, number):
        """A failed one is due again."""
        for delivery in self.world.data["deliveries"]:
            if delivery["_number"] == number and delivery["state"] == "pending":
                self._start(delivery, 0, first=False)

    def now_or_later(self):
        """The tries under way, to wait for when they must come before the answer."""
        return list(self._tasks)

    async def close(self):
        """Stop; what is pending stays so in the saved state."""
        for task in self._tasks:
            task.cancel()
        if self._session:
            await self._session.close()

    def clear(self):
        """Forget everything, and send nothing more."""
        for task in self._tasks:
            task.cancel()
        self._held.clear()

    def must_precede(self, tasks_before):
        """The tries begun since, that were told to arrive before the answer."""
        always = self.world.data["settings"]["hooks_before_answer"]
        return [
            task
            for task in self._tasks
            if task not in tasks_before
            and (always or "hook_before_answer" in task.delivery["faults"])
        ]

    def _start(self, delivery, late, first=True):
        early = (
            self.world.data["settings"]["hooks_before_answer"]
            or "hook_before_answer" in delivery["faults"]
        )
        wait = late + (self.world.data["settings"]["hook_delay"] if first else 0)
        task = asyncio.ensure_future(self._run(delivery, 0 if early else wait))
        task.delivery = delivery
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, delivery, wait):
        await asyncio.sleep(wait)
        if "reorder_hook" in delivery["faults"] and not delivery["attempts"]:
            await self._let_pass(delivery)
        if "forge_hook" in delivery["faults"]:
            await self._get({**delivery, "RessourceId": "payin_m_FORGED"})
        done = await self._attempt(delivery)
        if done and "duplicate_hook" in delivery["faults"]:
            await self._attempt(delivery)
        if "reorder_hook" not in delivery["faults"]:
            for event in self._held.pop(delivery["client"], []):
                event.set()

    async def _let_pass(self, delivery):
        """Let the client's next notification, of whatever kind, overtake this one."""
        overtaken = asyncio.Event()
        self._held.setdefault(delivery["client"], []).append(overtaken)
        try:
            await asyncio.wait_for(overtaken.wait(), REORDER_WAIT)
        except asyncio.TimeoutError:
            delivery["attempts"].append({"error": "nothing overtook it"})

    async def _attempt(self, delivery):
        """One GET; true when it was answered 200."""
        tenant = self.world.tenant(delivery["client"])
        hook = tenant.find("hook", delivery["hook"]) if tenant else None
        self.world.dirty = True
        if not hook or hook["Status"] != "ENABLED" or hook["Validity"] != "VALID":
            delivery["state"] = "given up"
            return False
        attempt = await self._get({**delivery, "url": hook["Url"]})
        delivery["attempts"].append(attempt)
        if attempt["status"] == 200:
            hook["_failures"], delivery["state"] = 0, "delivered"
            return True
        hook["_failures"] += 1
        if hook["_failures"] >= MOST_FAILURES:
            hook["Validity"] = "INVALID"
        tried = len([row for row in delivery["attempts"] if "status" in row])
        if tried > len(RETRIES):
            delivery["state"] = "failed"
        else:
            wait = RETRIES[tried - 1]
            tenant.later(wait, "hook_retry", delivery["_number"])
        return False

    async def _get(self, delivery):
        attempt = {"at": self.world.clock.now(), "status": None, "error": None}
        parts = urlsplit(delivery["url"])
        if parts.hostname not in LOOPBACK:
            attempt["error"] = "not sent: the stand-in does not leave this machine"
            return attempt
        query = parse_qsl(parts.query, keep_blank_values=True) + [
            (name, str(delivery[name])) for name in ("EventType", "RessourceId", "Date")
        ]
        url = urlunsplit(parts._replace(query=urlencode(query)))
        seconds = self.world.data["settings"]["hook_timeout"]
        try:
            async with self._http().get(
                url,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds),
                headers={"User-Agent": "Mangopay-Notification (stand-in)"},
            ) as response:
                attempt["status"] = response.status
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            attempt["error"] = f"{type(error).__name__}: {error}"
        return attempt

    def _http(self):
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


@on_time("hook_retry")
def _retry(tenant, number):
    if tenant.world.hooks is not None:
        tenant.world.hooks.retry(tenant, number)
