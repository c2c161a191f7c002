# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company whose Mangopay is the double. Holds no test itself."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

from ..services.mangopay_transport import MemoryTokens
from .mangopay_double import API_KEY, CLIENT_ID, MangopayDouble

ADDON = "training_marketplace_payout"
SENDER_JOB = f"{ADDON}.ir_cron_send_mangopay_operations"
EVENTS_JOBS = (
    f"{ADDON}.ir_cron_process_mangopay_events_first",
    f"{ADDON}.ir_cron_process_mangopay_events_second",
)
FEW_TYPES = ("PAYIN_NORMAL_SUCCEEDED", "KYC_FAILED", "USER_KYC_REGULAR")
TOKEN = "token-of-the-test"
TRANSFER = {"author_id": "user_1", "from_wallet_id": "wlt_1", "to_wallet_id": "wlt_2"}


def start_double(test_case, account_class, tokens=None):
    """Start a double for one test and have the accounts' gateways call it."""
    double = MangopayDouble()
    base_url = double.start()
    test_case.addCleanup(double.stop)
    hooks = {"_get_gateway_options": lambda self: {"base_url": base_url}}
    if tokens:
        hooks["_get_tokens"] = lambda self: tokens
    for name, hook in hooks.items():
        patcher = patch.object(account_class, name, hook)
        patcher.start()
        test_case.addCleanup(patcher.stop)
    return double


def know_few_types(test_case):
    """Have Mangopay notify few types of events: each is an object and a call there."""
    for name in ("mangopay_account_hooks", "mangopay_event"):
        module = f"odoo.addons.{ADDON}.models.{name}.EVENT_TYPES"
        patcher = patch(module, FEW_TYPES)
        patcher.start()
        test_case.addCleanup(patcher.stop)


class MangopayCommon(TransactionCase):
    """The company's account is the double's; jobs run as the scheduler runs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.account = cls.env["mangopay.account"].create(
            {
                "company_id": cls.company.id,
                "client_id": CLIENT_ID,
                "api_key": API_KEY,
                "hook_token": TOKEN,
            }
        )
        cls.operations = cls.env["mangopay.operation"]
        cls.seller = cls.env["res.partner"].create({"name": "Atelier des langues"})
        cls.euro = cls.env.ref("base.EUR")

    def setUp(self):
        super().setUp()
        self.double = start_double(self, type(self.account), MemoryTokens())

    def request_transfer(self, amount_minor=1000, subject=None, **values):
        """Write a transfer down, as the business does."""
        return self.operations._request(
            "transfer",
            subject or self.seller,
            self.account,
            TRANSFER,
            amount_minor=amount_minor,
            currency_id=self.euro.id,
            **values,
        )

    def run_jobs(self, *names):
        """Run scheduled actions through the scheduler's own code."""
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()
        for name in names:
            self.env.ref(name).method_direct_trigger()
        self.env.invalidate_all()

    def run_sender(self):
        """Send, ask and finish what is due in the outbox."""
        self.run_jobs(SENDER_JOB)

    def run_events(self):
        """Treat the inbox."""
        self.run_jobs(*EVENTS_JOBS)

    def receive(self, event_type, object_id, date="1790000000"):
        """Put a notification in the inbox as the controller does; return the row."""
        inbox = self.env["mangopay.event"]
        self.env.flush_all()
        account = inbox._find_account(TOKEN)
        self.assertTrue(inbox._receive(account, event_type, object_id, date))
        return inbox.search(
            [
                ("event_type", "=", event_type),
                ("object_id", "=", object_id),
                ("date", "=", date),
            ]
        )

    def wait_for(self, records):
        """Let the time of the next try come."""
        records.filtered("date_next").date_next = "2020-01-01 00:00:00"

    def age(self, operation, hours):
        """Let an operation have been sent some hours ago."""
        for name in ("date_sent", "date_last_sent"):
            operation[name] = fields.Datetime.now() - timedelta(hours=hours)
        self.wait_for(operation)
