# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The faults of this provider: see ``standin_kit.faults``."""

from standin_kit.faults import Faults

from .errors import ApiError

HTTP_ERRORS = {
    409: ("lock_timeout", "This object cannot be accessed right now because another"
          " API request or Stripe process is currently accessing it."),
    429: ("rate_limit", "Request rate limit exceeded. Learn more about rate limits"
          " here https://docs.stripe.com/rate-limits."),
    500: (None, "An unknown error occurred"),
    503: (None, "Stripe is temporarily unavailable"),
}  # fmt: skip
EFFECTS = ("refund_pending", "refund_failed", "payment_processing")
HOOKS = (
    "duplicate_webhook", "reorder_webhook", "drop_webhook", "delay_webhook",
    "forge_webhook",
)  # fmt: skip


def make_faults():
    """No fault yet, of the kinds that Stripe can have."""
    return Faults(HTTP_ERRORS, EFFECTS, HOOKS)


def http_error(status):
    """The error that Stripe answers with this status; it is not replayed."""
    code, message = HTTP_ERRORS[status]
    return ApiError(
        status,
        message,
        type="api_error" if status >= 500 else "invalid_request_error",
        code=code,
        saved=False,
    )
