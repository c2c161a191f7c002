# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a seller is paid: the IBAN, and what Mangopay calls a Recipient."""

import re

from schwifty import IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

#: Currencies in which a local transfer is made to an IBAN (recipients/create).
IBAN_CURRENCIES = frozenset(
    {"CHF", "CZK", "DKK", "EUR", "HUF", "NOK", "PLN", "RON", "SEK"}
)
LOCAL = "LocalBankTransfer"


def check_iban(text):
    """Return (IBAN, error code): its compact form, and why it is wrong.

    Country, length, format and check digits are those of the registry of IBAN, which
    `schwifty` carries. Not the lists of banks, which age: Mangopay knows better.

    >>> check_iban("fr76 3000 4000 0312 3456 7890 143")
    ('FR7630004000031234567890143', '')
    >>> check_iban("FR76 3000 4000 0312 3456 7890 144")[1]
    'iban_checksum'
    >>> [check_iban(text)[1] for text in ("FR76 3000 4000", "Crédit agricole", " ")]
    ['iban_length', 'iban', 'iban_missing']
    """
    number = re.sub(r"[^A-Z0-9]", "", (text or "").upper())
    if not number:
        return "", "iban_missing"
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", number):
        return number[:34], "iban"
    try:
        return str(IBAN(number)), ""
    except InvalidCountryCode:
        return number[:34], "iban_country"
    except InvalidLength:
        return number[:34], "iban_length"
    except InvalidChecksumDigits:
        return number, "iban_checksum"
    except SchwiftyException:
        return number[:34], "iban"


def mask_iban(number):
    """Return an IBAN as it may be shown: its country and its last four characters.

    >>> mask_iban("FR7630004000031234567890143")
    'FR76 •••• 0143'
    """
    return f"{number[:4]} •••• {number[-4:]}" if number else ""


def build_recipient(number, currency, holder, label):
    """Return the body of a Recipient, with Mangopay's own names.

    :param str number: a checked IBAN
    :param dict holder: ``business`` (a name) or ``first_name`` and ``last_name``;
        ``address``: line1, line2, city, zip, country (code)
    :param str label: what the seller knows the account by
    """
    business = holder.get("business")
    kind = "Business" if business else "Individual"
    names = (
        {"BusinessName": business}
        if business
        else {"FirstName": holder["first_name"], "LastName": holder["last_name"]}
    )
    return {
        "DisplayName": label,
        "PayoutMethodType": LOCAL,
        "RecipientType": kind,
        "Currency": currency,
        "Country": number[:2],
        "RecipientScope": "PAYOUT",
        f"{kind}Recipient": {**names, "Address": holder["address"]},
        LOCAL: {currency: {"IBAN": number}},
    }


def check_schema(schema, body):
    """Return the fields of a body that Mangopay's schema refuses: path → code.

    Codes: required, too_short, too_long, pattern, choice. Labels and rules are
    Mangopay's, and change without notice: what this does not understand passes, and
    Mangopay says the last word.

    :param dict schema: what ``recipients/schema`` answered
    """
    wrong = {}
    for name, rule in schema.items():
        if not isinstance(rule, dict):
            continue
        value = body.get(name) if isinstance(body, dict) else None
        if "Required" in rule:
            code = _check_value(rule, value)
            if code:
                wrong[name] = code
        else:
            inner = check_schema(rule, value or {})
            wrong.update({f"{name}.{path}": code for path, code in inner.items()})
    return wrong


def _check_value(rule, value):
    if value in (None, ""):
        return "required" if rule["Required"] else ""
    value = str(value)
    if rule.get("AllowedValues") and value not in rule["AllowedValues"]:
        return "choice"
    if len(value) < (rule.get("MinLength") or 0):
        return "too_short"
    if rule.get("MaxLength") and len(value) > rule["MaxLength"]:
        return "too_long"
    return "pattern" if not _matches(rule.get("Pattern"), value) else ""


def _matches(pattern, value):
    try:
        return not pattern or re.search(pattern, value) is not None
    except re.error:
        # A pattern of another dialect (\p{L}…): only Mangopay can tell.
        return True
