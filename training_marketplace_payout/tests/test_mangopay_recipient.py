# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B13, B14: where a seller is paid, and who owns it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.mangopay_sentences import describe_error
from ..services.mangopay_errors import GatewayError
from .mangopay_double import refuse_recipient
from .seller_common import IBAN, LINK, OTHER_IBAN, SellerCommon

JOB = "training_marketplace_payout.ir_cron_refresh_mangopay_sellers"


@tagged("standard", "post_install", "-at_install")
class TestMangopayRecipient(SellerCommon):
    def setUp(self):
        super().setUp()
        self.announce()
        self.place = f"users/{self.user.mangopay_id}/recipients"

    def activate(self, recipient):
        self.decide(recipient, "RECIPIENT_ACTIVE", Status="ACTIVE")

    def test_registered_then_confirmed(self):
        """B13: validated, created, waits for the seller, then paid."""
        recipient = self.register()
        self.assertEqual(recipient.state, "pending")
        self.assertEqual(recipient.name, "FR76 •••• 0143")
        sent = self.double.calls("POST", self.place)[0][0]
        self.assertEqual(sent["LocalBankTransfer"], {"EUR": {"IBAN": IBAN}})
        self.assertEqual(sent["RecipientType"], "Business")
        self.assertEqual(len(self.double.calls("POST", f"{self.place}/validate")), 1)
        self.activate(recipient)
        self.assertEqual(self.user.active_recipient_id, recipient)
        self.assertEqual(self.user._get_recipient(self.euro), recipient)
        self.assertEqual(self.user.steps["bank"], "done")

    def test_same_account_twice(self):
        """B13: the same IBAN again is the same account, asked once."""
        recipient = self.register()
        again = self.user._write_bank_account(IBAN, self.seller.name)
        self.assertEqual(again, recipient)
        self.assertEqual(len(self.seller.bank_ids), 1)

    def test_mangopay_s_schema_refuses(self):
        """B13: its schema wants otherwise: told by field, nothing created."""
        self.set_schema(pattern="^BE")
        recipient = self.user._write_bank_account(IBAN, self.seller.name)
        with self.assertRaisesRegex(UserError, "IBAN"):
            self.user._register_recipient(recipient)
        self.assertFalse(self.double.calls("POST", self.place))
        self.assertEqual(recipient.state, "draft")

    def test_mangopay_s_check_refuses(self):
        """B13: the check refuses: said in its words, nothing created."""
        self.set_schema()
        said = {"LocalBankTransfer.EUR.IBAN": "INVALID_FORMAT. A closed bank."}
        refusal = refuse_recipient(**said)
        self.double.fail("POST", f"{self.place}/validate", refusal)
        recipient = self.user._write_bank_account(IBAN, self.seller.name)
        with self.assertRaisesRegex(GatewayError, "closed bank") as caught:
            self.user._register_recipient(recipient)
        self.assertTrue(caught.exception.is_definite)
        self.assertEqual(caught.exception.fields, said)
        shown = describe_error(self.env, caught.exception)
        self.assertIn("LocalBankTransfer.EUR.IBAN: INVALID_FORMAT. A closed", shown)
        self.assertNotRegex(shown, r"[{}\[\]']")
        self.assertFalse(self.double.calls("POST", self.place))

    def test_mangopay_down(self):
        """B13: the account is kept, and registered when Mangopay is back."""
        self.set_schema()
        self.double.fail("POST", f"{self.place}/validate", 503)
        recipient = self.user._write_bank_account(IBAN, self.seller.name)
        with self.assertRaises(GatewayError) as caught:
            self.user._register_recipient(recipient)
        self.assertFalse(caught.exception.is_definite)
        self.assertEqual(recipient.state, "draft")
        self.user._register_recipient(recipient)
        self.assertEqual(recipient.state, "pending")

    def test_created_but_the_answer_was_lost(self):
        """B13, D7: Mangopay made it, we did not hear: found, not made twice."""
        self.set_schema()
        self.double.fail("POST", self.place, "lost")
        recipient = self.user._write_bank_account(IBAN, self.seller.name)
        error = self.catch(self.user._register_recipient, recipient)
        self.assertFalse(error.is_definite)
        self.wait_for(recipient._get_operation())
        self.run_sender()
        self.assertEqual(recipient.state, "pending")
        self.assertEqual(len(self.double.calls("POST", self.place)), 1)

    def test_new_account_replaces_the_old_one_once_active(self):
        """B13: the former account is paid until the new one is, then it is closed."""
        first = self.register()
        self.activate(first)
        second = self.register(OTHER_IBAN)
        self.assertEqual(self.user.active_recipient_id, first)
        self.assertFalse(first.is_superseded)
        self.activate(second)
        self.assertEqual(self.user.active_recipient_id, second)
        self.assertTrue(first.is_superseded)
        path = f"recipients/{first.mangopay_id}"
        self.double.fail("PUT", path, "cut")
        self.run_jobs(JOB)
        self.assertEqual(first.state, "active")
        self.run_jobs(JOB)
        self.assertEqual((first.state, second.state), ("deactivated", "active"))
        self.run_jobs(JOB)
        self.assertEqual(len(self.double.calls("PUT", path)), 2)

    def test_link_is_short_lived(self):
        """B13: the link is given for nine minutes, then the account anew."""
        recipient = self.register()
        operation = recipient._get_operation()
        action = {"PendingUserAction": {"RedirectUrl": LINK}}
        operation.answer = {**operation.answer, **action}
        self.assertEqual(recipient._get_link(), LINK)
        operation.date_sent = fields.Datetime.now() - timedelta(minutes=10)
        self.assertFalse(recipient._get_link())
        other = self.user._renew_recipient(recipient)
        self.assertEqual((recipient.state, other.state), ("abandoned", "draft"))
        self.assertEqual(other.sudo().bank_id, recipient.sudo().bank_id)
        # Mangopay says that the first was confirmed after all: true, and it is paid.
        self.activate(recipient)
        self.assertEqual(self.user.active_recipient_id, recipient)

    def test_not_confirmed(self):
        """B13: given up at Mangopay: canceled; another attempt is another row."""
        recipient = self.register()
        self.decide(recipient, "RECIPIENT_CANCELED", Status="CANCELED")
        self.assertEqual(recipient.state, "canceled")
        again = self.user._write_bank_account(IBAN, self.seller.name)
        self.assertNotEqual(again, recipient)

    def test_account_of_another_name(self):
        """B13: what the bank says of the holder's name is kept and shown."""
        check = {
            "RecipientVerificationCheck": "NO_MATCH",
            "RecipientVerificationMessage": "Held by EuroCorp",
        }
        recipient = self.register()
        self.decide(
            recipient,
            "RECIPIENT_ACTIVE",
            Status="ACTIVE",
            RecipientVerificationOfPayee=check,
        )
        self.assertEqual(recipient.payee_check, "NO_MATCH")
        self.assertEqual(recipient.payee_message, "Held by EuroCorp")

    def add_owner(self, name="Ana", **values):
        france = self.env.ref("base.fr").id
        return self.user._add_owner(
            {
                "first_name": name,
                "last_name": "Ruiz",
                "birthdate": "1970-01-02",
                "nationality_id": france,
                "street": "1 rue du Port",
                "zip": "17000",
                "city": "La Rochelle",
                "country_id": france,
                "birth_city": "Brest",
                "birth_country_id": france,
                **values,
            }
        )

    def say_declaration(self, declaration_id, *ubos, status="CREATED"):
        body = {"Id": declaration_id, "Status": status, "Ubos": list(ubos)}
        self.double.answer("GET", f"kyc/ubodeclarations/{declaration_id}", 200, body)

    def test_owners_declared_and_completed(self):
        """B14: declared; incomplete: told; completed in the same declaration."""
        self.add_owner()
        place = f"users/{self.user.mangopay_id}/kyc/ubodeclarations"
        self.user._declare_owners()
        declaration = self.user.ubo_declaration_ids
        self.assertEqual(declaration.state, "asked")
        self.assertFalse(self.user._can_edit_owners())
        owners = f"{place}/{declaration.mangopay_id}/ubos"
        sent = self.double.calls("POST", owners)[0][0]
        self.assertEqual((sent["FirstName"], sent["Birthday"]), ("Ana", 86400))
        made = next(
            one for one in self.double.objects.values() if one["path"] == owners
        )
        known = {**made, "IsActive": True}
        self.say_declaration(declaration.mangopay_id, known, status="INCOMPLETE")
        self.receive("UBO_DECLARATION_INCOMPLETE", declaration.mangopay_id)
        self.run_events()
        self.assertEqual(declaration.state, "incomplete")
        self.assertEqual(len(self.get_activities()), 1)
        self.add_owner("Luc")
        self.user._declare_owners()
        self.assertEqual(self.user.ubo_declaration_ids, declaration)
        names = [call[0]["FirstName"] for call in self.double.calls("POST", owners)]
        self.assertEqual(names, ["Ana", "Luc"])

    def test_refused_declaration_is_made_anew(self):
        """B14: refused: another declaration, the same owners."""
        self.add_owner()
        declarations = self.env["mangopay.ubo.declaration"]
        declarations.create({"user_id": self.user.id, "state": "refused"})
        self.user._declare_owners()
        self.assertEqual(len(self.user.ubo_declaration_ids), 2)
