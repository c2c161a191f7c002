# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The time of the stand-in, which can be moved, and what falls due in it."""

import contextlib
import heapq
import time

ACTIONS = {}


def on_time(name):
    """Register what is done when a timer of this name falls due."""

    def register(function):
        ACTIONS[name] = function
        return function

    return register


class Clock:
    """Real time plus an offset, or standing still."""

    def __init__(self, data):
        self.data = data
        self._at = None

    def now(self):
        """The time in seconds, whole: Mangopay's dates are."""
        return int(self.exact())

    def exact(self):
        """The time with its fractions."""
        if self._at is not None:
            return self._at
        if self.data["frozen"] is not None:
            return self.data["frozen"]
        return time.time() + self.data["offset"]

    def move(self, to):
        """Set the time."""
        if self.data["frozen"] is not None:
            self.data["frozen"] = float(to)
        else:
            self.data["offset"] = float(to) - time.time()

    def freeze(self, still):
        """Stop the time, or let it go on from where it is."""
        at = self.exact()
        self.data["frozen"] = at if still else None
        if not still:
            self.data["offset"] = at - time.time()

    @contextlib.contextmanager
    def standing_at(self, moment):
        """What is done inside is done at that moment."""
        self._at = moment
        try:
            yield
        finally:
            self._at = None


class Timers:
    """What waits for its time; kept in the state, so that a restart loses nothing."""

    def __init__(self, world, rows):
        self.world = world
        self.rows = rows

    def after(self, seconds, action, tenant, *arguments):
        """Do a registered action some seconds from now."""
        self.world.data["timer_seq"] += 1
        row = [
            self.world.clock.exact() + seconds,
            self.world.data["timer_seq"],
            action,
            tenant.name,
            list(arguments),
        ]
        heapq.heappush(self.rows, row)

    def run(self):
        """Do all that is due, each at its own moment. Return whether any was."""
        end = self.world.clock.exact()
        any_due = False
        while self.rows and self.rows[0][0] <= end:
            due, _seq, action, tenant, arguments = heapq.heappop(self.rows)
            with self.world.clock.standing_at(due):
                ACTIONS[action](self.world.tenant(tenant), *arguments)
            any_due = self.world.dirty = True
        return any_due
