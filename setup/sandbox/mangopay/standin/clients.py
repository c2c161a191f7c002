# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The client itself: who it is, and its own wallets."""

from . import listing
from .call import Answer, route
from .checks import CURRENCIES, Reader
from .errors import not_found
from .shapes import ADDRESS, money, whole

FUNDS = ("FEES", "CREDIT")
CHANGED = ("TechEmails", "AdminEmails", "BillingEmails", "FraudEmails",
           "HeadquartersPhoneNumber", "TaxNumber", "PlatformURL",
           "PlatformDescription", "PrimaryThemeColour",
           "PrimaryButtonColour")  # fmt: skip


def _wallet(tenant, funds_type, currency):
    account = f"{funds_type}_{currency}"
    return {
        "Id": account,
        "Currency": currency,
        "FundsType": funds_type,
        "Balance": money(currency, tenant.ledger.balance(account)),
        "Tag": None,
        "CreationDate": 1577836800,
    }


def _wallets(tenant, types):
    used = {wallet["Currency"] for wallet in tenant.table("wallet").values()} | {"EUR"}
    return [_wallet(tenant, name, code) for name in types for code in sorted(used)]


@route("GET", "/clients/wallets")
def client_wallets(call):
    """The client's wallets: fees and repudiations, per currency."""
    return listing.answer(call, _wallets(call.tenant, FUNDS))


@route("GET", "/clients/wallets/{funds_type}")
def client_wallets_of(call, funds_type):
    """Those of one kind."""
    types = [name for name in FUNDS if name == funds_type.upper()]
    return listing.answer(call, _wallets(call.tenant, types))


@route("GET", "/clients/wallets/{funds_type}/{currency}")
def client_wallet(call, funds_type, currency):
    """One of them."""
    if funds_type.upper() not in FUNDS or currency.upper() not in CURRENCIES:
        raise not_found(f"{funds_type}_{currency}")
    return _wallet(call.tenant, funds_type.upper(), currency.upper())


@route("GET", "/clients")
def client(call):
    """Who the client is."""
    kept = call.tenant.data.setdefault("about", {})
    shown = {
        "PlatformType": "MARKETPLACE",
        "ClientId": call.tenant.data["client_id"],
        "Name": call.tenant.data["client_id"],
        "RegisteredName": call.tenant.data["client_id"],
        **dict.fromkeys(CHANGED),
        "HeadquartersAddress": None,
        "PlatformCategorization": {"BusinessType": None, "Sector": None},
        "CompanyReference": None,
        "Logo": None,
        "CompanyNumber": None,
        "MCC": "8299",
        "Licensor": "Mangopay SA",
    }
    return {**shown, **kept}


@route("PUT", "/clients")
def update(call):
    """Change what a client may change of itself."""
    reader = Reader(call.body)
    address = whole(reader.address("HeadquartersAddress"), ADDRESS)
    reader.done()
    kept = call.tenant.data.setdefault("about", {})
    kept.update({name: call.body[name] for name in CHANGED if call.body.get(name)})
    if address:
        kept["HeadquartersAddress"] = address
    return client(call)


@route("PUT", "/clients/logo")
def logo(call):
    """A logo is taken, and not kept."""
    Reader(call.body).text("File", required=True, longest=10**8)
    return Answer(204)
