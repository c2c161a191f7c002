# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The programmes of the system that are needed, installed by apt where missing."""

import dataclasses
import importlib.util
import os
import sys
from pathlib import Path

from . import cluster, commands
from .console import Failure, say, step

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


@dataclasses.dataclass(frozen=True)
class Programme:
    """A programme we call, the Debian package that brings it, how to see it."""

    package: str
    is_present: callable
    without_it: str = ""  # what is lost; empty when we cannot do without


def for_running() -> list[Programme]:
    """Return what a demonstration needs."""
    server = Programme("postgresql", lambda: cluster.binaries() is not None)
    client = Programme("postgresql-client", lambda: commands.found("psql"))
    return [
        client if cluster.is_foreign() else server,
        *for_python(),
        Programme(
            "wkhtmltopdf",
            lambda: commands.found("wkhtmltopdf"),
            without_it="documents are shown as web pages, not as PDF files",
        ),
    ]


def for_python() -> list[Programme]:
    """Return what any virtual environment needs."""
    return [Programme(_venv_package(), _can_make_virtualenv)]


def for_testing() -> list[Programme]:
    """Return what the tests need besides."""
    return [Programme("chromium", lambda: browser() is not None)]


def browser() -> str | None:
    """Return the browser that walks the journeys and the tours."""
    return next((name for name in BROWSERS if commands.found(name)), None)


def start_browser() -> None:
    """Have the browser start once, which reads it from the disk.

    A first start may take longer than the ten seconds that Odoo's tests wait.
    """
    with step("Starting the browser once"):
        commands.run(
            [browser(), "--headless", "--no-sandbox", "--disable-gpu"]
            + ["--disable-dev-shm-usage", "--dump-dom", "about:blank"],
            sentence="The browser does not start.",
            log="browser",
        )


def install(programmes: list[Programme]) -> None:
    """Install what is missing, or say what a person has to install."""
    missing = [programme for programme in programmes if not programme.is_present()]
    if not missing:
        return
    names = [programme.package for programme in missing]
    if not is_debian():
        raise Failure(
            f"This system is not Debian or one of its family: install {_list(names)} "
            "in its own way, then run this again."
        )
    with step(f"Installing {_list(names)} with apt"):
        _apt("update")
        for programme in [p for p in missing if p.without_it and not _exists(p)]:
            say(f"  {programme.package} is not offered here: {programme.without_it}.")
            names.remove(programme.package)
        if names:
            _apt("install", "--yes", "--no-install-recommends", *names)


def is_debian() -> bool:
    """Tell whether packages come by apt here."""
    return commands.found("apt-get") and commands.found("dpkg")


def _apt(*arguments: str) -> None:
    sudo = []
    if os.geteuid() != 0:
        if not commands.found("sudo"):
            raise Failure(
                "Packages are missing and sudo is not there. As root, run: "
                f"apt-get {' '.join(arguments)}"
            )
        sudo = ["sudo"]
    commands.run(
        [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        + ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3", *arguments],
        sentence="apt could not install the packages; is the network there?",
        log="apt",
    )


def _exists(programme: Programme) -> bool:
    code, said = commands.read(["apt-cache", "policy", programme.package])
    return code == 0 and "Candidate:" in said and "Candidate: (none)" not in said


def _can_make_virtualenv() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def _venv_package() -> str:
    # Debian splits ensurepip from its interpreter; other interpreters bring it.
    if Path(sys.executable).resolve().parent == Path("/usr/bin"):
        return f"python3.{sys.version_info.minor}-venv"
    return "python3-venv"


def _list(names: list[str]) -> str:
    return ", ".join(names)
