# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a request to its answer, without HTTP: tests may call it too."""

import json

from . import (
    auth,
    bank_accounts,
    cards,
    clients,
    dispute_documents,
    disputes,
    hooks,
    idempotency,
    identity,
    kyc,
    payins,
    payouts,
    preauthorizations,
    ratelimit,
    recipients,
    refunds,
    reports,
    settlements,
    transfers,
    ubo,
    user_extras,
    users,
    wallets,
)
from .call import Answer, Call, find, split
from .errors import ApiError, not_found, param_error

RESOURCES = (
    bank_accounts, cards, clients, dispute_documents, disputes, hooks, identity, kyc,
    payins, payouts, preauthorizations, recipients, refunds, reports, settlements,
    transfers, ubo, user_extras, users, wallets,
)  # fmt: skip
LONGEST_BODY = 10 * 1024 * 1024


def serve(world, request):
    """Answer a request. What it changes is changed when this returns, or nothing is."""
    world.timers.run()
    try:
        return _serve(world, request)
    except ApiError as error:
        return refusal(world, error)


def refusal(world, error):
    """The answer that an error is."""
    return Answer(error.status, error.envelope(world.clock.exact()), error.headers)


def is_api(path):
    """Whether a path is of the API."""
    parts = split(path)
    if parts and parts[0] == "production":
        parts = parts[1:]
    return bool(parts) and parts[0].lower() == "v2.01"


def _serve(world, request):
    parts = split(request.path)
    live = parts[0] == "production"
    parts = parts[2:] if live else parts[1:]
    if [part.lower() for part in parts] == ["oauth", "token"]:
        if request.method != "POST":
            raise ApiError(405, "method_not_allowed", "POST only")
        return auth.give_token(world, request, live)
    if not parts:
        raise not_found(request.path)
    tenant = auth.authenticate(world, request.headers, parts[0], live)
    headers = ratelimit.count(tenant)
    call = Call(
        world=world,
        tenant=tenant,
        method=request.method,
        path=request.path,
        query=request.query,
        body={},
        idempotency_key=request.headers.get("idempotency-key", ""),
    )
    answer = _answer(call, request, parts[1:])
    answer.headers = {**headers, **answer.headers}
    world.log(
        client=tenant.name,
        method=call.method,
        path=call.path,
        idempotency_key=call.idempotency_key,
        status=answer.status,
    )
    return answer


def _answer(call, request, parts):
    try:
        idempotency.check(call)
    except ApiError as error:
        return refusal(call.world, error)
    try:
        function, named = find(call.method, parts)
        call.body = _read(request)
        answer = function(call, **named)
        if not isinstance(answer, Answer):
            answer = Answer(body=answer)
    except ApiError as error:
        answer = refusal(call.world, error)
    if call.method != "GET":
        call.world.dirty = True
        idempotency.keep(call, answer)
    return answer


def _read(request):
    if len(request.body) > LONGEST_BODY:
        raise ApiError(413, "payload_too_large", "The request is too large")
    if not request.body.strip() or request.method == "GET":
        return {}
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise param_error(Body=f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise param_error(Body="The body must be an object.")
    return body
