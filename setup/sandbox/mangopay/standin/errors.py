# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors as Mangopay words them."""

import uuid

PARAM_ERROR = (
    "One or several required parameters are missing or incorrect. An incorrect "
    "resource ID also raises this kind of error."
)


class ApiError(Exception):
    """An HTTP error; ``errors`` maps a field to what is wrong with it.

    :param key: under which the answer gives them: « Errors » for recipients
    """

    def __init__(
        self, status, type_, message, errors=None, headers=None, body=None, key="errors"
    ):
        super().__init__(message)
        self.status = status
        self.type = type_
        self.message = message
        self.errors = errors
        self.headers = headers or {}
        self.body = body
        self.key = key

    def envelope(self, now):
        """The JSON of the answer."""
        if self.body is not None:
            return self.body
        return {
            "Message": self.message,
            "Type": self.type,
            "Id": f"{uuid.uuid4()}#{int(now)}",
            "Date": float(now),
            self.key: self.errors,
        }


def param_error(**errors):
    """400 for wrong parameters, field by field."""
    return ApiError(400, "param_error", PARAM_ERROR, errors)


def invalid_action(message):
    """400 for what cannot be done in this state."""
    return ApiError(400, "invalid_action", message)


def not_found(reference=""):
    """404 for an unknown id. GET in the SDK needs the key ``errors``."""
    return ApiError(
        404,
        "ressource_not_found",
        "The ressource does not exist",
        {"RessourceNotFound": f"Cannot found the ressource {reference}".strip()},
    )


def currency_error(field="currency"):
    """400 when the currencies of an operation are not one and the same."""
    message = "The currencies of the wallets, funds and fees must be the same"
    return ApiError(400, "currency_incompatibility", message, {field: message})


def unauthorized(message="The access token is invalid or has expired"):
    """401 for a token or a key that opens nothing."""
    return ApiError(401, "invalid_credentials", message)
