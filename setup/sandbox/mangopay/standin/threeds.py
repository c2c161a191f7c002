# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""3-D Secure: nothing to do, a page of the bank, or a refusal."""

import secrets

from . import card_numbers, codes
from .clock import on_time

SESSION_SECONDS = 900
KNOWN = {}


def when_known(table):
    """Register ``function(tenant, obj, code)``: what the bank said, in a code."""

    def register(function):
        KNOWN[table] = function
        return function

    return register


def begin(tenant, table, obj, card):
    """Ask the bank. With a challenge, the object waits with an address to send to."""
    if not card.get("Active", True):
        KNOWN[table](tenant, obj, "101410")
    elif card["_does"] == card_numbers.REFUSED:
        KNOWN[table](tenant, obj, "101101")
    elif card["_does"] == card_numbers.CHALLENGE or obj.get("SecureMode") == "FORCE":
        challenge(tenant, table, obj)
    else:
        obj["SecureModeNeeded"] = False
        KNOWN[table](tenant, obj, codes.SUCCESS)


def challenge(tenant, table, obj):
    """Open the page of the bank; return its address."""
    session = tenant.add(
        "threeds",
        Token=secrets.token_urlsafe(24),
        Table=table,
        Target=obj["Id"],
        Status="PENDING",
    )
    url = f"{tenant.world.base_url}/3ds?token={session['Token']}"
    if "SecureModeNeeded" in obj:
        obj["SecureModeNeeded"], obj["SecureModeRedirectURL"] = True, url
    tenant.later(SESSION_SECONDS, "threeds_expire", session["Id"])
    return url


def session_of(world, token):
    """``(tenant, session, object)`` of the bank's page, or None."""
    for tenant in world.tenants.values():
        for session in tenant.rows("threeds", Token=token):
            return tenant, session, tenant.find(session["Table"], session["Target"])
    return None


def answer(tenant, session, accepted):
    """The person authorised the payment, or refused to."""
    _end(tenant, session, codes.SUCCESS if accepted else "101301")


@on_time("threeds_expire")
def _expire(tenant, session_id):
    _end(tenant, tenant.find("threeds", session_id), "101304")


def _end(tenant, session, code):
    if session["Status"] != "PENDING":
        return
    session["Status"] = "ENDED"
    obj = tenant.find(session["Table"], session["Target"])
    if obj["Status"] == "CREATED":
        KNOWN[session["Table"]](tenant, obj, code)
