# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The unmodified Python SDK: verification, disputes, hooks, events, reports."""

import base64
import uuid
from datetime import datetime, timedelta

import pytest
import requests
from mangopay import resources
from mangopay.exceptions import APIError
from mangopay.utils import Birthplace, LegalRepresentative, Money, ReportFilter
from mangopay_sdk_kit import ADDRESS, eur, natural, wallet, web_payin

PAGE = base64.b64encode(b"%PDF-1.4 " + b"0" * 40000).decode()


@pytest.fixture
def business(sdk, mangopay_sandbox):
    """A company, enrolled."""
    user = resources.LegalUserSca(
        name="Formations SARL",
        legal_person_type="BUSINESS",
        email="contact@example.com",
        company_number="732829320",
        user_category="OWNER",
        terms_and_conditions_accepted=True,
        headquarters_address=ADDRESS,
        legal_representative=LegalRepresentative(
            first_name="Paul",
            last_name="Durand",
            birthday=315532800,
            nationality="FR",
            country_of_residence="FR",
            email="paul@example.com",
        ),
    )
    user.save(sdk)
    mangopay_sandbox.do("authenticate", user.id)
    return user


def document(sdk, user, kind, tag):
    made = resources.Document(type=kind, user=user, tag=tag)
    made.save(sdk)
    resources.Page(file=PAGE, document=made, user=user).save(sdk)
    made.status = "VALIDATION_ASKED"
    made.save(sdk)
    return made


def test_documents_and_ubo_verify_a_company(sdk, mangopay_sandbox, business):
    """D14: Document, Page, KYC, UboDeclaration, Ubo: REGULAR once all is there."""
    kinds = ("IDENTITY_PROOF", "REGISTRATION_PROOF", "ARTICLES_OF_ASSOCIATION")
    made = [document(sdk, business, kind, "accept") for kind in kinds]
    found = resources.Document.get(made[0].id, handler=sdk)
    assert (found.status, found.flags) == ("VALIDATED", [])
    assert len(resources.Document.all(handler=sdk).data) == 3
    assert resources.User.get_sca(business.id, handler=sdk).kyc_level == "LIGHT"
    declaration = resources.UboDeclaration(user=business)
    declaration.save(sdk)
    ubo = resources.Ubo(
        first_name="AcceptUBO",
        last_name="Durand",
        address=ADDRESS,
        nationality="FR",
        birthday=315532800,
        birthplace=Birthplace(city="Paris", country="FR"),
        user=business,
        ubo_declaration=declaration,
    )
    ubo.save(sdk)
    assert ubo.is_active is True
    result = resources.UboDeclaration.update(
        declaration.id, user_id=business.id, status="VALIDATION_ASKED"
    ).execute(sdk)
    assert result["status"] == "VALIDATION_ASKED"
    again = resources.UboDeclaration.get(
        declaration.id, user_id=business.id, handler=sdk
    )
    assert (again.status, len(again.ubos)) == ("VALIDATED", 1)
    assert resources.User.get_sca(business.id, handler=sdk).kyc_level == "REGULAR"


def test_refused_document(sdk, business):
    """D14: a refusal carries its reason, and the user stays LIGHT."""
    made = document(sdk, business, "IDENTITY_PROOF", "refuse_expired")
    found = resources.Document.get(made.id, handler=sdk)
    assert (found.status, found.refused_reason_type) == (
        "REFUSED",
        "DOCUMENT_HAS_EXPIRED",
    )
    pages = resources.DocumentConsult.get_kyc_document_consult(made.id, handler=sdk)
    assert len(pages) == 1


def test_hosted_identity_verification(sdk, business):
    """D14: IdentityVerification, and its page."""
    session = resources.IdentityVerification(return_url="http://127.0.0.1:1/back")
    made = session.create(business.id)
    page = requests.post(
        made["hosted_url"],
        data={"answer": "VALIDATED"},
        timeout=5,
        allow_redirects=False,
    )
    assert page.headers["Location"] == "http://127.0.0.1:1/back"
    found = resources.IdentityVerification.get(made["id"], handler=sdk)
    assert (found.status, len(found.checks)) == ("VALIDATED", 4)
    listed = resources.IdentityVerification.get_all(business.id, handler=sdk)
    assert [s.id for s in listed.data] == [made["id"]]
    assert resources.User.get_sca(business.id, handler=sdk).kyc_level == "REGULAR"


