# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The stand-in of Mangopay, seen by the people around it: banks, buyers, its teams."""

import time

import requests

TIMEOUT = 30


class Bank:
    """What others than the operator do at Mangopay."""

    def __init__(self, url: str, client: str):
        self.url = url
        self.client = client
        self._http = requests.Session()

    def act(self, action: str, id_: str, **data) -> dict:
        """Be a bank, a person or Mangopay (`/_do/` in the stand-in's README)."""
        return self._post(f"_do/{action}/{id_}", data)

    def set_clock(self, timestamp: int) -> None:
        """Have it be that time there."""
        self._post("_clock", {"now": timestamp, "frozen": True})

    def start_clock(self) -> None:
        """Have it be the present there, and the time go by again."""
        self._post("_clock", {"now": time.time(), "frozen": False})

    def settings(self, **values) -> None:
        """Change rules and times of the stand-in."""
        self._post("_settings", values)

    def fault(self, **fault) -> None:
        """Order a fault (`/_faults` in the stand-in's README)."""
        self._post("_faults", fault)

    def balances(self) -> dict[str, int]:
        """Return what every wallet holds, in minor units, by its id.

        :raise RuntimeError: when the stand-in's own books are wrong
        """
        books = self._get("_ledger")[self.client]
        if books["wrong"]:
            raise RuntimeError(f"The stand-in's books are wrong: {books['wrong']}")
        return books["balances"]

    def rows(self, table: str, **fields) -> list[dict]:
        """Return the objects of a kind that have these values."""
        rows = self._get("_state")["clients"].get(self.client, {}).get(table, [])
        return [
            row for row in rows if all(row.get(name) == fields[name] for name in fields)
        ]

    def _get(self, path):
        answer = self._http.get(f"{self.url}/{path}", timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path, data):
        answer = self._http.post(f"{self.url}/{path}", json=data, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()
