# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The append-only journal of money that really moved.

One line per capture, refund, failed refund (money back on the balance) and payout.
A replayed request moves nothing and writes nothing: tests count lines to prove that
money moved once.
"""

from .engine import clock, current_call


class Journal:
    """The lines, oldest first."""

    def __init__(self):
        self.lines = []

    def record(self, kind, obj, amount, **details):
        """Write one movement of ``amount`` minor units."""
        call = current_call.get()
        self.lines.append(
            {
                "seq": len(self.lines) + 1,
                "at": clock.now(),
                "kind": kind,
                "account": call.account.id,
                "livemode": call.livemode,
                "object": obj.id,
                "amount": amount,
                "currency": obj.currency,
                "request": call.request_id,
                "idempotency_key": call.idempotency_key,
                **details,
            }
        )

    def select(self, **filters):
        """The lines whose fields have these values (compared as text)."""
        return [
            line
            for line in self.lines
            if all(str(line.get(key)) == value for key, value in filters.items())
        ]


journal = Journal()
