# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Users, their verification and its end: what is asked, refused and told."""

import base64

import pytest
import requests
from mangopay_stand_in import ADDRESS, log_in

DAY = 86400
PDF = b"%PDF-1.4 "


def page(size=40000, start=PDF):
    return {"File": base64.b64encode(start + b"0" * (size - len(start))).decode()}


def business(api, kind="BUSINESS", **values):
    user = api.post(
        "/sca/users/legal",
        {
            "Name": "Formations SARL",
            "LegalPersonType": kind,
            "Email": "contact@example.com",
            "CompanyNumber": "732829320",
            "UserCategory": "OWNER",
            "TermsAndConditionsAccepted": True,
            "HeadquartersAddress": ADDRESS,
            "LegalRepresentative": {
                "FirstName": "Paul",
                "LastName": "Durand",
                "Email": "paul@example.com",
                "Birthday": 315532800,
                "Nationality": "FR",
                "CountryOfResidence": "FR",
            },
            **values,
        },
    )
    api.sandbox.do("authenticate", user["Id"])
    return user


def document(api, user, kind, tag=None, **sizes):
    path = f"/users/{user['Id']}/kyc/documents"
    made = api.post(path, {"Type": kind, "Tag": tag})
    api.post(f"{path}/{made['Id']}/pages", page(**sizes))
    return api.put(f"{path}/{made['Id']}", {"Status": "VALIDATION_ASKED"})


def level(api, user):
    return api.get(f"/sca/users/{user['Id']}")["KYCLevel"]


def types(api, *names):
    return [len(api.get("/events", EventType=name)) for name in names]


def test_what_an_owner_must_give(api):
    """D14: each missing field; the terms, 403; made-up names, 403."""
    body = {"UserCategory": "OWNER", "TermsAndConditionsAccepted": True}
    answer = api.request("POST", "/sca/users/natural", body).json()
    assert set(answer["errors"]) == {
        "FirstName",
        "LastName",
        "Email",
        "Birthday",
        "Nationality",
        "CountryOfResidence",
    }
    person = {
        "FirstName": "Paul",
        "LastName": "Durand",
        "Email": "paul@example.com",
        "Birthday": 0,
        "Nationality": "FR",
        "CountryOfResidence": "FR",
        "UserCategory": "OWNER",
        "TermsAndConditionsAccepted": False,
    }
    path = "/sca/users/natural"
    terms = "user_hasnt_accepted_terms_and_conditions"
    assert api.refused("POST", path, person) == (403, terms)
    person |= {"TermsAndConditionsAccepted": 1, "Email": "not an address"}
    assert api.refused("POST", path, person) == (400, "param_error")
    person |= {"Email": "a@example.com", "FirstName": "Mickey", "LastName": "Mouse"}
    assert api.refused("POST", path, person) == (403, "fraud_policy")
    person |= {"FirstName": "Paul", "Nationality": "KP"}
    assert api.refused("POST", path, person) == (400, "param_error")


def test_enrolment_and_its_link(api, mangopay_sandbox):
    """D14: pending until authenticated; the link lives ten minutes."""
    user = business(api)
    assert api.get(f"/sca/users/{user['Id']}")["UserStatus"] == "ACTIVE"
    assert types(api, "SCA_ENROLLMENT_SUCCEEDED", "USER_ACCOUNT_ACTIVATED") == [1, 1]
    link = api.post(f"/sca/users/{user['Id']}/enrollment")["PendingUserAction"]
    mangopay_sandbox.advance(601)
    text = requests.get(link["RedirectUrl"], timeout=5).text
    assert "expiré" in text
    log_in(api)
    assert types(api, "SCA_ENROLLMENT_EXPIRED") == [1]


def test_payer_to_owner_never_back(api):
    """D14: a payer has no documents; what an owner needs is asked then."""
    user = api.payer()
    path = f"/sca/users/natural/{user['Id']}/category"
    body = {"UserCategory": "OWNER", "TermsAndConditionsAccepted": True}
    assert api.refused("PUT", path, body) == (400, "param_error")
    refused = document(api, user, "IDENTITY_PROOF", "accept")
    assert refused["Status"] == "REFUSED"
    body |= {"Birthday": 0, "Nationality": "FR", "CountryOfResidence": "FR"}
    changed = api.put(path, body)
    assert changed["UserStatus"] == "PENDING_USER_ACTION"
    assert api.refused("PUT", path, {"UserCategory": "PAYER"})[1] == "invalid_action"


