# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Memory of the finished steps, so that an interrupted installation resumes."""

import contextlib
import fcntl
import hashlib

from . import paths
from .console import say


def key(*parts: str) -> str:
    """Return a short hash of what a step was made from."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def is_done(step: str, made_from: str) -> bool:
    """Tell whether ``step`` was finished for exactly this content."""
    mark = _mark(step)
    return mark.is_file() and mark.read_text() == made_from


def set_done(step: str, made_from: str) -> None:
    """Remember that ``step`` is finished; called last, when all of it is on disk."""
    _mark(step).write_text(made_from)


def forget(step: str) -> None:
    """Forget a step, before its result is taken apart."""
    _mark(step).unlink(missing_ok=True)


@contextlib.contextmanager
def alone(name: str):
    """Let one process at a time do what it does under ``name``."""
    with (paths.folder("locks") / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  (another command is busy with: {name}; waiting for it)")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def held(name: str):
    """Hold ``name`` if nobody does; yield whether it was free."""
    with (paths.folder("locks") / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _mark(step: str):
    return paths.folder("done") / step
