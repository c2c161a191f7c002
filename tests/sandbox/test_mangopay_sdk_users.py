# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The unmodified Python SDK: users, wallets, cards."""

from datetime import UTC, datetime

import pytest
import requests
from mangopay import resources
from mangopay.exceptions import APIError
from mangopay.utils import CompanyNumberValidation, LegalRepresentative
from mangopay_sdk_kit import (
    ADDRESS,
    BROWSER,
    direct,
    natural,
    registered,
    wallet,
    web_payin,
)


def test_natural_users(sdk, mangopay_sandbox):
    """D14: NaturalUserSca, User.get, get_sca, all, enroll, consent, sca-status."""
    user = natural(sdk, "OWNER")
    assert user.user_status == "PENDING_USER_ACTION"
    assert "/sca?token=" in user.pending_user_action.redirect_url
    again = resources.User.get_sca(user.id, handler=sdk)
    assert isinstance(again, resources.NaturalUserSca)
    assert isinstance(resources.User.get(user.id, handler=sdk), resources.NaturalUser)
    assert [u.id for u in resources.User.all(handler=sdk).data] == [user.id]
    enrollment = resources.User.enroll_sca(user.id)
    page = requests.post(
        enrollment.pending_user_action.redirect_url, data={"code": "702100"}, timeout=5
    )
    assert page.ok
    status = resources.ScaStatus.get(user.id, handler=sdk)
    assert (status.user_status, status.is_enrolled) == ("ACTIVE", True)
    consent = resources.User.manage_consent(user.id)
    assert "/sca?token=" in consent.pending_user_action.redirect_url
    user.pending_user_action = None
    user.tag = "changed"
    user.save(sdk)
    assert resources.User.get_sca(user.id, handler=sdk).tag == "changed"
    status = user.get_regulatory(handler=sdk)
    assert (status.scope_blocked.inflows, status.action_code) == (False, None)


def test_payer_becomes_owner_and_closes(sdk, payer):
    """D14: categorize and close."""
    result = payer.categorize(
        user_category="OWNER",
        terms_and_conditions_accepted=True,
        birthday=315532800,
        nationality="FR",
        country_of_residence="FR",
        id=payer.id,
    )
    assert result["user_category"] == "OWNER"
    resources.NaturalUserSca.close(payer.id)
    assert resources.User.get(payer.id, handler=sdk).user_status == "CLOSED"


def test_legal_users(sdk):
    """D14: LegalUserSca, its representative, and the format of its number."""
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
            phone_number="+33611111111",
            phone_number_country="FR",
        ),
    )
    user.save(sdk)
    found = resources.User.get_sca(user.id, handler=sdk)
    assert found.legal_representative.first_name == "Paul"
    assert found.headquarters_address.city == "Paris"
    old = resources.User.get(user.id, handler=sdk)
    assert old.legal_representative_last_name == "Durand"


def test_wallets(sdk, mangopay_sandbox, payer, seller):
    """D14: Wallet and ClientWallet; an owner's wallet needs authentication."""
    made = wallet(sdk, payer)
    assert made.balance.amount == 0
    found = resources.Wallet.get(made.id, handler=sdk)
    assert (found.description, found.currency) == ("Test", "EUR")
    listed = resources.Wallet.get_all_for_user(payer.id, handler=sdk)
    assert [w.id for w in listed.data] == [made.id]
    found.description = "Changed"
    found.save(sdk)
    assert resources.Wallet.get(made.id, handler=sdk).description == "Changed"
    fees = resources.ClientWallet.get("FEES", "EUR", handler=sdk)
    assert (fees.id, fees.balance.amount) == ("FEES_EUR", 0)
    by_type = resources.ClientWallet.all_by_funds_type("CREDIT", handler=sdk)
    assert by_type.data[0].funds_type == "CREDIT"
    assert resources.ClientWallet.all(handler=sdk).data
    theirs = wallet(sdk, seller)
    with pytest.raises(APIError) as refused:
        resources.Wallet.get(theirs.id, handler=sdk)
    assert refused.value.code == 401
    header = refused.value.headers["WWW-Authenticate"]
    url = header.removeprefix("PendingUserAction RedirectUrl=")
    requests.post(url, data={"code": "702100"}, timeout=5)
    assert resources.Wallet.get(theirs.id, handler=sdk).balance.amount == 0


