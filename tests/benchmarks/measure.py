# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reading what a server did: its access log, its statements, its processor time."""

import os
import re
import statistics
import time
from pathlib import Path

# …"GET /shop HTTP/1.1" 200 - <queries> <sql seconds> <python seconds>
ACCESS = re.compile(
    r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d+) - '
    r"(?P<queries>\d+) (?P<sql>[\d.]+) (?P<python>[\d.]+)"
)
STATEMENT = re.compile(r" odoo\.sql_db: \[[\d.]+ ms\] query: ")
TICKS = os.sysconf("SC_CLK_TCK")


class Reader:
    """What a server's log says from now on."""

    def __init__(self, process):
        self.process = process
        self.position = 0
        self.skip()

    def skip(self) -> None:
        """Forget what was said until now."""
        self.position = self.process.log_path.stat().st_size

    def read(self) -> str:
        """Return what was said since, and go on from there."""
        time.sleep(0.2)
        with self.process.log_path.open(errors="replace") as log:
            log.seek(self.position)
            text = log.read()
            self.position = log.tell()
        return text


def requests(text: str) -> list[dict]:
    """Return the requests of a log: path, status, queries, seconds."""
    found = []
    for match in ACCESS.finditer(text):
        one = match.groupdict()
        found.append(
            {
                "path": one["path"].partition("?")[0],
                "status": int(one["status"]),
                "queries": int(one["queries"]),
                "seconds": float(one["sql"]) + float(one["python"]),
            }
        )
    return found


def statements(text: str) -> int:
    """Return how many statements a log at level DEBUG holds, jobs included."""
    return len(STATEMENT.findall(text))


def cpu_seconds(process) -> float:
    """Return the processor time that a server of one process has used."""
    fields = Path(f"/proc/{process.popen.pid}/stat").read_text().rpartition(")")[2]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / TICKS


def median(values) -> float:
    """Return the median; 0 when there is nothing."""
    return statistics.median(values) if values else 0.0
