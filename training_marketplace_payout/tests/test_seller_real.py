# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D7: a seller's user, wallet, account and documents, killed at each line.

On real cursors: what is committed here is really committed, and removed at the end.
"""

from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, LockError
from odoo.service.model import retrying
from odoo.tests import mute_logger, tagged

from .seller_common import IBAN, PDF, fill_seller
from .test_mangopay_real import RealCursorsCommon

PAGES = [PDF + b"x" * 2000] * 2
TABLES = ("document", "recipient", "ubo_declaration", "verification", "wallet", "user")


@tagged("standard", "post_install", "-at_install")
class TestSellerReal(RealCursorsCommon):
    def setUp(self):
        super().setUp()
        with self.environment() as env:
            company = env["res.company"].browse(self.company_id)
            company.currency_id = env.ref("base.EUR")
            seller = fill_seller(env, env["res.partner"].browse(self.partner_ids[0]))
            account = env["mangopay.account"].browse(self.account_id)
            user = env["mangopay.user"]._ensure(account, seller, "OWNER", "legal")
            user._accept_terms(env.user, "192.0.2.7")
            self.user_id = user.id

    def remove(self):
        with self.registry.cursor() as cr:
            for table in TABLES:
                owner = "id" if table == "user" else "user_id"
                cr.execute(
                    f"DELETE FROM mangopay_{table} WHERE {owner} = %s", [self.user_id]
                )
            cr.execute(
                "DELETE FROM res_partner_bank WHERE partner_id = ANY(%s)",
                [self.partner_ids],
            )
        super().remove()

    def run_on_user(self, function):
        """Call a function with the seller's record, in a request of its own."""
        with self.environment() as env:
            return function(env["mangopay.user"].browse(self.user_id))

    def killed_at(self, model, method, function):
        """Kill the process when it enters a method."""
        killed = patch.object(self.registry[model], method, side_effect=SystemExit)
        with killed, self.assertRaises(SystemExit):
            self.run_on_user(function)

    def finish(self):
        """Let the sender come back, as often as it takes."""
        for _time in range(3):
            self.let_time_pass()
            self.send()

    def announce(self):
        self.run_on_user(lambda user: user._announce())
        self.finish()

    def count(self, path):
        return len([one for one in self.double.objects.values() if one["path"] == path])

    def look(self, field):
        return self.run_on_user(lambda user: user.mapped(field))

    def test_user_and_wallet(self):
        """B1: killed after the user, then after the wallet was made: one of each."""
        self.run_on_user(lambda user: user._announce())
        for _kind in ("user", "wallet"):
            killed = patch.object(
                self.registry["mangopay.operation"],
                "_apply_answer",
                side_effect=SystemExit,
            )
            with killed, self.assertRaises(SystemExit):
                self.send()
            self.let_time_pass()
            self.send()
        self.finish()
        self.assertEqual(self.count("sca/users/legal"), 1)
        self.assertEqual(self.count("wallets"), 1)
        self.assertEqual(self.look("wallet_ids.state"), ["active"])

    def test_user_while_the_seller_waits(self):
        """B1: killed in the seller's own request, or its answer lost: one user."""
        self.double.fail("POST", "sca/users/legal", "lost")
        self.killed_at(
            "mangopay.operation",
            "_apply_answer",
            lambda user: user._announce()._send_now(),
        )
        self.finish()
        self.assertEqual(self.count("sca/users/legal"), 1)
        self.assertEqual(self.look("state"), ["active"])

    def test_recipient(self):
        """B13: killed between Mangopay's answer and the commit: one account."""
        self.announce()
        rule = {"Required": True, "MinLength": 15, "MaxLength": 34, "Pattern": None}
        schema = {"LocalBankTransfer": {"EUR": {"IBAN": rule}}}
        self.double.answer("GET", "recipients/schema", 200, schema)

        def register(user):
            recipient = user._write_bank_account(IBAN, "Atelier")
            user._register_recipient(recipient)

        self.killed_at("mangopay.operation", "_apply_answer", register)
        self.assertEqual(self.look("recipient_ids.state"), ["draft"])
        self.finish()
        self.assertEqual(self.look("recipient_ids.state"), ["pending"])
        self.run_on_user(register)
        place = f"users/{self.look('mangopay_id')[0]}/recipients"
        self.assertEqual(self.count(place), 1)

    def test_recipient_killed_before_it_is_asked(self):
        """B13: killed with nothing written down: nothing asked; done again."""
        self.announce()
        self.killed_at(
            "mangopay.user",
            "_register_recipient",
            lambda user: user._register_recipient(
                user._write_bank_account(IBAN, "Atelier")
            ),
        )
        self.assertFalse(self.look("recipient_ids"))
        self.assertFalse(self.double.calls("GET", "recipients/schema"))

    def send_document(self, user):
        return user._send_document("REGISTRATION_PROOF", PAGES)

    def open_document(self, user):
        document = user._open_document("REGISTRATION_PROOF")
        arguments = {"user_id": user.mangopay_id, "document_type": "REGISTRATION_PROOF"}
        document._request_creation(arguments)

    def count_pages(self):
        """Return the pages at Mangopay, by document."""
        found = {}
        for one in self.double.objects.values():
            if one["path"].endswith("/pages"):
                found[one["path"]] = found.get(one["path"], 0) + 1
        return sorted(found.values())

    def test_document_killed_before_its_pages(self):
        """B14: opened at Mangopay, killed: the same one is used."""
        self.announce()
        self.killed_at("mangopay.operation", "_apply_answer", self.send_document)
        self.finish()
        self.assertEqual(self.look("document_ids.state"), ["created"])
        self.assertEqual(self.run_on_user(self.send_document), "")
        self.assertEqual(self.look("document_ids.state"), ["asked"])
        self.assertEqual(self.count_pages(), [2])

    def test_document_killed_between_pages(self):
        """B14: killed after its pages, before it was submitted: sent anew, whole."""
        self.announce()
        gateway = "odoo.addons.training_marketplace_payout.services.mangopay_people"
        with (
            patch(f"{gateway}.People.submit_document", side_effect=SystemExit),
            self.assertRaises(SystemExit),
        ):
            self.run_on_user(self.send_document)
        self.assertEqual(self.look("document_ids.state"), ["sending"])
        self.assertEqual(self.run_on_user(self.send_document), "busy")
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE mangopay_document SET sent_at = '2020-01-01'"
                " WHERE user_id = %s",
                [self.user_id],
            )
        self.assertEqual(self.run_on_user(self.send_document), "")
        self.assertEqual(self.count_pages(), [2, 2])
        self.assertEqual(sorted(self.look("document_ids.state")), ["asked", "sending"])

    def test_document_killed_after_it_was_submitted(self):
        """B14: submitted, killed before the commit: its state is found by itself."""
        self.announce()
        self.run_on_user(self.open_document)
        self.finish()
        self.killed_at("mangopay.document", "_apply_mangopay", self.send_document)
        self.assertEqual(self.look("document_ids.state"), ["sending"])
        self.finish()
        self.assertEqual(self.look("document_ids.state"), ["asked"])
        self.assertEqual(self.count_pages(), [2])

    def test_page_waits_for_a_job(self):
        """B14: a job is at work on the seller: the page is asked again, not refused."""
        with self.environment() as job, self.environment() as page:
            job["mangopay.user"].browse(self.user_id).lock_for_update()
            user = page["mangopay.user"].browse(self.user_id)
            with self.assertRaises(ConcurrencyError):
                user._get_verification_url("https://example.com/my/mangopay/return")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_document_sent_twice_at_once(self):
        """B14: two clicks at the same moment: one document goes, whole."""
        self.announce()
        results = []

        def click():
            with self.environment() as env:
                user = env["mangopay.user"].browse(self.user_id)
                try:
                    results.append(retrying(lambda: self.send_document(user), env))
                except LockError:
                    results.append("busy")

        self.run_at_once([click] * 3)
        self.finish()
        self.assertEqual(results.count(""), 1)
        self.assertEqual(self.count_pages(), [2])
