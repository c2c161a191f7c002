# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What became of a card payment, told from Mangopay's codes (errors/codes).

Plain codes in, one of a few outcomes out; the words are the models'.
"""

import unicodedata
from datetime import timedelta
from enum import StrEnum

# 22 letters and digits on a card statement (release-notes/api/2026-08-17).
DESCRIPTOR_LIMIT = 22
# Languages of the hosted page (guides/payment-methods/card/web).
CULTURES = frozenset(
    ("CS", "DA", "DE", "EL", "EN", "ES", "ET", "FI", "FR", "HU", "IT", "NL", "NO", "PL")
    + ("PT", "SK", "SV")
)


class Outcome(StrEnum):
    """Why a payment was not made, as a buyer can understand it."""

    ABANDONED = "abandoned"
    EXPIRED = "expired"
    REFUSED = "refused"
    CARD_LIMIT = "card_limit"
    CARD_EXPIRED = "card_expired"
    CARD_WRONG = "card_wrong"
    AUTHENTICATION = "authentication"
    BUYER_LIMIT = "buyer_limit"
    BLOCKED = "blocked"
    SELLER = "seller"
    DETAILS = "details"
    OTHER = "other"


_CODES = {
    "001030": Outcome.ABANDONED,
    "001031": Outcome.ABANDONED,
    "001032": Outcome.ABANDONED,
    "001033": Outcome.EXPIRED,
    "001034": Outcome.EXPIRED,
    "002951": Outcome.SELLER,
    "002998": Outcome.BUYER_LIMIT,
    "002999": Outcome.BUYER_LIMIT,
    "101001": Outcome.ABANDONED,
    "101002": Outcome.ABANDONED,
    "101102": Outcome.CARD_LIMIT,
    "101105": Outcome.CARD_EXPIRED,
    "101109": Outcome.EXPIRED,
    "101410": Outcome.CARD_WRONG,
    "param_error": Outcome.DETAILS,
    "fraud_policy": Outcome.DETAILS,
}
# Where a code has no line of its own, its family speaks.
_FAMILIES = (
    ("0087", Outcome.BLOCKED),
    ("008", Outcome.REFUSED),
    ("1011", Outcome.REFUSED),
    ("1013", Outcome.AUTHENTICATION),
    ("1014", Outcome.CARD_WRONG),
    ("1052", Outcome.CARD_WRONG),
)


def read_failure(code):
    """Return why a payment with this ResultCode (or error's Type) was not made."""
    code = str(code or "")
    if code in _CODES:
        return _CODES[code]
    for prefix, outcome in _FAMILIES:
        if code.startswith(prefix):
            return outcome
    return Outcome.OTHER


def is_seller_unverified(code):
    """Tell whether money was refused because its seller has to be verified first."""
    return read_failure(code) == Outcome.SELLER


def is_given_up(outcome):
    """Tell what the buyer let go from what was refused."""
    return outcome in (Outcome.ABANDONED, Outcome.EXPIRED)


# Days before a refused refund is asked for again; the others are told to a person.
_REFUND_DELAYS = {
    # The fees wallet was drained, or the same amount was given back today.
    "005405": 1,
    "005407": 1,
    # Another refund of the payment is pending.
    "005406": 1 / 24,
}
MAX_REFUND_ATTEMPTS = 5
# Equal parts of one payment leave a day apart: the tenth is refused more than once.
_MAX_ATTEMPTS = {"005407": 30}
# Two of one transaction and one amount; five minutes for two clocks.
EQUAL_REFUNDS_APART = timedelta(hours=24, minutes=5)


def find_refund_slot(now, moments):
    """Return when a refund can be sent, behind the others of the same amount (005407).

    :param moments: when each of those that come before was sent, or will be
    :return: None for at once

    >>> from datetime import datetime
    >>> day = datetime(2026, 3, 1)
    >>> find_refund_slot(day, [day - timedelta(days=2)]) is None
    True
    >>> find_refund_slot(day, [day, day + timedelta(days=1)])
    datetime.datetime(2026, 3, 3, 0, 5)
    """
    slot = max(moments, default=now - EQUAL_REFUNDS_APART) + EQUAL_REFUNDS_APART
    return slot if slot > now else None


def refund_delay(code, attempts):
    """Return in how many days a refused refund is tried again, None for never.

    :param int attempts: made so far, the refused one included
    """
    code = str(code or "")
    if attempts >= _MAX_ATTEMPTS.get(code, MAX_REFUND_ATTEMPTS):
        return None
    return _REFUND_DELAYS.get(code)


def read_culture(lang):
    """Return the language of the hosted page for a language code as Odoo's."""
    culture = (lang or "")[:2].upper()
    culture = {"NB": "NO", "NN": "NO"}.get(culture, culture)
    return culture if culture in CULTURES else "EN"


def make_descriptor(name):
    """Return a company's name as a card statement can show it, None when nothing is
    left of it."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode()
    words = "".join(one if one.isalnum() else " " for one in plain).split()
    return " ".join(words).upper()[:DESCRIPTOR_LIMIT].strip() or None


# A payout is refused until its author is verified (guides/users/limits).
_UNVERIFIED_PAYEE = frozenset({"002998", "002981", "002951"})
# The account cannot receive the money at all (ISO 20022 reasons, RefundReasonType).
_WRONG_ACCOUNT = frozenset(
    {
        "BANKACCOUNT_HAS_BEEN_CLOSED",
        "BANKACCOUNT_INCORRECT",
        "OWNER_DO_NOT_MATCH_BANKACCOUNT",
        "OWNER_DOT_NOT_MATCH_BANKACCOUNT",
        "AC01",
        "AC04",
        "AC06",
        "BE01",
        "RC01",
    }
)


def is_payee_unverified(code):
    """Tell whether a payout was refused because its seller is not verified."""
    return str(code or "") in _UNVERIFIED_PAYEE


def is_wrong_account(reason):
    """Tell whether a bank sent money back because of the account itself."""
    return str(reason or "") in _WRONG_ACCOUNT
