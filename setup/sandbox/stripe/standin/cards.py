# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's test cards and accounts, and what each of them does.

Any other number is refused, so that a real card typed by mistake is never kept.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """What happens when this number pays.

    :param str decline: The code of the refusal, if it is refused.
    :param str challenge: When 3-D Secure is asked: « always », or « unless_saved » for
        a card that was authenticated when it was saved. « page » is « always » on a
        page of its own instead of over the shop's.
    :param str refund: « pending » or « failed »: what becomes of a refund to it.
    """

    brand: str = "visa"
    decline: str | None = None
    challenge: str | None = None
    refund: str | None = None


CARDS = {
    "4242424242424242": Behaviour(),
    "4000002500000003": Behaviour(),
    "4000056655665556": Behaviour(),
    "5555555555554444": Behaviour("mastercard"),
    "2223003122003222": Behaviour("mastercard"),
    "378282246310005": Behaviour("amex"),
    "6011111111111117": Behaviour("discover"),
    "4000000000000002": Behaviour(decline="generic_decline"),
    "4000000000009995": Behaviour(decline="insufficient_funds"),
    "4000000000009987": Behaviour(decline="lost_card"),
    "4000000000009979": Behaviour(decline="stolen_card"),
    "4000000000000341": Behaviour(decline="generic_decline"),
    "4000000000000069": Behaviour(decline="expired_card"),
    "4000000000000127": Behaviour(decline="incorrect_cvc"),
    "4000000000000119": Behaviour(decline="processing_error"),
    "4242424242424241": Behaviour(decline="incorrect_number"),
    "4000002500003155": Behaviour(challenge="unless_saved"),
    "4000000000003220": Behaviour(challenge="always"),
    "4000002760003184": Behaviour(challenge="page"),
    "4000008260003178": Behaviour(challenge="always", decline="insufficient_funds"),
    "4000008400001629": Behaviour(challenge="always", decline="generic_decline"),
    "4000000000007726": Behaviour(refund="pending"),
    "4000000000005126": Behaviour(refund="failed"),
}

#: Refusals that have a code of their own; the others are « card_declined ».
OWN_CODES = {"expired_card", "incorrect_cvc", "processing_error", "incorrect_number"}
MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": "Your card was declined.",
    "stolen_card": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a"
    " little bit.",
    "incorrect_number": "Your card number is incorrect.",
    "test_mode_live_card": "Your card was declined. Your request was in test mode, but"
    " used a non test card. For a list of valid test cards, visit:"
    " https://docs.stripe.com/testing.",
}

#: Stripe's ready-made payment methods → numbers.
CANONICAL = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}

#: Bank accounts whose direct debit fails after some time.
FAILING_IBANS = {"FR3020041010050500013M02609", "DE62370400440532013001"}


def decline_error(decline):
    """``(code, decline_code, message)`` of a refusal."""
    code = decline if decline in OWN_CODES else "card_declined"
    return code, decline, MESSAGES[decline]
