# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading what a client sends: required fields, money, enumerations."""

import re

from .errors import currency_error, param_error

CURRENCIES = frozenset(
    (
        "AED", "AUD", "CAD", "CHF", "CNH", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF",
        "ILS", "JPY", "MXN", "NOK", "NZD", "PLN", "RON", "SAR", "SEK", "SGD", "TRY",
        "USD", "ZAR",
    )
)  # fmt: skip
MOST = 10**12
EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[A-Za-z]{2,}")
DESCRIPTOR = re.compile(r"[A-Za-z0-9 ]{0,22}")
BLOCKED_COUNTRIES = frozenset(("KP", "IR", "MM"))


class Reader:
    """Collects every wrong field of a body, and raises them together."""

    def __init__(self, body):
        self.body = body
        self.errors = {}

    def done(self):
        """Raise what was found wrong.

        :raise ApiError: 400 ``param_error``.
        """
        if self.errors:
            raise param_error(**self.errors)

    def wrong(self, name, why):
        """Note that a field is wrong."""
        self.errors.setdefault(name.rsplit(".", 1)[-1], why)

    def value(self, name, required=False):
        """A field, « A.B » for one inside another."""
        found = self.body
        for part in name.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if required and (found is None or found == ""):
            self.wrong(name, f"The {name} field is required.")
        return found

    def text(self, name, required=False, longest=255, pattern=None):
        """A string."""
        found = self.value(name, required)
        if found is None or found == "":
            return None
        if isinstance(found, bool) or not isinstance(found, (str, int)):
            self.wrong(name, f"The field {name} must be a string.")
            return None
        found = str(found)
        if len(found) > longest:
            self.wrong(
                name,
                f"The field {name} must be a string with a maximum length of "
                f"{longest}.",
            )
        elif pattern is not None and not re.fullmatch(pattern, found):
            self.wrong(name, f"The field {name} is not valid.")
        return found

    def choice(self, name, allowed, required=False, default=None):
        """One of a few words."""
        found = self.value(name, required)
        if found is None or found == "":
            return default
        if not isinstance(found, str) or found not in allowed:
            self.wrong(name, f"The value {found} is not valid for {name}.")
            return default
        return found

    def boolean(self, name, required=False):
        """A boolean; the Python SDK sends 1 and 0."""
        found = self.value(name, required)
        if found is None:
            return None
        if found not in (True, False, 0, 1, "true", "false"):
            self.wrong(name, f"The field {name} must be a boolean.")
        return found in (True, 1, "true")

    def timestamp(self, name, required=False):
        """A Unix time in seconds."""
        found = self.value(name, required)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int):
            self.wrong(name, f"The field {name} must be a Unix timestamp.")
            return None
        return found

    def funds(self, name, required=True, negative=False, least=0):
        """Money: ``{"Currency", "Amount"}``, the amount in minor units."""
        found = self.value(name, required)
        if found is None:
            return None
        if not isinstance(found, dict):
            self.wrong(name, f"The field {name} must have Currency and Amount.")
            return None
        currency, amount = found.get("Currency"), found.get("Amount")
        if not isinstance(currency, str) or currency not in CURRENCIES:
            self.wrong(name, f"The currency {currency} is not valid.")
        if isinstance(amount, bool) or not isinstance(amount, int):
            self.wrong(name, f"The amount of {name} must be an integer.")
        elif not negative and amount < least:
            self.wrong(name, f"The amount of {name} must be at least {least}.")
        elif abs(amount) > MOST:
            self.wrong(name, f"The amount of {name} is too high.")
        return {"Currency": currency, "Amount": amount}

    def address(self, name, required=False):
        """An address; some of its fields are required once it is there."""
        found = self.value(name, required)
        if not isinstance(found, dict) or not any(found.values()):
            return None
        for part in ("AddressLine1", "City", "PostalCode"):
            self.text(f"{name}.{part}", required=True)
        self.country(f"{name}.Country", required=True)
        return found

    def country(self, name, required=False):
        """Two letters."""
        found = self.text(name, required, pattern=r"[A-Z]{2}")
        if found in BLOCKED_COUNTRIES:
            self.wrong(name, f"The country {found} is blocked.")
        return found

    def email(self, name, required=False):
        """An address of e-mail."""
        return self.text(name, required, pattern=EMAIL)

    def descriptor(self):
        """What the buyer's bank statement says."""
        return self.text("StatementDescriptor", pattern=DESCRIPTOR)


def same_currency(*funds):
    """Refuse funds of several currencies; each may be a code or money.

    :raise ApiError: 400 ``currency_incompatibility``.
    """
    codes = {item["Currency"] if isinstance(item, dict) else item for item in funds}
    if len(codes) > 1:
        raise currency_error()
