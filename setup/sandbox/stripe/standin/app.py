# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The web application: API, browser's pages, control interface and admin page."""

import asyncio
import contextlib

from aiohttp import web

from . import admin, api, browser, control
from .delivery import LOOPBACK, sender

HOST = "127.0.0.1"
SAVE_EVERY = 0.5


def build(world):
    """The application that serves this world."""
    app = web.Application(middlewares=[_loopback_only], client_max_size=1 << 20)
    app.add_routes(api.routes(world))
    app.add_routes(browser.routes(world))
    app.add_routes(control.routes(world))
    app.add_routes(admin.routes(world))
    app.cleanup_ctx.append(lambda _app: _background(world))
    return app


@web.middleware
async def _loopback_only(request, handler):
    """A page of the web must not reach us through a name that points here."""
    if request.url.host not in LOOPBACK:
        raise web.HTTPForbidden(text="The stand-in answers to this machine only.")
    return await handler(request)


async def _background(world):
    """Save now and then; take up the deliveries; stop cleanly."""
    sender.resume()
    saving = asyncio.ensure_future(_save_now_and_then(world))
    yield
    saving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await saving
    await sender.close()
    world.save()


async def _save_now_and_then(world):
    loop = asyncio.get_running_loop()
    pause = SAVE_EVERY
    while True:
        await asyncio.sleep(pause)
        if world.dirty:
            start = loop.time()
            world.save()
            # Saving blocks: never more than a tenth of the time.
            pause = max(SAVE_EVERY, 10 * (loop.time() - start))
