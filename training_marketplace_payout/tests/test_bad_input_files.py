# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B5–B7, B10, B14: what is sent that is not what it says: refused, nothing changed."""

from odoo.http import Request
from odoo.tests import tagged

from ..services.safe_file import LONGEST, MAX_FILES
from .channel_common import PNG, ChannelCommon
from .hold_common import IDENTITY, PAGE, HoldCommon
from .invitation_common import ANNE, NOBODY, InvitationCommon
from .seller_common import IDENTITY_PAGE

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
WRONG_FILES = {
    "page": [("plan.pdf", b"<html><script>alert(1)</script></html>")],
    "program": [("plan.pdf", b"MZ\x90\x00" + b"x" * 2000)],
    "picture with a script": [("plan.png", b"<svg onload='alert(1)'/>")],
    "archive": [("plan.docx", b"PK\x03\x04" + b"x" * 2000)],
    "empty": [("plan.pdf", b"")],
    "too big": [("plan.pdf", b"%PDF-" + b"x" * LONGEST)],
    "too many": [(f"{n}.png", PNG) for n in range(MAX_FILES + 1)],
    "one among good ones": [("a.png", PNG), ("b.pdf", b"<html/>")],
}


def upload(name, files):
    """Return what a form's file field sends, whatever type is claimed."""
    return [(name, (file, content, "application/pdf")) for file, content in files]


@tagged("standard", "post_install", "-at_install")
class TestBadThread(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.question = self.ask()
        self.sides = (
            (self.visitor, f"/my/training-requests/{self.question.id}"),
            (self.claire, f"/my/channel/{self.question.id}"),
        )

    def test_files(self):
        """B5: each is refused with its reason, the words stay, nothing is posted."""
        attachments = self.env["ir.attachment"].search_count([])
        for user, page in self.sides:
            self.log_in(user)
            for case, files in WRONG_FILES.items():
                with self.subTest(case=case, page=page):
                    answer = self.post(
                        f"{page}/message",
                        files=upload("files", files),
                        message="Voici la liste",
                    )
                    self.assertEqual(answer.status_code, 422)
                    self.assertIn('role="alert"', answer.text)
                    self.assertIn("Voici la liste", answer.text)
        self.env.invalidate_all()
        self.assertFalse(self.question._get_conversation_sudo())
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)

    def test_words(self):
        """B5: none, only spaces, too many: refused; a script is text on both pages and
        in the mail."""
        for user, page in self.sides:
            self.log_in(user)
            for text in ("", "  \n ", "x" * 4001):
                answer = self.post(f"{page}/message", message=text)
                self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.question._get_conversation_sudo())
        for user, page in self.sides:
            self.log_in(user)
            answer = self.post(f"{page}/message", message=f"{user.login} {SCRIPT}")
            self.assertEqual(answer.status_code, 303)
        messages = self.question._get_conversation_sudo()
        mails = self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        self.assertEqual((len(messages), len(mails.mail_message_id)), (2, 2))
        for text in (*messages.mapped("body"), *mails.mapped("body_html")):
            self.assertIn("&lt;script&gt;alert(1)", text)
        for user, page in self.sides:
            self.log_in(user)
            shown = self.url_open(page).text
            self.assertEqual(shown.count("&lt;script&gt;alert(1)"), 2)
        for text in (shown, *messages.mapped("body"), *mails.mapped("body_html")):
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("<img src=x", text.replace('"', ""))

    def test_refusal_without_a_reason(self):
        """B6: a seller says why; without it nothing is refused."""
        enrolment = self.ask(kind="enrolment", session_id=self.free_session.id)
        self.log_in(self.claire)
        answer = self.post(f"/my/channel/{enrolment.id}/refuse", reason=" ")
        self.assertEqual(answer.status_code, 409)
        self.assertIn('role="alert"', answer.text)
        self.assertEqual(enrolment.state, "new")


