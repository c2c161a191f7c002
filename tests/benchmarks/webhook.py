# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""P5: how fast what Stripe and Mangopay announce is answered, one by one and fifty at
once."""

import hashlib
import hmac
import itertools
import json
import statistics
import time
import urllib.request
from urllib.parse import urlencode

import measure
from faults.harness.shop import together

TIMES = 200
AT_ONCE = 50
SECRET = "whsec_benchmark"
REFERENCE = "benchmark-%s"
# Both sides count on together: each number needs its payment on stock's side.
STOCK = f"""
provider = env["payment.provider"].search([("code", "=", "stripe")], limit=1)
provider.write({{
    "state": "test",
    "stripe_secret_key": "sk_test_benchmark",
    "stripe_publishable_key": "pk_test_benchmark",
    "stripe_webhook_secret": "{SECRET}",
}})
env["payment.transaction"].create([
    {{
        "provider_id": provider.id,
        "payment_method_id": env.ref("payment.payment_method_card").id,
        "reference": "{REFERENCE}" % number,
        "amount": 600.0,
        "currency_id": env.ref("base.EUR").id,
        "partner_id": env.ref("base.partner_admin").id,
        "operation": "online_redirect",
    }}
    for number in range(1, {TIMES} * 4)
])
"""
TOKEN = "token-of-the-benchmark"
MANGOPAY = f"""
env["mangopay.account"].create({{
    "company_id": env.company.id,
    "client_id": "benchmark",
    "hook_token": "{TOKEN}",
}})
"""

_numbers = itertools.count(1)


class Endpoint:
    """An address that takes signed events."""

    def __init__(self, shop, path, secret):
        self.shop = shop
        self.url = f"{shop.url}{path}"
        self.secret = secret

    def post(self, event_id=None) -> float:
        """Post an event, by default a new one, and return the seconds it took."""
        body = json.dumps(_event(next(_numbers), event_id)).encode()
        request = urllib.request.Request(
            self.url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Stripe-Signature": _sign(body, self.secret),
            },
        )
        return _time(request)

    def health(self) -> float:
        """Return the seconds that the cheapest page takes."""
        return _time(f"{self.shop.url}/web/health")


class Notifications(Endpoint):
    """The address that Mangopay calls; what it says is not signed."""

    def __init__(self, shop):
        super().__init__(shop, f"/marketplace/mangopay/hook/{TOKEN}", "")

    def post(self, event_id=None) -> float:
        """Call as Mangopay does, by default about a new payment."""
        query = {
            "EventType": "PAYIN_NORMAL_SUCCEEDED",
            "RessourceId": event_id or f"payin_m_{next(_numbers)}",
            "Date": "1790000000",
        }
        return _time(f"{self.url}?{urlencode(query)}")


def run(stock, ours, table):
    """Measure both sides in turn, request by request: the machine is never quiet."""
    stock.script(STOCK)
    ours.script(MANGOPAY)
    for shop in (stock, ours):
        shop.start(workers=0, max_cron_threads=0)
    theirs = Endpoint(stock, "/payment/stripe/webhook", SECRET)
    rows = ours.sql(
        "SELECT training_webhook_token, stripe_webhook_secret FROM payment_provider"
        " WHERE training_webhook_token IS NOT NULL"
    )
    mine = Endpoint(ours, f"/training/stripe/webhook/{rows[0][0]}", rows[0][1])
    _one_by_one(theirs, mine, table)
    stock.stop()
    _count_queries(mine, table)
    _at_once(mine, table)
    _mangopay(Notifications(ours), table)
    ours.stop()


def _mangopay(mine, table):
    """Measure the notifications of Mangopay beside the floor; stock has none."""
    kinds = {"floor": mine.health, "new": mine.post}
    seconds = {kind: [] for kind in kinds}
    for _round in range(TIMES):
        for kind, function in kinds.items():
            seconds[kind].append(function())
    floor, new = (statistics.median(many[5:]) * 1000 for many in seconds.values())
    table.compare("P5 Mangopay: p50 ms, beside /web/health", floor, new, 2)
    _count_queries(mine, table, "P5 Mangopay")
    _at_once(mine, table, "P5 Mangopay")


def _one_by_one(theirs, mine, table):
    kinds = {
        "stock": theirs.post,
        "floor": mine.health,
        "new": mine.post,
        "twice": lambda: mine.post("evt_twice"),
    }
    seconds = {kind: [] for kind in kinds}
    for _time in range(TIMES):
        for kind, function in kinds.items():
            seconds[kind].append(function())
    ms = {kind: statistics.median(many[5:]) * 1000 for kind, many in seconds.items()}
    table.compare("P5 webhook: p50 ms, beside /web/health", ms["floor"], ms["new"], 2)
    rate = ms["stock"] / ms["new"]
    figures = (f"{1000 / ms['stock']:.0f}", f"{1000 / ms['new']:.0f}")
    table.add("P5 webhook: per second", *figures, rate, ">= 2.5", rate >= 2.5)
    table.add("   duplicate: ms", "", f"{ms['twice']:.1f}", ms["twice"] / ms["new"])


def _count_queries(mine, table, name="P5"):
    """Count what is asked of the database beyond what the cheapest page asks.

    The bar says six, and four, where the floor is two; the floor of a server depends
    on how it finds its database.
    """
    counts = []
    reader = measure.Reader(mine.shop.odoo)
    for function in (mine.health, mine.post, lambda: mine.post("evt_twice")):
        for _time in range(5):
            function()
        counts.append(_queries(reader))
    least, new, again = counts
    table.add(
        f"{name} webhook: queries, beside /web/health",
        least,
        new,
        (new - least) / 4,
        "<= 4 more",
        new - least <= 4,
    )
    table.add(
        f"{name} duplicate: queries, beside /web/health",
        least,
        again,
        (again - least) / 2,
        "<= 2 more",
        again - least <= 2,
    )


def _at_once(endpoint, table, name="P5"):
    """Fifty deliveries of one event: none may fail, wait long, or be replayed."""
    reader = measure.Reader(endpoint.shop.odoo)
    seconds = together(endpoint.post, ["evt_fifty"] * AT_ONCE)
    replays = reader.read().count("serialization failure")
    worst = max(seconds) * 1000
    floor = max(together(lambda _number: endpoint.health(), range(AT_ONCE))) * 1000
    table.add(
        f"{name} fifty identical at once: slowest, ms",
        f"{floor:.0f}",
        f"{worst:.0f}",
        worst / 500,
        "< 500",
        worst < 500 and not replays,
    )


def _queries(reader) -> int:
    """Return how many statements the last requests took each, once warm."""
    seen = [one["queries"] for one in measure.requests(reader.read())]
    return statistics.mode(seen)


def _time(request) -> float:
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()
    return time.perf_counter() - start


def _event(number, event_id) -> dict:
    intent = {
        "id": f"pi_{number}",
        "object": "payment_intent",
        "description": REFERENCE % number,
        "amount": 60000,
        "currency": "eur",
        "status": "succeeded",
        "payment_method": None,
    }
    return {
        "id": event_id or f"evt_{number}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "data": {"object": intent},
    }


def _sign(body: bytes, secret: str) -> str:
    now = str(int(time.time()))
    signed = f"{now}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"
