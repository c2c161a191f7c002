# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A3: what counts as a signed event, and what never does."""

import hashlib
import hmac

from odoo.tests import BaseCase, tagged

from ..services.stripe_signature import SignatureRefused, verify

NOW = 1_800_000_000
SECRET = "whsec_right"
BODY = b'{"id": "evt_1", "name": "Ren\xc3\xa9e"}'


def sign(body=BODY, secret=SECRET, timestamp=NOW):
    """Sign as Stripe's documentation says, without Stripe's library."""
    message = b"%d." % timestamp + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@tagged("standard", "post_install", "-at_install")
class TestStripeSignature(BaseCase):
    def assert_refused(self, body, header, secret=SECRET, now=NOW):
        with self.assertRaises(SignatureRefused):
            verify(body, header, secret, now=now)

    def assert_accepted(self, header, now=NOW):
        """It passes, and for our signature's sake: without it the same is refused."""
        self.assertIn(sign(), header)
        verify(BODY, header, SECRET, now=now)
        self.assert_refused(BODY, header.replace(sign(), "0" * 64), now=now)

    def test_signed_event_is_accepted(self):
        """A3: the event signed with our secret passes."""
        self.assert_accepted(f"t={NOW},v1={sign()},v0=old")

    def test_every_v1_signature_is_tried(self):
        """A3 (R9): while a secret is rolled two signatures come, in any order."""
        other = sign(secret="whsec_other")
        self.assert_accepted(f"t={NOW},v1={other},v1={sign()}")
        self.assert_accepted(f"t={NOW},v1={sign()},v1={other}")

    def test_no_secret_refuses_everything(self):
        """A3 (R8): without a secret even a coherent signature is refused."""
        for secret in (None, False, "", "  "):
            header = f"t={NOW},v1={sign(secret=secret or '')}"
            with self.subTest(secret=secret):
                self.assert_refused(BODY, header, secret=secret)

    def test_age_is_limited_both_ways(self):
        """A3 (R9): five minutes in the past and in the future, no more."""
        header = f"t={NOW},v1={sign()}"
        self.assert_accepted(header, now=NOW + 300)
        self.assert_accepted(header, now=NOW - 300)
        self.assert_refused(BODY, header, now=NOW + 301)
        self.assert_refused(BODY, header, now=NOW - 301)

    def test_altered_event_is_refused(self):
        """A3: a changed body, time, secret or scheme does not pass."""
        good = sign()
        for body, header in (
            (BODY + b" ", f"t={NOW},v1={good}"),
            (BODY, f"t={NOW + 1},v1={good}"),
            (BODY, f"t={NOW},v1={sign(secret='whsec_other')}"),
            (BODY, f"t={NOW},v0={good}"),
            (BODY, f"t={NOW},v1={good[:-1]}"),
        ):
            with self.subTest(body=body, header=header):
                self.assert_refused(body, header)

    def test_broken_header_or_body_is_refused(self):
        """A3 (R7): rubbish is refused, it does not crash."""
        for header in (
            None,
            "",
            "t=",
            "v1",
            "t=x,v1=y",
            f"v1={sign()}",
            f"t={NOW}",
            f"t={NOW},v1",
            f"t={NOW},v1=é",
            f"t=-{NOW},v1={sign()}",
            "t=" + "9" * 4000 + ",v1=a",
            "," * 1000,
        ):
            with self.subTest(header=header):
                self.assert_refused(BODY, header)
        self.assert_refused(b"", f"t={NOW},v1={sign(b'')}")
        body = b"\xff\xfe{}"
        self.assert_refused(body, f"t={NOW},v1={sign(body)}")
