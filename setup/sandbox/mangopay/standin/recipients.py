# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recipients: where a person is paid out, once they authenticated."""

import uuid

from . import listing, sca
from .call import Answer, route
from .errors import ApiError, invalid_action, param_error
from .recipient_schema import METHODS, PERSONS, check, methods, schema
from .shapes import ADDRESS, public, whole

VOP_IBAN = "FR7630001007941234567890185"
VOP_NAMES = {"eurocorp": "MATCH", "eurocarp": "CLOSE_MATCH"}
VOP_MESSAGES = {
    "MATCH": "The name matches that of the account holder",
    "CLOSE_MATCH": "The name nearly matches: the account holder is EuroCorp",
    "NO_MATCH": "The name does not match that of the account holder",
    "MATCH_NOT_POSSIBLE": "The bank of the account does not answer",
}


def _asked(call, name, allowed=None):
    value = call.asked(name)
    if not value or (allowed and value not in allowed):
        raise param_error(**{name: f"The {name} field is required."})
    return value


@route("GET", "/recipients/payout-methods")
def payout_methods(call):
    """The ways to pay out in a country and a currency."""
    _asked(call, "Country")
    return {"AvailablePayoutMethods": methods(_asked(call, "Currency"))}


@route("GET", "/recipients/schema")
def view_schema(call):
    """The form of a recipient."""
    currency = _asked(call, "Currency")
    method = _asked(call, "PayoutMethodType", METHODS)
    if method not in methods(currency):
        raise param_error(Currency=f"{method} is not available in {currency}.")
    return schema(
        method,
        _asked(call, "RecipientType", PERSONS),
        currency,
        _asked(call, "Country"),
    )


@route("POST", "/users/{user_id}/recipients/validate")
def validate(call, user_id):
    """Check a recipient without making it."""
    call.tenant.get("user", user_id)
    check(call.body)
    return Answer(204)


@route("POST", "/users/{user_id}/recipients")
def create(call, user_id):
    """A recipient, PENDING until its person authenticates."""
    tenant, body = call.tenant, call.body
    user = tenant.get("user", user_id)
    check(body)
    if user["UserCategory"] == "PAYER" and body.get("RecipientScope") != "PAYIN":
        raise ApiError(
            400,
            "not_allowed_for_user_category_payer",
            "This action is not allowed for a user of category PAYER",
        )
    if user["UserStatus"] == "CLOSED":
        raise invalid_action("The user is closed")
    name = PERSONS[body["RecipientType"]][0]
    scope = body.get("RecipientScope") or "PAYOUT"
    person = {**body[name], "Address": whole(body[name].get("Address"), ADDRESS)}
    recipient = tenant.add(
        "recipient",
        **{key: body[key] for key in ("DisplayName", "PayoutMethodType",
                                      "RecipientType", "Currency", "Country")},
        **{name: person, body["PayoutMethodType"]: body[body["PayoutMethodType"]]},
        Status="PENDING",
        UserId=user_id,
        RecipientScope=scope,
        Tag=body.get("Tag"),
    )  # fmt: skip
    recipient["RecipientVerificationOfPayee"] = verify_payee(tenant, recipient)
    recipient["PendingUserAction"] = sca.ask(tenant, user, "RECIPIENT", recipient["Id"])
    return Answer(201, public(recipient))


def account_of(recipient):
    """The account's own number: an IBAN, mostly."""
    local = (recipient["LocalBankTransfer"] or {}).get(recipient["Currency"]) or {}
    foreign = recipient["InternationalBankTransfer"] or {}
    return (local.get("IBAN") or local.get("AccountNumber") or local.get("Clabe")
            or foreign.get("AccountNumber"))  # fmt: skip


def verify_payee(tenant, recipient):
    """What the bank says of the name: « wrong » in it is somebody else's."""
    person = recipient["BusinessRecipient"] or recipient["IndividualRecipient"]
    name = person.get("BusinessName") or "{FirstName} {LastName}".format(**person)
    word = name.lower()
    result = "NO_MATCH" if "wrong" in word else "MATCH"
    if account_of(recipient) == VOP_IBAN:
        result = VOP_NAMES.get(word, "NO_MATCH")
    if recipient["PayoutMethodType"] != "LocalBankTransfer":
        result = "MATCH_NOT_POSSIBLE"
    return {
        "RecipientVerificationId": str(uuid.uuid4()),
        "RecipientVerificationCheck": result,
        "RecipientVerificationMessage": VOP_MESSAGES[result],
    }


@sca.when_done("RECIPIENT")
def _authenticated(tenant, session, outcome):
    recipient = tenant.find("recipient", session["Target"])
    if recipient["Status"] == "PENDING":
        finish(tenant, recipient, outcome == "VALIDATED")


def finish(tenant, recipient, good):
    """End the wait of a recipient: ACTIVE, or CANCELED for good."""
    recipient["PendingUserAction"] = None
    recipient["Status"] = "ACTIVE" if good else "CANCELED"
    tenant.emit(f"RECIPIENT_{recipient['Status']}", recipient["Id"])


@route("GET", "/users/{user_id}/recipients")
def view_all(call, user_id):
    """The recipients of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("recipient", UserId=user_id))


@route("GET", "/recipients/{recipient_id}")
def view(call, recipient_id):
    """A recipient."""
    return public(call.tenant.get("recipient", recipient_id))


@route("PUT", "/recipients/{recipient_id}")
def update(call, recipient_id):
    """Deactivate a recipient: nothing else can change, and not back."""
    recipient = call.tenant.get("recipient", recipient_id)
    if call.body.get("Status") != "DEACTIVATED":
        raise param_error(Status="The only value is DEACTIVATED.")
    if recipient["Status"] != "ACTIVE":
        raise invalid_action("Only an active recipient can be deactivated")
    recipient["Status"] = "DEACTIVATED"
    call.tenant.emit("RECIPIENT_DEACTIVATED", recipient_id)
    return public(recipient)
