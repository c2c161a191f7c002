# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is known of a marketplace without reading its books: one seller, its sales, its
payouts, and a bank. Plain values, minor units. Holds no test itself."""

import dataclasses
from decimal import ROUND_HALF_UP, Decimal

RATE, VAT = 10, 20


def part(amount, given, whole):
    """Return a part of an amount, to the nearest cent."""
    exact = Decimal(amount) * given / whole
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclasses.dataclass
class Sale:
    """One sale, by its refunds and its dispute.

    ``waiting`` are refunds that lack money in the seller's wallet; ``claim`` is what an
    open dispute of ``claimed`` keeps from the seller, ``taken`` what its bank has taken
    and the seller has not given.
    """

    paid: int
    state: str
    month: object = None
    refunded: int = 0
    transferred: int = 0
    charged: int = 0
    claim: int = 0
    taken: int = 0
    claimed: int = 0
    dispute: object = None
    is_over: bool = False
    is_won: bool = False
    is_settled: bool = False
    waiting: dict = dataclasses.field(default_factory=dict)
    settled_refunds: int = 0
    validated: int = 0
    is_moved: bool = False

    def clone(self):
        return dataclasses.replace(self, waiting=dict(self.waiting))

    @property
    def can_move(self):
        """Whether no part of it was given back, nor is to be."""
        is_whole = not self.refunded and not self.waiting
        return self.state == "confirmed" and is_whole

    @property
    def is_open(self):
        return self.dispute is not None and not self.is_over

    @property
    def is_refused(self):
        """Whether a refund is: the buyer's bank takes it back, or took it."""
        return self.dispute is not None and not self.is_won

    @property
    def kept(self):
        return self.paid - self.refunded - self.charged

    @property
    def pending(self):
        """What buyer or bank claim of what is still there."""
        return min(sum(self.waiting.values()) + self.claim, self.kept)

    @property
    def left(self):
        """What may still be refunded."""
        return self.kept - sum(self.waiting.values())

    @property
    def commission(self):
        return part(self.paid, RATE, 100)

    def give_back(self, minor):
        """A refund was made; what the buyer's wallet lacked came from the seller's.

        :return: what the seller's wallet gave
        """
        self.refunded += minor
        return self.take_back(self.kept)

    def take_back(self, most):
        """Leave no more than that in the seller's wallet; return what it gave."""
        back = max(self.transferred - max(most, 0), 0)
        self.transferred -= back
        return back


@dataclasses.dataclass
class Paid:
    """One payout: what left the wallet, and what of it went where."""

    amount: int
    due: int
    debit: int
    month: object
    state: str = "asked"

    @property
    def net(self):
        return self.amount - self.due - self.debit


