# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a browser loads: Stripe.js, and the bank's page of 3-D Secure."""

import hmac
from html import escape
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from .accounts import Credentials, KeyRule
from .call import Call
from .engine import current_call, fetch, store
from .errors import ApiError

STATIC = Path(__file__).resolve().parent.parent / "static"
REDIRECT_STATUS = {"succeeded": "succeeded", "requires_capture": "succeeded"}


def routes(world):
    """The routes of the browser's pages."""
    pages = Challenge(world)
    return [
        web.get("/js.stripe.com/v3/", stripe_js),
        web.get("/v3/", stripe_js),
        web.get("/_3ds/{id}", pages.show),
        web.post("/_3ds/{id}", pages.answer),
    ]


async def stripe_js(_request):
    """Our Stripe.js: its parts, each in a scope of its own."""
    parts = sorted((STATIC / "stripe_js").glob("*.js"))
    script = "\n".join(f"{{\n{part.read_text()}}}" for part in parts)
    return web.Response(
        text=f'"use strict";\n{script}\n',
        content_type="text/javascript",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"},
    )


class Challenge:
    """The page on which a buyer authorises a payment, or refuses."""

    def __init__(self, world):
        self.world = world

    async def show(self, request):
        """GET: the two buttons."""
        intent = self._find(request, request.query.get("client_secret"))
        page = (STATIC / "challenge.html").read_text()
        values = {
            "amount": f"{intent.amount / 100:.2f}".replace(".", ","),
            "currency": intent.currency.upper(),
            "reference": intent.description or intent.id,
            "client_secret": intent.client_secret,
        }
        for name, value in values.items():
            page = page.replace(f"{{{{ {name} }}}}", escape(value))
        return web.Response(text=page, content_type="text/html")

    async def answer(self, request):
        """POST: take the answer, and send the buyer back to the shop."""
        form = await request.post()
        intent = self._find(request, form.get("client_secret"))
        if intent.status != "requires_action":
            raise web.HTTPConflict(text="This payment awaits no authentication.")
        try:
            intent._authenticate(form.get("answer") == "accept")
        except ApiError:
            status = "failed"
        else:
            status = REDIRECT_STATUS.get(intent.status, "pending")
        self.world.dirty = True
        if not intent._return_url:
            return web.Response(text="You can close this page.")
        raise web.HTTPSeeOther(with_result(intent, status))

    def _find(self, request, secret):
        """The intent of the page; the request then acts for its account."""
        found = store.find_everywhere("payment_intent", request.match_info["id"])
        if not found or not hmac.compare_digest(secret or "", found[1].client_secret):
            raise web.HTTPNotFound(text="No such payment.")
        scope, intent = found
        current_call.set(internal_call(self.world, scope, request))
        return fetch("payment_intent", intent.id)


def with_result(intent, status):
    """The return URL, with what Stripe adds to it."""
    parts = urlsplit(intent._return_url)
    result = urlencode(
        {
            "payment_intent": intent.id,
            "payment_intent_client_secret": intent.client_secret,
            "redirect_status": status,
        }
    )
    query = f"{parts.query}&{result}" if parts.query else result
    return urlunsplit(parts._replace(query=query))


def internal_call(world, scope, request=None):
    """A call that no client made: the bank, or Stripe itself, acts on an account."""
    account, livemode = scope
    credentials = Credentials(
        "", "internal", livemode, world.registry.by_id(account), KeyRule()
    )
    base_url = f"{request.scheme}://{request.host}" if request else ""
    return Call(
        "INTERNAL", "", {}, credentials, credentials.account.api_version, base_url
    )
