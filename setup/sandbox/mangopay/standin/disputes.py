# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Disputes: the bank takes the money back, the client answers, the bank decides."""

from . import listing, transactions
from .call import route
from .checks import Reader, same_currency
from .clock import on_time
from .errors import invalid_action, param_error
from .shapes import money, public

DAY = 86400
DEADLINE = 15 * DAY
TYPES = ("CONTESTABLE", "NOT_CONTESTABLE", "RETRIEVAL")
ANSWERABLE = ("PENDING_CLIENT_ACTION", "REOPENED_PENDING_CLIENT_ACTION")


def open_for(tenant, payin, kind="CONTESTABLE", amount=None, reason="FRAUD"):
    """A buyer goes to their bank: the client's CREDIT wallet is debited.

    :raise ApiError: unless the pay-in succeeded by card and is not disputed yet.
    """
    if payin["Status"] != "SUCCEEDED" or payin["PaymentType"] == "BANK_WIRE":
        raise invalid_action("Only a card pay-in that succeeded can be disputed")
    if tenant.rows("dispute", InitialTransactionId=payin["Id"]):
        raise invalid_action("The pay-in is disputed already")
    currency = payin["DebitedFunds"]["Currency"]
    disputed = money(currency, amount or payin["DebitedFunds"]["Amount"])
    if disputed["Amount"] > payin["DebitedFunds"]["Amount"]:
        raise param_error(DisputedFunds="More than the pay-in.")
    dispute = tenant.add(
        "dispute",
        InitialTransactionId=payin["Id"],
        InitialTransactionType="PAYIN",
        InitialTransactionNature="REGULAR",
        DisputeType=kind,
        DisputedFunds=disputed,
        Status="CREATED",
        DisputeReason={"DisputeReasonType": reason, "DisputeReasonMessage": None},
        _user=payin["AuthorId"],
        _wallet=payin["CreditedWalletId"],
    )
    tenant.emit("DISPUTE_CREATED", dispute["Id"])
    if kind != "RETRIEVAL":
        dispute["RepudiationId"] = _repudiate(tenant, payin, disputed)["Id"]
    if kind == "NOT_CONTESTABLE":
        finish(tenant, dispute, "LOST")
    else:
        dispute["Status"] = "PENDING_CLIENT_ACTION"
        tenant.emit("DISPUTE_ACTION_REQUIRED", dispute["Id"])
        _set_deadline(tenant, dispute)
    return dispute


def _set_deadline(tenant, dispute):
    dispute["ContestDeadlineDate"] = tenant.now() + DEADLINE
    tenant.later(
        DEADLINE, "dispute_deadline", dispute["Id"], dispute["ContestDeadlineDate"]
    )


@on_time("dispute_deadline")
def _too_late(tenant, dispute_id, deadline):
    """Nobody answered in time: the dispute is lost."""
    dispute = tenant.find("dispute", dispute_id)
    still = dispute["ContestDeadlineDate"] == deadline
    if still and dispute["Status"] in ANSWERABLE:
        finish(tenant, dispute, "LOST")


def _repudiate(tenant, payin, disputed):
    repudiation = transactions.start(
        tenant,
        "repudiation",
        "repudiation",
        "PAYIN_REPUDIATION",
        **transactions.amounts(disputed, money(disputed["Currency"], 0)),
        Nature="REPUDIATION",
        Type="PAYOUT",
        AuthorId=payin["AuthorId"],
        DebitedWalletId=f"CREDIT_{disputed['Currency']}",
        InitialTransactionId=payin["Id"],
        InitialTransactionType="PAYIN",
        InitialTransactionNature="REGULAR",
    )
    credit, bank = (transactions.house(n, repudiation) for n in ("CREDIT", "BANK"))
    tenant.ledger.move(
        repudiation["Id"], "repudiation", credit, bank, disputed["Amount"]
    )
    transactions.succeed(tenant, repudiation)
    return repudiation


def finish(tenant, dispute, result):
    """The bank decides: WON gives the money back, LOST and VOID do not.

    :raise ApiError: when it is closed.
    """
    if dispute["Status"] == "CLOSED":
        raise invalid_action("The dispute is closed")
    dispute["Status"], dispute["ResultCode"] = "CLOSED", result
    dispute["ResultMessage"] = f"Dispute {result.lower()}"
    dispute["ClosedDate"] = tenant.now()
    repudiation = tenant.find("repudiation", dispute["RepudiationId"])
    if result == "WON" and repudiation:
        _give_back(tenant, repudiation)
    tenant.emit("DISPUTE_CLOSED", dispute["Id"])


