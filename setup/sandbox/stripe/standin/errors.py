# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors in Stripe's envelope."""

from localstripe.errors import UserError

DOC_URL = "https://docs.stripe.com/error-codes#%s"


class ApiError(Exception):
    """An answer that is not 2xx.

    ``saved`` says whether the answer is kept under the request's idempotency key:
    Stripe keeps what an endpoint answered once it began to work, not a refusal of
    the request's form, of its key or of its rate.
    """

    def __init__(
        self,
        status,
        message,
        *,
        type="invalid_request_error",
        code=None,
        param=None,
        saved=True,
        headers=None,
        **details,
    ):
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.headers = headers or {}
        self.error = {"type": type, "message": message, **details}
        if code:
            self.error.update(code=code, doc_url=DOC_URL % code.replace("_", "-"))
        if param:
            self.error["param"] = param

    @property
    def body(self):
        """The JSON body of the answer."""
        return {"error": self.error}


def missing(kind, id, param="id"):
    """The object does not exist for this key."""
    return ApiError(
        404, f"No such {kind}: '{id}'", code="resource_missing", param=param
    )


def unknown_parameter(names):
    """The request has parameters that the endpoint does not know."""
    names = list(names)
    if len(names) == 1:
        message = f"Received unknown parameter: {names[0]}"
    else:
        message = f"Received unknown parameters: {', '.join(names)}"
    return ApiError(400, message, code="parameter_unknown", param=names[0], saved=False)


def from_localstripe(error, path):
    """The same error of a resource of localstripe, in full words."""
    message = error.body["error"].get("message") or "Bad request"
    code = error.body["error"].get("code")
    if error.code == 404:
        return ApiError(
            404,
            f"No such object at {path}: {message}",
            code="resource_missing",
            param="id",
        )
    if message.startswith("Unexpected "):
        return unknown_parameter(message.removeprefix("Unexpected ").split(", "))
    return ApiError(
        error.code,
        f"{message} ({path})",
        type="card_error" if error.code == 402 else "invalid_request_error",
        code=code,
        saved=error.code == 402,
    )


__all__ = ["ApiError", "UserError", "from_localstripe", "missing", "unknown_parameter"]
