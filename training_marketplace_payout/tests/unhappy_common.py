# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sellers who were paid out, and what comes after. Holds no test itself."""

from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from ..services.marketplace_entries import plan_payout
from .marketplace_money_common import MarketplaceMoneyCommon

DAY = 86400
DEADLINE = 1791000000
# What these sellers were paid is written in the books only.
PAID_OUT = SQL(
    """
    SELECT 'payout', (entry.lines->0->>2)::bigint, entry.currency_id, NULL,
           (entry.lines->0->>1)::int, TRUE
      FROM marketplace_entry entry WHERE entry.key LIKE 'paid_out_%%'
    """
)


class UnhappyCommon(MarketplaceMoneyCommon):
    """A company that Mangopay knows as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write({"email": "compta@rivage.example"})

    def setUp(self):
        super().setUp()
        proofs = type(self.env["marketplace.proof"])
        statements = proofs._get_movement_statements
        patcher = patch.object(
            proofs,
            "_get_movement_statements",
            lambda proof, company: [*statements(proof, company), PAID_OUT],
        )
        patcher.start()
        self.addCleanup(patcher.stop)

    def sell(self, is_transferred=False):
        """Return a sale of 1200, in its buyer's or its seller's wallet."""
        self.know_seller()
        sale = self.pay().marketplace_sale_id
        if is_transferred:
            self.transfer(sale)
        return sale

    def sell_paid_out(self, left=0.0):
        """Return a sale whose money has left for the seller's bank.

        :param float left: what stays in the seller's wallet
        """
        self.sold_session = self._create_session(self.sold)
        sale = self.sell(is_transferred=True)
        minor = sale._to_minor(1200.0 - left)
        self.env["marketplace.entry"]._write_down(
            "payout",
            f"paid_out_{sale.id}",
            sale.company_id,
            sale.currency_id,
            plan_payout(self.seller.id, minor),
            date=fields.Datetime.now(),
            reference=f"paid_out_{sale.id}",
        )
        return sale

    def lack(self, sale, amount):
        """Refund what the seller's wallet has not; return the refund."""
        path = f"transfers/{sale._get_transfers().provider_reference}/refunds"
        self.fail_next(path, "001001")
        refund = sale.tx_id._refund_marketplace(amount)
        for _step in range(3):
            self.run_jobs()
        return refund

    def topup_of(self, refund):
        return self.env["marketplace.topup"].search([("refund_id", "=", refund.id)])

    def wires(self, topup):
        return self.operations(topup, "bankwire")

    def receive_wire(self, topup, minor, day=0):
        """Be the bank: the last transfer that was announced arrives."""
        wire = self.double.objects[self.wires(topup)[0].provider_reference]
        funds = {"Currency": "EUR", "Amount": minor}
        wire.update(
            Status="SUCCEEDED",
            DebitedFunds=funds,
            CreditedFunds=funds,
            ExecutionDate=1790000000 + day * DAY,
        )
        self.announce("PAYIN_NORMAL_SUCCEEDED", wire["Id"])
        for _step in range(3):
            self.run_jobs()
        return wire

    def dispute(self, sale, amount=120000, **values):
        """Have the buyer's bank take a payment back; return Mangopay's dispute."""
        funds = {"Currency": "EUR", "Amount": amount}
        taken = self.double.add(
            "repudiations",
            Status="SUCCEEDED",
            DebitedFunds=funds,
            InitialTransactionId=sale.payin_reference,
            ExecutionDate=1790000000,
        )
        made = self.double.add(
            f"payins/{sale.payin_reference}/disputes",
            Status="PENDING_CLIENT_ACTION",
            DisputeType="CONTESTABLE",
            DisputedFunds=funds,
            InitialTransactionId=sale.payin_reference,
            RepudiationId=taken["Id"],
            ContestDeadlineDate=DEADLINE,
            DisputeReason={"DisputeReasonType": "FRAUD"},
        )
        made.update(values)
        self.announce("DISPUTE_ACTION_REQUIRED", made["Id"])
        return made

    def close(self, made, result, day="1790000500"):
        """Be the bank, which decides."""
        made.update(Status="CLOSED", ResultCode=result, ClosedDate=1790500000)
        if result == "WON":
            self.double.add(
                f"repudiations/{made['RepudiationId']}/refunds",
                DebitedFunds=made["DisputedFunds"],
                ExecutionDate=1790500000,
            )
        self.announce("DISPUTE_CLOSED", made["Id"], day)
        for _step in range(4):
            self.run_jobs()

    def find(self, made):
        disputes = self.env["marketplace.dispute"]
        return disputes.search([("reference", "=", made["Id"])])

    def mails_to(self, partner, record):
        """Return how many mails about a record were queued for somebody."""
        return self.env["mail.mail"].search_count(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("recipient_ids", "in", partner.ids),
            ]
        )

    def debts(self):
        """Return what the seller owes, the oldest first."""
        euro = self.env.ref("base.EUR")
        payouts = self.env["marketplace.payout"]
        return [
            left for _line, left in payouts._get_debts(self.company, self.seller, euro)
        ]
