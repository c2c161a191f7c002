# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The session's own page: prospects, documents, and the programme's panel."""

from odoo.tests import tagged

from .common import TrainingCommon


@tagged("training_install", "standard", "post_install", "-at_install")
class TestSessionPage(TrainingCommon):
    def _refresh(self):
        self.session.invalidate_recordset()
        return self.session

    def test_prospects_section(self):
        """A16: the section holds who waits, and only them."""
        order = self._purchase()
        self.assertEqual(
            self._refresh().prepaid_registration_ids, order.training_registration_ids
        )
        first, second = order.training_registration_ids
        first.action_validate_prepaid()
        self.assertEqual(self._refresh().prepaid_registration_ids, second)
        second._cancel_prepaid()
        self.assertFalse(self._refresh().prepaid_registration_ids)
        self.assertEqual(self.session.prepaid_pending_count, 0)

    def test_cart_is_not_in_the_section(self):
        """A16: learners of a cart that is not paid are no prospects."""
        self._start_payment(self._buy())
        self.assertFalse(self._refresh().prepaid_registration_ids)

    def test_prospects_action(self):
        """A16, A17: the session's button opens its own prospects."""
        order = self._purchase()
        other = self._create_session(name="Other")
        self._purchase(session=other, learners=1)
        action = self.session.action_view_prepaid_registrations()
        found = self.env["event.registration"].search(action["domain"])
        self.assertEqual(found, order.training_registration_ids)

    def test_documents_and_totals(self):
        """A21, A25: the draft invoice is listed, paid, with nothing left."""
        order = self._purchase()
        session = self._refresh()
        self.assertEqual(session.training_document_ids, order.invoice_ids)
        self.assertFalse(session.training_other_document_ids)
        self.assertEqual(session.amount_training_to_number, 1200.0)
        self.assertEqual(session.amount_training_invoiced, 0.0)
        self.assertEqual(session.amount_training_paid, 1200.0)
        self.assertEqual(session.amount_training_credited, 0.0)
        self.assertEqual(session.amount_training_refunded, 0.0)
        self.assertEqual(session.amount_training_balance, 0.0)

    def test_lost_prospects_fold_under_others(self):
        """A25: documents of lost prospects are under « Others » and still count."""
        kept, lost = self._purchase(), self._purchase(learners=1)
        lost.opportunity_id.action_set_lost()
        session = self._refresh()
        self.assertEqual(session.training_document_ids, kept.invoice_ids)
        self.assertEqual(session.training_other_document_ids, lost.invoice_ids)
        self.assertEqual(session.amount_training_to_number, 1800.0)
        self.assertEqual(session.amount_training_paid, 1800.0)

    def test_credit_note_shows_in_the_totals(self):
        """A25: a credit note that is not refunded yet leaves a negative balance."""
        invoice = self._purchase(learners=1).invoice_ids
        invoice.action_post()
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.action_post()
        session = self._refresh()
        self.assertEqual(session.training_document_ids, invoice | credit)
        self.assertEqual(session.amount_training_credited, 600.0)
        self.assertEqual(session.amount_training_refunded, 0.0)
        self.assertEqual(session.amount_training_balance, -600.0)

    def test_sell_checkbox_needs_a_linked_account(self):
        """A5: « Sell with online payment » shows once an account is linked."""
        self.assertTrue(self.programme.has_training_payment)
        self.company.training_stripe_provider_id = False
        self.programme.invalidate_recordset()
        self.assertFalse(self.programme.has_training_payment)

    def test_panels_tell_what_is_missing(self):
        """A5: programme and session say in words why they are not on sale."""
        self.assertFalse(self.programme.online_sale_blockers)
        self.programme.is_published = False
        self.session.session_kind = "intra"
        self.assertIn("Publish", self.programme.online_sale_blockers)
        self.assertEqual(len(self.session.online_sale_blockers.splitlines()), 2)
