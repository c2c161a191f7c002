# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bank accounts, which Recipients replace: made and read, paid to by the old rules."""

from . import listing
from .call import route
from .checks import Reader
from .errors import not_found
from .recipient_schema import iban_is_right
from .shapes import ADDRESS, public, whole

NEEDED = {
    "IBAN": ("IBAN",),
    "GB": ("AccountNumber", "SortCode"),
    "US": ("AccountNumber", "ABA"),
    "CA": ("AccountNumber", "InstitutionNumber", "BranchCode", "BankName"),
    "OTHER": ("AccountNumber", "BIC", "Country"),
}
OPTIONAL = ("BIC", "DepositAccountType")


@route("POST", "/users/{user_id}/bankaccounts/{kind}")
def create(call, user_id, kind):
    """A bank account of one of five kinds."""
    kind = kind.upper()
    if kind not in NEEDED:
        raise not_found(kind)
    call.tenant.get("user", user_id)
    reader = Reader(call.body)
    owner = reader.text("OwnerName", required=True)
    reader.value("OwnerAddress", required=True)
    address = whole(reader.address("OwnerAddress"), ADDRESS)
    values = {name: reader.text(name, required=True) for name in NEEDED[kind]}
    values.update({name: reader.text(name) for name in OPTIONAL if name not in values})
    tag = reader.text("Tag")
    if kind == "IBAN" and values["IBAN"] and not iban_is_right(values["IBAN"]):
        reader.wrong("IBAN", "The IBAN is not valid.")
    reader.done()
    return public(
        call.tenant.add(
            "bankaccount",
            **values,
            OwnerName=owner,
            OwnerAddress=address,
            Type=kind,
            UserId=user_id,
            Tag=tag,
            Active=True,
        )
    )


@route("GET", "/users/{user_id}/bankaccounts")
def view_all(call, user_id):
    """The bank accounts of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("bankaccount", UserId=user_id))


def _account(call, user_id, account_id):
    account = call.tenant.get("bankaccount", account_id)
    if account["UserId"] != user_id:
        raise not_found(account_id)
    return account


@route("GET", "/users/{user_id}/bankaccounts/{account_id}")
def view(call, user_id, account_id):
    """A bank account."""
    return public(_account(call, user_id, account_id))


@route("PUT", "/users/{user_id}/bankaccounts/{account_id}")
def update(call, user_id, account_id):
    """Deactivate a bank account."""
    account = _account(call, user_id, account_id)
    if Reader(call.body).boolean("Active") is False:
        account["Active"] = False
    return public(account)
