# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B14: a seller's documents pass through to Mangopay, which decides."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .mangopay_double import refuse
from .seller_common import IDENTITY_PAGE, PDF, SellerCommon

REASON = "DOCUMENT_HAS_EXPIRED"
PAGE = PDF + b"unmistakable" * 200


@tagged("standard", "post_install", "-at_install")
class TestMangopayDocument(SellerCommon):
    def setUp(self):
        super().setUp()
        self.announce()
        self.place = f"users/{self.user.mangopay_id}/kyc/documents"

    def send(self, kind="REGISTRATION_PROOF", pages=(PAGE,)):
        return self.user._send_document(kind, list(pages))

    def last(self):
        return self.user.document_ids.sorted("id")[-1:]

    def count(self, *parts, method="POST"):
        return len(self.double.calls(method, "/".join((self.place, *parts))))

    def test_sent_whole(self):
        """B14: opened, two pages, submitted: Mangopay is checking."""
        self.assertEqual(
            self.send("IDENTITY_PROOF", (IDENTITY_PAGE, IDENTITY_PAGE)), ""
        )
        document = self.last()
        self.assertEqual((document.state, document.pages), ("asked", 2))
        self.assertEqual(self.count(document.mangopay_id, "pages"), 2)
        self.assertEqual(self.count(document.mangopay_id, method="PUT"), 1)
        self.assertEqual(self.send("IDENTITY_PROOF", (IDENTITY_PAGE,)), "busy")
        self.assertEqual(self.count(), 1)

    def test_nothing_of_it_is_kept(self):
        """D16: neither the database nor the file store holds a page."""
        before = self.env["ir.attachment"].search_count([])
        self.send()
        self.env.flush_all()
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        document = self.last()
        kept = f"{document.read()}{document._get_operation().read()}"
        self.assertNotIn("unmistakable", kept)

    def test_refused_then_sent_again(self):
        """B14: refused: reason told to both; sent again: another document."""
        self.send()
        first = self.last()
        self.decide(
            first,
            "KYC_FAILED",
            Status="REFUSED",
            RefusedReasonType=REASON,
            RefusedReasonMessage="Kbis of 2019",
        )
        self.assertEqual((first.state, first.reason_code), ("refused", REASON))
        self.assertTrue(first.processed_at)
        self.assertIn("Kbis of 2019", self.get_activities().note)
        self.assertEqual(len(self.get_activities()), 1)
        self.assertEqual(self.user.steps["documents"], "refused")
        self.assertEqual(self.send(), "")
        second = self.last()
        self.assertNotEqual(first, second)
        self.decide(second, "KYC_SUCCEEDED", Status="VALIDATED")
        self.assertEqual((first.state, second.state), ("refused", "validated"))

    def test_out_of_date_is_asked_again(self):
        """B14: a document accepted then outdated is asked for again."""
        self.send()
        document = self.last()
        self.decide(document, "KYC_SUCCEEDED", Status="VALIDATED")
        self.decide(document, "KYC_OUTDATED", Status="OUT_OF_DATE")
        self.assertEqual(document.state, "out_of_date")
        self.assertEqual(self.user.steps["documents"], "refused")

    def test_late_answer_does_not_go_back(self):
        """B14, D8: « created » told after « validated » changes nothing."""
        self.send()
        document = self.last()
        self.decide(document, "KYC_SUCCEEDED", Status="VALIDATED")
        document._apply_mangopay({"Status": "CREATED"})
        self.assertEqual(document.state, "validated")

    def test_mangopay_down(self):
        """B14: nothing could be opened: told; the same document is used later."""
        self.double.fail("POST", self.place, 503)
        self.assertEqual(self.send(), "unreachable")
        document = self.last()
        self.assertEqual(document.state, "draft")
        self.wait_for(document._get_operation())
        self.assertEqual(self.send(), "")
        self.assertEqual(self.last(), document)
        self.assertEqual(document.state, "asked")

    def test_page_lost_on_the_way(self):
        """B14: a page's answer is lost: another document, no page twice in one."""
        self.user._open_document("REGISTRATION_PROOF")._request_creation(
            {
                "user_id": self.user.mangopay_id,
                "document_type": "REGISTRATION_PROOF",
            }
        )
        self.run_sender()
        first = self.last()
        self.double.fail("POST", f"{self.place}/{first.mangopay_id}/pages", "lost")
        self.assertEqual(self.send(pages=(PAGE, PAGE)), "unreachable")
        self.assertEqual(first.state, "lost")
        self.assertEqual(self.send(pages=(PAGE, PAGE)), "")
        second = self.last()
        self.assertNotEqual(first, second)
        self.assertEqual(self.count(second.mangopay_id, "pages"), 2)
        self.assertEqual(self.count(first.mangopay_id, method="PUT"), 0)

    def test_only_the_last_answer_was_lost(self):
        """B14: submitted, its answer lost: Mangopay is asked, and has it."""
        self.double.fail("POST", self.place, 503)
        self.send()
        document = self.last()
        self.wait_for(document._get_operation())
        self.run_sender()
        self.double.fail("PUT", f"{self.place}/{document.mangopay_id}", "lost")
        self.assertEqual(self.send(), "")
        self.assertEqual(document.state, "asked")

    def test_killed_while_sending(self):
        """B14: a request that never came back: busy at first, then sent anew."""
        self.send()
        document = self.last()
        self.double.objects[document.mangopay_id]["Status"] = "CREATED"
        document.write({"state": "sending", "sent_at": fields.Datetime.now()})
        self.assertEqual(self.send(), "busy")
        self.last().sent_at = fields.Datetime.now() - timedelta(minutes=6)
        self.assertEqual(self.send(), "")
        self.assertEqual(len(self.user.document_ids), 2)

    def test_killed_after_it_was_submitted(self):
        """B14: Mangopay has it, though nobody heard: it is not sent twice."""
        self.send()
        document = self.last()
        long_ago = fields.Datetime.now() - timedelta(minutes=6)
        document.write({"state": "sending", "sent_at": long_ago})
        self.assertEqual(self.send(), "busy")
        self.assertEqual(document.state, "asked")
        document.write({"state": "sending", "sent_at": long_ago})
        self.user._refresh_seller()
        self.assertEqual(document.state, "asked")

    def test_page_that_mangopay_does_not_take(self):
        """B14: a page refused by Mangopay itself: told as such."""
        self.send("ARTICLES_OF_ASSOCIATION")
        self.double.fail("POST", self.place, refuse(400, "param_error", "No."))
        self.assertEqual(self.send(), "refused")
        self.assertEqual(self.last().state, "refused")

    def test_hosted_verification(self):
        """B14: on Mangopay's page: opened once, its address asked for each time."""
        place = f"users/{self.user.mangopay_id}/identity-verifications"
        address = "https://shop.example/back"
        error = self.catch(self.user._get_verification_url, address)
        self.assertEqual(error.code, "malformed")
        verification = self.user.verification_ids
        self.double.objects[verification.mangopay_id]["HostedUrl"] = "https://idv/1"
        url = self.user._get_verification_url(address)
        self.assertEqual(url, "https://idv/1")
        self.assertEqual(len(self.double.calls("POST", place)), 1)
        self.decide(verification, "IDENTITY_VERIFICATION_INCONCLUSIVE", Status="REVIEW")
        self.assertEqual(self.user.steps["documents"], "waiting")
        reason = {"Type": "DOCUMENT_UNREADABLE", "Value": "Blurred"}
        self.decide(
            verification,
            "IDENTITY_VERIFICATION_FAILED",
            Status="REFUSED",
            Checks=[{"CheckStatus": "REFUSED", "Reasons": [reason]}],
        )
        self.assertEqual(verification.reason_message, "Blurred")
        self.assertEqual(self.user.steps["documents"], "refused")
