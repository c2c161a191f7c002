# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The formatters of XML and JavaScript: npm packages, kept out of the clone."""

import shutil
from pathlib import Path

from . import commands, marks, paths, virtualenv
from .console import step

MANIFEST = paths.SETUP / "npm" / "package.json"
LOCK = paths.SETUP / "npm" / "package-lock.json"


def folder() -> Path:
    """Return where the packages are installed."""
    return paths.home() / "npm"


def command(package: str, script: str) -> list[str]:
    """Return the words that run a script of an installed package."""
    node = virtualenv.tool("node")
    return [str(node), str(folder() / "node_modules" / package / script)]


def ensure() -> None:
    """Have the pinned packages installed."""
    made_from = marks.key(LOCK.read_text())
    with marks.alone("npm"):
        if marks.is_done("npm", made_from):
            return
        with step("Installing the formatters of XML and JavaScript"):
            folder().mkdir(parents=True, exist_ok=True)
            for path in (MANIFEST, LOCK):
                shutil.copy(path, folder())
            commands.run(
                [virtualenv.tool("npm"), "ci", "--ignore-scripts", "--no-fund"]
                + ["--no-audit"],
                sentence="The formatters could not be installed; is the network there?",
                log="npm",
                cwd=folder(),
            )
        marks.set_done("npm", made_from)
