# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The control interface, JSON, for tests."""

from aiohttp import web
from standin_kit.control import Control as StandIn
from standin_kit.control import bad_request, read_json, refuse_unknown, select

from . import actions
from .errors import ApiError
from .event_types import EVENT_TYPES
from .shapes import public
from .world import SETTINGS


def routes(world):
    """The routes that begin with « _ »."""
    here = Control(world)
    return [
        *here.routes(),
        web.get("/_settings", here.settings),
        web.post("/_settings", here.change_settings),
        web.get("/_journal", here.journal),
        web.get("/_ledger", here.ledger),
        web.get("/_requests", here.requests),
        web.get("/_deliveries", here.deliveries),
        web.post("/_deliveries/{id}/send", here.send_again),
        web.get("/_state", here.state),
        web.get("/_clock", here.read_clock),
        web.post("/_clock", here.move_clock),
        web.post("/_clients/{name}", here.change_client),
        web.post("/_do/{action}/{id}", here.act),
    ]


class Control(StandIn):
    """The handlers; each takes and gives JSON."""

    service = "mangopay stand-in"

    async def settings(self, _request):
        """How the stand-in behaves."""
        return web.json_response(self.world.data["settings"])

    async def change_settings(self, request):
        """Change some of it: ``{"regime": "old"}``."""
        data = await read_json(request)
        refuse_unknown(data, SETTINGS)
        if data.get("regime", "2026") not in ("2026", "old"):
            raise bad_request("regime must be 2026 or old")
        refuse_unknown(data.get("refused_event_types", ()), EVENT_TYPES)
        self.world.data["settings"].update(data)
        self.world.dirty = True
        return web.json_response(self.world.data["settings"])

    async def journal(self, request):
        """The entries of the books; the query filters by field."""
        self.world.timers.run()
        rows = [
            {"client": tenant.name, **entry}
            for tenant in self.world.tenants.values()
            for entry in tenant.data["entries"]
        ]
        return web.json_response(select(rows, request))

    async def ledger(self, _request):
        """Balances of each client, and what is wrong with the books: nothing."""
        self.world.timers.run()
        return web.json_response(
            {
                tenant.name: {
                    "balances": tenant.ledger.balances(),
                    "wrong": tenant.ledger.check(),
                }
                for tenant in self.world.tenants.values()
            }
        )

    async def requests(self, request):
        """API requests served; the query filters by field."""
        return web.json_response(select(self.world.data["requests"], request))

    async def deliveries(self, request):
        """Notifications and their tries; the query filters by field."""
        rows = [public(row) for row in self.world.data["deliveries"]]
        return web.json_response(select(rows, request))

    async def send_again(self, request):
        """Send a notification once more."""
        for row in self.world.data["deliveries"]:
            if row["id"] == request.match_info["id"]:
                self.world.hooks.again(row)
                return web.json_response(public(row))
        raise web.HTTPNotFound(text="No such delivery.")

    async def state(self, _request):
        """All objects, by client and kind."""
        self.world.timers.run()
        return web.json_response(
            {
                "clock": self.world.clock.now(),
                "settings": self.world.data["settings"],
                "clients": {
                    name: {
                        kind: [public(row) for row in rows.values()]
                        for kind, rows in tenant.data["tables"].items()
                    }
                    for name, tenant in self.world.tenants.items()
                },
            }
        )

    async def reset(self, request):
        """Start again from nothing, and send nothing more."""
        self.world.hooks.clear()
        return await super().reset(request)

    async def read_clock(self, _request):
        """What time it is."""
        return web.json_response({"now": self.world.clock.now()})

    async def move_clock(self, request):
        """``{"advance": seconds}``, ``{"now": timestamp}`` or ``{"frozen": true}``."""
        data = await read_json(request)
        clock = self.world.clock
        if "frozen" in data:
            clock.freeze(bool(data["frozen"]))
        if "now" in data:
            clock.move(float(data["now"]))
        if data.get("advance"):
            clock.move(clock.exact() + float(data["advance"]))
        self.world.timers.run()
        self.world.dirty = True
        return web.json_response({"now": clock.now()})

    async def change_client(self, request):
        """Change a client: ``{"key": "new", "active": false, "locked_until": 0}``."""
        data = await read_json(request)
        refuse_unknown(data, ("key", "active", "locked_until", "windows"))
        tenant = self.world.tenant(request.match_info["name"].lower(), make=True)
        tenant.data.update(data)
        self.world.dirty = True
        return web.json_response({name: tenant.data[name] for name in data})

    async def act(self, request):
        """What Mangopay, a bank or a person does to an object: see ``actions.py``."""
        data = await read_json(request)
        self.world.timers.run()
        try:
            obj = actions.act(
                self.world, request.match_info["action"], request.match_info["id"], data
            )
        except KeyError:
            raise web.HTTPNotFound(text="No such action, or no such object.") from None
        except ApiError as error:
            raise bad_request(
                f"{error.message} {error.errors or ''}".strip()
            ) from error
        return web.json_response(public(obj))
