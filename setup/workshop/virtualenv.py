# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The virtual environment that Odoo, the addons and the tools run in."""

import shutil
import sys
from pathlib import Path

from . import commands, marks, odoo_source, paths
from .console import step

REQUIREMENTS = paths.SETUP / "requirements.txt"
DEVELOPMENT = paths.SETUP / "requirements-dev.txt"


def folder() -> Path:
    """Return the environment's folder, one for each version of Python."""
    return paths.home() / f"venv-{sys.version_info.major}.{sys.version_info.minor}"


def python() -> Path:
    """Return its interpreter."""
    return folder() / "bin" / "python"


def tool(name: str) -> Path:
    """Return a command installed in it."""
    return folder() / "bin" / name


def ensure(requirements: Path) -> None:
    """Have everything that ``requirements`` pins installed."""
    pins = [path.read_text() for path in {REQUIREMENTS, requirements}]
    made_from = marks.key(sys.version, *sorted(pins))
    step_name = f"{folder().name}-{requirements.stem}"
    with marks.alone("venv"):
        _create()
        if not marks.is_done(step_name, made_from):
            with step(f"Installing the Python packages of {requirements.name}"):
                _pip_install(requirements)
            marks.set_done(step_name, made_from)
        _link_odoo()


def _create() -> None:
    if python().exists() and marks.is_done(folder().name, sys.version):
        return
    with step("Creating the virtual environment"):
        shutil.rmtree(folder(), ignore_errors=True)
        for name in (REQUIREMENTS.stem, DEVELOPMENT.stem):
            marks.forget(f"{folder().name}-{name}")
        commands.run(
            [sys.executable, "-m", "venv", folder()],
            sentence="The virtual environment could not be made.",
            log="pip",
        )
    marks.set_done(folder().name, sys.version)


def _pip_install(requirements: Path) -> None:
    commands.run(
        [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-input", "--retries", "5", "-r", requirements],
        sentence="The Python packages could not be installed; is the network there?",
        log="pip",
    )


def _link_odoo() -> None:
    """Put Odoo's source on the path, so that pip too sees it as installed."""
    site = next(folder().glob("lib/python3*/site-packages"))
    link = site / "odoo-source.pth"
    line = f"{odoo_source.path()}\n"
    if not link.is_file() or link.read_text() != line:
        link.write_text(line)
