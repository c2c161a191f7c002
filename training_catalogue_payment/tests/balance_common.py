# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An organisation whose Stripe balance moves. Holds no test itself."""

from datetime import UTC, datetime

from .stripe_common import StripeCommon
from .stripe_double import BalanceDouble

READ_JOB = "training_catalogue_payment.ir_cron_read_balances"
BOOK_JOB = "training_catalogue_payment.ir_cron_book_balance_transactions"


def at(day, hour=9):
    """Return the timestamp of an hour (UTC) of a day written YYYY-MM-DD."""
    return int(datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00").timestamp())


class BalanceCommon(StripeCommon):
    """Payments wait on 511500; the double's movements are read and booked."""

    double_class = BalanceDouble

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()
        cls.provider.training_account_currency = "EUR"
        cls.provider._use_training_transit_account()
        cls.accountant = cls._create_role("accountant", "account.group_account_manager")

    def setUp(self):
        super().setUp()
        self.feed = self.env["training.balance.feed"]._get_feed(self.provider)
        start = datetime.fromtimestamp(at("2026-01-01"), UTC).replace(tzinfo=None)
        self.feed.write({"date_start": start, "date_since": start})

    def read_and_book(self):
        """Run both jobs; return every movement, oldest first."""
        self.run_jobs(READ_JOB, BOOK_JOB)
        return self.env["training.balance.transaction"].search([], order="id")

    def charge(self, order=None, fee=205, day="2026-03-10", **values):
        """Return the transaction of a paid order and its movement at the double."""
        tx = (order or self._purchase()).training_paid_tx_id
        movement = self.double.move(
            "charge",
            tx._to_stripe_amount(tx.amount),
            fee=fee,
            source={"id": f"ch_{tx.id}", "payment_intent": tx.provider_reference},
            created=at(day),
            **values,
        )
        return tx, movement

    def find(self, movement):
        """Return the record of a movement of the double."""
        return self.env["training.balance.transaction"].search(
            [("reference", "=", movement["id"])]
        )

    def entry(self, move):
        """Return ``{account code: balance}`` of an entry, summed by account."""
        totals = {}
        for line in move.line_ids:
            code = line.account_id.code
            totals[code] = totals.get(code, 0) + line.balance
        return totals

    def ledger(self, code):
        """Return the posted balance of an account of the company."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_id.code", "=", code),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def compare(self):
        """Return the page « Stripe: in transit » of the accountant."""
        transits = self.env["training.transit"].with_user(self.accountant)
        return transits.browse(transits.action_open()["res_id"])
