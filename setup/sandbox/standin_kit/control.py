# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests ask of any stand-in: paths in ``/_``, JSON in and out."""

import json
from dataclasses import asdict

from aiohttp import web


class Control:
    """Health, faults, starting anew; a stand-in adds its own handlers.

    :param world: has ``faults`` and ``clear()``
    """

    service = "stand-in"

    def __init__(self, world):
        self.world = world

    def routes(self):
        """The routes that every stand-in has."""
        return [
            web.get("/_health", self.health),
            web.get("/_faults", self.list_faults),
            web.post("/_faults", self.add_fault),
            web.delete("/_faults", self.clear_faults),
            web.post("/_reset", self.reset),
        ]

    async def health(self, _request):
        """Is it up?"""
        return web.json_response({"status": "ok", "service": self.service})

    async def list_faults(self, _request):
        """The faults that still wait."""
        return web.json_response(self.world.faults.list())

    async def add_fault(self, request):
        """Add a fault, or a list of them."""
        data = await read_json(request)
        rows = data if isinstance(data, list) else [data]
        try:
            added = [asdict(self.world.faults.add(row)) for row in rows]
        except (TypeError, ValueError) as error:
            raise bad_request(str(error)) from error
        return web.json_response(added)

    async def clear_faults(self, _request):
        """Forget the faults."""
        self.world.faults.clear()
        return web.json_response([])

    async def reset(self, _request):
        """Start again from nothing."""
        self.world.clear()
        return web.json_response({"status": "reset"})


def select(rows, request):
    """Keep the rows whose fields are what the query says."""
    wanted = request.query.items()
    return [
        row
        for row in rows
        if all(str(row.get(name)) == value for name, value in wanted)
    ]


async def read_json(request):
    """Return the body; an empty one is an empty object."""
    text = await request.text()
    try:
        return json.loads(text) if text else {}
    except ValueError as error:
        raise bad_request(f"not JSON: {error}") from error


def bad_request(message):
    """400, as JSON."""
    return web.HTTPBadRequest(
        text=json.dumps({"error": message}), content_type="application/json"
    )


def refuse_unknown(data, known):
    """Refuse names that nobody reads: a slip in a test would change nothing."""
    if unknown := set(data) - set(known):
        raise bad_request(f"unknown: {', '.join(sorted(unknown))}")
