# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

DEBTS = ("dispute_debt", "dispute_debt_back")


class MarketplaceEntry(models.Model):
    """Movements of what does not go as it should: wallets funded, disputes (B19)."""

    _inherit = "marketplace.entry"

    kind = fields.Selection(
        selection_add=[
            ("topup", "Wallet funded by the operator"),
            ("dispute", "Disputed: taken back by the bank"),
            ("dispute_won", "Dispute won: given back"),
            ("settlement", "Dispute lost: taken from the seller"),
            ("dispute_debt", "Dispute lost: owed by the seller"),
            ("dispute_debt_back", "Dispute settled after all: owed no more"),
        ],
        ondelete={
            "topup": "cascade",
            "dispute": "cascade",
            "dispute_won": "cascade",
            "settlement": "cascade",
            "dispute_debt": "cascade",
            "dispute_debt_back": "cascade",
        },
    )
    topup_id = fields.Many2one(
        "marketplace.topup",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    dispute_id = fields.Many2one(
        "marketplace.dispute",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _book(self):
        """Override to match what a seller owes no more with what it owed, whichever of
        the two is booked last."""
        result = super()._book()
        for entry in self.filtered(lambda one: one.kind in DEBTS):
            entry._match_debt()
        return result

    def _match_debt(self):
        """Match the lines of a dispute's debt that are still open; what a payout has
        netted is not touched."""
        account = self.company_id.marketplace_debit_account_id
        if not account.reconcile:
            return
        lines = self.search([("dispute_id", "=", self.dispute_id.id)]).move_id.line_ids
        still = lines.filtered(
            lambda line: line.account_id == account and not line.reconciled
        )
        if len(still) > 1:
            still.reconcile()
