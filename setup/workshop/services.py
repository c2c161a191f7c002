# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Processes that answer on a port: started, waited for, and stopped by who started."""

import contextlib
import dataclasses
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import commands, paths, virtualenv
from .console import Failure

HOST = "127.0.0.1"
START_TIMEOUT = 120


@dataclasses.dataclass
class Service:
    """What to run, where it answers, and what tells that it is ready."""

    name: str
    command: list[str]
    port: int
    health: str
    environment: dict = dataclasses.field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the address people and programmes reach it at."""
        return f"http://{HOST}:{self.port}"


@contextlib.contextmanager
def running(service: Service):
    """Run ``service`` as long as the block lasts, ready from its first line on."""
    check_port(service)
    log_path = paths.log_file(service.name)
    with log_path.open("w") as log:
        # A session of its own: Ctrl-C reaches us alone, and we stop it in order.
        process = subprocess.Popen(
            service.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=commands.environment(service.environment),
            cwd=paths.ROOT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(service, process, log_path)
        yield process
    finally:
        commands.stop(process, signal.SIGTERM, signal.SIGKILL)


def check_port(service: Service) -> None:
    """Refuse clearly a port that somebody else holds."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, service.port))
        except OSError as error:
            raise Failure(
                f"Port {service.port}, for {service.name}, is in use: stop what holds "
                "it, or choose another with --port."
            ) from error


def free_port() -> int:
    """Return a port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def stripe(port: int, state_name: str, from_scratch: bool = True) -> Service:
    """Return the stand-in of Stripe."""
    entry = paths.SANDBOX / "stripe"
    if not (entry / "__main__.py").is_file():
        raise Failure("The stand-in of Stripe is not in setup/sandbox/stripe.")
    state = paths.folder("sandbox") / f"{state_name}.state"
    return Service(
        name=f"stripe-{state_name}",
        command=[str(virtualenv.python()), str(entry)]
        + ["--port", str(port), "--state", str(state)]
        + ["--from-scratch"] * from_scratch,
        port=port,
        health="/_health",
    )


def mangopay(port: int, state_name: str, from_scratch: bool = True) -> Service:
    """Return the stand-in of Mangopay."""
    state = paths.folder("sandbox") / f"mangopay-{state_name}.json"
    return Service(
        name=f"mangopay-{state_name}",
        command=[str(virtualenv.python()), str(paths.SANDBOX / "mangopay")]
        + ["--port", str(port), "--state", str(state)]
        + ["--from-scratch"] * from_scratch,
        port=port,
        health="/_health",
    )


def mailbox(port: int, smtp_port: int, from_scratch: bool = False) -> Service:
    """Return the stand-in of a mail server, whose letters are read on ``port``."""
    return Service(
        name="mailbox",
        command=[str(virtualenv.python()), str(paths.SANDBOX / "mailbox")]
        + ["--port", str(port), "--smtp-port", str(smtp_port)]
        + ["--folder", str(paths.folder("letters"))]
        + ["--from-scratch"] * from_scratch,
        port=port,
        health="/",
    )


def _wait_until_ready(service: Service, process, log_path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(
                commands.explain(f"{service.name} stopped at once.", log_path)
            )
        if _answers(service):
            return
        time.sleep(0.2)
    raise Failure(commands.explain(f"{service.name} does not answer.", log_path))


def _answers(service: Service) -> bool:
    try:
        urllib.request.urlopen(service.url + service.health, timeout=5).close()
    except (urllib.error.URLError, OSError):
        return False
    return True
