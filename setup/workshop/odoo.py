# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How Odoo is called: its configuration file, its command line, its logs."""

import re
from pathlib import Path

from . import cluster, commands, odoo_source, paths, virtualenv
from .console import Failure

# One line of Odoo's log: date, process, level, database, logger, message.
LOG_LINE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+?): (.*)")
IGNORED_LOGS = paths.SETUP / "log-ignore.txt"
PYTHON_FAILURE = re.compile(r"^Traceback \(most recent call last\)")


def config(name: str, database: str, **options) -> Path:
    """Write the configuration file of one use and return it."""
    values = {
        "addons_path": f"{odoo_source.stock_addons()},{paths.ROOT}"
        + (f",{paths.sandbox_addons()}" if paths.sandbox_addons().is_dir() else ""),
        "data_dir": paths.folder("odoo-data"),
        "db_name": database,
        "dbfilter": f"^{database}$",
        "http_interface": "127.0.0.1",
        "list_db": False,
        "log_level": "info",
        **cluster.options(),
        **options,
    }
    path = paths.folder("etc", paths.clone_key()) / f"{name}.conf"
    lines = [f"{key} = {value}" for key, value in values.items()]
    path.write_text("\n".join(["[options]", *lines, ""]))
    path.chmod(0o600)
    return path


def command(config_path: Path, *arguments: str) -> list[str]:
    """Return the words that run Odoo."""
    return [str(virtualenv.python()), "-m", "odoo", *arguments, "-c", str(config_path)]


def update(database: str, *arguments: str, log: str) -> None:
    """Run Odoo once on ``database`` (install, update…) and check what it logged."""
    paths.log_file(log).unlink(missing_ok=True)
    words = [*arguments, "--stop-after-init", "--no-http"]
    _prepare(database, words, log)


def shell(database: str, script: str, log: str, environment=None) -> None:
    """Run a Python ``script`` with Odoo's environment; it commits what it changes."""
    paths.log_file(log).unlink(missing_ok=True)
    _prepare(database, ["shell", "--no-http"], log, script, environment)


def _prepare(
    database: str, words: list[str], log: str, script=None, environment=None
) -> None:
    commands.run(
        command(config(f"prepare-{log}", database), *words),
        sentence=f"Odoo could not prepare the database {database}.",
        log=log,
        text_in=script,
        env=environment,
    )
    failed = [line for line in problems(paths.log_file(log)) if " WARNING " not in line]
    if failed:
        raise Failure(
            f"Odoo could not prepare the database {database}.\n  It said: {failed[0]}"
            f"\n  More in {paths.log_file(log)}"
        )


def problems(log_path: Path) -> list[str]:
    """Return the lines of a log that should not be there."""
    found = []
    ignored = ignored_patterns()
    for line in log_path.read_text(errors="replace").splitlines():
        is_problem = LOG_LINE.match(line) or PYTHON_FAILURE.match(line)
        if is_problem and not any(re.search(pattern, line) for pattern in ignored):
            found.append(line[:500])
    return found


def ignored_patterns() -> tuple[str, ...]:
    """Return the patterns of what stock Odoo logs and we cannot help."""
    lines = [line.strip() for line in IGNORED_LOGS.read_text().splitlines()]
    return tuple(line for line in lines if line and not line.startswith("#"))
