# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B18: who is paid on the 15th, who is not and why, who says so and who is told."""

from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..services.payout import until_of
from .marketplace_common import ATTESTATION, make_contract
from .payout_common import PAYOUT_JOB, PayoutCommon

MARKETPLACE = "training_marketplace_payout.group_marketplace_manager"
SUPPORT = "training_marketplace_payout.group_marketplace_support"


@tagged("standard", "post_install", "-at_install")
class TestMarketplacePayoutRun(PayoutCommon):
    def setUp(self):
        super().setUp()
        self.sale = self.sell()
        self.settle_month()

    def create_user(self, login, groups):
        return new_test_user(
            self.env,
            login,
            groups=groups,
            company_id=self.company.id,
            company_ids=[fields.Command.set(self.company.ids)],
        )

    def obstacles(self):
        return self.payouts._get_obstacles(self.contract, self.euro)

    def not_paid(self, *expected):
        """Check what stops the seller, and that nothing was asked."""
        self.assertEqual(self.obstacles(), list(expected))
        self.look_again()
        self.pay_sellers()
        self.assertFalse(self.last_payout())
        self.assertEqual(self.double.calls("POST", "payouts/bankwire"), [])
        self.assertEqual(self.line().obstacles, ",".join(expected))
        self.assertTrue(self.line().reason)

    def paid(self):
        """Check that the seller leaves with the next day's look."""
        self.assertEqual(self.obstacles(), [])
        self.look_again()
        payout = self.pay_sellers()
        self.assertEqual(payout.state, "asked")
        self.assertFalse(self.contract.payout_obstacles)
        self.assertFalse(self.contract.activity_ids)
        return payout

    def test_no_bank_account(self):
        """B18: told once to the seller and to the operator; gone with its reason."""
        self.recipient.state = "deactivated"
        self.not_paid("no_recipient")
        self.assertEqual(self.contract.payout_obstacles, "no_recipient")
        self.assertEqual(len(self.contract.activity_ids), 1)
        mails = self.mails()
        self.assertEqual(len(mails), 1)
        self.not_paid("no_recipient")
        self.assertEqual(self.mails(), mails)
        self.assertEqual(len(self.contract.activity_ids), 1)
        self.assertTrue(self.contract._get_payout_sentences())
        self.give_account(name="rec_2")
        self.paid()

    def test_verification_that_was_asked(self):
        """B18: nothing leaves before Mangopay verified whom it was asked of."""
        self.wallet.user_id.kyc_level = "LIGHT"
        self.assertEqual(self.obstacles(), [])
        self.contract.kyc_asked_at = fields.Datetime.now()
        self.not_paid("kyc")
        self.wallet.user_id.kyc_level = "REGULAR"
        self.paid()

    def test_refused_for_want_of_verification(self):
        """B18, B14: Mangopay wants it: it is asked, and the payout leaves after it."""
        self.wallet.user_id.kyc_level = "LIGHT"
        payout = self.pay_sellers()
        self.refuse(payout, "002998")
        self.assertTrue(self.contract.kyc_asked_at)
        self.assertEqual(self.obstacles(), ["kyc"])
        self.wallet.user_id.kyc_level = "REGULAR"
        self.look_again()
        self.assertNotEqual(self.pay_sellers(), payout)

    def test_hold(self):
        """B18: stopped by a manager, with a reason that the seller is told."""
        self.contract.write(
            {"payout_hold": True, "payout_hold_reason": "Course under review"}
        )
        self.not_paid("hold")
        self.assertIn("Course under review", self.line().reason)
        self.assertIn("Course under review", self.mails().body_html)
        self.contract.payout_hold = False
        self.paid()

    def test_suspended_then_closed(self):
        """B18: a suspended contract stops it; a closed one does not: it is theirs."""
        self.contract._decide("suspend", "Attestation")
        self.not_paid("suspended")
        self.contract._decide("close", "The end")
        self.paid()

    def test_difference_in_the_books(self):
        """B22: an open difference of the seller stops its payout."""
        hook = patch.object(
            type(self.payouts),
            "_get_blocking_exceptions",
            lambda payouts, company, seller: seller,
        )
        with hook:
            self.not_paid("exception")
            self.assertEqual(self.contract._get_payout_sentences(), [])
        self.paid()

    def test_below_the_minimum(self):
        """B18: it waits for the next sales."""
        self.company.marketplace_payout_minimum = 1200.01
        self.not_paid("minimum")
        self.company.marketplace_payout_minimum = 1200
        self.paid()

    def test_days_after_the_session(self):
        """B18: kept until the session is over, and some days more."""
        self.company.marketplace_reserve_days = 10
        self.assertEqual(self.obstacles(), ["balance"])
        self.sale.session_id.write(
            {
                "date_begin": fields.Datetime.now() - timedelta(days=12),
                "date_end": fields.Datetime.now() - timedelta(days=11),
            }
        )
        self.assertEqual(self.obstacles(), [])

    def test_not_settled(self):
        """B17, B18: nothing is paid out before its commission is invoiced."""
        self.sale.settlement_id.state = "draft"
        self.not_paid("settlement")
        self.assertFalse(self.contract.payout_obstacles)

    def test_sales_of_this_month_wait(self):
        """B18: the month that is not over is paid next time."""
        self.sell(moment=self.now)
        self.assertEqual(self.pay_sellers().amount, 1200)

    def test_refund_under_way(self):
        """B18, B19: what goes back to a buyer is not paid out."""
        refund = self.sale.tx_id._create_child_transaction(500, is_refund=True)
        self.assertEqual(refund.state, "draft")
        self.assertEqual(self.pay_sellers().amount, 700)

    def test_debt_is_recovered(self):
        """B19: what else the seller owes is taken by fees, after the commissions."""
        line = self.owe(300)
        payout = self.pay_sellers()
        self.assertEqual(payout.fee_ids.mapped("amount"), [144, 300])
        self.succeed(payout)
        self.assertTrue(line.reconciled)
        self.assertEqual(self.balances(), {"fees": 444})

    def test_run_twice_is_once(self):
        """B18, R13: the job again, and again: one run, one payout, one call."""
        for _time in range(3):
            self.pay_sellers()
            self.look_again()
        self.assertEqual(len(self.runs.search([("until", "=", self.until)])), 1)
        self.assertEqual(len(self.double.calls("POST", "payouts/bankwire")), 1)

    def test_the_database_refuses_a_second_one(self):
        """B18: one payout alive of a seller, whoever writes it."""
        payout = self.pay_sellers()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            payout.copy({"name": "second", "state": "asked"})
            self.env.flush_all()
        plan = self.payouts._make_plan(
            self.company, self.seller, self.euro, self.until, live=payout
        )
        with self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
            self.payouts._prepare(self.line(), plan)

    def test_missed_days(self):
        """B18: what was due while nothing ran is paid by the next job, once."""
        self.pay_sellers()
        run = self.runs.search([("until", "=", self.until)])
        self.assertEqual(run.state, "running")
        later = run.date + timedelta(days=60)
        companies = type(self.company)
        with patch.object(companies, "_get_marketplace_today", lambda one: later):
            self.run_jobs(PAYOUT_JOB)
        runs = self.runs.search([("company_id", "=", self.company.id)], order="until")
        self.assertEqual(runs.mapped("state"), ["done", "running"])

    def test_dry_run(self):
        """B18: the screen before the run: who is paid what, and nothing is asked."""
        manager = self.create_user("payer", f"base.group_user,{MARKETPLACE}")
        action = self.runs.with_user(manager).action_look_ahead()
        run = self.runs.browse(action["res_id"])
        line = run.line_ids
        self.assertEqual((run.state, line.state), ("draft", "ready"))
        self.assertEqual((line.amount, line.fee_amount), (1200, 144))
        self.assertTrue(line.netted)
        self.assertEqual(self.double.calls("POST", "payouts/bankwire"), [])
        if run.until > self.company._get_marketplace_today():
            with self.assertRaises(UserError):
                run.with_user(manager).action_pay()
            run.until = self.until
        run.with_user(manager).action_pay()
        self.assertEqual((run.state, run.started_by), ("running", manager))
        self.assertEqual(self.pay_sellers().prepared_by, manager)

    def test_look_before_the_commissions_are_invoiced(self):
        """B18: what the month will pay is foreseen, its commissions deducted."""
        this_month = until_of(self.company._get_marketplace_today())
        self.sell(f"{this_month} 12:00:00", transferred=False)
        manager = self.create_user("payer", f"base.group_user,{MARKETPLACE}")
        action = self.runs.with_user(manager).action_look_ahead()
        run = self.runs.browse(action["res_id"])
        if run.until <= this_month:
            # Before the 15th the payouts that come are those of the month before.
            run.until = until_of(run.date + timedelta(days=31))
            run.with_user(manager).action_look()
        line = run.line_ids
        self.assertEqual((line.state, line.obstacles), ("waiting", "settlement"))
        self.assertEqual((line.amount, line.fee_amount), (2400, 288))
        self.assertEqual(len(line.netted.split(", ")), 2)
        self.assertFalse(run.can_start)

    def test_approval(self):
        """B18: prepared, reminded, approved by somebody else, then asked."""
        self.company.write(
            {"marketplace_payout_approval": True, "marketplace_payout_four_eyes": True}
        )
        payout = self.pay_sellers()
        self.assertEqual((payout.state, self.line().state), ("prepared", "prepared"))
        self.assertEqual(self.double.calls("POST", "payouts/bankwire"), [])
        self.assertTrue(payout.run_id.activity_ids)
        one = self.create_user("one", f"base.group_user,{MARKETPLACE}")
        two = self.create_user("two", "base.group_user,account.group_account_manager")
        payout.sudo().prepared_by = one
        with self.assertRaises(UserError):
            payout.with_user(one).action_approve()
        with self.assertRaises(UserError):
            payout.run_id.with_user(one).action_approve()
        run = payout.run_id
        self.assertEqual((run.approve_count, run.leaving_count), (1, 0))
        run.with_user(two).action_approve()
        self.assertEqual((run.approve_count, run.leaving_count), (0, 1))
        self.pay_sellers()
        self.assertEqual((payout.state, payout.approved_by), ("asked", two))
        self.assertFalse(payout.run_id.activity_ids)

    def test_approval_counts_again(self):
        """B18: what has changed since is not paid: it is prepared anew."""
        self.company.marketplace_payout_approval = True
        payout = self.pay_sellers()
        self.sale.tx_id._create_child_transaction(200, is_refund=True)
        manager = self.create_user(
            "chief", "base.group_user,account.group_account_manager"
        )
        payout.with_user(manager).action_approve()
        self.assertEqual(payout.state, "cancelled")
        again = self.pay_sellers()
        self.assertEqual((again.state, again.amount), ("prepared", 1000))
        again.with_user(manager).action_approve()
        self.assertEqual(again.state, "asked")

    def give_back_commission(self):
        """Return a credit note of 24, made by the settlement of an older month."""
        settlement = self.env["marketplace.settlement"].create(
            {
                "company_id": self.company.id,
                "seller_id": self.seller.id,
                "contract_id": self.contract.id,
                "currency_id": self.euro.id,
                "month": self.month - relativedelta(months=1),
                "commission_amount": -20.0,
                "invoiced_amount": -20.0,
            }
        )
        settlement._invoice()
        return settlement.move_id

    def test_credit_leaves_what_is_paid_and_not_booked(self):
        """B17, B18: an invoice whose payment waits to be booked is not matched with
        anything else: the credit note is for the next one."""
        fees = self.company.marketplace_fees_account_id
        self.company.marketplace_fees_account_id = False
        payout = self.pay_sellers()
        self.succeed(payout)
        self.assertIn("blocked", payout.entry_ids.mapped("state"))
        credit = self.give_back_commission()
        self.company.marketplace_fees_account_id = fees
        self.wait_for(payout.entry_ids)
        self.run_books()
        invoice = payout.fee_ids.move_id
        self.assertEqual((invoice.payment_state, credit.amount_residual), ("paid", 24))
        paid = payout.entry_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == payout.fee_ids.move_line_id.account_id
        )
        self.assertEqual(paid.mapped("amount_residual"), [0])

    def test_credit_is_deducted_by_the_next(self):
        """B17, B18: credited while a payout had promised to pay the invoice: given back
        by the one that is prepared once it is given up."""
        self.company.marketplace_payout_approval = True
        payout = self.pay_sellers()
        self.assertEqual((payout.state, payout.fee_amount), ("prepared", 144))
        credit = self.give_back_commission()
        self.assertEqual(credit.amount_residual, 24)
        self.sale.tx_id._create_child_transaction(200, is_refund=True)
        self.look_again()
        again = self.pay_sellers()
        self.assertEqual((payout.state, again.state), ("cancelled", "prepared"))
        self.assertEqual((again.amount, again.fee_amount), (1000, 120))
        self.assertEqual(credit.amount_residual, 0)

    def test_reminder(self):
        """B18: whoever approves is reminded, not every day."""
        self.company.marketplace_payout_approval = True
        run = self.pay_sellers().run_id
        self.env.cr.execute(
            "UPDATE marketplace_payout SET create_date = create_date - interval '3 day'"
        )
        self.env.invalidate_all()
        run._remind()
        self.assertTrue(run.reminded_at)
        first = run.reminded_at
        run._remind()
        self.assertEqual(run.reminded_at, first)

    def test_roles(self):
        """B18: support and auditors read, managers and accounting managers decide,
        nobody writes, and nobody else sees."""
        payout = self.pay_sellers()
        support = self.create_user("helper", f"base.group_user,{SUPPORT}")
        auditor = self.create_user("auditor", "account.group_account_readonly")
        for user in (support, auditor):
            own = payout.with_user(user)
            self.assertEqual(own.state, "asked")
            self.assertTrue(own.run_id.line_ids.seller_id)
            for record, name in (
                (own, "action_approve"),
                (own, "action_try_again"),
                (own.run_id, "action_pay"),
                (own.run_id, "action_look"),
                (own.run_id, "action_approve"),
                (self.runs.with_user(user), "action_look_ahead"),
                (self.recipient.with_user(user), "action_trust"),
            ):
                with self.assertRaises(AccessError):
                    getattr(record, name)()
        chief = self.create_user("boss", f"{MARKETPLACE},account.group_account_manager")
        with self.assertRaises(AccessError):
            payout.with_user(chief).amount = 1
        nobody = self.create_user("nobody", "base.group_user")
        with self.assertRaises(AccessError):
            payout.with_user(nobody).read(["amount"])

    def test_two_companies(self):
        """B18: another operator's sellers are not paid by this one, nor seen."""
        other = self.env["res.company"].create({"name": "Other operator"})
        make_contract(self.env, self.seller, other, vat_regime="exempt", **ATTESTATION)
        payout = self.pay_sellers()
        self.assertEqual(payout.company_id, self.company)
        money = self.payouts._read_money(other, self.until, self.seller)
        self.assertEqual(money, {})
        stranger = self.create_user("stranger", f"base.group_user,{MARKETPLACE}")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        own = self.payouts.with_user(stranger)
        found = own.with_context(allowed_company_ids=other.ids).search([])
        self.assertFalse(found)

    def test_growth(self):
        """P9: a second look at a seller costs as many queries, whatever is past."""
        self.pay_sellers()
        money = self.payouts._read_money
        money(self.company, self.until)
        with self.assertQueryCount(1):
            money(self.company, self.until, self.seller)
        with self.assertQueryCount(1):
            money(self.company, self.until)
