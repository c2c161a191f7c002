# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sellers that are paid on the 15th. Holds no test itself."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command

from ..services.payout import last_due, until_of
from .mangopay_common import SENDER_JOB
from .marketplace_money_common import MarketplaceMoneyCommon

PAYOUT_JOB = "training_marketplace_payout.ir_cron_pay_sellers"
NOTICE_JOB = "training_marketplace_payout.ir_cron_tell_payouts"


class PayoutCommon(MarketplaceMoneyCommon):
    """A seller with a wallet, a bank account, and sales of the last month that was due
    to be paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.marketplace_commission_rate = 10
        cls.company._ensure_marketplace_accounts()
        cls.payouts = cls.env["marketplace.payout"]
        cls.runs = cls.env["marketplace.payout.run"]
        cls.euro = cls.company.currency_id
        cls.until = until_of(last_due(cls.company._get_marketplace_today()))
        cls.month = (cls.until - timedelta(days=1)).replace(day=1)

    def setUp(self):
        super().setUp()
        self.wallet = self.know_seller()
        self.wallet.user_id.kyc_level = "REGULAR"
        self.recipient = self.give_account()
        self.mark_mails()

    def give_account(self, number="FR7630004000031234567890143", name="rec_1"):
        """Let the seller have an active account at Mangopay."""
        user = self.wallet.user_id
        bank = user._find_or_create_bank(number, self.seller.name)
        recipient = user._create_recipient(bank, self.seller.name)
        recipient.write({"mangopay_id": name, "state": "active"})
        recipient._supersede_others()
        return recipient

    def sell(self, moment=None, transferred=True):
        """Return a sale of 1 200 made in that month, in the seller's wallet."""
        sale = self.pay().marketplace_sale_id
        self.follow_up()
        moment = moment or f"{self.month} 12:00:00"
        sale.write({"confirmed_at": moment, "paid_at": moment})
        if transferred:
            self.transfer(sale)
        self.run_books()
        return sale

    def settle_month(self, month=None):
        """Invoice the commissions of a month."""
        settlements = self.env["marketplace.settlement"]
        # The job commits on the way; here that can only be pretended.
        with patch.object(self.env.cr, "commit", self.env.flush_all):
            settled = settlements._settle_month(self.company, month or self.month)
        self.mark_mails()
        return settled

    def pay_sellers(self):
        """Run the job of payouts, then the outbox; return the seller's last payout."""
        self.run_jobs(PAYOUT_JOB)
        self.run_jobs(SENDER_JOB)
        return self.last_payout()

    def last_payout(self):
        domain = [("seller_id", "=", self.seller.id)]
        return self.payouts.search(domain, order="id desc", limit=1)

    def look_again(self):
        """Let the next day come."""
        lines = self.env["marketplace.payout.line"].search([])
        lines.filtered("date_next").date_next = "2020-01-01 00:00:00"

    def line(self):
        return self.env["marketplace.payout.line"].search(
            [("seller_id", "=", self.seller.id)], order="id desc", limit=1
        )

    def succeed(self, payout):
        """Be the bank that takes a payout."""
        payout.flush_recordset()
        self.settle(self.double.objects[payout.reference])
        self.announce("PAYOUT_NORMAL_SUCCEEDED", payout.reference)
        self.run_books()

    def refuse(self, payout, code="121001"):
        """Be the bank that refuses it."""
        self.settle(self.double.objects[payout.reference], "FAILED", code)
        self.announce("PAYOUT_NORMAL_FAILED", payout.reference)
        self.run_books()

    def send_back(self, payout, fees=0, reason="BANKACCOUNT_HAS_BEEN_CLOSED", **values):
        """Be the bank that returns it days later; return the refund object."""
        net = payout._minor(payout.net_amount)
        currency = payout.currency_id.name
        refund = self.double.add(
            f"payouts/{payout.reference}/refunds",
            **{
                "Status": "SUCCEEDED",
                "DebitedFunds": {"Currency": currency, "Amount": net},
                "Fees": {"Currency": currency, "Amount": -fees},
                "CreditedFunds": {"Currency": currency, "Amount": net + fees},
                "InitialTransactionType": "PAYOUT",
                "ExecutionDate": 1790000000,
                "RefundReason": {
                    "RefundReasonType": reason,
                    "RefundReasonMessage": "The account is closed",
                },
                **values,
            },
        )
        self.announce("PAYOUT_REFUND_SUCCEEDED", refund["Id"], date="1790000001")
        self.run_books()
        return refund

    def paid_out(self):
        """Return a payout of the month's sale that the bank took."""
        self.sell()
        self.settle_month()
        payout = self.pay_sellers()
        self.succeed(payout)
        return payout

    def balance_of(self, account):
        """Return the balance of an account, by its code."""
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("account_id.code", "=", account),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        return round(balance or 0, 2)

    def owe(self, amount):
        """Let the seller owe something beside commissions; return the line."""
        company = self.company
        debit = company.marketplace_debit_account_id
        suspense = company.account_journal_suspense_account_id
        entry = self.env["account.move"].create(
            {
                "journal_id": company.marketplace_journal_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.seller.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in ((debit, amount), (suspense, -amount))
                ],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered(lambda one: one.account_id == debit)

        def debts(payouts, *args):
            return [] if line.reconciled else [(line, line.amount_residual_currency)]

        patcher = patch.object(type(self.payouts), "_get_debts", debts)
        patcher.start()
        self.addCleanup(patcher.stop)
        return line

    def mark_mails(self):
        """Count the mails from now on."""
        self.mail_mark = self.env["mail.mail"].search([], order="id desc", limit=1).id

    def mails(self):
        """Return the mails to the seller's team since they are counted."""
        self.run_jobs(NOTICE_JOB)
        return self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", self.contract._get_recipients().ids),
                ("id", ">", self.mail_mark),
            ]
        )

    @property
    def now(self):
        return fields.Datetime.now()
