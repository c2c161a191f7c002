# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Opens Odoo and the clock, lives the year, closes both."""

import contextlib
import logging
import os
from datetime import datetime

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

from .agenda import Agenda
from .bank import Bank
from .clock import Clock
from .jobs import Jobs
from .postman import Postman
from .shop import Shop
from .told import tell
from .town import CLIENT, Town

URL = "TRAINING_MANGOPAY_SANDBOX_URL"


def open_odoo(conf: str, url: str) -> Registry:
    """Have Odoo in this process, on the database that a configuration names.

    :param url: of the stand-in of Mangopay
    """
    os.environ[URL] = url
    config.parse_config(["-c", conf, "--log-level=warn"])
    logging.getLogger("odoo").setLevel(logging.WARNING)
    load_server_wide_modules()
    return Registry(config["db_name"][0])


def live(conf: str, url: str) -> int:
    """Live the year on the database that a configuration names.

    :return: how many differences the proof found
    """
    registry = open_odoo(conf, url)
    bank, postman = Bank(url, CLIENT), Postman()
    first_day = datetime(datetime.now().year + 1, 1, 1, 8)
    with contextlib.ExitStack() as stack:
        stack.enter_context(postman.at_work())
        clock = stack.enter_context(Clock(bank, first_day).running())
        cr = stack.enter_context(registry.cursor())
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        jobs = Jobs(env, postman)
        jobs.keep_only_ours(env)
        town = Town(env, bank, postman.url)
        town.found()
        jobs.run()
        Agenda(clock, town, Shop(env, bank, jobs), jobs).live()
        return tell(env, bank)
