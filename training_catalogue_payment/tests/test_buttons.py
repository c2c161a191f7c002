# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each role is shown the buttons that it may press, and no other."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TrainingCommon

ADDON = "training_catalogue_payment"
OURS = {
    "action_cancel_prepaid",
    "action_move_prepaid",
    "action_open_prepaid_validation",
    "action_open_training_cancel",
    "action_retry",
    "action_validate_prepaid",
}
ROLES = {
    "desk": "event.group_event_registration_desk",
    "planner": "event.group_event_user",
    "seller": "sales_team.group_sale_salesman_all_leads",
    "biller": "account.group_account_invoice",
    "auditor": "account.group_account_readonly",
}


class Pressed(Exception):
    """The button answered; what it did is undone."""


@tagged("training_install", "post_install", "-at_install")
class TestButtons(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: cls._create_role(f"button_{name}", group)
            for name, group in ROLES.items()
        }
        # Sees everything: its pages say which buttons there are.
        cls.head = cls._create_role(
            "button_head",
            "event.group_event_manager",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
        )

    def find_buttons(self, user, model, view, kind, path="//button"):
        arch = self.env[model].with_user(user).get_view(view, kind)["arch"]
        names = [node.get("name") for node in etree.fromstring(arch).xpath(path)]
        return OURS.intersection(names)

    def accepts(self, user, records, name):
        """Tell whether the server lets this role press a button."""
        try:
            with self.env.cr.savepoint():
                getattr(records.with_user(user), name)()
                raise Pressed
        except Pressed:
            return True
        except AccessError:
            return False

    def check_page(self, records, view, kind, path="//button"):
        view = view and self.env.ref(view).id
        names = self.find_buttons(self.head, records._name, view, kind, path)
        self.assertTrue(names)
        for role, user in self.users.items():
            if not records.with_user(user).has_access("read"):
                continue
            shown = self.find_buttons(user, records._name, view, kind, path)
            accepted = {one for one in names if self.accepts(user, records, one)}
            with self.subTest(role=role, page=view or records._name, kind=kind):
                self.assertEqual(shown, accepted)

    def test_session(self):
        """A16, A20, A22, A23: the prospects of a session, together and one by one."""
        learners = self._purchase().training_registration_ids
        self.check_page(
            self.session, None, "form", "//div[@name='prepaid_buttons']//button"
        )
        rows = "//field[@name='prepaid_registration_ids']//button"
        for user in (*self.users.values(), self.head):
            shown = self.find_buttons(user, "event.event", None, "form", rows)
            expected = self.find_buttons(self.head, "event.event", None, "form", rows)
            self.assertEqual(len(expected), 4)
            if shown or user.has_group(ROLES["desk"]):
                accepted = {
                    one for one in expected if self.accepts(user, learners, one)
                }
                self.assertEqual(shown, accepted, user.login)

    def test_learners(self):
        """A20, A22, A23: lists and form of the learners."""
        learners = self._purchase().training_registration_ids
        self.check_page(learners, "event.view_event_registration_tree", "list")
        self.check_page(learners, "event.view_event_registration_form", "form")
        view = f"{ADDON}.event_registration_view_list_to_treat"
        self.check_page(learners, view, "list")

    def test_prospect_and_request(self):
        """A20, A22, A23: the same from the pipeline and from the requests."""
        order = self._purchase()
        self.check_page(order.opportunity_id, None, "form")
        self.check_page(order.training_request_id, None, "form")

    def test_document_of_the_report(self):
        """A30: « Open » is for who may read documents."""
        view = self.env.ref(f"{ADDON}.training_prepayment_report_view_list").id
        planner = self._create_role("button_plan_head", "event.group_event_manager")
        for user in (planner, self.head, self.users["biller"], self.users["auditor"]):
            rows = self.env["training.prepayment.report"].with_user(user)
            self.assertTrue(rows.has_access("read"))
            shown = "action_open_document" in rows.get_view(view, "list")["arch"]
            may_read = self.env["account.move"].with_user(user).has_access("read")
            self.assertEqual(shown, may_read, user.login)

    def test_failed_cancellation(self):
        """A23: « Try again » is not offered to who only audits."""
        order = self._purchase()
        row = self.env["training.cancellation"].create(
            {"order_id": order.id, "reason": "Ill", "state": "failed"}
        )
        self.check_page(row, None, "list")
        self.check_page(row, None, "form")