@pytest.fixture
def disputed(sdk, mangopay_sandbox, payer):
    """A dispute over a pay-in of 120 euros."""
    payin = web_payin(sdk, payer, wallet(sdk, payer))
    mangopay_sandbox.do("pay", payin.id)
    mangopay_sandbox.do("dispute", payin.id)
    return resources.Dispute.all(handler=sdk).data[0]


def test_dispute_contested(sdk, mangopay_sandbox, disputed):
    """D14: Dispute, DisputeDocument, DisputeDocumentPage."""
    dispute = disputed
    assert dispute.status == "PENDING_CLIENT_ACTION"
    assert dispute.disputed_funds.amount == 12000
    dispute.tag = "S00042"
    dispute.save(sdk)
    # DisputeDocument.save forgets a slash in its address: its own mistake.
    path = f"/disputes/{dispute.id}/documents"
    _response, evidence = sdk.request("POST", path, {"Type": "INVOICE"})
    resources.DisputeDocumentPage(
        file=PAGE,
        document=resources.DisputeDocument(id=evidence["Id"]),
        dispute=dispute,
    ).save(sdk)
    proof = resources.DisputeDocument.get(evidence["Id"], handler=sdk)
    # DisputeDocument.submit cannot make its address either.
    with pytest.raises(KeyError):
        proof.submit("VALIDATION_ASKED", handler=sdk)
    body = {"Status": "VALIDATION_ASKED"}
    _response, evidence = sdk.request("PUT", f"{path}/{proof.id}", body)
    assert evidence["Status"] == "VALIDATION_ASKED"
    dispute.contest(Money(12000, "EUR"), handler=sdk)
    found = resources.Dispute.get(dispute.id, handler=sdk)
    assert (found.status, found.tag) == ("SUBMITTED", "S00042")


def test_dispute_lost_then_settled(sdk, mangopay_sandbox, payer, disputed):
    """D14: Repudiation, SettlementTransfer, and the client's CREDIT wallet."""
    dispute = disputed
    mangopay_sandbox.do("finish-dispute", dispute.id, result="LOST")
    lost = resources.Dispute.get(dispute.id, handler=sdk)
    assert (lost.status, lost.result_code) == ("CLOSED", "LOST")
    pending = resources.Dispute.get_pending_settlement(handler=sdk)
    assert [d.id for d in pending.data] == [dispute.id]
    taken = resources.Repudiation.get(lost.repudiation_id, handler=sdk)
    credit = resources.ClientWallet.get("CREDIT", "EUR", handler=sdk)
    assert credit.balance.amount == -12000
    settlement = resources.SettlementTransfer(
        author=payer,
        credited_user=payer,
        debited_funds=eur(12000),
        fees=eur(0),
        repudiation=taken,
    )
    settlement.save(sdk)
    assert settlement.status == "SUCCEEDED"
    assert resources.SettlementTransfer.get(settlement.id, handler=sdk)
    assert mangopay_sandbox.books()["CREDIT_EUR"] == 0
    moved = resources.Dispute.get_transactions(dispute.id, handler=sdk)
    assert len(moved.data) == 3


def test_dispute_given_up_or_won(sdk, mangopay_sandbox, payer):
    """D14: close loses; won gives the money back."""
    made = wallet(sdk, payer)
    payins = [web_payin(sdk, payer, made) for _index in range(2)]
    for payin in payins:
        mangopay_sandbox.do("pay", payin.id)
        mangopay_sandbox.do("dispute", payin.id)
    first, second = resources.Dispute.all(handler=sdk).data
    first.close(sdk)
    assert resources.Dispute.get(first.id, handler=sdk).result_code == "LOST"
    mangopay_sandbox.do("finish-dispute", second.id, result="WON")
    assert mangopay_sandbox.books()["CREDIT_EUR"] == -12000


