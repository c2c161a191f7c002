# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20, B23: no route of ours, and no file, gives or changes what is another seller's.

The routes are those of the server: one that is new is called too, with the other
seller's numbers and one's own keys, and fails here until it refuses, or is declared.
"""

import itertools
import json
import threading

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .isolation_common import MARK, OURS, IsolationCommon

#: Of which model the number in an address is; of one of the marketplace by default.
NUMBERS = {
    "attachment_id": "ir.attachment",
    "line_id": "account.move.line",
    "order_id": "sale.order",
    "owner_id": "mangopay.ubo",
    "programme_id": "product.template",
    "request_id": "training.request",
    "seat_id": "event.registration",
    "seller_id": "res.partner",
    "session_id": "event.event",
    "terms_id": "training.terms",
    "event": "event.event",
}
#: Parts of addresses that are nobody's.
COMMON = {"month": "2026-10", "page": 1, "slot_id": 1, "version": 1}
#: Pages of a seller's or a course's that are anybody's, and show nothing else.
PUBLIC = (
    "/event/",
    "/marketplace/seller/",
    "/training/programme/",
    "/training/session/",
    "/training/terms/",
)
FORM = {
    "message": "Intruder",
    "reason": "Intruder",
    "name": "Intruder",
    "learner_1_name": "Intruder",
    "learner_1_email": "intruder@x.example",
    "iban": "FR7630004000031234567890143",
    "holder": "Intruder",
    "empowered": "1",
}
#: Odoo's own pages and services, for the same records.
STOCK_PAGES = {
    "sale.order": ("/my/orders/{}", "/my/orders/{}?report_type=pdf&download=true"),
    "account.move": ("/my/invoices/{}", "/my/invoices/{}?report_type=pdf"),
    "event.registration": (
        "/event/{event}/my_tickets?registration_ids=[{}]&tickets_hash={hash}",
    ),
    "slide.slide": ("/slides/slide/{}", "/slides/embed/{}"),
}
SEARCHES = (
    "/my/channel?filterby=all&search={}",
    "/my/channel/sales?filterby=all&search={}",
    "/marketplace?search={}",
    "/shop?search={}",
    "/event?search={}",
    "/slides/all?search={}",
    "/website/search?search={}",
)
#: Where Odoo's own code fails on an address that names no payment.
FAILS = "/payment/stripe/return"
#: What warns of the nonsense that is asked here, and Odoo's own pages of courses.
WARNED = (
    "odoo.http",
    "odoo.addons.base.models.ir_qweb",
    "odoo.addons.payment_stripe.models.payment_transaction",
)
#: Rows that requests of anybody may touch.
NOT_COMPARED = {"ir.cron.trigger", "bus.bus"}


@tagged("standard", "post_install", "-at_install")
class TestIsolationHttp(IsolationCommon):
    def setUp(self):
        super().setUp()
        muted = mute_logger(*WARNED)
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)

    def each_stranger(self):
        """Sign in as each who must see nothing; yield who it is."""
        for user in (self.one.user, self.stranger, None):
            self.authenticate(user and user.login, user and user.login)
            yield user.login if user else "public"

    def assertClosed(self, answer, is_public=False):
        """A refusal, or a page on which nothing is the other seller's."""
        shown = f"{answer.headers} {answer.text}"
        self.assertEqual(self.leaks(shown), [])
        if FAILS not in answer.url:
            self.assertLess(answer.status_code, 500, answer.text[:500])
        if not is_public:
            self.assertGreaterEqual(answer.status_code, 300, answer.text[:500])

    # Our routes

    def test_routes(self):
        """B23: every route of ours, with B's numbers: closed; nothing is changed."""
        before = self.digest()
        for who in self.each_stranger():
            for rule in self.our_rules():
                for values in self.arguments(rule):
                    with self.subTest(who=who, rule=rule.rule, **values):
                        self.check_route(rule, values)
        self.env.invalidate_all()
        after = self.digest()
        self.assertEqual(
            {name for name in before if before[name] != after[name]}, set()
        )

    def our_rules(self):
        """Return the rules of the routing map that our addons answer."""
        # The map is kept by database, whose name the server's threads bear.
        threading.current_thread().dbname = self.env.cr.dbname
        for rule in self.env["ir.http"].routing_map().iter_rules():
            if rule.endpoint.func.__module__.split(".")[2] in OURS:
                yield rule

    def arguments(self, rule):
        """Yield the values of an address: B's numbers, and mixed with one's own."""
        names = sorted(rule.arguments)
        each = [self.values_of(rule, name) for name in names]
        for values in itertools.product(*each):
            is_mixed = not names or any(is_theirs for _value, is_theirs in values)
            if is_mixed or not any(map(self.get_model, names)):
                yield dict(
                    zip(names, (value for value, _theirs in values), strict=True)
                )

    def values_of(self, rule, name):
        """Return (value, whether it is B's) for a part of an address."""
        converter = rule._converters[name]
        if hasattr(converter, "items"):
            return [(item, False) for item in converter.items]
        if name in COMMON:
            return [(COMMON[name], False)]
        if name in ("key", "token"):
            return [(self.own_key(rule), False)]
        if name == "slug":
            return [(self.other.partner._get_channel_url().rpartition("/")[2], False)]
        model = self.get_model(name)
        self.assertTrue(model, f"{rule.rule}: say of which model {name} is")
        own = self.mine.get(model, [])[:1]
        theirs = self.theirs[model]
        if hasattr(converter, "model"):
            theirs = [self.env[model].browse(one) for one in theirs]
            own = []
        return [(one, True) for one in theirs[-3:]] + [(one, False) for one in own]

    def get_model(self, name):
        """Return the model of which a part of an address is the number, if any."""
        default = f"marketplace.{name.removesuffix('_id').replace('_', '.')}"
        return NUMBERS.get(name) or (default in self.env and default)

    def own_key(self, rule):
        """Return a key that A has, for something else."""
        if "withdrawal" in rule.rule:
            return self.one.order._get_withdrawal_token()
        if "identity" in rule.rule:
            return self.one.order._get_identity_token()
        return f"{self.other.invitation.id}-{self.one.invitation.token}"

    def check_route(self, rule, values):
        """Call a route as a browser does, with one's own keys."""
        url = rule.build(values)[1]
        own = self.one.order if "order" in rule.rule else self.one.request
        query = {
            "access_token": own.access_token,
            "seller": str(self.other.partner.id),
            "seller_id": str(self.other.partner.id),
            "ids": ",".join(map(str, self.theirs["marketplace.invoice"])),
            "tx": self.other.sale.tx_id.id,
        }
        if "mangopay" in rule.rule:
            query["access_token"] = self.one.sale.tx_id._get_mangopay_parameters()[
                "access_token"
            ]
        is_public = not any(map(self.get_model, values)) or url.startswith(PUBLIC)
        if rule.endpoint.routing["type"] == "jsonrpc":
            error = self._jsonrpc_error(url, query)
            self.assertTrue(error or is_public)
            self.assertEqual(self.leaks(error), [])
        elif "POST" in (rule.methods or ()):
            answer, _page = self._post(url, {**query, **FORM})
            self.assertClosed(answer, is_public)
        else:
            with mute_logger("odoo.http"):
                answer = self.url_open(url, params=query, allow_redirects=False)
            self.assertClosed(answer, is_public)

    def digest(self):
        """Return what all rows of B are, by model."""
        self.env.flush_all()
        found = {}
        for name, ids in self.theirs.items():
            if name not in NOT_COMPARED:
                table = SQL.identifier(self.env[name]._table)
                query = SQL(
                    "SELECT md5(string_agg(t::text, '|' ORDER BY id))"
                    " FROM %s t WHERE id IN %s",
                    table,
                    tuple(ids),
                )
                found[name] = self.env.execute_query(query)
        return found

    # Odoo's routes

    def test_stock_pages(self):
        """B23: Odoo's own pages and searches, for the same records."""
        seats = self.mine["event.registration"]
        key = self.one.session._get_tickets_access_hash(seats)
        for who in self.each_stranger():
            for model, pages in STOCK_PAGES.items():
                for number, page in itertools.product(self.theirs[model], pages):
                    url = page.format(number, event=self.other.session.id, hash=key)
                    with self.subTest(who=who, url=url), mute_logger("odoo.http"):
                        answer = self.url_open(url, allow_redirects=False)
                        self.assertClosed(answer, is_public=True)
            for page in SEARCHES:
                url = page.format(MARK.lower())
                with self.subTest(who=who, url=url):
                    self.assertClosed(self.url_open(url), is_public=True)

    def test_conversations(self):
        """B23: nothing is read from, nor written in, a conversation of B's."""
        messages = self.env["mail.message"].sudo()
        for who in self.each_stranger():
            for model in ("training.request", "sale.order", "marketplace.seller"):
                for number in self.theirs[model]:
                    where = {"thread_model": model, "thread_id": number}
                    post = {"post_data": {"body": "Intruder"}}
                    for url, values in (
                        ("/mail/thread/messages", {}),
                        ("/mail/chatter_fetch", {}),
                        ("/mail/message/post", post),
                        ("/mail/thread/data", {"request_list": ["attachments"]}),
                    ):
                        with self.subTest(who=who, url=url, **where):
                            self.assertEqual(
                                self.leaks(self.ask_json(url, {**where, **values})), []
                            )
        self.assertFalse(messages.search([("body", "ilike", "Intruder")]))

    def ask_json(self, url, params):
        """Return the whole answer of a JSON route."""
        with mute_logger("odoo.http"):
            answer = self.url_open(
                url,
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            )
        return answer.text

    # Files

    def test_files(self):
        """B23: no file of B's, by number or by field, with or without A's key."""
        own = self.env["ir.attachment"].browse(self.mine["ir.attachment"][:1])
        keys = ("", f"?access_token={own.generate_access_token()[0]}")
        self.env.flush_all()
        files = self.env["ir.attachment"].browse(self.theirs["ir.attachment"])
        contents = {one.id: one.raw for one in files if not one.public and one.raw}
        paths = [f"/web/content/{number}" for number in contents]
        paths += [f"/web/image/{number}" for number in list(contents)[:5]]
        paths += list(self.paths_of_fields())
        for who in self.each_stranger():
            for path, key in itertools.product(paths, keys):
                with self.subTest(who=who, path=path, key=bool(key)):
                    with mute_logger("odoo.http", "odoo.addons.base.models.ir_binary"):
                        answer = self.url_open(f"{path}{key}", allow_redirects=False)
                    self.assertNotIn(MARK.encode(), answer.content)
                    if answer.status_code == 200:
                        self.assertNotIn(answer.content, contents.values())

    def paths_of_fields(self):
        """Yield where Odoo gives the binary fields of B's records."""
        for name, ids in self.theirs.items():
            if name == "ir.attachment":
                continue
            for field in self.env[name]._fields.values():
                if field.type == "binary" and field.store:
                    yield f"/web/content/{name}/{ids[0]}/{field.name}"
