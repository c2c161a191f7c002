# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The account that a key opens, and payment domains."""

from ..engine import new_id
from ..errors import missing


def retrieve(call):
    """GET /v1/account: which account is this?"""
    call.params.done()
    return call.account.export()


def retrieve_by_id(call):
    """GET /v1/accounts/{id}: its own only, for a key without Connect."""
    call.params.done()
    if call.ids["id"] != call.account.id:
        raise missing("account", call.ids["id"], "account")
    return call.account.export()


def register_domain(call):
    """POST /v1/apple_pay/domains: as Stripe, does nothing in test mode."""
    domain = call.params.string("domain_name", required=True)
    call.params.done()
    return {
        "id": new_id("apwc_"),
        "object": "apple_pay_domain",
        "domain_name": domain,
        "livemode": call.livemode,
    }


ROUTES = (
    ("GET", "/v1/account", retrieve),
    ("GET", "/v1/accounts/{id}", retrieve_by_id),
    ("POST", "/v1/apple_pay/domains", register_domain),
)
