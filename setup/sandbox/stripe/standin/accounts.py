# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts, and the keys that open them.

A key is ``<sk|rk|pk>_<test|live>_<account>_<anything>``: its third part names the
account, so that any number of accounts exist without being declared. Live keys must
name an account that begins with « sandbox »: a real one, pasted by mistake, is refused
and not kept.
"""

import hashlib
import re
from dataclasses import dataclass, field

from . import versions
from .errors import ApiError

KEY = re.compile(r"(sk|rk|pk)_(test|live)_([A-Za-z0-9]+)(_\w*)?")
LIVE_PREFIX = "sandbox"


@dataclass
class Account:
    """One Stripe account, as ``/v1/account`` tells it."""

    id: str
    name: str
    country: str = "FR"
    default_currency: str = "eur"
    email: str = ""
    charges_enabled: bool = True
    payouts_enabled: bool = True
    details_submitted: bool = True
    api_version: str = versions.LATEST
    currently_due: list = field(default_factory=list)
    #: The stand-in's own settings, beside the fields of the real object.
    fee_percent: float = 1.5
    fee_fixed: int = 25

    def _export(self, expand=None):
        """As the other objects do, for events about the account."""
        return self.export()

    def export(self):
        """The account in Stripe's form."""
        return {
            "id": self.id,
            "object": "account",
            "type": "standard",
            "country": self.country,
            "default_currency": self.default_currency,
            "email": self.email or None,
            "charges_enabled": self.charges_enabled,
            "payouts_enabled": self.payouts_enabled,
            "details_submitted": self.details_submitted,
            "business_profile": {"name": self.name, "url": None, "mcc": None},
            "capabilities": {
                "card_payments": "active" if self.charges_enabled else "inactive",
                "transfers": "active" if self.payouts_enabled else "inactive",
            },
            "requirements": {
                "currently_due": self.currently_due,
                "past_due": [],
                "eventually_due": self.currently_due,
                "pending_verification": [],
                "disabled_reason": None
                if self.charges_enabled
                else "requirements.past_due",
            },
            "settings": {
                "dashboard": {"display_name": self.name, "timezone": "Europe/Paris"},
                "payments": {"statement_descriptor": self.name.upper()[:22]},
            },
        }


@dataclass
class KeyRule:
    """What was declared about one key; without a rule a key may do everything."""

    revoked: bool = False
    account: str | None = None
    permissions: list | None = None


@dataclass
class Credentials:
    """A key that was accepted."""

    key: str
    kind: str
    livemode: bool
    account: Account
    rule: KeyRule


class Registry:
    """The accounts met or declared, and the rules of the keys."""

    def __init__(self):
        self.accounts = {}
        self.rules = {}

    def account(self, slug):
        """The account of this name, created when it is first met."""
        if slug not in self.accounts:
            digest = hashlib.sha256(slug.encode()).hexdigest()
            self.accounts[slug] = Account(f"acct_1{digest[:15]}", slug.capitalize())
        return self.accounts[slug]

    def by_id(self, id):
        """The account of this identifier, or None."""
        return next((a for a in self.accounts.values() if a.id == id), None)

    def authenticate(self, key):
        """The credentials of ``key``.

        :raise ApiError: 401 with Stripe's words.
        """
        if not key:
            raise ApiError(
                401,
                "You did not provide an API key. You need to provide your API key in"
                " the Authorization header, using Bearer auth (e.g. 'Authorization:"
                " Bearer YOUR_SECRET_KEY').",
                saved=False,
            )
        match = KEY.fullmatch(key)
        if not match:
            raise ApiError(401, f"Invalid API Key provided: {mask(key)}", saved=False)
        kind, mode, slug, suffix = match.groups()
        livemode = mode == "live"
        if livemode and not slug.startswith(LIVE_PREFIX):
            raise ApiError(
                401,
                f"Invalid API Key provided: {mask(key)}. This is the stand-in: its live"
                f" keys begin with {kind}_live_{LIVE_PREFIX}.",
                saved=False,
            )
        rule = self.rules.get(key) or KeyRule()
        if rule.revoked or "revoked" in (suffix or ""):
            raise ApiError(
                401,
                f"Expired API Key provided: {mask(key)}",
                code="api_key_expired",
                saved=False,
            )
        account = self.account(rule.account or slug)
        return Credentials(key, kind, livemode, account, rule)


def mask(key):
    """The key as Stripe's messages show it."""
    prefix = "_".join(key.split("_")[:2]) + "_" if key.count("_") >= 2 else ""
    hidden = max(len(key) - len(prefix) - 4, 3)
    return f"{prefix}{'*' * hidden}{key[-4:]}"


#: Path of the API → word of Stripe's permissions, where it is not the path's own.
PERMISSION_WORDS = {
    "account": "accounts_kyc_basic",
    "balance_transactions": "balance_transaction_source",
    "refunds": "charge",
    "webhook_endpoints": "webhook",
}


def check_permission(credentials, method, path):
    """Refuse what a restricted key was not given.

    :raise ApiError: 403 with the missing permission's name.
    """
    if credentials.kind != "rk" or credentials.rule.permissions is None:
        return
    word = path.split("/")[2]
    word = PERMISSION_WORDS.get(word, word.removesuffix("s"))
    needed = f"rak_{word}_{'read' if method == 'GET' else 'write'}"
    granted = credentials.rule.permissions
    if needed in granted or needed.replace("_read", "_write") in granted:
        return
    raise ApiError(
        403,
        f"The provided key '{mask(credentials.key)}' does not have the required"
        f" permissions for this endpoint on account '{credentials.account.id}'. Having"
        f" the '{needed}' permission would allow this request to continue.",
        code="more_permissions_required_for_application",
        saved=False,
    )
