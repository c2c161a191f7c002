# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the product says of a seller, taken by the stand-in: without Odoo."""

import importlib
import uuid
from datetime import date

import pytest
from test_mangopay_gateway import FOLDER, errors, gateway  # noqa: F401

SERVICES = "marketplace_services"
assert FOLDER.is_dir()
identity = importlib.import_module(f"{SERVICES}.seller_identity")
bank = importlib.import_module(f"{SERVICES}.bank_account")
kyc = importlib.import_module(f"{SERVICES}.mangopay_kyc")

IBAN, VOP_IBAN = "FR7630004000031234567890143", "FR7630001007941234567890185"
ADDRESS = {
    "AddressLine1": "3 rue du Port",
    "City": "La Rochelle",
    "PostalCode": "17000",
    "Country": "FR",
}
SELLER = {
    "name": "Atelier des langues",
    "company_number": "73282932000074",
    "email": "contact@atelier.example",
    "address": ADDRESS,
    "firstname": "Claire",
    "lastname": "Dupuis",
    "rep_email": "claire@atelier.example",
    "birthdate": date(1980, 5, 4),
    "nationality": "FR",
    "residence": "FR",
}
PAGE = b"\x89PNG\r\n\x1a\n" + b"x" * 33_000


def key():
    return str(uuid.uuid4())


@pytest.fixture
def make(gateway):  # noqa: F811
    """Announce a seller of a legal form."""

    def make(form="company"):
        person, values = identity.make_owner({**SELLER, "legal_form": form})
        return gateway.create_user(person, values, key=key())

    return make


@pytest.mark.parametrize("form", kyc.LEGAL_FORMS)
def test_each_legal_form_is_taken(make, form):
    """B1: an owner of each form: no field is missing, its type is the right one."""
    user = make(form)
    assert user["UserCategory"] == "OWNER"
    assert user["UserStatus"] == "PENDING_USER_ACTION"
    assert user.get("LegalPersonType") == kyc.LEGAL_FORMS[form][1]


@pytest.mark.parametrize("form", kyc.LEGAL_FORMS)
def test_documents_asked_are_enough(make, gateway, mangopay_sandbox, form):  # noqa: F811
    """B14: the documents that we ask of each form verify it, with its owners."""
    user = make(form)["Id"]
    for kind in kyc.NEEDED[form]:
        assert kyc.check_pages(kind, [PAGE, PAGE]) == ("", 0)
        document = gateway.create_document(user, kind, key=key(), tag="accept")
        gateway.add_document_page(user, document["Id"], PAGE)
        gateway.add_document_page(user, document["Id"], PAGE)
        gateway.submit_document(user, document["Id"])
        mangopay_sandbox.advance(60)
        assert gateway.document(document["Id"])["Status"] == "VALIDATED"
    if form in kyc.UBO_FORMS:
        assert gateway.user(user)["KYCLevel"] == "LIGHT"
        declaration = gateway.create_ubo_declaration(user, key=key())["Id"]
        owner = {
            "FirstName": "AcceptUBO",
            "LastName": "Ruiz",
            "Birthday": 86400,
            "Nationality": "ES",
            "Address": ADDRESS,
            "Birthplace": {"City": "Madrid", "Country": "ES"},
        }
        gateway.add_ubo(user, declaration, owner, key=key())
        gateway.submit_ubo_declaration(user, declaration)
        mangopay_sandbox.advance(60)
    assert gateway.user(user)["KYCLevel"] == "REGULAR"


def test_refused_then_sent_again(make, gateway, mangopay_sandbox):  # noqa: F811
    """B14: each reason of the stand-in has its sentence; a new document is taken."""
    user = make()["Id"]
    for tag in ("refuse_unreadable", "refuse_expired", "refuse_falsified", "accept"):
        document = gateway.create_document(user, kyc.IDENTITY, key=key(), tag=tag)
        gateway.add_document_page(user, document["Id"], PAGE)
        gateway.submit_document(user, document["Id"])
        mangopay_sandbox.advance(60)
        seen = gateway.document(document["Id"])
        expected = "VALIDATED" if tag == "accept" else "REFUSED"
        assert seen["Status"] == expected
        if tag != "accept":
            assert seen["RefusedReasonType"] in kyc.REFUSALS


@pytest.mark.parametrize(
    "content",
    [b"MZ" + b"x" * 40_000, PAGE[:2000], b"%PDF-" + b"x" * kyc.LONGEST],
    ids=["type", "short", "long"],
)
def test_what_we_refuse_mangopay_refuses(make, gateway, content):  # noqa: F811
    """B14: our check of pages is no stricter than Mangopay's."""
    user = make()["Id"]
    assert kyc.check_page(kyc.IDENTITY, content)
    document = gateway.create_document(user, kyc.IDENTITY, key=key())
    with pytest.raises(errors.GatewayError) as refusal:
        gateway.add_document_page(user, document["Id"], content)
    assert refusal.value.is_definite


@pytest.mark.parametrize("form", ["company", "individual"])
def test_account_follows_the_schema(make, gateway, mangopay_sandbox, form):  # noqa: F811
    """B13: our Recipient passes the schema and the check, and is paid once active."""
    user = make(form)["Id"]
    mangopay_sandbox.do("authenticate", user)
    holder = {"address": ADDRESS, "first_name": "Claire", "last_name": "Dupuis"}
    if form == "company":
        holder["business"] = "EuroCarp"
    number, code = bank.check_iban(VOP_IBAN)
    assert code == ""
    body = bank.build_recipient(number, "EUR", holder, bank.mask_iban(number))
    schema = gateway.recipient_schema(bank.LOCAL, body["RecipientType"], "EUR", "FR")
    assert bank.check_schema(schema, body) == {}
    gateway.validate_recipient(user, body)
    made = gateway.create_recipient(user, body, key=key())
    assert made["PendingUserAction"]["RedirectUrl"]
    check = made["RecipientVerificationOfPayee"]["RecipientVerificationCheck"]
    assert check == ("CLOSE_MATCH" if form == "company" else "NO_MATCH")
    mangopay_sandbox.do("activate-recipient", made["Id"])
    assert gateway.recipient(made["Id"])["Status"] == "ACTIVE"
    assert gateway.deactivate_recipient(made["Id"])["Status"] == "DEACTIVATED"
    with pytest.raises(errors.GatewayError) as refusal:
        gateway.deactivate_recipient(made["Id"])
    assert refusal.value.is_definite


def test_schema_refuses_what_is_missing(make, gateway):  # noqa: F811
    """B13: an empty field is found by the schema, before the check."""
    holder = {"address": {**ADDRESS, "City": ""}, "business": "Atelier"}
    body = bank.build_recipient(IBAN, "EUR", holder, "RIB")
    schema = gateway.recipient_schema(bank.LOCAL, "Business", "EUR", "FR")
    assert bank.check_schema(schema, body) == {
        "BusinessRecipient.Address.City": "required"
    }
