# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/run --play``: the main journey, walked by itself in a browser without screen.

The journey is ``tests/e2e/journey.py``: ``walk(browser, url, screenshots)`` goes
through it and returns the reference of the order it made. It runs in the virtual
environment, as it drives the browser; what it left is then read in the database.
"""

import json
import subprocess

from . import commands, left_behind, paths, services, virtualenv
from .console import Failure, say, step, table

JOURNEY = paths.ROOT / "tests" / "e2e" / "journey.py"


def play(web: services.Service) -> int:
    """Walk the main journey and print the documents and entries it left."""
    if not JOURNEY.is_file():
        raise Failure(f"The journey {JOURNEY.relative_to(paths.ROOT)} is not there.")
    screenshots = paths.folder("screenshots")
    with step("Walking the main journey in a browser"):
        order = _walk(web, screenshots)
    documents, entries = left_behind.by(order)
    say(f"\nWhat {order} left:")
    table([(document["what"], document["name"]) for document in documents])
    say("\nEntries by account:")
    for entry in entries:
        say("  {code:8} {name:40} {debit:>12} {credit:>12}".format(**entry))
    say(f"\nScreenshots: {screenshots}")
    return 0


def _walk(web: services.Service, screenshots) -> str:
    outcome = subprocess.run(
        [virtualenv.python(), "-m", "workshop.walk", JOURNEY, web.url, screenshots],
        stdout=subprocess.PIPE,
        cwd=paths.SETUP,
        env=commands.environment(),
        text=True,
    )
    if outcome.returncode:
        raise Failure("The journey could not be walked to its end: see above.")
    return json.loads(outcome.stdout.splitlines()[-1])["order"]
