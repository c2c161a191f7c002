# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1, B13, B14: a seller's page, over HTTP; one seller never reaches another."""

import re
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, ConcurrencyError, LockError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .seller_common import (
    IBAN,
    IDENTITY_PAGE,
    LINK,
    PDF,
    SellerCommon,
    create_portal_user,
    fill_seller,
)
from .test_seller_services import FORM

PAGE = "/my/mangopay"
IDENTITY = {**FORM, "terms": "1"}


@tagged("training_install", "standard", "post_install", "-at_install")
class TestSellerPortal(SellerCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("website.default_website").company_id = cls.company
        cls.claire = create_portal_user(cls.env, cls.seller, "claire@a.example")
        cls.rival = fill_seller(
            cls.env, cls.env["res.partner"].create({"name": "Institut du bâtiment"})
        )
        cls.paul = create_portal_user(cls.env, cls.rival, "paul@b.example")
        cls.buyer = create_portal_user(
            cls.env, cls.env["res.partner"].create({"name": "Garage"}), "g@c.example"
        )

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def post(self, path="", files=None, **form):
        """Post a form of the page as a browser does."""
        token = re.search(r'csrf_token: "(\w+)"', self.url_open("/my").text)
        data = {**form, "csrf_token": token[1]}
        return self.url_open(
            f"{PAGE}{path}", data=data, files=files, allow_redirects=False
        )

    def announce(self, status="ACTIVE"):
        super().announce(status)
        path = f"sca/users/{self.user.mangopay_id}/enrollment"
        body = {"PendingUserAction": {"RedirectUrl": LINK}}
        self.double.answer("POST", path, 200, body)

    # The way through

    def test_identity_and_terms(self):
        """B1: from the form to Mangopay, the acceptance kept with its address."""
        self.log_in(self.paul)
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        answer = self.post("/identity", **IDENTITY)
        self.assertEqual(answer.status_code, 303, answer.text)
        user = self.rival._get_mangopay_user(self.account, "OWNER")
        self.assertEqual(user.state, "active")
        self.assertTrue(user.mangopay_id)
        self.assertEqual(user.terms_user_id, self.paul)
        self.assertEqual(user.terms_ip, "127.0.0.1")
        sent = self.double.calls("POST", "sca/users/legal")[0][0]
        self.assertEqual(sent["Name"], "Institut du bâtiment")
        self.run_sender()
        self.assertTrue(user.wallet_ids.mangopay_id)
        self.assertEqual(self.url_open(PAGE).status_code, 200)
        self.post("/identity", **{**IDENTITY, "city": "Ailleurs"})
        self.assertEqual(self.rival.city, "La Rochelle")

    def test_identity_with_errors(self):
        """B1: each wrong field is told in place; nothing is written nor asked."""
        self.log_in(self.paul)
        wrong = {**FORM, "company_number": "123", "residence": "ZZ"}
        answer = self.post("/identity", **wrong)
        self.assertEqual(answer.status_code, 422)
        for field in ("company_number", "residence"):
            self.assertIn(f'id="{field}-error"', answer.text)
        self.assertEqual(answer.text.count("invalid-feedback"), 3)
        self.assertFalse(self.double.journal)
        self.assertFalse(self.rival._get_mangopay_user(self.account, "OWNER"))

    def test_mangopay_down_at_the_first_step(self):
        """B1: Mangopay is down: the answers are kept, it goes on by itself."""
        self.log_in(self.paul)
        self.double.fail("POST", "sca/users/legal", 503)
        answer = self.post("/identity", **IDENTITY)
        self.assertIn("identity_waiting", answer.headers["Location"])
        user = self.rival._get_mangopay_user(self.account, "OWNER")
        self.assertEqual(user.steps["identity"], "waiting")
        self.wait_for(user._get_mangopay_operations("user"))
        self.run_sender()
        self.assertTrue(user.mangopay_id)

    def test_strong_authentication(self):
        """B1: a link on each click, never kept; coming back asks Mangopay."""
        self.announce("PENDING_USER_ACTION")
        self.log_in(self.claire)
        answer = self.post("/authentication")
        address = answer.headers["Location"]
        self.assertTrue(address.startswith(f"{LINK}&returnUrl=http"), address)
        self.assertTrue(address.endswith("%2Fmy%2Fmangopay%2Freturn"), address)
        self.post("/authentication")
        path = f"sca/users/{self.user.mangopay_id}/enrollment"
        keys = {call[1]["Idempotency-Key"] for call in self.double.calls("POST", path)}
        self.assertEqual(len(keys), 2)
        self.url_open(f"{PAGE}/return?controlStatus=VALIDATED")
        self.assertEqual(self.user.state, "pending")
        self.set_user(UserStatus="ACTIVE")
        self.url_open(f"{PAGE}/return?controlStatus=FAILED")
        self.assertEqual(self.user.state, "active")
        self.double.fail("POST", path, 503)
        self.assertEqual(self.post("/authentication").status_code, 409)

    @mute_logger("odoo.service.model")
    def test_return_while_a_notification_is_at_work(self):
        """B14: who comes back from Mangopay's page finds what it says, not what was."""
        self.announce()
        self.log_in(self.claire)
        answers = iter([ConcurrencyError("A notification is at work.")])
        waited = type(self.user)._lock_patiently

        def at_work_once(user):
            if error := next(answers, None):
                raise error
            waited(user)

        self.set_user(UserStatus="PENDING_USER_ACTION")
        with patch.object(type(self.user), "_lock_patiently", at_work_once):
            answer = self.url_open(f"{PAGE}/return")
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(list(answers))
        self.assertEqual(self.user.state, "pending")

    @mute_logger("odoo.service.model")
    def test_return_while_a_notification_has_the_verification(self):
        """B14: what became of the verification is on the page one comes back to."""
        self.announce()
        self.log_in(self.claire)
        self.post("/verification")
        verification = self.user.verification_ids
        self.assertEqual(verification.state, "pending")
        self.double.objects[verification.mangopay_id]["Status"] = "REFUSED"
        answers = iter([LockError("A notification is at work.")])
        operations = type(self.env["mangopay.operation"])
        lock = operations.lock_for_update

        def at_work_once(operation, **options):
            if error := next(answers, None):
                raise error
            return lock(operation, **options)

        with patch.object(operations, "lock_for_update", at_work_once):
            answer = self.url_open(f"{PAGE}/return")
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(list(answers))
        self.assertEqual(verification.state, "refused")

    def test_documents(self):
        """B14: sent, refused with its reason on the page, sent again."""
        self.announce()
        self.log_in(self.claire)
        pages = [("pages", (f"{i}.png", IDENTITY_PAGE, "image/png")) for i in (1, 2)]
        answer = self.post("/document", files=pages, document_type="IDENTITY_PROOF")
        self.assertEqual(answer.status_code, 303, answer.text)
        document = self.user.document_ids
        self.assertEqual((document.state, document.pages), ("asked", 2))
        self.decide(
            document,
            "KYC_FAILED",
            Status="REFUSED",
            RefusedReasonType="DOCUMENT_UNREADABLE",
            RefusedReasonMessage="The corner is folded",
        )
        self.assertIn("The corner is folded", self.url_open(PAGE).text)
        answer = self.post("/document", files=pages, document_type="IDENTITY_PROOF")
        self.assertEqual(len(self.user.document_ids), 2)

    def test_documents_that_are_wrong(self):
        """B14: wrong type, size, kind or none: told, Mangopay is not asked."""
        self.announce()
        self.log_in(self.claire)
        before = len(self.double.journal)
        exe = [("pages", ("id.png", b"MZ" + b"x" * 40_000, "image/png"))]
        small = [("pages", ("id.pdf", PDF, "application/pdf"))]
        good = [("pages", ("id.png", IDENTITY_PAGE, "image/png"))]
        for files, kind in (
            (exe, "IDENTITY_PROOF"),
            (small, "IDENTITY_PROOF"),
            (None, "IDENTITY_PROOF"),
            (good, "ADDRESS_PROOF"),
            (good, ""),
        ):
            answer = self.post("/document", files=files, document_type=kind)
            self.assertEqual(answer.status_code, 409)
        self.assertEqual(len(self.double.journal), before)
        self.assertFalse(self.user.document_ids)

    def test_bank_account(self):
        """B13: a wrong IBAN is told; the right one leads to Mangopay's page."""
        self.announce()
        self.set_schema()
        self.log_in(self.claire)
        answer = self.post("/bank", iban=IBAN[:-1] + "0", holder="Atelier")
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.user.recipient_ids)
        answer = self.post("/bank", iban=IBAN, holder="Atelier")
        recipient = self.user.recipient_ids
        self.assertEqual((answer.status_code, recipient.state), (303, "pending"))
        self.assertNotIn(IBAN, self.url_open(PAGE).text)
        operation = recipient._get_operation()
        action = {"PendingUserAction": {"RedirectUrl": LINK}}
        operation.answer = {**operation.answer, **action}
        answer = self.post("/bank/confirm")
        self.assertTrue(answer.headers["Location"].startswith(LINK))

    def test_bank_account_while_mangopay_is_down(self):
        """B13: Mangopay is down: the IBAN is kept, to confirm later."""
        self.announce()
        self.double.fail("GET", "recipients/schema", 503, times=3)
        self.log_in(self.claire)
        answer = self.post("/bank", iban=IBAN, holder="Atelier")
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(self.user.recipient_ids.state, "draft")
        self.set_schema()
        self.assertEqual(self.post("/bank/confirm").status_code, 303)
        self.assertEqual(self.user.recipient_ids.state, "pending")

    def test_owners(self):
        """B14: named, corrected, sent."""
        self.announce()
        self.log_in(self.claire)
        owner = {
            "first_name": "Ana",
            "last_name": "Ruiz",
            "birthdate": "1970-01-02",
            "nationality": "ES",
            "street": "1 rue du Port",
            "zip": "17000",
            "city": "La Rochelle",
            "country": "FR",
            "birth_city": "Madrid",
            "birth_country": "ES",
        }
        self.assertEqual(self.post("/owners").status_code, 409)
        wrong = self.post("/owner", **{**owner, "birth_country": "ZZ"})
        self.assertEqual(wrong.status_code, 422)
        self.post("/owner", **owner)
        self.post("/owner", **{**owner, "first_name": "Luc"})
        self.post(f"/owner/{self.user.ubo_ids[1].id}/remove")
        self.assertEqual(self.user.ubo_ids.mapped("first_name"), ["Ana"])
        self.post("/owners")
        self.assertEqual(self.user.ubo_declaration_ids.state, "asked")
        self.assertEqual(self.post("/owner", **owner).status_code, 404)

    # Others

    def test_who_is_no_seller(self):
        """B1: a buyer has no such page; who is not logged in is asked to."""
        answer = self.url_open(PAGE)
        self.assertTrue(urlsplit(answer.url).path.endswith("/web/login"), answer.url)
        self.log_in(self.buyer)
        self.assertEqual(self.url_open(PAGE).status_code, 404)
        self.assertEqual(self.post("/identity", **IDENTITY).status_code, 404)
        self.assertNotIn('href="/my/mangopay"', self.url_open("/my").text)

    def test_no_route_leads_to_another_seller(self):
        """B1: whatever is posted, a seller acts on its own record."""
        self.announce()
        owner = self.env["mangopay.ubo"].search([("user_id", "=", self.user.id)])
        self.log_in(self.paul)
        calls = len(self.double.journal)
        target = str(self.seller.id)
        for path in ("", "/return"):
            text = self.url_open(f"{PAGE}{path}?seller={target}").text
            self.assertNotIn("Atelier des langues", text)
        for path, form in (
            ("/identity", IDENTITY),
            ("/authentication", {}),
            ("/verification", {}),
            ("/document", {"document_type": "IDENTITY_PROOF"}),
            ("/owner", {}),
            ("/owners", {}),
            (f"/owner/{owner.id or 1}/remove", {}),
            ("/bank", {"iban": IBAN, "holder": "Paul"}),
            ("/bank/confirm", {}),
        ):
            with self.subTest(path=path):
                answer = self.post(path, seller=target, **form)
                self.assertEqual(answer.status_code, 404)
        self.assertEqual(len(self.double.journal), calls)
        self.assertFalse(self.user.recipient_ids)

    @mute_logger("odoo.http")
    def test_forms_need_their_token(self):
        """B1: a form of another site is refused."""
        self.log_in(self.paul)
        answer = self.url_open(f"{PAGE}/identity", data=IDENTITY)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.double.journal)

    def test_nothing_by_rpc(self):
        """B1: a portal user reads and calls nothing of any model of it."""
        self.announce()
        self.register()
        self.user._open_document("IDENTITY_PROOF")
        for name in (
            "mangopay.user",
            "mangopay.wallet",
            "mangopay.document",
            "mangopay.verification",
            "mangopay.recipient",
            "mangopay.ubo",
            "mangopay.ubo.declaration",
        ):
            model = self.env[name].with_user(self.claire)
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(model.has_access(operation))
        seller = self.seller.with_user(self.claire)
        for method in ("refresh", "retry", "page", "remind"):
            with self.assertRaises(AccessError):
                getattr(seller, f"action_mangopay_seller_{method}")()
        for field in ("marketplace_rep_birthdate", "mangopay_seller_id"):
            with self.assertRaises(AccessError):
                seller.read([field])

    def test_accounting_manager_gives_what_was_sent_by_post(self):
        """B14: the office sends a document for a seller, and accepts nothing."""
        self.announce()
        new_test_user(
            self.env,
            "adviser",
            "base.group_user,account.group_account_manager",
            password="adviser",
        )
        self.authenticate("adviser", "adviser")
        target = str(self.seller.id)
        self.assertEqual(self.url_open(f"{PAGE}?seller={target}").status_code, 200)
        files = [("pages", ("id.png", IDENTITY_PAGE, "image/png"))]
        answer = self.post(
            "/document", files=files, seller=target, document_type="IDENTITY_PROOF"
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.user.document_ids.state, "asked")
        for path in ("/identity", "/authentication", "/verification", "/bank/confirm"):
            self.assertEqual(self.post(path, seller=target).status_code, 403)
        self.post("/bank", seller=target, iban=IBAN, holder="Atelier")
        self.assertEqual(self.user.recipient_ids.state, "draft")
