# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A20, A22, A23, A28: whatever happens to purchases, in whatever order, money, books
and seats agree.

Hypothesis draws the steps; a plain model says what each purchase then holds; every
invariant is checked after every step. To walk longer than the tests of every day do:
``TRAINING_PROPERTY_EXAMPLES=2000``.
"""

import os
from copy import deepcopy

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged
from odoo.tools import mute_logger

from .move_common import MoveCommon
from .purchase_property_machine import PurchaseMachine
from .purchase_property_model import Model, Session
from .stripe_double import StripeDouble

ADDON = "odoo.addons.training_catalogue_payment"
WITHDRAWAL_JOB = "training_catalogue_payment.ir_cron_treat_withdrawals"
MOVES_JOB = "training_catalogue_payment.ir_cron_training_moves"
USUAL = 40
EXAMPLES = int(os.environ.get("TRAINING_PROPERTY_EXAMPLES") or USUAL)
#: After two purchases; a long run walks further, too.
STEPS = 4 if EXAMPLES == USUAL else 8
#: By name: what a place costs before tax, the rate of VAT, how many there are.
SESSIONS = {
    "plain": Session(60000, 0, 5),
    "same": Session(60000, 0, 4),
    "cheap": Session(45000, 0, 3),
    "dear": Session(75000, 0, 3),
    "leisure": Session(50000, 20, 4),
    "odd": Session(10001, 20, 4),
    "evening": Session(62550, 20, 2),
}


class SlowDouble(StripeDouble):
    """The double, whose refunds may take days."""

    refund_status = "succeeded"

    def _post_refunds(self, account, params):
        refund = super()._post_refunds(account, params)
        refund["status"] = self.refund_status
        return refund

    def refunds(self, status):
        made = self.objects.values()
        return [
            one for one in made if one["object"] == "refund" and one["status"] == status
        ]


@tagged("standard", "post_install", "-at_install")
class TestPurchaseProperty(MoveCommon):
    double_class = SlowDouble

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.person = cls._create_individual()
        cls.sessions = {
            name: cls._create_session(
                name=name,
                session_price=one.price / 100,
                is_out_of_bpf=bool(one.vat),
                seats_limited=True,
                seats_max=one.seats,
            )
            for name, one in SESSIONS.items()
        }
        cls.operations = cls.env["training.payment.operation"]

    def setUp(self):
        super().setUp()
        # What mails and PDF say is looked at elsewhere, and takes most of the time.
        templates, moves = self.env["mail.template"], self.env["account.move"]
        self.patch(type(templates), "send_mail", lambda *args, **kw: False)
        self.patch(type(moves), "_send_training_invoice", lambda moves: None)

    def test_drafts(self):
        """A14, A20, A22, A23, A28, R12: purchase, validation, move, complement,
        cancellation, indemnity, withdrawal, refund refused, pending or returned."""
        self.walk(is_numbered=False)

    def test_numbered_at_payment(self):
        """A21, A22, A23, A28: the same where what is taxable is numbered when paid."""
        self.walk(is_numbered=True)

    @mute_logger(
        "odoo.addons.payment.models.payment_transaction",
        f"{ADDON}.services.stripe_gateway",
    )
    def walk(self, is_numbered):
        """Walk half of the sequences, after a company and a person have bought."""
        self.company.training_numbered_at_payment = is_numbered
        machine = type("Machine", (PurchaseMachine,), {"test": self})
        machine.before = Model(SESSIONS)
        for session, learners, is_person in (("plain", 3, False), ("leisure", 1, True)):
            order = self.purchase(session, learners, is_person)
            seats = order.training_registration_ids
            machine.before.buy(order, session, seats, is_person)
        self.objects = deepcopy(self.double.objects)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES // 2,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                report_multiple_bugs=False,
                derandomize=EXAMPLES == USUAL,
                suppress_health_check=list(HealthCheck),
                # To make a failure shorter is not worth minutes.
                phases=(Phase.generate,),
            ),
        )

    def forget(self):
        """Have Stripe know nothing of the sequence that is over."""
        self.double.objects.clear()
        self.double.objects.update(deepcopy(self.objects))
        self.double.faults.clear()

    @staticmethod
    def minor(amount):
        return round(100 * (amount or 0))

    def learners_of(self, learners):
        return self.env["event.registration"].union(*learners)

    # What buyers and staff do

    def start(self, session, count, is_person):
        """Return the transaction of a buyer who begins to pay."""
        order = self._buy(
            session=self.sessions[session],
            learners=count,
            kind="individual" if is_person else "company",
            contact=self.person if is_person else self.buyer,
        )
        return self._start_payment(order)

    def purchase(self, session, count, is_person):
        tx = self.start(session, count, is_person)
        self.succeed(tx)
        order = tx.sale_order_ids
        order._follow_up_purchase()
        return order

    def succeed(self, tx):
        """Be the bank that accepts a card."""
        amount = tx._to_stripe_amount(tx.amount)
        intent = self.double.add_payment(amount, tx.reference)
        tx.provider_reference = intent["id"]
        tx._set_done()
        tx._post_process()
        self.env.cr.flush()

    def pay_complement(self, move):
        """Pay what a dearer session costs more, by the link of its invoice."""
        invoice = move.complement_id
        transactions = self.env["payment.transaction"]
        tx = transactions.create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_direct",
                "reference": transactions._compute_reference(
                    "stripe", prefix=invoice.name
                ),
                "invoice_ids": [(6, 0, invoice.ids)],
            }
        )
        self.succeed(tx)
        self.run_jobs(MOVES_JOB)

    def finish_moves(self):
        """Have the job number what was accepted."""
        self.env.cr.flush()
        if self.env["training.move"].search_count([("state", "=", "accepted")]):
            self.run_jobs(MOVES_JOB)

    def cancel(self, order, learners, minor, kept):
        """Cancel learners as « Cancel and refund » does."""
        amounts = {"amount": minor / 100, "indemnity": kept / 100}
        row = self.env["training.cancellation"].create(
            {
                "order_id": order.id,
                "session_id": order.training_session_id.id,
                "registration_ids": [(6, 0, learners.ids)],
                "reason": "Ill",
                "amount_refunded": (minor - kept) / 100,
                "tell_buyer": False,
                **amounts,
            }
        )
        row._apply()
        self.env.cr.flush()

    def withdraw(self, order):
        declaration = {"name": "Paul", "email": self.person.email}
        withdrawal = order._withdraw_training(declaration)
        self.run_jobs(WITHDRAWAL_JOB)
        state = withdrawal.treatment_state
        self.assertEqual(state, "done", withdrawal.treatment_error)

    # What Stripe and the bank do

    def find_refunds(self):
        return self.operations.search([("state", "=", "succeeded")], order="id")

    def send(self, answer):
        """Send the outbox; return the operations that succeeded, and that failed."""
        live = ("draft", "sending", "unknown", "pending")
        sent = self.operations.search([("state", "in", live)])
        for refund in self.double.refunds("pending"):
            refund["status"] = "succeeded"
        self.double.refund_status = "pending" if answer == "pending" else "succeeded"
        if answer == "refused":
            self.double.fail("POST", "refunds", 400, times=len(sent))
        self.wait_for(sent)
        self.run_sender()
        self.double.faults.clear()
        done = sent.filtered(lambda one: one.state == "succeeded")
        self.assertEqual(set(done.mapped("is_followed_up")), {True} if done else set())
        return done, sent.filtered(lambda one: one.state == "failed")

    def send_back(self, operation):
        """Be the bank that returns a refund days later."""
        reference = operation.provider_reference
        refund = self.double.objects[reference]
        refund.update(status="failed", failure_reason="expired_or_canceled_card")
        self.receive("refund.failed", reference)
        self.run_events()
        self.assertEqual(operation.state, "failed")

    def money_at_stripe(self):
        made = self.double.objects.values()
        paid = [one["amount"] for one in made if one["object"] == "payment_intent"]
        given = [one["amount"] for one in self.double.refunds("succeeded")]
        return sum(paid) - sum(given)

    # What there is

    def documents_of(self, orders):
        documents = self.env["account.move"]
        return documents.union(*(one._get_training_documents() for one in orders))

    def check_net(self, order, net, complement):
        """What an order's documents say it cost."""
        documents = order._get_training_documents()
        price = documents.filtered(lambda one: not one.training_is_indemnity)
        total = sum(price.mapped("amount_total_signed"))
        self.assertEqual(self.minor(total), net + complement)
        self.assertNotIn(order.invoice_status, ("to invoice", "upselling"))

    def check_open(self, orders, owed, waiting):
        """What is open is what is owed to the buyer, and the complements to pay."""
        documents = self.documents_of(orders)
        credits = documents.filtered(lambda one: one.move_type == "out_refund")
        invoices = documents - credits
        self.assertEqual(self.minor(sum(credits.mapped("amount_residual"))), owed)
        self.assertEqual(self.minor(sum(invoices.mapped("amount_residual"))), waiting)

    def describe_numbered(self, orders):
        """Return what each numbered document says."""
        documents = self.documents_of(orders)
        return {
            document: (
                document.name,
                document.invoice_date,
                document.partner_id,
                document.amount_total,
                [
                    (line.name, line.quantity, line.price_total, line.tax_ids)
                    for line in document.invoice_line_ids
                ],
            )
            for document in documents
            if document.state == "posted"
        }

    def count_seats(self, session):
        """Return the seats that are gone: by the counter, and counted anew."""
        self.env.cr.flush()
        [counter] = session.seat_counter_ids.filtered(
            lambda one: not one.event_ticket_id
        )
        # Buyers' own cursors write them.
        counter.invalidate_recordset()
        learners = session.registration_ids.filtered(lambda one: one.state != "cancel")
        held = sum(counter.hold_ids.mapped("quantity"))
        return counter.reserved, len(learners) + held
