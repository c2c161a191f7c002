# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Double entry: money is only ever moved, from one account to another.

Accounts are the wallets by their id, and per currency the client's ``FEES_EUR`` and
``CREDIT_EUR``, ``OUT_EUR`` (on its way to a bank: payouts and slow refunds) and
``BANK_EUR`` (the world outside). Only the last, and ``CREDIT`` by Mangopay's own rule
for repudiations, may go below zero.
"""

FREE = ("BANK_", "CREDIT_")


class Overdrawn(Exception):
    """A move would leave an account below zero: a bug, callers look before."""


class Ledger:
    """The entries of one client, and the balances that follow from them."""

    def __init__(self, entries, clock):
        self.entries = entries
        self._clock = clock
        self._balances = {}
        for entry in entries:
            self._add(entry["account"], entry["amount"])

    def balance(self, account):
        """What an account holds, in minor units."""
        return self._balances.get(account, 0)

    def balances(self):
        """What every account holds."""
        return dict(self._balances)

    def move(self, transaction, why, source, target, amount):
        """Move an amount: two entries whose sum is zero.

        :raise Overdrawn: before anything is written.
        """
        if not amount:
            return
        if amount < 0:
            source, target, amount = target, source, -amount
        if not source.startswith(FREE) and self.balance(source) < amount:
            raise Overdrawn(f"{source}: {self.balance(source)} < {amount} ({why})")
        for account, signed in ((source, -amount), (target, amount)):
            self.entries.append(
                {
                    "seq": len(self.entries) + 1,
                    "at": self._clock.now(),
                    "transaction": transaction,
                    "why": why,
                    "account": account,
                    "amount": signed,
                }
            )
            self._add(account, signed)

    def check(self):
        """What is wrong with the books, as a list of sentences: empty when right."""
        wrong = []
        balances, pairs = {}, {}
        for entry in self.entries:
            account = entry["account"]
            balances[account] = balances.get(account, 0) + entry["amount"]
            pair = (entry["seq"] + 1) // 2
            pairs[pair] = pairs.get(pair, 0) + entry["amount"]
            if balances[account] < 0 and not account.startswith(FREE):
                wrong.append(f"{account} is below zero after entry {entry['seq']}")
        wrong += [
            f"pair {pair} is not balanced" for pair, sum_ in pairs.items() if sum_
        ]
        if sum(balances.values()):
            wrong.append(f"the books do not balance: {sum(balances.values())}")
        if balances != self._balances:
            wrong.append("the balances do not follow from the entries")
        return wrong

    def _add(self, account, amount):
        self._balances[account] = self._balances.get(account, 0) + amount
