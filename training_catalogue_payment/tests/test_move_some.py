# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Some learners of a purchase are assigned to another session: it is split."""

from odoo.tests import tagged

from .move_common import MoveCommon


@tagged("standard", "post_install", "-at_install")
class TestMoveSome(MoveCommon):
    def _move_one(self, order, target, **values):
        learner = order._get_active_learners()[0]
        wizard = self._wizard(learner, target, **values)
        self.assertEqual(len(wizard.line_ids.filtered("is_moved")), 1)
        wizard.action_move()
        self._do_accepted()
        return self.env["training.move"].search([("order_id", "=", order.id)], limit=1)

    def _check_split(self, record, count=1):
        """The new order is a purchase like any other, paid by the same payment."""
        order, new = record.order_id, record.new_order_id
        self.assertNotEqual(order, new)
        self.assertEqual(new.training_origin_order_id, order)
        self.assertEqual(new.training_paid_tx_id, order.training_paid_tx_id)
        self.assertEqual(order.training_paid_tx_id.sale_order_ids, order)
        self.assertEqual(new.state, "sale")
        self.assertEqual(new.training_buyer_kind, order.training_buyer_kind)
        self.assertEqual(new.partner_id, order.partner_id)
        self._check_waiting_in(record.session_id, new, count)
        self.assertNotEqual(
            new._get_prepaid_opportunity(), order._get_prepaid_opportunity()
        )
        self.assertEqual(order.training_session_id, record.source_session_id)
        self.assertEqual(
            order._get_prepaid_opportunity().registration_ids,
            order.training_registration_ids,
        )
        self.assertEqual(
            order.training_request_id.learner_count,
            max(len(order._get_active_learners()), 1),
        )
        self.assertTrue(new.training_buyer_mail_date)
        self.assertEqual(new.training_followup_state, "done")

    def test_equal_draft(self):
        """A22: one of three, draft: two drafts, one payment, nothing left to pay."""
        order, target = self._sold(learners=3), self._target()
        record = self._move_one(order, target)
        self._check_split(record)
        self.assertEqual(self._documents(order), [("INV", "draft", 1200, 0)])
        new = record.new_order_id
        self.assertEqual(self._documents(new), [("INV", "draft", 600, 0)])
        self.assertEqual(order.amount_total, 1200)
        self.assertEqual(new.amount_total, 600)
        for sale in (order, new):
            self.assertEqual(sale.invoice_status, "invoiced")
            sale.invoice_ids.action_post()
        self.assertIn("Learner 1", new.invoice_ids.invoice_line_ids.name)
        self.assertNotIn("Learner 1", order.invoice_ids.invoice_line_ids.name)
        self.assertEqual(self._balances(), {"512": 1800, "70": -1800})
        self._check_settled(order, new)

    def test_equal_numbered(self):
        """A22: one of three, numbered: the place is credited, invoiced anew."""
        order, target = self._sold(learners=3, numbered=True), self._target()
        record = self._move_one(order, target)
        self._check_split(record)
        new = record.new_order_id
        self.assertEqual(
            self._documents(order),
            [("INV", "posted", 1800, 0), ("CN", "posted", 600, 0)],
        )
        self.assertEqual(self._documents(new), [("INV", "posted", 600, 0)])
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertEqual(order.order_line.qty_invoiced, 2)
        for sale in (order, new):
            self.assertEqual(sale.invoice_status, "invoiced")
        payment = order.training_paid_tx_id.payment_id
        self.assertEqual(new.invoice_ids._get_reconciled_payments(), payment)
        self.assertEqual(self._balances(), {"512": 1800, "70": -1800})
        self._check_settled(order, new)

    def test_cheaper(self):
        """A22: one of two to a cheaper session: its part is credited and refunded."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold(numbered=numbered)
                record = self._move_one(order, self._target(450))
                self._check_split(record)
                self.assertEqual(record.new_order_id.amount_total, 450)
                self.assertEqual(self._refund()[:1].amount, 150)
                if not numbered:
                    order.invoice_ids.action_post()
                self._check_settled(order, record.new_order_id)
        self.assertEqual(self._balances(), {"512": 2100, "70": -2100})

    def test_taxable(self):
        """A22, A26: one of three taxable learners, to the cent; VAT stays right."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                source = self._target(100.01, taxable=True)
                order = self._sold(numbered=numbered, session=source, learners=3)
                total = order.amount_total
                record = self._move_one(order, self._target(100.01, taxable=True))
                self._check_split(record)
                new = record.new_order_id
                for invoice in (order | new).invoice_ids:
                    if invoice.state == "draft":
                        invoice.action_post()
                self._check_settled(order, new)
                documents = (
                    order._get_training_documents() | new._get_training_documents()
                )
                self.assertEqual(
                    round(sum(documents.mapped("amount_total_signed")), 2), total
                )
        self.assertEqual(round(sum(self._balances().values()), 2), 0)

    def test_one_after_the_other(self):
        """A22: two learners leave one after the other, then the last one too."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold(learners=3, numbered=numbered)
                targets = self._target(), self._target(), self._target()
                first = self._move_one(order, targets[0])
                self._check_split(first)
                second = self._move_one(order, targets[1])
                self._check_split(second)
                last = self._move_one(order, targets[2])
                self.assertEqual(last.new_order_id, order)
                self._check_waiting_in(targets[2], order, 1)
                orders = order | first.new_order_id | second.new_order_id
                orders.invoice_ids.filtered(
                    lambda move: move.state == "draft"
                ).action_post()
                self._check_settled(*orders)
                self.assertEqual(orders.mapped("amount_total"), [600] * 3)
        self.assertEqual(self._balances(), {"512": 3600, "70": -3600})

    def test_moved_again_after_a_split(self):
        """A22: a split order is moved in its turn, and refunded of its own part."""
        order = self._sold(numbered=True)
        split = self._move_one(order, self._target()).new_order_id
        record = self._move(split, self._target(500))
        self.assertEqual(record.new_order_id, split)
        self.assertEqual(self._refund().amount, 100)
        self.assertEqual(self._balances(), {"512": 1100, "70": -1100})
        self._check_settled(order, split)

    def test_a_cancelled_learner_keeps_its_money(self):
        """A22, A23: the place of a cancelled learner, not credited yet, stays."""
        order = self._sold(learners=2)
        order.training_registration_ids[1]._cancel_prepaid()
        record = self._move(order, self._target())
        self._check_split(record)
        self.assertEqual(order.amount_total, 600)
        self.assertEqual(self._documents(order), [("INV", "draft", 600, 0)])


@tagged("standard", "post_install", "-at_install")
class TestMoveFlat(MoveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flat = cls._create_programme(
            name="Forfait",
            company_multi_learners=False,
            flat_enrolment_max_learners=4,
            list_price=1000,
        )

    def _sold_flat(self, **kwargs):
        return self._sold(session=self._create_session(self.flat), learners=3, **kwargs)

    def test_some_move_without_money(self):
        """A22, A6: some learners of a flat enrolment move: no document changes."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold_flat(numbered=numbered)
                documents = self._documents(order)
                target = self._create_session(self.flat)
                learner = order.training_registration_ids[0]
                self._wizard(learner, target).action_move()
                self.env.cr.flush()
                new = learner.sale_order_id
                self._check_waiting_in(target, new, 1)
                self.assertEqual(self._documents(order), documents)
                self.assertEqual(self._documents(new), [])
                self.assertEqual((order.amount_total, new.amount_total), (1000, 0))
                self.assertEqual(order.invoice_status, "invoiced")

    def test_some_move_with_what_staff_enter(self):
        """A22, A6: staff enter how much of the flat price goes with them."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold_flat(numbered=numbered)
                target = self._create_session(self.flat)
                learner = order.training_registration_ids[0]
                self._wizard(learner, target, carried_amount=300).action_move()
                self._do_accepted()
                new = learner.sale_order_id
                self._check_waiting_in(target, new, 1)
                self.assertEqual((order.amount_total, new.amount_total), (700, 300))
                for invoice in (order | new).invoice_ids:
                    if invoice.state == "draft":
                        invoice.action_post()
                self._check_settled(order, new)
                for sale in (order, new):
                    self.assertEqual(sale.invoice_status, "invoiced")
        self.assertEqual(self._balances(), {"512": 2000, "70": -2000})

    def test_all_move_with_everything(self):
        """A22, A6: all learners of a flat enrolment: like any other purchase."""
        order = self._sold_flat()
        record = self._move(order, self._create_session(self.flat, session_price=900))
        self.assertEqual(record.new_order_id, order)
        self.assertEqual(order.amount_total, 900)
        self.assertEqual(self._refund().amount, 100)
        self._check_settled(order)
