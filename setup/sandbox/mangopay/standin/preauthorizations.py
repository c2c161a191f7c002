# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Preauthorizations of seven days, and their capture."""

from . import codes, listing, payins, threeds, transactions
from .call import route
from .checks import Reader, same_currency
from .clock import on_time
from .errors import invalid_action
from .shapes import money, public

LIFE = 7 * 86400
SINGLE_CAPTURE = ("AMEX", "MAESTRO")


@route("POST", "/preauthorizations/card/direct")
def create(call):
    """Hold an amount on a registered card."""
    reader = Reader(call.body)
    author_id = reader.text("AuthorId", required=True)
    card_id = reader.text("CardId", required=True)
    debited = reader.funds("DebitedFunds", least=1)
    back = reader.text("SecureModeReturnURL", required=True)
    reader.text("IpAddress", required=True)
    reader.value("BrowserInfo", required=True)
    mode = reader.choice("SecureMode", payins.SECURE_MODES, default="DEFAULT")
    reader.descriptor()
    reader.done()
    tenant = call.tenant
    author = tenant.named("user", author_id, "AuthorId")
    card = tenant.named("card", card_id, "CardId")
    same_currency(debited, card["Currency"])
    held = tenant.add(
        "preauthorization",
        Tag=call.body.get("Tag"),
        AuthorId=author["Id"],
        DebitedFunds=debited,
        RemainingFunds=dict(debited),
        Status="CREATED",
        PaymentStatus="WAITING",
        ExpirationDate=tenant.now() + LIFE,
        PaymentType="CARD",
        ExecutionType="DIRECT",
        MultiCapture=card["CardProvider"] not in SINGLE_CAPTURE,
        **payins.secure_values(call, card, mode, back),
    )
    tenant.emit("PREAUTHORIZATION_CREATED", held["Id"])
    threeds.begin(tenant, "preauthorization", held, card)
    tenant.later(LIFE, "preauthorization_expire", held["Id"])
    return public(held)


@threeds.when_known("preauthorization")
def _known(tenant, held, code):
    held["Status"] = "SUCCEEDED" if code == codes.SUCCESS else "FAILED"
    held["ResultCode"], held["ResultMessage"] = code, codes.message(code)
    tenant.emit(f"PREAUTHORIZATION_{held['Status']}", held["Id"])
    if code == codes.SUCCESS:
        held["AuthorizationDate"] = tenant.now()
        tenant.emit("PREAUTHORIZATION_PAYMENT_WAITING", held["Id"])
    else:
        held["PaymentStatus"] = "CANCELED"


@on_time("preauthorization_expire")
def _expire(tenant, held_id):
    held = tenant.find("preauthorization", held_id)
    if held["PaymentStatus"] == "WAITING":
        _pay(tenant, held, "EXPIRED")


def _pay(tenant, held, status):
    held["PaymentStatus"] = status
    tenant.emit(f"PREAUTHORIZATION_PAYMENT_{status}", held["Id"])


@route("GET", "/preauthorizations/{held_id}")
def view(call, held_id):
    """A preauthorization."""
    return public(call.tenant.get("preauthorization", held_id))


@route("PUT", "/preauthorizations/{held_id}")
def update(call, held_id):
    """Let go of what is held, or say that no more will be captured."""
    held = call.tenant.get("preauthorization", held_id)
    reader = Reader(call.body)
    status = reader.choice("PaymentStatus", ("CANCELED", "VALIDATED"), required=True)
    reader.done()
    if held["PaymentStatus"] != "WAITING":
        raise invalid_action("The preauthorization does not wait for anything")
    if status == "CANCELED" and held["PayInId"]:
        raise invalid_action("A preauthorization that was captured is not canceled")
    held["RemainingFunds"] = money(held["DebitedFunds"]["Currency"], 0)
    _pay(call.tenant, held, status)
    return public(held)


@route("POST", "/payins/preauthorized/direct")
def capture(call):
    """Take all or part of what is held."""
    tenant = call.tenant
    reader = Reader(call.body)
    debited, fees = reader.funds("DebitedFunds", least=1), reader.funds("Fees")
    held_id = reader.text("PreauthorizationId", required=True)
    reader.done()
    held = tenant.named("preauthorization", held_id, "PreauthorizationId")
    call.body.setdefault("AuthorId", held["AuthorId"])
    author, wallet, beneficiaries = payins.parties(call, reader, debited, fees)
    same_currency(debited, held["DebitedFunds"])
    if held["Status"] != "SUCCEEDED" or held["PaymentStatus"] != "WAITING":
        raise invalid_action("The preauthorization cannot be captured")
    payin = transactions.start(
        tenant,
        "payin",
        "payin_preauthorized",
        "PAYIN_NORMAL",
        **payins.common(call, author, wallet, debited, fees),
        PaymentType="PREAUTHORIZED",
        ExecutionType="DIRECT",
        PreauthorizationId=held_id,
    )
    left = held["RemainingFunds"]["Amount"] - debited["Amount"]
    if payins.refused(call, payin, author, wallet, beneficiaries):
        return public(payin)
    if left < 0:
        transactions.fail(tenant, payin, "001505")
        return public(payin)
    payins.credit(tenant, payin)
    held["PayInId"] = payin["Id"]
    held["RemainingFunds"] = money(debited["Currency"], left)
    if not left or not held["MultiCapture"]:
        _pay(tenant, held, "VALIDATED")
    return public(payin)


@route("GET", "/users/{user_id}/preauthorizations")
def of_user(call, user_id):
    """Those of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("preauthorization", AuthorId=user_id))


@route("GET", "/cards/{card_id}/preauthorizations")
def of_card(call, card_id):
    """Those of a card."""
    call.tenant.get("card", card_id)
    return listing.answer(call, call.tenant.rows("preauthorization", CardId=card_id))


@route("GET", "/cards/fingerprints/{fingerprint}/preauthorizations")
def of_fingerprint(call, fingerprint):
    """Those of a card, each time it was registered."""
    ids = {card["Id"] for card in call.tenant.rows("card", Fingerprint=fingerprint)}
    rows = call.tenant.rows("preauthorization")
    return listing.answer(call, [row for row in rows if row["CardId"] in ids])
