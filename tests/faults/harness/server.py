# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Processes that answer on a port, and may be killed: Odoo and the stand-in."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

from . import place

HOST = "127.0.0.1"
START_TIMEOUT = 90
STOP_TIMEOUT = 20


def free_port() -> int:
    """Return a port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds: float, what: str, pause: float = 0.1):
    """Return what ``condition`` gives as soon as it is true.

    :raise AssertionError: when it does not become true in time
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(pause)
    raise AssertionError(f"After {seconds} s, still not so: {what}")


class Process:
    """A programme in a process group of its own, with its log."""

    def __init__(self, command, port: int, health: str, log_path: Path, **environment):
        self.command = [str(word) for word in command]
        self.url = f"http://{HOST}:{port}"
        self.health = health
        self.log_path = log_path
        self.environment = environment
        self.popen = None

    def start(self) -> None:
        """Run it and wait until it answers."""
        with self.log_path.open("a") as log:
            self.popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                cwd=place.ROOT,
                start_new_session=True,
            )
        wait_for(self._answers, START_TIMEOUT, f"{self.url} answers")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ask it to end, and end it; SIGKILL ends it and its workers at once."""
        if self.popen is None:
            return
        for one in (number, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, one)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(STOP_TIMEOUT)
                break
        self.popen = None

    def kill(self) -> None:
        """End it as a power cut does."""
        self.stop(signal.SIGKILL)

    def log(self) -> str:
        """Return all that it said."""
        return self.log_path.read_text(errors="replace")

    def _answers(self) -> bool:
        if self.popen.poll() is not None:
            tail = "\n".join(self.log().splitlines()[-20:])
            raise RuntimeError(f"{self.command[:4]} stopped at once:\n{tail}")
        with contextlib.suppress(requests.RequestException):
            return requests.get(self.url + self.health, timeout=5).ok
        return False


def stripe(folder: Path, webhook_delay: float) -> Process:
    """Return the stand-in of Stripe, with nothing in it."""
    port = free_port()
    entry = place.ROOT / "setup" / "sandbox" / "stripe"
    return Process(
        [sys.executable, entry, "--port", port, "--state", folder / "stripe.state"]
        + ["--from-scratch", "--webhook-delay", webhook_delay],
        port,
        "/_health",
        folder / "stripe.log",
    )


def mangopay(folder: Path) -> Process:
    """Return the stand-in of Mangopay, with nothing in it."""
    port = free_port()
    entry = place.ROOT / "setup" / "sandbox" / "mangopay"
    return Process(
        [sys.executable, entry, "--port", port, "--state", folder / "mangopay.json"]
        + ["--from-scratch", "--hook-delay", "0.3"],
        port,
        "/_health",
        folder / "mangopay.log",
    )


def odoo(folder: Path, name: str, database: str, urls: dict, port: int, **changes):
    """Return an Odoo on this database.

    :param urls: variables of its environment that name the stand-ins
    :param changes: options of its configuration, such as ``workers=4``
    """
    config = place.write_config(
        folder / f"{name}.conf",
        db_name=database,
        dbfilter=f"^{database}$",
        http_interface=HOST,
        http_port=port,
        gevent_port=free_port(),
        list_db=False,
        log_level="info",
        **changes,
    )
    # With workers Odoo starts itself again by this name, which « -m odoo » is not.
    entry = folder / "odoo-bin"
    entry.write_text("from odoo.cli import main\n\nmain()\n")
    return Process(
        [sys.executable, entry, "-c", config],
        port,
        "/web/health",
        folder / f"{name}.log",
        **urls,
    )


def run_script(folder: Path, database: str, urls: dict, script: str) -> str:
    """Run a script in Odoo's shell and return what it printed."""
    config = place.write_config(
        folder / "script.conf", db_name=database, log_level="warn"
    )
    outcome = subprocess.run(
        [sys.executable, "-m", "odoo", "shell", "--no-http", "-c", str(config)],
        input=script,
        capture_output=True,
        text=True,
        env={**os.environ, **urls},
        cwd=place.ROOT,
    )
    if outcome.returncode:
        raise RuntimeError(f"{outcome.stdout[-3000:]}\n{outcome.stderr[-3000:]}")
    return outcome.stdout
