# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Months that are over: sellers whom Mangopay knows, and what they sold in them.

Run in Odoo's shell, by :mod:`months`: sellers and buyers of the year's demonstration
do what they do there, at the stand-in, at a clock that stood in those months.
"""

import os
import time
from datetime import timedelta

import requests
from faults.harness.mangopay import CLIENT
from year.bank import Bank
from year.clock import Clock
from year.jobs import Jobs
from year.shop import Shop
from year.town import BUYERS, IBANS, Town

from odoo.addons.training_marketplace_payout.services.payout import last_due, until_of

PRICE = 100.0
#: Jobs that the tests let go when they want it; those of others never run.
LET_GO = (
    "training_marketplace_payout.ir_cron_settle_marketplace",
    "training_marketplace_payout.ir_cron_pay_sellers",
    "training_marketplace_payout.ir_cron_send_settlements",
)
#: Jobs that print and mail what was sold, and look for what was missed meanwhile.
LEFT_OUT = (
    "training_marketplace_payout.ir_cron_make_mandate_pdfs",
    "training_marketplace_payout.ir_cron_refresh_mangopay_accounts",
    "training_marketplace_payout.ir_cron_send_marketplace_invoices",
)


class Later:
    """Lets happen later what happens by itself: all purchases together."""

    def run(self) -> None:
        """Do nothing yet."""

    def deliver(self, _env) -> int:
        """Have no notification: everybody looks at once instead."""
        return 0


def fill(env, months):
    """Have sellers sell in months that are over, and not settled yet.

    :param months: for each, the oldest first and the last one that is due to be paid
        at the end, how many of the sellers sell in it, the first ones
    """
    bank = Bank(os.environ["TRAINING_MANGOPAY_SANDBOX_URL"], CLIENT)
    company = env.company
    company.partner_id.vat = "FR23334175221"
    company.write({"marketplace_commission_rate": 10, "marketplace_transfer_days": 0})
    company._ensure_marketplace_accounts()
    moments = find_moments(company, len(months))
    clock = Clock(bank, moments[0] - timedelta(days=1))
    with clock.running():
        Jobs(env, Later()).keep_only_ours(env, LEFT_OUT)
        town = Town(env, bank, "")
        sellers = [open_seller(town, number) for number in range(max(months))]
        for name in BUYERS:
            town._welcome_buyer(name)
        for moment, count in zip(moments, months, strict=True):
            clock.move_to(moment)
            sell(town, sellers[:count])
    for name in LET_GO:
        env.ref(name).active = False
    env.ref("mail.ir_cron_mail_scheduler_action").active = True
    env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
    env.cr.commit()
    now = {"now": time.time(), "frozen": False}
    requests.post(f"{bank.url}/_clock", json=now, timeout=10).raise_for_status()


def find_moments(company, count):
    """Return the middles of the last months whose sales are due to be paid."""
    day = until_of(last_due(company._get_marketplace_today()))
    found = []
    for _month in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(day + timedelta(days=9))
    return [
        company.env.cr.now().replace(
            year=one.year, month=one.month, day=one.day, hour=9, microsecond=0
        )
        for one in reversed(found)
    ]


def open_seller(town, number):
    """Return a seller with a course, a wallet and a bank account."""
    seller = town._welcome_seller(f"Organisation {number}", "exempt", number % 4)
    seller.email = f"organisation{number}@sellers.example.com"
    town._offer_course(seller, PRICE)
    town.introduce(seller)
    town.give_account(seller, IBANS[number % len(IBANS)])
    town._get_owner(seller).recipient_ids._refresh_object()
    town.env.cr.commit()
    return seller


def sell(town, sellers):
    """Have each of these sell one learner's seat; all that follows is done."""
    buyers = town.env["res.partner"].search([("ref", "=", "buyer")], order="id")
    shop = Shop(town.env, town.bank, Later())
    for number, seller in enumerate(sellers):
        shop.buy(town.open_session(seller), buyers[number % len(buyers)])
    Jobs(town.env, Later()).run()
