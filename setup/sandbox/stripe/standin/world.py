# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything the stand-in remembers, and its file."""

import os
import pickle
from pathlib import Path

from .accounts import Registry
from .delivery import sender
from .engine import clock, store
from .faults import make_faults
from .idempotency import Replays
from .journal import journal

FORMAT = 2
MAX_REQUESTS = 2000


class World:
    """The state: accounts, objects, replays, faults, journal and logs."""

    def __init__(self, path=None):
        self.path = Path(path) if path else None
        self.dirty = False
        self.clear()

    def clear(self):
        """Forget everything but the file's name."""
        self.registry = Registry()
        self.replays = Replays()
        self.faults = make_faults()
        self.requests = []
        sender.clear()
        sender.faults = self.faults
        store.scopes.clear()
        journal.lines.clear()
        clock.offset = 0
        self.dirty = True

    def log(self, call, status, replayed=False):
        """Remember an API request, for tests that count them."""
        self.requests.append(
            {
                "request": call.request_id,
                "at": clock.now(),
                "account": call.account.id,
                "livemode": call.livemode,
                "key_kind": call.credentials.kind,
                "method": call.method,
                "path": call.path,
                "version": call.version,
                "idempotency_key": call.idempotency_key,
                "status": status,
                "replayed": replayed,
            }
        )
        del self.requests[:-MAX_REQUESTS]

    def load(self):
        """Read the state file, if there is one.

        :raise ValueError: when it was written by another version of the stand-in.
        """
        if not self.path or not self.path.exists():
            return
        try:
            with self.path.open("rb") as file:
                saved = pickle.load(file)
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError) as error:
            raise ValueError(f"cannot read {self.path}: {error}") from error
        if saved.get("format") != FORMAT:
            raise ValueError(f"{self.path} is of another version of the stand-in")
        self.registry = saved["registry"]
        self.replays = saved["replays"]
        self.requests = saved["requests"]
        store.scopes.update(saved["scopes"])
        journal.lines.extend(saved["journal"])
        sender.deliveries.extend(saved["deliveries"])
        clock.offset = saved["clock"]
        self.dirty = False

    def save(self):
        """Write the state file, whole or not at all."""
        self.dirty = False
        if not self.path:
            return
        state = {
            "format": FORMAT,
            "registry": self.registry,
            "replays": self.replays,
            "requests": self.requests,
            "scopes": store.scopes,
            "journal": journal.lines,
            "deliveries": sender.deliveries,
            "clock": clock.offset,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(self.path.suffix + ".new")
        with temporary.open("wb") as file:
            pickle.dump(state, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(temporary, self.path)
