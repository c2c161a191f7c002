# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a call from outside the forms must not do to the money of trainings."""

from contextlib import contextmanager

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..services.cancellation import share_of
from ..utils import to_note
from .move_common import MoveCommon

NAN = float("nan")
SPEC = {"line_ids": {"fields": {"name": {}, "email": {}}}}


@tagged("standard", "post_install", "-at_install")
class TestMoneyTampering(MoveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls._create_role("tamper_planner", "event.group_event_user")
        cls.adviser = cls._create_role(
            "tamper_adviser", "account.group_account_manager"
        )

    # Payments and documents

    def test_payment_is_not_declared_paid(self):
        """A24: nobody writes « done » on a payment by hand, nor what it is worth."""
        order = self._buy()
        tx = self._start_payment(order).with_user(self.adviser)
        for values in (
            {"state": "done"},
            {"amount": 1.0},
            {"provider_reference": "pi_other"},
            {"training_refusal": "full"},
            {"training_session_id": False},
            {"sale_order_ids": [(5,)]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                tx.write(values)
        self.assertEqual((tx.state, order.state), ("draft", "draft"))

    @contextmanager
    def _refused_proof(self):
        words = "Only a payment"
        with self.assertRaisesRegex(AccessError, words), self.env.cr.savepoint():
            yield

    def test_payment_is_not_made_up(self):
        """A24: no payment of an enrolment is created by hand, nor linked to one."""
        order = self._buy()
        admin = self._create_role(
            "tamper_admin", "base.group_system", "account.group_account_manager"
        )
        model = self.env["payment.transaction"].with_user(admin)
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.env.ref("payment.payment_method_card").id,
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "reference": "made-up",
            "state": "done",
        }
        with self._refused_proof():
            model.create({**values, "sale_order_ids": [(6, 0, order.ids)]})
        other = model.create(values)
        self.assertEqual(other.state, "done")
        with self._refused_proof():
            other.write({"sale_order_ids": [(6, 0, order.ids)]})

    def test_other_payments_are_stock(self):
        """A24: payments of anything else are written as in stock."""
        order = self.env["sale.order"].create({"partner_id": self.buyer.id})
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": 10.0,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": "stock",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        tx.with_user(self.adviser).write({"state": "pending", "amount": 12.0})
        self.assertEqual((tx.state, tx.amount), ("pending", 12.0))

    def test_provider_answer_is_written_for_anybody(self):
        """A24: what the provider says is written, whoever had it asked for."""
        tx, intent = self.pay()
        tx.with_user(self.manager)._process("stripe", {"payment_intent": intent})
        self.assertEqual((tx.state, tx.provider_reference), ("done", intent["id"]))
        tx.with_user(self.manager).action_post_process()
        self.assertEqual(tx.sale_order_ids.state, "sale")

    def test_documents_keep_their_purchase(self):
        """A24: no invoice is taken from its purchase, nor made an indemnity."""
        invoice = self._sold(numbered=True).invoice_ids.with_user(self.adviser)
        for values in (
            {"training_order_id": False},
            {"training_session_id": self._target().id},
            {"training_is_indemnity": True},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                invoice.write(values)
        with self.assertRaises(AccessError):
            invoice.create({"move_type": "entry", "training_is_indemnity": True})
        invoice.write({"payment_reference": "free"})

    def test_documents_are_tied_by_the_product(self):
        """A24: no invoice made, copied or opened by hand becomes one of a purchase."""
        order = self._sold(numbered=True)
        invoice = order.invoice_ids.with_user(self.adviser)
        copy = invoice.copy()
        self.assertFalse(copy.training_order_id or copy.training_session_id)
        forged = {"move_type": "out_invoice", "partner_id": self.buyer.id}
        for values, context in (
            ({"training_order_id": order.id}, {}),
            ({}, {"default_training_session_id": self.session.id}),
        ):
            model = invoice.with_context(**context)
            with self.subTest(values=values), self.assertRaises(AccessError):
                model.create({**forged, **values})
        with self.assertRaises(AccessError):
            invoice.with_context(include_business_fields=True).copy()
        self.assertEqual(order._get_training_documents(), order.invoice_ids)

    def test_stock_reversal_stays_with_the_purchase(self):
        """A24: what Odoo's own wizard credits and makes again belongs to it."""
        order = self._sold(numbered=True)
        wizard = self.env["account.move.reversal"].with_user(self.adviser)
        context = {"active_model": "account.move", "active_ids": order.invoice_ids.ids}
        wizard = wizard.with_context(**context).create(
            {"journal_id": order.invoice_ids.journal_id.id, "reason": "Address"}
        )
        wizard.modify_moves()
        documents = order._get_training_documents()
        self.assertEqual(
            documents.mapped("move_type"), ["out_invoice", "out_refund", "out_invoice"]
        )
        self.assertEqual(documents.training_session_id, self.session)

    def test_payments_are_not_linked_from_the_order(self):
        """A24: nor is a payment tied to, or taken from, order or invoice by hand."""
        order, cart = self._sold(), self._buy()
        tx = order.training_paid_tx_id
        stock = self.env["sale.order"].create({"partner_id": self.buyer.id})
        salesman = self._create_role(
            "tamper_sales",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
        )
        for record, command in (
            (cart, (4, tx.id)),
            (order, (3, tx.id)),
            (order.invoice_ids, (4, tx.id)),
            (stock, (4, tx.id)),
        ):
            with (
                self.subTest(record=record),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                record.with_user(salesman).write({"transaction_ids": [command]})
        stock.with_user(salesman).write({"transaction_ids": [(5,)]})
        self.assertEqual(tx.sale_order_ids, order)

    def test_numbered_documents_stay(self):
        """A24: no numbered invoice or credit note goes back to draft."""
        order = self._sold(numbered=True)
        invoice = order.invoice_ids
        note = order._credit_training(600.0, "One learner less")
        for document in invoice | note:
            with self.assertRaisesRegex(UserError, "credit note instead"):
                document.with_user(self.adviser).button_draft()
        self.assertEqual(set((invoice | note).mapped("state")), {"posted"})

    def test_an_accountant_numbers_a_draft(self):
        """A24: the mentions of an invoice are frozen by whoever numbers it."""
        invoice = self._sold().invoice_ids
        invoice.with_user(self.adviser).action_post()
        self.assertTrue(invoice.training_mention)

    # Money given back

    def test_plain_invoice_is_reversed_as_ever(self):
        """A24: Odoo writes our links empty when it reverses; it may."""
        plain = {"move_type": "out_invoice", "partner_id": self.env.user.partner_id.id}
        empty = {"training_order_id": False, "training_session_id": False}
        moves = self.env["account.move"].with_user(self.adviser)
        move = moves.create({**plain, **empty})
        self.assertEqual(move._reverse_moves().move_type, "out_refund")

    def test_cheaper_move_by_who_may_not_invoice(self):
        """A22, A24: who sets prices does not make money leave by moving learners."""
        order = self._sold()
        target = self._target()
        target.with_user(self.planner).session_price = 0.01
        wizard = self._wizard(order._get_active_learners(), target, user=self.planner)
        self.assertIn("an accountant is asked", wizard.preview)
        wizard.action_move()
        self._do_accepted()
        self.assertFalse(self.env["training.payment.operation"].search([]))
        notes = order._get_training_documents().filtered("amount_residual")
        self.assertEqual(notes.mapped("move_type"), ["out_refund"])
        self.assertEqual(len(notes.activity_ids), 1)

    def test_cheaper_move_by_an_accountant(self):
        """A22: who may invoice gives the difference back at once."""
        order = self._sold()
        self._move(order, self._target(500))
        operation = self.env["training.payment.operation"].search([])
        self.assertEqual(operation.amount, 200.0)

    def test_no_negative_price(self):
        """A24: a session costs nothing or something."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._target(-1.0)

    def test_no_amount(self):
        """A23: what is no number is refused with a sentence."""
        order = self._sold(numbered=True)
        for amount in (NAN, float("inf")):
            with self.assertRaises(ValueError):
                share_of(1200, "amount", amount)
            with self.assertRaises(ValueError):
                share_of(amount, "none", 0)
            with self.assertRaises(UserError):
                order._credit_training(amount, "No number")
            with self.assertRaises(UserError):
                order.invoice_ids._pay_training_document(
                    self.provider.journal_id, "No number", amount
                )

    def test_no_number_in_the_wizard(self):
        """A23: « Cancel and refund » refuses what is no number."""
        learners = self._sold().training_registration_ids
        action = learners.with_user(self.manager).action_open_training_cancel()
        wizard = self.env["training.cancel"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write(
            {"reason": "x", "indemnity_kind": "percent", "indemnity_value": NAN}
        )
        with self.assertRaises(ValidationError):
            wizard.action_cancel()
        self.assertEqual(set(learners.mapped("prepaid_state")), {"pending"})

    # The wizards, seen from another company

    def test_learners_are_not_chosen_from_outside(self):
        """A22, A24: « Assign » shows only the learners it was opened on."""
        mine, other = self._sold(), self._sold(learners=1)
        secret = other.training_registration_ids
        secret.write({"name": "Secret", "email": "secret@other.example.com"})
        wizard = self._wizard(
            mine._get_active_learners(), self._target(), user=self.planner
        )
        line = wizard.line_ids[0]
        with self.assertRaises(AccessError):
            wizard.create({"line_ids": [(0, 0, {"registration_id": secret.id})]})
        with self.assertRaises(AccessError):
            wizard.write({"line_ids": [(0, 0, {"registration_id": secret.id})]})
        with self.assertRaises(AccessError):
            line.write({"registration_id": secret.id})
        with self.assertRaises(AccessError):
            wizard.write({"company_id": self.env.company.id})
        self.assertNotIn("Secret", line.mapped("name"))

    def test_forms_show_what_is_in_the_database(self):
        """A22, A23, A24: a form that is being edited shows no other learner."""
        mine, other = self._sold(), self._sold(learners=1)
        other.training_registration_ids.write({"name": "Secret"})
        learner = other.training_registration_ids.id
        learners = mine._get_active_learners().with_user(self.planner)
        for action, field in (
            (learners.action_move_prepaid(), "is_moved"),
            (learners.action_open_training_cancel(), "is_cancelled"),
        ):
            wizard = self.env[action["res_model"]].with_user(self.planner)
            wizard = wizard.browse(action["res_id"])
            forged = {"registration_id": learner, field: True}
            commands = [[1, wizard.line_ids[0].id, forged], [0, "virtual", forged]]
            values = {"line_ids": commands}
            with self.subTest(model=wizard._name):
                result = wizard.onchange(values, ["line_ids"], SPEC)
                self.assertNotIn("Secret", str(result))
                with self.assertRaises(AccessError):
                    wizard.browse().onchange(values, ["line_ids"], SPEC)

    def test_session_of_another_company(self):
        """A22, A24: the preview says nothing of a session one may not read."""
        company = self._create_company(name="Institut Voisin")
        programme = self._create_programme(company_id=company.id)
        target = self._create_session(programme, company_id=company.id)
        wizard = self._wizard(
            self._sold()._get_active_learners(), self._target(), user=self.planner
        )
        wizard.session_id = target.id
        self.assertFalse(wizard.preview)
        with self.assertRaises(AccessError):
            wizard.action_move()

    # Notes

    def test_notes_are_plain_text(self):
        """A24, A28: what a visitor types is no HTML in an activity."""
        self.assertEqual(
            to_note('<a href="x">É</a>\n<img>'),
            "<p>&lt;a href=&#34;x&#34;&gt;É&lt;/a&gt;<br/>&lt;img&gt;</p>",
        )
        self.assertFalse(to_note(False))
        order = self._sold()
        order.partner_id.name = '<a href="https://evil.example.com">me</a>'
        note = order._credit_training(600.0, "One learner less")
        order._ask_for_refund(note)
        self.assertNotIn("<a", note.activity_ids.note)
        self.assertIn("&lt;a", note.activity_ids.note)
