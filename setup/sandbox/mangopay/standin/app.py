# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The web application: API, hosted pages, control interface and admin page.

One thread, and no waiting inside the work: each request changes everything it changes
at once. aiohttp rather than the standard library, because delays, connections held open
and notifications that come before the answer are then plain coroutines; it is pinned
already, with localstripe.
"""

import asyncio
import json

from aiohttp import web
from standin_kit.faults import after, before
from standin_kit.serving import loopback_only, save_now_and_then, working

from . import admin, api, control, pages
from .call import Request
from .delivery import Sender
from .errors import ApiError
from .faults import http_error

TICK = 0.05


def build(world):
    """The application that serves this world."""
    app = web.Application(middlewares=[loopback_only], client_max_size=12 << 20)
    app.add_routes(control.routes(world))
    app.add_routes(pages.routes(world))
    app.add_routes(admin.routes(world))
    handler = _api(world)
    app.router.add_route("*", "/{path:.*}", handler)
    app.cleanup_ctx.append(lambda _app: _background(world))
    return app


def _api(world):
    """Serve a request of the API, with the faults that strike it."""

    async def serve(request):
        if not api.is_api(request.path):
            raise web.HTTPNotFound(text="Not found")
        struck = world.faults.for_request(request.method, request.path)
        body = await request.read()
        try:
            await before(request, struck, http_error)
            begun = world.hooks.now_or_later()
            answer = api.serve(world, _read(request, body))
            if first := world.hooks.must_precede(begun):
                await asyncio.wait(first)
            await after(request, struck, http_error)
        except ApiError as error:
            answer = api.refusal(world, error)
        return _response(answer)

    return serve


def _read(request, body):
    query = {}
    for name, value in request.query.items():
        query.setdefault(name, []).append(value)
    return Request(
        method=request.method,
        path=request.path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )


def _response(answer):
    if answer.body is None:
        return web.Response(status=answer.status, headers=answer.headers)
    return web.Response(
        status=answer.status,
        text=json.dumps(answer.body),
        content_type="application/json",
        headers=answer.headers,
    )


async def _background(world):
    """Do what falls due, save now and then, take up the deliveries; stop cleanly."""
    world.hooks = Sender(world)
    world.hooks.resume()
    async with working(_tick(world), save_now_and_then(world)):
        yield
    await world.hooks.close()
    world.save()


async def _tick(world):
    while True:
        world.timers.run()
        await asyncio.sleep(TICK)
