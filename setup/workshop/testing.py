# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/test``: install, check the style, run every test, count."""

import argparse
import contextlib
import os
from pathlib import Path

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
from .console import Failure, step

DESCRIPTION = """Run the checks and all tests. With arguments, run pytest alone on the
prepared database: setup/test -k seats, setup/test training_marketplace_payout."""


TESTS = paths.ROOT / "tests"
WITHOUT_DATABASE = ["tests/unit", "tests/sandbox", "tests/test_repository.py"]


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
        count += stages.pytest_plain(WITHOUT_DATABASE, {})
    with _prepared() as environment:
        with step("Tests of the addons (pytest)"):
            count += stages.pytest_odoo([], environment)
        with step("Tests across the addons (pytest, servers and browsers)"):
            others = [f"--ignore={name}" for name in WITHOUT_DATABASE]
            count += stages.pytest_plain(["tests", *others], environment)
    count += _with_odoo()
    return stages.tell(count)


def _chosen(arguments: list[str]) -> int:
    """Run what pytest's arguments name, of both kinds; it must be something."""
    named = [word for word in arguments if _path(word).exists()]
    across = [word for word in named if _path(word).is_relative_to(TESTS)]
    count = stages.Count()
    with _prepared() as environment:
        if across or not named:
            others = [word for word in arguments if word not in named]
            across = across or ["tests"]
            count += stages.pytest_plain([*across, *others], environment)
        count += stages.pytest_odoo(arguments, environment)
    if not count:
        raise Failure("No test is named so.")
    return stages.tell(count)


def _path(word: str) -> Path:
    """Return the path that an argument of pytest names, if it names one."""
    return (paths.ROOT / word.split("::")[0]).resolve()


@contextlib.contextmanager
def _prepared():
    """Yield the environment in which both kinds of pytest find what they need."""
    template = databases.ensure_addons()
    with _database(template, "pytest") as config, _stripe() as stripe:
        named = {"ODOO_RC": str(config), "TRAINING_TEMPLATE": template}
        yield {**named, **cluster.connection(), **stripe}


def _with_odoo() -> stages.Count:
    template = databases.ensure_stock()
    with (
        _database(template, "runner") as config,
        _stripe() as stripe,
        step("Tests of the addons (Odoo's own runner, fresh database)"),
    ):
        environment = {**cluster.connection(), **stripe}
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
