# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refunds of pay-ins and of transfers, and everything that refuses them."""

from . import listing, transactions
from .call import route
from .checks import Reader, same_currency
from .clock import on_time
from .errors import ApiError, invalid_action, param_error
from .shapes import money, public

DAY = 86400
CARD_LIMIT = 11 * 30.44 * DAY


@route("POST", "/payins/{payin_id}/refunds")
def refund_payin(call, payin_id):
    """Give a buyer back all, or a part, of a pay-in."""
    payin = call.tenant.get("payin", payin_id)
    if payin["PaymentType"] == "BANK_WIRE":
        raise invalid_action("A bank wire is refunded by a payout with a PaymentRef")
    return public(_refund(call, payin, "PAYOUT", "PAYIN_REFUND"))


@route("POST", "/transfers/{transfer_id}/refunds")
def refund_transfer(call, transfer_id):
    """Take back all, or a part, of a transfer."""
    transfer = call.tenant.get("transfer", transfer_id)
    return public(_refund(call, transfer, "TRANSFER", "TRANSFER_REFUND"))


def _refund(call, initial, kind, event):
    tenant = call.tenant
    debited, fees = _asked(call, initial)
    if initial["Status"] != "SUCCEEDED":
        raise ApiError(
            400,
            "original_transaction_must_be_succeeded",
            "The original transaction must have the status SUCCEEDED",
        )
    back = None if kind == "PAYOUT" else initial["DebitedWalletId"]
    refund = transactions.start(
        tenant,
        "refund",
        "refund",
        event,
        **transactions.amounts(debited, fees),
        Nature="REFUND",
        Type=kind,
        Tag=call.body.get("Tag"),
        AuthorId=initial["AuthorId"],
        CreditedUserId=initial["AuthorId"],
        DebitedWalletId=initial["CreditedWalletId"],
        CreditedWalletId=back,
        InitialTransactionId=initial["Id"],
        InitialTransactionType=initial["Type"],
        InitialTransactionNature=initial["Nature"],
        RefundReason={
            "RefundReasonType": "INITIALIZED_BY_CLIENT",
            "RefundReasonMessage": None,
        },
        StatementDescriptor=call.body.get("StatementDescriptor"),
        Reference=call.body.get("Reference"),
    )
    if code := refusal(call, initial, refund):
        transactions.fail(tenant, refund, code)
    else:
        _begin(call, refund)
    return refund


def _asked(call, initial):
    """What is to be debited and its fees: the whole when neither is said.

    :raise ApiError: 400 when one is there without the other.
    """
    reader = Reader(call.body)
    author_id = reader.text("AuthorId", required=True)
    reader.text("Tag")
    reader.descriptor()
    debited = reader.funds("DebitedFunds", required=False, least=1)
    fees = reader.funds("Fees", required=False, negative=True)
    if (debited is None) != (fees is None):
        missing = "Fees" if fees is None else "DebitedFunds"
        reader.wrong(missing, f"The {missing} field is required for a partial refund.")
    reader.done()
    if author_id != initial["AuthorId"]:
        raise param_error(AuthorId="The author must be that of the transaction.")
    if debited is None:
        currency = initial["Fees"]["Currency"]
        return (
            dict(initial["CreditedFunds"]),
            money(currency, -initial["Fees"]["Amount"]),
        )
    same_currency(debited, fees, initial["DebitedFunds"])
    if fees["Amount"] >= debited["Amount"]:
        raise param_error(Fees="The Fees must be less than the DebitedFunds.")
    return debited, fees


def of(tenant, initial):
    """The refunds of a transaction, oldest first, without those that failed."""
    rows = tenant.rows("refund", InitialTransactionId=initial["Id"])
    return [row for row in rows if row["Status"] != "FAILED"]


