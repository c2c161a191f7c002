# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recipients and payouts: what is refused, fails, and comes back."""

import pytest
import requests
from mangopay_stand_in import eur, outcome, token_of


@pytest.fixture
def paid_seller(api, buyer, purse, owner, till):
    """A seller with 120 EUR to be paid out."""
    api.paid(buyer, purse)
    api.transfer(buyer, purse, till)
    return owner


def test_payout_to_each_state_of_recipient(
    api, mangopay_sandbox, paid_seller, till, purse
):
    """D14: PENDING and CANCELED 400, DEACTIVATED 121006, wrong name 121030."""
    pending = api.recipient(paid_seller, active=False)
    body = {
        "AuthorId": paid_seller["Id"],
        "DebitedWalletId": till["Id"],
        "DebitedFunds": eur(100),
        "Fees": eur(0),
        "RecipientId": pending["Id"],
    }
    assert api.refused("POST", "/payouts/bankwire", body) == (400, "param_error")
    mangopay_sandbox.do("cancel-recipient", pending["Id"])
    assert api.refused("POST", "/payouts/bankwire", body) == (400, "param_error")
    gone = api.recipient(paid_seller)
    api.put(f"/recipients/{gone['Id']}", {"Status": "DEACTIVATED"})
    assert outcome(api.payout(paid_seller, till, gone)) == ("FAILED", "121006")
    wrong = api.recipient(paid_seller, name="Somebody Wrong")
    assert outcome(api.payout(paid_seller, till, wrong)) == ("FAILED", "121030")


def test_recipient_errors_have_capital_errors(api, owner):
    """D14: the envelope of all errors; a code and a sentence by field; none is made."""
    body = api.recipient_body(iban="FR7630004000031234567890144")
    body["LocalBankTransfer"]["EUR"]["BIC"] = "BNPA-FRPP"
    answer = api.request("POST", f"/users/{owner['Id']}/recipients", body)
    assert answer.status_code == 400
    refusal = answer.json()
    assert set(refusal) == {"Message", "Type", "Id", "Date", "Errors"}
    assert refusal["Type"] == "param_error" and "#" in refusal["Id"]
    assert set(refusal["Errors"]) == {
        "LocalBankTransfer.EUR.IBAN",
        "LocalBankTransfer.EUR.BIC",
    }
    for said in refusal["Errors"].values():
        code, _dot, sentence = said.partition(". ")
        assert code == "INVALID_FORMAT" and sentence
    assert api.get(f"/users/{owner['Id']}/recipients") == []


def test_recipient_by_its_page(api, owner):
    """D14: three wrong codes cancel it; the platform's address comes back."""
    first = api.recipient(owner, active=False)
    url = first["PendingUserAction"]["RedirectUrl"]
    assert len(token_of(url)) > 20
    back = url + "&returnUrl=http%3A%2F%2F127.0.0.1%3A1%2Fback"
    for _index in range(2):
        assert requests.post(back, data={"code": "0"}, timeout=5).status_code == 400
    page = requests.post(back, data={"code": "0"}, allow_redirects=False, timeout=5)
    assert page.headers["Location"] == "http://127.0.0.1:1/back?controlStatus=FAILED"
    assert api.get(f"/recipients/{first['Id']}")["Status"] == "CANCELED"


def test_payout_fails_then_is_returned(api, mangopay_sandbox, paid_seller, till):
    """D14: a failure gives the money back; so does the bank, later."""
    mangopay_sandbox.set(payout_delay=None)
    to = api.recipient(paid_seller)
    first = api.payout(paid_seller, till, to, 10000, fees=1500)
    assert mangopay_sandbox.books()[till["Id"]] == 2000
    assert outcome(api.payout(paid_seller, till, to, 2001)) == ("FAILED", "001001")
    mangopay_sandbox.do("settle-payout", first["Id"], code="121001")
    assert mangopay_sandbox.books()[till["Id"]] == 12000
    second = api.payout(paid_seller, till, to, 12000, fees=1500)
    mangopay_sandbox.do("settle-payout", second["Id"])
    books = mangopay_sandbox.books()
    assert (books[till["Id"]], books["FEES_EUR"]) == (0, 1500)
    mangopay_sandbox.do("return-payout", second["Id"], message="AC06")
    (row,) = api.get(f"/payouts/{second['Id']}/refunds")
    found = api.get(f"/refunds/{row['Id']}")
    assert found["RefundReason"]["RefundReasonMessage"] == "AC06"
    assert found["InitialTransactionId"] == second["Id"]
    assert api.get(f"/payouts/{second['Id']}")["Status"] == "SUCCEEDED"
    books = mangopay_sandbox.books()
    assert (books[till["Id"]], books["FEES_EUR"]) == (12000, 0)


