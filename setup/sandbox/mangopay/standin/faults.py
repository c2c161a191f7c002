# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The faults of this provider: see ``standin_kit.faults``."""

from standin_kit.faults import Faults

from .errors import ApiError

HTTP_ERRORS = {
    429: ("rate_limit", "Too many requests. Please wait before trying again."),
    500: ("internal_server_error", "Internal Server Error"),
    503: ("service_unavailable", "Service unavailable"),
}
EFFECTS = (
    "refund_pending", "refund_failed", "payout_failed", "transfer_failed",
    "payin_failed",
)  # fmt: skip
HOOKS = (
    "duplicate_hook", "reorder_hook", "drop_hook", "delay_hook", "forge_hook",
    "hook_before_answer",
)  # fmt: skip


def make_faults():
    """No fault yet, of the kinds that Mangopay can have."""
    return Faults(HTTP_ERRORS, EFFECTS, HOOKS)


def http_error(status):
    """The error that Mangopay answers with this status."""
    return ApiError(status, *HTTP_ERRORS[status])
