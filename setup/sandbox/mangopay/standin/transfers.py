# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Transfers between wallets. Between two owners, the one who pays authenticates."""

from . import rules, sca, transactions
from .call import route
from .checks import Reader, same_currency
from .shapes import public


@route("POST", "/transfers")
def create(call):
    """A transfer: over at once, unless the author must authenticate first."""
    tenant = call.tenant
    reader = Reader(call.body)
    debited, fees = reader.funds("DebitedFunds", least=1), reader.funds("Fees")
    contexts = ("USER_PRESENT", "USER_NOT_PRESENT")
    context = reader.choice("ScaContext", contexts, default="USER_PRESENT")
    author, source, target = _parties(tenant, reader)
    same_currency(debited, fees, source["Currency"], target["Currency"])
    needed = _needs_sca(tenant, author, target, debited, context)
    if needed and context == "USER_NOT_PRESENT":
        sca.proxy(author)
        needed = False
    fault = call.effect("transfer_failed")
    transfer = transactions.start(
        tenant,
        "transfer",
        "transfer",
        "TRANSFER_NORMAL",
        **transactions.amounts(debited, fees),
        Tag=call.body.get("Tag"),
        AuthorId=author["Id"],
        CreditedUserId=target["Owners"][0],
        Type="TRANSFER",
        DebitedWalletId=source["Id"],
        CreditedWalletId=target["Id"],
        ScaContext=context,
        # Of the request that asks for it, even when the author authenticates later.
        _fault=fault and (fault.code or "001001"),
    )
    if needed:
        transfer["PendingUserAction"] = sca.ask(
            tenant, author, "TRANSFER", transfer["Id"]
        )
    else:
        execute(tenant, transfer)
    return public(transfer)


def _parties(tenant, reader):
    author_id = reader.text("AuthorId", required=True)
    source_id = reader.text("DebitedWalletId", required=True)
    target_id = reader.text("CreditedWalletId", required=True)
    reader.text("Tag")
    reader.done()
    author = tenant.named("user", author_id, "AuthorId")
    source = tenant.named("wallet", source_id, "DebitedWalletId")
    target = tenant.named("wallet", target_id, "CreditedWalletId")
    transactions.author_owns(source, author["Id"])
    return author, source, target


@route("GET", "/transfers/{transfer_id}")
def view(call, transfer_id):
    """A transfer."""
    return public(call.tenant.get("transfer", transfer_id))


def execute(tenant, transfer):
    """Move the money, or refuse to."""
    source = tenant.find("wallet", transfer["DebitedWalletId"])
    target = tenant.find("wallet", transfer["CreditedWalletId"])
    if refusal := _refusal(tenant, transfer, source, target):
        transactions.fail(tenant, transfer, refusal[0], **refusal[1])
        return
    credited, fees = transfer["CreditedFunds"]["Amount"], transfer["Fees"]["Amount"]
    move, house = tenant.ledger.move, transactions.house("FEES", transfer)
    move(transfer["Id"], "transfer", source["Id"], target["Id"], credited)
    move(transfer["Id"], "transfer fees", source["Id"], house, fees)
    transactions.succeed(tenant, transfer)


def _refusal(tenant, transfer, source, target):
    debited = transfer["DebitedFunds"]["Amount"]
    if code := transfer.get("_fault"):
        return code, {}
    if debited <= transfer["Fees"]["Amount"]:
        return "001014", {}
    if source["Id"] == target["Id"]:
        return "101108", {}
    owners = (rules.owner_of(tenant, wallet) for wallet in (source, target))
    if refusal := rules.refuse_transfer(tenant, *owners):
        return refusal
    if tenant.ledger.balance(source["Id"]) < debited:
        return "001001", {}
    return None


def _needs_sca(tenant, author, target, debited, context):
    """From a PAYER, never; between owners, above the limit or with the person here."""
    if tenant.settings["regime"] != "2026" or author["UserCategory"] != "OWNER":
        return False
    if rules.owner_of(tenant, target)["Id"] == author["Id"]:
        return False
    above = debited["Amount"] > tenant.settings["sca_transfer_limit"]
    return above or context == "USER_NOT_PRESENT"


@sca.when_done("TRANSFER")
def _authenticated(tenant, session, outcome):
    transfer = tenant.find("transfer", session["Target"])
    transfer["PendingUserAction"] = None
    if transactions.ended(transfer):
        return
    if outcome == "VALIDATED":
        execute(tenant, transfer)
    else:
        code = {"FAILED": "007101", "EXPIRED": "007102"}[outcome]
        transactions.fail(tenant, transfer, code)