def test_instant_payout(api, mangopay_sandbox, paid_seller, till):
    """D14: reached, or by the ordinary way, or not at all; 130008 twice a day."""
    to = api.recipient(paid_seller)
    first = api.payout(
        paid_seller, till, to, 1000, PayoutModeRequested="INSTANT_PAYMENT"
    )
    assert first["ModeApplied"] == "PENDING_RESPONSE"
    done = api.get(f"/payouts/bankwire/{first['Id']}")
    assert (done["Status"], done["ModeApplied"]) == ("SUCCEEDED", "INSTANT_PAYMENT")
    again = api.payout(
        paid_seller, till, to, 1000, PayoutModeRequested="INSTANT_PAYMENT"
    )
    assert outcome(again) == ("FAILED", "130008")
    far = {"BankWireRef": "IP1070"}
    row = api.payout(
        paid_seller, till, to, 2000, PayoutModeRequested="INSTANT_PAYMENT", **far
    )
    done = api.get(f"/payouts/{row['Id']}")
    assert (done["Status"], done["ModeApplied"]) == ("SUCCEEDED", "STANDARD")
    assert done["FallbackReason"]["Code"]
    row = api.payout(
        paid_seller, till, to, 3000, PayoutModeRequested="INSTANT_PAYMENT_ONLY", **far
    )
    done = api.get(f"/payouts/{row['Id']}")
    assert outcome(done) == ("FAILED", "130010") and done["ModeApplied"] == "NONE"
    assert mangopay_sandbox.books()[till["Id"]] == 9000


def test_an_instant_payout_that_falls_back(api, mangopay_sandbox, paid_seller, till):
    """D14: still CREATED when that is told; the ordinary one comes, or fails, after."""
    mangopay_sandbox.set(payout_delay=None)
    to = api.recipient(paid_seller)
    far = {"PayoutModeRequested": "INSTANT_PAYMENT", "BankWireRef": "IP1070"}
    for code, status in ((None, "SUCCEEDED"), ("121001", "FAILED")):
        row = api.payout(paid_seller, till, to, 1000 + bool(code), **far)
        mangopay_sandbox.do("settle-payout", row["Id"])
        told = api.get("/events", EventType="INSTANT_PAYOUT_FALLBACKED")
        assert told[-1]["ResourceId"] == row["Id"]
        found = api.get(f"/payouts/{row['Id']}")
        assert (found["Status"], found["ModeApplied"]) == ("CREATED", "STANDARD")
        assert found["FallbackReason"]["Code"]
        mangopay_sandbox.do("settle-payout", row["Id"], code=code)
        assert api.get(f"/payouts/{row['Id']}")["Status"] == status
    assert mangopay_sandbox.books()[till["Id"]] == 11000


def test_a_fallback_takes_the_time_of_two_payments(
    api, mangopay_sandbox, paid_seller, till
):
    """D14: the bank's delay twice, once for each way."""
    mangopay_sandbox.post("/_clock", {"frozen": True})
    mangopay_sandbox.set(payout_delay=60)
    to = api.recipient(paid_seller)
    far = {"PayoutModeRequested": "INSTANT_PAYMENT", "BankWireRef": "IP1070"}
    row = api.payout(paid_seller, till, to, 1000, **far)
    for applied, status in (("STANDARD", "CREATED"), ("STANDARD", "SUCCEEDED")):
        mangopay_sandbox.advance(60)
        found = api.get(f"/payouts/{row['Id']}")
        assert (found["ModeApplied"], found["Status"]) == (applied, status)


def test_unverified_sellers_are_not_paid_out(api, mangopay_sandbox, paid_seller, till):
    """D10: downgraded, 002998; blocked, the code of the block."""
    to = api.recipient(paid_seller)
    mangopay_sandbox.do("downgrade-user", paid_seller["Id"])
    assert outcome(api.payout(paid_seller, till, to)) == ("FAILED", "002998")
    mangopay_sandbox.do("verify-user", paid_seller["Id"])
    mangopay_sandbox.do("block-user", paid_seller["Id"], Outflows=True)
    assert outcome(api.payout(paid_seller, till, to)) == ("FAILED", "008716")
    seen = api.get(f"/users/{paid_seller['Id']}/regulatory")
    assert seen["ScopeBlocked"] == {"Inflows": False, "Outflows": True}


def test_a_bank_wire_is_refunded_by_a_payout(api, mangopay_sandbox, buyer, purse):
    """D14: to a payer's recipient of scope PAYIN: a payer is paid out nothing else."""
    body = {**api.recipient_body(name="Léa Martin"), "RecipientScope": "PAYIN"}
    to = api.post(f"/users/{buyer['Id']}/recipients", body)
    mangopay_sandbox.do("activate-recipient", to["Id"])
    payout = {
        "AuthorId": buyer["Id"],
        "DebitedWalletId": purse["Id"],
        "DebitedFunds": eur(100),
        "Fees": eur(0),
        "RecipientId": to["Id"],
    }
    assert api.refused("POST", "/payouts/bankwire", payout)[0] == 400
    api.paid(buyer, purse)
    payout["PaymentRef"] = {"ReasonType": "PAYIN_REFUND", "ReferenceId": "payin_m_1"}
    assert api.post("/payouts/bankwire", payout)["Status"] == "CREATED"
