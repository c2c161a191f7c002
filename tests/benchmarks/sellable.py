# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P2 in Odoo's shell: which of 10 000 sessions can be sold now."""

import json
import statistics
import time

TIMES = 25
#: The same question asked of PostgreSQL by hand.
FLOOR = """
    SELECT e.id FROM event_event e
    WHERE e.online_sale_ok AND e.active
    AND e.date_begin > (now() AT TIME ZONE 'UTC')
    AND NOT EXISTS (
        SELECT 1 FROM training_seat_counter c
        WHERE c.event_id = e.id AND c.maximum > 0 AND c.reserved >= c.maximum)
    ORDER BY e.date_begin, e.id
"""


def measure(env):
    """Print the medians in milliseconds, and the statements of one search."""
    events = env["event.event"]
    domain = [("is_sellable_online", "=", True)]
    found, floor = [], []
    events.search(domain)
    before = env.cr.sql_log_count
    sellable = events.search(domain)
    statements = env.cr.sql_log_count - before
    for _time in range(TIMES):
        begin = time.perf_counter()
        env.cr.execute(FLOOR)
        rows = env.cr.fetchall()
        floor.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        events.search(domain)
        found.append(time.perf_counter() - begin)
    if {row[0] for row in rows} != set(sellable.ids):
        raise RuntimeError("The search and the statement do not find the same.")
    result = {
        "sessions": env["event.event"].search_count([("programme_id", "!=", False)]),
        "sellable": len(sellable),
        "statements": statements,
        "search": statistics.median(found) * 1000,
        "floor": statistics.median(floor) * 1000,
    }
    print("RESULT", json.dumps(result))
