# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A12: terms of sale with their history, and the proof that a buyer accepted them."""

from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..services import terms as terms_rules
from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestAcceptance(TrainingCommon):
    """What is kept, and that nobody can change it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["training.terms"]._ensure_terms(cls.company)

    def _accept(self, order, **posted):
        posted = {"terms": self.terms.id, "consents": ["training_terms"], **posted}
        return order._accept_training_terms(
            self._start_payment(order),
            posted,
            ip_address="203.0.113.7",
            user_agent="Test/1.0",
        )

    def test_proof(self):
        """A12: order, payment, version, fingerprint, time, IP, button and recap."""
        order = self._buy()
        proof = self._accept(order)
        self.assertEqual(proof.order_id, order)
        self.assertEqual(proof.transaction_id, order.transaction_ids)
        self.assertEqual(proof.terms_version, self.terms.version)
        self.assertEqual(proof.terms_hash, terms_rules.hash_text(self.terms.body))
        self.assertTrue(proof.date)
        self.assertEqual(proof.ip_address, "203.0.113.7")
        self.assertEqual(proof.user_agent, "Test/1.0")
        self.assertEqual(proof.button_label, "Order with obligation to pay")
        self.assertEqual(proof.amount_total, order.amount_total)
        self.assertIn("version 1", proof.consent_labels)
        self.assertIn("Learner 1", proof.recap)
        self.assertIn(self.session._get_catalogue_dates(), proof.recap)
        self.assertTrue(proof._has_consent("training_terms"))
        self.assertFalse(proof._has_consent("terms"))
        self.assertEqual(order._get_paid_acceptance(), proof)

    def test_nothing_accepted(self):
        """A12: no box, another box, no version: refused, nothing is written."""
        order = self._buy()
        posts = [
            None,
            "training_terms",
            {},
            {"terms": self.terms.id},
            {"terms": self.terms.id, "consents": None},
            {"terms": self.terms.id, "consents": [["training_terms"], 3]},
            {"terms": self.terms.id, "consents": ["other"]},
            {"consents": ["training_terms"]},
        ]
        for posted in posts:
            with self.subTest(posted=posted), self.assertRaises(ValidationError):
                order._accept_training_terms(self.env["payment.transaction"], posted)
        self.assertFalse(order.training_acceptance_ids)

    def test_terms_changed_meanwhile(self):
        """A12: only the version in force is accepted; else the page is read again."""
        order = self._buy()
        self.env["training.terms"].create({"body": "<p>Dearer</p>"})
        with self.assertRaisesRegex(ValidationError, "have changed"):
            self._accept(order)

    def test_no_payment_without_proof(self):
        """A12: whichever page it comes from, the provider is asked nothing before."""
        order = self._buy()
        tx = self._start_payment(order)
        with self.assertRaisesRegex(ValidationError, "terms of sale"):
            tx._get_processing_values()
        with self.assertRaisesRegex(ValidationError, "terms of sale"):
            tx._send_payment_request()

    def test_proof_is_for_ever(self):
        """A12: nobody changes, deletes, copies or invents a proof, nor its order."""
        proof = self._accept(self._buy())
        for call in (
            lambda: proof.write({"ip_address": "198.51.100.1"}),
            proof.unlink,
            proof.copy,
            proof.order_id.unlink,
        ):
            with self.assertRaises(UserError):
                call()
        admin = self._create_role("proof_admin", "base.group_system")
        with self.assertRaises(AccessError):
            proof.with_user(admin).create(
                {"order_id": proof.order_id.id, "terms_id": self.terms.id}
            )
        with self.assertRaises(AccessError):
            proof.order_id.with_user(
                self._create_role("proof_sale", "sales_team.group_sale_manager")
            ).training_acceptance_id = False

    def test_terms_history(self):
        """A12: editing publishes the next version; the former ones stay as accepted."""
        first = self.terms
        manager = self._create_role("terms_manager", "event.group_event_manager")
        second = (
            self.env["training.terms"]
            .with_user(manager)
            .create({"body": "<p>New</p><script>alert(1)</script>", "version": 9})
        )
        # Without this right the web client would show its form read only.
        self.assertTrue(second.has_access("write"))
        self.assertEqual(second.version, first.version + 1)
        self.assertNotIn("script", second.body)
        self.assertEqual(second.text_hash, terms_rules.hash_text(second.body))
        self.assertEqual(second._find_last(self.company), second)
        for version in (first, first.with_user(manager)):
            with self.assertRaises(UserError):
                version.write({"body": "<p>x</p>"})
            with self.assertRaises(UserError):
                version.unlink()
        with self.assertRaises(UserError):
            self.env["training.terms"].create({"body": "<p><br></p>"})

    def test_terms_roles(self):
        """A12: users read the terms and the proofs, managers publish, others not."""
        proof = self._accept(self._buy())
        user = self._create_role("terms_user", "event.group_event_user")
        self.assertTrue(self.terms.with_user(user).body)
        self.assertTrue(proof.with_user(user).terms_hash)
        with self.assertRaises(AccessError):
            self.env["training.terms"].with_user(user).create({"body": "<p>x</p>"})
        nobody = self._create_role("terms_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.terms.with_user(nobody).read(["body"])
        with self.assertRaises(AccessError):
            proof.with_user(nobody).read(["ip_address"])

    def test_first_terms(self):
        """A12: an organisation that published none sells under a model of terms."""
        company = self.env["res.company"].create(
            {"name": "Atelier Nord", "email": "nord@example.com"}
        )
        terms = self.env["training.terms"]._ensure_terms(company)
        self.assertEqual(terms.version, 1)
        self.assertIn("Atelier Nord", terms.body)
        self.assertIn("nord@example.com", terms.body)
        self.assertEqual(self.env["training.terms"]._ensure_terms(company), terms)

    def test_settings(self):
        """A12: the settings show the terms in force and open the next version."""
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.training_terms_id, self.terms)
        action = settings.action_training_terms_edit()
        self.assertEqual(action["views"], [(False, "form")])
        draft = Form(self.env["training.terms"].with_context(**action["context"]))
        self.assertEqual(draft.body, self.terms.body)
        draft.body = "<p>Clearer</p>"
        second = draft.save()
        self.assertEqual(second.version, 2)
        settings.invalidate_recordset()
        self.assertEqual(settings.training_terms_id, second)
        with self.assertRaises(AssertionError):
            Form(second).body = "<p>Other</p>"

    def test_quotation_of_a_session(self):
        """A12, A15: a quotation of a session offers no payment on the portal."""
        order = self._buy()
        order.write({"state": "sent", "require_payment": True})
        self.assertFalse(order._has_to_be_paid())
        order.training_buyer_kind = False
        self.assertFalse(order._has_to_be_paid())

    @mute_logger("odoo.sql_db")
    def test_two_first_buyers_at_once(self):
        """A12: both publish the first version: the second finds it, when Odoo plays
        its page again, instead of an error."""
        terms = self.env["training.terms"]
        nothing = terms.browse()
        with (
            patch.object(type(terms), "_find_last", lambda *_args: nothing),
            self.assertRaises(ConcurrencyError),
        ):
            terms._ensure_terms(self.company)
        self.assertEqual(terms._ensure_terms(self.company), self.terms)
