# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests without payment, from the public forms."""

from odoo.tests import tagged

from .http_common import TrainingHttpCommon


@tagged("post_install", "-at_install")
class TestRequestHttp(TrainingHttpCommon):
    """« Request an enrolment » and « Ask a question »."""

    def _form(self, **values):
        return {
            "contact_name": "Nora Petit",
            "email": "nora@petit.example.com",
            "phone": "01 23 45 67 89",
            "company_name": "Petit SA",
            "learner_count": "3",
            "message": "Nous passons par notre OPCO.",
            **values,
        }

    def _requests(self):
        return self.env["training.request"].search(
            [("email", "=", "nora@petit.example.com")]
        )

    def test_enrolment_request(self):
        """A19: an enrolment request without payment reaches the list of requests."""
        url = f"/training/session/{self.course.id}/request"
        response, page = self._get(url)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(page.xpath("//input[@name='learner_count']"))
        response, _page = self._post(url, self._form())
        self.assertEqual(response.status_code, 303)
        request = self._requests()
        self.assertEqual(request.kind, "enrolment")
        self.assertEqual(request.session_id, self.course)
        self.assertEqual(request.programme_id, self.programme)
        self.assertEqual(request.learner_count, 3)
        self.assertFalse(request.is_prepaid)
        response, page = self._get("/training/request/sent?kind=enrolment")
        title = self._text(page, "//title")
        self.assertIn(self._text(page, "//h1"), title)
        self.assertIn("has been sent", page.text_content())

    def test_question_on_a_programme(self):
        """A8: an information request, from a programme without session too."""
        url = f"/training/programme/{self.programme.id}/question"
        response, _page = self._post(url, self._form())
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._requests().kind, "information")
        self.assertEqual(self._requests().programme_id, self.programme)
        self.assertFalse(self._requests().session_id)

    def test_errors_keep_the_values(self):
        """A19: 422 and the sentence of each field; nothing is created."""
        url = f"/training/session/{self.course.id}/question"
        form = self._form(contact_name="", message="", phone="?")
        response, page = self._post(url, form)
        self.assertEqual(response.status_code, 422)
        for field in ("contact_name", "message", "phone"):
            self.assertTrue(page.xpath(f"//*[@id='training_{field}_note']"), field)
        email = page.xpath("//input[@name='email']")[0]
        self.assertEqual(email.get("value"), "nora@petit.example.com")
        self.assertFalse(self._requests())

    def test_learner_count(self):
        """A19: a number of learners that makes no sense is refused."""
        url = f"/training/session/{self.course.id}/request"
        for count in ("0", "-1", "10000", "abc"):
            response, _page = self._post(url, self._form(learner_count=count))
            self.assertEqual(response.status_code, 422, count)
        self.assertFalse(self._requests())

    def test_robot(self):
        """A19: what fills in the hidden field is thanked and forgotten."""
        url = f"/training/session/{self.course.id}/request"
        response, _page = self._post(url, self._form(website_address="http://spam"))
        self.assertEqual(response.status_code, 303)
        self.assertFalse(self._requests())

    def test_kind_comes_from_the_page(self):
        """A19: a posted kind, session or state of another form is ignored."""
        url = f"/training/session/{self.course.id}/request"
        other = self._create_session()
        self._post(
            url, self._form(kind="purchase", state="accepted", session_id=other.id)
        )
        self.assertEqual(self._requests().kind, "enrolment")
        self.assertEqual(self._requests().state, "new")
        self.assertEqual(self._requests().session_id, self.course)

    def test_not_on_this_catalogue(self):
        """A1: no form for an unknown session, nor without Finance +."""
        response, _page = self._get("/training/session/2147483647/request")
        self.assertEqual(response.status_code, 404)
        url = f"/training/session/{self.course.id}/request"
        self.company.finance_plus = False
        response, _page = self._get(url)
        self.assertEqual(response.status_code, 404)
        response, _page = self._post(url, self._form())
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self._requests())

    def test_script_in_a_message(self):
        """A19: a script is kept as text and shown as text."""
        url = f"/training/session/{self.course.id}/question"
        script = "<script>alert(1)</script>"
        response, _page = self._post(url, self._form(message=script, phone="?"))
        self.assertNotIn(script, response.text)
        self._post(url, self._form(message=script))
        self.assertEqual(self._requests().message, script)
        self.assertNotIn(script, self._requests().lead_id.description or "")
