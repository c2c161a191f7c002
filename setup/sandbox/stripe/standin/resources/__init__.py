"""One module per kind of Stripe object; each lists its routes in ``ROUTES``."""

from . import (
    account,
    balance,
    charges,
    customers,
    disputes,
    events,
    payment_intent_routes,
    payment_methods,
    payouts,
    plain,
    refunds,
    setup_intents,
    webhook_endpoints,
)

# The order matters only where a fixed path and an ``{id}`` could both match.
MODULES = (
    account,
    balance,
    charges,
    customers,
    disputes,
    events,
    payment_intent_routes,
    payment_methods,
    payouts,
    refunds,
    setup_intents,
    webhook_endpoints,
    plain,
)