def test_a_payer_is_known_by_little(api):
    """D14: what only an owner has is null, and is asked for on becoming one."""
    more = {
        "Birthday": 0,
        "Nationality": "FR",
        "CountryOfResidence": "FR",
        "Address": ADDRESS,
        "Occupation": "Trainer",
    }
    user = api.payer(Tag="42", **more)
    path = f"/sca/users/natural/{user['Id']}"
    for shown in (user, api.get(f"/sca/users/{user['Id']}"), api.put(path, more)):
        assert not [name for name in more if shown[name]]
        assert (shown["FirstName"], shown["Tag"]) == ("Léa", "42")
    body = {"UserCategory": "OWNER", "TermsAndConditionsAccepted": True}
    assert api.refused("PUT", f"{path}/category", body) == (400, "param_error")
    assert api.put(f"{path}/category", {**body, **more})["Nationality"] == "FR"
    company = business(api, UserCategory="PAYER")
    assert company["CompanyNumber"] is company["HeadquartersAddress"] is None
    person = company["LegalRepresentative"]
    assert {name for name in person if person[name]} == {"FirstName", "LastName"}


def test_closing_needs_empty_wallets(api, buyer, purse):
    """D14: user_closure_not_possible, then 204, then nothing more."""
    payin = api.paid(buyer, purse)
    path = f"/users/natural/{buyer['Id']}"
    assert api.refused("DELETE", path) == (400, "user_closure_not_possible")
    api.post(f"/payins/{payin['Id']}/refunds", {"AuthorId": buyer["Id"]})
    assert api.request("DELETE", path).status_code == 204
    assert api.get(f"/users/{buyer['Id']}")["UserStatus"] == "CLOSED"
    assert api.web_payin(buyer, purse)["ResultCode"] == "002601"


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("SOLETRADER", ["IDENTITY_PROOF", "REGISTRATION_PROOF"]),
        (
            "ORGANIZATION",
            ["IDENTITY_PROOF", "REGISTRATION_PROOF", "ARTICLES_OF_ASSOCIATION"],
        ),
    ],
)
def test_documents_by_legal_form(api, kind, needed):
    """D14: REGULAR with the last one, and not before."""
    user = business(api, kind)
    for name in needed:
        assert level(api, user) == "LIGHT"
        document(api, user, name, "accept")
    assert level(api, user) == "REGULAR"
    assert types(api, "KYC_SUCCEEDED", "USER_KYC_REGULAR") == [len(needed), 1]


def test_documents_are_looked_at_before_they_are_taken(api):
    """D14: type by legal form, size, format, pages, and one submission."""
    user = api.owner(verified=False)
    path = f"/users/{user['Id']}/kyc/documents"
    wrong = {"Type": "REGISTRATION_PROOF"}
    assert api.refused("POST", path, wrong) == (400, "param_error")
    made = api.post(path, {"Type": "IDENTITY_PROOF"})
    pages, asked = f"{path}/{made['Id']}/pages", {"Status": "VALIDATION_ASKED"}
    assert api.refused("PUT", f"{path}/{made['Id']}", asked)[1] == "invalid_action"
    assert api.refused("POST", pages, page(1000)) == (400, "param_error")
    assert api.refused("POST", pages, page(start=b"<svg"))[0] == 415
    assert api.refused("POST", pages, {"File": "not base64!"})[0] == 400
    assert api.refused("POST", pages, page(7 * 1024 * 1024 + 1))[0] == 413
    for _index in range(5):
        assert api.request("POST", pages, page()).status_code == 204
    assert api.refused("POST", pages, page())[1] == "invalid_action"
    api.put(f"{path}/{made['Id']}", asked)
    assert api.refused("PUT", f"{path}/{made['Id']}", asked)[1] == "invalid_action"


def test_refused_then_accepted(api, mangopay_sandbox):
    """D14: reason, message and flags of a person who looked; then another document."""
    user = api.owner(verified=False)
    first = document(api, user, "IDENTITY_PROOF")
    mangopay_sandbox.do(
        "refuse-document",
        first["Id"],
        reason="DOCUMENT_HAS_EXPIRED",
        message="Expired in May",
        flags=["009015"],
    )
    found = api.get(f"/kyc/documents/{first['Id']}")
    assert found["RefusedReasonType"] == "DOCUMENT_HAS_EXPIRED"
    assert (found["RefusedReasonMessage"], found["Flags"]) == (
        "Expired in May",
        ["009015"],
    )
    second = document(api, user, "IDENTITY_PROOF")
    mangopay_sandbox.do("validate-document", second["Id"])
    assert level(api, user) == "REGULAR"


