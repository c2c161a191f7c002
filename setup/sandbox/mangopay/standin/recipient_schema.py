# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of a recipient, by method, currency and country; and its check."""

import re

from .errors import PARAM_ERROR, ApiError

NAME = r"^[\p{L}0-9 '.,&()/-]+$"
IBAN = r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"
BIC = r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"
IBAN_CURRENCIES = ("CHF", "CZK", "DKK", "EUR", "HUF", "NOK", "PLN", "RON", "SEK")
LOCAL = {
    **{code: {"IBAN": (True, 15, 34, IBAN)} for code in IBAN_CURRENCIES},
    "EUR": {"IBAN": (True, 15, 34, IBAN), "BIC": (False, 8, 11, BIC)},
    "AUD": {"BSB": (True, 6, 6, r"^\d{6}$"), "AccountNumber": (True, 5, 9, r"^\d+$")},
    "CAD": {
        "AccountNumber": (True, 7, 12, r"^\d+$"),
        "InstitutionNumber": (True, 3, 3, r"^\d{3}$"),
        "BranchCode": (True, 5, 5, r"^\d{5}$"),
        "BankName": (True, 1, 50, None),
    },
    "GBP": {
        "AccountNumber": (True, 8, 8, r"^\d{8}$"),
        "SortCode": (True, 6, 6, r"^\d{6}$"),
    },
    "HKD": {
        "BIC": (True, 8, 11, BIC),
        "BranchCode": (True, 3, 3, r"^\d{3}$"),
        "AccountNumber": (True, 6, 9, r"^\d+$"),
    },
    "MXN": {"BIC": (True, 8, 11, BIC), "Clabe": (True, 18, 18, r"^\d{18}$")},
    "SGD": {"BIC": (True, 8, 11, BIC), "AccountNumber": (True, 4, 14, r"^\d+$")},
    "USD": {
        "AccountNumber": (True, 1, 17, r"^\d+$"),
        "ABA": (True, 9, 9, r"^\d{9}$"),
        "FFC": (False, 1, 125, None),
    },
}
INTERNATIONAL = {
    "AccountNumber": (True, 1, 34, r"^[A-Za-z0-9]+$"),
    "BIC": (True, 8, 11, BIC),
}
ADDRESS = {
    "AddressLine1": (True, 1, 255, None),
    "AddressLine2": (False, 1, 255, None),
    "City": (True, 1, 255, None),
    "Region": (False, 1, 255, None),
    "PostalCode": (True, 1, 50, None),
    "Country": (True, 2, 2, r"^[A-Z]{2}$"),
}
PERSONS = {
    "Individual": ("IndividualRecipient", ("FirstName", "LastName")),
    "Business": ("BusinessRecipient", ("BusinessName",)),
}
METHODS = ("LocalBankTransfer", "InternationalBankTransfer")


def _property(name, rule, allowed=None):
    required, shortest, longest, pattern = rule
    return {
        "Required": required,
        "MinLength": shortest,
        "MaxLength": longest,
        "Pattern": pattern,
        "AllowedValues": allowed,
        "Label": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name),
        "EndUserDisplay": "Hide" if allowed else "Show",
    }


def methods(currency):
    """The ways to pay out in a currency."""
    return [
        name for name in METHODS if name != "LocalBankTransfer" or currency in LOCAL
    ]


def schema(method, kind, currency, country):
    """The form to show: each field, what it must look like, its label."""
    person, names = PERSONS[kind]
    fixed = {
        "PayoutMethodType": method,
        "RecipientType": kind,
        "Currency": currency,
        "Country": country,
    }
    found = {"DisplayName": _property("DisplayName", (True, 1, 255, None))}
    for name, value in fixed.items():
        found[name] = _property(name, (True, None, None, None), [value])
    found["RecipientScope"] = _property(
        "RecipientScope", (False, None, None, None), ["PAYOUT", "PAYIN"]
    )
    found["Tag"] = _property("Tag", (False, 1, 255, None))
    rule = (True, 1, 100, NAME)
    found["IndividualRecipient"] = found["BusinessRecipient"] = None
    found[person] = {
        **{name: _property(name, rule) for name in names},
        "Address": {name: _property(name, rule) for name, rule in ADDRESS.items()},
    }
    local = {name: _property(name, rule) for name, rule in LOCAL[currency].items()} if (
        method == "LocalBankTransfer") else None  # fmt: skip
    found["LocalBankTransfer"] = {currency: local} if local else None
    found["InternationalBankTransfer"] = (
        None
        if local
        else {name: _property(name, rule) for name, rule in INTERNATIONAL.items()}
    )
    return found


