# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pay-ins: by hosted page, by card, by bank wire."""

import secrets

from . import codes, rules, threeds, transactions
from .call import route
from .card_numbers import info
from .checks import Reader, same_currency
from .clock import on_time
from .errors import ApiError, invalid_action, param_error
from .shapes import ADDRESS, BROWSER, money, party, public, whole

PAGE_SECONDS = 900
WIRE_SECONDS = 30 * 86400
SECURE_MODES = ("DEFAULT", "FORCE", "NO_CHOICE")
CARD_TYPES = ("CB_VISA_MASTERCARD", "AMEX", "MAESTRO", "BCMC")


def parties(call, reader, debited, fees):
    """Author, wallet and beneficiaries, once all that is asked for is there.

    :raise ApiError: 400.
    """
    author_id = reader.text("AuthorId", required=True)
    wallet_id = reader.text("CreditedWalletId", required=True)
    reader.text("Tag")
    reader.descriptor()
    reader.done()
    tenant = call.tenant
    author = tenant.named("user", author_id, "AuthorId")
    wallet = tenant.named("wallet", wallet_id, "CreditedWalletId")
    same_currency(debited, fees, wallet["Currency"])
    owner = wallet["Owners"][0]
    if call.body.get("CreditedUserId") not in (None, "", owner):
        raise param_error(CreditedUserId="The credited user does not own the wallet.")
    return author, wallet, rules.read_beneficiaries(tenant, call.body)


def common(call, author, wallet, debited, fees):
    """The values that every pay-in has."""
    flow = call.body.get("FlowDescriptor")
    return {
        **transactions.amounts(debited, fees),
        "Tag": call.body.get("Tag"),
        "AuthorId": author["Id"],
        "CreditedUserId": wallet["Owners"][0],
        "CreditedWalletId": wallet["Id"],
        "Type": "PAYIN",
        "FlowDescriptor": whole(flow, ("FlowId", "Beneficiaries")),
        "ProfilingAttemptReference": call.body.get("ProfilingAttemptReference"),
    }


def refused(call, payin, author, wallet, beneficiaries):
    """End a pay-in that must not be; true when it was one."""
    debited, fees = payin["DebitedFunds"], payin["Fees"]
    refusal = rules.refuse_payin(call.tenant, author, wallet, beneficiaries)
    if fault := call.effect("payin_failed"):
        refusal = fault.code or "101101", {}
    if debited["Amount"] <= fees["Amount"]:
        refusal = "001014", {}
    if refusal:
        transactions.fail(call.tenant, payin, refusal[0], **refusal[1])
    return bool(refusal)


def credit(tenant, payin):
    """The money came: wallet and fees are credited from outside."""
    bank, fees = (transactions.house(name, payin) for name in ("BANK", "FEES"))
    wallet, ledger = payin["CreditedWalletId"], tenant.ledger
    ledger.move(payin["Id"], "payin", bank, wallet, payin["CreditedFunds"]["Amount"])
    ledger.move(payin["Id"], "payin fees", bank, fees, payin["Fees"]["Amount"])
    transactions.succeed(tenant, payin)


def card_answer(tenant, payin, code):
    """What the bank said of a card payment."""
    if transactions.ended(payin):
        return
    if code == codes.SUCCESS:
        credit(tenant, payin)
        if card := tenant.find("card", payin.get("CardId")):
            card["Validity"] = "VALID"
    else:
        transactions.fail(tenant, payin, code)


threeds.when_known("payin")(card_answer)


@route("POST", "/payins/card/web")
def create_web(call):
    """A pay-in on the hosted page, which lives 15 minutes."""
    reader = Reader(call.body)
    debited, fees = reader.funds("DebitedFunds", least=1), reader.funds("Fees")
    back = reader.text("ReturnURL", required=True, longest=220)
    kind = reader.choice("CardType", CARD_TYPES, default="CB_VISA_MASTERCARD")
    culture = reader.text("Culture", required=True, pattern="[A-Za-z]{2}")
    mode = reader.choice("SecureMode", SECURE_MODES, default="DEFAULT")
    author, wallet, beneficiaries = parties(call, reader, debited, fees)
    payin = transactions.start(
        call.tenant,
        "payin",
        "payin_web",
        "PAYIN_NORMAL",
        **common(call, author, wallet, debited, fees),
        PaymentType="CARD",
        ExecutionType="WEB",
        ReturnURL=back,
        CardType=kind,
        Culture=culture.upper(),
        SecureMode=mode,
        Billing=party(call.body.get("Billing")),
        Shipping=party(call.body.get("Shipping")),
        StatementDescriptor=call.body.get("StatementDescriptor"),
        _token=secrets.token_urlsafe(24),
    )
    if not refused(call, payin, author, wallet, beneficiaries):
        payin["RedirectURL"] = (
            f"{call.world.base_url}/pay?transactionId={payin['Id']}"
            f"&token={payin['_token']}"
        )
        call.tenant.later(PAGE_SECONDS, "payin_expire", payin["Id"], "101109")
    return public(payin)


