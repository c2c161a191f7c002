# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Customers."""

from localstripe import resources

from ..engine import fetch, store
from ..listing import page
from ..objects import begin, merge_metadata
from .events import publish

TEXTS = ("name", "description", "email", "phone")


class Customer(resources.Customer):
    """A buyer, as the account knows them."""

    # localstripe computes these two from its subscriptions, unused here.
    currency = None
    subscriptions = None

    def __init__(self, **values):
        begin(self)
        self.address = values.get("address")
        self.balance = 0
        self.default_source = None
        self.delinquent = False
        self.discount = None
        self.invoice_settings = {"default_payment_method": None}
        self.metadata = values.get("metadata") or {}
        self.preferred_locales = values.get("preferred_locales") or []
        self.shipping = values.get("shipping")
        self.tax_exempt = "none"
        for name in TEXTS:
            setattr(self, name, values.get(name))
        # Lists that localstripe's own calls about customers use.
        self.sources = resources.List(f"/v1/customers/{self.id}/sources")
        self.tax_ids = resources.List(f"/v1/customers/{self.id}/tax_ids")
        publish("customer.created", self)


def _read(params):
    values = {name: params.string(name) for name in TEXTS}
    for name in ("address", "shipping", "metadata"):
        values[name] = params.mapping(name)
    values["preferred_locales"] = params.array("preferred_locales")
    params.done()
    return values


def create(call):
    """POST /v1/customers"""
    return Customer(**_read(call.params))


def retrieve(call):
    """GET /v1/customers/{id}"""
    call.params.done()
    return fetch("customer", call.ids["id"])


def update(call):
    """POST /v1/customers/{id}"""
    customer = fetch("customer", call.ids["id"])
    values = _read(call.params)
    merge_metadata(customer, values.pop("metadata"))
    for name, value in values.items():
        if value is not None:
            setattr(customer, name, value)
    publish("customer.updated", customer)
    return customer


def delete(call):
    """DELETE /v1/customers/{id}"""
    customer = fetch("customer", call.ids["id"])
    publish("customer.deleted", customer)
    del store[f"customer:{customer.id}"]
    return {"id": customer.id, "object": "customer", "deleted": True}


def list_all(call):
    """GET /v1/customers, by email and date."""
    email = call.params.string("email")
    in_window = call.params.window()
    return page(
        call,
        "customer",
        [
            customer
            for customer in store.of_kind("customer")
            if in_window(customer.created) and (not email or customer.email == email)
        ],
    )


ROUTES = (
    ("POST", "/v1/customers", create),
    ("GET", "/v1/customers", list_all),
    ("GET", "/v1/customers/{id}", retrieve),
    ("POST", "/v1/customers/{id}", update),
    ("DELETE", "/v1/customers/{id}", delete),
)
