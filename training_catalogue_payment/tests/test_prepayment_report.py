# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A25: the organisation-wide view says what the ledger says."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_cancel_money import CancelCommon

AMOUNTS = (
    "amount_prepaid",
    "amount_invoiced",
    "amount_credited",
    "amount_paid",
    "amount_refunded",
    "amount_balance",
)


@tagged("post_install", "-at_install")
class TestPrepaymentReport(CancelCommon):
    def totals(self, domain=(), user=None):
        self.env.flush_all()
        report = self.env["training.prepayment.report"]
        report = report.with_user(user) if user else report
        domain = [("session_id.company_id", "=", self.company.id), *domain]
        [sums] = report._read_group(domain, [], [f"{name}:sum" for name in AMOUNTS])
        return tuple(round(amount or 0, 2) for amount in sums)

    def ledger(self):
        """Return debit, credit and balance of customers, numbered entries only."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        by_type = dict.fromkeys(("out_invoice", "out_refund", "in", "out"), 0.0)
        for line in lines:
            kind = line.move_id.move_type
            if kind == "entry":
                kind = "out" if line.balance > 0 else "in"
            by_type[kind] += abs(line.balance)
        return {kind: round(amount, 2) for kind, amount in by_type.items()}

    def test_totals_are_those_of_the_ledger(self):
        """A25: invoiced, credited, paid, refunded equal the customers' accounts."""
        self.session.is_out_of_bpf = True
        self.company.training_numbered_at_payment = False
        waiting = self.purchase(learners=1)
        kept = self.purchase()
        kept.invoice_ids.action_post()
        partly = self.purchase(learners=3)
        partly._cancel_training(partly.training_registration_ids[0], 720.0, "One")
        self.run_sender()
        whole = self.purchase()
        learners = whole.training_registration_ids
        whole._cancel_training(learners, 1440.0, "All", indemnity=200.0)
        self.run_sender()
        ledger = self.ledger()
        prepaid, invoiced, credited, paid, refunded, balance = self.totals()
        self.assertEqual(prepaid, waiting.amount_total)
        self.assertEqual(invoiced, ledger["out_invoice"])
        self.assertEqual(credited, ledger["out_refund"])
        self.assertEqual(paid, ledger["in"])
        self.assertEqual(refunded, ledger["out"])
        self.assertEqual(balance, 0)
        self.assertEqual(
            self.totals([("prepaid_status", "=", "cancelled")]),
            (0, 1640.0, 1440.0, 1440.0, 1240.0, 0),
        )

    def test_session_says_the_same(self):
        """A25: the finances of a session and the view of all count the same things."""
        self.company.training_numbered_at_payment = False
        self.purchase(learners=1)
        self.purchase().invoice_ids.action_post()
        partly = self.purchase(learners=3)
        partly._credit_training(600.0, "One learner less")
        self.env.flush_all()
        self.env.invalidate_all()
        names = ("to_number", "invoiced", "credited", "paid", "refunded", "balance")
        shown = tuple(self.session[f"amount_training_{name}"] for name in names)
        self.assertEqual(shown, (600.0, 3000.0, 600.0, 3600.0, 0, -600.0))
        self.assertEqual(shown, self.totals([("session_id", "=", self.session.id)]))

    def test_by_programme_session_month_and_kind(self):
        """A25: every grouping adds up to the same, with rows that stay themselves."""
        order = self.purchase()
        order._cancel_training(order.training_registration_ids, 1200.0, "All")
        self.run_sender()
        self.env.flush_all()
        report = self.env["training.prepayment.report"]
        domain = [("order_id", "=", order.id)]
        for group in ("programme_id", "session_id", "date:month", "kind", "state"):
            rows = report._read_group(domain, [group], ["amount_paid:sum"])
            self.assertEqual(sum(amount for _key, amount in rows), 1200.0)
        rows = report.search(domain)
        self.assertEqual(
            sorted(rows.mapped("kind")), ["credit", "invoice", "payment", "refund"]
        )
        self.assertEqual(len(set(rows.ids)), 4)
        self.assertEqual(rows, report.search(domain))
        self.assertEqual(rows[0].action_open_document()["res_model"], "account.move")

    def test_who_reads_what(self):
        """A25: accountants and managers of the company; nobody of another one."""
        order = self.purchase()
        domain = [("order_id", "=", order.id)]
        for group in ("account.group_account_invoice", "event.group_event_manager"):
            user = self._create_role(f"reads-{group}", group)
            self.assertEqual(self.totals(domain, user)[0], 1200.0)
        desk = self._create_role("reads-desk", "event.group_event_registration_desk")
        with self.assertRaises(AccessError):
            self.totals(domain, desk)
        other = self.env["res.company"].create({"name": "Another organisation"})
        stranger = self._create_role("stranger", "account.group_account_invoice")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        report = self.env["training.prepayment.report"].with_user(stranger)
        found = report.with_context(allowed_company_ids=other.ids).search(domain)
        self.assertFalse(found)
