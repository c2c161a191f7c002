# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B9: who is known to Mangopay, and the money they have there."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import mute_logger, new_test_user, tagged

from ..services.mangopay_persons import make_payer, read_email, split_name
from .mangopay_common import MangopayCommon
from .mangopay_double import refuse


@tagged("standard", "post_install", "-at_install")
class TestMangopayUser(MangopayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Lina Moreau", "email": "Lina <lina@moreau.example>"}
        )
        cls.organisation = cls.env["res.partner"].create(
            {"name": "Ateliers Roux SAS", "is_company": True, "email": "a@roux.example"}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Paul Roux", "parent_id": cls.organisation.id, "type": "contact"}
        )

    def make_user(self, partner=None):
        user = (partner or self.buyer)._ensure_mangopay_payer(self.account)
        self.run_sender()
        return user

    def test_person_becomes_a_user_once(self):
        """B9: a buyer has one user, however often they pay; nothing goes at once."""
        user = self.buyer._ensure_mangopay_payer(self.account)
        self.assertEqual((user.state, self.double.journal), ("requested", []))
        self.run_sender()
        [(body, _headers, _query)] = self.double.calls("POST", "sca/users/natural")
        sent = {"FirstName": "Lina", "LastName": "Moreau", "UserCategory": "PAYER"}
        self.assertEqual({name: body[name] for name in sent}, sent)
        self.assertEqual(body["Email"], "lina@moreau.example")
        self.assertEqual((user.state, user.mangopay_id), ("active", "natural_1"))
        self.assertEqual(self.make_user(), user)
        self.assertEqual(len(self.double.calls("POST", "sca/users/natural")), 1)

    def test_contact_of_a_company_pays_for_it(self):
        """B9: the payer is the company, the contact represents it."""
        user = self.make_user(self.contact)
        [(body, _headers, _query)] = self.double.calls("POST", "sca/users/legal")
        self.assertEqual(body["Name"], "Ateliers Roux SAS")
        self.assertEqual(
            body["LegalRepresentative"], {"FirstName": "Paul", "LastName": "Roux"}
        )
        self.assertEqual(user.partner_id, self.organisation)
        self.assertEqual(
            self.organisation._get_mangopay_user(self.account, "PAYER"), user
        )
        self.assertFalse(self.organisation._get_mangopay_user(self.account, "OWNER"))

    def test_refused_user_may_be_corrected(self):
        """B9: what Mangopay refused is asked again with what was corrected."""
        self.double.fail(
            "POST", "sca/users/natural", refuse(400, "param_error", Email="wrong")
        )
        user = self.make_user()
        self.assertEqual((user.state, user.mangopay_id), ("refused", False))
        self.buyer.email = "right@moreau.example"
        self.make_user()
        self.assertEqual(user.state, "active")
        [_first, second] = self.double.calls("POST", "sca/users/natural")
        self.assertEqual(second[0]["Email"], "right@moreau.example")
        self.assertEqual(len(user._get_mangopay_operations("user")), 2)

    def test_without_email_nothing_is_asked(self):
        """B9: bad input: the sentence says what is missing, no row is left."""
        self.buyer.email = "not an address"
        with self.assertRaises(UserError):
            self.buyer._ensure_mangopay_payer(self.account)
        self.assertFalse(self.buyer._get_mangopay_user(self.account, "PAYER"))

    def test_wallet_once_for_each_currency(self):
        """B9: one wallet of a currency, asked once the user exists."""
        user = self.make_user()
        wallet = user._get_wallet(self.euro)
        self.assertEqual(user._get_wallet(self.euro), wallet)
        wallet._request_creation()
        wallet._request_creation()
        self.run_sender()
        [(body, _headers, _query)] = self.double.calls("POST", "wallets")
        self.assertEqual(body["Owners"], [user.mangopay_id])
        self.assertEqual(body["Currency"], "EUR")
        self.assertEqual((wallet.state, wallet.mangopay_id), ("active", "wallets_2"))
        self.assertFalse(wallet._request_creation())

    def test_event_tells_what_became_of_a_user(self):
        """D8: a user is asked for again after an event about it; forged ones park."""
        user = self.make_user()
        self.double.objects[user.mangopay_id]["UserStatus"] = "CLOSED"
        event = self.receive("USER_ACCOUNT_CLOSED", user.mangopay_id)
        forged = self.receive("USER_ACCOUNT_CLOSED", "user_of_nobody")
        self.run_events()
        self.assertEqual((event.state, user.state), ("done", "closed"))
        self.assertEqual(forged.state, "parked")

    @mute_logger("odoo.sql_db")
    def test_one_row_each(self):
        """D7: the database refuses a second user or wallet of the same."""
        user = self.make_user()
        copy = {
            name: user[name].id if name.endswith("_id") else user[name]
            for name in ("account_id", "partner_id", "category", "person")
        }
        with self.assertRaises(ConcurrencyError):
            user._create_once(user, copy)
        user._get_wallet(self.euro)
        with self.assertRaises(UniqueViolation):
            user.wallet_ids.create({"user_id": user.id, "currency_id": self.euro.id})

    def test_rights(self):
        """B9: accounting managers read, nobody writes, known ones are not deleted."""
        user = self.make_user()
        manager = new_test_user(self.env, "m", "account.group_account_manager")
        seller = new_test_user(self.env, "s", "sales_team.group_sale_manager")
        self.assertEqual(user.with_user(manager).mangopay_id, user.mangopay_id)
        with self.assertRaises(AccessError):
            user.with_user(manager).state = "closed"
        with self.assertRaises(AccessError):
            user.with_user(seller).read(["mangopay_id"])
        with self.assertRaises(UserError):
            user.unlink()

    def test_names_and_addresses(self):
        """B9: what a contact's fields hold becomes what Mangopay accepts."""
        self.assertEqual(split_name(" Ada  King Lovelace "), ("Ada", "King Lovelace"))
        self.assertEqual(split_name("Plato"), ("Plato", "Plato"))
        self.assertEqual(split_name("é" * 300 + " b"), ("é" * 100, "b"))
        self.assertEqual(read_email("x; <a@b.fr>, c@d.fr"), "a@b.fr")
        self.assertEqual(read_email("a@b"), "")
        for missing, values in (
            ("name", {"name": " ", "email": "a@b.fr"}),
            ("email", {"name": "Ada", "email": ""}),
        ):
            with self.assertRaisesRegex(ValueError, missing):
                make_payer(is_legal=False, contact_name="", **values)
