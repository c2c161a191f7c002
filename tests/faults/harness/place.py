# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Where the servers run: the configuration that setup/test wrote, and a database."""

import configparser
import contextlib
import os
import shutil
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[3]
PREFIX = "training_"
#: Seconds, less than what .pytest.ini gives a test.
LONGEST_LOCK = 300


def options() -> dict:
    """Return the options of the configuration file that ``ODOO_RC`` names."""
    parser = configparser.RawConfigParser()
    if not parser.read(os.environ["ODOO_RC"]):
        raise FileNotFoundError(os.environ["ODOO_RC"])
    return dict(parser["options"])


def template() -> str:
    """Return the name of a database that holds our addons, and that nobody uses."""
    if named := os.environ.get("TRAINING_TEMPLATE"):
        return named
    from workshop import databases

    return databases.ensure_sandbox()


def connect(database: str):
    """Return a connection in which every statement is committed at once.

    No lock is waited for longer than a test may last: a test that is cut by its
    deadline while the driver waits would never hear of it.
    """
    known = options()
    keys = {"db_host": "host", "db_port": "port", "db_user": "user"}
    keys["db_password"] = "password"
    arguments = {keys[key]: known[key] for key in keys if known.get(key)}
    connection = psycopg2.connect(
        dbname=database, options=f"-c lock_timeout={LONGEST_LOCK}s", **arguments
    )
    connection.autocommit = True
    return connection


@contextlib.contextmanager
def database(use: str, source: str | None = None):
    """Lend a copy of a database, files included, as long as the block lasts."""
    source = source or template()
    name = f"{PREFIX}{use}_{os.getpid()}"
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        if _filestore(source).is_dir():
            # A stored file is never changed in place, only removed: links are enough.
            shutil.copytree(_filestore(source), _filestore(name), copy_function=os.link)
        yield name
    finally:
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(_filestore(name), ignore_errors=True)


def write_config(path: Path, **changes) -> Path:
    """Write Odoo's configuration with these changes and return its path."""
    values = {**options(), **changes}
    lines = [f"{key} = {value}" for key, value in values.items()]
    path.write_text("\n".join(["[options]", *lines, ""]))
    path.chmod(0o600)
    return path


def _execute(statement: str) -> None:
    with contextlib.closing(connect("postgres")) as connection:
        connection.cursor().execute(statement)


def _filestore(name: str) -> Path:
    return Path(options()["data_dir"]) / "filestore" / name
