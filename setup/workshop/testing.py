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
    packages,
    paths,
    services,
    stages,
    stock,
)
from .console import Failure, step

DESCRIPTION = """Run the checks and all tests. With arguments, run pytest alone on the
prepared database: setup/test -k seats, setup/test training_marketplace_payout."""


TESTS = paths.ROOT / "tests"
#: Of the tests that depend on how Odoo was installed: rights, routes, tours, data.
INSTALL_TAG = "training_install"
WITHOUT_DATABASE = ["tests/unit", "tests/sandbox", "tests/test_repository.py"]


def main(arguments: list[str]) -> int:
    """Run everything, or only what the pytest arguments name."""
    parser = argparse.ArgumentParser(prog="setup/test", description=DESCRIPTION)
    parser.add_argument(
        "--stock",
        action="store_true",
        help="run Odoo's own tests with and without the addons, and compare",
    )
    parser.add_argument(
        "--runner",
        action="store_true",
        help="have Odoo's own runner run all tests of the addons, not only those "
        "that depend on how Odoo was installed",
    )
    options, pytest_arguments = parser.parse_known_args(arguments)
    install.for_testing()
    packages.start_browser()
    with cluster.running():
        if options.stock:
            return stock.compare(pytest_arguments)
        if pytest_arguments:
            return _chosen(pytest_arguments)
        return _everything(options.runner)


def _everything(whole_runner: bool) -> int:
    with step("Style"):
        messages = linting.check(linting.source_files())
    count = stages.Count(complaints=[f"style: {line}" for line in messages])
    with step("Tests without database"):
        count += stages.pytest_plain([*WITHOUT_DATABASE, *stages.SHARED_OUT], {})
    count += _of_both_addons(whole_runner)
    count += _across([], done=WITHOUT_DATABASE)
    return stages.tell(count)


def _chosen(arguments: list[str]) -> int:
    """Run what pytest's arguments name, where it belongs; it must be something."""
    named = [word for word in arguments if _path(word).exists()]
    across = [word for word in named if _path(word).is_relative_to(TESTS)]
    of_addons = [word for word in named if word not in across]
    others = [word for word in arguments if word not in named]
    count = stages.Count()
    if of_addons or not named:
        count += _of_the_addons([*of_addons, *others])
    if across or not named:
        count += _across([*across, *others])
    if not count:
        raise Failure("No test is named so.")
    return stages.tell(count)


def _of_the_addons(arguments: list[str]) -> stages.Count:
    """Each addon proves itself without what crosses them: no stand-in, no sandbox."""
    named = any(_path(word).exists() for word in arguments)
    addons = [] if named else list(paths.ADDONS)
    with (
        _prepared(databases.ensure_addons()) as environment,
        step("Tests of the addons (pytest)"),
    ):
        return stages.pytest_odoo([*addons, *arguments], environment)


def _across(arguments: list[str], done=()) -> stages.Count:
    """What crosses addons runs beside the stand-ins, both kinds apart."""
    named = any(_path(word).exists() for word in arguments)
    tests = [] if named else ["tests"]
    others = [f"--ignore={name}" for name in done]
    with (
        _prepared(databases.ensure_sandbox()) as environment,
        _stripe() as stripe,
        step("Tests across the addons (pytest, servers and browsers)"),
    ):
        environment.update(stripe)
        count = stages.pytest_odoo([*tests, *arguments], environment)
        shared = [] if named else stages.SHARED_OUT
        words = [*tests, *arguments, *others, *shared]
        return count + stages.pytest_plain(words, environment)


def _path(word: str) -> Path:
    """Return the path that an argument of pytest names, if it names one."""
    return (paths.ROOT / word.split("::")[0]).resolve()


@contextlib.contextmanager
def _prepared(template: str, use="pytest"):
    """Yield the environment in which both kinds of pytest find what they need."""
    with _database(template, use) as config:
        named = {"ODOO_RC": str(config), "TRAINING_TEMPLATE": template}
        yield {**named, **cluster.connection()}


def _of_both_addons(whole_runner: bool) -> stages.Count:
    """Use both cores: the marketplace's tests beside all that is not theirs.

    Not beside servers and browsers, which people wait for: they want a quiet machine.
    """
    catalogue, marketplace = paths.ADDONS
    with (
        _prepared(databases.ensure_addons(), "beside") as environment,
        stages.with_pytest_odoo(
            [marketplace], environment, "pytest-marketplace"
        ) as count,
    ):
        total = _of_the_addons([catalogue]) + _by_odoo(whole_runner)
        with step(f"Tests of {marketplace} (pytest), run meanwhile"):
            return total + count()


def _by_odoo(whole: bool) -> stages.Count:
    """Install one addon, then the other upon it, each with Odoo's own runner."""
    count = stages.Count()
    with (
        _database(databases.ensure_stock(), "runner") as config,
        step("Tests of the addons (Odoo's own runner, fresh database)"),
    ):
        for addon in paths.ADDONS:
            tags = f"/{addon}" if whole else f"{INSTALL_TAG}/{addon}"
            count += stages.odoo_runner(config, addon, tags, cluster.connection())
    return count


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
