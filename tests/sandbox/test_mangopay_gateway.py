# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The product's own gateway, without Odoo, against the stand-in."""

import importlib
import importlib.util
import sys
import uuid
from pathlib import Path

import pytest
from mangopay_stand_in import ADDRESS, IBAN

FOLDER = Path(__file__).resolve().parents[2] / "training_marketplace_payout/services"


def load():
    """The gateway's module, which needs nothing of Odoo."""
    name = "marketplace_services"
    if name not in sys.modules:
        spec = importlib.util.spec_from_loader(name, loader=None, is_package=True)
        package = importlib.util.module_from_spec(spec)
        package.__path__ = [str(FOLDER)]
        sys.modules[name] = package
    return (
        importlib.import_module(f"{name}.mangopay_gateway"),
        importlib.import_module(f"{name}.mangopay_errors"),
    )


gateway_module, errors = load()


@pytest.fixture
def gateway(mangopay_sandbox):
    return gateway_module.MangopayGateway(
        "acme", "key-of-acme", base_url=f"{mangopay_sandbox.url}/v2.01/", timeout=1
    )


def key():
    return str(uuid.uuid4())


PERSON = {
    "FirstName": "Paul",
    "LastName": "Durand",
    "Email": "paul@example.com",
    "UserCategory": "PAYER",
    "TermsAndConditionsAccepted": False,
}
OWNER = {
    **PERSON,
    "UserCategory": "OWNER",
    "TermsAndConditionsAccepted": True,
    "Birthday": 315532800,
    "Nationality": "FR",
    "CountryOfResidence": "FR",
}
RECIPIENT = {
    "DisplayName": "Paul Durand",
    "PayoutMethodType": "LocalBankTransfer",
    "RecipientType": "Individual",
    "Currency": "EUR",
    "Country": "FR",
    "IndividualRecipient": {
        "FirstName": "Paul",
        "LastName": "Durand",
        "Address": ADDRESS,
    },
    "LocalBankTransfer": {"EUR": {"IBAN": IBAN}},
}


@pytest.fixture
def seller(gateway, mangopay_sandbox):
    user = gateway.create_user("natural", OWNER, key=key())
    assert "/sca?token=" in gateway.enroll_user(user["Id"], key=key())
    mangopay_sandbox.do("authenticate", user["Id"])
    made = gateway.create_document(
        user["Id"], "IDENTITY_PROOF", key=key(), tag="accept"
    )
    gateway.add_document_page(user["Id"], made["Id"], b"%PDF" + b"0" * 40000)
    gateway.submit_document(user["Id"], made["Id"])
    assert gateway.user(user["Id"])["KYCLevel"] == "REGULAR"
    return user


@pytest.fixture
def paid(gateway, mangopay_sandbox):
    """A buyer, a wallet, and a pay-in that was paid."""
    buyer = gateway.create_user("natural", PERSON, key=key())
    wallet = gateway.create_wallet(buyer["Id"], "EUR", "Buyer", key=key())
    payin = gateway.create_card_payin(
        buyer["Id"], wallet["Id"], 12000, "EUR", "http://127.0.0.1:1/back", key=key()
    )
    mangopay_sandbox.do("pay", payin["Id"])
    return buyer, wallet, payin


def test_from_purchase_to_payout(gateway, mangopay_sandbox, seller, paid):
    """B9: what the marketplace does of a sale, through its own gateway."""
    buyer, wallet, payin = paid
    assert gateway.payin(payin["Id"])["Status"] == "SUCCEEDED"
    till = gateway.create_wallet(seller["Id"], "EUR", "Seller", key=key())
    ids = (buyer["Id"], wallet["Id"], till["Id"])
    transfer = gateway.create_transfer(*ids, 12000, "EUR", key=key(), fees=1000)
    assert gateway.transfer(transfer["Id"])["CreditedFunds"]["Amount"] == 11000
    assert "LocalBankTransfer" in gateway.payout_methods("FR", "EUR")
    schema = gateway.recipient_schema("LocalBankTransfer", "Individual", "EUR", "FR")
    assert schema["LocalBankTransfer"]["EUR"]["IBAN"]["Pattern"]
    gateway.validate_recipient(seller["Id"], RECIPIENT)
    recipient = gateway.create_recipient(seller["Id"], RECIPIENT, key=key())
    mangopay_sandbox.do("activate-recipient", recipient["Id"])
    assert len(gateway.recipients(seller["Id"])) == 1
    payout = gateway.create_payout(
        seller["Id"], till["Id"], recipient["Id"], 11000, "EUR", key=key(), fees=500
    )
    assert gateway.payout(payout["Id"])["Status"] == "SUCCEEDED"
    mangopay_sandbox.do("return-payout", payout["Id"])
    assert len(gateway.payout_refunds(payout["Id"])) == 1
    assert gateway.client_wallet("FEES", "EUR")["Balance"]["Amount"] == 1000


def test_refusals_are_told(gateway, seller, paid):
    """B9: FAILED under HTTP 200, 4xx, 401 of an owner's wallet: each an error."""
    buyer, wallet, payin = paid
    gateway.refund_payin(payin["Id"], buyer["Id"], key=key())
    with pytest.raises(errors.GatewayError) as refused:
        gateway.refund_payin(payin["Id"], buyer["Id"], key=key())
    assert refused.value.code == "001401"
    wrong = {**RECIPIENT, "LocalBankTransfer": {"EUR": {"IBAN": "FR00"}}}
    with pytest.raises(errors.GatewayError) as refused:
        gateway.validate_recipient(seller["Id"], wrong)
    assert refused.value.status == 400 and not refused.value.unknown
    till = gateway.create_wallet(seller["Id"], "EUR", "Seller", key=key())
    with pytest.raises(errors.GatewayError) as refused:
        gateway.wallet(till["Id"])
    assert refused.value.status == 401
    with pytest.raises(errors.GatewayError) as refused:
        gateway.refund_payin("payin_m_none", buyer["Id"], key=key())
    assert refused.value.status == 404


def test_a_lost_answer_is_found_again(gateway, mangopay_sandbox, paid):
    """B9: time-out after it was done, time-out before: the key tells which."""
    buyer, _wallet, payin = paid
    mangopay_sandbox.fault(kind="timeout_after", path=".*/refunds", seconds=3)
    first = key()
    with pytest.raises(errors.GatewayError) as lost:
        gateway.refund_payin(
            payin["Id"], buyer["Id"], key=first, amount=2000, currency="EUR"
        )
    assert lost.value.unknown
    assert gateway.outcome(first)["DebitedFunds"]["Amount"] == 2000
    assert len(gateway.payin_refunds(payin["Id"])) == 1
    mangopay_sandbox.fault(kind="timeout_before", path=".*/refunds", seconds=3)
    second = key()
    with pytest.raises(errors.GatewayError):
        gateway.refund_payin(
            payin["Id"], buyer["Id"], key=second, amount=3000, currency="EUR"
        )
    assert gateway.outcome(second) is None
    assert len(gateway.payin_refunds(payin["Id"])) == 1