def iban_is_right(iban):
    """Its shape and its two check digits."""
    if not re.fullmatch(IBAN, iban):
        return False
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


class Check:
    """Collects what is wrong in the capital « Errors » of recipients."""

    def __init__(self, body):
        self.body = body
        self.errors = {}

    def wrong(self, name, code, message):
        """Note a wrong field."""
        self.errors.setdefault(name, f"{code}. {message}")

    def field(self, container, name, rule, where):
        """Check one field against its rule."""
        required, shortest, longest, pattern = rule
        value = container.get(name) if isinstance(container, dict) else None
        if value in (None, ""):
            if required:
                self.wrong(where + name, "REQUIRED", f"{name} is required.")
            return
        if not isinstance(value, str):
            self.wrong(where + name, "INVALID_FORMAT", f"{name} must be a string.")
        elif not (shortest or 0) <= len(value) <= (longest or 255):
            self.wrong(where + name, "INVALID_LENGTH", f"{name}: wrong length.")
        elif pattern and r"\p" not in pattern and not re.fullmatch(pattern, value):
            said = f"Regex validation: {pattern}"
            self.wrong(where + name, "INVALID_FORMAT", said)
        elif name == "IBAN" and not iban_is_right(value):
            self.wrong(where + name, "INVALID_FORMAT", "The IBAN is not valid.")

    def choice(self, name, allowed, required=True):
        """One of a few words."""
        value = self.body.get(name)
        if value is None and not required:
            return
        if value not in allowed:
            code = "REQUIRED" if value is None else "INVALID_VALUE"
            self.wrong(name, code, f"{name} is not valid.")

    def done(self):
        """Raise what was found.

        :raise ApiError: 400, its body with ``Errors``: « CODE. sentence » by field.
        """
        if self.errors:
            raise ApiError(400, "param_error", PARAM_ERROR, self.errors, key="Errors")


def check(body):
    """Refuse a recipient that does not follow its schema.

    :raise ApiError: 400.
    """
    found = Check(body)
    found.field(body, "DisplayName", (True, 1, 255, None), "")
    found.choice("PayoutMethodType", METHODS)
    found.choice("RecipientType", tuple(PERSONS))
    found.choice("RecipientScope", ("PAYOUT", "PAYIN"), required=False)
    found.field(body, "Currency", (True, 3, 3, r"^[A-Z]{3}$"), "")
    found.field(body, "Country", (True, 2, 2, r"^[A-Z]{2}$"), "")
    found.done()
    _person(found, body)
    _account(found, body)
    found.done()


def _person(found, body):
    name, names = PERSONS[body["RecipientType"]]
    person = body.get(name)
    for field in names:
        found.field(person, field, (True, 1, 100, None), f"{name}.")
    address = person.get("Address") if isinstance(person, dict) else None
    for field, rule in ADDRESS.items():
        found.field(address, field, rule, f"{name}.Address.")


def _account(found, body):
    currency, method = body["Currency"], body["PayoutMethodType"]
    if method == "InternationalBankTransfer":
        for name, rule in INTERNATIONAL.items():
            found.field(body.get(method), name, rule, f"{method}.")
        return
    if currency not in LOCAL:
        found.wrong("Currency", "INVALID_VALUE", "No local bank transfer in it.")
        return
    account = body.get(method)
    account = account.get(currency) if isinstance(account, dict) else None
    for name, rule in LOCAL[currency].items():
        found.field(account, name, rule, f"{method}.{currency}.")
