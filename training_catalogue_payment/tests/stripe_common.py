# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An organisation whose Stripe is the double. Holds no test itself."""

import json
from unittest.mock import patch

from odoo.tests import mute_logger

from .common import TrainingCommon
from .stripe_double import PUBLISHABLE_KEY, SECRET_KEY, StripeDouble

EVENTS_JOBS = (
    "training_catalogue_payment.ir_cron_process_payment_events_first",
    "training_catalogue_payment.ir_cron_process_payment_events_second",
)
SENDER_JOB = "training_catalogue_payment.ir_cron_send_payment_operations"
ADDON = "odoo.addons.training_catalogue_payment"
TOKEN = "token-of-the-test"
SECRET = "whsec_double"


def start_double(test_case, provider_class, double_class=StripeDouble):
    """Start a double for one test and have the provider's gateway call it."""
    double = double_class()
    base_url = double.start()
    test_case.addCleanup(double.stop)
    patcher = patch.object(
        provider_class,
        "_get_stripe_gateway_options",
        lambda self: {"base_url": base_url},
    )
    patcher.start()
    test_case.addCleanup(patcher.stop)
    return double


class StripeCommon(TrainingCommon):
    """The company's account is the double's; jobs run as the scheduler runs them."""

    double_class = StripeDouble

    def setUp(self):
        super().setUp()
        self.double = start_double(self, type(self.provider), self.double_class)

    @classmethod
    def _link_double(cls):
        """Leave the provider as the wizard does when it links the double's account."""
        cls.provider.write(
            {
                "stripe_secret_key": SECRET_KEY,
                "stripe_publishable_key": PUBLISHABLE_KEY,
                "stripe_webhook_secret": SECRET,
                "training_account_id": "acct_ours",
                "training_webhook_id": "we_1",
                "training_webhook_token": TOKEN,
            }
        )

    def run_jobs(self, *names):
        """Run scheduled actions through the scheduler's own code."""
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()
        for name in names:
            self.env.ref(name).method_direct_trigger()
        self.env.invalidate_all()
        # The job's transaction is over: ours does not remember the last number used.
        self.env["account.move"]._get_sequence_cache().clear()

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def run_events(self):
        """Treat the inbox."""
        self.run_jobs(*EVENTS_JOBS)

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def run_sender(self):
        """Send, ask and finish what is due in the outbox."""
        self.run_jobs(SENDER_JOB)

    def receive(self, event_type, object_id, event_id=None):
        """Put an event in the inbox as the controller does; return the row."""
        inbox = self.env["training.payment.event"]
        event_id = event_id or f"evt_{event_type}_{object_id}"
        data = {
            "id": event_id,
            "type": event_type,
            "data": {"object": {"id": object_id}},
        }
        self.env.flush_all()
        endpoint = inbox._find_endpoint(TOKEN)
        self.assertTrue(inbox._receive(endpoint, json.dumps(data).encode()))
        return inbox.search([("event_id", "=", event_id)])

    def wait_for(self, records):
        """Let the time of the next try come."""
        records.filtered("date_next").date_next = "2020-01-01 00:00:00"

    def pay(self, order=None, amount=None, **values):
        """Return a paid transaction and its intent at the double."""
        order = order or self._buy()
        tx = self._start_payment(order, **values)
        intent = self.double.add_payment(
            amount or tx._to_stripe_amount(tx.amount), tx.reference
        )
        return tx, intent