def test_another_name_is_another_person(api):
    """D14: a verified identity that changes is LIGHT again; the same is not."""
    user = api.owner(verified=False)
    document(api, user, "IDENTITY_PROOF", "accept")
    path = f"/sca/users/natural/{user['Id']}"
    same = {"FirstName": "Paul", "Occupation": "Trainer", "Email": "p@example.com"}
    api.put(path, same)
    assert level(api, user) == "REGULAR"
    api.put(path, {"LastName": "Dupont"})
    assert level(api, user) == "LIGHT"
    assert types(api, "KYC_OUTDATED", "USER_KYC_LIGHT") == [1, 1]
    revoked = {"TermsAndConditionsAccepted": False}
    assert api.refused("PUT", path, revoked) == (400, "invalid_action")


def test_another_name_of_a_company_is_the_same_company(api, mangopay_sandbox):
    """D14: its name and its address may change; its legal form may not."""
    user = business(api)
    mangopay_sandbox.do("verify-user", user["Id"])
    path = f"/sca/users/legal/{user['Id']}"
    api.put(path, {"Name": "Formations SAS", "HeadquartersAddress": ADDRESS})
    assert level(api, user) == "REGULAR"
    api.put(path, {"LegalPersonType": "ORGANIZATION"})
    assert level(api, user) == "LIGHT"


def test_verification_is_to_be_renewed(api, mangopay_sandbox):
    """D14: told ninety days before; downgraded at the deadline unless renewed."""
    user = api.owner()
    seen = api.get(f"/users/{user['Id']}/Regulatory")["KycInformation"]
    left = seen["KycRenewalDeadline"] - seen["LastKycDate"]
    mangopay_sandbox.advance(left - 90 * DAY + 1)
    log_in(api)
    assert types(api, "USER_KYC_RENEWAL_REQUIRED") == [1]
    mangopay_sandbox.do("verify-user", user["Id"])
    mangopay_sandbox.advance(91 * DAY)
    log_in(api)
    assert level(api, user) == "REGULAR"
    mangopay_sandbox.advance(left)
    log_in(api)
    assert level(api, user) == "LIGHT"


def test_ubo_declarations(api, mangopay_sandbox):
    """D14: of businesses; incomplete is completed, refused is begun again."""
    sole = business(api, "SOLETRADER")
    path = f"/users/{sole['Id']}/kyc/ubodeclarations"
    assert api.refused("POST", path)[1] == "invalid_action"
    user = business(api)
    path = f"/users/{user['Id']}/kyc/ubodeclarations"
    made = api.post(path)
    assert api.refused("POST", path)[1] == "invalid_action"
    submit, asked = f"{path}/{made['Id']}", {"Status": "VALIDATION_ASKED"}
    assert api.refused("PUT", submit, asked)[1] == "invalid_action"
    ubo = {
        "FirstName": "IncompleteUBO",
        "LastName": "Durand",
        "Birthday": 0,
        "Nationality": "FR",
        "Address": ADDRESS,
        "Birthplace": {"City": "Paris", "Country": "FR"},
    }
    first = api.post(f"{submit}/ubos", ubo)
    api.put(submit, asked)
    assert api.get(submit)["Reason"] == "MISSING_UBO"
    api.put(f"{submit}/ubos/{first['Id']}", {"FirstName": "Refuse", "IsActive": False})
    back = {"IsActive": True}
    refused = api.refused("PUT", f"{submit}/ubos/{first['Id']}", back)
    assert refused[1] == "invalid_action"
    api.post(f"{submit}/ubos", {**ubo, "FirstName": "Anne"})
    api.put(submit, asked)
    mangopay_sandbox.do(
        "decide-ubo", made["Id"], status="REFUSED", reason="MISSING_UBO"
    )
    assert api.get(submit)["Status"] == "REFUSED"
    assert api.post(path)["Status"] == "CREATED"


def test_identity_verification_must_be_opened(api, mangopay_sandbox):
    """D14: 403 as problem JSON when the client has not got it; owners only."""
    user = api.owner(verified=False)
    path, body = (
        f"/users/{user['Id']}/identity-verifications",
        {"ReturnUrl": "http://x"},
    )
    mangopay_sandbox.set(identity_verification=False)
    answer = api.request("POST", path, body)
    assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")
    mangopay_sandbox.set(identity_verification=True)
    made = api.post(path, body)
    mangopay_sandbox.do("decide-identity", made["Id"], status="REVIEW")
    mangopay_sandbox.do("decide-identity", made["Id"], status="REFUSED")
    checks = api.get(f"/identity-verifications/{made['Id']}")["Checks"]
    assert {check["CheckStatus"] for check in checks} == {"REFUSED"}
    assert level(api, user) == "LIGHT"


def test_company_numbers(api):
    """D14: a SIREN has 9 digits, a SIRET 14."""
    path = "/users/data-formats/validation"
    for number, good in (("732829320", True), ("73282932000074", True), ("12", False)):
        body = {"CompanyNumber": {"CompanyNumber": number, "CountryCode": "FR"}}
        assert api.request("POST", path, body).ok is good
