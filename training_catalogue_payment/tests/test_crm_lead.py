# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The prepaid prospect in the sales pipeline."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import TrainingCommon

CANCELLED = "training_catalogue_payment.crm_lost_reason_cancelled"
KANBAN = "crm.crm_case_kanban_view_leads"


@tagged("standard", "post_install", "-at_install")
class TestCrmLead(TrainingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._create_role(
            "lead_salesman", "sales_team.group_sale_salesman_all_leads"
        )

    def _get_lead(self, order):
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search([("prepaid_order_id", "=", order.id)])
        )

    def test_purchase_makes_one_prepaid_opportunity(self):
        """A18: a paid order is one opportunity, status « Prepaid », in its stage,
        however often the follow-up runs."""
        order = self._purchase()
        order._follow_up_purchase()
        lead = self._get_lead(order)
        self.assertEqual(len(lead), 1)
        self.assertEqual(lead.prepaid_status, "prepaid")
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(
            lead.stage_id,
            self.env.ref("training_catalogue_payment.crm_stage_prepaid"),
        )
        self.assertEqual(lead.expected_revenue, order.amount_untaxed)
        self.assertEqual(lead.prepaid_session_id, self.session)
        self.assertEqual(order.opportunity_id, lead)
        self.assertEqual(lead.prepaid_pending_count, 2)

    def test_cart_makes_no_opportunity(self):
        """A18: a cart that nobody paid is not a prospect."""
        order = self._buy()
        self.assertFalse(self._get_lead(order))
        self.assertFalse(order.opportunity_id)

    def test_filters_find_prepaid_and_keep_lost(self):
        """A18, A19: the « Prepaid » filter finds what waits; lost purchases stay
        listed under « Bought online »."""
        waiting, lost = self._purchase(), self._purchase(learners=1)
        self._get_lead(lost).action_set_lost()
        view = self.env["crm.lead"].get_view(
            self.env.ref("crm.view_crm_case_opportunities_filter").id, "search"
        )
        self.assertIn('name="prepaid"', view["arch"])
        found = self.env["crm.lead"].search([("prepaid_status", "=", "prepaid")])
        self.assertIn(self._get_lead(waiting), found)
        self.assertNotIn(self._get_lead(lost), found)
        everything = self.env["crm.lead"].search(
            [("prepaid_status", "!=", False), ("active", "in", [True, False])]
        )
        self.assertLessEqual(self._get_lead(waiting) | self._get_lead(lost), everything)

    def test_status_follows_validation(self):
        """A20: prepaid while somebody waits, validated and won when nobody does."""
        order = self._purchase()
        lead = self._get_lead(order)
        first, second = order.training_registration_ids
        first.action_validate_prepaid()
        self.assertEqual(lead.prepaid_status, "prepaid")
        second.action_validate_prepaid()
        self.assertEqual(lead.prepaid_status, "validated")
        self.assertTrue(lead.stage_id.is_won)

    def test_status_follows_cancellation_of_learners(self):
        """A23: one learner cancelled changes nothing, the last one cancels."""
        order = self._purchase()
        lead = self._get_lead(order)
        first, second = order.training_registration_ids
        first._cancel_prepaid()
        self.assertEqual(lead.prepaid_status, "prepaid")
        second._cancel_prepaid()
        self.assertEqual(lead.prepaid_status, "cancelled")
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.lost_reason_id, self.env.ref(CANCELLED))

    def test_validated_then_one_cancelled_stays_validated(self):
        """A23: a cancelled learner beside a validated one leaves it validated."""
        order = self._purchase()
        order.training_registration_ids.action_validate_prepaid()
        order.training_registration_ids[0]._cancel_prepaid()
        self.assertEqual(self._get_lead(order).prepaid_status, "validated")

    def test_person_sets_cancelled(self):
        """A23: « Cancelled » by a salesperson frees the seats and moves no money."""
        order = self._purchase()
        lead = self._get_lead(order)
        payment, invoice = order.training_paid_tx_id.payment_id, order.invoice_ids
        residual, state = invoice.amount_residual, payment.state
        taken = self.session.seats_taken
        lead.with_user(self.salesman).action_cancel_prepaid_status()
        self.assertEqual(lead.prepaid_status, "cancelled")
        self.assertEqual(
            set(order.training_registration_ids.mapped("prepaid_state")), {"cancelled"}
        )
        self.assertEqual(
            set(order.training_registration_ids.mapped("state")), {"cancel"}
        )
        self.session.invalidate_recordset()
        self.assertEqual(self.session.seats_taken, taken - 2)
        self.assertEqual(invoice.amount_residual, residual)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(payment.state, state)
        self.assertEqual(order.state, "sale")

    def test_person_marks_lost(self):
        """A23: the stock « Lost » button frees the seats, whatever its way."""
        order = self._purchase()
        lead = self._get_lead(order)
        lead.with_user(self.salesman).action_set_lost()
        self.assertEqual(lead.prepaid_status, "lost")
        self.assertEqual(
            set(order.training_registration_ids.mapped("prepaid_state")), {"cancelled"}
        )

    def test_person_marks_lost_after_validation(self):
        """A23: the source's own path, validate then « Lost »."""
        order = self._purchase()
        lead = self._get_lead(order)
        order.training_registration_ids.action_validate_prepaid()
        self.assertEqual(lead.won_status, "won")
        lead.with_user(self.salesman).action_lose_prepaid_status()
        self.assertEqual(lead.prepaid_status, "lost")
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(
            set(order.training_registration_ids.mapped("state")), {"cancel"}
        )
        self.assertEqual(order.training_request_id.state, "cancelled")

    def test_lost_reason_agrees_with_the_status(self):
        """A18, A23: « Cancelled » is a reason of its own, a person's reason is kept,
        and one ribbon of the two shows."""
        lead, other = (self._get_lead(self._purchase()) for _number in range(2))
        reason = self.env["crm.lost.reason"].create({"name": "Too expensive"})
        other.action_set_lost(lost_reason_id=reason.id)
        self.assertEqual((other.prepaid_status, other.lost_reason_id), ("lost", reason))
        lead.action_cancel_prepaid_status()
        self.assertEqual(lead.lost_reason_id, self.env.ref(CANCELLED))
        lead.action_lose_prepaid_status()
        self.assertEqual(lead.prepaid_status, "lost")
        self.assertFalse(lead.lost_reason_id)
        for view, kind in (("crm.crm_lead_view_form", "form"), (KANBAN, "kanban")):
            arch = lead.get_view(self.env.ref(view).id, kind)["arch"]
            ribbons = etree.fromstring(arch).xpath("//widget[@name='web_ribbon']")
            for status, shown in (("cancelled", 1), ("lost", 1), ("prepaid", 0)):
                values = {
                    "prepaid_status": status,
                    "won_status": "lost" if shown else "pending",
                    "active": not shown,
                }
                seen = [
                    ribbon
                    for ribbon in ribbons
                    if not safe_eval(ribbon.get("invisible"), values)
                ]
                self.assertEqual(len(seen), shown, (view, status))

    def test_lost_status_is_kept(self):
        """A23: a choice of « Lost » is not turned into « Cancelled » afterwards."""
        order = self._purchase()
        lead = self._get_lead(order)
        lead.write({"prepaid_status": "lost"})
        self.assertEqual(lead.won_status, "lost")
        lead._sync_prepaid_status()
        self.assertEqual(lead.prepaid_status, "lost")

    def test_hand_written_status_is_refused(self):
        """A20: nobody makes a prospect « Validated » but by validating it."""
        lead = self._get_lead(self._purchase())
        with self.assertRaises(UserError):
            lead.write({"prepaid_status": "validated"})
        with self.assertRaises(UserError):
            lead.write({"prepaid_status": False})

    def test_event_user_does_not_write_prospects(self):
        """A18, A23: an event user has no access to the pipeline."""
        user = self._create_role("lead_event_user", "event.group_event_user")
        lead = self._get_lead(self._purchase())
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            lead.with_user(user).action_cancel_prepaid_status()
        self.assertEqual(lead.prepaid_status, "prepaid")

    def test_event_user_validation_moves_the_prospect(self):
        """A20: validation by an event user moves the opportunity it cannot read."""
        user = self._create_role("lead_event_user2", "event.group_event_user")
        order = self._purchase()
        order.training_registration_ids.with_user(user).action_validate_prepaid()
        self.assertEqual(self._get_lead(order).prepaid_status, "validated")

    def test_merge_is_refused(self):
        """A19: merging would hand one customer's money to another (D13)."""
        first = self._get_lead(self._purchase())
        second = self.env["crm.lead"].create(
            {"name": "Call", "type": "opportunity", "email_from": first.email_from}
        )
        with self.assertRaises(UserError):
            (first | second).merge_opportunity()
        self.assertTrue(second.exists())

    def test_duplicates_leave_requests_out(self):
        """A19: automatic assignment is not offered what it could not merge."""
        prepaid = self._get_lead(self._purchase())
        other = self.env["crm.lead"].create(
            {"name": "Call", "type": "opportunity", "email_from": prepaid.email_from}
        )
        duplicates = other._get_lead_duplicates(email=prepaid.email_from)
        self.assertIn(other, duplicates)
        self.assertNotIn(prepaid, duplicates)

    def test_deletion_is_refused(self):
        """A24: a prospect that paid is not deleted; the message says what to do."""
        lead = self._get_lead(self._purchase())
        with self.assertRaisesRegex(UserError, "Cancelled"):
            lead.unlink()

    def test_draft_invoice_and_payment_are_not_deleted(self):
        """A24: the draft invoice with its payment, and the payment, stay."""
        order = self._purchase()
        invoice = order.invoice_ids
        payment = order.training_paid_tx_id.payment_id
        self.assertEqual(invoice.state, "draft")
        with self.assertRaisesRegex(UserError, "credit note"):
            invoice.unlink()
        with self.assertRaisesRegex(UserError, "refund"):
            payment.unlink()
        with self.assertRaises(UserError):
            order.unlink()
        with self.assertRaises(UserError):
            order.training_registration_ids.unlink()

    def test_plain_lead_is_untouched(self):
        """A1: an opportunity without a purchase behaves as in stock."""
        lead = self.env["crm.lead"].create({"name": "Call", "type": "opportunity"})
        lead.action_set_lost()
        self.assertFalse(lead.prepaid_status)
        lead.action_restore()
        self.assertTrue(lead.active)
        lead.unlink()
        self.assertFalse(lead.exists())
