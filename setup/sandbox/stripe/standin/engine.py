# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What localstripe keeps in module globals, made ours.

localstripe has one store for everybody, pickled to a fixed file at each write, reads
the system's clock, and sends its webhooks at once. This module, and no other, puts
our own store (one per account and mode), clock and sender in their places, in this
process only: the installed package is not touched.
"""

import asyncio
import time
from collections.abc import MutableMapping
from contextvars import ContextVar
from types import SimpleNamespace

from localstripe import resources

from .errors import missing

#: The request being served, a ``call.Call``; tasks started by it inherit it.
current_call = ContextVar("current_call")


class Clock:
    """The stand-in's time: the system's, moved by an offset."""

    offset = 0

    def time(self):
        """Seconds since the epoch, as ``time.time()`` gives them."""
        return time.time() + self.offset

    def now(self):
        """The same, as an integer."""
        return int(self.time())


class ScopedStore(MutableMapping):
    """localstripe's store, one for each account and mode (test or live).

    What one account created does not exist for another one's key. localstripe's keys
    are « kind:id »; objects are kept by kind, so that nothing is proportional to what
    an account did in its life.
    """

    def __init__(self):
        #: {(account, livemode): {kind: {id: object}}}
        self.scopes = {}

    @property
    def _scope(self):
        return self.scopes.setdefault(current_call.get().scope, {})

    def __getitem__(self, key):
        kind, _colon, id = key.partition(":")
        return self._scope[kind][id]

    def __setitem__(self, key, value):
        kind, _colon, id = key.partition(":")
        self._scope.setdefault(kind, {})[id] = value

    def __delitem__(self, key):
        kind, _colon, id = key.partition(":")
        del self._scope[kind][id]

    def __iter__(self):
        for kind, objects in self._scope.items():
            for id in objects:
                yield f"{kind}:{id}"

    def __len__(self):
        return sum(map(len, self._scope.values()))

    def of_kind(self, kind):
        """The current scope's objects of this kind, newest first."""
        return list(self._scope.get(kind, {}).values())[::-1]

    def find(self, scope, kind, id):
        """The object of this scope, or None."""
        return self.scopes.get(scope, {}).get(kind, {}).get(id)

    def find_everywhere(self, kind, id):
        """``(scope, object)`` with this id in any account, or None."""
        for scope in self.scopes:
            if obj := self.find(scope, kind, id):
                return scope, obj
        return None


clock = Clock()
store = ScopedStore()

resources.store = store
resources.time = SimpleNamespace(time=clock.time)


_background = set()


def later(work):
    """Do this work beside the request; kept, so that nothing collects it before."""
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_background.discard)


def fetch(kind, id, param="id"):
    """The current scope's object of this kind and id.

    :raise ApiError: Stripe's ``resource_missing``, which says so when the object
        exists in the other mode of the same account.
    """
    obj = store.get(f"{kind}:{id}")
    if obj is not None:
        return obj
    error = missing(kind, id, param)
    account, livemode = current_call.get().scope
    if store.find((account, not livemode), kind, id):
        there, here = ("test", "live") if livemode else ("live", "test")
        error.error["message"] += (
            f"; a similar object exists in {there} mode, but a {here} mode key was"
            " used to make this request."
        )
    raise error


def new_id(prefix, length=24):
    """A fresh identifier."""
    return prefix + resources.random_id(length)
