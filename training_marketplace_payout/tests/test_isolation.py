# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B20, B23: nothing of a seller is another's, by any model, method, search or route.

Models, fields, methods and routes are found in the registry, not listed: what is new is
walked too, and fails here until it is closed, or declared public below.
"""

import contextlib
import inspect

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .isolation_common import MARK, OURS, IsolationCommon

#: Models of which anybody may read what the public pages show.
PUBLIC_MODELS = {
    "event.event",
    "event.event.ticket",
    "product.product",
    "product.template",
}
#: Our own methods that answer anybody, and tell nothing of a seller.
PUBLIC_METHODS = {"fields_get", "default_get", "sale_product_domain"}
#: Walked with values, by `test_models` and `test_create`.
CHANGES = {"create", "write", "unlink"}
#: Of which Odoo checks the document that a row is about.
WRITABLE = {"mail.message"}
#: What Odoo raises for a field that cannot be searched so.
NOT_SEARCHABLE = (UserError, NotImplementedError, ValueError)
DENIED = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_access",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
)


@tagged("standard", "post_install", "-at_install")
class TestIsolation(IsolationCommon):
    def setUp(self):
        super().setUp()
        for logger in DENIED:
            muted = mute_logger(logger)
            muted.__enter__()
            self.addCleanup(muted.__exit__, None, None, None)

    def strangers(self):
        """Return who must see nothing of the second seller."""
        return {
            "seller": self.one.user,
            "client": self.stranger,
            "public": self.env.ref("base.public_user"),
        }

    def model(self, user, name):
        """Return a model as RPC gives it to a person."""
        env = self.env(user=user.id, su=False, context={"active_test": False})
        return env[name].with_company(self.company)

    def test_models(self):
        """B23: of every model with a row of B: not found, not read, not changed."""
        for who, user in self.strangers().items():
            for name, ids in sorted(self.theirs.items()):
                with self.subTest(who=who, model=name):
                    model = self.model(user, name)
                    for operation in ("write", "unlink"):
                        changed = model.browse(ids)._filtered_access(operation)
                        self.assertFalse(changed, operation)
                        with self.assertRaises(UserError):
                            vals = [{"create_uid": user.id}]
                            arguments = vals if operation == "write" else []
                            call_kw(model, operation, [ids[:1], *arguments], {})
                    self.check_read(model, ids)

    def check_read(self, model, ids):
        """What is readable is public, and shows nothing else."""
        readable = model.browse(ids)._filtered_access("read")
        found = model.browse()
        if model.has_access("read"):
            found = model.search([("id", "in", ids)])
        if model._name not in PUBLIC_MODELS:
            self.assertFalse(found | readable)
            return
        for name in model.fields_get(attributes=["type"]):
            try:
                shown = repr((found | readable).read([name], load="_classic_read"))
            except AccessError:
                continue
            self.assertEqual(self.leaks(shown), [], name)

    def test_create(self):
        """B23: nobody from outside creates a row, in our models or in Odoo's."""
        for who, user in self.strangers().items():
            for name in sorted({*self.our_models(), *self.theirs} - WRITABLE):
                with self.subTest(who=who, model=name):
                    self.assertFalse(self.model(user, name).has_access("create"))
            for name in self.our_models():
                where = {"model": name, "res_id": self.theirs[name][0]}
                with self.subTest(who=who, model=name), self.assertRaises(AccessError):
                    self.model(user, "mail.message").create({**where, "body": "x"})

    def test_the_walk_sees_a_leak(self):
        """B23: a right too many, given to everybody, is found by the walk."""
        self.env["ir.model.access"].create(
            {
                "name": "Leak",
                "model_id": self.env["ir.model"]._get_id("marketplace.refund"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        model = self.model(self.one.user, "marketplace.refund")
        with self.assertRaises(AssertionError):
            self.check_read(model, self.theirs["marketplace.refund"])

    def test_searches(self):
        """B23: no name, e-mail or number of B is found, by whatever field."""
        for who, user in self.strangers().items():
            for name in sorted(self.env.registry):
                model = self.model(user, name)
                if not model._auto or model._abstract or not model.has_access("read"):
                    continue
                with self.subTest(who=who, model=name):
                    self.assertEqual(self.find(model), [])

    def find(self, model):
        """Return the fields by which the mark is found."""
        found = []
        with contextlib.suppress(*NOT_SEARCHABLE):
            found += model.name_search(MARK)
        for name, values in model.fields_get(attributes=["type", "searchable"]).items():
            kind = values["type"]
            is_text = kind in ("char", "text", "html", "many2one", "one2many")
            if not values.get("searchable") or not (is_text or kind == "many2many"):
                continue
            try:
                if model.search_count(Domain(name, "ilike", MARK), limit=1):
                    found.append(name)
            except NOT_SEARCHABLE:
                continue
        return found

    def test_methods(self):
        """B23: every method of ours that RPC reaches refuses B's records."""
        for who, user in self.strangers().items():
            for name in sorted(self.env.registry):
                for method in self.public_methods(name):
                    if method in PUBLIC_METHODS | CHANGES:
                        continue
                    with self.subTest(who=who, method=f"{name}.{method}"):
                        self.check_refused(self.model(user, name), method)

    def public_methods(self, name):
        """Return the methods that RPC reaches and that our addons define."""
        cls = self.env.registry[name]
        for method in dir(cls):
            owners = [
                one.__module__.split(".")[2]
                for one in cls.mro()
                if method in vars(one) and one.__module__.startswith("odoo.addons.")
            ]
            if OURS.isdisjoint(owners):
                continue
            try:
                function = get_public_method(self.env[name], method)
            except (AccessError, AttributeError):
                continue
            if inspect.isroutine(function):
                yield method

    def check_refused(self, model, method):
        """Call a method of B's records; a refusal is an access error, nothing else."""
        function = getattr(type(model), method)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        needed = [
            {} if "val" in one.name else 1
            for one in parameters
            if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
        ]
        ids = self.theirs.get(model._name, [])[:1]
        is_model = getattr(function, "_api_model", False)
        if not is_model and not ids and model._abstract:
            return
        arguments = needed if is_model else [ids or [1], *needed]
        try:
            result = call_kw(model, method, arguments, {})
        except UserError:
            return
        # What is to be opened tells nothing: it is read with one's own rights.
        self.assertTrue(str(result["type"]).startswith("ir.actions."))
        self.assertEqual(self.leaks(repr(result)), [])