def refusal(call, initial, refund):
    """The code by which a refund is refused, or None."""
    tenant = call.tenant
    others = [row for row in of(tenant, initial) if row is not refund]
    debited, fees = refund["DebitedFunds"]["Amount"], refund["Fees"]["Amount"]
    given = sum(row["DebitedFunds"]["Amount"] for row in others)
    given_fees = sum(-row["Fees"]["Amount"] for row in others)
    whole = initial["CreditedFunds"]["Amount"]
    since = tenant.now() - DAY
    wallet = tenant.ledger.balance(refund["DebitedWalletId"])
    house = tenant.ledger.balance(transactions.house("FEES", refund))
    found = (
        (_too_old(tenant, initial), "001403"),
        (_disputed(tenant, initial), "005408"),
        (any(not transactions.ended(row) for row in others), "005406"),
        (given >= whole, "001401"),
        (_same_today(others, debited, since), "005407"),
        (given + debited > whole, "005403"),
        (given_fees - fees > initial["Fees"]["Amount"], "005404"),
        (wallet < debited, "001001"),
        (house < -fees, "005405"),
    )
    if fault := call.effect("refund_failed"):
        return fault.code or "101101"
    return next((code for wrong, code in found if wrong), None)


def _same_today(others, debited, since):
    return any(
        row["DebitedFunds"]["Amount"] == debited and row["CreationDate"] > since
        for row in others
    )


def _too_old(tenant, initial):
    by_card = initial.get("PaymentType") in ("CARD", "PREAUTHORIZED")
    return by_card and tenant.now() - initial["CreationDate"] > CARD_LIMIT


def _disputed(tenant, initial):
    return bool(tenant.rows("dispute", InitialTransactionId=initial["Id"]))


def _begin(call, refund):
    """The wallet is debited at once, even when the bank takes its time."""
    tenant = call.tenant
    slow = call.effect("refund_pending")
    delay = None if slow else tenant.settings["refund_delay"]
    given, ledger = max(0, -refund["Fees"]["Amount"]), tenant.ledger
    out = transactions.house("OUT", refund)
    house = transactions.house("FEES", refund)
    debited = refund["DebitedFunds"]["Amount"]
    ledger.move(refund["Id"], "refund", refund["DebitedWalletId"], out, debited)
    ledger.move(refund["Id"], "refund, fees given back", house, out, given)
    if delay == 0:
        settle(tenant, refund)
    elif delay is not None:
        tenant.later(delay, "refund_settle", refund["Id"])


@on_time("refund_settle")
def _settle_later(tenant, refund_id):
    refund = tenant.find("refund", refund_id)
    if not transactions.ended(refund):
        settle(tenant, refund)


def settle(tenant, refund, code=None):
    """The bank took the refund, or refused it with a code: the money comes back.

    :raise ApiError: when the refund is over.
    """
    if transactions.ended(refund):
        raise invalid_action("The refund is over")
    ledger, out = tenant.ledger, transactions.house("OUT", refund)
    house, fees = transactions.house("FEES", refund), refund["Fees"]["Amount"]
    if code:
        wallet, debited = refund["DebitedWalletId"], refund["DebitedFunds"]["Amount"]
        ledger.move(refund["Id"], "refund failed", out, wallet, debited)
        ledger.move(refund["Id"], "refund failed, fees", out, house, max(0, -fees))
        transactions.fail(tenant, refund, code)
        return
    to = refund["CreditedWalletId"] or transactions.house("BANK", refund)
    ledger.move(refund["Id"], "refund", out, to, refund["CreditedFunds"]["Amount"])
    ledger.move(refund["Id"], "refund, fees taken", out, house, max(0, fees))
    transactions.succeed(tenant, refund)


@route("GET", "/refunds/{refund_id}")
def view(call, refund_id):
    """A refund of any kind."""
    return public(call.tenant.get("refund", refund_id))


def _of(table):
    def view_all(call, id_):
        """The refunds of a transaction, those that failed too."""
        call.tenant.get(table, id_)
        rows = call.tenant.rows("refund", InitialTransactionId=id_)
        return listing.answer(call, rows)

    return view_all


for _table in ("payin", "transfer", "payout", "repudiation"):
    route("GET", f"/{_table}s/{{id_}}/refunds")(_of(_table))
