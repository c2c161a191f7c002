# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything the stand-in remembers, and its file."""

import json
import os
from pathlib import Path

from .clock import Clock, Timers
from .faults import make_faults
from .tenant import Tenant, new_data

FORMAT = 1
MAX_REQUESTS = 5000
SETTINGS = {
    # « 2026 »: nobody is credited or paid out before being verified. « old »: without
    # being verified, 2 500 EUR paid and 1 000 EUR paid out over twelve months.
    "regime": "2026",
    # Whether a PAYER's own wallet needs Beneficiaries named under the rules of 2026.
    "payer_needs_beneficiaries": False,
    "old_payin_limit": 250000,
    "old_payout_limit": 100000,
    # Seconds; null leaves it to the admin page.
    "payout_delay": 1,
    "refund_delay": 0,
    "kyc_delay": 1,
    # Whether the fees of a payout come back when the bank returns it.
    "return_payout_fees": True,
    "token_seconds": 1200,
    "sca_wallet_reads": True,
    "sca_transfer_limit": 50000,
    "identity_verification": True,
    "kyc_renewal_days": 1095,
    # Types of events that this client of Mangopay does not have.
    "refused_event_types": [],
    "hooks_before_answer": False,
    "hook_delay": 0.05,
    "hook_timeout": 2,
    "rate_limits": True,
}


class World:
    """The state: clients, objects, timers, faults and logs. All of it is JSON."""

    def __init__(self, path=None, base_url="http://127.0.0.1:8430", settings=None):
        self.path = Path(path) if path else None
        self.base_url = base_url
        self.initial = settings or {}
        self.hooks = None
        self.clear()

    def clear(self):
        """Forget everything but the file's name."""
        self._hold(
            {
                "format": FORMAT,
                "settings": {**SETTINGS, **self.initial},
                "clock": {"offset": 0, "frozen": None},
                "timers": [],
                "timer_seq": 0,
                "tenants": {},
                "tokens": {},
                "deliveries": [],
                "requests": [],
            }
        )
        self.faults = make_faults()
        self.dirty = True

    def _hold(self, data):
        self.data = data
        self.clock = Clock(data["clock"])
        self.timers = Timers(self, data["timers"])
        self.tenants = {
            name: Tenant(self, kept) for name, kept in data["tenants"].items()
        }

    def tenant(self, name, make=False):
        """A client, by its name; « @live » ends the name of one in production."""
        if name not in self.tenants and make:
            client_id, _at, mode = name.partition("@")
            data = new_data(name, client_id, mode == "live")
            self.data["tenants"][name] = data
            self.tenants[name] = Tenant(self, data)
            self.dirty = True
        return self.tenants.get(name)

    def notify(self, tenant, event):
        """An event happened: let the hooks know, if any are listening."""
        self.dirty = True
        if self.hooks is not None:
            self.hooks.send(tenant, event)

    def log(self, **line):
        """Remember an API request, for tests that count them."""
        line["at"] = self.clock.now()
        self.data["requests"].append(line)
        del self.data["requests"][:-MAX_REQUESTS]

    def load(self):
        """Read the state file, if there is one.

        :raise ValueError: when it was not written by this version.
        """
        if not self.path or not self.path.exists():
            return
        data = json.loads(self.path.read_text())
        if data.get("format") != FORMAT:
            raise ValueError(f"{self.path} is of another version of the stand-in")
        data["settings"] = {**SETTINGS, **data["settings"]}
        self._hold(data)
        self.dirty = False

    def save(self):
        """Write the state file, whole or not at all."""
        self.dirty = False
        if not self.path:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(self.path.suffix + ".new")
        with temporary.open("w") as file:
            json.dump(self.data, file, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path)
