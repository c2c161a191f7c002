# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B4–B7, B20: the seller's dashboard and the visitor's page, over HTTP; one seller
never reaches another's requests, by any way."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .channel_common import PNG, ChannelCommon

DENIED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access")


@tagged("training_install", "standard", "post_install", "-at_install")
class TestChannelPortal(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.request = self.ask(kind="enrolment", session_id=self.free_session.id)
        self.page = f"/my/channel/{self.request.id}"

    def test_dashboard(self):
        """B5–B7: three tabs, their filters, their search, and the visitor's name and
        e-mail on the page of the request (B4)."""
        question = self.ask()
        self.log_in(self.claire)
        for tab, here, there in (
            ("requests", question, self.request),
            ("enrolments", self.request, question),
        ):
            page = self.url_open(f"/my/channel/{tab}").text
            self.assertIn(f"/my/channel/{here.id}", page)
            self.assertNotIn(f"/my/channel/{there.id}", page)
        self.assertEqual(self.url_open("/my/channel/sales").status_code, 200)
        link = f"/my/channel/{question.id}"
        for url, seen in (
            ("/my/channel?search=nora", True),
            ("/my/channel?search=nobody", False),
            ("/my/channel?filterby=closed", False),
            ("/my/channel?filterby=all", True),
            ("/my/channel?filterby=nonsense", True),
        ):
            self.assertEqual(link in self.url_open(url).text, seen, url)
        page = self.url_open(self.page).text
        self.assertIn("Nora Petit", page)
        self.assertIn(self.visitor.email, page)

    def test_one_conversation_two_pages(self):
        """B5: what one side writes the other reads; a script stays text."""
        script = "<script>alert(1)</script>"
        self.log_in(self.claire)
        answer = self.post(f"{self.page}/message", message=f"Bonjour {script}")
        self.assertEqual(answer.status_code, 303, answer.text)
        self.log_in(self.visitor)
        own = f"/my/training-requests/{self.request.id}"
        page = self.url_open(own).text
        self.assertIn("Bonjour &lt;script&gt;", page)
        self.assertNotIn(script, page)
        self.post(f"{own}/message", message="Merci")
        self.log_in(self.claire)
        self.assertIn("Merci", self.url_open(self.page).text)

    def test_a_refused_message_is_kept(self):
        """B5: a wrong file is told, and what was typed comes back, once."""
        self.log_in(self.claire)
        files = [("files", ("a.pdf", b"<html>", "application/pdf"))]
        answer = self.post(
            f"{self.page}/message", files=files, message="Voici la liste"
        )
        self.assertEqual(answer.status_code, 422)
        page = answer.text
        self.assertIn("Voici la liste", page)
        self.assertIn("a.pdf", page)
        self.assertNotIn("Voici la liste", self.url_open(self.page).text)
        self.assertFalse(self.request._get_conversation_sudo())

    def test_accept_over_http(self):
        """B6: wrong learners are told in place; right ones are registered."""
        self.log_in(self.claire)
        form = {"session_id": str(self.free_session.id), "learner_1_name": "Nora"}
        answer = self.post(f"{self.page}/accept", **form, learner_1_email="nora")
        self.assertEqual(answer.status_code, 422)
        # The mails of a session commit on the way: they are left to its job.
        schedulers = self.free_session.event_mail_ids
        self.assertIn("after_sub", schedulers.mapped("interval_type"))
        with patch.object(type(self.env["event.mail"]), "execute") as sent_at_once:
            answer = self.post(
                f"{self.page}/accept", **form, learner_1_email="n@p.example"
            )
        sent_at_once.assert_not_called()
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertEqual(self.free_session.registration_ids.email, "n@p.example")
        self.assertEqual(self.request.state, "accepted")
        answer = self.post(f"{self.page}/accept", **form, learner_1_email="x@p.example")
        self.assertEqual(answer.status_code, 409)

    def test_refuse_close_reopen_over_http(self):
        """B6: each button does what it says, once."""
        self.log_in(self.claire)
        self.post(f"{self.page}/refuse", reason="Complet")
        self.assertEqual(self.request.state, "refused")
        self.post(f"{self.page}/close")
        self.assertEqual(self.request.state, "refused")
        self.post(f"{self.page}/reopen")
        self.assertEqual(self.request.state, "progress")
        self.post(f"{self.page}/close")
        self.assertEqual(self.request.state, "cancelled")

    # Isolation

    def test_nobody_else_reads_it(self):
        """B5: another seller, another visitor, and nobody at all: 404 or the login, on
        every page and for every action."""
        own = f"/my/training-requests/{self.request.id}"
        for user in (self.paul, self.other):
            self.log_in(user)
            self.assertEqual(self.url_open(self.page).status_code, 404)
            for action in ("message", "accept", "refuse", "close", "reopen"):
                answer = self.post(f"{self.page}/{action}", message="x", reason="x")
                self.assertEqual(answer.status_code, 404, action)
            answer = self.post(f"{own}/message", message="x")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("Bonjour en juin", self.url_open(own).text)
            answer = self.url_open(f"/my/channel?search={self.visitor.email}")
            self.assertNotIn(self.page, answer.text)
        self.log_in()
        self.assertIn("/web/login", self.url_open(self.page).url)
        wrong = f"{own}?access_token=wrong"
        self.assertNotIn("Bonjour en juin", self.url_open(wrong).text)
        self.assertEqual(self.request.state, "new")
        self.assertFalse(self.request._get_conversation_sudo())

    @mute_logger(*DENIED)
    def test_nothing_by_rpc(self):
        """B5: by RPC a team reads its own requests, writes none, and never reads the
        visitor's key; another seller and another visitor read nothing."""
        model = self.env["training.request"]
        own = self.request.with_user(self.claire).with_env(
            self.env(user=self.claire, su=False)
        )
        self.assertEqual(own.read(["email"])[0]["email"], self.visitor.email)
        self.assertNotIn("access_token", own.fields_get())
        self.request._portal_ensure_token()
        for call in (
            lambda: own.read(["access_token"]),
            own.get_portal_url,
            lambda: own.write({"state": "accepted"}),
            own.unlink,
            own.action_refuse,
            own.action_mark_answered,
        ):
            with self.assertRaises(AccessError):
                call()
        for user in (self.paul, self.other):
            theirs = model.with_env(self.env(user=user, su=False))
            self.assertFalse(theirs.search([("id", "=", self.request.id)]))
            with self.assertRaises(AccessError):
                theirs.browse(self.request.id).read(["name"])
            with self.assertRaises(AccessError):
                theirs.browse(self.request.id).message_post(body="x")
            messages = self.env["mail.message"].with_env(theirs.env)
            domain = [("model", "=", model._name), ("res_id", "=", self.request.id)]
            self.assertFalse(messages.search(domain))

    def test_the_visitors_key_is_in_no_message(self):
        """B5: what is mailed stays in the thread, which the team reads by RPC: none of
        it holds the link that needs no account."""
        key = self.request._portal_ensure_token()
        self.request._mail_channel(
            "mail_template_channel_received", self.visitor.partner_id
        )
        self.answer(self.request, self.claire)
        self.answer(self.request, self.visitor, "Merci")
        messages = self.env["mail.message"].search(
            [("model", "=", "training.request"), ("res_id", "=", self.request.id)]
        )
        self.assertGreater(len(messages), 3)
        for message in messages:
            self.assertNotIn(key, message.body or "")

    def test_files_are_for_the_two_sides(self):
        """B5: a file is downloaded by the two sides alone, never shown in the page."""
        self.log_in(self.claire)
        files = [("files", ("plan.png", PNG, "image/png"))]
        self.post(f"{self.page}/message", files=files, message="Voici")
        attachment = self.request._get_conversation_sudo().attachment_ids
        url = f"{self.page}/file/{attachment.id}"
        for user, status in (
            (self.claire, 200),
            (self.visitor, 200),
            (self.paul, 404),
            (self.other, 404),
            (None, 404),
        ):
            self.log_in(user)
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, status, user)
            if status == 200:
                self.assertIn("attachment", answer.headers["Content-Disposition"])
        for user in (self.paul, self.other, None):
            self.log_in(user)
            answer = self.url_open(f"/web/content/{attachment.id}")
            self.assertEqual(answer.status_code, 404)

    def test_the_team_is_not_the_buyer(self):
        """B7: a seller reads the sale, but not the buyer's own page, whose learners
        and requests to cancel are the buyer's; its staff's link leads to its page."""
        self.log_in(self.claire)
        own = f"/my/training-requests/{self.request.id}"
        answer = self.url_open(own, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith(self.page))
        self.assertEqual(self.post(f"{own}/message", message="x").status_code, 404)
        link = f"/mail/view?model=training.request&res_id={self.request.id}"
        answer = self.url_open(link, allow_redirects=False)
        self.assertIn(self.page, answer.headers["Location"])

    def test_a_buyer_has_no_dashboard(self):
        """B5: the dashboard is for sellers."""
        self.log_in(self.visitor)
        self.assertEqual(self.url_open("/my/channel").status_code, 404)
        self.assertNotIn('href="/my/channel"', self.url_open("/my").text)
