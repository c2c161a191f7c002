# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the person in front of the screen reads: steps, times, one clear failure."""

import contextlib
import errno
import signal
import sys
import time


class Failure(Exception):
    """Something went wrong that a person can act on: its text is one clear sentence."""


def say(text: str = "") -> None:
    """Print a line at once, so that a long step is announced before it runs."""
    print(text, flush=True)


@contextlib.contextmanager
def step(name: str):
    """Announce a step, then tell how long it took."""
    started = time.monotonic()
    say(f"• {name} …")
    yield
    elapsed = time.monotonic() - started
    if elapsed >= 0.5:
        say(f"  {name}: {duration(elapsed)}")


def duration(seconds: float) -> str:
    """Return ``seconds`` as people write them: 4.2 s, 3 min 05 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def table(rows: list[tuple[str, str]]) -> None:
    """Print two columns, the first as wide as its longest cell."""
    width = max((len(left) for left, _right in rows), default=0)
    for left, right in rows:
        say(f"  {left.ljust(width)}  {right}")


def main(command) -> None:
    """Run ``command`` with the arguments, and leave with its code or one sentence."""
    # Asking us to stop is the same thing however it is asked.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        sys.exit(command(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)
    except Failure as failure:
        sys.exit(f"✗ {failure}")
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        sys.exit(f"✗ {_sentence(error)}")


def _sentence(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}: free some space, then run this again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Not allowed to write or read{where}: {error.strerror}."
    return f"The system refused{where}: {error.strerror or error}."
