# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hosted identity verification: Mangopay's own page does all of it."""

import secrets

from . import kyc, listing
from .call import route
from .checks import Reader
from .errors import ApiError, invalid_action
from .shapes import public

EVENTS = {
    "VALIDATED": "IDENTITY_VERIFICATION_VALIDATED",
    "REFUSED": "IDENTITY_VERIFICATION_FAILED",
    "REVIEW": "IDENTITY_VERIFICATION_INCONCLUSIVE",
}
LEGAL_TYPES = ("SOLETRADER", "BUSINESS")


@route("POST", "/users/{user_id}/identity-verifications")
def create(call, user_id):
    """A session on the hosted page, which has no end."""
    tenant = call.tenant
    if not tenant.settings["identity_verification"]:
        raise ApiError(
            403,
            "forbidden",
            "Forbidden",
            body={
                "type": "https://tools.ietf.org/html/rfc7231#section-6.5.3",
                "title": "Forbidden",
                "status": 403,
                "traceId": secrets.token_hex(16),
            },
        )
    user = tenant.get("user", user_id)
    reader = Reader(call.body)
    back = reader.text("ReturnUrl", required=True, longest=500)
    tag = reader.text("Tag")
    reader.done()
    legal = user.get("LegalPersonType")
    if user["UserCategory"] != "OWNER" or (legal and legal not in LEGAL_TYPES):
        raise invalid_action("Identity verification is not for this user")
    session = tenant.add(
        "idv",
        Tag=tag,
        ReturnUrl=back,
        Status="PENDING",
        UserId=user_id,
        LastUpdate=tenant.now(),
        Checks=[],
        PSCs=[],
        _token=secrets.token_urlsafe(24),
    )
    session["HostedUrl"] = f"{tenant.world.base_url}/idv?token={session['_token']}"
    tenant.emit("IDENTITY_VERIFICATION_PENDING", session["Id"])
    return public(session)


def session_of(world, token):
    """``(tenant, session)`` of a hosted page, or None."""
    for tenant in world.tenants.values():
        for session in tenant.rows("idv", _token=token):
            return tenant, session
    return None


def decide(tenant, session, status, reason=None):
    """VALIDATED, REFUSED or REVIEW, with a check for each thing looked at.

    :raise ApiError: when the session is over.
    """
    if session["Status"] not in ("PENDING", "REVIEW"):
        raise invalid_action("The verification is over")
    user = tenant.find("user", session["UserId"])
    session["Status"], session["LastUpdate"] = status, tenant.now()
    kinds = ["IDENTITY_DOCUMENT_VERIFICATION", "IDV_NAME_MATCH_CHECK"]
    if user["PersonType"] == "LEGAL":
        kinds += ["BUSINESS_VERIFICATION", "BUSINESS_NAME_MATCH"]
    good = status == "VALIDATED"
    reasons = [] if good else [{"Type": reason or "DOCUMENT_UNREADABLE", "Value": ""}]
    session["Checks"] = [
        {
            "CheckId": tenant.new_id("idvcheck_m_"),
            "Type": kind,
            "CheckStatus": "VALIDATED" if good else "REFUSED",
            "Reasons": reasons,
            "CreationDate": session["CreationDate"],
            "LastUpdate": tenant.now(),
            "Data": [],
        }
        for kind in kinds
    ]
    tenant.emit(EVENTS[status], session["Id"])
    if good:
        kyc.refresh_level(tenant, user, by_session=True)


@route("GET", "/users/{user_id}/identity-verifications")
def view_all(call, user_id):
    """The sessions of a user."""
    call.tenant.get("user", user_id)
    return listing.answer(call, call.tenant.rows("idv", UserId=user_id))


@route("GET", "/identity-verifications/{session_id}")
def view(call, session_id):
    """A session with its checks."""
    return public(call.tenant.get("idv", session_id))
