# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B4–B7: what visitors ask of sellers, and the conversation of the two sides."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .channel_common import PNG, ChannelCommon

ADDON = "training_marketplace_payout"
TEAM = {"claire@atelier.example", "marc@atelier.example"}


@tagged("post_install", "-at_install")
class TestChannelRequests(ChannelCommon):
    def test_the_seller_of_a_request(self):
        """B5: a question on a course is its seller's; it stays so when the course is
        given to another; nobody changes it by hand."""
        request = self.ask()
        self.assertEqual(request.marketplace_seller_id, self.seller)
        self.assertFalse(request.is_channel)
        self.free.marketplace_seller_id = self.rival
        request.invalidate_recordset()
        self.assertEqual(request.marketplace_seller_id, self.seller)
        request.programme_id = self.rival_course
        self.assertEqual(request.marketplace_seller_id, self.seller)
        officer = self._create_role("officer", "event.group_event_manager")
        for values in ({"marketplace_seller_id": self.rival.id}, {"is_channel": True}):
            with self.assertRaises(AccessError):
                request.with_user(officer).write(values)

    def test_who_hears_of_a_new_request(self):
        """B5: one mail to each of the seller's people, one to the visitor, none to the
        operator; the visitor's account is what is answered (B4)."""
        request = self.ask(email="somebody@else.example")
        self.assertEqual(request.email, self.visitor.email)
        mails = self.mails(request)
        self.assertEqual(set(mails), {*TEAM, self.visitor.email})
        self.assertEqual(set(mails.values()), {1})

    def test_a_question_to_the_operator(self):
        """B5: a question from the channel has no seller; support hears of it."""
        support = self._create_role("support", f"{ADDON}.group_marketplace_support")
        support.email = "support@operator.example"
        request = self.ask(programme=self.env["product.template"], is_channel=True)
        self.assertTrue(request.is_channel)
        self.assertFalse(request.marketplace_seller_id)
        mails = self.mails(request)
        self.assertEqual(mails[support.email], 1)
        self.assertFalse(TEAM & set(mails))
        self.assertEqual(request.with_user(support).name, request.name)
        request.with_user(support).action_mark_answered()
        self.assertEqual(request.state, "accepted")
        self.assertFalse(request.channel_waiting_since)

    def test_an_account_is_needed(self):
        """B4: without an account nothing is sent to a seller."""
        with self.assertRaises(ValidationError):
            self.ask(user=self.website.user_id, email="a@b.example")

    def test_each_message_reaches_the_others_once(self):
        """B5: visitor → the whole team; team → the visitor and its own colleagues;
        never the author, each in one mail with a link to their own page."""
        request = self.ask()
        self.env["mail.mail"].search([("res_id", "=", request.id)]).unlink()
        self.answer(request, self.visitor, "Et le soir ?")
        self.assertEqual(self.mails(request), dict.fromkeys(TEAM, 1))
        team_mails = self.env["mail.mail"].search([("res_id", "=", request.id)])
        for mail in team_mails:
            self.assertIn(f"/my/channel/{request.id}", mail.body_html)
            self.assertNotIn(request.access_token or "no token", mail.body_html)
        team_mails.unlink()
        self.answer(request, self.claire)
        self.assertEqual(
            self.mails(request), {"marc@atelier.example": 1, self.visitor.email: 1}
        )

    def test_a_new_colleague_hears_of_it(self):
        """B5: who joins or leaves the team after the request is counted as of then."""
        request = self.ask()
        self.marc.active = False
        self.env["mail.mail"].search([("res_id", "=", request.id)]).unlink()
        self.answer(request, self.visitor, "Et le soir ?")
        self.assertEqual(self.mails(request), {"claire@atelier.example": 1})

    def test_states_follow_the_conversation(self):
        """B5: an answer ends the silence; a visitor who writes again opens it again."""
        request = self.ask()
        self.assertTrue(request.channel_waiting_since)
        self.answer(request, self.claire)
        self.assertFalse(request.channel_waiting_since)
        self.assertEqual(request.state, "progress")
        request._close_on_channel()
        self.assertEqual(request.state, "accepted")
        self.answer(request, self.visitor, "Encore une question")
        self.assertEqual(request.state, "progress")
        self.assertTrue(request.channel_waiting_since)

    def test_one_reminder_for_each_silence(self):
        """B5: unanswered for N days: one mail to each of the team, once; a new silence
        gets its own; 0 days: never."""
        request = self.ask()
        job = self.env.ref(f"{ADDON}.ir_cron_remind_channel_silence")

        def remind():
            self.env["mail.mail"].search([("res_id", "=", request.id)]).unlink()
            job.method_direct_trigger()
            return self.mails(request)

        self.company.marketplace_answer_days = 3
        self.assertFalse(remind())
        long_ago = fields.Datetime.now() - timedelta(days=3, minutes=1)
        request.channel_waiting_since = long_ago
        self.company.marketplace_answer_days = 0
        self.assertFalse(remind())
        self.company.marketplace_answer_days = 3
        self.assertEqual(remind(), dict.fromkeys(TEAM, 1))
        self.assertFalse(remind())
        self.answer(request, self.claire)
        self.answer(request, self.visitor, "Et le soir ?")
        self.assertFalse(remind())
        request.channel_waiting_since = long_ago
        self.assertEqual(remind(), dict.fromkeys(TEAM, 1))

    def test_the_same_thing_twice(self):
        """B5: a double click is one request and one message; too many are refused."""
        self.assertEqual(self.ask(), self.ask())
        request = self.ask()
        self.answer(request, self.visitor, "Et le soir ?")
        self.answer(request, self.visitor, "Et le soir ?")
        self.assertEqual(len(request._get_conversation_sudo()), 1)
        for number in range(29):
            self.answer(request, self.visitor, f"Question {number}")
        with self.assertRaises(UserError):
            self.answer(request, self.visitor, "Une de trop")

    def test_the_same_form_at_the_same_moment(self):
        """B5: of two that do not see each other yet, one is played again and finds
        the other; the same words two hours later are asked anew."""
        first = self.ask()
        unseen = patch.object(
            type(first), "_find_repeated_sudo", lambda self, _values: self.browse()
        )
        with (
            unseen,
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
            self.cr.savepoint(),
        ):
            self.ask()
        self.cr.execute(
            "UPDATE training_request SET create_date = create_date - interval '2 hours'"
        )
        self.env.invalidate_all()
        self.assertNotEqual(self.ask(), first)

    def test_an_enrolment_is_accepted(self):
        """B6: the learners are registered in the session that the seller chose; the
        visitor reads it; what is done is not done twice."""
        request = self.ask(kind="enrolment", session_id=self.free_session.id)
        learners = [{"name": "Nora Petit", "email": self.visitor.email}]
        accept = request._accept_on_channel
        foreign = self._create_session(self.rival_course)
        for session, names in ((foreign, learners), (self.free_session, [])):
            with self.assertRaises(UserError):
                accept(session.id, names, self.claire.partner_id)
        accept(self.free_session.id, learners, self.claire.partner_id)
        self.assertEqual(request.state, "accepted")
        registration = self.free_session.registration_ids
        self.assertEqual(registration.state, "open")
        self.assertEqual(registration.email, self.visitor.email)
        self.assertEqual(registration.training_request_id, request)
        self.assertIn(self.free_session.name, request._get_conversation_sudo().body)
        with self.assertRaises(UserError):
            accept(self.free_session.id, learners, self.claire.partner_id)
        self.assertFalse(request._get_channel_actions())

    def test_seats_are_respected(self):
        """B6: a full session accepts nobody more, and says how many seats are left."""
        self.free_session.write({"seats_limited": True, "seats_max": 1})
        self.env.flush_all()
        request = self.ask(kind="enrolment", learner_count=2)
        learners = [
            {"name": f"Learner {n}", "email": f"l{n}@petit.example"} for n in (1, 2)
        ]
        author = self.claire.partner_id
        with self.assertRaises(UserError):
            request._accept_on_channel(self.free_session.id, learners, author)
        self.assertEqual(request.state, "new")
        request._accept_on_channel(self.free_session.id, learners[:1], author)
        self.assertEqual(self.free_session.seats_taken, 1)

    def test_an_enrolment_is_refused(self):
        """B6: with a reason that the visitor reads; it may be reopened."""
        request = self.ask(kind="enrolment")
        with self.assertRaises(UserError):
            request._refuse_on_channel(" ", self.claire.partner_id)
        request._refuse_on_channel("Complet <b>.", self.claire.partner_id)
        self.assertEqual(request.state, "refused")
        body = request._get_conversation_sudo().body
        self.assertIn("Complet &lt;b&gt;.", body)
        request._reopen_on_channel()
        self.assertEqual((request.state, request.refusal_reason), ("progress", False))

    def test_support_sees_the_channel_only(self):
        """B5: marketplace support reads what belongs to the channel, and nothing else;
        who planned sessions before still sees everything."""
        own = self.env["training.request"].create(
            {"name": "Own", "kind": "information", "programme_id": self.programme.id}
        )
        request = self.ask()
        support = self._create_role("support", f"{ADDON}.group_marketplace_support")
        found = self.env["training.request"].with_user(support).search([])
        self.assertIn(request, found)
        self.assertNotIn(own, found)
        with self.assertRaises(AccessError):
            own.with_user(support).read(["name"])
        both = new_test_user(
            self.env,
            "both",
            groups=f"{ADDON}.group_marketplace_support,event.group_event_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        found = self.env["training.request"].with_user(both).search([])
        self.assertLessEqual(own | request, found)

    def test_files_are_what_they_hold(self):
        """B5: a file is accepted for its content, under a clean name, from both sides
        and by every way in; HTML, SVG and programs are not."""
        request = self.ask()
        post = request.with_user(self.visitor).sudo()._post_on_channel
        author = self.visitor.partner_id
        post("Voici", [("../plan.exe", PNG)], author)
        message = request._get_conversation_sudo()[-1:]
        self.assertEqual(message.attachment_ids.name, "plan.png")
        self.assertEqual(message.attachment_ids.mimetype, "image/png")
        for content in (b"<svg onload=alert(1)>", b"MZ", b"", b"<html></html>"):
            with self.assertRaises(UserError):
                post("Voici", [("plan.pdf", content)], author)
        with self.assertRaises(UserError):
            post("Voici", [(f"{n}.png", PNG) for n in range(6)], author)
        with self.assertRaises(UserError):
            request.with_user(self.claire).message_post(
                body="Voici", attachments=[("plan.svg", b"<svg/>")]
            )
