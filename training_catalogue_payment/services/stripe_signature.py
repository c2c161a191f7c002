# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Authentication of Stripe's webhooks: raw body, header, secret; no record."""

import re
import time

from stripe import SignatureVerificationError, WebhookSignature

TOLERANCE = 300
_TIMESTAMP = re.compile(r"(?:^|,)t=(\d{1,12})(?:,|$)")


class SignatureRefused(Exception):
    """The event is not proved to come from Stripe; the message says why."""


def verify(body, header, secret, *, now=None, tolerance=TOLERANCE):
    """Check that Stripe signed this very body, recently, with our secret.

    The library tries every ``v1`` signature in constant time. It is not asked about
    the age: it accepts dates in the future, and this clock can be given.

    :param bytes body: the raw body, exactly as received
    :param str header: the ``Stripe-Signature`` header, if any
    :param str secret: the endpoint's signing secret; without one all is refused
    :param float now: the present time, as seconds since the epoch
    :param int tolerance: accepted difference in seconds, in the past and the future
    :raise SignatureRefused: in every other case
    """
    if not secret or not secret.strip():
        raise SignatureRefused("no signing secret")
    if not body:
        raise SignatureRefused("empty body")
    timestamp = _TIMESTAMP.search(header or "")
    # The library compares as text, which fails on anything but ASCII.
    if not timestamp or not header.isascii():
        raise SignatureRefused("no usable signature header")
    try:
        WebhookSignature.verify_header(body, header, secret, tolerance=None)
    except (SignatureVerificationError, UnicodeDecodeError) as error:
        raise SignatureRefused("wrong signature") from error
    age = (time.time() if now is None else now) - int(timestamp.group(1))
    if abs(age) > tolerance:
        raise SignatureRefused(f"signed {age:.0f} seconds ago")
