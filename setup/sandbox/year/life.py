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

#: Left out of the year, for nothing of its money waits for them: documents are printed
#: and mailed by jobs of their own, half a second each; what was missed of notifications
#: is looked for every day, in sixty questions; nobody pays through Stripe, renounces,
#: cancels a session, buys e-learning or writes to a seller.
LEFT_OUT = tuple(
    f"training_catalogue_payment.ir_cron_{name}"
    for name in (
        "apply_cancellations",
        "book_balance_transactions",
        "process_payment_events_first",
        "process_payment_events_second",
        "read_balances",
        "refresh_training_links",
        "send_payment_operations",
        "training_moves",
        "treat_withdrawals",
    )
) + tuple(
    f"training_marketplace_payout.ir_cron_{name}"
    for name in (
        "ask_new_mandates",
        "course_access",
        "make_mandate_pdfs",
        "refresh_mangopay_accounts",
        "refresh_mangopay_sellers",
        "remind_channel_silence",
        "remind_seller_documents",
        "send_marketplace_invoices",
        "send_settlements",
    )
)
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


def live(conf: str, url: str, months: int) -> int:
    """Live the first months of a year on the database that a configuration names.

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
        jobs.keep_only_ours(env, LEFT_OUT)
        town = Town(env, bank, postman.url)
        town.found()
        jobs.run()
        Agenda(clock, town, Shop(env, bank, jobs), jobs).live(months)
        return tell(env, bank)
