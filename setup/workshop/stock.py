# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/test --stock``: Odoo's own tests, without our addons and with them.

What stock Odoo promises must stay true beside us: a test that passes without the
addons and not with them is a defect of ours. What fails both ways is not.
"""

import os
import re
from pathlib import Path

from . import cluster, commands, databases, odoo, paths, services
from .console import Failure, say, step

MODULES = (
    "event_sale",
    "website_event_sale",
    "event_crm",
    "sale",
    "account_payment",
    "payment_stripe",
    "website_sale",
)
STARTED = re.compile(r" odoo\.addons\.(\S+): Starting (\w+\.\w+)")
FAILED = re.compile(r" odoo\.addons\.(\S+): (?:FAIL|ERROR): (?:Subtest )?(\w+\.\w+)")
SKIPPED = re.compile(r" odoo\.addons\.(\S+): skipped (\w+\.\w+)")


def compare(modules: list[str]) -> int:
    """Run the tests of ``modules`` both ways and print the difference."""
    unknown = set(modules) - set(MODULES)
    if unknown:
        raise Failure(f"--stock knows {', '.join(MODULES)}; not {', '.join(unknown)}.")
    chosen = modules or list(MODULES)
    template = databases.ensure_plain()
    without = _outcomes(template, chosen, "without")
    beside = _outcomes(template, chosen, "with", addons=list(paths.ADDONS))
    return _tell(without, beside)


def _outcomes(template: str, modules: list[str], use: str, addons=()) -> dict:
    name = f"{databases.PREFIX}stock_{use}_{os.getpid()}"
    try:
        with step(f"Preparing the database {use} the addons"):
            databases.copy(template, name)
            if addons:
                odoo.update(name, "-i", ",".join(addons), log=f"stock-{use}-install")
        with step(f"Odoo's own tests {use} the addons"):
            return read_outcomes(_run_tests(name, modules, use).read_text())
    finally:
        databases.drop(name)


def _run_tests(name: str, modules: list[str], use: str) -> Path:
    config = odoo.config(f"stock-{use}", name, http_port=services.free_port())
    tags = ",".join(f"/{module}" for module in modules)
    log_path = paths.log_file(f"stock-{use}")
    words = ["-u", ",".join(modules), "--test-tags", tags, "--stop-after-init"]
    with log_path.open("w") as log:
        commands.watch(
            odoo.command(config, *words), env=cluster.connection(), output=log
        )
    return log_path


def read_outcomes(log: str) -> dict[str, str]:
    """Return what became of each test that a log of Odoo's runner tells."""
    outcomes = {}
    for line in log.splitlines():
        for pattern, outcome in (
            (STARTED, "passed"),
            (SKIPPED, "skipped"),
            (FAILED, "failed"),
        ):
            found = pattern.search(line)
            if found:
                outcomes[f"{found[1]}:{found[2]}"] = outcome
    return outcomes


def _tell(without: dict, beside: dict) -> int:
    if not without or not beside:
        raise Failure(f"Odoo's runner ran no test: see {paths.folder('logs')}.")
    different = [
        test
        for test in sorted({*without, *beside})
        if without.get(test) != beside.get(test)
    ]
    for test in different:
        say(f"  {test}: {without.get(test, 'not run')} without the addons, ")
        say(f"      {beside.get(test, 'not run')} with them")
    failed_anyway = [test for test in without if without[test] == "failed"]
    say(f"{len(failed_anyway)} fail without the addons already.")
    say(f"{len(without)} tests of Odoo, {len(different)} end differently.")
    return 1 if different else 0
