# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wallets of users, and what moved on them."""

from . import listing, sca
from .call import route
from .checks import CURRENCIES, Reader
from .errors import param_error
from .shapes import money, public


def show(tenant, wallet):
    """A wallet with what it holds now."""
    shown = public(wallet)
    held = tenant.ledger.balance(wallet["Id"])
    shown["Balance"] = money(wallet["Currency"], held)
    return shown


@route("POST", "/wallets")
def create(call):
    """A wallet has one owner and one currency."""
    reader = Reader(call.body)
    description = reader.text("Description", required=True)
    currency = reader.choice("Currency", CURRENCIES, required=True)
    tag = reader.text("Tag")
    owners = reader.value("Owners", required=True)
    if not isinstance(owners, list) or len(owners) != 1:
        reader.wrong("Owners", "The Owners field must list one user.")
    reader.done()
    user = call.tenant.named("user", owners[0], "Owners")
    if user["UserStatus"] == "CLOSED":
        raise param_error(Owners="The user is closed.")
    wallet = call.tenant.add(
        "wallet",
        Description=description,
        Owners=[user["Id"]],
        Currency=currency,
        FundsType="DEFAULT",
        Tag=tag,
    )
    return show(call.tenant, wallet)


@route("GET", "/wallets/{wallet_id}")
def view(call, wallet_id):
    """A wallet; an owner's asks for strong authentication now and then."""
    wallet = call.tenant.get("wallet", wallet_id)
    sca.check_read(call, call.tenant.find("user", wallet["Owners"][0]))
    return show(call.tenant, wallet)


@route("PUT", "/wallets/{wallet_id}")
def update(call, wallet_id):
    """Only its description and its tag can change."""
    wallet = call.tenant.get("wallet", wallet_id)
    reader = Reader(call.body)
    values = {name: reader.text(name) for name in ("Description", "Tag")}
    reader.done()
    wallet.update({name: text for name, text in values.items() if text is not None})
    return show(call.tenant, wallet)


@route("GET", "/users/{user_id}/wallets")
def view_all(call, user_id):
    """The wallets of a user."""
    user = call.tenant.get("user", user_id)
    sca.check_read(call, user)
    return listing.answer(
        call,
        call.tenant.rows("wallet", Owners=[user["Id"]]),
        show=lambda wallet: show(call.tenant, wallet),
    )


@route("GET", "/wallets/{wallet_id}/transactions")
def wallet_transactions(call, wallet_id):
    """What went in and out of a wallet."""
    wallet = call.tenant.get("wallet", wallet_id)
    sca.check_read(call, call.tenant.find("user", wallet["Owners"][0]))
    return _transactions(
        call,
        lambda row: wallet_id in (row["CreditedWalletId"], row["DebitedWalletId"]),
    )


@route("GET", "/users/{user_id}/transactions")
def user_transactions(call, user_id):
    """What a user paid or was paid."""
    user = call.tenant.get("user", user_id)
    sca.check_read(call, user)
    return _transactions(
        call, lambda row: user_id in (row["AuthorId"], row["CreditedUserId"])
    )


@route("GET", "/cards/{card_id}/transactions")
def card_transactions(call, card_id):
    """What was paid with a card."""
    call.tenant.get("card", card_id)
    return _transactions(call, lambda row: row.get("CardId") == card_id)


@route("GET", "/cards/fingerprints/{fingerprint}/transactions")
def fingerprint_transactions(call, fingerprint):
    """What was paid with a card, whoever registered it."""
    cards = {card["Id"] for card in call.tenant.rows("card", Fingerprint=fingerprint)}
    return _transactions(call, lambda row: row.get("CardId") in cards)


@route("GET", "/bankaccounts/{account_id}/transactions")
def bank_account_transactions(call, account_id):
    """What was paid out to a bank account."""
    call.tenant.get("bankaccount", account_id)
    return _transactions(call, lambda row: row.get("BankAccountId") == account_id)


@route("GET", "/preauthorizations/{preauthorization_id}/transactions")
def preauthorization_transactions(call, preauthorization_id):
    """What was captured of a preauthorization."""
    call.tenant.get("preauthorization", preauthorization_id)
    return _transactions(
        call, lambda row: row.get("PreauthorizationId") == preauthorization_id
    )


@route("GET", "/disputes/{dispute_id}/transactions")
def dispute_transactions(call, dispute_id):
    """What a dispute moved."""
    dispute = call.tenant.get("dispute", dispute_id)
    ids = {dispute["InitialTransactionId"], dispute["RepudiationId"]} - {None}
    return _transactions(
        call, lambda row: row["Id"] in ids or row.get("RepudiationId") in ids
    )


@route("GET", "/clients/wallets/{funds_type}/{currency}/transactions")
def client_transactions(call, funds_type, currency):
    """What moved on one of the client's own wallets."""
    account = f"{funds_type}_{currency}".upper()
    ids = {row["transaction"] for row in call.tenant.data["entries"]
           if row["account"] == account}  # fmt: skip
    return _transactions(call, lambda row: row["Id"] in ids)


def _transactions(call, wanted):
    return listing.answer(call, [r for r in call.tenant.transactions() if wanted(r)])
