# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each role opens each page meant for it, and nothing else."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TrainingCommon

MODULE = "training_catalogue_payment"


@tagged("training_install", "standard", "post_install", "-at_install")
class TestAccess(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_user = cls._create_role("acc_event", "event.group_event_user")
        cls.salesman = cls._create_role(
            "acc_sales", "sales_team.group_sale_salesman_all_leads"
        )
        cls.accountant = cls._create_role(
            "acc_invoice", "account.group_account_invoice"
        )
        cls.manager = cls._create_role(
            "acc_manager",
            "event.group_event_manager",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
        )
        cls.portal = cls._create_role("acc_portal", "base.group_portal")

    def _get_spec(self, model, node):
        """Return what the web client asks for to show this view."""
        spec = {}
        for field_node in node.xpath(
            ".//field[not(ancestor::field)] | .//field[@name][ancestor::groupby]"
        ):
            name = field_node.get("name")
            field = model._fields[name]
            if field.type == "many2one":
                spec[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                spec[name] = self._get_x2many_spec(model, field, field_node)
            else:
                spec[name] = {}
        return spec

    def _get_x2many_spec(self, model, field, field_node):
        sub = field_node.find("list")
        if sub is None and field_node.get("widget") == "many2many_tags":
            return {"fields": {"display_name": {}}}
        if sub is None:
            return {}
        sub = etree.fromstring(etree.tostring(sub))
        return {"fields": self._get_spec(model.env[field.comodel_name], sub)}

    def _open(self, user, model_name, records=None, view=None, kind="form"):
        """Read a page as the web client does for this user; it shows something."""
        model = self.env[model_name].with_user(user)
        view_id = view and self.env.ref(view).id
        node = etree.fromstring(model.get_view(view_id, kind)["arch"])
        spec = self._get_spec(model, node)
        self.assertTrue(spec)
        if records is None:
            rows = model.web_search_read([], spec, limit=80)["records"]
            self.assertTrue(rows)
        else:
            model.env.invalidate_all()
            rows = records.with_user(user).web_read(spec)
            self.assertEqual([row["id"] for row in rows], records.ids)
        self.assertLessEqual(spec.keys(), rows[0].keys())
        return rows

    def test_event_user_pages(self):
        """A16, A17, A19, A20: sessions, learners and requests open for event users."""
        order = self._purchase()
        user = self.event_user
        self._open(user, "event.event", self.session)
        self._open(
            user,
            "event.event",
            None,
            f"{MODULE}.event_event_view_list_sessions",
            "list",
        )
        self._open(user, "event.event", None, "event.view_event_kanban", "kanban")
        self._open(user, "event.registration", order.training_registration_ids)
        self._open(user, "event.registration", None, None, "list")
        self._open(user, "training.request", order.training_request_id)
        rows = self._open(user, "training.request", None, None, "list")
        self.assertIn(order.training_request_id.id, [row["id"] for row in rows])
        self._open(user, "product.template", self.programme)
        action = order.training_request_id.with_user(user).action_validate()
        self._open(
            user,
            "training.validation",
            self.env["training.validation"].browse(action["res_id"]),
        )

    def test_event_user_sees_no_money_page(self):
        """A21: documents are not in the page of who may not read them."""
        arch = (
            self.env["event.event"]
            .with_user(self.event_user)
            .get_view(None, "form")["arch"]
        )
        self.assertIn("prepaid_prospects", arch)
        self.assertNotIn("training_finances", arch)

    def test_salesperson_pages(self):
        """A16-A21: pipeline, requests, orders and sessions open for salespeople."""
        order = self._purchase()
        user = self.salesman
        self._open(user, "crm.lead", order.opportunity_id)
        self._open(user, "crm.lead", None, "crm.crm_case_tree_view_oppor", "list")
        self._open(user, "crm.lead", None, "crm.crm_case_kanban_view_leads", "kanban")
        self._open(user, "training.request", order.training_request_id)
        self._open(user, "training.request", None, None, "list")
        self._open(user, "sale.order", order)
        self._open(user, "event.event", self.session)
        self._open(user, "event.registration", order.training_registration_ids)

    def test_salesperson_of_own_documents_pages(self):
        """A18, A19: a prospect opens for the salesperson it was given to, even if the
        order was given to somebody else."""
        order = self._purchase()
        user = self._create_role("acc_own", "sales_team.group_sale_salesman")
        order.opportunity_id.user_id = user
        order.user_id = self.manager
        self._open(user, "crm.lead", order.opportunity_id)
        self._open(user, "crm.lead", None, "crm.crm_case_tree_view_oppor", "list")
        self._open(user, "crm.lead", None, "crm.crm_case_kanban_view_leads", "kanban")
        self._open(user, "training.request", order.training_request_id)
        self._open(user, "event.event", self.session)
        self._open(user, "event.registration", order.training_registration_ids)
        order.opportunity_id.with_user(user).action_validate_prepaid()

    def test_wizards_are_ones_own(self):
        """A20: what one person is filling in, nobody else reads or changes."""
        wizards = self.env["ir.model"].search(
            [("transient", "=", True), ("model", "=like", "training.%")]
        )
        self.assertTrue(wizards)
        for wizard in wizards:
            rules = wizard.rule_ids.filtered(lambda rule: not rule.groups)
            with self.subTest(model=wizard.model):
                self.assertIn("create_uid", "".join(rules.mapped("domain_force")))

    def test_accountant_pages(self):
        """A21, A25: an accountant opens a session's finances and its invoices."""
        order = self._purchase()
        user = self.accountant
        page = self._open(
            user,
            "event.event",
            self.session,
            f"{MODULE}.event_event_view_form_finances",
        )[0]
        self.assertEqual(len(page["training_document_ids"]), 1)
        self._open(
            user,
            "event.event",
            None,
            f"{MODULE}.event_event_view_list_finances",
            "list",
        )
        self._open(user, "sale.order", order)
        self._open(user, "account.move", order.invoice_ids)
        self._open(
            user,
            "account.move",
            None,
            f"{MODULE}.account_move_view_list_session",
            "list",
        )
        order.invoice_ids.with_user(user).action_open_training_document()

    def test_accountant_numbers_and_sends(self):
        """A21: one button, by an accountant, numbers and sends; nothing is left due."""
        invoice = self._purchase().invoice_ids
        self.assertFalse(invoice.name)
        invoice.with_user(self.accountant).action_training_number_and_send()
        self.assertEqual(invoice.state, "posted")
        self.assertTrue(invoice.name)
        self.assertTrue(invoice.is_move_sent)
        self.assertFalse(invoice.amount_residual)
        with self.assertRaises(AccessError):
            invoice.with_user(self.salesman).action_training_number_and_send()

    def test_manager_pages(self):
        """A16-A25: a manager opens them all."""
        order = self._purchase()
        for records in (
            self.session,
            self.programme,
            order,
            order.opportunity_id,
            order.training_request_id,
            order.training_registration_ids,
            order.invoice_ids,
        ):
            self._open(self.manager, records._name, records)

    def test_portal_reads_own_requests_only(self):
        """A19: a portal user reads its own requests, without what is for the staff."""
        own, other = self.env["training.request"].create(
            [
                {"name": "Mine", "partner_id": self.portal.partner_id.id},
                {"name": "Theirs", "partner_id": self.buyer.id},
            ]
        )
        visible = self.env["training.request"].with_user(self.portal).search([])
        self.assertEqual(visible, own)
        self.assertTrue(visible.read(["name", "state", "message"]))
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models"):
            for field_name in ("lead_id", "order_id", "user_id", "registration_ids"):
                with self.subTest(field=field_name), self.assertRaises(AccessError):
                    visible.read([field_name])
            with self.assertRaises(AccessError):
                other.with_user(self.portal).read(["name"])
            with self.assertRaises(AccessError):
                visible.write({"state": "accepted"})

    def test_nobody_chooses_the_key_of_a_purchase(self):
        """A31: whoever knows the token of the signed link acts as the buyer."""
        purchase = self._purchase().training_request_id
        with self.assertRaises(AccessError):
            purchase.with_user(self.manager).write({"access_token": "easy"})
        self.assertTrue(purchase.with_user(self.manager)._portal_ensure_token())

    def test_public_reads_nothing(self):
        """A19: visitors read no request."""
        public = self.website.user_id
        with (
            mute_logger("odoo.addons.base.models.ir_model"),
            self.assertRaises(AccessError),
        ):
            self.env["training.request"].with_user(public).search([])

    def test_other_company_sees_nothing(self):
        """A19: requests belong to their organisation."""
        request = self._purchase().training_request_id
        other_company = self.env["res.company"].create({"name": "Other organisation"})
        user = self._create_role("acc_other", "event.group_event_manager")
        user.write(
            {"company_ids": [(6, 0, other_company.ids)], "company_id": other_company.id}
        )
        requests = self.env["training.request"].with_user(user)
        found = requests.with_context(allowed_company_ids=other_company.ids).search([])
        self.assertNotIn(request, found)

    def test_finance_plus_off_hides_all(self):
        """A1: with Finance + off no menu, no filter and no block of ours is left."""
        self.env["res.company"].search([]).finance_plus = False
        menus = self.env["ir.ui.menu"].with_user(self.manager)
        visible = menus.browse(menus._visible_menu_ids())
        ours = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.ui.menu")]
        )
        self.assertTrue(ours)
        self.assertFalse(set(ours.mapped("res_id")) & set(visible.ids))
        for model_name, view in (
            ("crm.lead", "crm.view_crm_case_opportunities_filter"),
            ("event.event", "event.view_event_search"),
            ("event.registration", "event.view_registration_search"),
            ("sale.order", "sale.view_sales_order_filter"),
        ):
            arch = (
                self.env[model_name]
                .with_user(self.manager)
                .get_view(self.env.ref(view).id, "search")["arch"]
            )
            self.assertNotIn("prepaid", arch.replace("('prepaid_state'", ""))
        page = self._open(self.manager, "event.event", self.session)[0]
        self.assertFalse(page["training_finance_plus"])

    def test_sessions_that_matter_come_first(self):
        """A17: « All my sessions » opens on those to come or with somebody waiting."""
        self._purchase()
        past = self._create_session(name="Past and treated")
        past.write({"date_begin": "2020-01-06 08:00", "date_end": "2020-01-07 16:00"})
        action = self.env.ref(f"{MODULE}.event_event_action_sessions")
        self.assertIn("search_default_training_current", action.context)
        arch = etree.fromstring(
            self.env["event.event"].get_view(action.search_view_id.id, "search")["arch"]
        )
        [current] = arch.xpath("//filter[@name='training_current']/@domain")
        found = self.env["event.event"].search(literal_eval(current))
        self.assertIn(self.session, found)
        self.assertNotIn(past, found)

    def test_session_counts_and_filter(self):
        """A17: sessions with somebody waiting are found, with the count."""
        quiet = self._create_session(name="Quiet")
        self._purchase()
        events = self.env["event.event"].with_user(self.event_user)
        found = events.search([("prepaid_pending_count", ">", 0)])
        self.assertIn(self.session, found)
        self.assertNotIn(quiet, found)
        self.assertEqual(
            events.search([("prepaid_pending_count", "=", 2)]), self.session
        )
        self.assertIn(quiet, events.search([("prepaid_pending_count", "=", 0)]))
        self.assertIn(quiet, events.search([("prepaid_pending_count", "<", 1)]))
        self.assertNotIn(
            self.session, events.search([("prepaid_pending_count", "<=", 1)])
        )
