# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API: from an HTTP request to a resource's handler and back."""

import json

from aiohttp import web
from localstripe.errors import UserError
from standin_kit.faults import after, before

from . import call as calls
from . import versions
from .engine import current_call
from .errors import ApiError, from_localstripe
from .faults import http_error
from .resources import MODULES

WRITING = ("POST", "DELETE")


def routes(world):
    """The aiohttp routes of the whole API."""
    known = [
        web.route(method, path, _Endpoint(world, handler))
        for module in MODULES
        for method, path, handler in module.ROUTES
    ]
    return [*known, web.route("*", "/v1/{rest:.*}", _Endpoint(world, _unknown))]


def _unknown(call):
    raise ApiError(
        404,
        f"Unrecognized request URL ({call.method}: {call.path}). The stand-in does not"
        " have this part of the API.",
        saved=False,
    )


class _Endpoint:
    """One path of the API, with what surrounds every handler."""

    def __init__(self, world, handler):
        self.world = world
        self.handler = handler

    async def __call__(self, request):
        world = self.world
        try:
            call = await calls.read(request, world.registry)
        except ApiError as error:
            return _respond(error.status, error.body)
        call.ids = dict(request.match_info)
        current_call.set(call)
        struck = world.faults.for_request(call.method, call.path)
        effects = world.faults.for_effects(call.method, call.path)
        call.effects = {fault.kind for fault in effects}
        try:
            await before(request, struck, http_error)
            status, body, replayed = self._answer(call)
            await after(request, struck, http_error)
        except ApiError as error:
            status, body, replayed = error.status, error.body, False
        world.log(call, status, replayed)
        return _respond(status, body, call, replayed)

    def _answer(self, call):
        """Do the work, or say again what was said. Never interrupted."""
        saved = self.world.replays.begin(call)
        if saved:
            return *saved, True
        status, body = None, None
        try:
            status, body = 200, self._work(call)
        except ApiError as error:
            if not error.saved:
                raise
            status, body = error.status, error.body
        finally:
            self.world.replays.finish(call, status, body)
            if call.method in WRITING:
                self.world.dirty = True
        return status, body, False

    def _work(self, call):
        try:
            result = self.handler(call)
        except UserError as error:
            raise from_localstripe(error, call.path) from error
        if not isinstance(result, dict):
            result = result._export(expand=call.expand)
        return versions.render(result, call.version, call.expand)


def _respond(status, body, call=None, replayed=False):
    headers = {"Access-Control-Allow-Origin": "*"}
    if call:
        headers["Request-Id"] = call.request_id
        headers["Stripe-Version"] = call.version
        if call.idempotency_key:
            headers["Idempotency-Key"] = call.idempotency_key
        if replayed:
            headers["Idempotent-Replayed"] = "true"
    return web.json_response(
        body,
        status=status,
        headers=headers,
        dumps=lambda data: json.dumps(data, indent=2) + "\n",
    )
