# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The letters: one file each, in the order in which they came."""

import email
import email.policy
import itertools
from pathlib import Path


class Letters:
    """A folder of letters as they were sent, numbered from 1."""

    def __init__(self, folder: Path, from_scratch: bool = False):
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.eml") if from_scratch else ():
            path.unlink()
        self._folder = folder
        last = max((int(path.stem) for path in folder.glob("*.eml")), default=0)
        self._numbers = itertools.count(last + 1)

    def keep(self, content: bytes) -> None:
        """Write a letter."""
        (self._folder / f"{next(self._numbers):05}.eml").write_bytes(content)

    def all(self) -> list:
        """Return (number, letter), the latest first."""
        paths = sorted(self._folder.glob("*.eml"), reverse=True)
        return [(int(path.stem), _parse(path)) for path in paths]

    def one(self, number: int):
        """Return a letter, or None."""
        path = self._folder / f"{number:05}.eml"
        return _parse(path) if path.is_file() else None


def _parse(path: Path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
