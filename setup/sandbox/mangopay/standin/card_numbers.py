# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test cards, and what their numbers do. No number is ever kept."""

import hashlib
import re

from .shapes import CARD_INFO

FRICTIONLESS = "frictionless"
CHALLENGE = "challenge"
REFUSED = "refused"

# Number: what it does, provider, type of card. The first four are Mangopay's own.
KNOWN = {
    "4970107111111119": (FRICTIONLESS, "VISA", "CB_VISA_MASTERCARD"),
    "4970105181818183": (CHALLENGE, "VISA", "CB_VISA_MASTERCARD"),
    "5033951000000004": (FRICTIONLESS, "MAESTRO", "MAESTRO"),
    "375989111111119": (FRICTIONLESS, "AMEX", "AMEX"),
}


def luhn(number):
    """Whether the last digit is the right one."""
    total = 0
    for index, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def read(number, expiry, code, now):
    """``(card, None)``, or ``(None, result code)`` when what was typed is wrong.

    :param expiry: MMYY.
    :param now: a ``datetime``.
    """
    number = re.sub(r"[\s-]", "", number or "")
    if not re.fullmatch(r"\d{13,19}", number) or not luhn(number):
        return None, "105202"
    expiry = re.sub(r"[\s/]", "", expiry or "")
    if not re.fullmatch(r"(0[1-9]|1[0-2])\d\d", expiry):
        return None, "105203"
    if (int("20" + expiry[2:]), int(expiry[:2])) < (now.year, now.month):
        return None, "105203"
    if not re.fullmatch(r"\d{3,4}", code or ""):
        return None, "105204"
    does, provider, kind = KNOWN.get(
        number, (REFUSED, "VISA" if number[0] == "4" else "MASTERCARD",
                 "CB_VISA_MASTERCARD")
    )  # fmt: skip
    return {
        "Alias": number[:6] + "X" * (len(number) - 10) + number[-4:],
        "ExpirationDate": expiry,
        "CardProvider": provider,
        "CardType": kind,
        "Fingerprint": hashlib.sha256(number.encode()).hexdigest()[:32],
        "_does": does,
        "_bin": number[:6],
    }, None


def info(card):
    """``CardInfo`` of a payment."""
    values = (card["_bin"], "Stand-in bank", "FR", "DEBIT", card["CardProvider"], None)
    return dict(zip(CARD_INFO, values, strict=True))