@route("POST", "/payins/card/direct")
def create_direct(call):
    """A pay-in with a registered card."""
    reader = Reader(call.body)
    debited, fees = reader.funds("DebitedFunds", least=1), reader.funds("Fees")
    back = reader.text("SecureModeReturnURL", required=True)
    reader.text("IpAddress", required=True)
    reader.value("BrowserInfo", required=True)
    mode = reader.choice("SecureMode", SECURE_MODES, default="DEFAULT")
    card_id = reader.text("CardId", required=True)
    author, wallet, beneficiaries = parties(call, reader, debited, fees)
    card = call.tenant.named("card", card_id, "CardId")
    same_currency(debited, card["Currency"])
    payin = transactions.start(
        call.tenant,
        "payin",
        "payin_direct",
        "PAYIN_NORMAL",
        **common(call, author, wallet, debited, fees),
        **secure_values(call, card, mode, back),
        PaymentType="CARD",
        ExecutionType="DIRECT",
    )
    if not refused(call, payin, author, wallet, beneficiaries):
        threeds.begin(call.tenant, "payin", payin, card)
    return public(payin)


def secure_values(call, card, mode, back):
    """What a payment by card says of the card, the browser and 3-D Secure."""
    body = call.body
    return {
        "CardId": card["Id"],
        "SecureMode": mode,
        "SecureModeReturnURL": back,
        "SecureModeNeeded": False,
        "Culture": body.get("Culture") or "EN",
        "SecurityInfo": {"AVSResult": "NO_CHECK"},
        "StatementDescriptor": body.get("StatementDescriptor"),
        "BrowserInfo": whole(body.get("BrowserInfo"), BROWSER),
        "IpAddress": body.get("IpAddress"),
        "Billing": party(body.get("Billing")),
        "Shipping": party(body.get("Shipping")),
        "Requested3DSVersion": "V2_1",
        "Applied3DSVersion": "V2_1",
        "PreferredCardNetwork": body.get("PreferredCardNetwork"),
        "PaymentCategory": body.get("PaymentCategory") or "ECommerce",
        "CardInfo": info(card),
    }


def wire_values(debited, fees):
    """What a bank wire says of itself: where to send it, and under which reference."""
    address = {
        "AddressLine1": "59 Boulevard Royal",
        "City": "Luxembourg",
        "PostalCode": "2449",
        "Country": "LU",
    }
    return {
        "PaymentType": "BANK_WIRE",
        "ExecutionType": "DIRECT",
        "DeclaredDebitedFunds": debited,
        "DeclaredFees": fees,
        "WireReference": secrets.token_hex(5),
        "BankAccount": {
            "OwnerAddress": whole(address, ADDRESS),
            "Type": "IBAN",
            "OwnerName": "MANGOPAY",
            "IBAN": "FR7618829754160173622224154",
            "BIC": "CMBRFR2BCME",
        },
    }


@route("POST", "/payins/bankwire/direct")
def create_bankwire(call):
    """A pay-in that a bank wire will make, some day."""
    reader = Reader(call.body)
    debited = reader.funds("DeclaredDebitedFunds", least=1)
    fees = reader.funds("DeclaredFees")
    author, wallet, beneficiaries = parties(call, reader, debited, fees)
    payin = transactions.start(
        call.tenant,
        "payin",
        "payin_bankwire",
        "PAYIN_NORMAL",
        **common(call, author, wallet, debited, fees),
        **wire_values(debited, fees),
    )
    if not refused(call, payin, author, wallet, beneficiaries):
        call.tenant.later(WIRE_SECONDS, "payin_expire", payin["Id"], "101109")
    return public(payin)


@route("GET", "/payins/{payin_id}")
def view(call, payin_id):
    """A pay-in of any kind."""
    return public(call.tenant.get("payin", payin_id))


@route("GET", "/payins/card/web/{payin_id}/extended")
def extended(call, payin_id):
    """The card that was used on the hosted page."""
    payin = call.tenant.get("payin", payin_id)
    card = payin.get("_card")
    if payin["ExecutionType"] != "WEB" or not card:
        raise ApiError(400, "invalid_action", "No card was used for this pay-in")
    return {
        "Id": payin["Id"],
        "PaymentType": "CARD",
        "ExecutionType": "WEB",
        "ExpirationDate": card["ExpirationDate"],
        "Alias": card["Alias"],
        "CardType": card["CardType"],
        "Country": "FRA",
        "Fingerprint": card["Fingerprint"],
    }


@on_time("payin_expire")
def _expire(tenant, payin_id, code):
    payin = tenant.find("payin", payin_id)
    if payin and not transactions.ended(payin):
        transactions.fail(tenant, payin, code)


def wire_received(tenant, payin, amount=None):
    """The bank wire came, of the declared amount or of another.

    :raise ApiError: when the pay-in is over, or of another kind.
    """
    if payin["PaymentType"] != "BANK_WIRE" or transactions.ended(payin):
        raise invalid_action("This pay-in does not wait for a bank wire")
    currency = payin["DebitedFunds"]["Currency"]
    if amount is not None:
        fees = money(currency, min(payin["Fees"]["Amount"], amount))
        payin.update(transactions.amounts(money(currency, amount), fees))
    credit(tenant, payin)
