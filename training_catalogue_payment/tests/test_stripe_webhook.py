# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A3, A13: the address that Stripe calls. Signed events are kept, the rest is not."""

import json
import time

from odoo.tests import HttpCase, mute_logger, tagged

from .stripe_common import ADDON, SECRET, TOKEN, StripeCommon
from .test_stripe_signature import sign

CONTROLLER = f"{ADDON}.controllers.stripe_webhook"
URL = "/training/stripe/webhook/"


def make_event(event_id="evt_1", event_type="payment_intent.succeeded", **target):
    """Return the body of an event."""
    target = {"id": "pi_1", "object": "payment_intent", **target}
    event = {"id": event_id, "type": event_type, "data": {"object": target}}
    return json.dumps(event).encode()


def make_header(body, secret=SECRET, shift=0):
    """Return the signature header of a body."""
    now = int(time.time()) + shift
    return f"t={now},v1={sign(body, secret, now)}"


@tagged("training_install", "standard", "post_install", "-at_install")
class TestStripeWebhook(StripeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._link_double()
        cls.inbox = cls.env["training.payment.event"]

    def post(self, body, header=None, token=TOKEN):
        headers = {"Stripe-Signature": header} if header is not None else {}
        url = self.base_url() + URL + token
        return self.opener.post(url, data=body, headers=headers).status_code

    def post_signed(self, body):
        return self.post(body, make_header(body))

    def assert_no_trace(self):
        self.assertFalse(self.inbox.search_count([]))

    def test_signed_event_is_kept_once(self):
        """A3, A13: written down and answered; a repetition answers the same."""
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([])
        for _times in range(3):
            self.assertEqual(self.post_signed(make_event()), 200)
        event = self.inbox.search([])
        self.assertEqual(len(event), 1)
        self.assertEqual(event.provider_id, self.provider)
        self.assertEqual(event.company_id, self.company)
        self.assertEqual((event.event_id, event.object_id), ("evt_1", "pi_1"))
        self.assertEqual(event.state, "received")
        self.assertEqual(triggers.search_count([]), before + 1)
        self.assertEqual(self.provider.training_last_event_at, event.create_date)

    @mute_logger(CONTROLLER)
    def test_unsigned_event_leaves_no_trace(self):
        """A3 (R7, R9): no, bad, old or future signature: 400, nothing written."""
        body = make_event()
        for header in (
            None,
            "",
            "rubbish",
            make_header(body, "whsec_other"),
            make_header(body + b" "),
            make_header(body, shift=-301),
            make_header(body, shift=+360),
            "t=1,v1=é",
        ):
            with self.subTest(header=header):
                header = header and header.encode()
                self.assertEqual(self.post(body, header), 400)
        self.assert_no_trace()

    @mute_logger(CONTROLLER)
    def test_broken_body_leaves_no_trace(self):
        """A3 (R7): empty, broken or strange bodies, even signed: 400, never 500."""
        deep = b"[" * 100_000 + b"]" * 100_000
        event = json.loads(make_event())
        for body in (
            b"",
            b"{",
            b"[]",
            b"{}",
            b"null",
            b'"text"',
            b"\xff\xfe\x00",
            deep,
            make_event(event_id=None),
            make_event(event_id="evt_\x00"),
            make_event(event_id="e" * 5000),
            make_event(event_type=["x"]),
            make_event(id={"a": 1}),
            json.dumps({**event, "data": []}).encode(),
            json.dumps({**event, "data": {"object": None}}).encode(),
        ):
            with self.subTest(body=body[:60]):
                self.assertEqual(self.post_signed(body), 400)
        self.assert_no_trace()

    def test_too_large_body_is_not_read(self):
        """A3: ten megabytes are refused."""
        body = b" " * 2 * 1024 * 1024 + make_event()
        self.assertEqual(self.post_signed(body), 413)
        self.assert_no_trace()

    def test_unknown_address_is_not_found(self):
        """A3: a wrong, empty or former token leads nowhere, signed or not."""
        body = make_event()
        for token in ("wrong", "%00", "x" * 2000):
            self.assertEqual(self.post(body, make_header(body), token), 404)
        self.provider._clear_training_link()
        self.assertEqual(self.post_signed(body), 404)
        self.assert_no_trace()

    @mute_logger(CONTROLLER)
    def test_no_secret_means_refused(self):
        """A3 (R8): without a signing secret nothing is accepted, signed or not."""
        self.provider.stripe_webhook_secret = False
        body = make_event()
        for header in (None, make_header(body), make_header(body, "")):
            self.assertEqual(self.post(body, header), 400)
        self.assert_no_trace()

    @mute_logger(CONTROLLER)
    def test_secret_of_another_company_is_refused(self):
        """A3: each company's address has its own secret."""
        company = self.env["res.company"].create({"name": "Autre"})
        other = self._link_stripe(company)
        other.write(
            {"training_webhook_token": "other", "stripe_webhook_secret": "whsec_o"}
        )
        body = make_event()
        self.assertEqual(self.post(body, make_header(body, "whsec_o")), 400)
        self.assertEqual(self.post(body, make_header(body, "whsec_o"), "other"), 200)
        self.assertEqual(self.inbox.search([]).company_id, company)

    def test_event_of_no_interest_is_answered(self):
        """A13: what the job has no use for is acknowledged and not kept."""
        body = make_event(event_type="customer.created", id="cus_1")
        self.assertEqual(self.post_signed(body), 200)
        self.assert_no_trace()

    def test_stock_route_refuses_forgeries(self):
        """A3: Odoo's own route verifies too, since the secret is stored there."""
        order = self._buy()
        tx = self._start_payment(order)
        forged = make_event(description=tx.reference, status="succeeded")
        with mute_logger("odoo.addons.payment_stripe.controllers.main", "odoo.http"):
            answer = self.url_open(
                "/payment/stripe/webhook",
                data=forged,
                headers={
                    "Content-Type": "application/json",
                    "Stripe-Signature": make_header(forged, "whsec_forged"),
                },
            )
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(tx.state, "draft")

    def test_queries_are_few(self):
        """A13 (P5): two queries more than the HTTP floor, for a duplicate too."""
        body = make_event("evt_counted")

        def count(function, *args):
            before = self.cr.sql_log_count
            function(*args)
            return self.cr.sql_log_count - before

        for _warm_up in range(2):
            floor = count(self.url_open, "/web/health")
        self.post_signed(make_event("evt_warm_up"))
        self.assertLessEqual(count(self.post_signed, body), floor + 2)
        self.assertLessEqual(count(self.post_signed, body), floor + 2)
