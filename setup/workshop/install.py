# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Installing: the steps in their order. Each is skipped when it is already done."""

import argparse
import shutil

from . import node, odoo_source, packages, paths, virtualenv
from .console import Failure, say, step

FREE_GIGABYTES = 4


def for_running(with_browser: bool = False) -> None:
    """Have what a demonstration needs."""
    _check_disk()
    programmes = packages.for_running()
    packages.install(programmes + (packages.for_testing() if with_browser else []))
    odoo_source.ensure()
    virtualenv.ensure(virtualenv.REQUIREMENTS)


def for_testing() -> None:
    """Have what the tests and the checks need besides."""
    for_running(with_browser=True)
    for_checking()


def for_checking() -> None:
    """Have the tools of ``setup/lint``."""
    packages.install(packages.for_python())
    virtualenv.ensure(virtualenv.DEVELOPMENT)
    node.ensure()


def main(arguments: list[str]) -> int:
    """Install everything, and create nothing else."""
    argparse.ArgumentParser(
        prog="setup/install",
        description="Install all that setup/run and setup/test need.",
    ).parse_args(arguments)
    with step("Everything"):
        for_testing()
    say(f"Installed in {paths.home()}.")
    return 0


def _check_disk() -> None:
    if odoo_source.path().is_dir():
        return
    free = shutil.disk_usage(paths.folder()).free / 1e9
    if free < FREE_GIGABYTES:
        raise Failure(
            f"{FREE_GIGABYTES} GB are needed in {paths.home()}, {free:.1f} are free: "
            "free some space, or name another place in TRAINING_HOME."
        )