def test_card_on_the_hosted_page(sdk, mangopay_sandbox, payer):
    """D14: CardWebPayIn, PayIn.get and cast, ExtendedCardWebPayIn, transactions."""
    made = wallet(sdk, payer)
    payin = web_payin(sdk, payer, made, tag="S00042")
    assert payin.status == "CREATED" and payin.redirect_url
    mangopay_sandbox.do("pay", payin.id)
    found = resources.PayIn.get(payin.id, handler=sdk)
    assert isinstance(found, resources.CardWebPayIn)
    assert (found.status, found.tag) == ("SUCCEEDED", "S00042")
    assert found.credited_funds.amount == 12000
    # The SDK reads the documented « MMYY » as a date, and stops: its own mistake.
    with pytest.raises(ValueError, match="1299"):
        resources.ExtendedCardWebPayIn.get(payin.id, handler=sdk)
    _response, card = sdk.request("GET", f"/payins/card/web/{payin.id}/extended")
    assert (card["Alias"], card["ExpirationDate"]) == ("497010XXXXXX1119", "1299")
    assert resources.Wallet.get(made.id, handler=sdk).balance.amount == 12000
    moved = resources.Transaction.all(user_id=payer.id, handler=sdk)
    assert [t.id for t in moved.data] == [payin.id]


def test_registered_card(sdk, payer):
    """D14: CardRegistration, Card, CardValidation, DirectPayIn."""
    made = wallet(sdk, payer)
    card = registered(sdk, payer)
    assert (card.active, card.validity, card.country) == (True, "UNKNOWN", "FRA")
    check = resources.CardValidation(
        author=payer,
        ip_address="127.0.0.1",
        browser_info=BROWSER,
        secure_mode_return_url="http://127.0.0.1:1/back",
    )
    checked = check.validate(card.id)
    assert (checked["status"], checked["validity"]) == ("SUCCEEDED", "VALID")
    seen = resources.CardValidation.get(checked["id"], card.id, handler=sdk)
    assert seen.card_info.brand == "VISA"
    payin = direct(sdk, payer, made, card)
    assert (payin.status, payin.secure_mode_needed) == ("SUCCEEDED", False)
    assert payin.security_info.avs_result == "NO_CHECK"
    found = resources.PayIn.get(payin.id, handler=sdk)
    assert found.browser_info.user_agent == "Test"
    paid = card.get_transactions(handler=sdk)
    assert [t.id for t in paid.data] == [payin.id]
    same = resources.Card.get_by_fingerprint(card.fingerprint, handler=sdk)
    assert [c.id for c in same.data] == [card.id]
    resources.Card.update(card.id, active=False).execute(sdk)
    assert resources.Card.get(card.id, handler=sdk).active is False


def test_emoney_of_a_user(sdk, payer, mangopay_sandbox):
    """D14: EMoney, of all time, of a year and of a month; nothing of another one."""
    now = mangopay_sandbox.get("/_clock")["now"]
    mangopay_sandbox.post("/_clock", {"now": now, "frozen": True})
    day = datetime.fromtimestamp(now, UTC)
    direct(sdk, payer, wallet(sdk, payer), registered(sdk, payer))

    def credited(**period):
        (found,) = payer.get_emoney(handler=sdk, **period)
        assert found.debited_emoney.amount == 0
        return found.credited_emoney.amount

    assert credited() == credited(year=day.year) == 5000
    assert credited(year=day.year, month=day.month) == 5000
    assert credited(year=day.year, month=day.month % 12 + 1) == 0
    assert credited(year=day.year - 1) == 0
    assert credited(year=day.year - 1, month=day.month) == 0


def test_format_of_a_company_number(sdk):
    """D14: UserDataFormatValidation, right and wrong."""
    number = CompanyNumberValidation(company_number="732829320", country_code="FR")
    check = resources.UserDataFormatValidation(company_number=number)
    assert check.save(sdk)["company_number"].is_valid
    number = CompanyNumberValidation(company_number="12", country_code="FR")
    with pytest.raises(APIError):
        resources.UserDataFormatValidation(company_number=number).save(sdk)
