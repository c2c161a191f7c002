# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""After a lost dispute: who gives the client's CREDIT wallet its money back."""

from . import listing, payins, transactions
from .call import route
from .checks import CURRENCIES, Reader, same_currency
from .errors import invalid_action
from .shapes import money, public


@route("GET", "/disputes/pendingsettlement")
def pending_settlement(call):
    """Those that were lost, and whose money the seller has not given back."""
    lost = [
        row
        for row in call.tenant.rows("dispute", Status="CLOSED", ResultCode="LOST")
        if _settled(call.tenant, row["RepudiationId"]) < row["DisputedFunds"]["Amount"]
    ]
    return listing.answer(call, lost)


def _settled(tenant, repudiation_id):
    rows = tenant.rows("settlement", RepudiationId=repudiation_id, Status="SUCCEEDED")
    return sum(row["CreditedFunds"]["Amount"] for row in rows)


@route("GET", "/repudiations/{repudiation_id}")
def view_repudiation(call, repudiation_id):
    """What the bank took."""
    return public(call.tenant.get("repudiation", repudiation_id))


@route("POST", "/repudiations/{repudiation_id}/settlementtransfer")
def settle(call, repudiation_id):
    """Take a lost dispute's money from the wallet that was credited."""
    tenant = call.tenant
    repudiation = tenant.get("repudiation", repudiation_id)
    reader = Reader(call.body)
    author_id = reader.text("AuthorId", required=True)
    debited, fees = reader.funds("DebitedFunds", least=1), reader.funds("Fees")
    reader.done()
    tenant.named("user", author_id, "AuthorId")
    payin = tenant.find("payin", repudiation["InitialTransactionId"])
    same_currency(debited, fees, payin["DebitedFunds"])
    dispute = tenant.rows("dispute", RepudiationId=repudiation_id)[0]
    if dispute["ResultCode"] != "LOST":
        raise invalid_action("The dispute was not lost")
    wallet = tenant.find("wallet", payin["CreditedWalletId"])
    transactions.author_owns(wallet, author_id)
    settlement = transactions.start(
        tenant,
        "settlement",
        "settlement",
        "TRANSFER_SETTLEMENT",
        **transactions.amounts(debited, fees),
        Nature="SETTLEMENT",
        Type="TRANSFER",
        Tag=call.body.get("Tag"),
        AuthorId=author_id,
        DebitedWalletId=wallet["Id"],
        CreditedWalletId=repudiation["DebitedWalletId"],
        RepudiationId=repudiation_id,
    )
    _settle(tenant, settlement, repudiation, payin)
    return public(settlement)


def _settle(tenant, settlement, repudiation, payin):
    credited, fees = settlement["CreditedFunds"]["Amount"], settlement["Fees"]["Amount"]
    debited, wallet = settlement["DebitedFunds"]["Amount"], payin["CreditedWalletId"]
    done = _settled(tenant, repudiation["Id"])
    taken = repudiation["DebitedFunds"]["Amount"]
    found = (
        (credited <= 0, "001014"),
        (debited > payin["DebitedFunds"]["Amount"], "003010"),
        (done + credited > taken, "003011"),
        (fees > payin["Fees"]["Amount"], "003012"),
        (tenant.ledger.balance(wallet) < debited, "001001"),
    )
    if code := next((code for wrong, code in found if wrong), None):
        transactions.fail(tenant, settlement, code)
        return
    credit, house = (transactions.house(n, settlement) for n in ("CREDIT", "FEES"))
    tenant.ledger.move(settlement["Id"], "settlement", wallet, credit, credited)
    tenant.ledger.move(settlement["Id"], "settlement fees", wallet, house, fees)
    transactions.succeed(tenant, settlement)


@route("GET", "/settlements/{settlement_id}")
def view_settlement(call, settlement_id):
    """A settlement transfer."""
    return public(call.tenant.get("settlement", settlement_id))


@route("POST", "/clients/payins/bankwire/direct")
def create_bankwire(call):
    """A bank wire of the client itself, to its CREDIT wallet."""
    reader = Reader(call.body)
    debited = reader.funds("DeclaredDebitedFunds", least=1)
    wallets = [f"CREDIT_{currency}" for currency in CURRENCIES]
    wallet = reader.choice("CreditedWalletId", wallets, required=True)
    tag = reader.text("Tag")
    reader.done()
    currency = wallet.removeprefix("CREDIT_")
    same_currency(debited, currency)
    fees = money(currency, 0)
    return public(
        transactions.start(
            call.tenant,
            "payin",
            "payin_bankwire",
            "PAYIN_NORMAL",
            **transactions.amounts(debited, fees),
            **payins.wire_values(debited, fees),
            Tag=tag,
            CreditedWalletId=wallet,
            Type="PAYIN",
        )
    )
