# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Start a stand-in on 127.0.0.1, keep its world on disk, stop it cleanly."""

import argparse
import asyncio
import contextlib
import errno
import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

HOST = "127.0.0.1"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SAVE_EVERY = 0.5


def make_parser(provider, port):
    """The command line that every stand-in has."""
    parser = argparse.ArgumentParser(description=f"A {provider} on {HOST}.")
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--state", type=Path, help="file in which to keep everything")
    parser.add_argument(
        "--from-scratch", action="store_true", help="forget what the file holds"
    )
    parser.add_argument("--verbose", action="store_true", help="log each request")
    return parser


def run(provider, build, world, options):
    """Serve a world until a signal.

    :param build: makes the application of a world
    :param world: has ``load()`` and ``save()``
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if options.from_scratch:
        world.save()
    else:
        try:
            world.load()
        except ValueError as error:
            sys.exit(f"{error}. Start with --from-scratch to begin anew.")
    address = f"http://{HOST}:{options.port}"
    try:
        web.run_app(
            build(world),
            host=HOST,
            port=options.port,
            access_log=logging.getLogger("access") if options.verbose else None,
            print=lambda _text: print(f"{provider} stand-in on {address}", flush=True),
            shutdown_timeout=2,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.exit(f"Port {options.port} is busy. Choose another one with --port.")


@web.middleware
async def loopback_only(request, handler):
    """A page of the web must not reach us through a name that points here."""
    origin = urlsplit(request.headers.get("Origin", "")).hostname
    if request.url.host not in LOOPBACK or (origin and origin not in LOOPBACK):
        raise web.HTTPForbidden(text="The stand-in answers to this machine only.")
    return await handler(request)


@contextlib.asynccontextmanager
async def working(*works):
    """Run coroutines that never end as long as the block lasts."""
    tasks = [asyncio.ensure_future(work) for work in works]
    yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def save_now_and_then(world):
    """Keep what changed: a stand-in that is killed loses half a second."""
    loop = asyncio.get_running_loop()
    pause = SAVE_EVERY
    while True:
        await asyncio.sleep(pause)
        if world.dirty:
            start = loop.time()
            world.save()
            # Saving blocks: never more than a tenth of the time.
            pause = max(SAVE_EVERY, 10 * (loop.time() - start))
