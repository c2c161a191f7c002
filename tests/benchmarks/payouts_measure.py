# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The payouts of a month, job after job, in Odoo's shell (``env`` is given)."""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

import payouts_floor

from odoo import fields

from odoo.addons.training_marketplace_payout.services import payout

TICKS = os.sysconf("SC_CLK_TCK")


class Clock:
    """What a piece of work takes: Odoo's processor time, PostgreSQL's where it can be
    read (the same machine), statements."""

    def __init__(self, env):
        self.cr = env.cr
        self.cr.execute("SELECT pg_backend_pid()")
        self.path = Path(f"/proc/{self.cr.fetchone()[0]}/stat")
        self.is_local = self.path.exists() and "postgres" in self.path.read_text()

    def _read(self):
        database = 0.0
        if self.is_local:
            fields_ = self.path.read_text().rpartition(")")[2].split()
            database = (int(fields_[11]) + int(fields_[12])) / TICKS
        return time.process_time(), database, self.cr.sql_log_count

    def measure(self, work):
        """Return the seconds of Odoo and of PostgreSQL, and the statements."""
        before = self._read()
        work()
        return [after - one for after, one in zip(self._read(), before, strict=True)]


def get_month(env):
    """Return the first day of the month whose sales are due to be paid."""
    due = payout.last_due(env.company._get_marketplace_today())
    return (payout.until_of(due) - timedelta(days=1)).replace(day=1)


def prove(env):
    """Print what the nightly proof took, and how many differences it found."""
    results = env["marketplace.proof"]._prove(env.company)
    slowest = max(results, key=lambda one: one.duration)
    found = {
        "seconds": sum(one.duration for one in results),
        "slowest": slowest.code,
        "worst": slowest.duration,
        "differences": sum(len(one.differences) + bool(one.error) for one in results),
    }
    print("PROOF", json.dumps(found))


def exhaust(model, domain, work):
    """Run a job until nothing is due for it."""

    def run():
        while model.search_count([*domain, ("date_next", "<=", fields.Datetime.now())]):
            work()

    return run


def receive(env, account):
    """Have Mangopay announce each payout, as its notifications do."""
    payouts = env["marketplace.payout"].search([("state", "=", "asked")])
    for one in payouts:
        env["mangopay.event"]._receive(
            (account.id, account.company_id.id),
            "PAYOUT_NORMAL_SUCCEEDED",
            one.reference,
            str(int(time.time())),
        )
    env.cr.commit()


def tell(env):
    """Send the mails of the payouts."""
    payouts = env["marketplace.payout"]
    while payouts.search_count([("notice", "!=", False)]):
        payouts._cron_tell()


def get_jobs(env):
    """Return the jobs of the 15th, in their order, each with what it does."""
    runs, entries = env["marketplace.payout.run"], env["marketplace.entry"]
    lines, sent = env["marketplace.payout.line"], env["mangopay.operation"]
    events = env["mangopay.event"]
    account = env["mangopay.account"].search([])
    waiting = ("state", "in", ("todo", "blocked"))
    return {
        "begin": runs._cron_pay,
        "ask": exhaust(lines, [("run_id.state", "=", "running")], runs._cron_pay),
        "send": exhaust(sent, [("state", "=", "draft")], sent._cron_send_operations),
        "notify": lambda: receive(env, account),
        "learn": exhaust(
            events, [("state", "=", "received")], events._cron_process_events
        ),
        "book": exhaust(entries, [waiting], entries._cron_book),
        "tell": lambda: tell(env),
    }


def measure(env):
    """Print what each job took, and what came out."""
    clock = Clock(env)
    result = {}
    for name, work in get_jobs(env).items():
        if name == "book":
            result["floor"] = payouts_floor.measure(env, clock)
        result[name] = clock.measure(work)
        env.cr.commit()
        env.invalidate_all()
    proof = env["marketplace.proof"]
    result["local"] = clock.is_local
    result["done"] = env["marketplace.payout"].search_count([("state", "=", "done")])
    result["booked"] = env["marketplace.entry"].search_count(
        [("payout_id", "!=", False), ("state", "=", "booked")]
    )
    result["differences"] = len(proof._check_invariants(env.company))
    print("RESULT", json.dumps(result))
