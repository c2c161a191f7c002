# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B11, B17–B19, B22: whatever happens, in whatever order, the books are right.

Hypothesis draws the steps; a plain model says what each account and each wallet then
holds; every invariant is checked after every step. To walk longer than the tests of
every day do: ``TRAINING_PROPERTY_EXAMPLES=2000``.
"""

import os
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.exceptions import UserError
from odoo.sql_db import BaseCursor
from odoo.tests import tagged
from odoo.tools import mute_logger

from .hold_common import HoldCommon
from .mangopay_common import SENDER_JOB
from .marketplace_money_common import BOOKS_JOB, FOLLOW_UP_JOB
from .marketplace_property_machine import START, MarketplaceMachine
from .marketplace_property_model import Bank
from .payout_common import PayoutCommon
from .unhappy_common import UnhappyCommon

USUAL = 100
EXAMPLES = int(os.environ.get("TRAINING_PROPERTY_EXAMPLES") or USUAL)
STEPS = 8


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceProperty(PayoutCommon, UnhappyCommon, HoldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_whatever_the_order(self):
        """A20, A22, B11, B17, B18, B19, B22: purchase, validation, move, hold, release,
        abandon, transfer, refund, settlement, payout, return, dispute.

        Half of the sequences begin with a seller who was paid out.
        """
        # Nothing is transferred but by a step that says so.
        self.company.marketplace_transfer_days = 3650
        self.sessions = self.sold_session | self._create_session(self.sold)
        self.sessions.write(
            {
                "date_begin": START + timedelta(days=1000),
                "date_end": START + timedelta(days=1001),
            }
        )
        bank = patch.object(self.double, "_make", Bank(self.double, "wlt_seller"))
        # A cursor asks PostgreSQL for the time, which nobody freezes.
        time = patch.object(BaseCursor, "now", lambda cursor: datetime.now())
        with bank as self.bank, time, freeze_time(START) as self.clock:
            self.walk(EXAMPLES // 2)
            before = self.walk(0)
            before.begin()
            self.walk(EXAMPLES - EXAMPLES // 2, before)
            before.teardown()

    def walk(self, count, before=None):
        """Walk that many sequences after a first one; return another for no number."""
        machine = type("Machine", (MarketplaceMachine,), {"test": self})
        machine.before = before
        if not count:
            return machine()
        return run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=count,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                report_multiple_bugs=False,
                derandomize=EXAMPLES == USUAL,
                suppress_health_check=list(HealthCheck),
                # A step costs a tenth of a second: to make a failure shorter is not
                # worth minutes.
                phases=(Phase.generate,),
            ),
        )

    def purchase(self, is_held):
        """Return the sale of a purchase that Mangopay was paid for."""
        order = self._buy(self.sold_session)
        tx = self._start_payment(
            order,
            provider_id=self.mangopay.id,
            operation="online_redirect",
            reference=f"{order.name}-{order.id}",
        )
        tx._open_mangopay_page()
        self.settle(self.double.objects[tx.provider_reference])
        orders = type(self.env["sale.order"])
        with patch.object(orders, "_must_be_held", lambda order, tx: is_held):
            tx._look_at_mangopay_payin()
            order._follow_up_purchase()
        self.assertTrue(order.marketplace_sale_id)
        return order.marketplace_sale_id

    def learners(self, sale, *states):
        found = sale.order_id.training_registration_ids.sorted("id")
        return found.filtered(lambda one: not states or one.prepaid_state in states)

    def reassign(self, sale, to_second):
        """Assign the learners of a sale to a session; return whether they went."""
        order, session = sale.order_id, self.sessions[to_second]
        try:
            with self.env.cr.savepoint():
                order._move_training(order._get_active_learners(), session)
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
            return False
        return True

    def seats(self):
        """Return the seats that are gone, of each session."""
        self.env.cr.flush()
        counters = self.sessions.mapped("seat_counter_ids")
        return counters.filtered(lambda one: not one.event_ticket_id).mapped("reserved")

    def check_sale(self, sale, one, states):
        """Compare a sale's learners and documents with what the model knows."""
        session = self.sessions[one.is_moved]
        learners = self.learners(sale)
        self.assertEqual(sorted(learners.mapped("prepaid_state")), sorted(states))
        self.assertEqual((learners.event_id, sale.session_id), (session, session))
        documents = self.env["marketplace.invoice"].search([("sale_id", "=", sale.id)])
        invoices = documents.filtered(lambda document: document.kind == "invoice")
        if not invoices:
            return
        live = self.env["marketplace.invoice"]._find_first(sale)._get_live()
        self.assertEqual(live.line_ids.session_id, session)
        sold = sum(invoices.mapped("amount_total"))
        given = sum((documents - invoices).mapped("amount_total"))
        self.assertEqual(sale._to_minor(sold - given), one.paid - one.refunded)

    def make_payable(self):
        """Have whatever stopped the seller's payouts be over."""
        failed = self.payouts.search(
            [("state", "=", "failed"), ("is_dismissed", "=", False)]
        )
        failed.action_try_again()
        user = self.wallet.user_id
        if (
            not user._get_recipient(self.euro)
            or self.last_payout().recipient_id.is_doubtful
        ):
            self.give_account(name=f"rec_{self.last_payout().id}_new")

    def finish(self):
        """Run the jobs until nothing is due."""
        operations = self.env["mangopay.operation"]
        now = datetime.now()
        self.run_jobs(SENDER_JOB)
        while operations.search_count([("date_next", "<=", now)], limit=1):
            self.run_jobs(SENDER_JOB)
        self.run_jobs(FOLLOW_UP_JOB, BOOKS_JOB)

    def money_at_mangopay(self):
        """Return what was paid there less what was given back, in minor units."""
        total = 0
        for made in self.double.objects.values():
            parts = made["path"].split("/")
            if "DebitedFunds" not in made or made["Status"] != "SUCCEEDED":
                continue
            if made["path"] == "payins/card/web":
                total += made["DebitedFunds"]["Amount"]
            elif parts[0] == "payins" and parts[-1] == "refunds":
                total -= made["DebitedFunds"]["Amount"]
        return total
