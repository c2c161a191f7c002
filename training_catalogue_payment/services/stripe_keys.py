# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can be said of Stripe's keys before asking Stripe."""

import re
from enum import StrEnum

_KEY = re.compile(r"(?P<kind>sk|rk|pk)_(?P<mode>test|live)_[A-Za-z0-9_]{4,250}")


class KeyFault(StrEnum):
    """Why a pair of keys cannot be right."""

    SECRET_IS_PUBLISHABLE = "secret_is_publishable"
    SECRET_MALFORMED = "secret_malformed"
    PUBLISHABLE_IS_SECRET = "publishable_is_secret"
    PUBLISHABLE_MALFORMED = "publishable_malformed"
    MODES_DIFFER = "modes_differ"


def find_fault(secret_key, publishable_key):
    """Return what is wrong with a pair of keys, or None."""
    secret = _KEY.fullmatch(secret_key or "")
    publishable = _KEY.fullmatch(publishable_key or "")
    if not secret:
        return KeyFault.SECRET_MALFORMED
    if secret["kind"] == "pk":
        return KeyFault.SECRET_IS_PUBLISHABLE
    if not publishable:
        return KeyFault.PUBLISHABLE_MALFORMED
    if publishable["kind"] != "pk":
        return KeyFault.PUBLISHABLE_IS_SECRET
    if secret["mode"] != publishable["mode"]:
        return KeyFault.MODES_DIFFER
    return None


def is_live(key):
    """Tell a key that moves real money from a trial one."""
    return _KEY.fullmatch(key)["mode"] == "live"
