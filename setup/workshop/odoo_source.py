# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The source of Odoo 19: Debian's package, fetched and unpacked without installing.

A source that is already on the machine is used as it is: ``TRAINING_ODOO_SOURCE``.
"""

import os
import re
import shutil
from pathlib import Path

from . import commands, marks, packages, paths
from .console import Failure, step

VERSION = "19.0"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# The package's files are links into these; without them every page answers 500.
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-dejavu-core",
    "fonts-font-awesome-legacy",  # Odoo's icons are those of version 4.7
    "fonts-glyphicons-halflings",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "gsfonts",
)


def path() -> Path:
    """Return the folder that holds the ``odoo`` package."""
    named = os.environ.get("TRAINING_ODOO_SOURCE")
    if named:
        return Path(named).expanduser().resolve()
    return paths.home() / "odoo" / "usr/lib/python3/dist-packages"


def stock_addons() -> Path:
    """Return the folder of Odoo's standard addons.

    Debian's package holds them all inside ``odoo``, a checkout beside it.
    """
    inside = path() / "odoo" / "addons"
    return inside if (inside / "account").is_dir() else path() / "addons"


def ensure() -> None:
    """Have the source on disk, whole and of the right version."""
    if not os.environ.get("TRAINING_ODOO_SOURCE"):
        made_from = marks.key(*PACKAGES)
        with marks.alone("odoo"):
            if not marks.is_done("odoo", made_from):
                _fetch_and_unpack()
                marks.set_done("odoo", made_from)
    _check()


def _check() -> None:
    release = path() / "odoo" / "release.py"
    if not release.is_file() or not stock_addons().is_dir():
        raise Failure(
            f"There is no Odoo source in {path()}: TRAINING_ODOO_SOURCE must name "
            "the folder that holds odoo/ and addons/."
        )
    found = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    if not found or ".".join(found.groups()) != VERSION:
        raise Failure(f"The Odoo source in {path()} is not version {VERSION}.")


def _fetch_and_unpack() -> None:
    if not packages.is_debian() or not KEYRING.is_file():
        raise Failure(
            f"Odoo {VERSION} is fetched from Debian and this system cannot check its "
            "signature: set TRAINING_ODOO_SOURCE to a folder that holds its source."
        )
    work = paths.folder("download")
    with step("Fetching Odoo 19 from Debian (about 125 MB)"):
        _fetch(work)
    with step("Unpacking Odoo 19 (about 1.2 GB)"):
        _unpack(work)
    shutil.rmtree(work)


def _fetch(work: Path) -> None:
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (work / name).mkdir(parents=True, exist_ok=True)
    source = work / "unstable.sources"
    source.write_text(
        f"Types: deb\nURIs: {_mirror()}\nSuites: unstable\nComponents: main\n"
        f"Signed-By: {KEYRING}\n"
    )
    # The machine's own lists and sources are neither read nor changed.
    options = [
        f"Dir::Etc::sourcelist={source}",
        "Dir::Etc::sourceparts=/dev/null",
        f"Dir::State::lists={work / 'lists'}",
        f"Dir::Cache={work / 'cache'}",
        "Acquire::Retries=3",
    ]
    apt = ["apt-get"] + [word for option in options for word in ("-o", option)]
    for arguments in (["update", "--error-on=any"], ["download", *PACKAGES]):
        commands.run(
            apt + arguments,
            sentence="Odoo could not be fetched from Debian; is the network there?",
            log="odoo",
            cwd=work / "debs",
        )


def _unpack(work: Path) -> None:
    target = paths.home() / "odoo"
    fresh = paths.home() / "odoo.unpacking"
    shutil.rmtree(fresh, ignore_errors=True)
    for archive in sorted((work / "debs").glob("*.deb")):
        commands.run(
            ["dpkg", "-x", archive, fresh],
            sentence=f"{archive.name} could not be unpacked.",
            log="odoo",
        )
    _check_links(fresh)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _check_links(unpacked: Path) -> None:
    static = unpacked / "usr/lib/python3/dist-packages/odoo/addons/web/static"
    broken = [path for path in static.rglob("*") if not path.exists()]
    if broken:
        raise Failure(
            f"Debian's package of Odoo misses {broken[0].name}: another package brings "
            "it now. Set TRAINING_ODOO_SOURCE to a folder with the source of Odoo 19."
        )


def _mirror() -> str:
    """Return the address of the Debian mirror that this machine itself uses."""
    places = [*Path("/etc/apt/sources.list.d").glob("*"), Path("/etc/apt/sources.list")]
    for place in places:
        for address, suite, components in _sources(place):
            if suite in _suites() and "main" in components:
                return address
    raise Failure(
        "No Debian mirror is named in this machine's apt configuration: set "
        "TRAINING_ODOO_SOURCE to a folder that holds the source of Odoo 19."
    )


def _suites() -> set[str]:
    release = Path("/etc/os-release").read_text()
    codename = re.search(r"^VERSION_CODENAME=(\w+)", release, re.M)
    general = {"oldstable", "stable", "testing", "unstable", "sid"}
    return general | ({codename[1]} if codename else set())


def _sources(place: Path):
    """Yield (address, suite, components) of an apt source file, in both its forms."""
    text = place.read_text(errors="replace") if place.is_file() else ""
    if place.suffix == ".sources":
        for block in re.split(r"\n\s*\n", text):
            said = dict(re.findall(r"^(URIs|Suites|Components):\s*(.+)$", block, re.M))
            for suite in said.get("Suites", "").split():
                yield said["URIs"].split()[0], suite, said.get("Components", "").split()
    if place.suffix == ".list":
        for line in text.splitlines():
            found = re.match(r"deb\s+(?:\[[^]]*\]\s*)?(\S+)\s+(\S+)\s+(.*)", line)
            if found:
                yield found[1], found[2], found[3].split()
