# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What all transactions share: their beginning, their end, and the events of both."""

from . import codes
from .errors import param_error
from .shapes import money


def start(tenant, table, shape, event, **values):
    """Make a transaction that is CREATED, and tell of it."""
    obj = tenant.add(
        table,
        shape,
        Status="CREATED",
        Nature=values.pop("Nature", "REGULAR"),
        _event=event,
        **values,
    )
    tenant.emit(f"{event}_CREATED", obj["Id"])
    return obj


def amounts(debited, fees):
    """The three amounts of a transaction, by the law that ties them."""
    currency = debited["Currency"]
    return {
        "DebitedFunds": debited,
        "Fees": fees,
        "CreditedFunds": money(currency, debited["Amount"] - fees["Amount"]),
    }


def succeed(tenant, obj):
    """End well, now."""
    obj["Status"] = "SUCCEEDED"
    obj["ExecutionDate"] = tenant.now()
    obj["ResultCode"], obj["ResultMessage"] = codes.SUCCESS, codes.MESSAGES["000000"]
    tenant.emit(f"{obj['_event']}_SUCCEEDED", obj["Id"])


def fail(tenant, obj, code, **values):
    """End badly: a refusal of business is an HTTP 200 with this inside."""
    obj["Status"] = "FAILED"
    obj["ResultCode"], obj["ResultMessage"] = code, codes.message(code, **values)
    tenant.emit(f"{obj['_event']}_FAILED", obj["Id"])


def ended(obj):
    """Whether it is over."""
    return obj["Status"] != "CREATED"


def house(name, obj):
    """An account of the ledger in the currency of a transaction: « FEES_EUR »."""
    return f"{name}_{obj['DebitedFunds']['Currency']}"


def author_owns(wallet, author_id):
    """Refuse an author who does not own the debited wallet.

    :raise ApiError: 400 ``param_error``.
    """
    if wallet["Owners"] != [author_id]:
        raise param_error(AuthorId="Author should be the Debited wallet owner")
