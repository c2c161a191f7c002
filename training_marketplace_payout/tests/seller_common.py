# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A seller of the marketplace that Mangopay, here the double, is told about."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command

from ..services.mangopay_errors import GatewayError
from .mangopay_common import MangopayCommon

IBAN = "FR7630004000031234567890143"
OTHER_IBAN = "DE89370400440532013000"
LINK = "https://sca.example/?token=abc"
PNG = b"\x89PNG\r\n\x1a\n"
PDF = b"%PDF-1.7\n"
IDENTITY_PAGE = PNG + b"x" * 33_000


def fill_seller(env, partner, form="company"):
    """Give a contact all that Mangopay asks of a seller."""
    france = env.ref("base.fr")
    partner.write(
        {
            "is_company": True,
            "is_marketplace_seller": True,
            "marketplace_legal_form": form,
            "company_registry": "73282932000074",
            "street": "3 rue du Port",
            "zip": "17000",
            "city": "La Rochelle",
            "country_id": france.id,
            "email": "contact@atelier.example",
            "marketplace_rep_firstname": "Claire",
            "marketplace_rep_lastname": "Dupuis",
            "marketplace_rep_email": "claire@atelier.example",
            "marketplace_rep_birthdate": date(1980, 5, 4),
            "marketplace_rep_nationality_id": france.id,
            "marketplace_rep_country_id": france.id,
        }
    )
    return partner


def create_portal_user(env, partner, login):
    """Create somebody of a seller who logs in to the portal."""
    contact = env["res.partner"].create(
        {"name": "Claire Dupuis", "parent_id": partner.id, "email": login}
    )
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": login,
                "password": login,
                "partner_id": contact.id,
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )


class SellerCommon(MangopayCommon):
    """A company that accepted the terms; known to Mangopay after `announce`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.euro
        fill_seller(cls.env, cls.seller)
        cls.user = cls.env["mangopay.user"]._ensure(
            cls.account, cls.seller, "OWNER", "legal"
        )

    def setUp(self):
        super().setUp()
        # What waits for Mangopay commits on the way; here that can only be pretended.
        # Real commits and kills: `test_mangopay_seller_real`.
        committed = patch.object(self.env.cr, "commit", self.env.flush_all)
        committed.start()
        self.addCleanup(committed.stop)

    def announce(self, status="ACTIVE"):
        """Have Mangopay know the seller, and its wallet."""
        self.user._accept_terms(self.env.user, "192.0.2.7")
        self.user._announce()
        self.run_sender()
        self.set_user(UserStatus=status, KYCLevel="LIGHT")
        self.set_regulatory()
        self.user._refresh()
        self.run_sender()
        return self.user

    def set_user(self, **values):
        """Change the seller at Mangopay."""
        self.double.objects[self.user.mangopay_id].update(values)

    def set_regulatory(self, inflows=False, outflows=False, deadline=None):
        """Say what Mangopay answers about blocks and renewal."""
        body = {
            "Id": self.user.mangopay_id,
            "ActionCode": "008701" if inflows or outflows else None,
            "ScopeBlocked": {"Inflows": inflows, "Outflows": outflows},
            "KycInformation": {"LastKycDate": None, "KycRenewalDeadline": deadline},
        }
        path = f"users/{self.user.mangopay_id}/regulatory"
        self.double.answer("GET", path, 200, body)

    def set_schema(self, pattern=None):
        """Say what Mangopay's schema of a recipient wants of the IBAN."""
        rule = {"Required": True, "MinLength": 15, "MaxLength": 34, "Pattern": pattern}
        schema = {"LocalBankTransfer": {"EUR": {"IBAN": rule}}}
        self.double.answer("GET", "recipients/schema", 200, schema)

    def register(self, iban=IBAN):
        """Keep an account and register it at Mangopay."""
        self.set_schema()
        recipient = self.user._write_bank_account(iban, self.seller.name)
        self.user._register_recipient(recipient)
        return recipient

    def decide(self, record, event_type, **values):
        """Let Mangopay change an object and announce it."""
        self.double.objects[record.mangopay_id].update(values)
        self.receive(event_type, record.mangopay_id)
        self.run_events()
        self.run_sender()

    def catch(self, function, *args):
        """Return what a function raises; what it wrote stays, as in a request."""
        try:
            function(*args)
        except (GatewayError, UserError) as error:
            return error
        return None

    def get_activities(self):
        """Return what the office is asked to do about the seller."""
        return self.seller.activity_ids
