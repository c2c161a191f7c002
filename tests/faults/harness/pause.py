# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Stops whoever is about to write a row, so that it can be killed at that very line."""

import contextlib
from collections.abc import Callable
from typing import NamedTuple

from . import place
from .steps import in_the_end

#: Of the advisory lock that who is stopped waits for.
KEY = 20_260
FUNCTION = f"""
    CREATE OR REPLACE FUNCTION training_pause() RETURNS trigger AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared({KEY});
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$ LANGUAGE plpgsql
"""
STOPPED = """
    SELECT activity.application_name, activity.pid
      FROM pg_locks lock JOIN pg_stat_activity activity USING (pid)
     WHERE lock.locktype = 'advisory' AND lock.objid = %s AND NOT lock.granted
       AND activity.datname = current_database()
"""


class Line(NamedTuple):
    """A line at which somebody dies: before such a row is written.

    ``event`` is INSERT, UPDATE or DELETE; ``condition`` is on ``NEW`` and ``OLD``;
    ``act`` brings them there, if they do not come by themselves.
    """

    event: str
    table: str
    condition: str = "true"
    act: Callable | None = None


class Stop:
    """Where somebody stands still."""

    def __init__(self, shop):
        self.shop = shop

    def who(self) -> str | None:
        """Return who stands there, by the name that its server gave to PostgreSQL."""
        rows = self.shop.sql(STOPPED, KEY)
        return rows[0][0] if rows else None

    def bury(self) -> None:
        """Have PostgreSQL see that who stood there was killed: it rolls back."""
        query = f"SELECT pg_terminate_backend(pid) FROM ({STOPPED}) stopped"
        self.shop.sql(query, KEY)
        self.shop.wait(lambda: not self.who(), 20, "what was killed is undone")


@contextlib.contextmanager
def before(shop, line: Line):
    """Stop whoever comes to a line, as long as the block lasts; who lives goes on."""
    shop.sql(FUNCTION)
    with contextlib.closing(place.connect(shop.database)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", [KEY])
        shop.sql(
            f'CREATE TRIGGER training_pause BEFORE {line.event} ON "{line.table}" FOR'
            f" EACH ROW WHEN ({line.condition}) EXECUTE FUNCTION training_pause()"
        )
        try:
            yield Stop(shop)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])
            shop.sql(f'DROP TRIGGER training_pause ON "{line.table}"')


def kill_at(shop, *lines):
    """Kill the server at each of these lines in turn, and start it again."""
    for line in lines:
        with before(shop, line) as stop:
            if shop.odoo.popen is None:
                shop.restart()
                shop.pass_time(minutes=20, patient=False)
            if line.act:
                line.act()
            in_the_end(shop, stop.who, f"somebody is at {line[:3]}")
            shop.odoo.kill()
            stop.bury()
    shop.restart()
    shop.pass_time(minutes=20, patient=False)
