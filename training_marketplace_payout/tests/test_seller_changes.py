# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""B1, B14: what changes of a seller is told to Mangopay, and only that."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..services.seller_identity import find_changes, is_verified_again
from .mangopay_double import refuse
from .seller_common import SellerCommon

ADDRESS = {"AddressLine1": "3 rue du Port", "City": "La Rochelle", "Country": "FR"}
KNOWN = {
    "Name": "Atelier",
    "UserCategory": "OWNER",
    "LegalRepresentative": {"FirstName": "Claire", "LastName": "Dupuis"},
    "HeadquartersAddress": {**ADDRESS, "AddressLine2": None, "Region": None},
}


@tagged("standard", "post_install", "-at_install")
class TestSellerChanges(SellerCommon):
    def sent(self):
        """Return the bodies of the changes sent to Mangopay."""
        path = f"sca/users/legal/{self.user.mangopay_id}"
        return [body for body, _headers, _query in self.double.calls("PUT", path)]

    def test_only_what_changed(self):
        """B14: a name sent again undoes a verification, so it is not."""
        wanted = {
            "Name": "Atelier",
            "UserCategory": "OWNER",
            "TermsAndConditionsAccepted": True,
            "LegalRepresentative": {"FirstName": "Claire", "LastName": "Martin"},
            "HeadquartersAddress": dict(ADDRESS),
        }
        changes = find_changes(KNOWN, wanted)
        self.assertEqual(changes, {"LegalRepresentative": {"LastName": "Martin"}})
        self.assertTrue(is_verified_again(changes))

    def test_address_is_sent_whole(self):
        """B1: another line of an address: all of it, and no new verification."""
        address = {**ADDRESS, "City": "Niort"}
        changes = find_changes(KNOWN, {"HeadquartersAddress": address})
        self.assertEqual(changes, {"HeadquartersAddress": address})
        self.assertFalse(is_verified_again(changes))

    def test_the_office_sends_what_changed(self):
        """B1: the address changed: sent once, told in the thread; again: nothing."""
        self.announce()
        self.seller.city = "Niort"
        before = len(self.seller.message_ids)
        self.seller.action_mangopay_seller_update()
        (body,) = self.sent()
        self.assertEqual(list(body), ["HeadquartersAddress"])
        self.assertEqual(body["HeadquartersAddress"]["City"], "Niort")
        self.assertEqual(len(self.seller.message_ids), before + 1)
        self.seller.action_mangopay_seller_update()
        self.assertEqual(len(self.sent()), 1)

    def test_refused_by_mangopay(self):
        """B1: Mangopay refuses: its sentence is shown, nothing is told as done."""
        self.announce()
        before = len(self.seller.message_ids)
        self.seller.marketplace_rep_lastname = "Martin"
        path = f"sca/users/legal/{self.user.mangopay_id}"
        self.double.fail("PUT", path, refuse(400, "param_error", "Wrong name."))
        with self.assertRaises(UserError):
            self.seller.action_mangopay_seller_update()
        self.assertEqual(len(self.seller.message_ids), before)

    def test_a_person_becomes_no_organisation(self):
        """B1: Mangopay cannot do it: said before anything is sent."""
        self.announce()
        self.seller.marketplace_legal_form = "individual"
        with self.assertRaises(UserError):
            self.seller.action_mangopay_seller_update()
        self.assertFalse(self.sent())

    def test_who_may_and_of_whom(self):
        """B1: accounting managers, of a seller that Mangopay knows."""
        with self.assertRaises(UserError):
            self.seller.action_mangopay_seller_update()
        self.announce()
        clerk = new_test_user(
            self.env, "clerk of changes", "account.group_account_invoice"
        )
        with self.assertRaises(AccessError):
            self.seller.with_user(clerk).action_mangopay_seller_update()
