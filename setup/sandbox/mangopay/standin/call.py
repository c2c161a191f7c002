# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A request of the API, what it is answered, and which function answers it."""

import re
from dataclasses import dataclass, field

from .errors import ApiError, not_found

ROUTES = []


@dataclass
class Request:
    """What came over HTTP, before anything is known of it."""

    method: str
    path: str
    query: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Answer:
    """What goes back over HTTP."""

    status: int = 200
    body: object = None
    headers: dict = field(default_factory=dict)


@dataclass
class Call:
    """A request whose client is known."""

    world: object
    tenant: object
    method: str
    path: str
    query: dict
    body: dict
    idempotency_key: str = ""

    def effect(self, kind):
        """The fault of this kind that what is asked here ends by, or None."""
        return self.world.faults.for_effect(kind, self.method, self.path)

    def asked(self, name):
        """The first value of a parameter of the address, whatever its case."""
        values = self.asked_all(name)
        return values[0] if values else None

    def asked_all(self, name):
        """All the values of a parameter that may be repeated."""
        return [
            value
            for key, values in self.query.items()
            if key.lower() == name.lower()
            for value in values
        ]


@dataclass
class Route:
    """A method and a path; ``{name}`` stands for one part of it."""

    method: str
    parts: list
    function: object

    def match(self, parts):
        """The named parts, or None. Words are compared whatever their case."""
        if len(parts) != len(self.parts):
            return None
        found = {}
        for mine, given in zip(self.parts, parts, strict=True):
            if mine.startswith("{"):
                found[mine[1:-1]] = given
            elif mine.lower() != given.lower():
                return None
        return found


def route(method, path):
    """Register the function that answers this method and path."""

    def register(function):
        ROUTES.append(Route(method, split(path), function))
        return function

    return register


def split(path):
    """The parts of a path; double and last slashes do not count."""
    return [part for part in re.split("/+", path) if part]


def find(method, parts):
    """The function for a request, and its named parts.

    A path with a word in a place wins over one with a name there.

    :raise ApiError: 404 or 405.
    """
    matches = [
        (entry, named) for entry in ROUTES if (named := entry.match(parts)) is not None
    ]
    if not matches:
        raise not_found("/" + "/".join(parts))
    matches.sort(key=lambda pair: len(pair[1]))
    for entry, named in matches:
        if entry.method == method:
            return entry.function, named
    raise ApiError(
        405,
        "method_not_allowed",
        "The requested resource does not support this HTTP method",
    )
