# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The money of the marketplace, in the books. Holds no test itself."""

from unittest.mock import patch

from odoo import fields

from ..models.res_company_marketplace import ACCOUNT_FIELDS
from .mangopay_common import SENDER_JOB
from .payment_common import MangopayPaymentCommon

BOOKS_JOB = "training_marketplace_payout.ir_cron_book_marketplace"
TRANSFER_JOB = "training_marketplace_payout.ir_cron_transfer_marketplace"
FOLLOW_UP_JOB = "training_catalogue_payment.ir_cron_follow_up_purchases"


class MarketplaceMoneyCommon(MangopayPaymentCommon):
    """A French chart, the accounts of the marketplace, a seller with a course."""

    def know_seller(self):
        """Have Mangopay know the seller, and its wallet; return the wallet."""
        users = self.env["mangopay.user"]
        user = users._ensure(self.account, self.seller, "OWNER", "legal")
        user.write({"mangopay_id": "user_seller", "state": "active"})
        wallet = user._get_wallet(self.mangopay.company_id.currency_id)
        wallet.write({"mangopay_id": "wlt_seller", "state": "active"})
        return wallet

    def transfer(self, *sales):
        """Let the days go by after which sales are transferred; transfer them."""
        for sale in sales:
            sale.transfer_due = "2020-01-01 00:00:00"
        self.run_jobs(TRANSFER_JOB)
        self.run_jobs(SENDER_JOB)

    def sent(self, path):
        """Return the amounts that were asked for at an address."""
        calls = self.double.calls("POST", path)
        return [body["DebitedFunds"]["Amount"] for body, _headers, _query in calls]

    def sent_refunds(self, sale):
        return self.sent(f"payins/{sale.payin_reference}/refunds")

    def sent_back(self, sale):
        reference = (
            sale._get_transfers()
            .filtered(lambda one: one.state == "succeeded")[-1:]
            .provider_reference
        )
        return self.sent(f"transfers/{reference}/refunds")

    def fail_next(self, path, code, times=1, **values):
        """Have Mangopay make the next objects at an address FAILED."""
        failed = {
            "Id": f"failed_{code}",
            "CreationDate": 1790000000,
            "Status": "FAILED",
            "ResultCode": code,
            "ResultMessage": code,
            **values,
        }
        self.double.fail("POST", path, (200, failed, {}), times=times)

    def run_books(self):
        """Make the entries that are due."""
        self.run_jobs(BOOKS_JOB)

    def follow_up(self):
        """Do what follows payments and refunds."""
        self.run_jobs(FOLLOW_UP_JOB)

    def wait_for(self, records):
        """Let the time of the next try come."""
        records.filtered("date_next").date_next = "2020-01-01 00:00:00"

    def pay_held(self, session=None):
        """Return the sale of a purchase that is paid and waits."""
        orders = type(self.env["sale.order"])
        with patch.object(orders, "_must_be_held", lambda order, tx: True):
            return self.pay(session).marketplace_sale_id

    def release(self, sale):
        """Sell what was held, as the verification of the buyer does."""
        sale.write({"state": "confirmed", "confirmed_at": fields.Datetime.now()})
        sale.order_id._release_held()

    def balances(self):
        """Return the balance of each account that has one, by its role."""
        accounts = {self.company[field]: role for role, field in ACCOUNT_FIELDS.items()}
        groups = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", [account.id for account in accounts]),
                ("parent_state", "=", "posted"),
            ],
            ["account_id"],
            ["balance:sum"],
        )
        return {
            accounts[account]: round(balance, 2)
            for account, balance in groups
            if round(balance, 2)
        }

    def wallet_of(self, partner):
        """Return what the books say is in somebody's wallet."""
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", self.company.marketplace_wallet_account_id.id),
                ("partner_id", "=", partner.id),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        return round(balance, 2)

    def assertProved(self):
        """Check every invariant of the books (D9)."""
        proof = self.env["marketplace.proof"]
        self.assertEqual(proof._check_invariants(self.company), [])

    def assertBooks(self, expected):
        """Compare the balances of the accounts, by role; those not named are zero.

        Every invariant holds besides.
        """
        self.assertProved()
        named = {role: amount for role, amount in expected.items() if amount}
        self.assertEqual(self.balances(), named)
