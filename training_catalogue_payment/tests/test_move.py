# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""All learners of a purchase are assigned to another session."""

from odoo.tests import tagged

from .move_common import MOVES_JOB, MoveCommon


@tagged("standard", "post_install", "-at_install")
class TestMoveEqual(MoveCommon):
    def test_draft(self):
        """A22: equal price, draft invoice: it is renamed, its payment stays matched."""
        order, target = self._sold(), self._target()
        invoice = order.invoice_ids
        matching = invoice._get_training_matched_lines().matched_credit_ids
        self.assertTrue(matching)
        record = self._move(order, target)
        self.assertEqual((record.state, record.kind), ("done", "equal"))
        self._check_waiting_in(target, order, 2)
        self.assertEqual(self._documents(order), [("INV", "draft", 1200, 0)])
        self.assertEqual(order.invoice_ids, invoice)
        self.assertEqual(
            invoice._get_training_matched_lines().matched_credit_ids, matching
        )
        self.assertIn(target.name, invoice.invoice_line_ids.name)
        self.assertIn(
            target._get_catalogue_dates(),
            invoice.invoice_line_ids.with_context(lang=self.buyer.lang).name,
        )
        self.assertEqual(invoice.training_session_id, target)
        self.assertEqual(order.amount_total, 1200)
        self.assertEqual(order.invoice_status, "invoiced")
        invoice.action_post()
        self.assertEqual(self._balances(), {"512": 1200, "70": -1200})
        self._check_settled(order)

    def test_numbered(self):
        """A22: equal price, numbered invoice: credit note, new invoice, payment on
        the new one; the numbered one keeps its words."""
        order, target = self._sold(numbered=True), self._target()
        old = order.invoice_ids
        words = old.invoice_line_ids.name
        self._move(order, target)
        self._check_waiting_in(target, order, 2)
        self.assertEqual(
            self._documents(order),
            [
                ("INV", "posted", 1200, 0),
                ("CN", "posted", 1200, 0),
                ("INV", "posted", 1200, 0),
            ],
        )
        self.assertEqual(old.invoice_line_ids.name, words)
        self.assertEqual(old.training_session_id, self.session)
        new = order._get_training_documents()[-1]
        self.assertIn(target.name, new.invoice_line_ids.name)
        self.assertEqual(new.training_session_id, target)
        payment = order.training_paid_tx_id.payment_id
        self.assertEqual(new._get_reconciled_payments(), payment)
        self.assertEqual(old.payment_state, "reversed")
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(self._balances(), {"512": 1200, "70": -1200})
        self._check_settled(order)

    def test_other_programme(self):
        """A22: a session of another programme: the order sells that one."""
        other = self._create_programme(name="Excel", list_price=600)
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold(numbered=numbered)
                target = self._create_session(other)
                self._move(order, target)
                self._check_waiting_in(target, order, 2)
                line = order.order_line
                self.assertEqual(line.product_id, other.product_variant_id)
                self.assertEqual(order.amount_total, 1200)
                self.assertEqual(order.invoice_status, "invoiced")
                invoice = order._get_training_documents()[-1]
                self.assertEqual(invoice.invoice_line_ids.product_id, line.product_id)
                self._check_settled(order)

    def test_validated_learners_wait_again(self):
        """A22, D3: validated learners wait in the new session; no session mail of the
        old one is sent to them any more."""
        order, target = self._sold(), self._target()
        learners = order.training_registration_ids
        learners.action_validate_prepaid()
        self.session.event_mail_ids.execute()
        self.assertTrue(learners.mail_registration_ids)
        self._move(order, target)
        self._check_waiting_in(target, order, 2)
        self.assertFalse(
            learners.mail_registration_ids.filtered(lambda mail: not mail.mail_sent)
        )
        self.assertEqual(order._get_prepaid_opportunity().prepaid_status, "prepaid")
        self.assertFalse(order._get_prepaid_opportunity().stage_id.is_won)
        learners.action_validate_prepaid()
        self.assertEqual(order._get_prepaid_opportunity().prepaid_status, "validated")

    def test_taxes_change_at_equal_total(self):
        """A22, A26: exempt 600 to 500 + 20 %: equal, tax included; the documents carry
        the new tax."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                order = self._sold(numbered=numbered)
                target = self._target(500, taxable=True)
                record = self._move(order, target)
                self.assertEqual(record.kind, "equal")
                self.assertEqual(order.amount_total, 1200)
                self.assertEqual(order.amount_tax, 200)
                invoice = order._get_training_documents()[-1]
                self.assertEqual(invoice.amount_tax, 200)
                self.assertEqual(invoice.amount_total, 1200)
                if not numbered:
                    invoice.action_post()
                self._check_settled(order)
        # What was exempt twice is now taxable twice, VAT due since it is cashed.
        self.assertEqual(self._balances(), {"512": 2400, "70": -2000, "44571": -400})

    def test_taxes_of_a_buyer_overseas(self):
        """A22, A26: the plan and the complement bear the tax that the line will: 8.5 %
        in Réunion, which Odoo's own positions take for an export."""
        company = self.buyer.parent_id.copy({"country_id": self.env.ref("base.re").id})
        order = self._sold(contact=self.buyer.copy({"parent_id": company.id}))
        target = self._target(500, taxable=True)
        tax = self.company.training_overseas_tax_id
        self.assertTrue(tax)
        self.assertEqual(order._get_move_taxes(target), tax)
        record = self._move(order, target)
        self.assertEqual(record.asked_amount, 1085)
        self.assertEqual((order.order_line.tax_ids, order.amount_total), (tax, 1085))

    def test_taxable_numbered_back_to_exempt(self):
        """A22, A26: a taxable sale goes to an exempt session: VAT is taken back."""
        taxable = self._target(500, taxable=True)
        order = self._sold(numbered=True, session=taxable)
        self.assertEqual(self._balances()["44571"], -200)
        target = self._create_session(name="Exonérée")
        self._move(order, target)
        self._check_waiting_in(target, order, 2)
        self.assertEqual(self._balances(), {"512": 1200, "70": -1200})
        self._check_settled(order)

    def test_a_draft_that_becomes_taxable_is_numbered(self):
        """A22, A21: VAT is due on what was cashed: the invoice is numbered by the move
        and sent, once, where the company numbers taxable sales at payment."""
        self.company.training_numbered_at_payment = True
        sent = []
        moves = self.env.registry["account.move"]

        def _send_training_invoice(invoices):
            invoices.is_move_sent = True
            sent.extend(invoices.ids)

        self.patch(moves, "_send_training_invoice", _send_training_invoice)
        order = self._sold()
        self.assertFalse(sent)
        self._move(order, self._target(500, taxable=True))
        self.run_jobs(MOVES_JOB)
        self.run_jobs(MOVES_JOB)
        self.assertEqual(sent, order.invoice_ids.ids)
        self.assertEqual(self._documents(order), [("INV", "posted", 1200, 0)])
        self.assertEqual(self._balances(), {"512": 1200, "70": -1000, "44571": -200})
        self._check_settled(order)


