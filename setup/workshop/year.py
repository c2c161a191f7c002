# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/run --year``: a year of the marketplace in one process, and its proof."""

import os

from . import commands, databases, odoo, paths, services, virtualenv
from .console import step


def live(months: int = 12) -> int:
    """Live the year on a database of its own, which is dropped after it.

    :param months: how many of its months, from January on
    :return: 0 when the books are proved, how many differences there are otherwise
    """
    name = f"{databases.PREFIX}year_{os.getpid()}"
    template = databases.ensure_sandbox()
    with step("Making a database for the year"):
        databases.copy(template, name)
    try:
        config = odoo.config("year", name, log_level="warn")
        mangopay = services.mangopay(services.free_port(), "year")
        with services.running(mangopay), step("Living the year"):
            words = [virtualenv.python(), "-m", "year", config, mangopay.url, months]
            return commands.watch(words, env={"PYTHONPATH": str(paths.SANDBOX)})
    finally:
        databases.drop(name)