def _give_back(tenant, repudiation):
    refund = transactions.start(
        tenant,
        "refund",
        "refund",
        "PAYOUT_REFUND",
        **transactions.amounts(repudiation["DebitedFunds"], repudiation["Fees"]),
        Nature="REFUND",
        Type="PAYOUT",
        AuthorId=repudiation["AuthorId"],
        CreditedWalletId=repudiation["DebitedWalletId"],
        InitialTransactionId=repudiation["Id"],
        InitialTransactionType="PAYOUT",
        InitialTransactionNature="REPUDIATION",
        RefundReason={"RefundReasonType": "OTHER", "RefundReasonMessage": "Won"},
    )
    credit, bank = (transactions.house(name, refund) for name in ("CREDIT", "BANK"))
    amount = refund["CreditedFunds"]["Amount"]
    tenant.ledger.move(refund["Id"], "dispute won", bank, credit, amount)
    transactions.succeed(tenant, refund)


def reopen(tenant, dispute):
    """The bank wants more.

    :raise ApiError: unless it has the dispute in its hands.
    """
    if dispute["Status"] not in ("SUBMITTED", "PENDING_BANK_ACTION"):
        raise invalid_action("The dispute is not at the bank")
    dispute["Status"] = "REOPENED_PENDING_CLIENT_ACTION"
    _set_deadline(tenant, dispute)
    tenant.emit("DISPUTE_FURTHER_ACTION_REQUIRED", dispute["Id"])


def send_to_bank(tenant, dispute):
    """Mangopay sends what the client submitted to the bank.

    :raise ApiError: unless it was submitted.
    """
    if dispute["Status"] != "SUBMITTED":
        raise invalid_action("The dispute was not submitted")
    dispute["Status"] = "PENDING_BANK_ACTION"
    tenant.emit("DISPUTE_SENT_TO_BANK", dispute["Id"])


@route("GET", "/disputes")
def view_all(call):
    """All disputes."""
    return listing.answer(call, call.tenant.rows("dispute"))


def _of(path, table, field):
    def view_of(call, id_):
        """The disputes of a pay-in, of a user, of a wallet."""
        call.tenant.get(table, id_)
        return listing.answer(call, call.tenant.rows("dispute", **{field: id_}))

    route("GET", path)(view_of)


_of("/payins/{id_}/disputes", "payin", "InitialTransactionId")
_of("/users/{id_}/disputes", "user", "_user")
_of("/wallets/{id_}/disputes", "wallet", "_wallet")


@route("GET", "/disputes/{dispute_id}")
def view(call, dispute_id):
    """A dispute."""
    return public(call.tenant.get("dispute", dispute_id))


@route("PUT", "/disputes/{dispute_id}")
def update(call, dispute_id):
    """Only the tag changes."""
    dispute = call.tenant.get("dispute", dispute_id)
    if "Tag" in call.body:
        dispute["Tag"] = call.body["Tag"]
    return public(dispute)


@route("PUT", "/disputes/{dispute_id}/submit")
def submit(call, dispute_id):
    """Contest all of it, or a part; with documents that ask for it."""
    tenant = call.tenant
    dispute = tenant.get("dispute", dispute_id)
    reopened = dispute["Status"] == "REOPENED_PENDING_CLIENT_ACTION"
    reader = Reader(call.body)
    contested = reader.funds("ContestedFunds", required=not reopened, least=1)
    reader.done()
    if dispute["Status"] not in ANSWERABLE:
        raise invalid_action("The dispute does not wait for the client")
    contested = contested or dispute["ContestedFunds"]
    same_currency(contested, dispute["DisputedFunds"])
    if contested["Amount"] > dispute["DisputedFunds"]["Amount"]:
        raise param_error(ContestedFunds="More than what is disputed.")
    dispute["ContestedFunds"], dispute["Status"] = contested, "SUBMITTED"
    tenant.emit("DISPUTE_SUBMITTED", dispute_id)
    return public(dispute)


@route("PUT", "/disputes/{dispute_id}/close")
def close(call, dispute_id):
    """Give up: the dispute is lost."""
    dispute = call.tenant.get("dispute", dispute_id)
    if dispute["Status"] not in ANSWERABLE:
        raise invalid_action("The dispute does not wait for the client")
    finish(call.tenant, dispute, "LOST")
    return public(dispute)
