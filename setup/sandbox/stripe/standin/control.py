# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests and demonstrations ask of the stand-in itself: paths in ``/_``."""

from aiohttp import web
from standin_kit.control import Control as StandIn
from standin_kit.control import bad_request, read_json, refuse_unknown, select

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
    here = Control(world)
    return [
        *here.routes(),
        web.get("/_journal", here.list_journal),
        web.get("/_requests", here.list_requests),
        web.get("/_deliveries", here.list_deliveries),
        web.post("/_events/{id}/send", here.send_event),
        web.get("/_state", here.state),
        web.post("/_accounts/{slug}", here.set_account),
        web.post("/_keys/{key}", here.set_key),
        web.post("/_clock", here.move_clock),
        web.post("/_refunds/{id}", here.settle_refund),
        web.post("/_payment_intents/{id}", here.settle_payment),
        web.post("/_payment_intents/{id}/dispute", here.open_dispute),
        web.post("/_disputes/{id}", here.settle_dispute),
        web.post("/_payouts/{id}", here.settle_payout),
        web.post("/_accounts/{slug}/payouts", here.run_payouts),
        web.post("/_webhook_endpoints/{id}/roll", here.roll_secret),
    ]


class Control(StandIn):
    """The handlers; each takes and gives JSON."""

    service = "stripe stand-in"

    async def list_journal(self, request):
        """Money that moved; the query filters by field."""
        return web.json_response(journal.select(**request.query))

    async def list_requests(self, request):
        """API requests served; the query filters by field."""
        return web.json_response(select(self.world.requests, request))

    async def list_deliveries(self, request):
        """Webhook deliveries and their attempts; the query filters by field."""
        return web.json_response(select(sender.export(), request))

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

    async def set_account(self, request):
        """Declare or change an account, named as in its keys."""
        data = await read_json(request)
        refuse_unknown(data, ACCOUNT_FIELDS)
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
        data = await read_json(request)
        refuse_unknown(data, ("revoked", "permissions", "account"))
        self.world.registry.rules[request.match_info["key"]] = KeyRule(**data)
        self.world.dirty = True
        return web.json_response(data)

    async def move_clock(self, request):
        """Move the time: ``{"advance": seconds}`` or ``{"now": timestamp}``."""
        data = await read_json(request)
        if "now" in data:
            clock.offset += float(data["now"]) - clock.time()
        clock.offset += float(data.get("advance", 0))
        self.world.dirty = True
        return web.json_response({"now": clock.now()})

    async def settle_refund(self, request):
        """The bank's answer to a refund: ``{"status": "succeeded" | "failed"}``."""
        status = _status(await read_json(request), ("succeeded", "failed"))
        refund = self._act_on("refund", request)
        refund._set_status(status)
        return self._changed(refund)

    async def settle_payment(self, request):
        """The bank's answer to a slow payment: ``{"status": …}``."""
        status = _status(await read_json(request), ("succeeded", "failed"))
        intent = self._act_on("payment_intent", request)
        charge = intent._charge()
        method = store[f"payment_method:{charge.payment_method}"]
        intent._settle(charge, method, success=status == "succeeded")
        return self._changed(intent)

    async def open_dispute(self, request):
        """The buyer goes to their bank: ``{"reason": "fraudulent"}``."""
        data = await read_json(request)
        intent = self._act_on("payment_intent", request)
        return self._changed(
            _refusing(disputes.open_for, intent, data.get("reason") or "fraudulent")
        )

    async def settle_dispute(self, request):
        """The bank decides: ``{"status": "won" | "lost"}``."""
        status = _status(await read_json(request), ("won", "lost"))
        dispute = self._act_on("dispute", request)
        _refusing(dispute._close, status)
        return self._changed(dispute)

    async def settle_payout(self, request):
        """The bank's answer to a payout: ``{"status": "paid" | "failed"}``."""
        status = _status(await read_json(request), ("paid", "failed"))
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
        data = await read_json(request)
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
        raise bad_request(str(error)) from error


def _status(data, allowed):
    if data.get("status") not in allowed:
        raise bad_request(f"status must be one of {', '.join(allowed)}")
    return data["status"]
