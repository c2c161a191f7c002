# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests and demonstrations ask of the stand-in itself: paths in ``/_``."""

import json
from dataclasses import asdict

from aiohttp import web

from .accounts import KeyRule
from .browser import internal_call
from .delivery import sender
from .engine import clock, current_call, store
from .errors import ApiError
from .journal import journal
from .resources import disputes, payouts
from .resources.events import publish

ACCOUNT_FIELDS = {
    "name", "country", "default_currency", "email", "charges_enabled",
    "payouts_enabled", "details_submitted", "api_version", "currently_due",
    "fee_percent", "fee_fixed",
}  # fmt: skip


def routes(world):
    """The routes of the control interface."""
    control = Control(world)
    return [
        web.get("/_health", control.health),
        web.get("/_faults", control.list_faults),
        web.post("/_faults", control.add_fault),
        web.delete("/_faults", control.clear_faults),
        web.get("/_journal", control.list_journal),
        web.get("/_requests", control.list_requests),
        web.get("/_deliveries", control.list_deliveries),
        web.post("/_events/{id}/send", control.send_event),
        web.get("/_state", control.state),
        web.post("/_reset", control.reset),
        web.post("/_accounts/{slug}", control.set_account),
        web.post("/_keys/{key}", control.set_key),
        web.post("/_clock", control.move_clock),
        web.post("/_refunds/{id}", control.settle_refund),
        web.post("/_payment_intents/{id}", control.settle_payment),
        web.post("/_payment_intents/{id}/dispute", control.open_dispute),
        web.post("/_disputes/{id}", control.settle_dispute),
        web.post("/_payouts/{id}", control.settle_payout),
        web.post("/_accounts/{slug}/payouts", control.run_payouts),
        web.post("/_webhook_endpoints/{id}/roll", control.roll_secret),
    ]


