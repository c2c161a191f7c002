# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The PostgreSQL server: our own small cluster, or the one that PGHOST names.

Our own listens on a socket in a private folder only: no port can be busy, and no
other user of the machine can enter although no password is asked.
"""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
from pathlib import Path

from . import commands, marks, paths
from .console import Failure, step

USER = "odoo-training"  # PostgreSQL refuses to run as root
ROLE = "odoo"
PORT = "5432"
SOCKET_PATH_LIMIT = 100
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
max_locks_per_transaction = 256
# Demonstration and test data only: the last half second may be lost in a power cut,
# the files stay sound.
synchronous_commit = off
"""


def is_foreign() -> bool:
    """Tell whether the environment names a server, which is then used as it is."""
    return bool(os.environ.get("PGHOST"))


def binaries() -> Path | None:
    """Return the folder of the server's programmes, newest version first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(debian, key=lambda path: int(re.sub(r"\D", "", path.parts[4]) or 0))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


def connection() -> dict:
    """Return the PG* variables that reach the server."""
    if is_foreign():
        names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
        return {name: os.environ[name] for name in names if os.environ.get(name)}
    return {"PGHOST": str(_folder("socket")), "PGPORT": PORT, "PGUSER": ROLE}


def options() -> dict:
    """Return the same as options of Odoo's configuration file."""
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
    names["PGPASSWORD"] = "password"
    return {f"db_{names[name]}": value for name, value in connection().items()}


@contextlib.contextmanager
def running():
    """Have the server answer; the last command that leaves stops what we started."""
    if is_foreign():
        _check_foreign()
        yield
        return
    with (paths.folder("locks") / "cluster-users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with marks.alone("cluster"):
            _create()
            _start()
        try:
            yield
        finally:
            _stop_if_last(users)


def _stop_if_last(users) -> None:
    with marks.alone("cluster"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _control("stop", "--mode=fast")


def _check_foreign() -> None:
    query = "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
    code, said = commands.read(["psql", "-w", "-d", "postgres", "-Atc", query])
    if code:
        raise Failure(f"The PostgreSQL server named by PGHOST does not answer: {said}")
    if said != "t":
        raise Failure(
            "The PGUSER of the server named by PGHOST may not make databases."
        )


def _create() -> None:
    data = _folder("data")
    if marks.is_done("cluster", str(data)):
        return
    if len(str(_folder("socket"))) > SOCKET_PATH_LIMIT:
        raise Failure(
            f"{paths.home()} is too long a path: choose another TRAINING_HOME."
        )
    with step("Creating the PostgreSQL cluster"):
        _prepare_folders()
        _run_as_user(
            [binaries() / "initdb", "--pgdata", data, "--username", ROLE]
            + ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
            "The PostgreSQL cluster could not be created.",
        )
        own = data / "postgresql.conf"
        own.write_text(f"{own.read_text()}\n{SETTINGS}")
    marks.set_done("cluster", str(data))


def _prepare_folders() -> None:
    shutil.rmtree(_folder(""), ignore_errors=True)
    for name in ("data", "socket"):
        _folder(name).mkdir(parents=True, mode=0o700)
    if os.geteuid() != 0:
        return
    try:
        pwd.getpwnam(USER)
    except KeyError:
        commands.run(
            ["useradd", "--system", "--home-dir", _folder(""), "--no-create-home"]
            + ["--shell", "/usr/sbin/nologin", USER],
            sentence=f"The user {USER} could not be created.",
            log="postgres",
        )
    for name in ("", "data", "socket"):
        shutil.chown(_folder(name), USER)
    code, _said = commands.read(_as_user(["test", "-x", _folder("data")]))
    if code:
        raise Failure(
            f"The user {USER} may not enter {paths.home()}: choose a TRAINING_HOME "
            "outside of private folders."
        )


def _start() -> None:
    if _control("status")[0] == 0:
        return
    code, said = _control("start", "--wait", f"--log={_folder('data') / 'server.log'}")
    if code:
        raise Failure(f"The PostgreSQL server did not start: {said}")


def _control(action: str, *arguments: str) -> tuple[int, str]:
    options = ["-o", f"-k {_folder('socket')} -p {PORT}"] if action == "start" else []
    return commands.read(
        _as_user([binaries() / "pg_ctl", action, "-D", _folder("data")])
        + [*options, *arguments],
        cwd="/",
    )


def _run_as_user(command, sentence: str) -> None:
    commands.run(_as_user(command), sentence=sentence, log="postgres", cwd="/")


def _as_user(command) -> list[str]:
    switch = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    return switch + [str(word) for word in command]


def _folder(name: str) -> Path:
    return paths.home() / "postgres" / name