@tagged("standard", "post_install", "-at_install")
class TestMoveCheaper(MoveCommon):
    def test_draft(self):
        """A22: cheaper, draft: numbered, credited of the difference, refunded."""
        order, target = self._sold(), self._target(450)
        record = self._move(order, target)
        self.assertEqual(record.kind, "cheaper")
        self._check_waiting_in(target, order, 2)
        self.assertEqual(
            self._documents(order),
            [("INV", "posted", 1200, 0), ("CN", "posted", 300, 300)],
        )
        self.assertEqual(order.amount_total, 900)
        refund = self._refund()
        self.assertEqual(refund.amount, 300)
        self.assertEqual(self._balances(), {"512": 900, "70": -900})
        self._check_settled(order)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_numbered(self):
        """A22: cheaper, numbered: credit note, new invoice, the rest refunded."""
        order, target = self._sold(numbered=True), self._target(450)
        self._move(order, target)
        self._check_waiting_in(target, order, 2)
        self.assertEqual(
            self._documents(order),
            [
                ("INV", "posted", 1200, 0),
                ("CN", "posted", 1200, 300),
                ("INV", "posted", 900, 0),
            ],
        )
        self.assertEqual(self._refund().amount, 300)
        self.assertEqual(self._balances(), {"512": 900, "70": -900})
        self._check_settled(order)

    def test_taxable(self):
        """A22, A26: cheaper and taxable: credit and refund tax included."""
        for numbered in (False, True):
            with self.subTest(numbered=numbered):
                taxable = self._target(500, taxable=True)
                order = self._sold(numbered=numbered, session=taxable, learners=1)
                before = self._balances() if numbered else {}
                self._move(order, self._target(400, taxable=True))
                self.assertEqual(self._refund()[:1].amount, 120)
                self._check_settled(order)
                self.assertTrue(before or not numbered)
        self.assertEqual(self._balances(), {"512": 960, "70": -800, "44571": -160})

    def test_moved_again(self):
        """A22: what was credited in part is taken back whole by the next move: nobody
        is asked to invoice, or to credit, the places a second time."""
        order = self._sold()
        self._move(order, self._target(450))
        self._move(order, self._target(400))
        self.assertEqual(order.order_line.qty_invoiced, 2)
        self.assertEqual(order.invoice_status, "invoiced")
        self._refund()
        self.assertEqual(self._balances(), {"512": 800, "70": -800})
        self._check_settled(order)

    def test_taxable_to_exempt(self):
        """A22, A26: 600 with VAT to 550 exempt: tax included amounts decide."""
        order = self._sold(
            numbered=True, session=self._target(500, taxable=True), learners=1
        )
        self._move(order, self._target(550))
        self.assertEqual(self._refund().amount, 50)
        self.assertEqual(self._balances(), {"512": 550, "70": -550})
        self._check_settled(order)
