# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Idempotency keys: a second use is refused, the first answer can be read."""

import json
import re
from email.utils import formatdate

from .call import Answer, route
from .errors import ApiError, not_found, param_error

LIFE = 24 * 3600
SHAPE = re.compile(r"[A-Za-z0-9-]{16,36}")


def check(call):
    """Refuse a key of the wrong shape, or one that was used within 24 hours.

    :raise ApiError: 400 ``param_error``; 409 whatever the first answer was.
    """
    key = call.idempotency_key
    if call.method != "POST" or not key:
        return
    if not SHAPE.fullmatch(key):
        raise param_error(
            **{
                "Idempotency-Key": "The Idempotency-Key must be 16 to 36 characters "
                "long, alphanumeric or dashes."
            }
        )
    if _kept(call.tenant, key):
        raise ApiError(
            409,
            "idempotent_creation_conflict",
            "A resource has already been created with this Idempotency Key",
        )


def keep(call, answer):
    """Keep the answer of a POST that had a key, be it an error."""
    if call.method != "POST" or not call.idempotency_key:
        return
    text = "" if answer.body is None else json.dumps(answer.body)
    call.tenant.data["responses"][call.idempotency_key] = {
        "at": call.tenant.now(),
        "StatusCode": str(answer.status),
        "ContentLength": str(len(text)),
        "ContentType": "application/json; charset=utf-8",
        "Date": formatdate(call.tenant.now(), usegmt=True),
        "RequestURL": call.world.base_url + call.path,
        "Resource": answer.body,
    }


@route("GET", "/responses/{key}")
def view(call, key):
    """What the first use of a key was answered."""
    kept = _kept(call.tenant, key)
    if not kept:
        raise not_found(key)
    return Answer(body={name: kept[name] for name in kept if name != "at"})


def _kept(tenant, key):
    kept = tenant.data["responses"].get(key)
    if kept and tenant.now() - kept["at"] >= LIFE:
        del tenant.data["responses"][key]
        return None
    return kept
