# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cards: registered from the browser, checked, put away."""

import secrets
from datetime import datetime, timezone

from . import card_numbers, codes, listing, threeds
from .call import Answer, route
from .checks import CURRENCIES, Reader
from .errors import ApiError, invalid_action, param_error
from .shapes import BROWSER, public, whole

CARD_TYPES = ("CB_VISA_MASTERCARD", "AMEX", "MAESTRO", "BCMC")
# What the page that takes the card says, and the result that follows.
PAGE_ERRORS = {"105202": "02625", "105203": "02626", "105204": "02627"}


def moment(tenant):
    """The time, as a date."""
    return datetime.fromtimestamp(tenant.now(), timezone.utc)


@route("POST", "/cardregistrations")
def register(call):
    """Open a registration: the browser then sends the card elsewhere than here."""
    reader = Reader(call.body)
    user_id = reader.text("UserId", required=True)
    currency = reader.choice("Currency", CURRENCIES, required=True)
    kind = reader.choice("CardType", CARD_TYPES, default="CB_VISA_MASTERCARD")
    tag = reader.text("Tag")
    reader.done()
    call.tenant.named("user", user_id, "UserId")
    return public(
        call.tenant.add(
            "cardregistration",
            Tag=tag,
            UserId=user_id,
            AccessKey=secrets.token_urlsafe(12),
            PreregistrationData=secrets.token_urlsafe(48),
            CardType=kind,
            CardRegistrationURL=f"{call.world.base_url}/tokenizer/getToken",
            Currency=currency,
            Status="CREATED",
        )
    )


def tokenize(world, form):
    """The answer to the browser: ``data=…`` or ``errorCode=…``, as text."""
    for tenant in world.tenants.values():
        for found in tenant.rows("cardregistration", Status="CREATED"):
            if found["AccessKey"] == form.get("accessKeyRef") and found[
                "PreregistrationData"
            ] == form.get("data"):
                return _tokenize(tenant, found, form)
    return "errorCode=09101"


def _tokenize(tenant, registration, form):
    card, code = card_numbers.read(
        form.get("cardNumber"),
        form.get("cardExpirationDate"),
        form.get("cardCvx"),
        moment(tenant),
    )
    tenant.world.dirty = True
    if code:
        return f"errorCode={PAGE_ERRORS[code]}"
    token = secrets.token_urlsafe(32)
    registration["_token"], registration["_card"] = token, card
    return f"data={token}"


@route("PUT", "/cardregistrations/{registration_id}")
def finish(call, registration_id):
    """Give back what the browser received: the card exists."""
    tenant = call.tenant
    registration = tenant.get("cardregistration", registration_id)
    reader = Reader(call.body)
    data = reader.text("RegistrationData", required=True, longest=4096)
    holder = reader.text("CardHolderName", longest=45)
    reader.done()
    if registration["Status"] != "CREATED":
        raise invalid_action("The card registration is over")
    registration["RegistrationData"] = data
    registration["CardHolderName"] = holder
    token = data.removeprefix("data=")
    if not registration.get("_token") or token != registration["_token"]:
        code = _page_error(data)
        _result(registration, "ERROR", code)
        return public(registration)
    card = registration.pop("_card")
    registration["CardId"] = tenant.add(
        "card",
        **{**card, "CardType": registration["CardType"]},
        Country="FRA",
        Product="F",
        BankCode="00000",
        Active=True,
        Currency=registration["Currency"],
        Validity="UNKNOWN",
        UserId=registration["UserId"],
        CardHolderName=holder,
    )["Id"]
    _result(registration, "VALIDATED", codes.SUCCESS)
    return public(registration)


def _page_error(data):
    word = data.removeprefix("errorCode=")
    return {page: code for code, page in PAGE_ERRORS.items()}.get(word, "105206")


def _result(registration, status, code):
    registration["Status"] = status
    registration["ResultCode"] = code
    registration["ResultMessage"] = codes.message(code)


@route("GET", "/cardregistrations/{registration_id}")
def view_registration(call, registration_id):
    """A registration."""
    return public(call.tenant.get("cardregistration", registration_id))


@route("GET", "/cards/{card_id}")
def view(call, card_id):
    """A card, of which only the alias is known."""
    return public(call.tenant.get("card", card_id))


@route("PUT", "/cards/{card_id}")
def update(call, card_id):
    """Put a card away for good, or name its holder."""
    card = call.tenant.get("card", card_id)
    reader = Reader(call.body)
    active = reader.boolean("Active")
    holder = reader.text("CardHolderName", longest=45)
    reader.done()
    if active is False and not card["Active"]:
        raise ApiError(400, "card_already_not_active", "The card is already not active")
    if active is False:
        card["Active"] = False
    if holder:
        card["CardHolderName"] = holder
    return public(card)


@route("GET", "/users/{user_id}/cards")
def view_all(call, user_id):
    """The cards of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("card", UserId=user_id))


@route("GET", "/cards/fingerprints/{fingerprint}")
def by_fingerprint(call, fingerprint):
    """The same card, each time it was registered."""
    return listing.answer(call, call.tenant.rows("card", Fingerprint=fingerprint))


@route("POST", "/cards/{card_id}/validation")
def validate(call, card_id):
    """Have a card checked by its bank, without paying."""
    card = call.tenant.get("card", card_id)
    reader = Reader(call.body)
    author = reader.text("AuthorId", required=True)
    back = reader.text("SecureModeReturnURL", required=True)
    reader.text("IpAddress", required=True)
    reader.value("BrowserInfo", required=True)
    reader.done()
    if author != card["UserId"]:
        raise param_error(AuthorId="The author must be the owner of the card.")
    check = call.tenant.add(
        "card_validation",
        AuthorId=author,
        Status="CREATED",
        Validity="UNKNOWN",
        Type="CARD_VALIDATION",
        CardId=card_id,
        SecureModeReturnURL=back,
        SecureMode=call.body.get("SecureMode") or "DEFAULT",
        IpAddress=call.body.get("IpAddress"),
        BrowserInfo=whole(call.body.get("BrowserInfo"), BROWSER),
        Applied3DSVersion="V2_1",
        CardInfo=card_numbers.info(card),
        Tag=call.body.get("Tag"),
        _event="CARD_VALIDATION",
    )
    call.tenant.emit("CARD_VALIDATION_CREATED", check["Id"])
    threeds.begin(call.tenant, "card_validation", check, card)
    return public(check)


@route("GET", "/cards/{card_id}/validation/{validation_id}")
def view_validation(call, card_id, validation_id):
    """What a check came to."""
    call.tenant.get("card", card_id)
    return public(call.tenant.get("card_validation", validation_id))


@threeds.when_known("card_validation")
def _validated(tenant, check, code):
    card = tenant.find("card", check["CardId"])
    good = code == codes.SUCCESS
    check["Status"] = "SUCCEEDED" if good else "FAILED"
    check["Validity"] = card["Validity"] = "VALID" if good else "INVALID"
    check["ResultCode"], check["ResultMessage"] = code, codes.message(code)
    tenant.emit(f"CARD_VALIDATION_{check['Status']}", check["Id"])


@route("GET", "/cards/fingerprints/{fingerprint}/users")
def users_of_fingerprint(call, fingerprint):
    """Who registered the same card."""
    ids = {card["UserId"] for card in call.tenant.rows("card", Fingerprint=fingerprint)}
    return Answer(body=[public(call.tenant.find("user", id_)) for id_ in sorted(ids)])
