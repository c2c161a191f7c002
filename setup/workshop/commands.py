# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Other programmes: run one, keep what it said, turn its failure into a sentence."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from . import paths
from .console import Failure

# The lines that say what went wrong, in the languages of the programmes we call.
TELLING = re.compile(
    r"^E: |^\S*(Error|Exception)\b|\b(ERROR|CRITICAL|FATAL)\b|error:", re.I
)
STOP_TIMEOUT = 15
FULL_DISK = "No space left on device"


def run(command, *, sentence: str, log: str, env=None, cwd=None, text_in=None) -> None:
    """Run ``command`` quietly; on failure raise ``sentence`` and the log's end."""
    log_path = paths.log_file(log)
    with log_path.open("a") as output:
        output.write(f"$ {' '.join(map(str, command))}\n")
        output.flush()
        outcome = subprocess.run(
            list(map(str, command)),
            stdin=subprocess.DEVNULL if text_in is None else None,
            input=text_in,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(env),
            cwd=cwd,
            text=True,
        )
    if outcome.returncode:
        raise Failure(explain(sentence, log_path))


def watch(command, *, env=None, cwd=None, output=None) -> int:
    """Run ``command`` in front of the person, and return its code."""
    with started(command, env=env, cwd=cwd, output=output) as process:
        return process.wait()


@contextlib.contextmanager
def started(command, *, env=None, cwd=None, output=None):
    """Yield ``command`` as it runs; what still runs after the block is ended.

    A session of its own: on Ctrl-C we alone are told, and end it with its children.
    """
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        env=environment(env),
        cwd=cwd or paths.ROOT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        stop(process, signal.SIGINT, signal.SIGKILL)


def stop(process, *signals) -> None:
    """Send the process and its children each signal until it has ended."""
    for number in signals:
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_TIMEOUT)


def read(command, *, env=None, cwd=None) -> tuple[int, str]:
    """Run a short ``command`` and return its code and what it printed."""
    outcome = subprocess.run(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(env),
        cwd=cwd,
        text=True,
    )
    return outcome.returncode, (outcome.stdout or outcome.stderr).strip()


def environment(extra=None) -> dict:
    """Return this process's environment with ``extra`` and a language we can read."""
    return {**os.environ, "LC_ALL": "C.UTF-8", **(extra or {})}


def found(name: str) -> bool:
    """Tell whether a programme is on the path."""
    return shutil.which(name) is not None


def explain(sentence: str, log_path: Path) -> str:
    """Complete ``sentence`` with what the log ends with and where it is."""
    said = log_path.read_text(errors="replace").splitlines()[-40:]
    if any(FULL_DISK in line for line in said):
        sentence = "The disk is full: free some space, then run this again."
    lines = [line.strip() for line in said if line.strip()]
    telling = [line for line in lines if TELLING.search(line)] or lines or [""]
    return f"{sentence}\n  It said: {telling[-1][:300]}\n  More in {log_path}"
