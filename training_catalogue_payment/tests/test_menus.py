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
    filled = (
        "training.cancellation",
        "training.closing",
        "training.move",
        "training.payment.operation",
        "training.withdrawal",
    )

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
        self.cancel()
        self.withdraw()
        order = self._purchase(learners=1)
        order._move_training(order.training_registration_ids, self._create_session())
        self.env["training.closing"].create({}).action_compute()

    def cancel(self):
        """Leave a cancellation with its credit note."""
        learners = self._purchase(learners=1).training_registration_ids
        action = learners.with_user(self.roles["head"]).action_open_training_cancel()
        wizard = self.env["training.cancel"].browse(action["res_id"])
        wizard = wizard.with_user(self.roles["head"])
        wizard.write({"reason": "Ill", "refund_way": "stripe"})
        wizard.action_cancel()
        row = self.env["training.cancellation"].search([], limit=1)
        self.assertTrue(row.credit_note_ids)

    def withdraw(self):
        """Leave a withdrawal, treated: its credit note is made."""
        order = self._purchase(
            session=self._create_session(is_out_of_bpf=True),
            learners=1,
            kind="individual",
            contact=self._create_individual(),
        )
        declaration = {
            "name": "Paul Martin",
            "contract_reference": order.name,
            "email": "paul@martin.example.com",
        }
        withdrawal = order._withdraw_training(declaration, "192.0.2.7")
        self.run_jobs("training_catalogue_payment.ir_cron_treat_withdrawals")
        self.assertTrue(withdrawal.credit_note_ids)

    def test_every_menu_opens_for_who_sees_it(self):
        """A17, A19, A25, A30: no menu ends in an error, whatever the role."""
        self.assert_menus_open(9)
