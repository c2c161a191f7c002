# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One client of Mangopay: its objects, its events, its money."""

import secrets

from . import shapes
from .errors import not_found, param_error
from .ledger import Ledger

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RETENTION = 13 * 30.44 * 86400
TRANSACTIONS = (
    "payin", "transfer", "payout", "refund", "repudiation", "settlement",
)  # fmt: skip


def new_data(name, client_id, live):
    """What is kept of a client, as JSON."""
    return {
        "name": name,
        "client_id": client_id,
        "live": live,
        "key": None,
        "failures": 0,
        "locked_until": 0,
        "active": True,
        "tables": {},
        "entries": [],
        "events": [],
        "responses": {},
        "windows": [],
    }


class Tenant:
    """Objects are plain dictionaries; keys that begin with « _ » stay inside."""

    def __init__(self, world, data):
        self.world = world
        self.data = data
        self.name = data["name"]
        self.ledger = Ledger(data["entries"], world.clock)

    @property
    def settings(self):
        """How the stand-in behaves."""
        return self.world.data["settings"]

    def now(self):
        """The time, in seconds."""
        return self.world.clock.now()

    def later(self, seconds, action, *arguments):
        """Do a timer's action some seconds from now."""
        self.world.timers.after(seconds, action, self, *arguments)

    def add(self, table, shape=None, **values):
        """Make an object with all the fields of its shape."""
        shape = shape or table
        obj = shapes.empty(shape)
        obj["Id"] = self.new_id(shapes.PREFIXES.get(shape, ""))
        obj["CreationDate"] = self.now()
        obj.update(values)
        self.table(table)[obj["Id"]] = obj
        return obj

    def new_id(self, prefix):
        """A prefix and a ULID, as Mangopay's ids are."""
        stamp, text = int(self.world.clock.exact() * 1000), ""
        for _index in range(10):
            stamp, digit = divmod(stamp, 32)
            text = ALPHABET[digit] + text
        return prefix + text + "".join(secrets.choice(ALPHABET) for _i in range(16))

    def table(self, name):
        """The objects of a kind, by id."""
        return self.data["tables"].setdefault(name, {})

    def rows(self, table, **fields):
        """The objects of a kind that have these values, oldest first."""
        return [
            obj
            for obj in self.table(table).values()
            if all(obj.get(name) == value for name, value in fields.items())
        ]

    def find(self, table, id_):
        """An object, or None."""
        return self.table(table).get(str(id_)) if id_ else None

    def get(self, table, id_):
        """An object of the address of a request.

        :raise ApiError: 404. Transactions are readable for 13 months.
        """
        obj = self.find(table, id_)
        if obj is None:
            raise not_found(id_)
        old = self.now() - obj["CreationDate"] > RETENTION
        if old and table in TRANSACTIONS:
            raise not_found(id_)
        return obj

    def named(self, table, id_, field):
        """An object that a body names.

        :raise ApiError: 400 ``param_error``.
        """
        obj = self.find(table, id_)
        if obj is None:
            raise param_error(**{field: f"The ressource {id_} does not exist."})
        return obj

    def transactions(self):
        """Every transaction, oldest first."""
        found = [obj for table in TRANSACTIONS for obj in self.table(table).values()]
        return sorted(found, key=lambda obj: (obj["CreationDate"], obj["Id"]))

    def transaction(self, id_):
        """A transaction of any kind, or None."""
        return next(filter(None, (self.find(name, id_) for name in TRANSACTIONS)), None)

    def emit(self, event_type, resource_id):
        """Write an event, and tell the hook that waits for it."""
        event = {
            "ResourceId": resource_id,
            "EventType": event_type,
            "Date": self.now(),
        }
        self.data["events"].append(event)
        self.world.notify(self, event)
