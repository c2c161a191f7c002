# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clients, keys and tokens.

A client exists from its first use, and its first key is the one it has. A key that
begins with « live » is of production: it opens ``/production/v2.01/`` and nothing else.
A key with « wrong » or « revoked » in it opens nothing.
"""

import base64
import binascii
import re
import secrets

from .call import Answer
from .errors import ApiError, unauthorized

LOCK_AFTER = 10
LOCK_SECONDS = 900
LIVE_TOKEN_SECONDS = 3600
CLIENT_ID = r"[A-Za-z0-9._-]{1,64}"


def give_token(world, request, live):
    """A token for the client of the Basic header; the body says nothing we need.

    The Python SDK sends JSON and says it is a form: neither is looked into.
    """
    client_id, key = _credentials(request.headers)
    tenant = _tenant(world, client_id, key, live)
    seconds = LIVE_TOKEN_SECONDS if live else tenant.settings["token_seconds"]
    token = secrets.token_urlsafe(32)
    now = world.clock.now()
    tokens = world.data["tokens"]
    for old in [name for name, row in tokens.items() if row["until"] <= now]:
        del tokens[old]
    tokens[token] = {"tenant": tenant.name, "until": now + seconds}
    world.dirty = True
    return Answer(
        body={"access_token": token, "token_type": "bearer", "expires_in": seconds}
    )


def authenticate(world, headers, client_id, live):
    """The client that a request is for.

    :raise ApiError: 401 for a token unknown, expired, or of another client.
    """
    scheme, _space, token = headers.get("authorization", "").partition(" ")
    row = world.data["tokens"].get(token.strip())
    if scheme.lower() != "bearer" or not row or row["until"] <= world.clock.now():
        raise unauthorized()
    tenant = world.tenant(row["tenant"])
    if tenant.data["client_id"].lower() != client_id.lower():
        raise unauthorized("The access token is of another client")
    if tenant.data["live"] != live or not tenant.data["active"]:
        raise unauthorized()
    return tenant


def _credentials(headers):
    scheme, _space, coded = headers.get("authorization", "").partition(" ")
    try:
        text = base64.b64decode(coded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    client_id, _colon, key = text.partition(":")
    if scheme.lower() != "basic" or not key or not re.fullmatch(CLIENT_ID, client_id):
        raise unauthorized("The client credentials are missing")
    return client_id, key


def _tenant(world, client_id, key, live):
    name = client_id.lower() + ("@live" if live else "")
    usable = key.startswith("live") == live and not re.search("wrong|revoked", key)
    tenant = world.tenant(name, make=usable)
    if tenant is None:
        raise unauthorized("The client id or the API key is not valid")
    data = tenant.data
    if data["locked_until"] > world.clock.now():
        raise _locked()
    if not usable or data["key"] not in (None, key) or not data["active"]:
        data["failures"] += 1
        world.dirty = True
        if data["failures"] >= LOCK_AFTER:
            data["locked_until"] = world.clock.now() + LOCK_SECONDS
        raise unauthorized("The client id or the API key is not valid")
    data["key"], data["failures"] = key, 0
    return tenant


def _locked():
    return ApiError(
        400,
        "unauthorized_client",
        "locked",
        body={
            "error": "unauthorized_client",
            "error_description": "Too many failed attempts: the client is locked",
        },
    )
