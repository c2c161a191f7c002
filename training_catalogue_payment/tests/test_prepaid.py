# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the payment to the prepaid prospect, its seat and its validation."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TrainingCommon

FOLLOW_UP_JOB = "training_catalogue_payment.ir_cron_follow_up_purchases"


@tagged("post_install", "-at_install")
class TestPrepaid(TrainingCommon):
    def test_payment_makes_prospects_that_hold_their_seats(self):
        """A15: a seat paid is a seat held, before anybody validates."""
        self.session.write({"seats_limited": True, "seats_max": 5})
        order = self._purchase(follow_up=False)
        learners = order.training_registration_ids
        self.assertEqual(order.state, "sale")
        self.assertEqual(set(learners.mapped("prepaid_state")), {"pending"})
        self.assertEqual(set(learners.mapped("state")), {"draft"})
        self.assertEqual(set(learners.mapped("sale_status")), {"sold"})
        self.assertEqual(self.session.seat_counter_ids.reserved, 2)
        self.assertEqual(self.session.seats_available, 3)
        self.assertFalse(self.env["training.seat.hold"].search([]))
        self.assertFalse(learners.mail_registration_ids)

    def test_draft_invoice_has_its_payment_attached(self):
        """A21: nothing is left to pay on the draft invoice of a BPF session."""
        order = self._purchase()
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(invoice.amount_total, 1200)
        self.assertEqual(invoice.training_session_id, self.session)
        text = invoice.invoice_line_ids.name
        self.assertIn(self.programme.name, text)
        self.assertIn(str(self.session.date_begin.year), text)
        self.assertIn("Learner 1", text)
        self.assertEqual(order.training_paid_tx_id.payment_id.state, "paid")

    def test_processing_again_does_not_number_the_draft(self):
        """A21: stock posts drafts linked to a transaction processed again."""
        order = self._purchase()
        order.training_paid_tx_id._post_process()
        self.assertEqual(order.invoice_ids.state, "draft")
        self.assertEqual(len(order.invoice_ids), 1)
        order._follow_up_purchase()
        self.assertEqual(len(order.invoice_ids), 1)

    def test_taxable_sale_is_numbered_at_payment(self):
        """A21: hors BPF, 20 % tax, numbered when cashed; exempt waits in draft."""
        self.session.is_out_of_bpf = True
        order = self._purchase(
            learners=1, kind="individual", contact=self._create_individual()
        )
        invoice = order.invoice_ids
        self.assertEqual(order.amount_total, 720)
        self.assertEqual(invoice.state, "posted")
        self.assertTrue(invoice.name)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_tax, 120)

    def test_numbered_on_the_day_where_the_company_is(self):
        """A21: jobs have no time zone; of these two, one has another day than UTC."""
        self.session.is_out_of_bpf = True
        for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
            self.company.partner_id.tz = zone
            order = self._purchase(follow_up=False)
            today = fields.Date.context_today(self.company.with_context(tz=zone))
            self.env.ref(FOLLOW_UP_JOB).method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(order.invoice_ids.invoice_date, today)

    def test_taxable_draft_when_the_company_says_so(self):
        """A21: the setting « numbered at payment » can be switched off."""
        self.company.training_numbered_at_payment = False
        self.session.is_out_of_bpf = True
        self.assertEqual(self._purchase().invoice_ids.state, "draft")

    def test_automatic_invoicing_leaves_trainings_alone(self):
        """A21: the database's automatic invoice neither numbers nor doubles ours."""
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self._purchase()
        self.assertEqual(order.invoice_ids.mapped("state"), ["draft"])

    def test_exempt_invoice_bears_the_mention(self):
        """A26: the sentence in force on the invoice's date is kept on it."""
        invoice = self._purchase().invoice_ids
        invoice.action_post()
        self.assertIn("261, 4-4° a", invoice.training_mention)
        self.assertIn("261, 4-4° a", invoice.taxes_legal_notes)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        self.assertIn("261, 4-4° a", html.decode())
        self.assertEqual(invoice.amount_tax, 0)

    def test_validation_registers_and_sends_later(self):
        """A20: validated learners are registered; their mails leave by the cron."""
        order = self._purchase()
        learners = order.training_registration_ids
        user = self._create_role("event_user", "event.group_event_user")
        learners.with_user(user).action_validate_prepaid()
        self.assertEqual(set(learners.mapped("state")), {"open"})
        self.assertEqual(set(learners.mapped("prepaid_state")), {"validated"})
        self.assertFalse(learners.mail_registration_ids)
        self.env["event.mail"].schedule_communications()
        self.assertEqual(len(learners.mail_registration_ids.registration_id), 2)

    def test_unticked_mails_are_never_sent(self):
        """A20: unticked, the session's own mails do not leave, now or later."""
        learners = self._purchase().training_registration_ids
        learners.action_validate_prepaid(send_mails=False)
        self.env["event.mail"].schedule_communications()
        self.assertFalse(learners.mail_registration_ids)

    def test_unnamed_learner_is_mailed_once_completed(self):
        """A20: an unnamed learner may be validated; the mails wait for its name."""
        learner = self._purchase(learners=[{}]).training_registration_ids
        self.assertFalse(learner.name or learner.email)
        learner.action_validate_prepaid()
        self.env["event.mail"].schedule_communications()
        self.assertFalse(learner.mail_registration_ids)
        learner.write({"name": "Jeanne", "email": "jeanne@durand.example.com"})
        self.env["event.mail"].schedule_communications()
        self.assertTrue(learner.mail_registration_ids)

    def test_stranger_cannot_validate(self):
        """A20: validating needs the role of event user or salesperson."""
        learners = self._purchase().training_registration_ids
        user = self._create_role("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            learners.with_user(user).action_validate_prepaid()

    def test_cancelling_frees_the_seat_and_keeps_the_money(self):
        """A23: the seat is free again, the invoice and the payment are untouched."""
        order = self._purchase()
        order.training_registration_ids._cancel_prepaid()
        self.env.cr.flush()
        self.assertEqual(self.session.seat_counter_ids.reserved, 0)
        self.assertEqual(
            set(order.training_registration_ids.mapped("prepaid_state")), {"cancelled"}
        )
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_what_holds_money_cannot_be_deleted(self):
        """A24: deleting is refused and says to cancel instead."""
        order = self._purchase()
        with self.assertRaises(UserError):
            order.training_registration_ids.unlink()
        with self.assertRaises(UserError):
            order.unlink()
