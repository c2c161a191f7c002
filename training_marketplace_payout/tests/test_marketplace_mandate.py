# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1: the mandate is accepted online, once, and never changes."""

import json
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .marketplace_common import ATTESTATION, make_contract
from .marketplace_http import MarketplaceHttp

SELLER_PAGE = "/my/channel/seller"
PAGE = f"{SELLER_PAGE}/mandate"
ADDON = "training_marketplace_payout"


@tagged("standard", "post_install", "-at_install")
class TestMarketplaceMandate(MarketplaceHttp):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = make_contract(
            cls.env,
            cls.seller,
            accepted=False,
            vat_regime="exempt",
            contest_days=21,
            **ATTESTATION,
        )
        cls.other = make_contract(cls.env, cls.rival)

    def read_hash(self):
        """Return the fingerprint of the text on the page."""
        page = self.url_open(PAGE)
        self.assertEqual(page.status_code, 200)
        return re.search(r'name="text_hash" value="(\w{64})"', page.text)[1]

    def accept(self, text_hash, **form):
        return self.post(PAGE, {"text_hash": text_hash, "empowered": "1", **form})

    def test_the_seller_accepts_its_mandate(self):
        """B1: version, fingerprint, IP and person are kept; the seller is open."""
        self.log_in(self.claire)
        self.assertIn(PAGE, self.url_open(SELLER_PAGE).text)
        text_hash = self.read_hash()
        answer = self.accept(text_hash)
        self.assertEqual(answer.status_code, 303, answer.text)
        self.env.invalidate_all()
        mandate = self.contract.mandate_id
        self.assertTrue(self.contract._is_open())
        self.assertEqual(mandate.version, 1)
        self.assertEqual(mandate.text_hash, text_hash)
        self.assertEqual(mandate.user_id, self.claire)
        self.assertEqual(mandate.ip, "127.0.0.1")
        self.assertEqual(mandate.contest_days, 21)
        for part in ("Atelier", "552081317", self.contract.series_code, "21", "289"):
            self.assertIn(part, mandate.text)
        self.assertIn(self.company.name, mandate.text)
        self.accept(text_hash)
        self.assertEqual(len(self.contract.mandate_ids), 1)
        self.assertEqual(self.url_open(PAGE).status_code, 200)

    def test_what_is_not_read_is_not_accepted(self):
        """B1: without the box, or with another text than the one shown, nothing is
        accepted."""
        self.log_in(self.claire)
        text_hash = self.read_hash()
        self.assertEqual(self.accept(text_hash, empowered="").status_code, 409)
        self.assertEqual(self.accept("0" * 64).status_code, 409)
        self.seller.street = "4 rue du Port"
        self.assertEqual(self.accept(text_hash).status_code, 409)
        self.env.invalidate_all()
        self.assertFalse(self.contract.mandate_ids)

    def test_other_facts_ask_for_another_version(self):
        """B1: another delay, regime or identity is accepted anew; an address is not."""
        self.log_in(self.claire)
        self.accept(self.read_hash())
        self.env.invalidate_all()
        first = self.contract.mandate_id
        self.seller.write({"city": "Nantes", "company_registry": "552 081 317 66522"})
        self.assertTrue(self.contract.is_open)
        self.contract.contest_days = 30
        self.assertFalse(self.contract.is_open)
        self.assertTrue(self.contract.is_mandate_due)
        self.accept(self.read_hash())
        self.env.invalidate_all()
        self.assertTrue(self.contract.is_open)
        self.assertEqual(self.contract.mandate_id.version, 2)
        self.assertEqual(self.contract.mandate_id.contest_days, 30)
        self.assertEqual(first.contest_days, 21)
        for name, value in (
            ("name", "Atelier des mots"),
            ("company_registry", "44306184100047"),
            ("marketplace_legal_form", "association"),
        ):
            with self.subTest(field=name), self.cr.savepoint() as savepoint:
                self.seller[name] = value
                self.assertFalse(self.contract.is_open)
                savepoint.rollback()

    def test_the_seller_is_told_that_a_mandate_changed(self):
        """B1: one mail for each change, none for a seller that has just begun."""
        make_contract(self.env, self.seller.copy({"name": "Other"}), accepted=False)
        job = self.env.ref(f"{ADDON}.ir_cron_ask_new_mandates")
        job.method_direct_trigger()
        before = len(self.mails_to(self.paul.partner_id))
        self.other.contest_days = 45
        for _again in range(2):
            job.method_direct_trigger()
        self.assertEqual(len(self.mails_to(self.paul.partner_id)), before + 1)

    def test_a_mandate_never_changes(self):
        """B1: nobody writes, copies nor deletes a proof, administrators included."""
        mandate = self.other.mandate_id
        admin = self.env.ref("base.user_admin")
        for user in (self.env.user, admin):
            proof = mandate.with_user(user).sudo()
            for name, value in (("text", "x"), ("text_hash", "x"), ("ip", "::1")):
                with self.assertRaises(UserError):
                    proof.write({name: value})
            with self.assertRaises(UserError):
                proof.copy()
            with self.assertRaises(UserError):
                proof.unlink()
        with self.assertRaises(AccessError):
            mandate.with_user(admin).create({"seller_id": self.other.id})

    def test_only_the_team_accepts(self):
        """B1: neither the operator's staff nor another seller accepts a mandate."""
        manager = new_test_user(
            self.env, "mandate_manager", groups=f"{ADDON}.group_marketplace_manager"
        )
        for user in (manager, self.paul, self.person):
            with self.assertRaises(AccessError):
                self.contract._accept_mandate("x", user, "::1")
        for user in (self.person, self.paul):
            self.log_in(user)
            if user == self.person:
                self.assertEqual(self.url_open(PAGE).status_code, 404)
            self.accept("0" * 64)
        self.env.invalidate_all()
        self.assertFalse(self.contract.mandate_ids)

    def test_documents_are_one_s_own(self):
        """B1: a seller finds its own mandates as PDF, never another's."""
        self.log_in(self.paul)
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            answer = self.url_open(f"{PAGE}/1/document")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.env.invalidate_all()
        document = self.other.mandate_id.attachment_id
        self.assertTrue(document)
        self.log_in(self.claire)
        self.assertEqual(self.url_open(f"{PAGE}/1/document").status_code, 404)
        self.assertEqual(self.url_open(f"/web/content/{document.id}").status_code, 404)

    def test_documents_are_made_by_the_job(self):
        """B1: the document follows the acceptance; its failure costs nothing."""
        self.env.ref(f"{ADDON}.ir_cron_make_mandate_pdfs").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self.other.mandate_id.attachment_id)

    @mute_logger("odoo.http")
    def test_no_rpc_reaches_a_contract(self):
        """B1: a portal user reads and changes no contract by RPC, its own included."""
        self.log_in(self.paul)
        for model, record in (
            ("marketplace.seller", self.contract),
            ("marketplace.seller", self.other),
            ("marketplace.mandate", self.other.mandate_id),
        ):
            for method, args in (
                ("read", [record.ids, ["display_name"]]),
                ("search_read", [[]]),
                ("write", [record.ids, {"message_main_attachment_id": False}]),
                ("action_approve", [record.ids]),
                ("message_post", [record.ids]),
            ):
                if method.startswith(("action", "message")) and "mandate" in model:
                    continue
                params = {"model": model, "method": method, "args": args, "kwargs": {}}
                answer = self.url_open(
                    "/web/dataset/call_kw",
                    data=json.dumps({"jsonrpc": "2.0", "params": params}),
                    headers={"Content-Type": "application/json"},
                ).json()
                # A proof refuses everyone, whoever asks.
                refusals = ("AccessError", "UserError" if method == "write" else "-")
                with self.subTest(model=model, method=method):
                    name = answer["error"]["data"]["name"].split(".")[-1]
                    self.assertIn(name, refusals)
        page = self.url_open(SELLER_PAGE).text
        self.assertIn("Institut", page)
        self.assertNotIn("Atelier", page)
