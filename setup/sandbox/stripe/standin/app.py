# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The web application: API, browser's pages, control interface and admin page."""

from aiohttp import web
from standin_kit.serving import loopback_only, save_now_and_then, working

from . import admin, api, browser, control
from .delivery import sender


def build(world):
    """The application that serves this world."""
    app = web.Application(middlewares=[loopback_only], client_max_size=1 << 20)
    app.add_routes(api.routes(world))
    app.add_routes(browser.routes(world))
    app.add_routes(control.routes(world))
    app.add_routes(admin.routes(world))
    app.cleanup_ctx.append(lambda _app: _background(world))
    return app


async def _background(world):
    """Save now and then; take up the deliveries; stop cleanly."""
    sender.resume()
    async with working(save_now_and_then(world)):
        yield
    await sender.close()
    world.save()
