# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who owns the money at Mangopay: users, their verification, their bank accounts."""

import base64
from datetime import UTC, date, datetime

from .mangopay_money import drop_empty

PERSONS = ("natural", "legal")


def to_timestamp(day):
    """Return a date of birth as Mangopay reads it: midnight UTC, in Unix time."""
    if isinstance(day, datetime) or not isinstance(day, date):
        raise TypeError(f"A date is expected, not {day!r}.")
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


class People:
    """Users with SCA, KYC documents, UBO, hosted verification and Recipients.

    Bodies (``values``) carry Mangopay's own names; nothing is added but the Tag.
    """

    # Users

    def create_user(self, person, values, *, key):
        """Create a user.

        :param str person: natural or legal
        :param dict values: UserCategory PAYER or OWNER, TermsAndConditionsAccepted…
        """
        self._check_person(person)
        body = {"Tag": key, **values}
        return self._create("sca", "users", person, body=body, key=key)

    def update_user(self, person, user_id, values):
        """Change a user. Only what changes: names sent again undo a verification."""
        self._check_person(person)
        return self._update("sca", "users", person, user_id, body=values)

    def make_owner(self, person, user_id, values):
        """Turn a PAYER into an OWNER, for ever."""
        self._check_person(person)
        body = {"UserCategory": "OWNER", **values}
        return self._update("sca", "users", person, user_id, "category", body=body)

    def _check_person(self, person):
        if person not in PERSONS:
            raise ValueError(f"A user is natural or legal, not {person!r}.")

    def user(self, user_id):
        """Return a user: KYCLevel, UserStatus, PendingUserAction…"""
        return self._get("sca", "users", user_id)

    def users(self, limit=None):
        """Return the users, the last created first."""
        return self._list("users", limit=limit, Sort="CreationDate:DESC")

    def close_user(self, person, user_id):
        """Close a user whose wallets are empty."""
        self._check_person(person)
        self._transport.call("DELETE", self._path("users", person, user_id))

    def regulatory_status(self, user_id):
        """Return ScopeBlocked, ActionCode and KycInformation of a user."""
        return self._get("users", user_id, "regulatory")

    def enroll_user(self, user_id, *, key):
        """Return the address of the page where an OWNER enrols, for 10 minutes."""
        answer = self._create(
            "sca",
            "users",
            user_id,
            "enrollment",
            body={},
            key=key,
            proof="PendingUserAction",
        )
        return answer["PendingUserAction"]["RedirectUrl"]

    def sca_status(self, user_id):
        """Return whether a user has enrolled, and gave which consents."""
        return self._get("sca", "users", user_id, "sca-status")

    def validate_user_data(self, values, *, key):
        """Have the format of a CompanyNumber checked; the proof names what was."""
        return self._create(
            "users",
            "data-formats",
            "validation",
            body=values,
            key=key,
            proof="CompanyNumber",
        )

    # KYC documents

    def create_document(self, user_id, document_type, *, key, tag=None):
        """Open a document: IDENTITY_PROOF, REGISTRATION_PROOF, ADDRESS_PROOF…"""
        body = {"Type": document_type, "Tag": tag or key}
        return self._create("users", user_id, "kyc", "documents", body=body, key=key)

    def add_document_page(self, user_id, document_id, content):
        """Send a page as it is; it is not kept here. Mangopay answers nothing.

        Without a key: Mangopay answers 500 to a page that has one (.NET SDK, #45).

        :param bytes content: PDF, JPG or PNG, at most 7 MB
        """
        path = self._path("users", user_id, "kyc", "documents", document_id, "pages")
        body = {"File": base64.b64encode(content).decode()}
        self._transport.call("POST", path, body)

    def submit_document(self, user_id, document_id):
        """Ask for the validation of a document."""
        body = {"Status": "VALIDATION_ASKED"}
        return self._update(
            "users", user_id, "kyc", "documents", document_id, body=body
        )

    def document(self, document_id):
        """Return a document: Status, RefusedReasonType, RefusedReasonMessage, Flags."""
        return self._get("kyc", "documents", document_id)

    def documents(self, user_id):
        """Return the documents of a user."""
        return self._list("users", user_id, "kyc", "documents")

    # Beneficial owners

    def create_ubo_declaration(self, user_id, *, key):
        """Open a declaration; only one may be open for a user."""
        return self._create(
            "users", user_id, "kyc", "ubodeclarations", body={}, key=key
        )

    def add_ubo(self, user_id, declaration_id, values, *, key):
        """Name a beneficial owner in an open declaration."""
        parts = ("users", user_id, "kyc", "ubodeclarations", declaration_id, "ubos")
        return self._create(*parts, body=values, key=key)

    def update_ubo(self, user_id, declaration_id, ubo_id, values):
        """Correct a beneficial owner in an open or incomplete declaration."""
        parts = ("users", user_id, "kyc", "ubodeclarations", declaration_id, "ubos")
        return self._update(*parts, ubo_id, body=values)

    def submit_ubo_declaration(self, user_id, declaration_id):
        """Ask for the validation of a declaration, after the documents."""
        parts = ("users", user_id, "kyc", "ubodeclarations", declaration_id)
        return self._update(*parts, body={"Status": "VALIDATION_ASKED"})

    def ubo_declaration(self, declaration_id):
        """Return a declaration: Status, Reason, Message, Ubos."""
        return self._get("kyc", "ubodeclarations", declaration_id)

    def ubo_declarations(self, user_id):
        """Return the declarations of a user."""
        return self._list("users", user_id, "kyc", "ubodeclarations")

    # Hosted verification

    def create_identity_verification(self, user_id, return_url, *, key, tag=None):
        """Open Mangopay's own verification; the person follows HostedUrl."""
        body = {"ReturnUrl": return_url, "Tag": tag or key}
        return self._create(
            "users", user_id, "identity-verifications", body=body, key=key
        )

    def identity_verification(self, verification_id):
        """Return a verification: Status, Checks."""
        return self._get("identity-verifications", verification_id)

    def identity_verifications(self, user_id):
        """Return the verifications of a user."""
        return self._list("users", user_id, "identity-verifications")

    # Recipients

    def payout_methods(self, country, currency):
        """Return how an account of a country can be paid."""
        answer = self._get(
            "recipients", "payout-methods", country=country, currency=currency
        )
        return answer.get("AvailablePayoutMethods") or []

    def recipient_schema(self, method, recipient_type, currency, country):
        """Return which fields a Recipient needs, with their patterns and labels.

        :param str method: LocalBankTransfer or InternationalBankTransfer
        :param str recipient_type: Individual or Business
        """
        return self._get(
            "recipients",
            "schema",
            payoutMethodType=method,
            recipientType=recipient_type,
            currency=currency,
            country=country,
        )

    def validate_recipient(self, user_id, values):
        """Have a Recipient checked without creating it; answers nothing when right.

        Without a key: nothing is made, and the same values may be checked again.
        """
        path = self._path("users", user_id, "recipients", "validate")
        self._transport.call("POST", path, values)

    def create_recipient(self, user_id, values, *, key):
        """Register where a user is paid; PENDING until the SCA of PendingUserAction."""
        body = drop_empty({"Tag": key, **values})
        return self._create("users", user_id, "recipients", body=body, key=key)

    def recipient(self, recipient_id):
        """Return a Recipient: Status, RecipientVerificationOfPayee."""
        return self._get("recipients", recipient_id)

    def recipients(self, user_id, **filters):
        """Return the Recipients of a user."""
        return self._list("users", user_id, "recipients", **filters)

    def deactivate_recipient(self, recipient_id):
        """Never pay to this account again."""
        return self._update("recipients", recipient_id, body={"Status": "DEACTIVATED"})
