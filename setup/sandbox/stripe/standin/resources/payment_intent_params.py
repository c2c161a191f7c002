# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payment intents: what the calls take, and what they refuse."""

from ..errors import ApiError
from . import payment_methods

MINIMUM_AMOUNT = {"eur": 50, "usd": 50, "chf": 50, "gbp": 30}
MAXIMUM_AMOUNT = 99_999_999


def read_description(params):
    """What the calls of creation and update both take."""
    return {
        "description": params.string("description"),
        "receipt_email": params.string("receipt_email"),
        "setup_future_usage": params.string(
            "setup_future_usage", choices=("off_session", "on_session")
        ),
        "shipping": params.mapping("shipping"),
        "statement_descriptor": params.string("statement_descriptor"),
        "statement_descriptor_suffix": params.string("statement_descriptor_suffix"),
        "transfer_group": params.string("transfer_group"),
    }


def read_automatic(given):
    """« automatic_payment_methods », with its flag as a boolean; None if off."""
    if given and str(given.get("enabled")).lower() == "true":
        return {**given, "enabled": True}
    return None


def read_confirmation(call):
    """Who pays, and how; for a creation that confirms, and a confirmation."""
    params = call.params
    data = {
        "confirm": params.boolean("confirm"),
        "method": params.string("payment_method"),
        "method_data": params.mapping("payment_method_data"),
        "off_session": params.take("off_session") not in (None, False, "false"),
        "in_page": bool(params.boolean("use_stripe_sdk")),
        "return_url": params.string("return_url"),
    }
    # Accepted and without effect here.
    for name in (
        "mandate", "mandate_data", "confirmation_method", "error_on_requires_action",
        "expected_payment_method_type", "confirmation_token", "client_context",
    ):  # fmt: skip
        params.take(name)
    return data


def find_method(confirmation):
    """The payment method given with a confirmation, or None."""
    if confirmation["method_data"]:
        return payment_methods.make(confirmation["method_data"])
    if confirmation["method"]:
        return payment_methods.find(confirmation["method"])
    return None


def check_account(account):
    """Refuse to charge for an account that may not."""
    if not account.charges_enabled:
        raise ApiError(
            400,
            "Your account cannot currently make live charges. Please complete the"
            " onboarding of your account in the dashboard.",
            code="account_invalid",
        )


def check_amount(amount, currency):
    """Refuse what is below or above Stripe's limits."""
    minimum = MINIMUM_AMOUNT.get(currency, 1)
    if amount < minimum:
        raise ApiError(
            400, f"Amount must be at least {minimum / 100:.2f} {currency}",
            code="amount_too_small", param="amount",
        )  # fmt: skip
    if amount > MAXIMUM_AMOUNT:
        raise ApiError(
            400, f"Amount must be no more than {MAXIMUM_AMOUNT / 100:.2f} {currency}",
            code="amount_too_large", param="amount",
        )  # fmt: skip
