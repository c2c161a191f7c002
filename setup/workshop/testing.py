# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/test``: install, check the style, run every test, count."""

import argparse
import contextlib
import os

from . import (
    cluster,
    databases,
    install,
    linting,
    odoo,
    paths,
    services,
    stages,
    stock,
)
from .console import step

DESCRIPTION = """Run the checks and all tests. With arguments, run pytest alone on the
prepared database: setup/test -k seats, setup/test training_marketplace_payout."""


def main(arguments: list[str]) -> int:
    """Run everything, or only what the pytest arguments name."""
    parser = argparse.ArgumentParser(prog="setup/test", description=DESCRIPTION)
    parser.add_argument(
        "--stock",
        action="store_true",
        help="run Odoo's own tests with and without the addons, and compare",
    )
    options, pytest_arguments = parser.parse_known_args(arguments)
    install.for_testing()
    with cluster.running():
        if options.stock:
            return stock.compare(pytest_arguments)
        return _everything() if not pytest_arguments else _chosen(pytest_arguments)


def _everything() -> int:
    with step("Style"):
        messages = linting.check(linting.source_files())
    count = stages.Count(complaints=[f"style: {line}" for line in messages])
    with step("Tests without database"):
        count += stages.without_database()
    count += _with_pytest([f"--ignore={name}" for name in stages.WITHOUT_DATABASE])
    count += _with_odoo()
    return stages.tell(count)


def _chosen(pytest_arguments: list[str]) -> int:
    return stages.tell(_with_pytest(pytest_arguments))


def _with_pytest(arguments: list[str]) -> stages.Count:
    template = databases.ensure_addons()
    with (
        _database(template, "pytest") as config,
        _stripe() as environment,
        step("Tests of the addons and across them (pytest)"),
    ):
        return stages.with_database(config, arguments, environment)


def _with_odoo() -> stages.Count:
    template = databases.ensure_stock()
    with (
        _database(template, "runner") as config,
        _stripe() as environment,
        step("Tests of the addons (Odoo's own runner, fresh database)"),
    ):
        return stages.with_odoo(config, list(paths.ADDONS), environment)


@contextlib.contextmanager
def _database(template: str, use: str):
    """Lend a copy of ``template`` that lives as long as the block."""
    name = f"{databases.PREFIX}{use}_{os.getpid()}"
    with step(f"Copying the database for {use}"):
        databases.copy(template, name)
    try:
        yield odoo.config(use, name, http_port=services.free_port())
    finally:
        databases.drop(name)


@contextlib.contextmanager
def _stripe():
    """Run the stand-in of Stripe and yield the environment that names it."""
    service = services.stripe(services.free_port(), "test")
    with services.running(service):
        yield {"TRAINING_STRIPE_SANDBOX_URL": service.url}
