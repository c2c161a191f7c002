# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A private buyer withdraws: what is written, freed, credited and refunded."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from ..services.withdrawal import Consent, Refusal
from .common import TrainingCommon

JOB = "training_catalogue_payment.ir_cron_treat_withdrawals"
TREATMENT = (
    "odoo.addons.training_catalogue_payment.models.training_withdrawal_treatment"
)
DECLARATION = {
    "name": "Paul Martin",
    "contract_reference": "S1",
    "email": "paul@martin.example.com",
}


class WithdrawalCommon(TrainingCommon):
    """A private person who bought a session outside professional training."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_individual()
        cls.leisure_session = cls._create_session(
            name="Atelier d'écriture", is_out_of_bpf=True
        )

    def _buy_as_person(self, follow_up=True, **values):
        return self._purchase(
            follow_up=follow_up,
            session=self.leisure_session,
            learners=1,
            kind="individual",
            contact=self.person,
            **values,
        )

    def _withdraw(self, order):
        return order._withdraw_training(DECLARATION, "192.0.2.7")

    def _run_job(self):
        self.env.ref(JOB).method_direct_trigger()
        self.env.invalidate_all()

    def _mails(self, withdrawal):
        return self.env["mail.mail"].search(
            [("model", "=", withdrawal._name), ("res_id", "=", withdrawal.id)]
        )

    def _set_dates(self, order, **begin):
        """Move the session without its own rules: the test is about the clock."""
        now = fields.Datetime.now()
        order.training_session_id.write(
            {
                "date_begin": now + timedelta(**begin),
                "date_end": now + timedelta(**begin) + timedelta(days=1),
            }
        )


@tagged("post_install", "-at_install")
class TestWithdrawal(WithdrawalCommon):
    def test_declaration_frees_the_seat_at_once(self):
        """A28: time, IP and amount are kept, the seat is free, staff are told."""
        self.leisure_session.write({"seats_limited": True, "seats_max": 5})
        order = self._buy_as_person()
        withdrawal = self._withdraw(order)
        self.env.cr.flush()
        self.assertEqual(withdrawal.ip_address, "192.0.2.7")
        self.assertAlmostEqual(
            withdrawal.date, fields.Datetime.now(), delta=timedelta(minutes=1)
        )
        self.assertEqual(withdrawal.amount, order.amount_total)
        self.assertEqual(withdrawal.amount_kept, 0)
        self.assertEqual(withdrawal.state, "acknowledged")
        self.assertEqual(
            order.training_registration_ids.mapped("prepaid_state"), ["cancelled"]
        )
        self.assertEqual(self.leisure_session.seats_available, 5)
        day = format_date(self.env, withdrawal.refund_before)
        self.assertIn(day, withdrawal.activity_ids.note)
        self.assertEqual(order.training_request_id.state, "cancelled")

    def test_acknowledgement_leaves_at_once(self):
        """A28: one mail with date and time, a copy to the organisation."""
        withdrawal = self._withdraw(self._buy_as_person())
        mail = self._mails(withdrawal)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "paul@martin.example.com")
        lang = withdrawal.partner_id.lang
        self.assertIn(
            withdrawal.with_context(lang=lang)._get_date_text(), mail.body_html
        )
        self.assertIn(withdrawal.order_id.name, mail.body_html)
        self.assertIn(withdrawal.order_id._get_organisation_email(), mail.email_cc)

    def test_another_address_is_told_to_the_buyer(self):
        """A28: nobody withdraws behind the buyer's back."""
        order = self._buy_as_person()
        withdrawal = order._withdraw_training(
            DECLARATION | {"email": "someone@else.example.com"}
        )
        self.assertIn("paul@martin.example.com", self._mails(withdrawal).email_cc)

    def test_job_credits_and_asks_for_the_refund(self):
        """A28: credit note of the whole price, one refund to the same payment."""
        order = self._buy_as_person()
        withdrawal = self._withdraw(order)
        self._run_job()
        self.assertEqual(withdrawal.treatment_state, "done")
        note = withdrawal.credit_note_ids
        self.assertEqual((note.state, note.move_type), ("posted", "out_refund"))
        self.assertEqual(note.amount_total, order.amount_total)
        operation = self.env["training.payment.operation"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", note.id)]
        )
        self.assertEqual(operation.transaction_id, order.training_paid_tx_id)
        self.assertEqual(operation.amount, order.amount_total)
        self.assertEqual(withdrawal.state, "acknowledged")
        self.assertFalse(order._get_prepaid_opportunity().active)

    def test_twice_is_once(self):
        """A28: two tabs, a double click, the job run twice: one of everything."""
        order = self._buy_as_person()
        withdrawal = self._withdraw(order)
        self.assertEqual(self._withdraw(order), withdrawal)
        self._run_job()
        self._run_job()
        self.assertEqual(self._withdraw(order), withdrawal)
        self.assertEqual(len(self._mails(withdrawal)), 1)
        notes = order._get_training_documents().filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual(len(notes), 1)
        refunds = self.env["training.payment.operation"].search(
            [("transaction_id", "=", order.training_paid_tx_id.id)]
        )
        self.assertEqual(len(refunds), 1)

    def test_refunded_when_the_credit_note_is_paid(self):
        """A28: the state follows the money, whoever gave it back."""
        order = self._buy_as_person()
        withdrawal = self._withdraw(order)
        self._run_job()
        note = withdrawal.credit_note_ids
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=note.ids
        ).create({"journal_id": self.provider.journal_id.id}).action_create_payments()
        self.assertEqual(withdrawal.state, "refunded")
        self.assertIn("was refunded", order._get_training_status_sentence())

    def test_before_the_follow_up_has_run(self):
        """A28: seconds after the payment, the refund waits for the invoice."""
        order = self._buy_as_person(follow_up=False)
        withdrawal = self._withdraw(order)
        self.assertEqual(withdrawal.amount, order.amount_total)
        self._run_job()
        self.assertEqual(withdrawal.treatment_state, "todo")
        self.assertEqual(withdrawal.treatment_attempts, 0)
        order._follow_up_purchase()
        self._run_job()
        self.assertEqual(withdrawal.credit_note_ids.amount_total, order.amount_total)
        self.assertFalse(order._get_prepaid_opportunity().active)

    def test_company_has_no_right(self):
        """A28: a company is refused on the server, whoever calls."""
        order = self._purchase(session=self.leisure_session)
        self.assertEqual(order._get_withdrawal_refusal(), Refusal.NOT_CONSUMER)
        with self.assertRaises(UserError):
            self._withdraw(order)
        self.assertFalse(order._can_withdraw())
        self.assertFalse(order._render_withdrawal_mail())

    def test_after_the_deadline(self):
        """A28: the day after the period it is refused, and says since when."""
        order = self._buy_as_person()
        self.leisure_session.date_end += timedelta(days=60)
        self.leisure_session.date_begin += timedelta(days=60)
        with freeze_time(fields.Datetime.now() + timedelta(days=20)):
            self.assertFalse(order._can_withdraw())
            with self.assertRaisesRegex(UserError, order._get_withdrawal_day_text()):
                self._withdraw(order)
        self.assertFalse(order.training_withdrawal_ids)

    def test_leisure_programme(self):
        """A28: excluded by the programme's flag, as it was when it was bought."""
        self.programme.training_withdrawal_case = "leisure"
        order = self._buy_as_person()
        self.programme.training_withdrawal_case = "standard"
        self.assertEqual(order._get_withdrawal_refusal(), Refusal.LEISURE)
        self.assertIn("L. 221-28, 12°", order._render_withdrawal_mail())
        self.assertEqual(self.session._get_withdrawal_case(), "standard")

    def test_professional_training_is_no_leisure(self):
        """A28: a BPF session keeps the right whatever its programme says."""
        self.programme.training_withdrawal_case = "leisure"
        self.assertEqual(self.session._get_withdrawal_case(), "standard")
        self.assertEqual(self.leisure_session._get_withdrawal_case(), "leisure")

    def test_pro_rata_when_it_began_at_the_buyers_request(self):
        """A28: half of the hours given: half is credited, half stays due."""
        order = self._buy_as_person()
        self.leisure_session.write(
            {"date_begin": "2027-06-07 07:00:00", "date_end": "2027-06-08 15:00:00"}
        )
        order.date_order = "2027-06-01 10:00:00"
        early = frozenset({Consent.EARLY_START})
        with (
            freeze_time("2027-06-07 20:00:00"),
            patch.object(type(order), "_get_withdrawal_consents", lambda self: early),
        ):
            withdrawal = self._withdraw(order)
            self.assertEqual(withdrawal.amount_kept, order.amount_total / 2)
            self.assertEqual(withdrawal.amount, order.amount_total / 2)
        self._run_job()
        self.assertEqual(
            withdrawal.credit_note_ids.amount_total, order.amount_total / 2
        )

    def test_already_cancelled_by_staff(self):
        """A28: money that was left is given back; nothing left is refused."""
        order = self._buy_as_person()
        order._cancel_training(order.training_registration_ids, 0, "By phone")
        self.assertTrue(order._can_withdraw())
        order._cancel_training(
            order.training_registration_ids, order.amount_total, "By phone"
        )
        self.assertEqual(order._get_withdrawal_refusal(), Refusal.CANCELLED)

    def test_part_was_already_given_back(self):
        """A28: only what remains is credited, never more than was paid."""
        order = self._buy_as_person()
        order._credit_training(order.amount_total - 100, "A gesture")
        note = order._get_training_documents()[-1:]
        order._refund_training(note)
        withdrawal = self._withdraw(order)
        self.assertEqual(withdrawal.amount, 100)
        self._run_job()
        self.assertEqual(withdrawal.credit_note_ids.amount_total, 100)

    def test_a_broken_mail_loses_no_declaration(self):
        """A28: what fails at once is done again by the job."""
        order = self._buy_as_person()
        template = self.env.ref(
            "training_catalogue_payment.mail_template_withdrawal_acknowledgement"
        )
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        localised = [template.with_context(lang=code) for code in languages]
        bodies = [one.body_html for one in localised]
        for one in localised:
            one.body_html = "<p t-out='object.nothing_of_the_kind'/>"
        with mute_logger(
            "odoo.addons.training_catalogue_payment.models.training_withdrawal",
            "odoo.addons.mail.models.mail_render_mixin",
        ):
            withdrawal = self._withdraw(order)
        self.assertEqual(withdrawal.state, "declared")
        for one, body in zip(localised, bodies, strict=True):
            one.body_html = body
        self._run_job()
        self.assertTrue(withdrawal.acknowledged_date)
        self.assertEqual(len(self._mails(withdrawal)), 1)

    def test_what_the_job_cannot_do_is_given_to_a_person(self):
        """A28: five failures make an activity; a person may have it tried again."""
        order = self._buy_as_person()
        withdrawal = self._withdraw(order)
        failing = patch.object(
            type(order), "_cancel_training", side_effect=UserError("closed period")
        )
        with failing, mute_logger(TREATMENT):
            for _try in range(5):
                self._run_job()
        self.assertEqual(withdrawal.treatment_state, "failed")
        self.assertIn("closed period", withdrawal.treatment_error)
        lang = order.company_id.partner_id.lang
        day = format_date(self.env, withdrawal.refund_before, lang)
        self.assertIn(day, withdrawal.activity_ids.sorted("id")[-1:].note)
        user = self._create_role("withdrawal_user", "event.group_event_user")
        withdrawal.with_user(user).action_retry_treatment()
        self._run_job()
        self.assertEqual(withdrawal.treatment_state, "done")

    def test_nobody_writes_it_by_hand(self):
        """A28: a proof is read by staff, changed by nobody, never deleted."""
        withdrawal = self._withdraw(self._buy_as_person())
        groups = ("event.group_event_manager", "sales_team.group_sale_manager")
        user = self._create_role("withdrawal_manager", *groups)
        with self.assertRaises(AccessError):
            withdrawal.with_user(user).write({"amount": 1})
        with self.assertRaises(AccessError):
            withdrawal.with_user(user).unlink()
        with self.assertRaises(UserError):
            withdrawal.unlink()
        portal = self._create_role("withdrawal_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            withdrawal.with_user(portal).read(["amount"])

    def test_confirmation_mail_tells_the_right(self):
        """A28: link, last day, information and model form, to private buyers only."""
        self.person.lang = "en_US"
        order = self._buy_as_person()
        mails = self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        bodies = mails.mapped("body_html")
        told = [body for body in bodies if order._get_withdrawal_url() in body]
        self.assertEqual((len(bodies), len(told)), (2, 1))
        self.assertIn("withdrawal_model_form", order._render_withdrawal_mail())
