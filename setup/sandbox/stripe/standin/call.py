# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One request to the API, read and authenticated."""

import base64
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from localstripe.server import unflatten_data
from multidict import MultiDict

from . import versions
from .accounts import Credentials, check_permission
from .engine import new_id
from .errors import ApiError
from .params import Params

#: What a browser may call with the publishable key: it then proves itself with the
#: object's client_secret, where there is one.
BROWSER_CALLS = re.compile(
    r"GET /v1/(payment|setup)_intents/\w+"
    r"|POST /v1/(payment|setup)_intents/\w+/(confirm|_authenticate)"
    r"|POST /v1/(payment_methods|tokens)"
)
#: Fields that Stripe.js adds to each request.
BROWSER_FIELDS = ("key", "payment_user_agent", "referrer", "time_on_page", "guid")


@dataclass
class Call:
    """A request; ``effects`` are the faults that change what its handler does."""

    method: str
    path: str
    data: dict
    credentials: Credentials
    version: str
    base_url: str = ""
    idempotency_key: str | None = None
    request_id: str = field(default_factory=lambda: new_id("req_", 14))
    effects: set = field(default_factory=set)
    ids: dict = field(default_factory=dict)

    def __post_init__(self):
        data = dict(self.data)
        self.expand = data.pop("expand", None) or []
        if isinstance(self.expand, str):
            self.expand = [self.expand]
        self.params = Params(data)

    @property
    def account(self):
        """The account that the key opens."""
        return self.credentials.account

    @property
    def livemode(self):
        """Whether the key is a live one."""
        return self.credentials.livemode

    @property
    def scope(self):
        """What the key can see: one mode of one account."""
        return (self.account.id, self.livemode)

    @property
    def is_browser(self):
        """Whether the key is a publishable one."""
        return self.credentials.kind == "pk"

    def expand_of(self, prefix):
        """The expand paths below ``prefix``, without it."""
        start = prefix + "."
        return [p.removeprefix(start) for p in self.expand if p.startswith(start)]


async def read(request, registry):
    """The ``Call`` of an HTTP request.

    A form in the body counts for GET too, as at Stripe: Odoo sends its ``expand``
    that way.

    :raise ApiError: for a key, a version or a form that Stripe would refuse.
    """
    data = await _read_data(request)
    key = _bearer(request) or data.get("key")
    for name in BROWSER_FIELDS:
        data.pop(name, None)
    credentials = registry.authenticate(key)
    _check_kind(credentials, request.method, request.path)
    check_permission(credentials, request.method, request.path)
    version = versions.check(
        request.headers.get("Stripe-Version")
        or data.pop("_stripe_version", None)
        or credentials.account.api_version
    )
    data.pop("_stripe_version", None)
    return Call(
        method=request.method,
        path=request.path,
        data=data,
        credentials=credentials,
        version=version,
        base_url=f"{request.scheme}://{request.host}",
        idempotency_key=request.headers.get("Idempotency-Key"),
    )


async def _read_data(request):
    flat = MultiDict(request.query)
    body = await request.text()
    if body and request.content_type == "application/json":
        try:
            return {**unflatten_data(flat), **json.loads(body)}
        except ValueError:
            raise ApiError(400, "Invalid JSON body", saved=False) from None
    if body:
        # aiohttp reads forms of POST only; ours may come with any method.
        flat.extend(parse_qsl(body, keep_blank_values=True))
    return unflatten_data(flat)


def _bearer(request):
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return value.strip()
    if scheme == "Basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except ValueError:
            return None
    return None


def _check_kind(credentials, method, path):
    if credentials.kind == "pk" and not BROWSER_CALLS.fullmatch(f"{method} {path}"):
        raise ApiError(
            401,
            "This API call cannot be made with a publishable API key. Please use a"
            " secret API key. You can find a list of your API keys at"
            " https://dashboard.stripe.com/account/apikeys.",
            code="secret_key_required",
            saved=False,
        )