class Control:
    """The handlers; each takes and gives JSON."""

    def __init__(self, world):
        self.world = world

    async def health(self, _request):
        """Is it up?"""
        return web.json_response({"status": "ok", "service": "stripe stand-in"})

    async def list_faults(self, _request):
        """The faults that still wait."""
        return web.json_response(self.world.faults.list())

    async def add_fault(self, request):
        """Add a fault, or a list of them."""
        data = await _json(request)
        items = data if isinstance(data, list) else [data]
        try:
            added = [asdict(self.world.faults.add(item)) for item in items]
        except (TypeError, ValueError) as error:
            raise _bad_request(str(error)) from error
        return web.json_response(added)

    async def clear_faults(self, _request):
        """Forget the faults."""
        self.world.faults.clear()
        return web.json_response([])

    async def list_journal(self, request):
        """Money that moved; the query filters by field."""
        return web.json_response(journal.select(**request.query))

    async def list_requests(self, request):
        """API requests served; the query filters by field."""
        return web.json_response(
            [
                line
                for line in self.world.requests
                if all(str(line.get(k)) == v for k, v in request.query.items())
            ]
        )

    async def list_deliveries(self, request):
        """Webhook deliveries and their attempts; the query filters by field."""
        return web.json_response(
            [
                line
                for line in sender.export()
                if all(str(line.get(k)) == v for k, v in request.query.items())
            ]
        )

    async def send_event(self, request):
        """Send an event again to every endpoint of its account that wants it."""
        event = self._act_on("event", request)
        before = len(sender.deliveries)
        sender.send(event)
        self.world.dirty = True
        return web.json_response([d.id for d in sender.deliveries[before:]])

    async def state(self, _request):
        """All objects, by account, mode and kind."""
        dump = {}
        for (account, livemode), objects in store.scopes.items():
            current_call.set(internal_call(self.world, (account, livemode)))
            dump[f"{account}/{'live' if livemode else 'test'}"] = {
                kind: [obj._export() for obj in by_id.values()]
                for kind, by_id in objects.items()
                if by_id
            }
        return web.json_response({"clock": clock.now(), "accounts": dump})

    async def reset(self, _request):
        """Start again from nothing."""
        self.world.clear()
        return web.json_response({"status": "reset"})

    async def set_account(self, request):
        """Declare or change an account, named as in its keys."""
        data = await _json(request)
        if unknown := set(data) - ACCOUNT_FIELDS:
            raise _bad_request(f"unknown: {', '.join(sorted(unknown))}")
        account = self.world.registry.account(request.match_info["slug"])
        for name, value in data.items():
            setattr(account, name, value)
        self.world.dirty = True
        for scope in [scope for scope in store.scopes if scope[0] == account.id]:
            current_call.set(internal_call(self.world, scope))
            publish("account.updated", account)
        return web.json_response(account.export())

    async def set_key(self, request):
        """Revoke a key, restrict it, or give it to another account."""
        data = await _json(request)
        if unknown := set(data) - {"revoked", "permissions", "account"}:
            raise _bad_request(f"unknown: {', '.join(sorted(unknown))}")
        self.world.registry.rules[request.match_info["key"]] = KeyRule(**data)
        self.world.dirty = True
        return web.json_response(data)

    async def move_clock(self, request):
        """Move the time: ``{"advance": seconds}`` or ``{"now": timestamp}``."""
        data = await _json(request)
        if "now" in data:
            clock.offset += float(data["now"]) - clock.time()
        clock.offset += float(data.get("advance", 0))
        self.world.dirty = True
        return web.json_response({"now": clock.now()})

    async def settle_refund(self, request):
        """The bank's answer to a refund: ``{"status": "succeeded" | "failed"}``."""
        status = _status(await _json(request), ("succeeded", "failed"))
        refund = self._act_on("refund", request)
        refund._set_status(status)
        return self._changed(refund)

    async def settle_payment(self, request):
        """The bank's answer to a slow payment: ``{"status": …}``."""
        status = _status(await _json(request), ("succeeded", "failed"))
        intent = self._act_on("payment_intent", request)
        charge = intent._charge()
        method = store[f"payment_method:{charge.payment_method}"]
        intent._settle(charge, method, success=status == "succeeded")
        return self._changed(intent)

    async def open_dispute(self, request):
        """The buyer goes to their bank: ``{"reason": "fraudulent"}``."""
        data = await _json(request)
        intent = self._act_on("payment_intent", request)
        return self._changed(
            _refusing(disputes.open_for, intent, data.get("reason") or "fraudulent")
        )

    async def settle_dispute(self, request):
        """The bank decides: ``{"status": "won" | "lost"}``."""
        status = _status(await _json(request), ("won", "lost"))
        dispute = self._act_on("dispute", request)
        _refusing(dispute._close, status)
        return self._changed(dispute)

    async def settle_payout(self, request):
        """The bank's answer to a payout: ``{"status": "paid" | "failed"}``."""
        status = _status(await _json(request), ("paid", "failed"))
        payout = self._act_on("payout", request)
        payout._set_status(status)
        return self._changed(payout)

    async def run_payouts(self, request):
        """Pay out what is available, as Stripe does each day."""
        account = self.world.registry.account(request.match_info["slug"])
        livemode = request.query.get("livemode") == "true"
        current_call.set(internal_call(self.world, (account.id, livemode)))
        self.world.dirty = True
        return web.json_response([p._export() for p in payouts.run_automatic()])

    async def roll_secret(self, request):
        """A new signing secret; the old one signs too for ``expires_in`` seconds."""
        data = await _json(request)
        endpoint = self._act_on("webhook_endpoint", request)
        secret = endpoint._roll_secret(float(data.get("expires_in", 0)))
        self.world.dirty = True
        return web.json_response({"id": endpoint.id, "secret": secret})

    def _act_on(self, kind, request):
        """The object of the path, in whatever account; the call acts for it."""
        found = store.find_everywhere(kind, request.match_info["id"])
        if not found:
            raise web.HTTPNotFound(text=f"No such {kind}.")
        scope, obj = found
        current_call.set(internal_call(self.world, scope, request))
        return obj

    def _changed(self, obj):
        self.world.dirty = True
        return web.json_response(obj._export())


def _refusing(function, *arguments):
    """Call it; what Stripe would refuse is a bad request here."""
    try:
        return function(*arguments)
    except ApiError as error:
        raise _bad_request(str(error)) from error


async def _json(request):
    text = await request.text()
    try:
        return json.loads(text) if text else {}
    except ValueError as error:
        raise _bad_request(f"not JSON: {error}") from error


def _status(data, allowed):
    if data.get("status") not in allowed:
        raise _bad_request(f"status must be one of {', '.join(allowed)}")
    return data["status"]


def _bad_request(message):
    return web.HTTPBadRequest(
        text=json.dumps({"error": message}), content_type="application/json"
    )
