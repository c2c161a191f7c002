# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What nobody may write or delete from outside, whatever the views show."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestProtection(TrainingCommon):
    def _roles(self):
        return self._create_role(
            "protected",
            "event.group_event_manager",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
        )

    def test_prepaid_fields_are_written_by_payments_only(self):
        """A16, A20: no role marks a learner, an order or a request as paid by RPC."""
        user = self._roles()
        order = self._purchase()
        cart = self._buy()
        request = self.env["training.request"].search([("order_id", "=", order.id)])
        attempts = (
            (order.training_registration_ids, {"prepaid_state": False}),
            (cart.training_registration_ids, {"prepaid_state": "validated"}),
            (order.training_registration_ids, {"sale_order_id": cart.id}),
            (cart, {"training_paid_tx_id": order.training_paid_tx_id.id}),
            (cart, {"training_followup_state": "todo"}),
            (cart, {"training_agreed_amount": 1}),
            (request, {"session_id": False}),
            (request, {"kind": "information"}),
            (self.session, {"training_ticket_id": False}),
        )
        for records, vals in attempts:
            with self.subTest(vals), self.assertRaises(AccessError):
                records.with_user(user).write(vals)

    def test_trace_of_the_money_stays(self):
        """A24: payment and prepaid draft are neither deleted nor undone."""
        user = self._roles()
        order = self._purchase()
        tx = order.training_paid_tx_id
        with self.assertRaises(UserError):
            tx.unlink()
        with self.assertRaises(UserError):
            order.invoice_ids.with_user(user).button_cancel()
        with self.assertRaises(UserError):
            tx.payment_id.with_user(user).action_draft()
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_a_stranger_learns_nothing_from_a_refusal(self):
        """A18: access is checked before a prospect's name is told."""
        lead = self._purchase().opportunity_id
        portal = self._create_role("stranger", "base.group_portal")
        with self.assertRaises(AccessError) as refused:
            lead.with_user(portal).write({"prepaid_status": "validated"})
        self.assertNotIn("Durand", str(refused.exception))

    def test_requests_are_not_a_mail_bomb(self):
        """A19: the same request sent twice is one; an address is not flooded."""
        requests = self.env["training.request"]
        vals = {
            "kind": "information",
            "session_id": self.session.id,
            "contact_name": "Nadia",
            "email": "nadia@example.com",
            "message": "First",
        }
        first = requests._create_from_website(vals)
        self.assertEqual(requests._create_from_website(vals), first)
        for number in range(4):
            requests._create_from_website({**vals, "message": f"More {number}"})
        with self.assertRaises(ValidationError):
            requests._create_from_website({**vals, "message": "One too many"})
