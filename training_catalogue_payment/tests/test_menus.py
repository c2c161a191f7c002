# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every menu of ours opens for who sees it: its list, its form, its figures."""

from odoo.tests import tagged

from .balance_common import BalanceCommon, at
from .menu_common import MenusMixin

ROLES = {
    "planner": ["event.group_event_manager"],
    "seller": ["sales_team.group_sale_manager"],
    "biller": ["account.group_account_invoice", "event.group_event_user"],
    "bookkeeper": ["account.group_account_user"],
    "adviser": ["account.group_account_manager"],
    "head": [
        "event.group_event_manager",
        "sales_team.group_sale_manager",
        "account.group_account_manager",
        "base.group_system",
    ],
}


@tagged("training_install", "post_install", "-at_install")
class TestMenus(MenusMixin, BalanceCommon):
    menu_module = "training_catalogue_payment"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            name: cls._create_role(f"menu_{name}", *groups)
            for name, groups in ROLES.items()
        }

    def setUp(self):
        super().setUp()
        tx, _row = self.charge()
        self.double.add(
            "dispute", "dp", amount=tx._to_stripe_amount(tx.amount), currency="eur",
            status="needs_response", reason="fraudulent",
            payment_intent=tx.provider_reference,
            evidence_details={"due_by": at("2026-03-25")},
        )  # fmt: skip
        self.receive("charge.dispute.created", "dp", "evt_created")
        self.run_events()
        self.read_and_book()

    def test_every_menu_opens_for_who_sees_it(self):
        """A17, A19, A25, A30: no menu ends in an error, whatever the role."""
        self.assert_menus_open(9)