class Model:
    """The whole: sales, payouts, and what each account then holds."""

    def __init__(self):
        self.sales = {}
        self.payouts = {}
        self.wallet = 0  # the seller's, at Mangopay: what was asked for has left
        self.due = 0  # commission invoices less credit notes and what was netted
        self.debit = 0
        self.fees = 0
        self.topups = 0
        self.line = {}  # month → its last payout

    def clone(self):
        """Return a model that another sequence goes on with."""
        new = Model()
        vars(new).update(vars(self), line=dict(self.line))
        new.sales = {sale: one.clone() for sale, one in self.sales.items()}
        payouts = self.payouts.items()
        new.payouts = {payout: dataclasses.replace(one) for payout, one in payouts}
        return new

    # Sums

    def sum(self, name, *states):
        return sum(
            getattr(one, name)
            for one in self.sales.values()
            if not states or one.state in states
        )

    @property
    def asked(self):
        return sum(one.amount for one in self.payouts.values() if one.state == "asked")

    @property
    def paid_out(self):
        return sum(one.amount for one in self.payouts.values() if one.state == "done")

    @property
    def owed(self):
        """−468100: sales, less what went; what was returned keeps its fees' part."""
        gone = sum(
            one.due + one.debit
            for one in self.payouts.values()
            if one.state == "returned_net"
        )
        return self.sum("kept", "confirmed") + self.topups - self.paid_out - gone

    def balances(self):
        """Return what each account holds, by its role; minor units."""
        held = self.sum("kept", "held")
        contested = sum(one.taken for one in self.sales.values() if one.is_open)
        return {
            "wallet": self.owed + held,
            "hold": -held,
            "seller": -self.owed,
            "fees": self.fees,
            "debit": self.debit,
            "transit": -self.topups,
            "dispute": contested,
            "repudiation": -self.sum("taken"),
        }

    # Disputes

    def contest(self, sale, dispute, minor):
        """The buyer's bank takes a part of the payment from the operator."""
        one = self.sales[sale]
        one.dispute, one.taken, one.claimed = dispute, minor, minor
        one.claim = max(min(minor, one.left), 0)

    def win(self, sale):
        one = self.sales[sale]
        one.is_over = one.is_won = True
        one.claim = one.taken = 0

    def lose(self, sale, free):
        """What the seller still has is taken; the rest is owed.

        :param int free: what of the seller's wallet no refund counts on
        """
        one = self.sales[sale]
        one.waiting.clear()
        one.claim = max(min(one.claimed, one.kept), 0)
        missing = max(one.transferred - (one.kept - one.claim), 0)
        back = max(min(missing, free), 0)
        settled = one.claim - (missing - back)
        one.transferred -= back
        self.wallet -= back
        one.charged = max(settled, 0)
        one.taken -= one.charged
        self.debit += one.taken
        one.is_over, one.claim = True, 0

    # Settling and paying

    def settle(self, month):
        """Invoice the commissions of what was sold, and given back, before a month."""
        total = 0
        for one in self.sales.values():
            if one.state != "confirmed" or one.month >= month:
                continue
            before = part(one.commission, one.settled_refunds, one.paid)
            after = part(one.commission, one.refunded, one.paid)
            total += (0 if one.is_settled else one.commission) - (after - before)
            one.is_settled, one.settled_refunds = True, one.refunded
        vat = part(abs(total), VAT, 100)
        self.due += total + (vat if total > 0 else -vat)

    def transfer(self, *months):
        """Bring to the seller's wallet what nobody claims."""
        for one in self.sales.values():
            if one.state == "confirmed" and (not months or one.month < months[0]):
                free = max(one.kept - one.pending - one.transferred, 0)
                one.transferred += free
                self.wallet += free

    def count_payout(self, month):
        """Return what a payout made now takes: (amount, commissions, debts)."""
        sold = [one for one in self.sales.values() if one.state == "confirmed"]
        ripe = [one for one in sold if one.is_settled and one.month < month]
        later = sum(one.kept for one in sold) - sum(one.kept for one in ripe)
        entitled = self.owed - later - sum(one.pending for one in ripe)
        reserved = sum(
            max(one.transferred - (one.kept - one.pending), 0) for one in sold
        )
        amount = max(min(self.wallet - reserved, entitled), 0)
        room = max(amount - 1, 0)
        due = min(max(self.due, 0), room)
        return amount, due, min(self.debit, room - due)

    def pay(self, payout, month, amounts):
        self.payouts[payout] = Paid(*amounts, month)
        self.line[month] = payout
        self.wallet -= amounts[0]

    def succeed(self, payout):
        one = self.payouts[payout]
        one.state = "done"
        self.due -= one.due
        self.debit -= one.debit
        self.fees += one.due + one.debit

    def fail(self, payout):
        one = self.payouts[payout]
        one.state = "failed"
        self.wallet += one.amount

    def send_back(self, payout, with_fees):
        one = self.payouts[payout]
        self.wallet += one.net
        one.state = "returned_net"
        if with_fees:
            one.state = "returned"
            self.wallet += one.due + one.debit
            self.due += one.due
            self.debit += one.debit
            self.fees -= one.due + one.debit


class Bank:
    """Mangopay, which refuses to take from the seller's wallet what is not there.

    It adds up its own objects; nothing of it is read from the books.
    """

    def __init__(self, double, wallet):
        self.double, self.wallet = double, wallet
        self.make = double._make

    def __call__(self, path, body, key):
        """Make what is asked, FAILED (001001) where the wallet lacks the money."""
        parts = path.split("/")
        is_taken = parts[0] == "transfers" and parts[-1] == "refunds"
        before = self.balance()
        answer = self.make(path, body, key)
        if is_taken and body["DebitedFunds"]["Amount"] > before:
            made = list(self.double.objects.values())[-1]
            failed = {"Status": "FAILED", "ResultCode": "001001"}
            made.update(failed, ResultMessage="Lacks")
            answer[1].update(failed, ResultMessage="Lacks")
        return answer

    def balance(self):
        """Return what is in the seller's wallet."""
        return sum(self.move(made) for made in self.double.objects.values())

    def move(self, made):
        """Return what an object brought into the seller's wallet."""
        parts, status = made["path"].split("/"), made.get("Status")
        amount = (made.get("DebitedFunds") or {}).get("Amount", 0)
        if made["path"] == "payouts/bankwire":
            return -amount if status != "FAILED" else 0
        if status != "SUCCEEDED":
            return 0
        is_own = made.get("CreditedWalletId") == self.wallet
        if parts[0] == "transfers":
            return -amount if parts[-1] == "refunds" else amount
        if parts[0] == "payouts":
            return made["CreditedFunds"]["Amount"]
        return amount if is_own and "bankwire" in parts else 0
