# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Strong customer authentication: sessions on a hosted page, and what they unlock."""

import secrets

from .clock import on_time
from .errors import ApiError

SESSION_SECONDS = 600
READ_SECONDS = 180 * 86400
CODE = "702100"
PHONE = "+33611111111"
MOST_ATTEMPTS = 3
ENDINGS = {}


def when_done(what):
    """Register ``function(tenant, session, outcome)`` for the end of a session.

    The outcome is VALIDATED, FAILED or EXPIRED.
    """

    def register(function):
        ENDINGS[what] = function
        return function

    return register


def ask(tenant, user, what, target=None):
    """Open a session and return the sub-object that leads the person to it."""
    session = tenant.add(
        "sca",
        Status="PENDING",
        UserId=user["Id"],
        What=what,
        Target=target,
        Attempts=0,
        Token=secrets.token_urlsafe(24),
    )
    tenant.later(SESSION_SECONDS, "sca_expire", session["Id"])
    return {"RedirectUrl": f"{tenant.world.base_url}/sca?token={session['Token']}"}


def session_of(world, token):
    """``(tenant, session)`` of a hosted page, or None."""
    for tenant in world.tenants.values():
        for session in tenant.rows("sca", Token=token):
            return tenant, session
    return None


def end(tenant, session, outcome):
    """End a session once; what waited for it goes on, or is given up."""
    if session["Status"] != "PENDING":
        return
    session["Status"] = outcome
    ENDINGS[session["What"]](tenant, session, outcome)


def answer(tenant, session, code):
    """The person typed a code: true when it ended the session."""
    if code == CODE:
        end(tenant, session, "VALIDATED")
        return True
    session["Attempts"] += 1
    if session["Attempts"] >= MOST_ATTEMPTS:
        end(tenant, session, "FAILED")
        return True
    return False


@on_time("sca_expire")
def _expire(tenant, session_id):
    if session := tenant.find("sca", session_id):
        end(tenant, session, "EXPIRED")


def check_read(call, user):
    """Refuse to show an owner's money to who has not authenticated for 180 days.

    :raise ApiError: 401 with ``WWW-Authenticate``; 403 ``sca_proxy_missing``.
    """
    tenant = call.tenant
    if user["UserCategory"] != "OWNER" or not tenant.settings["sca_wallet_reads"]:
        return
    if tenant.settings["regime"] != "2026":
        return
    if (call.asked("ScaContext") or "USER_PRESENT") == "USER_NOT_PRESENT":
        proxy(user)
        return
    if tenant.now() - user["_read_sca"] < READ_SECONDS:
        return
    action = ask(tenant, user, "WALLETS")
    tenant.world.dirty = True
    raise ApiError(
        401,
        "sca_required",
        "Strong customer authentication is required",
        headers={
            "WWW-Authenticate": f"PendingUserAction RedirectUrl={action['RedirectUrl']}"
        },
    )


def proxy(user):
    """Refuse to act for a person who did not consent to it.

    :raise ApiError: 403 ``sca_proxy_missing``.
    """
    if not user["_consent"]:
        raise ApiError(
            403, "sca_proxy_missing", "The user has not given consent to the platform"
        )


@when_done("WALLETS")
def _may_read(tenant, session, outcome):
    if outcome == "VALIDATED":
        tenant.find("user", session["UserId"])["_read_sca"] = tenant.now()


@when_done("CONSENT")
def _may_act(tenant, session, outcome):
    if outcome == "VALIDATED":
        tenant.find("user", session["UserId"])["_consent"] = tenant.now()
        for scope in ("TRANSFER", "RECIPIENT_REGISTRATION", "VIEW_ACCOUNT_INFORMATION"):
            tenant.emit(f"SCA_{scope}_CONSENT_GIVEN", session["UserId"])


@when_done("ENROLLMENT")
def _enrolled(tenant, session, outcome):
    user = tenant.find("user", session["UserId"])
    word = {"VALIDATED": "SUCCEEDED"}.get(outcome, outcome)
    tenant.emit(f"SCA_ENROLLMENT_{word}", user["Id"])
    if outcome != "VALIDATED" or user["UserStatus"] == "CLOSED":
        return
    user["_enrolled"] = tenant.now()
    user["PendingUserAction"] = None
    if user["UserStatus"] == "PENDING_USER_ACTION":
        user["UserStatus"] = "ACTIVE"
        tenant.emit("USER_ACCOUNT_ACTIVATED", user["Id"])