@tagged("standard", "post_install", "-at_install")
class TestBadSale(InvitationCommon):
    def setUp(self):
        super().setUp()
        self.sale = self.sell(ANNE, NOBODY)
        self.request = self.sale.order_id.training_request_id

    def status(self, url, form=None):
        """Return the status of a page, or of a form that is posted."""
        answer = self._get(url) if form is None else self._post(url, form)
        self.env.invalidate_all()
        return answer[0].status_code

    def test_thread_of_another(self):
        """B7: of a purchase's conversation another buyer, another seller and the public
        read and write nothing; the seller does not write as the buyer."""
        page = f"/my/trainings/{self.request.id}"
        own = f"/my/channel/{self.request.id}"
        before = len(self.request._get_conversation_sudo())
        self._create_portal_user("stranger")
        for login in ("stranger", "rival"):
            self.sign_in(login)
            for url in (page, own):
                self.assertEqual(self.status(url), 404, (login, url))
                posted = self.status(f"{url}/message", {"message": "x"})
                self.assertEqual(posted, 404, (login, url))
        self.sign_in("team")
        self.assertEqual(self.status(f"{page}/message", {"message": "x"}), 404)
        self.authenticate(None, None)
        for url in (page, own):
            response, _page = self._get(url)
            self.assertIn("/web/login", response.headers["Location"])
        self.assertEqual(self.status(f"{page}/message", {"message": "x"}), 404)
        wrong = {"message": "x", "access_token": "é" * 36}
        self.assertEqual(self.status(f"{page}/message", wrong), 404)
        self.assertEqual(len(self.request._get_conversation_sudo()), before)

    def test_refused_message_of_a_buyer(self):
        """B7: who has no account, by the signed link, reads why as well."""
        page = f"/my/trainings/{self.request.id}"
        self.request._portal_ensure_token()
        before = len(self.request._get_conversation_sudo())
        response, shown = self._post(
            f"{page}/message",
            {"message": " ", "access_token": self.request.access_token},
        )
        self.assertEqual(response.status_code, 422)
        self.assertTrue(shown.xpath("//*[@id='channel_thread']//*[@role='alert']"))
        self.assertEqual(len(self.request._get_conversation_sudo()), before)

    def act(self, seat_id, action, **form):
        """Return the status of what the seller's page posts about a seat."""
        return self.status(self.page(self.sale, f"/{seat_id}/{action}"), form)

    def test_learners(self):
        """B15: without a name, at a wrong or a taken address, past the seats: 409, 422
        or 404, and nobody is written to."""
        anne, free = self.sale._get_seats()
        self.sign_in("team")
        self.assertEqual(self.act(free.id, "invite"), 409)
        self.assertEqual(self.act(free.id, "name", learner_2_name=""), 409)
        for email, status in (
            ("bob@", 422),
            ("b ob@x.example", 422),
            (ANNE["email"], 409),
        ):
            bob = {"learner_2_name": "Bob", "learner_2_email": email, "invite": "1"}
            self.assertEqual(self.act(free.id, "name", **bob), status, email)
        self.assertEqual(self.act(free.id + 1000, "name", learner_3_name="C"), 404)
        self.assertEqual(self.sale._get_seats(), anne | free)
        self.assertTrue(free.learner_to_complete)
        self.assertFalse(self.mails("bob") | self.mails(ANNE["email"]))

    def test_invited_twice_then_withdrawn(self):
        """B15: the second mail does not leave; what was withdrawn opens nothing, is not
        withdrawn again, nor sent again at once."""
        anne = self.sale._get_seats()[0]
        self.sign_in("team")
        self.assertEqual(self.act(anne.id, "invite"), 303)
        self.assertEqual(self.act(anne.id, "invite"), 409)
        self.assertEqual(len(self.mails(ANNE["email"])), 1)
        invitation = anne._get_live_invitation()
        self.assertEqual(self.act(anne.id, "withdraw"), 303)
        self.assertEqual(self.act(anne.id, "withdraw"), 409)
        self.assertEqual(self.status(self.link(invitation)), 410)
        self.assertEqual(self.status(f"{self.link(invitation)}/accept", {}), 410)
        self.assertEqual(invitation.state, "revoked")
        self.assertEqual(self.act(anne.id, "invite"), 409)


@tagged("standard", "post_install", "-at_install")
class TestBadDocument(HoldCommon):
    def test_documents_of_a_held_buyer(self):
        """B10: what is no document, too big, too many, of another kind: told on the
        page; Mangopay is not asked, and the purchase waits."""
        sale = self.hold()
        self.log_in(self.create_user())
        self._post(f"{PAGE}/identity", IDENTITY)
        user = sale._get_buyer_record()
        asked = len(self.double.journal)
        big = b"%PDF-" + b"x" * (7 * 1024 * 1024)
        wrong = {
            **{case: WRONG_FILES[case] for case in ("page", "program", "empty")},
            "too light": [("card.png", PNG)],
            "too big": [("card.pdf", big)],
            "too many": [(f"{n}.png", IDENTITY_PAGE) for n in range(6)],
            "none": [],
        }
        good = [("card.png", IDENTITY_PAGE)]
        for case, (files, kind) in {
            **{case: (files, "IDENTITY_PROOF") for case, files in wrong.items()},
            "kind": (good, "ADDRESS_PROOF"),
            "no kind": (good, ""),
        }.items():
            with self.subTest(case=case):
                answer = self.url_open(
                    f"{PAGE}/document",
                    data={
                        "document_type": kind,
                        "csrf_token": Request.csrf_token(self),
                    },
                    files=upload("pages", files) or None,
                    allow_redirects=False,
                )
                self.assertEqual(answer.status_code, 409)
                self.assertIn('role="alert"', answer.text)
        self.assertEqual(len(self.double.journal), asked)
        self.assertFalse(user.document_ids)
        self.assertEqual(sale.state, "held")
