# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Menus are opened as the web client does. Holds no test itself."""

from lxml import etree

from odoo.tools.safe_eval import safe_eval


class MenusMixin:
    """For a test case that names its addon and its roles."""

    menu_module = ""
    roles = {}
    #: models of which every role that has the menu finds a row: a list of records is
    #: read, and its rights checked, only where there is a row to read it of
    filled = ()

    def assert_menus_open(self, least):
        """Open every menu of the addon as each role that sees it.

        :param int least: how many actions must have been opened
        """
        seen = set()
        for name, user in self.roles.items():
            for menu, action in self.find_actions(user).items():
                with self.subTest(role=name, menu=menu):
                    self.open(user, action)
                seen.add(action)
        self.assertGreaterEqual(len(seen), least)

    def find_actions(self, user):
        """Return the actions of our menus that a user sees, by menu."""
        menus = self.env["ir.ui.menu"].with_user(user)
        ours = self.env["ir.model.data"].search(
            [("module", "=", self.menu_module), ("model", "=", "ir.ui.menu")]
        )
        visible = menus._visible_menu_ids()
        seen = [
            menu
            for menu in menus.browse(ours.mapped("res_id")).sudo()
            if visible.issuperset(map(int, menu.parent_path.split("/")[:-1]))
        ]
        return {menu.complete_name: menu.action for menu in seen if menu.action}

    def open(self, user, action):
        """Open an action as the web client does, in each of its views."""
        if action._name == "ir.actions.server":
            values = action.with_user(user).run()
        else:
            values = action.read()[0]
        model = self.env[values["res_model"]].with_user(user)
        views = values.get("views") or [(False, values["view_mode"])]
        loaded = model.get_views(views, {"action_id": action.id, "toolbar": True})
        domain = values.get("domain") or []
        if isinstance(domain, str):
            domain = safe_eval(domain, {"uid": user.id, "context": {}})
        if values.get("res_id"):
            records = model.browse(values["res_id"])
        else:
            records = model.search(domain, limit=3)
        if model._name in self.filled:
            self.assertTrue(records, model._name)
        for kind, view in loaded["views"].items():
            if kind in ("list", "kanban", "form"):
                self.env.invalidate_all()
                fields = loaded["models"][model._name]["fields"]
                records.web_read(self.make_specification(view["arch"], fields))

    def make_specification(self, arch, fields):
        """Return what the web client asks of a view's fields, and the record's name."""
        specification = {"display_name": {}}
        for node in etree.fromstring(arch).iter("field"):
            if all(parent.tag != "field" for parent in node.iterancestors()):
                is_link = fields[node.get("name")]["type"] == "many2one"
                named = {"fields": {"display_name": {}}} if is_link else {}
                specification[node.get("name")] = named
        return specification
