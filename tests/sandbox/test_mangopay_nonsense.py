# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever is sent, the answer is one of Mangopay's: never a crash."""

import json
import os
import random

import pytest
from mangopay_stand_in import ADDRESS, BROWSER, eur
from test_mangopay_books import InProcess, api_module, call_module, world_module

SEEDS = int(os.environ.get("TRAINING_SEEDS", "6"))
ODD = (None, "", "x", "x" * 300, 0, -1, 2**70, 1.5, True, [], ["x"], [{}], {}, {"a": 1})
FIELDS = {
    "UserCategory": "OWNER",
    "TermsAndConditionsAccepted": True,
    "FirstName": "Paul",
    "LastName": "Durand",
    "Name": "Formations",
    "LegalPersonType": "BUSINESS",
    "LegalRepresentative": {"FirstName": "Paul", "LastName": "Durand"},
    "HeadquartersAddress": ADDRESS,
    "Address": ADDRESS,
    "OwnerAddress": ADDRESS,
    "OwnerName": "Paul",
    "Email": "paul@example.com",
    "Birthday": 0,
    "Birthplace": {"City": "Paris", "Country": "FR"},
    "Nationality": "FR",
    "CountryOfResidence": "FR",
    "Description": "Test",
    "Currency": "EUR",
    "DebitedFunds": eur(100),
    "DeclaredDebitedFunds": eur(100),
    "DeclaredFees": eur(0),
    "ContestedFunds": eur(1),
    "Fees": eur(0),
    "ReturnURL": "http://127.0.0.1:1/",
    "ReturnUrl": "http://127.0.0.1:1/",
    "SecureModeReturnURL": "http://127.0.0.1:1/",
    "Culture": "FR",
    "CardType": "CB_VISA_MASTERCARD",
    "IpAddress": "127.0.0.1",
    "BrowserInfo": BROWSER,
    "Billing": {"FirstName": "Paul", "Address": ADDRESS},
    "FlowDescriptor": {"Beneficiaries": []},
    "StatementDescriptor": "ACME",
    "PaymentRef": {"ReasonType": "PAYIN_REFUND", "ReferenceId": "x"},
    "PayoutModeRequested": "STANDARD",
    "BankWireRef": "x",
    "PaymentStatus": "CANCELED",
    "Status": "VALIDATION_ASKED",
    "Active": False,
    "IsActive": True,
    "Type": "IDENTITY_PROOF",
    "File": "JVBERg==",
    "EventType": "KYC_CREATED",
    "Url": "http://127.0.0.1:1/",
    "RegistrationData": "data=x",
    "DownloadFormat": "CSV",
    "ReportType": "COLLECTED_FEES",
    "AfterDate": 0,
    "BeforeDate": 2**40,
    "Filters": {},
    "Columns": ["Id"],
    "DisplayName": "Paul",
    "PayoutMethodType": "LocalBankTransfer",
    "RecipientType": "Individual",
    "Country": "FR",
    "IndividualRecipient": {"FirstName": "P", "LastName": "D", "Address": ADDRESS},
    "BusinessRecipient": {"BusinessName": "P", "Address": ADDRESS},
    "LocalBankTransfer": {"EUR": {"IBAN": "FR7630004000031234567890143"}},
    "InternationalBankTransfer": {"AccountNumber": "1", "BIC": "BNPAFRPP"},
    "CompanyNumber": {"CompanyNumber": "732829320", "CountryCode": "FR"},
    "TechEmails": ["a@example.com"],
    "Tag": "x",
}
QUERIES = {"currency": ["EUR"], "country": ["FR"], "EventType": ["KYC_CREATED"]}


def seeded():
    """A world with an object of each kind that a request may name."""
    world = world_module.World(settings={"rate_limits": False})
    api = InProcess(world)
    buyer, owner = api.payer(), api.owner()
    purse = api.wallet(buyer)
    payin = api.paid(buyer, purse)
    till = api.wallet(owner)
    transfer = api.transfer(buyer, purse, till, 6000)
    to = api.recipient(owner)
    payout = api.payout(owner, till, to, 1000)
    api.do("dispute", payin["Id"])
    (dispute,) = api.get("/disputes")
    body = {"UserId": buyer["Id"], "Currency": "EUR"}
    registration = api.post("/cardregistrations", body)
    document = api.post(
        f"/users/{owner['Id']}/kyc/documents", {"Type": "IDENTITY_PROOF"}
    )
    rows = (buyer, owner, purse, till, payin, transfer, to, payout, dispute,
            registration, document)  # fmt: skip
    return world, api, {
        "user_id": [buyer["Id"], owner["Id"]],
        "wallet_id": [purse["Id"], till["Id"]],
        "": [row["Id"] for row in rows],
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nonsense_is_answered(seed):
    """D14: 4xx or a transaction, in JSON; and the books still balance."""
    chance = random.Random(seed)
    world, api, ids = seeded()
    for _round in range(12):
        for entry in call_module.ROUTES:
            parts = [_part(part, ids, chance) for part in entry.parts]
            body = _body(ids, chance) if entry.method in ("POST", "PUT") else None
            request = call_module.Request(
                entry.method, "/v2.01/acme/" + "/".join(parts), QUERIES, api.headers
            )
            answer = _serve(world, request, body)
            assert answer.status in (200, 201, 204, 400, 401, 403, 404, 409, 413, 415)
    assert world.tenant("acme").ledger.check() == []


def _serve(world, request, body):
    request.body = json.dumps(body).encode() if body is not None else b""
    return api_module.serve(world, request)


def _part(part, ids, chance):
    if not part.startswith("{"):
        return part
    if part == "{person}":
        return chance.choice(["natural", "legal"])
    if part == "{kind}":
        return chance.choice(["iban", "us"])
    return chance.choice(ids.get(part[1:-1]) or ids[""])


def _body(ids, chance):
    """Mostly right; some fields odd, some missing."""
    body = {}
    for name, value in FIELDS.items():
        draw = chance.random()
        if draw < 0.75:
            body[name] = value
        elif draw < 0.95:
            body[name] = chance.choice(ODD)
    for name in ("AuthorId", "UserId", "CreditedUserId"):
        body[name] = chance.choice([*ids["user_id"], chance.choice(ODD)])
    for name in ("DebitedWalletId", "CreditedWalletId"):
        body[name] = chance.choice([*ids["wallet_id"], chance.choice(ODD)])
    for name in ("CardId", "RecipientId", "BankAccountId", "PreauthorizationId"):
        body[name] = chance.choice([*ids[""], chance.choice(ODD)])
    body["Owners"] = chance.choice([[ids["user_id"][0]], chance.choice(ODD)])
    return body
