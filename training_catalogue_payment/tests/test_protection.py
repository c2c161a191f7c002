# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What nobody may write or delete from outside, whatever the views show."""

from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import mute_logger, tagged

from .common import TrainingCommon

#: Odoo's own refusals, ours, and the database's.
REFUSALS = (UserError, RedirectWarning, IntegrityError)


@tagged("post_install", "-at_install")
class TestProtection(TrainingCommon):
    @contextmanager
    def refused(self):
        """Expect a refusal, whoever says it, and undo what was begun."""
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db"):
                yield
        except REFUSALS:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        else:
            self.fail("Nobody refused.")

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

    def test_defaults_of_the_context_are_values(self):
        """A16, A20: what a caller sends as a default creates nothing protected."""
        user = self._roles()
        order = self._purchase()
        learner = {"event_id": self.session.id, "name": "Guest"}
        product = self.programme.product_variant_id.id
        for model, name, value, vals in (
            ("event.registration", "sale_order_id", order.id, learner),
            ("event.registration", "sale_order_line_id", order.order_line.id, learner),
            ("event.registration", "prepaid_state", "validated", learner),
            ("sale.order.line", "order_id", order.id, {"product_id": product}),
            ("sale.order", "training_paid_tx_id", order.training_paid_tx_id.id, {}),
            ("training.request", "kind", "purchase", {"name": "Forged"}),
            ("training.request", "order_id", order.id, {"name": "Forged"}),
            ("crm.lead", "prepaid_order_id", order.id, {"name": "Forged"}),
        ):
            if model == "sale.order":
                vals = {"partner_id": self.buyer.id}
            context = {f"default_{name}": value}
            creator = self.env[model].with_user(user).with_context(**context)
            # AccessError is one of them.
            with self.subTest(model=model, name=name), self.assertRaises(UserError):
                creator.create(vals)

    def test_trace_of_the_money_stays(self):
        """A24: payment and prepaid draft are neither deleted nor undone."""
        user = self._roles()
        order = self._purchase()
        tx = order.training_paid_tx_id
        with self.assertRaises(UserError):
            tx.unlink()
        with self.assertRaises(UserError):
            order.invoice_ids.with_user(user).button_cancel()
        payment = tx.payment_id.with_user(user)
        for undo in (payment.action_draft, payment.action_cancel):
            with self.assertRaises(UserError):
                undo()
        with self.assertRaises(UserError):
            payment.action_reject()
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_documents_of_a_cancellation_stay(self):
        """A24: credit notes, refunds and history are deleted by no route."""
        user = self._roles()
        order = self._purchase()
        bank = self.company_data["default_journal_bank"]
        credit = order._cancel_training(
            order.training_registration_ids, 1200.0, "Gone", refund=False
        )
        payment = credit._pay_training_document(bank, "Transfer")
        row = self.env["training.cancellation"].create(
            {"order_id": order.id, "reason": "Gone", "state": "done"}
        )
        lead, request = order.opportunity_id, order.training_request_id
        for records in (
            *(credit, order.invoice_ids[0], payment, row, lead, request, order),
            order.training_paid_tx_id.payment_id,
            order.training_registration_ids[0],
        ):
            with self.subTest(records._name), self.refused():
                records.with_user(user).unlink()
            self.assertTrue(records.exists())
        self.assertEqual(credit.payment_state, "paid")

    def test_nothing_falls_with_what_it_hangs_on(self):
        """A24: deleting session, programme or buyer takes no paid enrolment along."""
        user = self._roles()
        order = self._purchase()
        learners = order.training_registration_ids
        for records in (
            self.session,
            self.session.training_ticket_id,
            self.programme,
            self.programme.product_variant_id,
            self.buyer,
            self.buyer.parent_id,
            order.order_line,
        ):
            with self.subTest(records._name), self.refused():
                records.with_user(user).unlink()
                self.env.flush_all()
        self.assertEqual(order.training_registration_ids, learners)
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_import_and_merge_do_not_lose_money(self):
        """A24: neither an import nor a merge of leads removes a prospect that paid."""
        user = self._roles()
        lead = self._purchase().opportunity_id
        other = self.env["crm.lead"].create({"name": "Other", "type": "opportunity"})
        with self.assertRaises(UserError):
            (lead | other).with_user(user).merge_opportunity()
        loaded = lead.with_user(user).load(
            [".id", "prepaid_order_id/.id"], [[str(lead.id), ""]]
        )
        self.assertFalse(loaded["ids"])
        self.assertTrue(lead.prepaid_order_id)

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