def test_hooks_and_events(sdk, payer):
    """D14: Notification and Event; what the SDK sends as null changes nothing."""
    hook = resources.Notification(
        event_type="PAYIN_NORMAL_CREATED", url="http://127.0.0.1:1/hook"
    )
    hook.save(sdk)
    assert (hook.status, hook.validity) == ("ENABLED", "VALID")
    with pytest.raises(APIError) as refused:
        resources.Notification(
            event_type="PAYIN_NORMAL_CREATED", url="http://127.0.0.1:1/other"
        ).save(sdk)
    assert refused.value.code == 400
    resources.Notification.update(
        hook.id, status="DISABLED", url=None, event_type=None
    ).execute(sdk)
    found = resources.Notification.get(hook.id, handler=sdk)
    assert (found.status, found.url) == ("DISABLED", "http://127.0.0.1:1/hook")
    assert len(resources.Notification.all(handler=sdk).data) == 1
    payin = web_payin(sdk, payer, wallet(sdk, payer))
    events = resources.Event.all(event_type="PAYIN_NORMAL_CREATED", handler=sdk,
                                 EventType="PAYIN_NORMAL_CREATED")  # fmt: skip
    assert [event.resource_id for event in events.data] == [payin.id]


def test_idempotency_response(sdk):
    """D14: IdempotencyResponse gives the first answer, and its resource."""
    key = str(uuid.uuid4())
    user = resources.NaturalUserSca(
        first_name="Léa",
        last_name="Martin",
        email="lea@example.com",
        user_category="PAYER",
        terms_and_conditions_accepted=False,
    )
    user.save(sdk, idempotency_key=key)
    kept = resources.IdempotencyResponse.get(key)
    assert kept.status == "200"
    assert kept.resource["Id"] == user.id
    user.id = None
    with pytest.raises(APIError) as refused:
        user.save(sdk, idempotency_key=key)
    assert refused.value.code == 409


def test_reports(sdk, mangopay_sandbox, payer):
    """D14: ReportV2, and its file."""
    payin = web_payin(sdk, payer, wallet(sdk, payer))
    now = datetime.now()
    report = resources.ReportV2(
        download_format="CSV",
        report_type="USER_WALLET_TRANSACTIONS",
        after_date=now - timedelta(days=2),
        before_date=now + timedelta(days=2),
        filters=ReportFilter(currency="EUR"),
    )
    report.save(sdk)
    found = resources.ReportV2.get(report.id, handler=sdk)
    assert found.status == "READY_FOR_DOWNLOAD"
    assert payin.id in requests.get(found.download_url, timeout=5).text


def test_client_and_rate_limits(sdk):
    """D14: Client, and the limits that the SDK reads from the headers."""
    client = resources.Client.get()
    assert client.client_id == "acme"
    limits = sdk.get_rate_limits()
    assert [limit.interval_minutes for limit in limits] == [15, 30, 60, 1440]
    assert limits[0].calls_made + limits[0].calls_remaining == 2300


def test_what_is_not_served(sdk):
    """D14: an error, not an empty success."""
    with pytest.raises(resources.Mandate.DoesNotExist):
        resources.Mandate.get("mandate_m_1", handler=sdk)
    with pytest.raises(APIError) as refused:
        resources.NaturalUserSca.get(natural(sdk).id, handler=sdk)
    assert refused.value.code == 405


def test_unknown_object(sdk):
    """D14: the 404 that the SDK takes for a success on a POST."""
    with pytest.raises(resources.PayIn.DoesNotExist):
        resources.PayIn.get("payin_m_unknown", handler=sdk)
    user = natural(sdk)
    refund = resources.PayInRefund(author=user, payin=resources.PayIn(id="unknown"))
    assert refund.save(sdk)["id"].count("#") == 1
    assert refund.status is None
