# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payouts to a recipient, or by the old rules to a bank account.

When the money leaves the wallet is not documented: here, when the payout is made; it
comes back when the payout fails. So no wallet can be paid out twice.
"""

import uuid

from . import rules, transactions
from .call import route
from .checks import Reader, same_currency
from .clock import on_time
from .errors import invalid_action, param_error
from .recipients import account_of
from .shapes import money, public, whole

MODES = ("STANDARD", "INSTANT_PAYMENT", "INSTANT_PAYMENT_ONLY", "RTGS_PAYMENT")
UNREACHABLE_IBANS = ("FR541558929750ZZZZZZAC01915",)
UNREACHABLE_REFERENCE = "IP1070"
DAY = 86400


@route("POST", "/payouts/bankwire")
def create(call):
    """A payout: CREATED, and the bank answers later."""
    tenant = call.tenant
    asked = _read(call)
    author, wallet, account = _parties(call, asked)
    refusal = _refusal(call, author, wallet, account, asked)
    mode = asked["mode"]
    payout = transactions.start(
        tenant,
        "payout",
        "payout",
        "PAYOUT_NORMAL",
        **transactions.amounts(asked["debited"], asked["fees"]),
        Tag=call.body.get("Tag"),
        AuthorId=author["Id"],
        Type="PAYOUT",
        DebitedWalletId=wallet["Id"],
        PaymentType="BANK_WIRE",
        BankAccountId=asked["account"],
        RecipientId=asked["recipient"],
        BankWireRef=asked["reference"],
        ModeRequested=mode,
        ModeApplied="PENDING_RESPONSE" if mode != "STANDARD" else "STANDARD",
        EndToEndId=uuid.uuid4().hex,
        PaymentRef=whole(call.body.get("PaymentRef"), ("ReasonType", "ReferenceId")),
        ChargeBearer=call.body.get("ChargeBearer"),
        RecipientVerificationOfPayee=account.get("RecipientVerificationOfPayee"),
        _number=_number(account),
    )
    if refusal:
        transactions.fail(tenant, payout, refusal)
        return public(payout)
    out, debited = transactions.house("OUT", payout), asked["debited"]["Amount"]
    tenant.ledger.move(payout["Id"], "payout", wallet["Id"], out, debited)
    _wait_for_the_bank(tenant, payout)
    return public(payout)


def _read(call):
    reader = Reader(call.body)
    asked = {
        "debited": reader.funds("DebitedFunds", least=1),
        "fees": reader.funds("Fees"),
        "author": reader.text("AuthorId", required=True),
        "wallet": reader.text("DebitedWalletId", required=True),
        "recipient": reader.text("RecipientId"),
        "account": reader.text("BankAccountId"),
        "reference": reader.text("BankWireRef"),
        "mode": reader.choice("PayoutModeRequested", MODES, default="STANDARD"),
        "payment_ref": reader.value("PaymentRef"),
    }
    reader.text("Tag")
    if not asked["recipient"] and not asked["account"]:
        reader.wrong("RecipientId", "The RecipientId field is required.")
    reader.done()
    return asked


def _parties(call, asked):
    """Author, wallet and account to pay to.

    :raise ApiError: 400 for one that cannot be, whatever the money.
    """
    tenant = call.tenant
    author = tenant.named("user", asked["author"], "AuthorId")
    wallet = tenant.named("wallet", asked["wallet"], "DebitedWalletId")
    transactions.author_owns(wallet, author["Id"])
    same_currency(asked["debited"], asked["fees"], wallet["Currency"])
    # Until January 2026 the id of a recipient went into the field of the account.
    if not asked["recipient"] and tenant.find("recipient", asked["account"]):
        asked["recipient"] = asked["account"]
    if not asked["recipient"]:
        account = tenant.named("bankaccount", asked["account"], "BankAccountId")
        if account["UserId"] != author["Id"]:
            raise param_error(BankAccountId="The bank account is of another user.")
        return author, wallet, account
    recipient = tenant.named("recipient", asked["recipient"], "RecipientId")
    if recipient["UserId"] != author["Id"]:
        raise param_error(RecipientId="The recipient is of another user.")
    if recipient["Status"] in ("PENDING", "CANCELED"):
        raise param_error(RecipientId=f"The recipient is {recipient['Status']}.")
    if recipient["RecipientScope"] == "PAYIN" and not _of_payin(asked):
        raise invalid_action("The recipient is not meant for payouts")
    same_currency(asked["debited"], recipient["Currency"])
    return author, wallet, recipient


def _of_payin(asked):
    """Whether it gives back a pay-in by bank wire, which has no refund of its own."""
    reference = asked["payment_ref"]
    return isinstance(reference, dict) and reference.get("ReasonType") == "PAYIN_REFUND"


def _number(account):
    if "RecipientScope" in account:
        return account_of(account)
    return account["IBAN"] or account["AccountNumber"]


def _refusal(call, author, wallet, account, asked):
    """The code by which a payout is refused, or None."""
    tenant = call.tenant
    debited = asked["debited"]["Amount"]
    old = "RecipientScope" not in account
    by_rules = rules.refuse_payout(tenant, author, asked["debited"], _of_payin(asked))
    fault = call.effect("payout_failed")
    found = (
        (fault, fault and (fault.code or "121001")),
        (debited <= asked["fees"]["Amount"], "001014"),
        (by_rules, by_rules),
        (old and tenant.settings["regime"] == "2026", "121018"),
        (old and not account["Active"], "121006"),
        (account.get("Status") == "DEACTIVATED", "121006"),
        (_mismatch(account), "121030"),
        (_twice(tenant, asked, account), "130008"),
        (tenant.ledger.balance(wallet["Id"]) < debited, "001001"),
    )
    return next((code for wrong, code in found if wrong), None)


def _mismatch(account):
    check = account.get("RecipientVerificationOfPayee") or {}
    return check.get("RecipientVerificationCheck") == "NO_MATCH"


def _twice(tenant, asked, account):
    """The same amount to the same account by instant payment within 24 hours."""
    if not asked["mode"].startswith("INSTANT"):
        return False
    since = tenant.now() - DAY
    return any(
        row["CreationDate"] > since
        and row["_number"] == _number(account)
        and row["DebitedFunds"] == asked["debited"]
        and row["ModeRequested"].startswith("INSTANT")
        and row["Status"] != "FAILED"
        for row in tenant.table("payout").values()
    )


def _wait_for_the_bank(tenant, payout):
    delay = tenant.settings["payout_delay"]
    if delay is not None:
        tenant.later(delay, "payout_settle", payout["Id"])


@on_time("payout_settle")
def _settle_later(tenant, payout_id):
    payout = tenant.find("payout", payout_id)
    if not transactions.ended(payout):
        settle(tenant, payout)


def settle(tenant, payout, code=None):
    """The bank took the payout, or refused it with a code.

    An instant payment that cannot be made becomes an ordinary one, which is still
    CREATED: the bank takes, or refuses, that one the next time.

    :raise ApiError: when it is over.
    """
    if transactions.ended(payout):
        raise invalid_action("The payout is over")
    if not code and _falls_back(payout):
        _fall_back(tenant, payout)
        return
    code = code or _instant(tenant, payout)
    out, ledger = transactions.house("OUT", payout), tenant.ledger
    if code:
        wallet, debited = payout["DebitedWalletId"], payout["DebitedFunds"]["Amount"]
        ledger.move(payout["Id"], "payout failed", out, wallet, debited)
        payout["ModeApplied"] = "NONE"
        transactions.fail(tenant, payout, code)
        return
    bank, fees = (transactions.house(name, payout) for name in ("BANK", "FEES"))
    ledger.move(payout["Id"], "payout", out, bank, payout["CreditedFunds"]["Amount"])
    ledger.move(payout["Id"], "payout fees", out, fees, payout["Fees"]["Amount"])
    transactions.succeed(tenant, payout)


def _reachable(number, reference):
    return number not in UNREACHABLE_IBANS and reference != UNREACHABLE_REFERENCE


def _instant(tenant, payout):
    """Try an instant payment: the code when it fails for good."""
    mode = payout["ModeRequested"]
    if mode == "RTGS_PAYMENT":
        payout["ModeApplied"] = mode
    if not mode.startswith("INSTANT") or payout["FallbackReason"]:
        return None
    if _reachable(payout["_number"], payout["BankWireRef"]):
        payout["ModeApplied"] = "INSTANT_PAYMENT"
        tenant.emit("INSTANT_PAYOUT_SUCCEEDED", payout["Id"])
        return None
    tenant.emit("INSTANT_PAYOUT_FAILED", payout["Id"])
    return "130010"


def _falls_back(payout):
    """Whether an instant payment is to be tried, in vain, and an ordinary one then."""
    return (
        payout["ModeRequested"] == "INSTANT_PAYMENT"
        and not payout["FallbackReason"]
        and not _reachable(payout["_number"], payout["BankWireRef"])
    )


def _fall_back(tenant, payout):
    payout["ModeApplied"] = "STANDARD"
    payout["FallbackReason"] = {
        "Code": "130010",
        "Message": "The bank of the beneficiary cannot be reached",
    }
    tenant.emit("INSTANT_PAYOUT_FALLBACKED", payout["Id"])
    _wait_for_the_bank(tenant, payout)


def give_back(tenant, payout, reason="BANKACCOUNT_HAS_BEEN_CLOSED", message=None):
    """The bank returned a payout that had succeeded: Mangopay makes a refund.

    :raise ApiError: unless it succeeded, and was not returned yet.
    """
    done = tenant.rows("refund", InitialTransactionId=payout["Id"])
    if payout["Status"] != "SUCCEEDED" or done:
        raise invalid_action("This payout cannot be returned")
    currency, fees = payout["DebitedFunds"]["Currency"], payout["Fees"]["Amount"]
    house = tenant.ledger.balance(transactions.house("FEES", payout))
    back = fees if tenant.settings["return_payout_fees"] and house >= fees else 0
    credited = money(currency, payout["CreditedFunds"]["Amount"])
    refund = transactions.start(
        tenant,
        "refund",
        "refund",
        "PAYOUT_REFUND",
        **transactions.amounts(credited, money(currency, -back)),
        Nature="REFUND",
        Type="PAYOUT",
        AuthorId=payout["AuthorId"],
        CreditedUserId=payout["AuthorId"],
        CreditedWalletId=payout["DebitedWalletId"],
        InitialTransactionId=payout["Id"],
        InitialTransactionType="PAYOUT",
        InitialTransactionNature="REGULAR",
        RefundReason={"RefundReasonType": reason, "RefundReasonMessage": message},
    )
    wallet, bank = payout["DebitedWalletId"], transactions.house("BANK", payout)
    house = transactions.house("FEES", payout)
    tenant.ledger.move(refund["Id"], "return", bank, wallet, credited["Amount"])
    tenant.ledger.move(refund["Id"], "return, fees", house, wallet, back)
    transactions.succeed(tenant, refund)
    return refund


@route("GET", "/payouts/{payout_id}")
@route("GET", "/payouts/bankwire/{payout_id}")
def view(call, payout_id):
    """A payout, with the mode that was applied."""
    return public(call.tenant.get("payout", payout_id))


@route("POST", "/payouts/reachability")
def reachability(call):
    """Whether an instant payment would arrive."""
    asked = _read(call)
    _author, _wallet, account = _parties(call, asked)
    good = _reachable(_number(account), asked["reference"])
    reason = {"Code": "130010", "Message": "The bank cannot be reached"}
    return {
        "InstantPayout": {
            "IsReachable": good,
            "UnreachableReason": None if good else reason,
        }
    }
